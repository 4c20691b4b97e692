package e2e

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/orchestrator/starter"
)

// starterNeed is a workload that needs resources, and the starter definitions that must meet them.
type starterNeed struct {
	app       string
	externals map[string]any
	uses      []string // ids of starter definitions
}

func external(kind, class string, params map[string]any) map[string]any {
	out := map[string]any{"type": kind}
	if class != "" {
		out["class"] = class
	}
	if params != nil {
		out["params"] = params
	}
	return out
}

func starterNeeds() []starterNeed {
	out := []starterNeed{
		{app: "net", uses: []string{"starter-dns", "starter-route", "starter-ingress"}, externals: map[string]any{
			"host": external("dns", "", nil),
			"home": external("route", "", map[string]any{"host": "${externals.host.host}", "path": "/", "port": 80})}},
		{app: "scale", uses: []string{"starter-horizontal-pod-autoscaler"}, externals: map[string]any{"hpa": external("horizontal-pod-autoscaler", "", nil)}},
		{app: "disk", uses: []string{"starter-volume"}, externals: map[string]any{"data": external("volume", "", nil)}},
		{app: "scratch", uses: []string{"starter-volume-ephemeral"}, externals: map[string]any{"tmp": external("volume", "ephemeral", nil)}},
		{app: "bucket-admin", uses: []string{"starter-gcs"}, externals: map[string]any{"store": external("gcs", "basic-admin", nil)}},
		{app: "bucket-reader", uses: []string{"starter-s3"}, externals: map[string]any{"store": external("s3", "read-only", nil)}},
		// What only definitions ask for, not workloads.
		{app: "account", uses: []string{"starter-k8s-service-account"}},
		{app: "certificate", uses: []string{"starter-tls-cert"}, externals: map[string]any{"host": external("dns", "", nil)}},
	}
	for _, kind := range []string{"amqp", "dynamodb-table", "elasticsearch", "gcs", "kafka-topic", "mariadb", "mongodb", "mssql", "mysql", "postgres", "redis", "s3", "sns-topic", "sqs"} {
		out = append(out, starterNeed{app: "has-" + kind, uses: []string{"starter-" + kind}, externals: map[string]any{"it": external(kind, "", nil)}})
	}
	return out
}

// TestStarterDefinitionsBecomeReady deploys, for each starter definition, a workload that needs it to a real control plane: its
// API server accepts every object, its controllers bind, place and scale them, and the deployment waits until all are ready.
func TestStarterDefinitionsBecomeReady(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts a Kubernetes control plane")
	}
	i := newInstance(t, "SLIPWAY_CLUSTER=dev", fmt.Sprintf("SLIPWAY_CLUSTER_PORT=%d", testenv.FreePort(t)))
	i.start()
	i.defineStarterUsers()
	config, err := clientcmd.BuildConfigFromFlags("", filepath.Join(i.home, "kubernetes", "kubeconfig"))
	require.NoError(t, err)
	cluster, err := dynamic.NewForConfig(config)
	require.NoError(t, err)

	needs := starterNeeds()
	deployments := map[string]string{}
	for _, need := range needs {
		i.app(need.app)
		module := plainModule("nginx:1")
		module["externals"] = need.externals
		if need.externals["data"] != nil {
			main := module["spec"].(map[string]any)["containers"].(map[string]any)["main"].(map[string]any)
			main["volume_mounts"] = map[string]any{"/data": map[string]any{"id": "externals.data"}}
		}
		module["spec"].(map[string]any)["service"] = map[string]any{"ports": map[string]any{"http": map[string]any{"service_port": 80, "container_port": 80}}}
		deployments[need.app] = i.deploy(need.app, map[string]any{"delta_id": i.delta(need.app, addModule("api", module))})
	}
	// In every environment.
	used := []string{"starter-k8s-cluster", "starter-k8s-namespace", "starter-base-env", "starter-workload"}
	for _, need := range needs {
		t.Run(need.app, func(t *testing.T) {
			i := i.as(t)
			i.succeeded(need.app, deployments[need.app])
			met := map[string]bool{}
			for _, r := range i.list(envPath(need.app, "development") + "/resources") {
				met[r["def_id"].(string)] = true
			}
			for _, id := range need.uses {
				require.True(t, met[id], "%s is not used; used are %v", id, met)
			}
			requireEverythingReady(t, cluster, need.app+"-development")
		})
		used = append(used, need.uses...)
	}
	for _, d := range starter.Definitions(starter.Options{}) {
		require.True(t, slices.Contains(used, d.Metadata.ID), "no workload here needs %s", d.Metadata.ID)
	}
}

// requireEverythingReady looks at the cluster itself: what pods and claims there are is running or done, and bound.
func requireEverythingReady(t *testing.T, cluster dynamic.Interface, namespace string) {
	t.Helper()
	phases := func(plural string) map[string]string {
		list, err := cluster.Resource(schema.GroupVersionResource{Version: "v1", Resource: plural}).Namespace(namespace).List(t.Context(), metav1.ListOptions{})
		require.NoError(t, err)
		out := map[string]string{}
		for _, o := range list.Items {
			out[o.GetName()], _, _ = unstructured.NestedString(o.Object, "status", "phase")
		}
		return out
	}
	pods := phases("pods")
	require.NotEmpty(t, pods, "no pods in %s", namespace)
	for name, phase := range pods {
		require.Contains(t, []string{"Running", "Succeeded"}, phase, name)
	}
	claims := phases("persistentvolumeclaims")
	if namespace == "disk-development" || namespace == "has-postgres-development" {
		require.Len(t, claims, 1)
	}
	for name, phase := range claims {
		require.Equal(t, "Bound", phase, name)
	}
}

// defineStarterUsers defines what asks for the types that workloads cannot ask for.
func (i *instance) defineStarterUsers() {
	i.t.Helper()
	i.must(http.StatusOK, http.MethodPost, org+"/resources/defs", map[string]any{
		"id": "account-workload", "name": "workload", "type": "workload", "driver_type": "humanitec/template", "criteria": []any{map[string]any{"app_id": "account"}},
		"driver_inputs": map[string]any{"values": map[string]any{"templates": map[string]any{
			"outputs": "update:\n- {op: add, path: /spec/serviceAccountName, value: \"${resources.k8s-service-account.outputs.name}\"}\n"}}},
	})
	i.must(http.StatusOK, http.MethodPost, org+"/resources/defs", map[string]any{
		"id": "certificate-dns", "name": "dns", "type": "dns", "driver_type": "humanitec/echo", "criteria": []any{map[string]any{"app_id": "certificate"}},
		"driver_inputs": map[string]any{"values": map[string]any{"host": "cert.example.com"}},
		"provision":     map[string]any{"tls-cert": map[string]any{"is_dependent": false, "match_dependents": true}},
	})
}
