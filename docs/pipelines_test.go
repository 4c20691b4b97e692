package docs_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/pipeline"
)

const pipelinesPage = "reference/pipelines.md"

// actionsTable is what the page says of actions.
func actionsTable() string {
	var b strings.Builder
	b.WriteString("| action | with | outputs |\n|---|---|---|\n")
	for _, a := range pipeline.Actions() {
		summary := "`" + strings.TrimPrefix(a.Ref.Name, "humanitec/") + "`"
		for _, alias := range a.Aliases {
			summary += ", `" + strings.TrimPrefix(alias, "humanitec/") + "`"
		}
		fmt.Fprintf(&b, "| %s<br>%s | %s | %s |\n", summary, a.Summary, fieldsOf(a, a.Inputs), fieldsOf(a, a.Outputs))
	}
	return b.String()
}

func fieldsOf(a pipeline.Action, fields []pipeline.Field) string {
	var out []string
	for _, f := range fields {
		notes := []string{f.Type}
		if f.Required {
			notes = append(notes, "required")
		}
		if slices.Contains(a.Either, f.Name) {
			if a.Exclusive {
				notes = append(notes, "one of "+strings.Join(a.Either, ", "))
			} else {
				notes = append(notes, "one or more of "+strings.Join(a.Either, ", "))
			}
		}
		if len(f.OneOf) > 0 {
			notes = append(notes, strings.Join(f.OneOf, " "))
		}
		if len(f.Aliases) > 0 {
			notes = append(notes, "also `"+strings.Join(f.Aliases, "`, `")+"`")
		}
		out = append(out, fmt.Sprintf("`%s` (%s): %s", f.Name, strings.Join(notes, "; "), f.Description))
	}
	return strings.Join(out, "<br>")
}

// TestPipelinesPageIsTrue compares the page with the registry of actions, the functions and the contexts, and reads its examples.
// SLIPWAY_UPDATE=1 writes the table of actions anew.
func TestPipelinesPageIsTrue(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(pipelinesPage)
	require.NoError(t, err)
	const mark = "<!-- actions: checked against the registry -->\n"
	before, table, found := strings.Cut(string(raw), mark)
	require.True(t, found, "%s has lost the mark of its table of actions", pipelinesPage)
	if os.Getenv("SLIPWAY_UPDATE") != "" {
		require.NoError(t, os.WriteFile(pipelinesPage, []byte(before+mark+"\n"+actionsTable()), 0o644))
		return
	}
	require.Equal(t, "\n"+actionsTable(), table, "run: SLIPWAY_UPDATE=1 go test ./docs -run Pipelines")
	for _, name := range pipeline.Functions() {
		require.Contains(t, before, "`"+name+"(", "function %s", name)
	}
	for _, name := range pipeline.Contexts() {
		require.Contains(t, before, "| `"+name, "context %s", name)
	}
	for i, block := range strings.Split(before, "```yaml\n")[1:] {
		text, _, _ := strings.Cut(block, "```")
		_, warnings, err := pipeline.Parse([]byte(text))
		require.NoError(t, err, "example %d", i+1)
		require.Empty(t, warnings, "example %d", i+1)
	}
}
