package e2e

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/runner/recordtest"
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
	if testing.Short() {
		t.Skip("starts a Kubernetes control plane")
	}
	recordtest.Terraform(t) // built by now, if it has to be, so that the deployment need not wait for it
	i := newInstance(t, "SLIPWAY_CLUSTER=dev", fmt.Sprintf("SLIPWAY_CLUSTER_PORT=%d", freePort(t)))
	i.start()
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
	t.Run("rolled back", func(t *testing.T) {
		i.must(http.StatusOK, http.MethodGet, envPath("tf", "development"), nil)
		i.succeeded("tf", i.deploy("tf", map[string]any{"set_id": d["set_id"]}))
	})
	t.Run("taken down", func(t *testing.T) {
		status, _ := i.call(http.MethodDelete, org+"/apps/tf", nil)
		require.Equal(t, http.StatusAccepted, status)
		i.vanishes(org + "/apps/tf")
	})
}
