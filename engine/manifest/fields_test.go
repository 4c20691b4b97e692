package manifest_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/placeholder"
)

// fieldCase says where one field of a spec ends (testdata/fields.yaml).
type fieldCase struct {
	Field, Profile, Object, At string
	Spec                       map[string]any
	Want                       any
}

func TestEveryFieldOfASpec(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("testdata", "fields.yaml"))
	require.NoError(t, err)
	var cases []fieldCase
	require.NoError(t, yaml.UnmarshalStrict(raw, &cases))
	for _, c := range cases {
		t.Run(c.Field, func(t *testing.T) {
			t.Parallel()
			spec, _ := seal(c.Spec).(map[string]any)
			if spec["containers"] == nil {
				spec["containers"] = map[string]any{"main": map[string]any{"image": "i:1"}}
			}
			w := manifest.Workload{ID: "api", Namespace: "ns", Spec: spec, ChecksumKey: []byte("k")}
			if c.Profile != "" {
				w.Profile = "humanitec/" + c.Profile
			}
			objects, err := manifest.Render(w)
			require.NoError(t, err)
			for _, o := range objects {
				decodeStrictly(t, o)
				if o.Kind()+"/"+o.Name() == c.Object {
					want, err := json.Marshal(c.Want)
					require.NoError(t, err)
					got, err := json.Marshal(valueAt(placeholder.Reveal(o.Tree), c.At))
					require.NoError(t, err)
					require.JSONEq(t, string(want), string(got))
					return
				}
			}
			require.Fail(t, "no such object", c.Object)
		})
	}
}

// valueAt finds a value by its JSON pointer; nil when there is none.
func valueAt(v any, pointer string) any {
	for _, step := range strings.Split(pointer, "/")[1:] {
		step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
		switch at := v.(type) {
		case map[string]any:
			v = at[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(at) {
				return nil
			}
			v = at[i]
		default:
			return nil
		}
	}
	return v
}
