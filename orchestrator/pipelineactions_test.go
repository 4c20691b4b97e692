package orchestrator

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/pipeline"
)

// TestEveryActionCanBeCarriedOut: the registry that documents are checked against, and what carries steps out, are one list.
func TestEveryActionCanBeCarriedOut(t *testing.T) {
	t.Parallel()
	for _, a := range pipeline.Actions() {
		action, known := pipelineActions(a.Ref.Name)
		require.True(t, known, "%s is in the registry and nothing carries it out", a.Ref)
		require.NotNil(t, action.Do, a.Ref)
	}
	_, known := pipelineActions("humanitec/none")
	require.False(t, known)
}
