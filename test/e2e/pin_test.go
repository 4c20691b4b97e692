package e2e

import (
	"net/http"

	"github.com/stretchr/testify/require"
)

// pinnedVersion changes a definition under a resource that is pinned to its
// former version: the pin decides until it is taken away.
func pinnedVersion(i *instance) {
	t := i.t
	i.app("pins")
	inputs := func(host string) map[string]any {
		return map[string]any{"values": map[string]any{"host": host, "port": 1}}
	}
	first := i.must(http.StatusOK, http.MethodPost, org+"/resources/defs", map[string]any{
		"id": "pins-cache", "name": "cache", "type": "redis", "driver_type": "humanitec/echo", "driver_inputs": inputs("one"),
		"criteria": []any{map[string]any{"app_id": "pins"}},
	})
	module := plainModule("busybox:1")
	module["externals"] = map[string]any{"cache": map[string]any{"type": "redis"}}
	i.succeeded("pins", i.deploy("pins", map[string]any{"delta_id": i.delta("pins", addModule("m", module))}))
	resource := envPath("pins", "development") + "/resources/redis/modules.m.externals.cache"
	host := func() string {
		t.Helper()
		i.succeeded("pins", i.deploy("pins", map[string]any{}))
		for _, r := range i.list(envPath("pins", "development") + "/resources") {
			if r["res_id"] == "modules.m.externals.cache" {
				return r["resource"].(map[string]any)["host"].(string)
			}
		}
		return ""
	}
	i.must(http.StatusOK, http.MethodPut, org+"/resources/defs/pins-cache", map[string]any{"name": "cache", "driver_inputs": inputs("two")})
	i.must(http.StatusOK, http.MethodPost, resource+"/actions/pin", map[string]any{"target_def_version_id": first["active_version_id"]})
	require.Equal(t, "one", host())
	i.must(http.StatusOK, http.MethodPost, resource+"/actions/pin", map[string]any{"target_def_version_id": nil})
	require.Equal(t, "two", host())
}
