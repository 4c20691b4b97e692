package manifest_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"sigs.k8s.io/yaml"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/placeholder"
)

var update = flag.Bool("update", false, "write golden files")

// input is a Workload as a test file spells it; a string that begins with secret: is a secret.
type input struct {
	ID, Profile, Namespace, Org, App, Env string
	PullSecrets                           []string
	ChecksumKey                           string
	Injected                              []manifest.Injection
	Spec                                  map[string]any
}

func readInput(t testing.TB, name string) manifest.Workload {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name+".input.yaml"))
	require.NoError(t, err)
	return workload(t, string(raw))
}

func workload(t testing.TB, text string) manifest.Workload {
	t.Helper()
	var in input
	require.NoError(t, yaml.UnmarshalStrict([]byte(text), &in))
	spec, _ := seal(in.Spec).(map[string]any)
	w := manifest.Workload{
		ID: in.ID, Profile: in.Profile, Spec: spec, Namespace: in.Namespace, OrgID: in.Org, AppID: in.App, EnvID: in.Env,
		Injected: in.Injected, PullSecrets: in.PullSecrets, ChecksumKey: []byte(in.ChecksumKey),
	}
	for i := range w.Injected {
		w.Injected[i].Data = seal(w.Injected[i].Data)
	}
	return w
}

func seal(v any) any {
	switch v := v.(type) {
	case string:
		if value, ok := strings.CutPrefix(v, "secret:"); ok {
			return placeholder.Secret{Value: value}
		}
	case map[string]any:
		for key := range v {
			v[key] = seal(v[key])
		}
	case []any:
		for i := range v {
			v[i] = seal(v[i])
		}
	}
	return v
}

// module is a small valid workload around a spec.
func module(t testing.TB, spec string) manifest.Workload {
	t.Helper()
	var tree map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(spec), &tree))
	sealed, _ := seal(tree).(map[string]any)
	return manifest.Workload{ID: "api", Namespace: "ns", Spec: sealed}
}

func toYAML(t testing.TB, objects []manifest.Object) string {
	t.Helper()
	var out strings.Builder
	for _, object := range objects {
		text, err := yaml.Marshal(placeholder.Redact(object.Tree))
		require.NoError(t, err)
		out.WriteString("# " + object.From + " " + object.Ref() + "\n" + string(text) + "---\n")
	}
	return out.String()
}

// decodeStrictly reads a rendered object into its Kubernetes type and fails on anything that the type does not know.
func decodeStrictly(t testing.TB, object manifest.Object) any {
	t.Helper()
	types := map[string]any{
		"Deployment": &appsv1.Deployment{}, "Job": &batchv1.Job{}, "CronJob": &batchv1.CronJob{}, "Service": &corev1.Service{},
		"DaemonSet": &appsv1.DaemonSet{}, "StatefulSet": &appsv1.StatefulSet{},
		"ConfigMap": &corev1.ConfigMap{}, "Secret": &corev1.Secret{}, "PodDisruptionBudget": &policyv1.PodDisruptionBudget{},
	}
	into, ok := types[object.Kind()]
	require.True(t, ok, "unexpected kind %s", object.Kind())
	raw, err := json.Marshal(placeholder.Reveal(object.Tree))
	require.NoError(t, err)
	require.NoError(t, yaml.UnmarshalStrict(raw, into, yaml.DisallowUnknownFields), object.Ref())
	return into
}

func find[T any](t testing.TB, objects []manifest.Object, kind, name string) T {
	t.Helper()
	for _, object := range objects {
		if object.Kind() == kind && object.Name() == name {
			typed, ok := decodeStrictly(t, object).(T)
			require.True(t, ok)
			return typed
		}
	}
	require.Failf(t, "not rendered", "%s %s", kind, name)
	panic("unreachable")
}

func TestRenderGolden(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"module", "job", "cronjob", "daemonset", "statefulset"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			objects, err := manifest.Render(readInput(t, name))
			require.NoError(t, err)
			for _, object := range objects {
				decodeStrictly(t, object)
			}
			golden := filepath.Join("testdata", name+".golden.yaml")
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(toYAML(t, objects)), 0o600))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), toYAML(t, objects))
		})
	}
}
