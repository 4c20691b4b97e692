package worker

import (
	"context"
	"os"
	"sync"
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

// TestRecordPipelines writes histories of runs of pipelines as the workflow is now; TestReplay replays them from then on:
// SLIPWAY_RECORD_PIPELINES=NAME go test ./worker -run TestRecordPipelines.
func TestRecordPipelines(t *testing.T) {
	name := os.Getenv("SLIPWAY_RECORD_PIPELINES")
	if name == "" {
		t.Skip("SLIPWAY_RECORD_PIPELINES names no release")
	}
	address, namespace := testenv.Temporal(t), testenv.Namespace(t)
	c, err := slipwaytemporal.Connect(t.Context(), slipwaytemporal.Options{Address: address, Namespace: namespace})
	require.NoError(t, err)
	defer c.Close()
	w := sdk.New(c, workflows.TaskQueue, sdk.Options{MaxHeartbeatThrottleInterval: time.Second})
	registerPipelineWorkflows(w)
	calls := map[string]int{}
	var mu sync.Mutex
	count := func(what string) int {
		mu.Lock()
		defer mu.Unlock()
		calls[what]++
		return calls[what]
	}
	register(w, map[string]any{
		workflows.BeginPipelineActivity: func(_ context.Context, in workflows.PipelineRun) (workflows.PipelineBegun, error) {
			left := map[bool]int64{true: 2, false: 3600}[in.ID == "late"]
			return workflows.PipelineBegun{Over: in.ID == "over", Wait: in.ID == "chain" && count("begin") == 1, Left: left}, nil
		},
		workflows.AdvancePipelineActivity: func(_ context.Context, in workflows.PipelineRun) (workflows.PipelineAdvance, error) {
			switch n := count("advance " + in.ID); {
			case in.ID != "chain" || n <= 1:
				return workflows.PipelineAdvance{Jobs: []string{"a"}}, nil
			case n == 2:
				return workflows.PipelineAdvance{Jobs: []string{"b", "c"}}, nil
			case n == 3:
				return workflows.PipelineAdvance{Jobs: []string{"c"}}, nil
			}
			return workflows.PipelineAdvance{Done: true}, nil
		},
		workflows.StepPipelineActivity: func(_ context.Context, in workflows.PipelineJob) (workflows.PipelineStepped, error) {
			switch {
			case in.ID == "broken":
				return workflows.PipelineStepped{}, temporal.NewNonRetryableApplicationError("broken", workflows.ErrPermanent, nil)
			case in.ID != "chain":
				return workflows.PipelineStepped{Wait: 60}, nil
			}
			n := count("step " + in.Job)
			return workflows.PipelineStepped{Done: n > 2, Wait: map[bool]int64{true: 1}[n == 2 && in.Job == "c"]}, nil
		},
		workflows.FinishPipelineActivity: func(_ context.Context, in workflows.PipelineFinish) (string, error) { return in.Outcome, nil },
	})
	require.NoError(t, w.Start())
	defer w.Stop()
	for _, id := range []string{"over", "chain", "broken", "late", "cancelled"} {
		in := workflows.PipelineRun{Org: "demo", ID: id}
		run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: workflows.PipelineWorkflowID(in), TaskQueue: workflows.TaskQueue}, workflows.PipelineRunType, in)
		require.NoError(t, err)
		if id == "cancelled" {
			require.NoError(t, c.SignalWorkflow(t.Context(), run.GetID(), "", workflows.PipelineWakeSignal, nil))
			time.Sleep(2 * time.Second) // somewhere in the middle
			require.NoError(t, c.CancelWorkflow(t.Context(), run.GetID(), ""))
		}
		require.NoError(t, run.Get(t.Context(), nil))
		store(t, c, name, "pipeline-"+id, run.GetID())
	}
}
