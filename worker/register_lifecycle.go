package worker

import "go.temporal.io/sdk/worker"

// registerLifecycle registers the workflows and activities of how environments come and go.
func registerLifecycle(light registry, heavy worker.ActivityRegistry, o Options) {}
