package pipeline_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/pipeline"
)

// corpus finds the folder of real pipelines, which is no part of the project.
func corpus(t *testing.T) []string {
	t.Helper()
	for _, up := range []string{"../../../shared/corpus", "../../../../shared/corpus"} {
		if files, err := filepath.Glob(filepath.Join(up, "pipelines", "*.yaml")); err == nil && len(files) > 0 {
			return files
		}
	}
	t.Skip("the corpus of real pipelines is not there")
	return nil
}

func TestRealPipelinesAreValid(t *testing.T) {
	t.Parallel()
	for _, file := range corpus(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			require.NoError(t, err)
			document, warnings, err := pipeline.Parse(raw)
			require.NoError(t, err)
			require.NotEmpty(t, document.Jobs)
			for _, w := range warnings {
				t.Log(w)
			}
		})
	}
}
