package worker

import "go.temporal.io/sdk/worker"

// registerOperate registers the workflows and activities of what changes a running environment without a deployment.
func registerOperate(light registry, heavy worker.ActivityRegistry, o Options) {}
