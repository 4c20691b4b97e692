package worker

import (
	"context"
	"flag"
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

// recordSchedules makes TestRecordSchedules write histories of what is due by the clock:
// go test ./worker -run TestRecordSchedules -record-schedules NAME.
var recordSchedules = flag.String("record-schedules", "", "name of the release whose histories of schedules and retention to record")

// TestRecordSchedules records what a schedule started, what was asked for by hand, and what was refused; and rounds of
// retention: done, of a schedule, refused and cancelled.
func TestRecordSchedules(t *testing.T) {
	if *recordSchedules == "" {
		t.Skip("records histories only when it is asked to")
	}
	c, err := slipwaytemporal.Connect(t.Context(), slipwaytemporal.Options{Address: testenv.Temporal(t), Namespace: testenv.Namespace(t)})
	require.NoError(t, err)
	defer c.Close()
	w := sdk.New(c, workflows.TaskQueue, sdk.Options{MaxHeartbeatThrottleInterval: time.Second})
	registerScheduleWorkflows(w)
	refusal := temporal.NewNonRetryableApplicationError("refused", workflows.ErrPermanent, nil)
	began := make(chan struct{}, 1)
	register(w, map[string]any{
		workflows.RunScheduledActivity: func(_ context.Context, in workflows.ScheduledTime) (string, error) {
			if in.ID == "cleanup.refused" {
				return "", refusal
			}
			return "2 resources are destroyed", nil
		},
		workflows.RetainActivity: func(ctx context.Context, in workflows.RetentionInput) (workflows.RetentionResult, error) {
			switch in.ID {
			case "refused":
				return workflows.RetentionResult{}, refusal
			case "cancelled":
				began <- struct{}{}
				return workflows.RetentionResult{}, untilCancelled(ctx)
			}
			return workflows.RetentionResult{Status: "succeeded", Records: 7}, nil
		},
		workflows.FailRetentionActivity: func(context.Context, workflows.RetentionFailure) error { return nil },
	})
	require.NoError(t, w.Start())
	defer w.Stop()
	run := func(id, kind string, in any) client.WorkflowRun {
		t.Helper()
		run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: id, TaskQueue: workflows.TaskQueue}, kind, in)
		require.NoError(t, err)
		return run
	}
	recordOfSchedule(t, c)
	for _, id := range []string{"demand", "refused"} {
		in := workflows.Scheduled{Org: "demo", ID: "cleanup." + id}
		by := run(workflows.ScheduleID(in), workflows.ScheduledType, in)
		require.Equal(t, id == "refused", by.Get(t.Context(), nil) != nil)
		store(t, c, *recordSchedules, "scheduled-"+id, by.GetID())
	}
	for _, id := range []string{"", "demand", "refused", "cancelled"} {
		in := workflows.RetentionInput{Org: "demo", ID: id}
		by := run(workflows.RetentionWorkflowID(in), workflows.RetentionType, in)
		if id == "cancelled" {
			<-began
			require.NoError(t, c.CancelWorkflow(t.Context(), by.GetID(), ""))
		}
		require.NoError(t, by.Get(t.Context(), nil))
		if id == "" {
			id = "schedule"
		}
		store(t, c, *recordSchedules, "retention-"+id, by.GetID())
	}
}

// recordOfSchedule records a run that Temporal started by its clock, with the time that it was due.
func recordOfSchedule(t *testing.T, c client.Client) {
	t.Helper()
	in := workflows.Scheduled{Org: "demo", ID: "cleanup.shop.dev"}
	schedule, err := c.ScheduleClient().Create(t.Context(), client.ScheduleOptions{
		ID: workflows.ScheduleID(in), Paused: true, TriggerImmediately: true,
		Action: &client.ScheduleWorkflowAction{ID: workflows.ScheduleID(in), Workflow: workflows.ScheduledType, Args: []any{in}, TaskQueue: workflows.TaskQueue},
	})
	require.NoError(t, err)
	var id string
	require.Eventually(t, func() bool {
		d, err := schedule.Describe(t.Context())
		if err != nil || len(d.Info.RecentActions) == 0 || d.Info.RecentActions[0].StartWorkflowResult == nil {
			return false
		}
		id = d.Info.RecentActions[0].StartWorkflowResult.WorkflowID
		return true
	}, time.Minute, 100*time.Millisecond)
	require.NoError(t, c.GetWorkflow(t.Context(), id, "").Get(t.Context(), nil))
	store(t, c, *recordSchedules, "scheduled-schedule", id)
}

// untilCancelled beats until its workflow is cancelled.
func untilCancelled(ctx context.Context) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
			activity.RecordHeartbeat(ctx)
		}
	}
}
