package worker

import (
	"context"
	"flag"
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

// recordDrift makes TestRecordDrift write histories of scans:
// go test ./worker -run TestRecordDrift -record-drift NAME.
var recordDrift = flag.String("record-drift", "", "name of the release whose histories of scans to record")

// TestRecordDrift records scans, on demand and of a schedule.
func TestRecordDrift(t *testing.T) {
	if *recordDrift == "" {
		t.Skip("records histories only when it is asked to")
	}
	c, err := slipwaytemporal.Connect(t.Context(), slipwaytemporal.Options{Address: testenv.Temporal(t), Namespace: testenv.Namespace(t)})
	require.NoError(t, err)
	defer c.Close()
	w := sdk.New(c, workflows.TaskQueue, sdk.Options{MaxHeartbeatThrottleInterval: time.Second})
	registerDriftWorkflows(w)
	register(w, map[string]any{
		workflows.ScanDriftActivity: func(_ context.Context, in workflows.DriftScan) (workflows.DriftResult, error) {
			if in.ID == "refused" {
				return workflows.DriftResult{}, temporal.NewNonRetryableApplicationError("refused", workflows.ErrPermanent, nil)
			}
			return workflows.DriftResult{Status: "clean", Resources: in.ID == "0002"}, nil
		},
		workflows.FailDriftActivity: func(context.Context, workflows.DriftFailure) error { return nil },
	})
	require.NoError(t, w.Start())
	defer w.Stop()
	heavy := sdk.New(c, workflows.HeavyTaskQueue, sdk.Options{DisableWorkflowWorker: true})
	register(heavy, map[string]any{
		workflows.ScanResourcesActivity: func(context.Context, workflows.DriftScan) (workflows.DriftResult, error) {
			return workflows.DriftResult{Status: "drifted"}, nil
		},
	})
	require.NoError(t, heavy.Start())
	defer heavy.Stop()
	for name, scan := range map[string]string{"demand": "0001", "schedule": "", "refused": "refused", "resources": "0002"} {
		in := workflows.DriftInput{Env: workflows.Env{Org: "demo", App: "shop", Env: "dev"}, ScanID: scan}
		run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: "drift-" + name, TaskQueue: workflows.TaskQueue}, workflows.DriftType, in)
		require.NoError(t, err)
		require.NoError(t, run.Get(t.Context(), nil))
		store(t, c, *recordDrift, "drift-"+name, run.GetID())
	}
}
