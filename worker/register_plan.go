package worker

import "go.temporal.io/sdk/worker"

// registerPlan registers the workflows and activities of previews and approvals.
func registerPlan(light registry, heavy worker.ActivityRegistry, o Options) {}
