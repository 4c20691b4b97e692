package kubernetes_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/slipway-dev/slipway/orchestrator"
)

// theOneError is what a deployment would show.
func theOneError(t *testing.T, err error) orchestrator.DeploymentError {
	t.Helper()
	all := orchestrator.DeploymentErrorsOf(err)
	require.Len(t, all, 1, err)
	require.Equal(t, []string{"workload", "api", "k8s"}, []string{all[0].Scope, all[0].ObjectID, all[0].ErrorType})
	require.NotContains(t, all[0].Summary, "\n")
	require.Contains(t, all[0].Message, all[0].Summary)
	return all[0]
}

// annotated adds an annotation to an object whose metadata is in flow style.
func annotated(e *env, document, key, value string) orchestrator.DeliveryRequest {
	o := e.objects(document)[0]
	u := unstructuredOf(o)
	u.SetAnnotations(map[string]string{key: value})
	r := e.request
	r.Objects = append(r.Objects[:0:0], o)
	return r
}

// TestClusterObjectsOfOthers: what is there already is not taken unasked.
func TestClusterObjectsOfOthers(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered(configMap("first", "1"))
	_, err := e.resource("v1/configmaps", e.namespace).Create(t.Context(), unstructuredOf(e.objects(configMap("theirs", "1"))[0]), metav1.CreateOptions{FieldManager: "by-hand"})
	require.NoError(t, err)
	_, err = e.deliver(configMap("theirs", "1"))
	require.Equal(t, orchestrator.CodeInvalid, orchestrator.CodeOf(err))
	told := theOneError(t, err)
	require.Equal(t, "DEP-ADOPT", told.Code)
	for _, want := range []string{`ConfigMap "theirs" in namespace`, `field manager "by-hand"`, `slipway.dev/adopt: "true"`} {
		require.Contains(t, told.Message, want)
	}
	require.Empty(t, e.get("v1/configmaps", "theirs").GetLabels(), "it is as it was")
	e.delivered(configMap("first", "1"))
	require.Empty(t, e.get("v1/configmaps", "theirs").GetLabels(), "and prune does not take what was only intended")

	_, err = e.delivery.Deliver(t.Context(), annotated(e, configMap("theirs", "2"), "slipway.dev/adopt", "true"))
	told = theOneError(t, err)
	require.Equal(t, "DEP-CONFLICT", told.Code)
	require.Contains(t, told.Message, `.data.key is held by field manager "by-hand"`)
	_, err = e.delivery.Deliver(t.Context(), annotated(e, configMap("theirs", "1"), "slipway.dev/adopt", "true"))
	require.NoError(t, err)
	require.Equal(t, "dev", e.get("v1/configmaps", "theirs").GetLabels()["slipway.dev/env"])
	e.delivered(configMap("theirs", "1"))
}

// TestClusterObjectsOfANeighbour: two environments that want one object of the cluster.
func TestClusterObjectsOfANeighbour(t *testing.T) {
	t.Parallel()
	e, neighbour := newEnv(t), newEnv(t)
	role := "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: shared-" + e.request.Env.AppID + "}\nrules: []"
	e.delivered(role)
	_, err := neighbour.deliver(role)
	told := theOneError(t, err)
	require.Equal(t, "DEP-ADOPT", told.Code)
	require.Contains(t, told.Message, fmt.Sprintf("environment %q of application %q has delivered it", "dev", e.request.Env.AppID))
	_, err = neighbour.delivery.Deliver(t.Context(), annotated(neighbour, role, "slipway.dev/adopt", "true"))
	require.NoError(t, err)
	_, err = e.remove()
	require.NoError(t, err)
	_, err = e.resource("rbac.authorization.k8s.io/v1/clusterroles", "").Get(t.Context(), "shared-"+e.request.Env.AppID, metav1.GetOptions{})
	require.NoError(t, err, "it is the neighbour's now")
	require.NoError(t, e.resource("rbac.authorization.k8s.io/v1/clusterroles", "").Delete(t.Context(), "shared-"+e.request.Env.AppID, metav1.DeleteOptions{}))
}

