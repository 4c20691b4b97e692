package worker

import "go.temporal.io/sdk/worker"

// registerPipeline registers the workflows and activities of pipelines, their versions and criteria.
func registerPipeline(light registry, heavy worker.ActivityRegistry, o Options) {}
