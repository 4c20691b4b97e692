package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"
)

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
