package manifest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/manifest"
)

func TestLeaveReplicas(t *testing.T) {
	t.Parallel()
	tree := func(apiVersion, kind, namespace, name string, spec map[string]any) manifest.Object {
		return manifest.Object{Tree: map[string]any{"apiVersion": apiVersion, "kind": kind, "spec": spec,
			"metadata": map[string]any{"name": name, "namespace": namespace}}}
	}
	target := func(kind, name string) map[string]any {
		return map[string]any{"scaleTargetRef": map[string]any{"apiVersion": "apps/v1", "kind": kind, "name": name}}
	}
	cases := map[string]struct {
		autoscaler manifest.Object
		left       bool
	}{
		"its own":            {tree("autoscaling/v2", "HorizontalPodAutoscaler", "ns", "a", target("Deployment", "api")), true},
		"an older version":   {tree("autoscaling/v1", "HorizontalPodAutoscaler", "ns", "a", target("Deployment", "api")), true},
		"of another one":     {tree("autoscaling/v2", "HorizontalPodAutoscaler", "ns", "a", target("Deployment", "web")), false},
		"of another kind":    {tree("autoscaling/v2", "HorizontalPodAutoscaler", "ns", "a", target("StatefulSet", "api")), false},
		"in other namespace": {tree("autoscaling/v2", "HorizontalPodAutoscaler", "no", "a", target("Deployment", "api")), false},
		"KEDA": {tree("keda.sh/v1alpha1", "ScaledObject", "ns", "a", map[string]any{
			"scaleTargetRef": map[string]any{"name": "api"}}), true},
		"no autoscaler": {tree("v1", "ConfigMap", "ns", "a", target("Deployment", "api")), false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := tree("apps/v1", "Deployment", "ns", "api", map[string]any{"replicas": "3", "paused": false})
			scaled := manifest.LeaveReplicas([]manifest.Object{api, c.autoscaler})
			spec := api.Tree["spec"].(map[string]any)
			if !c.left {
				require.Empty(t, scaled)
				require.Equal(t, "3", spec["replicas"])
				return
			}
			require.Equal(t, []string{api.Ref()}, scaled)
			require.Equal(t, map[string]any{"paused": false}, spec)
		})
	}
}
