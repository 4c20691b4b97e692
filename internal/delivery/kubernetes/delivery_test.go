package kubernetes_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/internal/delivery/kubernetes"
	"github.com/slipway-dev/slipway/orchestrator"
)

const service = `apiVersion: v1
kind: Service
metadata: {name: api, namespace: NS}
spec: {selector: {app: api}, ports: [{name: www, port: 80}]}`

func TestDeliverMakesAndRemoves(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	result := e.delivered(deployment("api", 2, ""), service, configMap("settings", "1"))
	require.Equal(t, 4, result.Written, "three objects and the namespace")
	require.True(t, result.Watch)
	require.NoError(t, e.delivery.Watch(t.Context(), e.request))
	require.Equal(t, "dev", e.get("v1/configmaps", "settings").GetLabels()[manifest.LabelEnv])

	result, err := e.delivery.Remove(t.Context(), orchestrator.DeliveryRequest{
		Target: orchestrator.Target{Env: e.request.Env, Type: "k8s"}, Previous: e.request.Previous})
	require.NoError(t, err)
	require.Equal(t, 4, result.Removed)
	_, err = e.resource("v1/namespaces", "").Get(t.Context(), e.namespace, metav1.GetOptions{})
	require.Error(t, err, "the namespace is gone when Remove returns")
	result, err = e.delivery.Remove(t.Context(), e.request)
	require.NoError(t, err)
	require.Zero(t, result.Removed)
}

func TestDeliverLeavesANamespaceOfOthers(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	namespace := e.objects("apiVersion: v1\nkind: Namespace\nmetadata: {name: NS}")[0]
	_, err := e.resource("v1/namespaces", "").Create(t.Context(), unstructuredOf(namespace), metav1.CreateOptions{})
	require.NoError(t, err)
	declared := "apiVersion: v1\nkind: Namespace\nmetadata: {name: NS}"
	e.delivered(declared, configMap("settings", "1"))
	_, err = e.delivery.Remove(t.Context(), e.request)
	require.NoError(t, err)
	e.gone("v1/configmaps", e.namespace, "settings")
	_, err = e.resource("v1/namespaces", "").Get(t.Context(), e.namespace, metav1.GetOptions{})
	require.NoError(t, err)
}

func TestDeliverAgainWritesNothing(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	documents := []string{
		deployment("api", 2, ""), service, configMap("settings", "1"),
		"apiVersion: v1\nkind: Secret\nmetadata: {name: keys, namespace: NS}\nstringData: {token: something}",
		"apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web, namespace: NS}\n" +
			"spec: {rules: [{host: a.example, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: api, port: {number: 80}}}}]}}]}",
		"apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: api, namespace: NS}\n" +
			"spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}, maxReplicas: 3}",
	}
	e.delivered(documents...)
	require.NoError(t, e.delivery.Watch(t.Context(), e.request))
	before := e.get("v1/configmaps", "settings").GetResourceVersion()
	watched, err := e.resource("v1/secrets", e.namespace).Watch(t.Context(), metav1.ListOptions{
		FieldSelector: "metadata.name=keys", ResourceVersion: e.get("v1/secrets", "keys").GetResourceVersion(),
	})
	require.NoError(t, err)
	defer watched.Stop()

	result := e.delivered(documents...)
	require.Zero(t, result.Removed)
	require.LessOrEqual(t, result.Written, 1, "the controllers may have touched the Deployment meanwhile, we have not")
	require.Equal(t, before, e.get("v1/configmaps", "settings").GetResourceVersion())

	_, err = e.resource("v1/secrets", e.namespace).Patch(t.Context(), "keys", types.MergePatchType,
		[]byte(`{"metadata":{"annotations":{"mark":"x"}}}`), metav1.PatchOptions{})
	require.NoError(t, err)
	first := <-watched.ResultChan()
	marked, err := e.resource("v1/secrets", e.namespace).Get(t.Context(), "keys", metav1.GetOptions{})
	require.NoError(t, err)
	require.Equal(t, marked.GetResourceVersion(), first.Object.(metav1.Object).GetResourceVersion(), "the first event is the mark, so there was none before")
}

