package kubernetes_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"github.com/slipway-dev/slipway/engine/objectdiff"
	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/internal/delivery/kubernetes"
	"github.com/slipway-dev/slipway/orchestrator"
)

const deployments = "apps/v1/deployments"

const withoutReplicas = `apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: NS}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api, slipway.dev/org: org, slipway.dev/app: APP, slipway.dev/env: dev}}
    spec:
      containers:
      - {name: main, image: "registry.example/api:1", env: [{name: MODE, value: fast}]}`

const scaler = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: api, namespace: NS}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}
  minReplicas: 1
  maxReplicas: 3`

func (e *env) controllers() []orchestrator.Controller {
	e.t.Helper()
	found, err := e.delivery.Controllers(e.t.Context(), e.request.Target, e.request.Previous)
	require.NoError(e.t, err)
	return found
}

func (e *env) replicas(name string) int64 {
	e.t.Helper()
	n, _, err := unstructured.NestedInt64(e.get(deployments, name).Object, "spec", "replicas")
	require.NoError(e.t, err)
	return n
}

// byHand patches an object as somebody else.
func (e *env) byHand(resource, name, patch string) {
	e.t.Helper()
	_, err := e.resource(resource, e.namespace).Patch(e.t.Context(), name, types.MergePatchType, []byte(patch), metav1.PatchOptions{FieldManager: "kubectl-edit"})
	require.NoError(e.t, err)
}

func (e *env) compare(secrets ...string) []orchestrator.ObjectComparison {
	e.t.Helper()
	found, err := e.delivery.Compare(e.t.Context(), orchestrator.CompareRequest{Target: e.request.Target, Objects: e.request.Objects, Secrets: secrets})
	require.NoError(e.t, err)
	return found
}

// TestScaling: what is scaled belongs to nobody, so a delivery that says how many there are sets it back, and one that does not
// leaves it.
func TestScaling(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		document string
		want     int64 // after the next delivery
	}{
		"the module says nothing": {withoutReplicas, 3},
		"the module says two":     {deployment("api", 2, ""), 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t)
			e.delivered(c.document)
			found := e.controllers()
			require.Len(t, found, 1)
			for range 2 { // again is harmless
				require.NoError(t, e.delivery.SetReplicas(t.Context(), e.request.Target, found[0], 3))
			}
			require.EqualValues(t, 3, e.replicas("api"))
			require.Equal(t, 3, e.controllers()[0].Replicas)
			for _, m := range e.get(deployments, "api").GetManagedFields() {
				require.NotEqual(t, "slipway-operations", m.Manager)
			}
			e.delivered(c.document)
			require.Equal(t, c.want, e.replicas("api"))
		})
	}
}

func TestRestartChangesThePods(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered(withoutReplicas)
	before := e.get(deployments, "api").GetGeneration()
	for range 2 { // again is the same restart
		require.NoError(t, e.delivery.Restart(t.Context(), e.request.Target, e.controllers()[0], "2026-01-02T03:04:05Z"))
	}
	got := e.get(deployments, "api")
	at, _, _ := unstructured.NestedString(got.Object, "spec", "template", "metadata", "annotations", kubernetes.AnnotationRestarted)
	require.Equal(t, "2026-01-02T03:04:05Z", at)
	require.Equal(t, before+1, got.GetGeneration())
	require.Empty(t, e.compare(), "a restart is no drift")
	e.delivered(withoutReplicas)
	require.Equal(t, before+1, e.get(deployments, "api").GetGeneration(), "the next delivery does not restart again")
}

func TestRestartOfADaemonSet(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered("apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: agent, namespace: NS}\nspec: {selector: {matchLabels: {app: agent}}, " +
		"template: {metadata: {labels: {app: agent}}, spec: {containers: [{name: main, image: a}]}}}")
	all := e.controllers()
	require.Len(t, all, 1)
	require.False(t, all[0].Scalable())
	require.NoError(t, e.delivery.Restart(t.Context(), e.request.Target, all[0], "2026-01-02T03:04:05Z"))
	at, _, _ := unstructured.NestedString(e.get("apps/v1/daemonsets", "agent").Object, "spec", "template", "metadata", "annotations", kubernetes.AnnotationRestarted)
	require.Equal(t, "2026-01-02T03:04:05Z", at)
	require.Empty(t, e.compare())
}

func TestControllersKnowTheirAutoscaler(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered(withoutReplicas, scaler, deployment("other", 1, ""))
	names := map[string]string{}
	for _, c := range e.controllers() {
		names[c.Name] = c.Autoscaler
	}
	require.Equal(t, map[string]string{"api": "api", "other": ""}, names)
	_, err := e.resource(deployments, e.namespace).Patch(t.Context(), "other", types.MergePatchType,
		[]byte(`{"metadata":{"labels":{"slipway.dev/env":"another"}}}`), metav1.PatchOptions{})
	require.NoError(t, err)
	require.Len(t, e.controllers(), 1, "what is another's is left alone")
}

// TestCompareWithTheCluster: what a delivery would set back is found, with who has changed it; what is not Slipway's is not.
func TestCompareWithTheCluster(t *testing.T) {
	t.Parallel()
	secret := "apiVersion: v1\nkind: Secret\nmetadata: {name: keys, namespace: NS}\nstringData: {key: hush-hush}"
	change := func(path, is, was string) objectdiff.Change {
		return objectdiff.Change{Path: path, Before: is, After: was, By: "kubectl-edit"}
	}
	for name, c := range map[string]struct {
		documents []string
		hand      func(e *env)
		want      []objectdiff.Change
		state     string
	}{
		"nothing": {documents: []string{withoutReplicas, secret, configMap("c", "1"), scaler}, hand: func(*env) {}},
		"an image": {
			documents: []string{withoutReplicas},
			hand: func(e *env) {
				e.byHand(deployments, "api", `{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"registry.example/api:2","env":[{"name":"MODE","value":"fast"}]}]}}}}`)
			},
			want: []objectdiff.Change{change("/spec/template/spec/containers/[name=main]/image", `"registry.example/api:2"`, `"registry.example/api:1"`)}, state: orchestrator.ObjectChanged,
		},
		"a value": {
			documents: []string{configMap("c", "1")}, hand: func(e *env) { e.byHand("v1/configmaps", "c", `{"data":{"key":"2"}}`) },
			want: []objectdiff.Change{change("/data/key", `"2"`, `"1"`)}, state: orchestrator.ObjectChanged,
		},
		"a value removed": {
			documents: []string{configMap("c", "1")}, hand: func(e *env) { e.byHand("v1/configmaps", "c", `{"data":{"key":null}}`) },
			want: []objectdiff.Change{{Path: "/data", After: `{"key":"1"}`}}, state: orchestrator.ObjectChanged,
		},
		"a secret": {
			documents: []string{secret}, hand: func(e *env) { e.byHand("v1/secrets", "keys", `{"stringData":{"key":"other"}}`) },
			want: []objectdiff.Change{{Path: "/data/key", Secret: true, By: "kubectl-edit"}}, state: orchestrator.ObjectChanged,
		},
		"fields of others": {
			documents: []string{withoutReplicas, configMap("c", "1")},
			hand: func(e *env) {
				e.byHand("v1/configmaps", "c", `{"data":{"more":"2"},"metadata":{"annotations":{"by":"hand"}}}`)
				e.byHand(deployments, "api", `{"spec":{"replicas":3}}`)
			},
		},
		"deleted": {
			documents: []string{configMap("c", "1")},
			hand: func(e *env) {
				require.NoError(e.t, e.resource("v1/configmaps", e.namespace).Delete(e.t.Context(), "c", metav1.DeleteOptions{}))
			},
			state: orchestrator.ObjectMissing,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t)
			e.delivered(c.documents...)
			c.hand(e)
			found := e.compare()
			if c.state == "" {
				require.Empty(t, found)
				return
			}
			require.Len(t, found, 1)
			require.Equal(t, c.state, found[0].State)
			require.Equal(t, c.want, found[0].Changes)
			require.Equal(t, "modules.api", found[0].From)
			e.deliveredAgain()
			require.Empty(t, e.compare(), "a delivery that overwrites brings it right")
		})
	}
}

func TestCompareTakesNumbersOfEveryKindInACluster(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered(withoutReplicas)
	spec, ok := e.request.Objects[0].Tree["spec"].(map[string]any)
	require.True(t, ok)
	for _, n := range []any{10, int64(10), float64(10)} {
		spec["revisionHistoryLimit"] = n
		require.Empty(t, e.compare(), "%T", n)
	}
}

// deliveredAgain delivers the same with leave to take fields over.
func (e *env) deliveredAgain() {
	e.t.Helper()
	for _, o := range e.request.Objects {
		u := unstructuredOf(o)
		u.SetAnnotations(map[string]string{kubernetes.AnnotationConflicts: "overwrite"})
	}
	_, err := e.delivery.Deliver(e.t.Context(), e.request)
	require.NoError(e.t, err)
}

func TestCompareHidesSecrets(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered(configMap("c", "1"))
	e.request.Objects[0].Tree["data"] = map[string]any{"key": placeholder.Secret{Value: "hush-hush"}, "more": "with known-secret in it", "plain": "x"}
	found := e.compare("known-secret")
	require.Equal(t, []objectdiff.Change{
		{Path: "/data/key", Secret: true}, {Path: "/data/more", Secret: true}, {Path: "/data/plain", After: `"x"`},
	}, found[0].Changes)
	require.Equal(t, "1", e.get("v1/configmaps", "c").Object["data"].(map[string]any)["key"], "nothing was changed")
}

func TestCompareReadsWhatToIgnore(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered(configMap("c", "1"))
	e.byHand("v1/configmaps", "c", `{"data":{"key":"2"},"metadata":{"annotations":{"slipway.dev/ignore-drift":"/data/key, /spec"}}}`)
	require.Equal(t, []string{"/data/key", "/spec"}, e.compare()[0].IgnoredPaths)
}
