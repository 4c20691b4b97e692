package score_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/score"
)

// Whatever text a Score file holds, the module has well-formed placeholders only, and they lead to something known.
func TestAnyTextGivesWellFormedPlaceholders(t *testing.T) {
	t.Parallel()
	base := parse(t, workload("", someResources))
	converted := 0
	piece := rapid.SampledFrom([]string{"$", "$$", "{", "}", "${", "$${", `\`, ".", "[", `"`, `["a.b"]`, "resources", "resources.db.", "values.",
		"externals.db.", "metadata.price", "metadata.name", "pod", "x", " ", "-", ":-", "é"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "text"), "")
		out, err := score.Convert(score.Input{Spec: base, PropertyOverrides: map[string]any{
			rapid.SampledFrom([]string{
				"containers.main.variables.V", "containers.main.args", "containers.main.files", "resources.db.params.p",
			}).Draw(t, "place"): text,
			"containers.main.command": []any{text},
		}})
		if err != nil {
			require.ErrorContains(t, err, "score: ")
			return
		}
		converted++
		checkOutput(t, text, out)
	})
	require.Positive(t, converted)
}

// Text that is not to be expanded reaches the container as it was written.
func TestVerbatimTextSurvivesResolution(t *testing.T) {
	t.Parallel()
	base := parse(t, workload("", ""))
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOfN(rapid.SampledFrom([]string{"$", "$$", "${HOME}", "${X:-a.b}", "{", "}", "${", `\`, "x", " ", "${values}"}), 0, 10).Draw(t, "pieces")
		text := strings.Join(pieces, "")
		if text == "" {
			return
		}
		out, err := score.Convert(score.Input{Spec: base, PropertyOverrides: map[string]any{
			"containers.main.files": map[string]any{"/f": map[string]any{"content": text, "noExpand": true}},
		}})
		require.NoError(t, err)
		container := out.Modules["web"]["spec"].(map[string]any)["containers"].(map[string]any)["main"].(map[string]any)
		value := container["files"].(map[string]any)["/f"].(map[string]any)["value"]
		resolved, err := placeholder.Resolve(value, func(ref placeholder.Reference) (any, error) {
			require.Fail(t, "a placeholder was left", ref.Raw)
			return nil, nil
		})
		require.NoError(t, err)
		require.Equal(t, text, resolved)
	})
}