func TestDeliverPrunes(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered(configMap("stays", "1"), configMap("goes", "1"), service, deployment("api", 1, ""))
	other := configMap("foreign", "1")
	foreign := unstructuredOf(e.objects(other)[0])
	foreign.SetLabels(e.get("v1/configmaps", "stays").GetLabels()) // copied labels do not put it into the inventory
	_, err := e.resource("v1/configmaps", e.namespace).Create(t.Context(), foreign, metav1.CreateOptions{})
	require.NoError(t, err)
	require.NoError(t, e.delivery.Watch(t.Context(), e.request))

	result := e.delivered(configMap("stays", "1"), deployment("api", 1, ""))
	require.Equal(t, 2, result.Removed)
	e.gone("v1/configmaps", e.namespace, "goes")
	e.gone("v1/services", e.namespace, "api")
	e.get("v1/configmaps", "foreign")
	pods, err := e.resource("v1/pods", e.namespace).List(t.Context(), metav1.ListOptions{})
	require.NoError(t, err)
	require.Len(t, pods.Items, 1, "pods carry the labels of their template and are left to their Deployment")
	require.Nil(t, pods.Items[0].GetDeletionTimestamp())
	require.Zero(t, e.delivered(configMap("stays", "1"), deployment("api", 1, "")).Removed)
}

// TestDeliverKeeps leaves what is kept as it is: it is neither removed nor applied.
func TestDeliverKeeps(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	claim := "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data, namespace: NS}\n" +
		"spec: {accessModes: [%s], resources: {requests: {storage: 1Gi}}}"
	e.delivered(fmt.Sprintf(claim, "ReadWriteOnce"), configMap("goes", "1"))
	before := e.get("v1/persistentvolumeclaims", "data")

	e.keep = "data"
	result := e.delivered(fmt.Sprintf(claim, "ReadWriteMany"))
	require.Equal(t, 1, result.Removed)
	after := e.get("v1/persistentvolumeclaims", "data")
	require.Equal(t, before.GetUID(), after.GetUID())
	require.Nil(t, after.GetDeletionTimestamp())
	modes, _, err := unstructured.NestedStringSlice(after.Object, "spec", "accessModes")
	require.NoError(t, err)
	require.Equal(t, []string{"ReadWriteOnce"}, modes, "what could not be changed holds up nobody")
	require.Zero(t, e.delivered(fmt.Sprintf(claim, "ReadWriteMany")).Removed, "and it is not forgotten")

	result = e.delivered(configMap("other", "1"))
	require.Equal(t, 1, result.Removed)
}

func TestDeliverRemovesWhatAnObjectNoLongerSays(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	secret := "apiVersion: v1\nkind: Secret\nmetadata: {name: keys, namespace: NS}\nstringData: {%s}"
	e.delivered(fmt.Sprintf(secret, "one: first, two: second"))
	require.Len(t, e.get("v1/secrets", "keys").Object["data"], 2)
	e.delivered(fmt.Sprintf(secret, "one: first"))
	require.Equal(t, map[string]any{"one": base64.StdEncoding.EncodeToString([]byte("first"))}, e.get("v1/secrets", "keys").Object["data"])
}

func TestDeliverConflict(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered(configMap("settings", "1"))
	_, err := e.resource("v1/configmaps", e.namespace).Patch(t.Context(), "settings", types.MergePatchType,
		[]byte(`{"data":{"key":"mine"}}`), metav1.PatchOptions{FieldManager: "kubectl-edit"})
	require.NoError(t, err)
	_, err = e.deliver(configMap("settings", "2"))
	require.ErrorContains(t, err, `ConfigMap "settings" in namespace`)
	require.ErrorContains(t, err, `.data.key is held by field manager "kubectl-edit"`)
	require.Equal(t, orchestrator.CodeInvalid, orchestrator.CodeOf(err))
	require.Equal(t, map[string]any{"key": "mine"}, e.get("v1/configmaps", "settings").Object["data"])

	overwrite := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: NS, annotations: {slipway.dev/conflicts: overwrite}}\ndata: {key: \"2\"}"
	e.delivered(overwrite)
	require.Equal(t, map[string]any{"key": "2"}, e.get("v1/configmaps", "settings").Object["data"])
}

