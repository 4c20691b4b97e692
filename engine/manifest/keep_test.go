package manifest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/manifest"
)

func TestHoldsData(t *testing.T) {
	t.Parallel()
	annotated := func(v any) map[string]any {
		return map[string]any{"name": "x", "annotations": map[string]any{manifest.AnnotationKeep: v}}
	}
	cases := map[string]struct {
		apiVersion, kind string
		metadata         any
		want             bool
	}{
		"a claim":                      {"v1", "PersistentVolumeClaim", map[string]any{"name": "x"}, true},
		"a volume":                     {"v1", "PersistentVolume", nil, true},
		"a claim that may go":          {"v1", "PersistentVolumeClaim", annotated("false"), false},
		"a Deployment":                 {"apps/v1", "Deployment", map[string]any{"name": "x"}, false},
		"a database of an operator":    {"postgresql.cnpg.io/v1", "Cluster", annotated("true"), true},
		"a kind that is only so named": {"example.com/v1", "PersistentVolumeClaim", nil, false},
		"an annotation of nonsense":    {"v1", "PersistentVolumeClaim", annotated("perhaps"), true},
		"an annotation that is no map": {"v1", "ConfigMap", map[string]any{"annotations": "x"}, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := manifest.Object{Tree: map[string]any{"apiVersion": tc.apiVersion, "kind": tc.kind, "metadata": tc.metadata}}
			require.Equal(t, tc.want, manifest.HoldsData(o))
		})
	}
}