// TestClusterImmutableFields holds the table of docs/guides/deliver-to-kubernetes.md.
func TestClusterImmutableFields(t *testing.T) {
	t.Parallel()
	workload := `apiVersion: apps/v1
kind: %s
metadata: {name: it, namespace: NS}
spec:
  selector: {matchLabels: {app: it, more: %q}}
  template:
    metadata: {labels: {app: it, more: %q}}
    spec: {containers: [{name: main, image: a}]}`
	set := `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: it, namespace: NS}
spec:
  serviceName: it
  replicas: 0
  selector: {matchLabels: {app: it}}
  template: {metadata: {labels: {app: it}}, spec: {containers: [{name: main, image: a}]}}
  volumeClaimTemplates:
  - {metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: %s}}}}`
	job := "apiVersion: batch/v1\nkind: Job\nmetadata: {name: it, namespace: NS}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: %q}]}}}"
	claim := "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: it, namespace: NS}\nspec: {accessModes: [%s], resources: {requests: {storage: 1Gi}}}"
	ip := "apiVersion: v1\nkind: Service\nmetadata: {name: it, namespace: NS}\nspec: {%s selector: {app: it}, ports: [{port: 80}]}"
	binding := "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: it, namespace: NS}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: %s}\nsubjects: []"
	cases := map[string]struct {
		resource, before, after string
		byItself                bool // replaced without being asked
		never                   bool // not even then
		names                   string
	}{
		"the template of a Job":               {resource: "batch/v1/jobs", before: fmt.Sprintf(job, "a"), after: fmt.Sprintf(job, "b"), byItself: true},
		"the selector of a Deployment":        {resource: "apps/v1/deployments", before: fmt.Sprintf(workload, "Deployment", "1", "1"), after: fmt.Sprintf(workload, "Deployment", "2", "2"), names: "spec.selector"},
		"the claim template of a StatefulSet": {resource: "apps/v1/statefulsets", before: fmt.Sprintf(set, "1Gi"), after: fmt.Sprintf(set, "2Gi"), names: "spec"},
		"the address of a Service":            {resource: "v1/services", before: fmt.Sprintf(ip, ""), after: fmt.Sprintf(ip, "clusterIP: None,"), names: "spec.clusterIP"},
		"the role of a RoleBinding":           {resource: "rbac.authorization.k8s.io/v1/rolebindings", before: fmt.Sprintf(binding, "one"), after: fmt.Sprintf(binding, "two"), names: "roleRef"},
		"the mode of a claim":                 {resource: "v1/persistentvolumeclaims", before: fmt.Sprintf(claim, "ReadWriteOnce"), after: fmt.Sprintf(claim, "ReadWriteMany"), names: "spec", never: true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t)
			e.delivered(tc.before)
			first := e.get(tc.resource, "it").GetUID()
			_, err := e.deliver(tc.after)
			if tc.byItself {
				require.NoError(t, err)
				require.NotEqual(t, first, e.get(tc.resource, "it").GetUID())
				return
			}
			told := theOneError(t, err)
			require.Equal(t, "DEP-IMMUTABLE", told.Code)
			require.Contains(t, told.Message, "Kubernetes does not let "+tc.names)
			require.Equal(t, first, e.get(tc.resource, "it").GetUID())
			_, err = e.delivery.Deliver(t.Context(), annotated(e, tc.after, "slipway.dev/force", "true"))
			if tc.never {
				require.Equal(t, "DEP-IMMUTABLE", theOneError(t, err).Code)
				require.Contains(t, err.Error(), "it holds data")
				require.Equal(t, first, e.get(tc.resource, "it").GetUID())
				return
			}
			require.Contains(t, told.Message, `slipway.dev/force: "true"`)
			require.NoError(t, err)
			require.NotEqual(t, first, e.get(tc.resource, "it").GetUID())
		})
	}
}
