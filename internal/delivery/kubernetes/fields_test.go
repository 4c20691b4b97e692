package kubernetes_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/yaml"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/placeholder"
)

// TestEveryFieldIsTaken asks the API server, which checks every field, about what each field of a spec becomes
// (engine/manifest/testdata/fields.yaml), without making anything.
func TestEveryFieldIsTaken(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered(configMap("any", "1")) // makes the namespace
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "engine", "manifest", "testdata", "fields.yaml"))
	require.NoError(t, err)
	var cases []struct {
		Field, Profile string
		Spec           map[string]any
	}
	require.NoError(t, yaml.Unmarshal(raw, &cases))
	require.NotEmpty(t, cases)
	resources := map[string]string{"Deployment": "apps/v1/deployments", "StatefulSet": "apps/v1/statefulsets", "DaemonSet": "apps/v1/daemonsets",
		"Job": "batch/v1/jobs", "CronJob": "batch/v1/cronjobs", "Service": "v1/services", "ConfigMap": "v1/configmaps", "Secret": "v1/secrets"}
	var group errgroup.Group
	group.SetLimit(8)
	for _, c := range cases {
		spec, _ := sealed(c.Spec).(map[string]any)
		if spec["containers"] == nil {
			spec["containers"] = map[string]any{"main": map[string]any{"image": "i:1"}}
		}
		w := manifest.Workload{ID: "api", Namespace: e.namespace, Spec: spec, ChecksumKey: []byte("k")}
		if c.Profile != "" {
			w.Profile = "humanitec/" + c.Profile
		}
		objects, err := manifest.Render(w)
		require.NoError(t, err, c.Field)
		for _, o := range objects {
			body, err := json.Marshal(placeholder.Reveal(o.Tree))
			require.NoError(t, err)
			require.NotEmpty(t, resources[o.Kind()], o.Kind())
			group.Go(func() error {
				_, err := e.resource(resources[o.Kind()], e.namespace).Patch(t.Context(), o.Name(), types.ApplyPatchType, body, metav1.PatchOptions{
					FieldManager: "slipway", FieldValidation: metav1.FieldValidationStrict, DryRun: []string{metav1.DryRunAll},
				})
				if err != nil {
					t.Errorf("%s: %s %s: %v", c.Field, o.Kind(), o.Name(), err)
				}
				return nil
			})
		}
	}
	_ = group.Wait()
}

func sealed(v any) any {
	switch v := v.(type) {
	case string:
		if value, ok := strings.CutPrefix(v, "secret:"); ok {
			return placeholder.Secret{Value: value}
		}
	case map[string]any:
		for key := range v {
			v[key] = sealed(v[key])
		}
	case []any:
		for i := range v {
			v[i] = sealed(v[i])
		}
	}
	return v
}
