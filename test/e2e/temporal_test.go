package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
)

// workflowsOf lists the runs of a namespace: workflow id and run id.
func workflowsOf(t *testing.T, c client.Client, namespace string) [][2]string {
	t.Helper()
	var out [][2]string
	var next []byte
	for {
		page, err := c.ListWorkflow(t.Context(), &workflowservice.ListWorkflowExecutionsRequest{Namespace: namespace, NextPageToken: next})
		require.NoError(t, err)
		for _, w := range page.GetExecutions() {
			out = append(out, [2]string{w.GetExecution().GetWorkflowId(), w.GetExecution().GetRunId()})
		}
		if next = page.GetNextPageToken(); len(next) == 0 {
			return out
		}
	}
}
