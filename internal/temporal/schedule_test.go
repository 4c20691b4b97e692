package temporal_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	sdktemporal "go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/slipway-dev/slipway/engine/pipeline"
	"github.com/slipway-dev/slipway/internal/temporal"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

const settle = 2 * time.Minute

func newScheduler(t *testing.T) (*temporal.Starter, client.Client) {
	t.Helper()
	c, err := temporal.Connect(t.Context(), temporal.Options{Address: testenv.Temporal(t), Namespace: testenv.Namespace(t)})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return temporal.NewStarter(c), c
}

// newOrg is an organization that no other test has: all share a namespace.
func newOrg() string { return "org-" + uuid.NewString()[:8] }

// TestSchedules: a schedule is made, changed, made again without harm, paused, starts what it is to start with the time it was
// due, is listed, and is gone when it is deleted.
func TestSchedules(t *testing.T) {
	t.Parallel()
	starter, c := newScheduler(t)
	org := newOrg()
	ctx := t.Context()
	want := orchestrator.Schedule{
		OrgID: org, ID: "drift.shop.qa", Kind: orchestrator.ScheduleDrift, AppID: "shop", EnvID: "qa", Every: time.Hour, Spread: time.Minute,
		CatchUp: 10 * time.Minute, What: "scan for drift",
	}
	handle := c.ScheduleClient().GetHandle(ctx, "drift:"+org+"/shop/qa")
	require.NoError(t, starter.DeleteSchedule(ctx, org, want.ID), "there is none")
	_, err := starter.ScheduleState(ctx, org, want.ID)
	require.True(t, orchestrator.IsNotFound(err))
	require.True(t, orchestrator.IsNotFound(starter.TriggerSchedule(ctx, org, want.ID)))

	updates := func() time.Time {
		d, err := handle.Describe(ctx)
		require.NoError(t, err)
		return d.Info.LastUpdateAt
	}
	require.NoError(t, starter.PutSchedule(ctx, want))
	made := updates()
	require.NoError(t, starter.PutSchedule(ctx, want))
	require.Equal(t, made, updates(), "nothing to change")
	want.Every, want.Paused, want.Note = 2*time.Hour, true, "quiet"
	require.NoError(t, starter.PutSchedule(ctx, want))
	d, err := handle.Describe(ctx)
	require.NoError(t, err)
	require.Equal(t, 2*time.Hour, d.Schedule.Spec.Intervals[0].Every)
	require.Equal(t, workflows.DriftType, d.Schedule.Action.(*client.ScheduleWorkflowAction).Workflow)
	state, err := starter.ScheduleState(ctx, org, want.ID)
	require.NoError(t, err)
	require.True(t, state.Paused)
	require.Equal(t, "quiet", state.Note)

	cron := orchestrator.Schedule{
		OrgID: org, ID: "cleanup", Kind: orchestrator.ScheduleCleanUp, Cron: "30 3 * * mon-fri", TimeZone: "Europe/Berlin", CatchUp: time.Hour, Buffer: true, What: "clean up",
	}
	require.NoError(t, starter.PutSchedule(ctx, cron))
	again := c.ScheduleClient().GetHandle(ctx, "cleanup:"+org)
	before, err := again.Describe(ctx)
	require.NoError(t, err)
	require.NoError(t, starter.PutSchedule(ctx, cron))
	after, err := again.Describe(ctx)
	require.NoError(t, err)
	require.Equal(t, before.Info.LastUpdateAt, after.Info.LastUpdateAt, "nothing to change, as Temporal gives it back")

	runs := make(chan workflows.ScheduledTime, 1)
	var failing atomic.Bool
	w := worker.New(c, workflows.TaskQueue, worker.Options{})
	w.RegisterWorkflowWithOptions(workflows.RunScheduled, workflow.RegisterOptions{Name: workflows.ScheduledType})
	w.RegisterActivityWithOptions(func(_ context.Context, in workflows.ScheduledTime) (string, error) {
		if failing.Load() {
			return "", sdktemporal.NewNonRetryableApplicationError("no", "no", nil)
		}
		select {
		case runs <- in:
		default:
		}
		return "done", nil
	}, activity.RegisterOptions{Name: workflows.RunScheduledActivity})
	require.NoError(t, w.Start())
	defer w.Stop()
	require.NoError(t, starter.TriggerSchedule(ctx, org, "cleanup"))
	select {
	case in := <-runs:
		require.Equal(t, workflows.Scheduled{Org: org, ID: "cleanup"}, in.Scheduled)
		require.WithinDuration(t, time.Now(), in.At, settle)
	case <-time.After(settle):
		t.Fatal("it did not happen")
	}
	require.Eventually(t, func() bool {
		history, err := starter.ScheduleRuns(ctx, org, "cleanup")
		return err == nil && len(history) == 1 && history[0].Status == "completed" && history[0].ClosedAt != nil
	}, settle, 100*time.Millisecond)
	failuresBecome := func(want ...string) {
		t.Helper()
		require.NoError(t, starter.TriggerSchedule(ctx, org, "cleanup"))
		require.Eventually(t, func() bool {
			found, more, err := starter.ScheduleFailures(ctx, org)
			return err == nil && !more && slices.EqualFunc(found, want, func(f orchestrator.ScheduleFailure, id string) bool {
				return f.ID == id && f.Status == "failed" && time.Since(f.At) < settle
			})
		}, settle, 200*time.Millisecond)
	}
	failing.Store(true)
	failuresBecome("cleanup")
	failing.Store(false)
	failuresBecome()
	require.Eventually(t, func() bool { // listing is a little behind
		all, err := starter.ScheduleStates(ctx, org)
		return err == nil && len(all) == 2 && all["drift.shop.qa"].Paused && len(all["cleanup"].Next) > 0
	}, settle, 200*time.Millisecond)
	others, err := starter.ScheduleStates(ctx, org+"'")
	require.NoError(t, err)
	require.Empty(t, others)

	for _, id := range []string{want.ID, "cleanup"} {
		require.NoError(t, starter.DeleteSchedule(ctx, org, id))
		_, err = starter.ScheduleState(ctx, org, id)
		require.True(t, orchestrator.IsNotFound(err))
	}
}

