package workflows

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// DeploymentDeadline is how long a deployment may take in all, unless its input
// says otherwise, before it is stopped and fails with a timeout.
const DeploymentDeadline = 6 * time.Hour

// heavyAtOnce bounds how many heavy nodes of one deployment run in parallel.
const heavyAtOnce = 10

// RunDeployment carries one deployment through its phases. It always ends with
// exactly one Finish: after success, failure, cancel and timeout alike.
func RunDeployment(ctx workflow.Context, input DeploymentInput) (DeploymentResult, error) {
	in, deadline := input.Deployment, time.Duration(input.Deadline)*time.Second
	if deadline <= 0 {
		deadline = DeploymentDeadline
	}
	steps, stop := workflow.WithCancel(ctx)
	defer stop()
	timedOut := false
	b := newBell(ctx)
	workflow.GoNamed(steps, "deadline", func(ctx workflow.Context) {
		if b.deadline(ctx, deadline) {
			timedOut = true
			stop()
		}
	})
	over, err := runSteps(steps, in, b)
	if over {
		return DeploymentResult{}, nil
	}
	limit := time.Duration(0)
	if timedOut {
		limit = deadline
	}
	finish := finishOf(in, err, limit)
	setStatus(ctx, finish.Outcome)
	outcomeAttribute := temporal.NewSearchAttributeKeyKeyword(SearchOutcome).ValueSet(finish.Outcome)
	if err := workflow.UpsertTypedSearchAttributes(ctx, outcomeAttribute); err != nil {
		workflow.GetLogger(ctx).Warn("the outcome is not searchable", "error", err)
	}
	// The clean-up must run although the workflow was cancelled.
	clean, release := workflow.NewDisconnectedContext(ctx)
	defer release()
	var outcome string
	options := persistent(clean, 2*time.Minute, 7*24*time.Hour, "finish: "+finish.Outcome)
	if err := workflow.ExecuteActivity(options, FinishActivity, finish).Get(clean, &outcome); err != nil {
		return DeploymentResult{}, err
	}
	return DeploymentResult{Outcome: outcome}, nil
}

// runSteps runs the phases in order; over says that the deployment had ended
// before this run began.
func runSteps(ctx workflow.Context, in Deployment, b *bell) (over bool, err error) {
	setStatus(ctx, "planning")
	var plan PlanResult
	if err := workflow.ExecuteActivity(step(ctx, 2*time.Minute, "plan"), PlanActivity, in).Get(ctx, &plan); err != nil {
		return false, err
	}
	if plan.Over {
		return true, nil
	}
	if plan.Gate && workflow.GetVersion(ctx, gateVersion, workflow.DefaultVersion, 1) > workflow.DefaultVersion {
		if over, err := gate(ctx, in, b); over || err != nil {
			return over, err
		}
	}
	setStatus(ctx, fmt.Sprintf("provisioning %d resources", plan.Nodes))
	if err := provision(ctx, in, b); err != nil {
		return false, err
	}
	setStatus(ctx, "rendering")
	if err := workflow.ExecuteActivity(step(ctx, 5*time.Minute, "render"), RenderActivity, in).Get(ctx, nil); err != nil {
		return false, err
	}
	return false, deliver(ctx, in)
}

// deliver brings the objects to their target, stage by stage; each waits for the
// rollout of the one before. Targets that take everything at once say so in the
// result. An earlier build said nothing of stages, so a run that began there does
// what it did then.
func deliver(ctx workflow.Context, in Deployment) error {
	for n := 0; ; n++ {
		stage, name := Stage{Deployment: in, Stage: n, Staged: true}, ""
		if n > 0 {
			name = fmt.Sprintf(" stage %d", n+1)
		}
		setStatus(ctx, "delivering"+name)
		var delivered DeliverResult
		err := workflow.ExecuteActivity(step(ctx, 15*time.Minute, "deliver"+name), DeliverActivity, stage).Get(ctx, &delivered)
		if err != nil {
			return err
		}
		if delivered.Watch {
			setStatus(ctx, "waiting for the rollout"+name)
			stage.Since = workflow.Now(ctx).Unix()
			limit := time.Duration(delivered.Limit) * time.Second
			if err := workflow.ExecuteActivity(watching(ctx, limit, "rollout"+name), RolloutActivity, stage).Get(ctx, nil); err != nil {
				return err
			}
		}
		if !delivered.More {
			return nil
		}
	}
}

