package ui

import (
	"os"
	"testing"

	"github.com/score-spec/score-go/schema"
	"github.com/stretchr/testify/require"
)

// The editor proposes what the API accepts: its copy of the Score schema is the
// one that the conversion checks with.
func TestScoreSchemaIsTheConversions(t *testing.T) {
	t.Parallel()
	copied, err := os.ReadFile("src/pages/change/score-v1b1.json")
	require.NoError(t, err)
	require.JSONEq(t, schema.ScoreSchemaV1b1, string(copied), "copy schema/files/score-v1b1.json of github.com/score-spec/score-go")
}
