package worker

import "go.temporal.io/sdk/worker"

// registerSchedule registers the workflows and activities of schedules.
func registerSchedule(light registry, heavy worker.ActivityRegistry, o Options) {}
