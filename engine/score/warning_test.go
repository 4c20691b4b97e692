package score_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/score"
)

// A placeholder that nobody knows does not keep a file from being converted:
// it stays, is pointed out, and fails the deployment.
func TestUnknownPlaceholdersAreWarnings(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ variable, warning string }{
		"old root":     {"${resource.db.host}", `did you mean "resources"?`},
		"unknown root": {"${FOO}", "neither ${metadata.<key>} nor ${resources.<name>.<output>}; write $${FOO}"},
		"in an image":  {"x:${value.app.tag}", `did you mean "values"?`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := score.Convert(score.Input{Spec: parse(t, workload("variables: {A: '"+tc.variable+"'}", someResources))})
			require.NoError(t, err)
			require.Len(t, out.Warnings, 1)
			require.Equal(t, "containers.main.variables.A", out.Warnings[0].Path)
			require.Contains(t, out.Warnings[0].Message, tc.warning)
			spec := out.Modules[out.Name]["spec"].(map[string]any)
			main := spec["containers"].(map[string]any)["main"].(map[string]any)
			require.Equal(t, tc.variable, main["variables"].(map[string]any)["A"])
		})
	}
}
