package worker

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/slipway-dev/slipway/activities"
	"github.com/slipway-dev/slipway/workflows"
)

// registerPipelineRun registers the workflows and activities of runs of pipelines.
func registerPipelineRun(light registry, _ worker.ActivityRegistry, o Options) {
	registerPipelineWorkflows(light)
	run := &activities.PipelineRun{Service: o.Service}
	register(light, map[string]any{
		workflows.BeginPipelineActivity:   run.BeginPipelineRun,
		workflows.AdvancePipelineActivity: run.AdvancePipelineRun,
		workflows.StepPipelineActivity:    run.StepPipelineJob,
		workflows.FinishPipelineActivity:  run.FinishPipelineRun,
	})
}

func registerPipelineWorkflows(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(workflows.RunPipeline, workflow.RegisterOptions{Name: workflows.PipelineRunType})
}
