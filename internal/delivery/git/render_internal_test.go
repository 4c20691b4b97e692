package git

import (
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

func TestAnyTextCanBeReadBack(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"plain", "\t\n", "\x7f", "a\u0080b\n", "é\u0085", "\"\u009f\\", "\u2028\n", "\ufeff"} {
		tree := map[string]any{"kind": "ConfigMap", "data": map[string]any{"a": text, text: "key"}}
		raw, err := renderYAML(Object{}, tree)
		require.NoError(t, err, "%q", text)
		var back map[string]any
		require.NoError(t, yaml.Unmarshal(raw, &back), "%q: %s", text, raw)
		require.Equal(t, tree, back, "%q", text)
	}
}
