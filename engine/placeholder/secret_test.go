package placeholder_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"sigs.k8s.io/yaml"

	"github.com/slipway-dev/slipway/engine/placeholder"
)

func TestSecretIsNeverShown(t *testing.T) {
	t.Parallel()
	tree := map[string]any{"user": "app", "password": placeholder.Secret{Value: "hunter2"}}
	asJSON, err := json.Marshal(tree)
	require.NoError(t, err)
	asYAML, err := yaml.Marshal(tree)
	require.NoError(t, err)
	for _, shown := range []string{
		string(asJSON), string(asYAML),
		fmt.Sprint(tree), fmt.Sprintf("%v %+v %#v %s %q %x", tree, tree, tree, tree, tree, tree),
		fmt.Sprint(fmt.Errorf("broken: %v", tree["password"])),
		placeholder.Secret{Value: "hunter2"}.String(),
	} {
		require.NotContains(t, shown, "hunter2")
		require.NotContains(t, shown, "68756e74657232")
		require.Contains(t, shown, "(secret)")
	}
	require.Equal(t, map[string]any{"user": "app", "password": "(secret)"}, placeholder.Redact(tree))
}

func TestSealCoversEveryScalar(t *testing.T) {
	t.Parallel()
	sealed := placeholder.Seal(map[string]any{"a": 1.0, "b": []any{true, map[string]any{}}, "c": nil})
	require.Equal(t, map[string]any{
		"a": placeholder.Secret{Value: 1.0},
		"b": []any{placeholder.Secret{Value: true}, map[string]any{}},
		"c": nil,
	}, sealed)
	require.Equal(t, map[string]any{}, placeholder.Seal(map[string]any{}))
	require.False(t, placeholder.ContainsSecret(placeholder.Seal(map[string]any{"a": []any{}})))
	require.True(t, placeholder.ContainsSecret([]any{map[string]any{"a": placeholder.Seal("x")}}))
}

func TestSealAndRevealAreInverse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tree := jsonTree(3).Draw(t, "tree")
		sealed := placeholder.Seal(tree)
		require.Equal(t, tree, placeholder.Reveal(sealed))
		require.Equal(t, sealed, placeholder.Seal(sealed))
		require.False(t, placeholder.ContainsSecret(placeholder.Redact(sealed)))
	})
}

// jsonTree generates JSON documents of at most the given depth.
func jsonTree(depth int) *rapid.Generator[any] {
	leaves := []*rapid.Generator[any]{
		rapid.Just[any](nil), rapid.Bool().AsAny(), rapid.Float64Range(-1e6, 1e6).AsAny(), rapid.String().AsAny(),
		rapid.SampledFrom([]string{"${a.b}", "x${a.b}y", `$\{a}`, "$", "$$", "{"}).AsAny(),
	}
	if depth == 0 {
		return rapid.OneOf(leaves...)
	}
	child := jsonTree(depth - 1)
	return rapid.OneOf(append(leaves,
		rapid.MapOfN(rapid.String(), child, 0, 4).AsAny(),
		rapid.SliceOfN(child, 0, 4).AsAny())...)
}
