package orchestrator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

// TestRuntimeCluster leads an environment from its own cluster to a repository and back.
func TestRuntimeCluster(t *testing.T) {
	t.Parallel()
	l := newLife(t, sqlite(t))
	where := func() (*orchestrator.RuntimeCluster, string) {
		t.Helper()
		got, why, err := orchestrator.RuntimeClusterOf(l.ctx, l.records, l.keeper, l.ref)
		require.NoError(t, err)
		return got, why
	}
	server := func(name string) map[string]any {
		return map[string]any{"name": name, "cluster_data": map[string]any{"server": "https://" + name + ":6443"}}
	}
	l.match("cluster")
	l.define("direct", "k8s-cluster", "humanitec/k8s-cluster", server("direct"), resource.Criteria{})
	got, why := where()
	require.Nil(t, got)
	require.Contains(t, why, "has not been deployed")

	l.deploy(needs{}, succeeded)
	got, _ = where()
	require.Equal(t, []any{"k8s-cluster", "k8s", "direct", "shop-development"},
		[]any{got.Resource, got.Target.Type, got.Target.Values["name"], got.Target.Namespace})

	l.match("direct")
	l.define("gitops", "k8s-cluster", "humanitec/k8s-cluster-git", map[string]any{"url": "https://git.example.com/r.git"}, resource.Criteria{})
	l.deploy(needs{}, succeeded)
	got, why = where()
	require.Nil(t, got, "a repository runs nothing, and the general definition matches the runtime id by chance only")
	require.Contains(t, why, "k8s-cluster-runtime")

	l.define("follower", "k8s-cluster", "humanitec/k8s-cluster", server("follower"), resource.Criteria{ResID: orchestrator.RuntimeClusterID, EnvType: "development"})
	l.define("another", "k8s-cluster", "humanitec/k8s-cluster", server("another"), resource.Criteria{ResID: orchestrator.RuntimeClusterID, AppID: "other"})
	l.deploy(needs{}, succeeded)
	got, _ = where()
	require.Equal(t, []any{"k8s-cluster-runtime", "k8s", "follower"}, []any{got.Resource, got.Target.Type, got.Target.Values["name"]})

	l.match("follower")
	l.match("gitops")
	l.match("direct", resource.Criteria{})
	l.deploy(needs{}, succeeded)
	got, _ = where()
	require.Equal(t, []any{"k8s-cluster", "direct"}, []any{got.Resource, got.Target.Values["name"]}, "the other one is not asked for any more")
}
