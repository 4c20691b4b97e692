package workflows_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/testsuite"

	"github.com/slipway-dev/slipway/workflows"
)

// TestResourceDeletionGivesUp: the queue is held up longer for the first order
// than for those that follow.
func TestResourceDeletionGivesUp(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]int{"0123abcd": 10, "0123abcd/1": 10, "0123abcd/2": 2, "0123abcd/17": 2} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			var suite testsuite.WorkflowTestSuite
			env := suite.NewTestWorkflowEnvironment()
			tries := 0
			destroy := func(_ context.Context, in workflows.Resource) error {
				require.Equal(t, id, in.ID)
				tries++
				return errors.New("the cloud says no")
			}
			env.RegisterActivityWithOptions(destroy, activity.RegisterOptions{Name: workflows.DestroyActivity})
			env.ExecuteWorkflow(workflows.RunResourceDeletion, workflows.Resource{Env: deployment.Env, ID: id})
			require.ErrorContains(t, env.GetWorkflowError(), "the cloud says no")
			require.Equal(t, want, tries)
		})
	}
}
