package worker

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"github.com/slipway-dev/slipway/workflows"
)

// lifecycleAnswers answer by the id of the request; a lifetime ends with its third look.
func lifecycleAnswers() map[string]any {
	var looks atomic.Int64
	return map[string]any{
		workflows.CheckLifetimeActivity: func(context.Context, workflows.Env) (workflows.LifetimeStep, error) {
			n := looks.Add(1)
			return workflows.LifetimeStep{Over: n >= 3, Wait: map[bool]time.Duration{true: time.Second, false: time.Hour}[n == 1]}, nil
		},
		workflows.FollowSpinUpActivity: func(_ context.Context, in workflows.SpinUp) (workflows.SpinUpEnd, error) {
			return workflows.SpinUpEnd{SpinUp: in, Outcome: in.ID}, nil
		},
		workflows.FinishSpinUpActivity: func(_ context.Context, in workflows.SpinUpEnd) (workflows.SpinUpResult, error) {
			return workflows.SpinUpResult{Removing: in.Outcome == workflows.OutcomeFailed}, nil
		},
		workflows.AwaitRemovalActivity: func(context.Context, workflows.SpinUp) error { return nil },
	}
}

// recordLifecycle records the workflows of how environments come and go.
func recordLifecycle(t *testing.T, c client.Client, name string, env workflows.Env) {
	t.Helper()
	id := workflows.LifetimeWorkflowID(env)
	signal := func() client.WorkflowRun {
		run, err := c.SignalWithStartWorkflow(t.Context(), id, workflows.ChangedSignal, nil,
			client.StartWorkflowOptions{TaskQueue: workflows.TaskQueue}, workflows.LifetimeType, env)
		require.NoError(t, err)
		return run
	}
	run := signal()
	time.Sleep(3 * time.Second) // into the timer of an hour, for the history
	signal()
	require.NoError(t, run.Get(t.Context(), nil))
	store(t, c, name, "lifetime", id)
	for _, outcome := range []string{workflows.OutcomeSucceeded, workflows.OutcomeFailed} {
		in := workflows.SpinUp{Org: "demo", App: "shop", ID: outcome}
		run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: workflows.SpinUpWorkflowID(in), TaskQueue: workflows.TaskQueue}, workflows.SpinUpType, in)
		require.NoError(t, err)
		require.NoError(t, run.Get(t.Context(), nil))
		store(t, c, name, "spinup-"+outcome, run.GetID())
	}
}
