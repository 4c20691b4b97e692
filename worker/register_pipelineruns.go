package worker

import "go.temporal.io/sdk/worker"

// registerPipelineRun registers the workflows and activities of runs of pipelines.
func registerPipelineRun(light registry, heavy worker.ActivityRegistry, o Options) {}
