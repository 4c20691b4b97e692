package workflows

import (
	"context"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// OperationType is the name of the workflow of an operation.
const OperationType = "Operation"

// Names of the activities of an operation.
const (
	ApplyOperationActivity  = "ApplyOperation"
	WatchOperationActivity  = "WatchOperation"
	FinishOperationActivity = "FinishOperation"
)

// KindOperation is the kind of the items that change what runs without a deployment.
const KindOperation = "operation"

// Operation names an operation of an environment.
type Operation struct {
	Env
	ID string `json:"id"`
}

// OperationApplied says how an operation goes on.
type OperationApplied struct {
	Over  bool `json:"over,omitempty"`  // terminal already: nothing is left to do
	Watch bool `json:"watch,omitempty"` // there is a rollout to watch
}

// OperationEnd says how an operation ends.
type OperationEnd struct {
	Operation
	Outcome string `json:"outcome"` // succeeded | failed | cancelled
	Failure string `json:"failure,omitempty"`
}

// OperationResult is the result of the workflow of an operation.
type OperationResult struct {
	Outcome string `json:"outcome,omitempty"` // "" = it was over before
}

// OperationActivities are the steps of an operation.
type OperationActivities interface {
	ApplyOperation(ctx context.Context, in Operation) (OperationApplied, error)
	WatchOperation(ctx context.Context, in Operation) error
	FinishOperation(ctx context.Context, in OperationEnd) error
}

// RunOperation changes what runs in an environment and waits until that is
// ready. It always ends with one FinishOperation: after success, failure and
// cancel alike.
func RunOperation(ctx workflow.Context, in Operation) (OperationResult, error) {
	over, err := operate(ctx, in)
	if over {
		return OperationResult{}, nil
	}
	end := OperationEnd{Operation: in, Outcome: OutcomeSucceeded}
	switch {
	case temporal.IsCanceledError(err):
		end.Outcome = OutcomeCancelled
	case err != nil:
		end.Outcome, end.Failure = OutcomeFailed, shorten(cause(err))
	}
	setStatus(ctx, end.Outcome)
	clean, release := workflow.NewDisconnectedContext(ctx)
	defer release()
	options := persistent(clean, time.Minute, 7*24*time.Hour, "finish: "+end.Outcome)
	if err := workflow.ExecuteActivity(options, FinishOperationActivity, end).Get(clean, nil); err != nil {
		return OperationResult{}, err
	}
	return OperationResult{Outcome: end.Outcome}, nil
}

func operate(ctx workflow.Context, in Operation) (over bool, err error) {
	setStatus(ctx, "changing what runs")
	var applied OperationApplied
	if err := workflow.ExecuteActivity(step(ctx, 3*time.Minute, "apply"), ApplyOperationActivity, in).Get(ctx, &applied); err != nil {
		return false, err
	}
	if applied.Over || !applied.Watch {
		return applied.Over, nil
	}
	setStatus(ctx, "waiting until it is ready")
	return false, workflow.ExecuteActivity(step(ctx, 15*time.Minute, "rollout"), WatchOperationActivity, in).Get(ctx, nil)
}
