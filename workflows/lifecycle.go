package workflows

import (
	"context"
	"time"

	"go.temporal.io/sdk/workflow"
)

// Names of the workflow types and activities of how environments come and go.
const (
	LifetimeType = "Lifetime"
	SpinUpType   = "SpinUp"

	CheckLifetimeActivity = "CheckLifetime"
	FollowSpinUpActivity  = "FollowSpinUp"
	FinishSpinUpActivity  = "FinishSpinUp"
	AwaitRemovalActivity  = "AwaitRemoval"
)

// ChangedSignal tells the lifetime of an environment that its records changed.
const ChangedSignal = "changed"

// LifetimeStep is what CheckLifetime found.
type LifetimeStep struct {
	Over bool          `json:"over"` // nothing is to be looked after (any more)
	Wait time.Duration `json:"wait"` // until the next look
}

// SpinUp names a request for an environment.
type SpinUp struct {
	Org string `json:"org"`
	App string `json:"app"`
	ID  string `json:"id"`
}

// SpinUpEnd says how the first deployment of a request ended; "" = none was asked for.
type SpinUpEnd struct {
	SpinUp
	Outcome string `json:"outcome"`
}

// SpinUpResult says whether the environment is being taken down again.
type SpinUpResult struct {
	Removing bool `json:"removing"`
}

// LifecycleActivities are the steps of how environments come and go.
type LifecycleActivities interface {
	CheckLifetime(ctx context.Context, in Env) (LifetimeStep, error)
	FollowSpinUp(ctx context.Context, in SpinUp) (SpinUpEnd, error)
	FinishSpinUp(ctx context.Context, in SpinUpEnd) (SpinUpResult, error)
	AwaitRemoval(ctx context.Context, in SpinUp) error
}

// LifetimeWorkflowID is the id of what looks after the end of an environment.
func LifetimeWorkflowID(env Env) string { return "lifetime:" + env.String() }

// SpinUpWorkflowID is the id of the workflow of a request for an environment.
func SpinUpWorkflowID(in SpinUp) string { return "spinup:" + in.Org + "/" + in.App + "/" + in.ID }

// lifetimePause is the shortest time between two looks.
const lifetimePause = time.Second

// RunLifetime keeps the promise that an environment ends: a timer until the
// records say that something is due, then a look that does it. A change of the
// records comes as a signal and is looked at, too, so a longer life takes effect
// at once. It ends when nothing is to be looked after.
func RunLifetime(ctx workflow.Context, in Env) error {
	changed := workflow.GetSignalChannel(ctx, ChangedSignal)
	for {
		for changed.ReceiveAsync(nil) {
			continue
		}
		setStatus(ctx, "looking")
		var step LifetimeStep
		options := persistent(ctx, 5*time.Minute, 365*24*time.Hour, "look after the end of "+in.String())
		if err := workflow.ExecuteActivity(options, CheckLifetimeActivity, in).Get(ctx, &step); err != nil {
			return err
		}
		if step.Over {
			if changed.Len() > 0 {
				continue
			}
			setStatus(ctx, "done")
			return nil
		}
		wait := max(step.Wait, lifetimePause)
		setStatus(ctx, "next look at "+workflow.Now(ctx).Add(wait).UTC().Format(time.RFC3339))
		if err := timerOr(ctx, wait, changed); err != nil {
			return err
		}
		if changed.Len() == 0 && workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			return workflow.NewContinueAsNewError(ctx, LifetimeType, in)
		}
	}
}

// timerOr waits for a time, or until a signal has come. It returns an error when
// the workflow was cancelled.
func timerOr(ctx workflow.Context, wait time.Duration, signals workflow.ReceiveChannel) error {
	_, err := workflow.AwaitWithTimeout(ctx, wait, func() bool { return signals.Len() > 0 })
	return err
}

// RunSpinUp follows a request for an environment: its first deployment, which
// goes through the environment's queue, and, when that fails and the request
// says so, the removal of the environment. When it is cancelled the request ends
// as failed; the API's cancel lets the deployment end instead.
func RunSpinUp(ctx workflow.Context, in SpinUp) error {
	setStatus(ctx, "following the first deployment")
	end := SpinUpEnd{SpinUp: in}
	following := persistent(ctx, 24*time.Hour, 30*24*time.Hour, "follow the first deployment")
	failed := workflow.ExecuteActivity(following, FollowSpinUpActivity, in).Get(ctx, &end)
	if failed != nil {
		end = SpinUpEnd{SpinUp: in, Outcome: OutcomeFailed}
	}
	setStatus(ctx, "recording the end")
	// The record must be written although the workflow was cancelled.
	clean, release := workflow.NewDisconnectedContext(ctx)
	defer release()
	var result SpinUpResult
	finishing := persistent(clean, time.Minute, 7*24*time.Hour, "record the end")
	if err := workflow.ExecuteActivity(finishing, FinishSpinUpActivity, end).Get(clean, &result); err != nil {
		return err
	}
	if !result.Removing {
		setStatus(ctx, "done")
		return nil
	}
	setStatus(ctx, "waiting until the environment is gone")
	removing := persistent(clean, 24*time.Hour, 365*24*time.Hour, "wait until the environment is gone")
	return workflow.ExecuteActivity(removing, AwaitRemovalActivity, in).Get(clean, nil)
}
