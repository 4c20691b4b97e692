package worker

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/slipway-dev/slipway/activities"
	"github.com/slipway-dev/slipway/workflows"
)

// registerOperate registers the workflows and activities of what changes a running environment without a deployment.
func registerOperate(light registry, _ worker.ActivityRegistry, o Options) {
	operation := &activities.Operation{Deployer: o.Deployer}
	registerOperateWorkflows(light)
	register(light, map[string]any{
		workflows.ApplyOperationActivity:  operation.ApplyOperation,
		workflows.WatchOperationActivity:  operation.WatchOperation,
		workflows.FinishOperationActivity: operation.FinishOperation,
	})
}

func registerOperateWorkflows(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(workflows.RunOperation, workflow.RegisterOptions{Name: workflows.OperationType})
}