// errNodesFailed ends a deployment with failed nodes; their causes are recorded.
var errNodesFailed = temporal.NewNonRetryableApplicationError("one or more resources failed", ErrStepFailed, nil)

// provision advances the graph until no node is left, running heavy nodes in
// activities of their own.
func provision(ctx workflow.Context, in Deployment, b *bell) error {
	running := map[int]bool{}
	var failure error
	ended := workflow.NewBufferedChannel(ctx, heavyAtOnce)
	for {
		var advance AdvanceResult
		err := workflow.ExecuteActivity(step(ctx, 30*time.Minute, "advance"), AdvanceActivity, in).Get(ctx, &advance)
		if err != nil && failure == nil {
			failure = err
		}
		if failure == nil && advance.Done && advance.Failed {
			return errNodesFailed
		}
		if failure == nil && advance.Done {
			return nil
		}
		for _, ordinal := range advance.Heavy {
			if failure != nil || running[ordinal] || len(running) >= heavyAtOnce {
				continue
			}
			running[ordinal] = true
			workflow.GoNamed(ctx, fmt.Sprintf("node-%d", ordinal), func(ctx workflow.Context) {
				ended.Send(ctx, nodeEnd{ordinal, provisionNode(ctx, in, ordinal, b)})
			})
		}
		if len(running) == 0 {
			if failure != nil {
				return failure
			}
			return temporal.NewNonRetryableApplicationError("no resource can go on although some are left", ErrPermanent, nil)
		}
		var end nodeEnd
		clean, release := workflow.NewDisconnectedContext(ctx)
		ended.Receive(clean, &end)
		release()
		delete(running, end.ordinal)
		if end.err != nil && failure == nil {
			failure = end.err
		}
	}
}

// provisionNode runs one heavy node, as often as its plan has to wait for an approval.
func provisionNode(ctx workflow.Context, in Deployment, ordinal int, b *bell) error {
	options := heavy(ctx, fmt.Sprintf("node %d", ordinal))
	for {
		heard := b.rung
		var r NodeResult
		err := workflow.ExecuteActivity(options, ProvisionActivity, Node{Deployment: in, Ordinal: ordinal}).Get(ctx, &r)
		if err != nil || r.Wait <= 0 {
			return err
		}
		if err := b.wait(ctx, heard, r.Wait); err != nil {
			return err
		}
	}
}

type nodeEnd struct {
	ordinal int
	err     error
}

// finishOf derives the one outcome from how the steps ended; passed is the
// deadline when it has passed, else 0.
func finishOf(in Deployment, err error, passed time.Duration) Finish {
	f := Finish{Deployment: in, Outcome: OutcomeSucceeded}
	var refused *gateRefusedError
	switch {
	case err == nil:
		return f
	case passed > 0:
		f.Outcome = OutcomeTimedOut
		f.Failure = fmt.Sprintf("the deployment was stopped after %s; what it had made is kept, deploy again to go on", passed)
	case temporal.IsCanceledError(err):
		f.Outcome = OutcomeCancelled
	case errors.As(err, &refused):
		f.Outcome, f.Failure = refused.outcome, shorten(refused.message)
	default:
		f.Outcome, f.Failure = OutcomeFailed, shorten(cause(err))
	}
	return f
}

// cause is the innermost message of an activity's failure, which is the one
// written for people.
func cause(err error) string {
	var app *temporal.ApplicationError
	if errors.As(err, &app) {
		return app.Message()
	}
	var timeout *temporal.TimeoutError
	if errors.As(err, &timeout) {
		return "a step did not end within its time limit: " + timeout.Error()
	}
	return err.Error()
}

// maxFailure bounds the text of a failure that travels through the history;
// the whole cause is recorded with the deployment.
const maxFailure = 4096

func shorten(s string) string {
	if len(s) <= maxFailure {
		return s
	}
	return strings.ToValidUTF8(s[:maxFailure], "") + "…"
}

// setStatus is what the Temporal Web UI shows at the top of a run.
func setStatus(ctx workflow.Context, status string) {
	workflow.SetCurrentDetails(ctx, status)
}

// DeadlineSeconds is a deadline as items carry it: 0 for the default, so that
// they stay small.
func DeadlineSeconds(d time.Duration) int64 {
	if d <= 0 || d == DeploymentDeadline {
		return 0
	}
	return max(1, int64(d/time.Second))
}
