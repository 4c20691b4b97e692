package worker

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/slipway-dev/slipway/activities"
	"github.com/slipway-dev/slipway/workflows"
)

// registerPlan registers the workflows and activities of stored plans.
func registerPlan(light registry, heavy worker.ActivityRegistry, o Options) {
	plan := &activities.StoredPlan{Service: o.Service, Drivers: o.Deployer}
	registerPlanWorkflows(light)
	register(light, map[string]any{workflows.EndPlanActivity: plan.EndPlan})
	register(heavy, map[string]any{workflows.MakePlanActivity: plan.MakePlan})
}

func registerPlanWorkflows(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(workflows.RunStoredPlan, workflow.RegisterOptions{Name: workflows.StoredPlanType})
}
