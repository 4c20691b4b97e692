package worker

import (
	"context"
	"flag"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	sdk "go.temporal.io/sdk/worker"

	slipwaytemporal "github.com/slipway-dev/slipway/internal/temporal"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/workflows"
)

// recordPlan makes TestRecordPlan write histories of plans and of a node that waits:
// go test ./worker -run TestRecordPlan -record-plan NAME.
var recordPlan = flag.String("record-plan", "", "name of the release whose histories of plans to record")

// TestRecordPlan records plans: to the end of their time, refused and discarded; and a deployment with a node whose plan
// waits for an approval.
func TestRecordPlan(t *testing.T) {
	if *recordPlan == "" {
		t.Skip("records histories only when it is asked to")
	}
	c, err := slipwaytemporal.Connect(t.Context(), slipwaytemporal.Options{Address: testenv.Temporal(t), Namespace: testenv.Namespace(t)})
	require.NoError(t, err)
	defer c.Close()
	w := sdk.New(c, workflows.TaskQueue, sdk.Options{MaxHeartbeatThrottleInterval: time.Second})
	registerWorkflows(w)
	registerPlanWorkflows(w)
	var advanced, called atomic.Int32
	register(w, map[string]any{
		workflows.EndPlanActivity: func(context.Context, workflows.PlanEnd) (workflows.PlanNext, error) { return workflows.PlanNext{}, nil },
		workflows.PlanActivity: func(context.Context, workflows.Deployment) (workflows.PlanResult, error) {
			return workflows.PlanResult{Nodes: 1}, nil
		},
		workflows.AdvanceActivity: func(context.Context, workflows.Deployment) (workflows.AdvanceResult, error) {
			if advanced.Add(1) == 1 {
				return workflows.AdvanceResult{Heavy: []int{0}}, nil
			}
			return workflows.AdvanceResult{Done: true}, nil
		},
		workflows.RenderActivity: func(context.Context, workflows.Deployment) error { return nil },
		workflows.DeliverActivity: func(context.Context, workflows.Stage) (workflows.DeliverResult, error) {
			return workflows.DeliverResult{}, nil
		},
		workflows.FinishActivity: func(_ context.Context, in workflows.Finish) (string, error) { return in.Outcome, nil },
	})
	require.NoError(t, w.Start())
	defer w.Stop()
	heavy := sdk.New(c, workflows.HeavyTaskQueue, sdk.Options{DisableWorkflowWorker: true})
	register(heavy, map[string]any{
		workflows.MakePlanActivity: func(_ context.Context, in workflows.StoredPlan) (workflows.PlanNext, error) {
			switch in.ID {
			case "refused":
				return workflows.PlanNext{}, temporal.NewNonRetryableApplicationError("refused", workflows.ErrPermanent, nil)
			case "discarded":
				return workflows.PlanNext{Wait: time.Hour}, nil
			}
			return workflows.PlanNext{Wait: time.Second}, nil
		},
		workflows.ProvisionActivity: func(context.Context, workflows.Node) (workflows.NodeResult, error) {
			if called.Add(1) < 3 {
				return workflows.NodeResult{Wait: time.Second}, nil
			}
			return workflows.NodeResult{}, nil
		},
	})
	require.NoError(t, heavy.Start())
	defer heavy.Stop()
	env := workflows.Env{Org: "demo", App: "shop", Env: "dev"}
	for _, id := range []string{"expired", "refused", "discarded"} {
		in := workflows.StoredPlan{Env: env, ID: id}
		run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: workflows.StoredPlanWorkflowID(in), TaskQueue: workflows.TaskQueue}, workflows.StoredPlanType, in)
		require.NoError(t, err)
		if id == "discarded" {
			require.Eventually(t, func() bool {
				d, err := c.DescribeWorkflowExecution(t.Context(), run.GetID(), "")
				return err == nil && d.GetWorkflowExecutionInfo().GetHistoryLength() > 8
			}, time.Minute, 50*time.Millisecond)
			require.NoError(t, c.CancelWorkflow(t.Context(), run.GetID(), ""))
		}
		require.NoError(t, run.Get(t.Context(), nil))
		store(t, c, *recordPlan, "plan-"+id, run.GetID())
	}
	in := workflows.DeploymentInput{Deployment: workflows.Deployment{Env: env, ID: "node-waits"}}
	run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: "deploy:node-waits", TaskQueue: workflows.TaskQueue}, workflows.DeploymentType, in)
	require.NoError(t, err)
	require.NoError(t, run.Get(t.Context(), nil))
	store(t, c, *recordPlan, "deployment-node-waits", run.GetID())
}
