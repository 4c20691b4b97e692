package kubernetes_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/yaml"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/internal/delivery/kubernetes"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/orchestrator"
)

func TestMain(m *testing.M) { testenv.Main(m) }

// env is one environment on the real control plane, delivered to by a Delivery of its own.
type env struct {
	keep      string // name of the objects that are kept
	t         testing.TB
	delivery  *kubernetes.Delivery
	client    dynamic.Interface
	namespace string
	request   orchestrator.DeliveryRequest

	mu  sync.Mutex
	log []string // what the deployment's log was told
}

func newEnv(t testing.TB) *env {
	t.Helper()
	path := testenv.Kubernetes(t)
	config, err := clientcmd.BuildConfigFromFlags("", path)
	require.NoError(t, err)
	config.QPS, config.Burst = 500, 1000
	client, err := dynamic.NewForConfig(config)
	require.NoError(t, err)
	app := "app-" + strings.ReplaceAll(uuid.NewString(), "-", "")[:12]
	e := &env{t: t, client: client, namespace: app + "-dev", delivery: kubernetes.New(kubernetes.Options{
		Kubeconfig: path, Deadline: 40 * time.Second, Patience: 300 * time.Millisecond, RemoveTimeout: 60 * time.Second, TerminatingTimeout: 3 * time.Second,
	})}
	e.request = orchestrator.DeliveryRequest{
		Target:       orchestrator.Target{Env: orchestrator.EnvRef{OrgID: "org", AppID: app, EnvID: "dev"}, Type: "k8s", Namespace: e.namespace},
		DeploymentID: "d1", At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Log: func(level, text string) {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.log = append(e.log, level+": "+text)
		},
	}
	t.Cleanup(func() {
		_ = e.resource("v1/namespaces", "").Delete(t.Context(), e.namespace, metav1.DeleteOptions{})
	})
	return e
}

// objects reads YAML documents; NS stands for the namespace and APP for the application.
func (e *env) objects(documents ...string) []manifest.Object {
	e.t.Helper()
	var out []manifest.Object
	for _, text := range documents {
		for _, one := range strings.Split(text, "\n---\n") {
			one = strings.NewReplacer("NS", e.namespace, "APP", e.request.Env.AppID).Replace(one)
			var tree map[string]any
			require.NoError(e.t, yaml.Unmarshal([]byte(one), &tree), one)
			o := manifest.Object{Tree: tree, From: "modules.api"}
			o.Kept = e.keep != "" && o.Name() == e.keep
			out = append(out, o)
		}
	}
	return out
}

// deliver delivers as a deployment does: the inventory knows beforehand what is intended, and forgets what is gone only afterwards.
func (e *env) deliver(documents ...string) (orchestrator.DeliveryResult, error) {
	e.t.Helper()
	e.request.Objects = e.objects(documents...)
	intended := []orchestrator.InventoryEntry{{APIVersion: "v1", Kind: "Namespace", Name: e.namespace}}
	for _, o := range e.request.Objects {
		intended = append(intended, orchestrator.InventoryEntry{APIVersion: o.APIVersion(), Kind: o.Kind(), Namespace: o.Namespace(), Name: o.Name()})
	}
	result, err := e.delivery.Deliver(e.t.Context(), e.request)
	if err != nil {
		e.request.Previous = append(e.request.Previous, intended...)
		return result, err
	}
	e.request.Previous = slices.Concat(intended, result.Kept)
	return result, nil
}

// told is what the deployment's log was told.
func (e *env) told() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return strings.Join(e.log, "\n")
}

// remove takes everything away and forgets it.
func (e *env) remove() (orchestrator.DeliveryResult, error) {
	e.t.Helper()
	result, err := e.delivery.Remove(e.t.Context(), e.request)
	if err == nil {
		e.request.Previous = nil
	}
	return result, err
}

func (e *env) delivered(documents ...string) orchestrator.DeliveryResult {
	e.t.Helper()
	result, err := e.deliver(documents...)
	require.NoError(e.t, err)
	return result
}

// resource reaches objects, named as in group/version/plural or version/plural.
func (e *env) resource(name, namespace string) dynamic.ResourceInterface {
	parts := strings.Split(name, "/")
	gvr := schema.GroupVersionResource{Version: parts[len(parts)-2], Resource: parts[len(parts)-1]}
	if len(parts) == 3 {
		gvr.Group = parts[0]
	}
	if namespace == "" {
		return e.client.Resource(gvr)
	}
	return e.client.Resource(gvr).Namespace(namespace)
}

func (e *env) get(resource, name string) *unstructured.Unstructured {
	e.t.Helper()
	got, err := e.resource(resource, e.namespace).Get(e.t.Context(), name, metav1.GetOptions{})
	require.NoError(e.t, err)
	return got
}

func (e *env) gone(resource, namespace, name string) {
	e.t.Helper()
	require.Eventually(e.t, func() bool {
		_, err := e.resource(resource, namespace).Get(e.t.Context(), name, metav1.GetOptions{})
		return apierrors.IsNotFound(err)
	}, time.Minute, 50*time.Millisecond, "%s %s", resource, name)
}

func (e *env) eventually(met func() bool) {
	e.t.Helper()
	require.Eventually(e.t, met, time.Minute, 50*time.Millisecond)
}

func configMap(name, value string) string {
	return fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: NS}\ndata: {key: %q}", name, value)
}

// deployment has one container; extra is put into the pod's annotations.
func deployment(name string, replicas int, annotations string) string {
	return fmt.Sprintf(`apiVersion: apps/v1
kind: Deployment
metadata: {name: %[1]s, namespace: NS}
spec:
  replicas: %[2]d
  selector: {matchLabels: {app: %[1]s}}
  template:
    metadata: {labels: {app: %[1]s, slipway.dev/org: org, slipway.dev/app: APP, slipway.dev/env: dev}, annotations: {%[3]s}}
    spec:
      containers:
      - {name: main, image: "registry.example/%[1]s:1", resources: {requests: {cpu: 10m}}}`, name, replicas, annotations)
}

func unstructuredOf(o manifest.Object) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: o.Tree}
}

func kubeconfigPath(t testing.TB) string { return testenv.Kubernetes(t) }