func TestDeliverReplacesJobs(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	job := func(image, force string) string {
		return fmt.Sprintf("apiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate, namespace: NS, annotations: {slipway.dev/force: %q}}\n"+
			"spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: %q}]}}}", force, image)
	}
	e.delivered(job("a:1", "true"))
	require.NoError(t, e.delivery.Watch(t.Context(), e.request))
	first := e.get("batch/v1/jobs", "migrate").GetUID()
	e.delivered(job("a:1", "true"))
	require.Equal(t, first, e.get("batch/v1/jobs", "migrate").GetUID(), "an unchanged Job does not run again")
	e.delivered(job("a:2", "true"))
	require.NotEqual(t, first, e.get("batch/v1/jobs", "migrate").GetUID())

	_, err := e.deliver(job("a:3", "false"))
	require.ErrorContains(t, err, "immutable")
	require.ErrorContains(t, err, manifest.AnnotationForce)
	require.Equal(t, orchestrator.CodeInvalid, orchestrator.CodeOf(err))
}

func TestDeliverNewKinds(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	group := e.request.Env.AppID + ".example.com"
	definition := fmt.Sprintf(`apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.%[1]s}
spec:
  group: %[1]s
  scope: Namespaced
  names: {kind: Widget, plural: widgets, singular: widget}
  versions:
  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}`, group)
	widget := fmt.Sprintf("apiVersion: %s/v1\nkind: Widget\nmetadata: {name: one, namespace: NS}\nspec: {size: 3}", group)

	_, err := e.deliver(widget)
	require.ErrorContains(t, err, "the cluster does not know this kind")
	require.Equal(t, orchestrator.CodeInvalid, orchestrator.CodeOf(err))
	e.delivered(widget, definition)
	e.get(group+"/v1/widgets", "one")
	require.NoError(t, e.delivery.Watch(t.Context(), e.request))
	_, err = e.delivery.Remove(t.Context(), e.request)
	require.NoError(t, err)
	e.gone("apiextensions.k8s.io/v1/customresourcedefinitions", "", "widgets."+group)
}

// TestKindsInstalledMeanwhile: whoever runs the cluster installs a kind after Slipway has looked at its kinds.
func TestKindsInstalledMeanwhile(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	group := e.request.Env.AppID + ".example.com"
	widget := fmt.Sprintf("apiVersion: %s/v1\nkind: Widget\nmetadata: {name: one, namespace: NS}\nspec: {size: 3}", group)
	elsewhere := kubernetes.New(kubernetes.Options{Kubeconfig: kubeconfigPath(t)}) // another process, which has looked before, too
	e.delivered(configMap("settings", "1"))
	_, err := elsewhere.Compare(t.Context(), orchestrator.CompareRequest{Target: e.request.Target, Objects: e.request.Objects})
	require.NoError(t, err)
	_, err = e.deliver(widget)
	require.ErrorContains(t, err, "the cluster does not know this kind")

	definition := e.objects(fmt.Sprintf(`apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.%[1]s}
spec:
  group: %[1]s
  scope: Namespaced
  names: {kind: Widget, plural: widgets, singular: widget}
  versions:
  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}`, group))[0]
	definitions := e.resource("apiextensions.k8s.io/v1/customresourcedefinitions", "")
	_, err = definitions.Create(t.Context(), unstructuredOf(definition), metav1.CreateOptions{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = definitions.Delete(context.Background(), "widgets."+group, metav1.DeleteOptions{}) })
	e.eventually(func() bool {
		_, err := e.deliver(widget)
		return err == nil
	})
	require.Empty(t, e.compare())
	found, err := elsewhere.Compare(t.Context(), orchestrator.CompareRequest{Target: e.request.Target, Objects: e.request.Objects})
	require.NoError(t, err)
	require.Empty(t, found, "what is there is not missing")
	request := e.request
	request.Objects = e.objects(configMap("settings", "1"))
	_, err = kubernetes.New(kubernetes.Options{Kubeconfig: kubeconfigPath(t)}).Deliver(t.Context(), request)
	require.NoError(t, err)
	e.gone(group+"/v1/widgets", e.namespace, "one")
}

