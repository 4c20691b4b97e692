package worker

import (
	"context"
	"flag"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	sdk "go.temporal.io/sdk/worker"

	slipwaytemporal "github.com/slipway-dev/slipway/internal/temporal"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/workflows"
)

// recordOperations makes TestRecordOperations write histories of operations:
// go test ./worker -run TestRecordOperations -record-operations NAME.
var recordOperations = flag.String("record-operations", "", "name of the release whose histories of operations to record")

// TestRecordOperations records a queue with operations in it, and the operations.
func TestRecordOperations(t *testing.T) {
	if *recordOperations == "" {
		t.Skip("records histories only when it is asked to")
	}
	c, err := slipwaytemporal.Connect(t.Context(), slipwaytemporal.Options{Address: testenv.Temporal(t), Namespace: testenv.Namespace(t)})
	require.NoError(t, err)
	defer c.Close()
	w := sdk.New(c, workflows.TaskQueue, sdk.Options{MaxHeartbeatThrottleInterval: time.Second})
	registerWorkflows(w)
	registerOperateWorkflows(w)
	registerAnswers(w)
	registerOperationAnswers(w)
	require.NoError(t, w.Start())
	defer w.Stop()

	env := workflows.Env{Org: "demo", App: "shop", Env: "operated"}
	items := []workflows.Item{
		{Kind: workflows.KindDeployment, ID: "operated-plain"}, {Kind: workflows.KindOperation, ID: "watched"}, {Kind: workflows.KindOperation, ID: "unwatched"},
		{Kind: workflows.KindOperation, ID: "over"}, {Kind: workflows.KindOperation, ID: "refused"}, {Kind: workflows.KindOperation, ID: "cancelled"},
		{Kind: workflows.KindTeardown, ID: "demo/shop/operated"},
	}
	run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: workflows.EnvironmentWorkflowID(env), TaskQueue: workflows.TaskQueue},
		workflows.EnvironmentType, workflows.EnvironmentInput{Env: env, Items: items, Held: workflows.QueueHolds})
	require.NoError(t, err)
	go func() {
		for t.Context().Err() == nil {
			d, err := c.DescribeWorkflowExecution(t.Context(), "operation:cancelled", "")
			if err == nil && len(d.GetPendingActivities()) > 0 {
				_ = c.CancelWorkflow(t.Context(), "operation:cancelled", "")
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	require.NoError(t, run.Get(t.Context(), nil))
	store(t, c, *recordOperations, "environment-operations", run.GetID())
	for _, item := range items[1 : len(items)-1] {
		store(t, c, *recordOperations, item.Kind+"-"+strings.ReplaceAll(item.ID, "/", "_"), workflows.WorkflowID(item))
	}
}

func registerOperationAnswers(w sdk.ActivityRegistry) {
	register(w, map[string]any{
		workflows.ApplyOperationActivity: func(ctx context.Context, in workflows.Operation) (workflows.OperationApplied, error) {
			for in.ID == "cancelled" && ctx.Err() == nil {
				activity.RecordHeartbeat(ctx)
				time.Sleep(100 * time.Millisecond)
			}
			if in.ID == "refused" {
				return workflows.OperationApplied{}, temporal.NewNonRetryableApplicationError("refused", workflows.ErrPermanent, nil)
			}
			return workflows.OperationApplied{Over: in.ID == "over", Watch: in.ID == "watched"}, ctx.Err()
		},
		workflows.WatchOperationActivity:  func(context.Context, workflows.Operation) error { return nil },
		workflows.FinishOperationActivity: func(context.Context, workflows.OperationEnd) error { return nil },
	})
}
