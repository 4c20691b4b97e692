package e2e

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/slipway-dev/slipway/internal/runner/recordtest"
	"github.com/slipway-dev/slipway/internal/testenv"
)

// bucketModule is Terraform that needs no provider of anybody's.
const bucketModule = `
variable "name" { type = string }
resource "terraform_data" "bucket" { input = var.name }
output "bucket" { value = terraform_data.bucket.output }
output "region" { value = "eu" }
output "secret" {
  value     = "tf-$\{terraform_data.bucket.id}"
  sensitive = true
}
`

// TestClusterAndTerraform deploys to a real control plane, with a resource that
// Terraform makes, and takes everything down again.
func TestClusterAndTerraform(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts a Kubernetes control plane")
	}
	recordtest.Terraform(t) // built by now, if it has to be, so that the deployment need not wait for it
	i := newInstance(t, "SLIPWAY_CLUSTER=dev", fmt.Sprintf("SLIPWAY_CLUSTER_PORT=%d", testenv.FreePort(t)), "SLIPWAY_RUNNER_IMAGE="+sidecarImage)
	i.start()
	t.Run("a container makes a resource", func(t *testing.T) { containerMakesAResource(i.as(t)) })
	i.app("tf")
	i.must(http.StatusOK, http.MethodPost, org+"/resources/defs", map[string]any{
		"id": "tf-bucket", "name": "bucket", "type": "s3", "driver_type": "humanitec/terraform", "criteria": []any{map[string]any{"app_id": "tf"}},
		"driver_inputs": map[string]any{"values": map[string]any{"script": bucketModule, "variables": map[string]any{"name": "${context.app.id}-bucket"}}},
	})
	module := plainModule("nginx:1")
	module["externals"] = map[string]any{"store": map[string]any{"type": "s3"}}
	container := module["spec"].(map[string]any)["containers"].(map[string]any)["main"].(map[string]any)
	container["variables"] = map[string]any{"BUCKET": "${externals.store.bucket}", "SECRET": "${externals.store.secret}"}
	d := i.succeeded("tf", i.deploy("tf", map[string]any{"delta_id": i.delta("tf", addModule("api", module))}))
	require.Equal(t, "kubernetes", d["target"].(map[string]any)["kind"])
	for _, r := range i.list(envPath("tf", "development") + "/resources") {
		if r["type"] == "s3" {
			require.Equal(t, "tf-bucket", r["resource"].(map[string]any)["bucket"])
			require.NotContains(t, fmt.Sprint(r["resource"]), "secret")
		}
	}

	t.Run("a rollout that fails says which pod and why", func(t *testing.T) {
		update := map[string]any{"modules": map[string]any{"update": map[string]any{"api": []any{
			map[string]any{"op": "add", "path": "/spec/pod", "value": map[string]any{
				"annotations": map[string]any{"slipway.dev/simulate": "ImagePullBackOff"}}},
		}}}}
		id := i.deploy("tf", map[string]any{"delta_id": i.delta("tf", update)})
		end := time.Now().Add(3 * time.Minute)
		for i.must(http.StatusOK, http.MethodGet, envPath("tf", "development")+"/deploys/"+id, nil)["status"] != "failed" {
			require.True(t, time.Now().Before(end), "the rollout is given up")
			time.Sleep(200 * time.Millisecond)
		}
		require.Contains(t, fmt.Sprint(i.deploymentErrors("tf", id)), "ImagePullBackOff")
	})
	t.Run("who looks sees why, and what ran before goes on", func(t *testing.T) {
		i := i.as(t)
		place := []string{"--app", "tf", "--env", "development"}
		cli := func(args ...string) string { return i.mustCLI(append(args, place...)...) }
		status := cli("status", "api")
		for _, want := range []string{"Deployment/api", "1/1", "Partially Succeeded", "cannot be pulled", "not found", "try: check name and tag of the image"} {
			require.Contains(t, status, want)
		}
		failed := i.list(envPath("tf", "development") + "/deploys/" + i.must(http.StatusOK, http.MethodGet, envPath("tf", "development"), nil)["last_deploy"].(map[string]any)["id"].(string) + "/errors")
		require.Equal(t, []any{"RUN-ImagePull", "workload", "api"}, []any{failed[0]["code"], failed[0]["scope"], failed[0]["object_id"]})
		events := cli("events", "api")
		require.Contains(t, events, "failed to resolve reference")
		require.Contains(t, events, "failed")
		require.Contains(t, cli("logs", "api"), "/main | simulated: nothing runs in this container")
		require.Equal(t, []map[string]any{{"id": "development", "paused": false, "status": "Warning"}}, i.list(org+"/apps/tf/runtime?id=development"))
		v1 := i.must(http.StatusOK, http.MethodGet, envPath("tf", "development")+"/runtime", nil)
		require.Equal(t, "tf-development", v1["namespace"])
		require.Equal(t, "Warning", v1["modules"].(map[string]any)["api"].(map[string]any)["api"].(map[string]any)["status"])
		page := cli("debug", "api")
		for _, want := range []string{"s3.default#modules.api.externals.store", "tf-bucket", "RUN-ImagePull", "nothing runs in this container", "Try"} {
			require.Contains(t, page, want)
		}
		require.Contains(t, cli("resources", "check-connectivity"), "the cluster answers")
	})
	t.Run("rolled back", func(t *testing.T) {
		i.must(http.StatusOK, http.MethodGet, envPath("tf", "development"), nil)
		i.succeeded("tf", i.deploy("tf", map[string]any{"set_id": d["set_id"]}))
	})
	t.Run("workloads in stages", func(t *testing.T) { stagedWorkloads(i.as(t)) })
	t.Run("taken down", func(t *testing.T) {
		status, _ := i.call(http.MethodDelete, org+"/apps/tf", nil)
		require.Equal(t, http.StatusAccepted, status)
		i.vanishes(org + "/apps/tf")
	})
}