func TestDeliverRefusals(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	_, err := e.deliver(configMap("fine", "1"),
		"apiVersion: v1\nkind: Service\nmetadata: {name: odd, namespace: NS}\nspec: {ports: [{port: 99999}]}",
		"apiVersion: v1\nkind: Service\nmetadata: {name: typo, namespace: NS}\nspec: {prots: [{port: 80}]}")
	require.Equal(t, orchestrator.CodeInvalid, orchestrator.CodeOf(err))
	require.ErrorContains(t, err, `Service "odd" in namespace "`+e.namespace+`" (of modules.api)`)
	require.ErrorContains(t, err, "spec.ports[0].port")
	require.ErrorContains(t, err, "prots")
	e.get("v1/configmaps", "fine")

	e.request.Objects = []manifest.Object{{From: "modules.api", Tree: map[string]any{
		"apiVersion": "v1", "kind": "Secret", "metadata": map[string]any{"name": "s", "namespace": e.namespace},
		"stringData": map[string]any{"bad key": placeholder.Secret{Value: "hunter2hunter2"}}, "type": placeholder.Secret{Value: "sesame-sesame"},
	}}, {From: "modules.api", Tree: map[string]any{
		"apiVersion": "v1", "kind": "Service", "metadata": map[string]any{"name": "leak", "namespace": e.namespace},
		"spec": map[string]any{"clusterIP": placeholder.Secret{Value: "hunter3hunter3"}, "ports": []any{map[string]any{"port": 80}}},
	}}}
	_, err = e.delivery.Deliver(t.Context(), e.request)
	require.ErrorContains(t, err, "(secret)")
	for _, hidden := range []string{"hunter2", "hunter3", base64.StdEncoding.EncodeToString([]byte("hunter2hunter2"))} {
		require.NotContains(t, err.Error(), hidden)
	}
}

