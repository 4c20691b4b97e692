package workflows

import (
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"
)

// How often the destruction of a resource is tried while it holds up the
// environment's queue: with the first order for about five minutes beside what
// the driver takes, later ones are only to find out whether the cause is gone.
const (
	firstTries = 10
	laterTries = 2
)

// RunResourceDeletion carries out one order to destroy a resource. When its
// driver keeps failing it gives up, so that deployments can go on; the resource
// stays recorded as being deleted, with the reason, and is ordered again later.
func RunResourceDeletion(ctx workflow.Context, in Resource) error {
	setStatus(ctx, "destroying "+in.ID)
	tries := int32(firstTries)
	if _, order, numbered := strings.Cut(in.ID, "/"); numbered && order != "1" {
		tries = laterTries
	}
	return workflow.ExecuteActivity(destroying(ctx, tries, "destroy "+in.ID), DestroyActivity, in).Get(ctx, nil)
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