// cluster is a client of the control plane that the instance has started.
func (i *instance) cluster() kubernetes.Interface {
	i.t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", filepath.Join(i.home, "kubernetes", "kubeconfig"))
	require.NoError(i.t, err)
	client, err := kubernetes.NewForConfig(config)
	require.NoError(i.t, err)
	return client
}

// ready counts the replicas of the Deployments and StatefulSets of a namespace that are ready, by name.
func ready(t *testing.T, c kubernetes.Interface, namespace string) map[string]int {
	t.Helper()
	out := map[string]int{}
	deployments, err := c.AppsV1().Deployments(namespace).List(context.Background(), metav1.ListOptions{})
	require.NoError(t, err)
	for _, d := range deployments.Items {
		out[d.Name] = int(d.Status.ReadyReplicas)
	}
	return out
}

var delivered = regexp.MustCompile(`delivered (\d+) objects to kubernetes \S+ \((\d+) written, (\d+) removed\)`)

// TestShopOnKubernetes runs examples/shop, with a cache that Terraform makes at a backend that counts, through its whole life on a
// real control plane.
func TestShopOnKubernetes(t *testing.T) {
	t.Parallel()
	records, settings := needsRecords(t)
	i := newInstance(t, append(settings, "SLIPWAY_CLUSTER=dev", fmt.Sprintf("SLIPWAY_CLUSTER_PORT=%d", testenv.FreePort(t)))...)
	i.start()
	prepareShop(i)
	i.defineRecord("shop", records)
	first := i.succeeded("shop", i.deploy("shop", map[string]any{"delta_id": i.scoreDelta("shop", shopFiles...), "comment": "first"}))
	client := i.cluster()
	running := ready(t, client, "shop-development")
	for _, workload := range []string{"frontend", "catalog", "orders"} {
		require.Equal(t, 1, running[workload], "%s of %v", workload, running)
	}
	require.Equal(t, []int{1, 1}, []int{records.Len(), records.Created("shop")})
	made := records.Named("shop")[0]
	require.Equal(t, "small", made.Value)
	i.requireOutput("shop", made.ID+".cache.example")

	larger := recordDefinition("shop", records, "large")
	i.must(http.StatusOK, http.MethodPatch, org+"/resources/defs/record-shop", map[string]any{"driver_inputs": larger["driver_inputs"]})
	changed := i.succeeded("shop", i.deploy("shop", map[string]any{"comment": "a larger cache"}))
	require.Equal(t, []int{1, 1}, []int{records.Len(), records.Created("shop")}, "changed in place")
	require.Equal(t, "large", records.Named("shop")[0].Value)
	require.Equal(t, made.ID, records.Named("shop")[0].ID)
	counts := delivered.FindStringSubmatch(i.logText("shop", changed["id"].(string)))
	require.NotNil(t, counts, i.logText("shop", changed["id"].(string)))
	require.Equal(t, "0", counts[3], "nothing is removed")
	require.NotEqual(t, counts[1], counts[2], "what is unchanged is not written")

	i.must(http.StatusOK, http.MethodPatch, org+"/resources/defs/record-shop",
		map[string]any{"driver_inputs": recordDefinition("shop", records, "small")["driver_inputs"]})
	i.succeeded("shop", i.deploy("shop", map[string]any{"set_id": first["set_id"], "comment": "back"}))
	require.Equal(t, "small", records.Named("shop")[0].Value, "rolled back at the backend, too")
	require.Equal(t, []int{1, 1}, []int{records.Len(), records.Created("shop")})

	t.Run("a rollout that fails says why", func(t *testing.T) {
		i := i.as(t)
		broken := map[string]any{"modules": map[string]any{"update": map[string]any{"orders": []any{map[string]any{
			"op": "add", "path": "/spec/pod", "value": map[string]any{"annotations": map[string]any{"slipway.dev/simulate": "CrashLoopBackOff"}}}}}}}
		id := i.deploy("shop", map[string]any{"delta_id": i.delta("shop", broken)})
		require.Equal(t, "failed", i.finished("shop", id)["status"])
		for _, text := range []string{fmt.Sprint(i.deploymentErrors("shop", id)), i.logText("shop", id)} {
			for _, want := range []string{`Deployment "orders" in namespace "shop-development"`, `pod "orders-`, "CrashLoopBackOff: exit code 3", "ends with exit code 3"} {
				require.Contains(t, text, want)
			}
		}
		require.Equal(t, 1, records.Len())
		back := i.succeeded("shop", i.deploy("shop", map[string]any{"set_id": first["set_id"]}))
		require.Equal(t, first["set_id"], back["set_id"])
		require.Equal(t, 1, ready(t, client, "shop-development")["orders"])
	})
	t.Run("taken down", func(t *testing.T) {
		i := i.as(t)
		status, _ := i.call(http.MethodDelete, org+"/apps/shop", nil)
		require.Equal(t, http.StatusAccepted, status)
		i.vanishes(org + "/apps/shop")
		_, err := client.CoreV1().Namespaces().Get(context.Background(), "shop-development", metav1.GetOptions{})
		require.True(t, apierrors.IsNotFound(err), "the namespace is gone: %v", err)
		require.Zero(t, records.Len(), "the backend has nothing left")
		require.Equal(t, 1, records.Created("shop"), "it was made once in all that time")
	})
}
