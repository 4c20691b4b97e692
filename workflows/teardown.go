package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"
)

// resourceDeadline bounds how long the deletion of one resource may hold up the
// environment's queue.
const resourceDeadline = 15 * time.Minute

// RunResourceDeletion has one active resource destroyed. When its driver keeps
// failing it gives up, so that deployments can go on; the resource stays
// recorded as being deleted, with the reason, and can be deleted again.
func RunResourceDeletion(ctx workflow.Context, in Resource) error {
	setStatus(ctx, "destroying "+in.ID)
	options := persistent(ctx, resourceDeadline, resourceDeadline, "destroy "+in.ID)
	return workflow.ExecuteActivity(options, DestroyActivity, in).Get(ctx, nil)
}

// RunTeardown takes an environment down. It does not give up: it is retried
// with a growing interval for a year, showing on the environment what it is
// stuck on, until everything that was made is gone or the run is cancelled.
func RunTeardown(ctx workflow.Context, in Env) (TeardownResult, error) {
	setStatus(ctx, "tearing down "+in.String())
	var result TeardownResult
	options := persistent(ctx, time.Hour, 365*24*time.Hour, "tear down "+in.String())
	err := workflow.ExecuteActivity(options, TeardownActivity, in).Get(ctx, &result)
	return result, err
}
