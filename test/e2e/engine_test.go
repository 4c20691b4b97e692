package e2e

import (
	"net/http"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/runner/recordtest"
)

// engineOnDemand deploys a resource whose definition wants OpenTofu. Where that
// is not on PATH, `slipway dev` uses the one that it builds itself; a machine
// that has terraform only does not build it for this test.
func engineOnDemand(i *instance) {
	if recordtest.Engines(i.t)["opentofu"] == "" {
		i.t.Skip("OpenTofu was not built yet, and is not built where terraform is installed")
	}
	i.app("engine")
	i.must(http.StatusOK, http.MethodPost, org+"/resources/defs", map[string]any{
		"id": "tofu-bucket", "name": "bucket", "type": "s3", "driver_type": "humanitec/terraform", "criteria": []any{map[string]any{"app_id": "engine"}},
		"driver_inputs": map[string]any{"values": map[string]any{
			"engine": "opentofu", "script": bucketModule, "variables": map[string]any{"name": "${context.app.id}-bucket"},
		}},
	})
	module := plainModule("nginx:1")
	module["externals"] = map[string]any{"store": map[string]any{"type": "s3"}}
	i.succeeded("engine", i.deploy("engine", map[string]any{"delta_id": i.delta("engine", addModule("api", module))}))
	status, _ := i.call(http.MethodDelete, org+"/apps/engine", nil)
	require.Equal(i.t, http.StatusAccepted, status)
	i.vanishes(org + "/apps/engine")
	i.must(http.StatusNoContent, http.MethodDelete, org+"/resources/defs/tofu-bucket", nil)
}
