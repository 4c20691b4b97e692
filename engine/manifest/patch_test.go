package manifest_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/placeholder"
)

func TestNormalize(t *testing.T) {
	t.Parallel()
	spec := map[string]any{"pod": nil, "deployment": map[string]any{"replicas": 1.0}}
	require.Equal(t, map[string]any{"pod": map[string]any{}, "deployment": map[string]any{"replicas": 1.0}}, manifest.Normalize(spec))
	require.Equal(t, map[string]any{"pod": nil, "deployment": map[string]any{"replicas": 1.0}}, spec)
	require.Equal(t, map[string]any{"pod": map[string]any{}, "deployment": map[string]any{}}, manifest.Normalize(nil))
}

func TestParseUpdate(t *testing.T) {
	t.Parallel()
	ops, err := manifest.ParseUpdate([]any{map[string]any{"op": "add", "path": "/spec/a", "value": nil}})
	require.NoError(t, err)
	require.Equal(t, []deployset.Op{{Op: "add", Path: "/spec/a"}}, ops)
	ops, err = manifest.ParseUpdate(nil)
	require.NoError(t, err)
	require.Empty(t, ops)
	for _, bad := range []any{"x", map[string]any{}, []any{"x"}, []any{map[string]any{"op": "add"}}, []any{map[string]any{"op": 1.0, "path": "/spec"}}} {
		_, err := manifest.ParseUpdate(bad)
		require.ErrorContains(t, err, "update")
	}
}

func TestPatch(t *testing.T) {
	t.Parallel()
	module := map[string]any{"spec": map[string]any{"containers": map[string]any{"c": map[string]any{"image": "i", "variables": map[string]any{"S": placeholder.Secret{Value: "x"}}}}}}
	out, err := manifest.Patch(module, []deployset.Op{
		{Op: "add", Path: "/spec/containers/c/variables/A", Value: "a"},
		{Op: "add", Path: "/spec/containers/c/variables/T", Value: placeholder.Secret{Value: "t"}},
		{Op: "add", Path: "/spec/service/annotations/cloud.google.com~1neg", Value: "on"},
		{Op: "add", Path: "/spec/pod/labels", Value: map[string]any{"l": "v"}},
		{Op: "add", Path: "/deploy/when", Value: "before"},
	})
	require.NoError(t, err)
	require.Equal(t, map[string]any{
		"deploy": map[string]any{"when": "before"},
		"spec": map[string]any{
			"containers": map[string]any{"c": map[string]any{"image": "i", "variables": map[string]any{
				"S": placeholder.Secret{Value: "x"}, "A": "a", "T": placeholder.Secret{Value: "t"},
			}}},
			"pod":     map[string]any{"labels": map[string]any{"l": "v"}},
			"service": map[string]any{"annotations": map[string]any{"cloud.google.com/neg": "on"}},
		},
	}, out)
	require.NotContains(t, module["spec"], "pod", "the input is not changed")

	for path, want := range map[string]string{"/externals/x": "may change /spec and /deploy only", "/specs": "may change", "/spec/containers/c/image/x": "apply the update"} {
		_, err := manifest.Patch(module, []deployset.Op{{Op: "add", Path: path, Value: "v"}})
		require.ErrorContains(t, err, want, path)
	}
}

// corpus finds the folder with public material, which is not part of the repository.
func corpus(t *testing.T) string {
	t.Helper()
	root := os.Getenv("SLIPWAY_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(root); err != nil {
		t.Skipf("no corpus at %s; set SLIPWAY_CORPUS to run", root)
	}
	return root
}

// Every update and manifest that the public template tests expect is accepted, and changes a module that renders.
func TestCorpusTemplates(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(corpus(t), "template-tests", "*.expected.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	applied, placed, injected := 0, 0, 0
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		var expected struct {
			Values    map[string]any
			Manifests map[string]manifest.Injection
		}
		require.NoError(t, json.Unmarshal(raw, &expected), file)
		w := module(t, "containers: {c: {image: i}}")
		ops, err := manifest.ParseUpdate(expected.Values["update"])
		require.NoError(t, err, file)
		patched, err := manifest.Patch(map[string]any{"spec": manifest.Normalize(w.Spec)}, ops)
		require.NoError(t, err, file)
		w.Spec, _ = patched["spec"].(map[string]any)
		applied += len(ops)
		for name, m := range expected.Manifests {
			m.Name, m.From = name, "test"
			if strings.HasPrefix(m.Location, "container") || strings.HasPrefix(m.Location, "volume") {
				w.Injected = append(w.Injected, m)
				injected++
				continue
			}
			objects, err := manifest.FromResource(manifest.Manifest{Location: m.Location, Name: name, Data: m.Data, From: "test"}, "ns")
			require.NoError(t, err, file)
			placed += len(objects)
		}
		objects, err := manifest.Render(w)
		require.NoError(t, err, file)
		deployment := find[*appsv1.Deployment](t, objects, "Deployment", "api")
		if name, ok := w.Spec["serviceAccountName"].(string); ok {
			require.Equal(t, name, deployment.Spec.Template.Spec.ServiceAccountName)
		}
	}
	require.Positive(t, applied)
	require.Positive(t, placed)
	require.Positive(t, injected)
	t.Logf("%d operations, %d objects, %d injections", applied, placed, injected)
}
