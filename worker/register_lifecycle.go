package worker

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/slipway-dev/slipway/activities"
	"github.com/slipway-dev/slipway/workflows"
)

// registerLifecycle registers the activities of how environments come and go.
func registerLifecycle(light registry, _ worker.ActivityRegistry, o Options) {
	registerPromotion(light, o)
	lifecycle := &activities.Lifecycle{Service: o.Service}
	register(light, map[string]any{
		workflows.CheckLifetimeActivity: lifecycle.CheckLifetime,
		workflows.FollowSpinUpActivity:  lifecycle.FollowSpinUp,
		workflows.FinishSpinUpActivity:  lifecycle.FinishSpinUp,
		workflows.AwaitRemovalActivity:  lifecycle.AwaitRemoval,
	})
}

// registerLifecycleWorkflows registers their workflows, which are replayed, too.
func registerLifecycleWorkflows(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(workflows.RunPromotion, workflow.RegisterOptions{Name: workflows.PromotionType})
	r.RegisterWorkflowWithOptions(workflows.RunLifetime, workflow.RegisterOptions{Name: workflows.LifetimeType})
	r.RegisterWorkflowWithOptions(workflows.RunSpinUp, workflow.RegisterOptions{Name: workflows.SpinUpType})
}
