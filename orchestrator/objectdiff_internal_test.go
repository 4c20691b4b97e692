package orchestrator

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/placeholder"
)

// TestDiffShowsNoSecrets: what is sealed, and what repeats it, is only said to differ.
func TestDiffShowsNoSecrets(t *testing.T) {
	t.Parallel()
	object := func(kind, name string, data map[string]any) manifest.Object {
		return manifest.Object{From: "modules.api", Tree: map[string]any{"apiVersion": "v1", "kind": kind, "metadata": map[string]any{"name": name}, "data": data}}
	}
	secret := func(text string) placeholder.Secret { return placeholder.Secret{Value: text} }
	before := []manifest.Object{
		object("ConfigMap", "gone", nil), object("ConfigMap", "same", map[string]any{"k": secret("old-secret")}),
		object("ConfigMap", "c", map[string]any{"sealed": secret("old-secret"), "short": secret("ab"), "copy": "has old-secret in it", "plain": "1"}),
		object("Secret", "s", map[string]any{"k": "b2xkLXNlY3JldA=="}),
	}
	after := []manifest.Object{
		object("ConfigMap", "same", map[string]any{"k": secret("old-secret")}),
		object("ConfigMap", "c", map[string]any{"sealed": secret("new-secret"), "short": "ab", "copy": "x", "plain": "2", "fresh": map[string]any{"deep": secret("new-secret")}}),
		object("Secret", "s", map[string]any{"k": "bmV3LXNlY3JldA=="}), object("Secret", "new", map[string]any{"k": "bmV3LXNlY3JldA=="}),
	}
	diff := diffObjects(before, after)
	raw, err := json.Marshal(diff)
	require.NoError(t, err)
	for _, hidden := range []string{"old-secret", "new-secret", "bmV3", "b2xk", `\"ab\"`} {
		require.NotContains(t, string(raw), hidden)
	}
	states := map[string]string{}
	for _, o := range diff {
		states[o.Kind+" "+o.Name] = o.State
	}
	require.Equal(t, map[string]string{"ConfigMap c": ObjectChanged, "Secret s": ObjectChanged, "Secret new": ObjectAdded, "ConfigMap gone": ObjectRemoved}, states)
	paths := map[string]bool{}
	for _, c := range diff[0].Changes {
		paths[c.Path] = c.Secret
	}
	require.Equal(t, map[string]bool{"/data/sealed": true, "/data/short": true, "/data/copy": true, "/data/fresh": true, "/data/plain": false}, paths)
}
