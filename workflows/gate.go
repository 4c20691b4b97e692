package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// GateActivity asks whether the plan of a deployment may be carried out.
const GateActivity = "Gate"

// Answers of GateActivity. Any other one is the outcome with which the deployment
// ends: denied, rejected, expired or void.
const (
	GatePassed    = "passed"
	GateWaiting   = "waiting"
	GateWithdrawn = "withdrawn" // the deployment has ended meanwhile
)

// GateResult is what GateActivity found.
type GateResult struct {
	State   string        `json:"state"`
	Wait    time.Duration `json:"wait,omitempty"` // with GateWaiting: until the next look, unless the records change before
	Message string        `json:"message,omitempty"`
}

// gateVersion guards the gate: a worker of an earlier build goes on to Advance,
// which refuses to run, and a replay has to do the same.
const gateVersion = "gate"

// gateRefusedError ends a deployment that nobody has agreed to.
type gateRefusedError struct{ outcome, message string }

// Error is why.
func (e *gateRefusedError) Error() string { return e.message }

// bell counts how often the records of this deployment's gates changed, and how
// long the deployment has waited for people.
type bell struct {
	rung    int
	waiting int
	since   time.Time
	waited  time.Duration
}

// newBell listens for ChangedSignal until the run ends.
func newBell(ctx workflow.Context) *bell {
	b := &bell{}
	changed := workflow.GetSignalChannel(ctx, ChangedSignal)
	workflow.GoNamed(ctx, "bell", func(ctx workflow.Context) {
		for changed.Receive(ctx, nil) {
			b.rung++
		}
	})
	return b
}

// wait returns when the bell has rung since heard was read, after limit, or with
// the cancel of ctx. What it takes does not count against the deployment's
// deadline.
func (b *bell) wait(ctx workflow.Context, heard int, limit time.Duration) error {
	if b.waiting == 0 {
		b.since = workflow.Now(ctx)
	}
	b.waiting++
	_, err := workflow.AwaitWithTimeout(ctx, max(limit, time.Second), func() bool { return b.rung != heard })
	if b.waiting--; b.waiting == 0 {
		b.waited += workflow.Now(ctx).Sub(b.since)
	}
	return err
}

// deadline returns when limit has passed, without the time in which the
// deployment waited for people; false when ctx ended before.
func (b *bell) deadline(ctx workflow.Context, limit time.Duration) bool {
	begin := workflow.Now(ctx)
	for left := limit; left > 0; left = limit + b.waited - workflow.Now(ctx).Sub(begin) {
		if workflow.NewTimer(ctx, left).Get(ctx, nil) != nil {
			return false
		}
		if workflow.Await(ctx, func() bool { return b.waiting == 0 }) != nil {
			return false
		}
	}
	return true
}

// gate waits until people have agreed to the plan; over says that the deployment
// has ended meanwhile.
func gate(ctx workflow.Context, in Deployment, b *bell) (over bool, err error) {
	for {
		heard := b.rung
		var answer GateResult
		if err := workflow.ExecuteActivity(step(ctx, 2*time.Minute, "policies"), GateActivity, in).Get(ctx, &answer); err != nil {
			return false, err
		}
		switch answer.State {
		case GatePassed:
			return false, nil
		case GateWithdrawn:
			return true, nil
		case GateWaiting:
			setStatus(ctx, "waiting for approval")
			if err := b.wait(ctx, heard, answer.Wait); err != nil {
				return false, err
			}
		case "":
			return false, temporal.NewNonRetryableApplicationError(fmt.Sprintf("the gate of deployment %s gave no answer", in.ID), ErrPermanent, nil)
		default:
			return false, &gateRefusedError{answer.State, answer.Message}
		}
	}
}
