package e2e

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"github.com/slipway-dev/slipway/workflows"
)

// workflowsOf lists the runs of an application: workflow id and run id. Those of
// other tests in the namespace are encrypted with other keys.
func workflowsOf(t *testing.T, c client.Client, namespace, app string) [][2]string {
	t.Helper()
	var out [][2]string
	var next []byte
	for {
		page, err := c.ListWorkflow(t.Context(), &workflowservice.ListWorkflowExecutionsRequest{Namespace: namespace, Query: fmt.Sprintf("%s = %q", workflows.SearchApp, app), NextPageToken: next})
		require.NoError(t, err)
		for _, w := range page.GetExecutions() {
			out = append(out, [2]string{w.GetExecution().GetWorkflowId(), w.GetExecution().GetRunId()})
		}
		if next = page.GetNextPageToken(); len(next) == 0 {
			return out
		}
	}
}
