package worker

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/slipway-dev/slipway/activities"
	"github.com/slipway-dev/slipway/workflows"
)

// registerSchedules registers the workflows and activities of what is due by the clock.
func registerSchedules(light registry, o Options) {
	schedule := &activities.Schedule{Service: o.Service}
	registerScheduleWorkflows(light)
	register(light, map[string]any{
		workflows.RunScheduledActivity:  schedule.RunScheduled,
		workflows.RetainActivity:        schedule.Retain,
		workflows.FailRetentionActivity: schedule.FailRetention,
	})
}

func registerScheduleWorkflows(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(workflows.RunScheduled, workflow.RegisterOptions{Name: workflows.ScheduledType})
	r.RegisterWorkflowWithOptions(workflows.RunRetention, workflow.RegisterOptions{Name: workflows.RetentionType})
}
