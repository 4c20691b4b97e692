package activities

import (
	"context"
	"errors"
	"time"

	"go.temporal.io/sdk/temporal"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

// BeatEvery is how often a heartbeat is recorded where one is due within
// timeout: four times as often, and every second at least, as cancel arrives with
// the answer to one.
func BeatEvery(timeout time.Duration) time.Duration {
	if timeout <= 0 {
		return time.Second
	}
	return min(timeout/4, time.Second)
}

// beating sends heartbeats until stop is called, whatever the activity does
// meanwhile, so that a long call of a driver does not look like a dead worker.
// That includes the time after a cancel, in which a driver waits for what it
// has begun. When the worker itself stops, the context ends with
// drivers.ErrDetach as its cause, so that what can go on without a worker is not cancelled.
// That Temporal is away ends nothing: see pulse.
func beating(ctx context.Context) (context.Context, func()) {
	inner, end := context.WithCancelCause(context.WithoutCancel(ctx))
	done, stop := context.WithCancel(context.WithoutCancel(ctx))
	p := &pulse{activity: ctx, done: done, end: end}
	go p.run()
	return inner, func() {
		stop()
		end(nil)
	}
}

// classify tells Temporal whether repeating a step can help: faults of the
// surroundings are repeated, recorded failures and refusals are not.
func classify(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(context.Cause(ctx), drivers.ErrDetach) {
		return temporal.NewApplicationError("the worker stopped or lost Temporal; another attempt goes on", "Transient")
	}
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return temporal.NewCanceledError()
	}
	var step *orchestrator.StepError
	if errors.As(err, &step) {
		return temporal.NewNonRetryableApplicationError(step.Error(), workflows.ErrStepFailed, nil)
	}
	switch orchestrator.CodeOf(err) {
	case orchestrator.CodeInvalid, orchestrator.CodeNotFound, orchestrator.CodeForbidden, orchestrator.CodeUnprocessable:
		return temporal.NewNonRetryableApplicationError(err.Error(), workflows.ErrPermanent, nil)
	}
	return temporal.NewApplicationError(err.Error(), "Transient", nil)
}
