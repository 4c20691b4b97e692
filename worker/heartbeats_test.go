package worker

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/testsuite"
	sdk "go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

func TestHeartbeats(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ asked, want time.Duration }{
		"the setting wins":               {asked: 15 * time.Second, want: 2 * time.Second},
		"without heartbeats it stays so": {asked: 0, want: 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var suite testsuite.WorkflowTestSuite
			env := suite.NewTestWorkflowEnvironment()
			env.SetWorkerOptions(sdk.Options{Interceptors: []interceptor.WorkerInterceptor{&heartbeats{timeout: 2 * time.Second}}})
			env.RegisterActivityWithOptions(func(ctx context.Context) (time.Duration, error) {
				return activity.GetInfo(ctx).HeartbeatTimeout, nil
			}, activity.RegisterOptions{Name: "Told"})
			env.ExecuteWorkflow(func(ctx workflow.Context) (time.Duration, error) {
				var got time.Duration
				ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute, HeartbeatTimeout: c.asked})
				err := workflow.ExecuteActivity(ctx, "Told").Get(ctx, &got)
				return got, err
			})
			require.NoError(t, env.GetWorkflowError())
			var got time.Duration
			require.NoError(t, env.GetWorkflowResult(&got))
			require.Equal(t, c.want, got)
		})
	}
}
