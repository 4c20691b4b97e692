package worker

import "go.temporal.io/sdk/worker"

// registerRuntime registers the workflows and activities of how what is deployed runs.
func registerRuntime(light registry, heavy worker.ActivityRegistry, o Options) {}