func TestDeliverHundredObjects(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	var documents []string
	for i := range 100 {
		documents = append(documents, configMap(fmt.Sprintf("c%d", i), "1"))
	}
	require.Equal(t, 101, e.delivered(documents...).Written)
	require.Zero(t, e.delivered(documents...).Written)
	result := e.delivered(documents[:1]...)
	require.Equal(t, 99, result.Removed)
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	path := os.Getenv("SLIPWAY_TEST_KUBECONFIG")
	if path == "" {
		path = kubeconfigPath(t)
	}
	config, err := clientcmd.LoadFromFile(path)
	require.NoError(t, err)
	cluster, user := config.Clusters["dev"], config.AuthInfos["admin"]
	if cluster == nil || user == nil {
		t.Skip("the shared cluster is not one of dev/kubernetes")
	}
	encode := base64.StdEncoding.EncodeToString
	values := map[string]any{"cluster_data": map[string]any{"server": cluster.Server, "certificate-authority-data": encode(cluster.CertificateAuthorityData)}}
	admin := map[string]any{"client-certificate-data": encode(user.ClientCertificateData), "client-key-data": encode(user.ClientKeyData)}
	cases := map[string]struct {
		kind        string
		values      map[string]any
		credentials map[string]any
		want        string
		code        orchestrator.Code
	}{
		"a client certificate":      {values: values, credentials: admin},
		"a token nobody knows":      {values: values, credentials: map[string]any{"token": "unknown-token"}, want: "Unauthorized", code: orchestrator.CodeForbidden},
		"nothing to prove with":     {values: values, want: "neither a token nor", code: orchestrator.CodeInvalid},
		"a certificate of nonsense": {values: values, credentials: map[string]any{"client-certificate-data": "!", "client-key-data": "!"}, want: "neither base64 nor PEM", code: orchestrator.CodeInvalid},
		"a key of nonsense":         {values: values, credentials: map[string]any{"client-certificate-data": "aGVsbG8=", "client-key-data": "c2VjcmV0LWtleQ=="}, want: "cannot be set up", code: orchestrator.CodeInvalid},
		"another authority": {values: map[string]any{"cluster_data": map[string]any{"server": cluster.Server}}, credentials: admin,
			want: "certificate", code: orchestrator.CodeInvalid},
		"nobody listens": {values: map[string]any{"cluster_data": map[string]any{"server": "https://127.0.0.1:1"}}, credentials: admin,
			want: "refused", code: orchestrator.CodeUnavailable},
		"a cloud without credentials": {kind: "gke", want: "does not exchange the cloud credentials of clusters of type gke", code: orchestrator.CodeInvalid},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			r := e.request
			r.Type, r.Values, r.Credentials = tc.kind, tc.values, tc.credentials
			r.Objects = e.objects(configMap("settings", "1"))
			_, err := e.delivery.Deliver(t.Context(), r)
			if tc.want == "" {
				require.NoError(t, err)
				kind, url, err := e.delivery.Identify(r.Target)
				require.NoError(t, err)
				require.Equal(t, []string{"kubernetes", cluster.Server}, []string{kind, url})
				return
			}
			require.ErrorContains(t, err, tc.want)
			require.Equal(t, tc.code, orchestrator.CodeOf(err), err)
			require.NotContains(t, err.Error(), "unknown-token")
			require.NotContains(t, err.Error(), "secret-key")
		})
	}
	_, _, err = kubernetes.New(kubernetes.Options{}).Identify(orchestrator.Target{Type: "k8s"})
	require.ErrorContains(t, err, "--kubeconfig")
}

func TestDeliverIntoATerminatingNamespace(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered(configMap("settings", "1"))
	held := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: held, namespace: NS, finalizers: [example.com/hold]}"
	e.delivered(held)
	require.NoError(t, e.resource("v1/namespaces", "").Delete(t.Context(), e.namespace, metav1.DeleteOptions{}))
	require.Eventually(t, func() bool {
		namespace, err := e.resource("v1/namespaces", "").Get(t.Context(), e.namespace, metav1.GetOptions{})
		return err == nil && strings.Contains(fmt.Sprint(namespace.Object["status"]), "example.com/hold")
	}, 60*time.Second, 100*time.Millisecond, "the cluster says what holds it up")
	state, err := e.delivery.ReadRuntime(t.Context(), e.request.Target, orchestrator.RuntimeQuery{})
	require.NoError(t, err)
	require.Contains(t, strings.Join(state.Notes, " "), "example.com/hold", "whoever looks is told, too")
	started := time.Now()
	_, err = e.delivery.Deliver(t.Context(), e.request)
	require.ErrorContains(t, err, "is being deleted since")
	require.ErrorContains(t, err, "example.com/hold")
	require.Equal(t, orchestrator.CodeUnavailable, orchestrator.CodeOf(err))
	require.Greater(t, time.Since(started), 2*time.Second, "it was waited for")
	_, err = e.resource("v1/configmaps", e.namespace).Patch(t.Context(), "held", types.MergePatchType,
		[]byte(`{"metadata":{"finalizers":null}}`), metav1.PatchOptions{})
	require.NoError(t, err)
	e.gone("v1/namespaces", "", e.namespace)
	e.delivered(configMap("settings", "1"))
}
