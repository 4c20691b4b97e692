package worker

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/slipway-dev/slipway/activities"
	"github.com/slipway-dev/slipway/workflows"
)

// registerDrift registers the workflows and activities of drift and differences.
func registerDrift(light registry, heavy worker.ActivityRegistry, o Options) {
	drift := &activities.Drift{Service: o.Service, Resources: o.Deployer}
	registerDriftWorkflows(light)
	register(light, map[string]any{
		workflows.ScanDriftActivity: drift.ScanDrift,
		workflows.FailDriftActivity: drift.FailDriftScan,
	})
	register(heavy, map[string]any{workflows.ScanResourcesActivity: drift.ScanResources})
}

func registerDriftWorkflows(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(workflows.RunDrift, workflow.RegisterOptions{Name: workflows.DriftType})
}
