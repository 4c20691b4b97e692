package temporal_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"github.com/slipway-dev/slipway/internal/temporal"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

// TestDriftSchedules: a schedule is made, changed, made again without harm, starts scans, and is gone when it is deleted.
func TestDriftSchedules(t *testing.T) {
	t.Parallel()
	address, namespace := testenv.Temporal(t), testenv.Namespace(t)
	c, err := temporal.Connect(t.Context(), temporal.Options{Address: address, Namespace: namespace})
	require.NoError(t, err)
	defer c.Close()
	starter := temporal.NewStarter(c)
	ref := orchestrator.EnvRef{OrgID: "demo", AppID: "shop", EnvID: "env-" + uuid.NewString()[:8]}
	id := workflows.DriftScheduleID(workflows.Env{Org: ref.OrgID, App: ref.AppID, Env: ref.EnvID})
	handle := c.ScheduleClient().GetHandle(t.Context(), id)

	require.NoError(t, starter.DeleteDriftSchedule(t.Context(), ref), "there is none")
	for _, every := range []time.Duration{time.Hour, time.Hour, 2 * time.Hour} {
		require.NoError(t, starter.PutDriftSchedule(t.Context(), ref, every))
		require.Eventually(t, func() bool {
			d, err := handle.Describe(t.Context())
			return err == nil && len(d.Schedule.Spec.Intervals) == 1 && d.Schedule.Spec.Intervals[0].Every == every
		}, 30*time.Second, 100*time.Millisecond)
	}
	defer func() { _ = starter.DeleteDriftSchedule(t.Context(), ref) }()

	require.NoError(t, handle.Trigger(t.Context(), client.ScheduleTriggerOptions{}))
	var started string
	require.Eventually(t, func() bool {
		d, err := handle.Describe(t.Context())
		if err != nil || len(d.Info.RecentActions) == 0 || d.Info.RecentActions[0].StartWorkflowResult == nil {
			return false
		}
		started = d.Info.RecentActions[0].StartWorkflowResult.WorkflowID
		return true
	}, 30*time.Second, 100*time.Millisecond)
	require.Contains(t, started, id)
	found, err := c.DescribeWorkflowExecution(t.Context(), started, "")
	require.NoError(t, err)
	require.Equal(t, workflows.DriftType, found.GetWorkflowExecutionInfo().GetType().GetName())
	require.NoError(t, c.TerminateWorkflow(t.Context(), started, "", "the test is over"))

	require.NoError(t, starter.DeleteDriftSchedule(t.Context(), ref))
	_, err = c.WorkflowService().DescribeSchedule(t.Context(), &workflowservice.DescribeScheduleRequest{Namespace: namespace, ScheduleId: id})
	require.Error(t, err)
}