// TestTemporalKeepsOurTimes: Temporal comes when the pipeline's own code says that a schedule comes, over the days on which
// clocks are changed, too.
func TestTemporalKeepsOurTimes(t *testing.T) {
	t.Parallel()
	starter, _ := newScheduler(t)
	org := newOrg()
	n := 0
	for name, s := range map[string]pipeline.Schedule{
		"every quarter of an hour":         {Cron: "*/15 * * * *", TimeZone: "UTC"},
		"on weekdays":                      {Cron: "0 6 * * mon-fri", TimeZone: "Europe/Berlin"},
		"on the first, or on a Friday":     {Cron: "0 6 1 * fri", TimeZone: "UTC"},
		"every second day, or on a Friday": {Cron: "0 6 */2 * fri", TimeZone: "UTC"},
		"daily":                            {Cron: "@daily", TimeZone: "America/New_York"},
		"while the clock is put forward":   {Cron: "30 2 27-30 3 *", TimeZone: "Europe/Berlin"},
		"after the clock was put forward":  {Cron: "0 4 27-30 3 *", TimeZone: "Europe/Berlin"},
		"in steps":                         {Cron: "5-59/20 1,13 * 2-12/5 *", TimeZone: "Asia/Tokyo"},
	} {
		n++
		id := orchestrator.ScheduleID(orchestrator.SchedulePipeline, "shop", "nightly", string(rune('a'+n)))
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.NoError(t, starter.PutSchedule(t.Context(), orchestrator.Schedule{
				OrgID: org, ID: id, Kind: orchestrator.SchedulePipeline, AppID: "shop", Cron: s.Cron, TimeZone: s.TimeZone, CatchUp: time.Hour, Paused: true,
			}))
			var state *orchestrator.ScheduleState
			require.Eventually(t, func() bool {
				var err error
				state, err = starter.ScheduleState(t.Context(), org, id)
				return err == nil && len(state.Next) >= 4
			}, settle, 100*time.Millisecond)
			at := state.Next[0].Add(-time.Second)
			for i, next := range state.Next {
				ours, err := s.Next(at)
				require.NoError(t, err)
				require.Equal(t, ours, next.UTC(), "time %d", i)
				at = ours
			}
		})
	}
}
