package manifest_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"sigs.k8s.io/yaml"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/placeholder"
)

var profiles = []string{"", manifest.ProfileJob, manifest.ProfileCronJob, manifest.ProfileDaemonSet, manifest.ProfileStatefulSet}

// checkRendering holds for every input: no panic, the same answer twice, either objects or an error with problems,
// secrets inside Secrets only.
func checkRendering(t require.TestingT, w manifest.Workload) {
	objects, err := manifest.Render(w)
	again, errAgain := manifest.Render(w)
	if err != nil {
		var failed *manifest.Error
		require.ErrorAs(t, err, &failed)
		require.NotEmpty(t, failed.Problems)
		require.Nil(t, objects)
		require.Error(t, errAgain)
		require.Equal(t, err.Error(), errAgain.Error())
		require.NotContains(t, err.Error(), "topsecret")
		return
	}
	require.Equal(t, objects, again)
	require.NotEmpty(t, objects)
	for _, object := range objects {
		raw, err := json.Marshal(placeholder.Redact(object.Tree))
		require.NoError(t, err)
		require.NotContains(t, string(raw), "topsecret")
		if object.Kind() != "Secret" {
			require.False(t, placeholder.ContainsSecret(object.Tree))
		}
	}
}

func FuzzRender(f *testing.F) {
	for _, name := range []string{"module", "job", "cronjob", "daemonset", "statefulset"} {
		raw, err := os.ReadFile(filepath.Join("testdata", name+".input.yaml"))
		require.NoError(f, err)
		var in struct{ Spec any }
		require.NoError(f, yaml.Unmarshal(raw, &in))
		spec, err := json.Marshal(in.Spec)
		require.NoError(f, err)
		f.Add(spec, uint8(len(name)))
	}
	f.Add([]byte(`{"containers":{"c":{"image":"i","variables":{"A":"secret:topsecret"},"args":["$(_DOWNWARD_API_pod.metadata.name)"]}}}`), uint8(0))
	f.Fuzz(func(t *testing.T, raw []byte, profile uint8) {
		var spec map[string]any
		if json.Unmarshal(raw, &spec) != nil {
			t.Skip("not an object")
		}
		sealed, _ := seal(spec).(map[string]any)
		if shown, err := json.Marshal(placeholder.Redact(sealed)); err != nil || strings.Contains(string(shown), "topsecret") {
			t.Skip("the secret is plain text already")
		}
		checkRendering(t, manifest.Workload{ID: "api", Namespace: "ns", Spec: sealed, Profile: profiles[int(profile)%len(profiles)]})
	})
}

func FuzzFromResource(f *testing.F) {
	f.Add("apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: a}, data: {p: x}}\n---\na: &a [*a]", true)
	f.Fuzz(func(t *testing.T, text string, secret bool) {
		objects, err := manifest.FromResource(manifest.Manifest{Location: "namespace", Data: text, Secret: secret}, "ns")
		if err != nil {
			require.Nil(t, objects)
			return
		}
		for _, object := range objects {
			require.NotEmpty(t, object.Kind())
			require.NotEmpty(t, object.Name())
		}
		manifest.Sort(objects)
	})
}

// Whatever single value of a valid module is replaced by anything else: no panic, and no secret comes out.
func TestRenderAnyValueAnywhere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := readInput(t, rapid.SampledFrom([]string{"module", "job", "cronjob"}).Draw(rt, "workload"))
		var leaves []func(v any)
		collect(w.Spec, &leaves)
		set := rapid.SampledFrom(leaves).Draw(rt, "place")
		set(rapid.SampledFrom([]any{
			nil, "", "text", "$(_DOWNWARD_API_pod.metadata.name)", 1.0, -1.5, 1e300, true, map[string]any{}, map[string]any{"k": "v"},
			[]any{}, []any{nil}, []any{"x", 1.0}, placeholder.Secret{Value: "topsecret"}, map[string]any{"k": placeholder.Secret{Value: "topsecret"}},
			[]any{placeholder.Secret{Value: "topsecret"}},
		}).Draw(rt, "value"))
		checkRendering(rt, w)
	})
}

func collect(v any, into *[]func(v any)) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range sortedKeys(v) {
			*into = append(*into, func(value any) { v[key] = value })
			collect(v[key], into)
		}
	case []any:
		for i := range v {
			*into = append(*into, func(value any) { v[i] = value })
			collect(v[i], into)
		}
	}
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func BenchmarkRender(b *testing.B) {
	w := readInput(b, "module")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := manifest.Render(w); err != nil {
			b.Fatal(err)
		}
	}
}
