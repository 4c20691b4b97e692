package worker

import "go.temporal.io/sdk/worker"

// registerDrift registers the workflows and activities of drift and differences.
func registerDrift(light registry, heavy worker.ActivityRegistry, o Options) {}
