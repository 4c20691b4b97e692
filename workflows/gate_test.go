package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/testsuite"

	"github.com/slipway-dev/slipway/workflows"
)

// gated runs a deployment whose gate gives these answers, the last one again and again.
func gated(t *testing.T, steps *fakeSteps, answers ...workflows.GateResult) (*testsuite.TestWorkflowEnvironment, *[]time.Time) {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.SetTestTimeout(time.Minute)
	steps.plan = func() (workflows.PlanResult, error) { return workflows.PlanResult{Nodes: 1, Gate: true}, nil }
	steps.register(env)
	looks := &[]time.Time{}
	env.RegisterActivityWithOptions(func(context.Context, workflows.Deployment) (workflows.GateResult, error) {
		steps.called("gate")
		*looks = append(*looks, env.Now())
		return answers[min(len(*looks), len(answers))-1], nil
	}, activity.RegisterOptions{Name: workflows.GateActivity})
	return env, looks
}

func waitingFor(wait time.Duration) workflows.GateResult {
	return workflows.GateResult{State: workflows.GateWaiting, Wait: wait, Message: "waiting for 1 approval"}
}

func TestGate(t *testing.T) {
	t.Parallel()
	passed := workflows.GateResult{State: workflows.GatePassed}
	cases := map[string]struct {
		answers []workflows.GateResult
		signal  time.Duration
		cancel  time.Duration
		calls   []string
		looks   []time.Duration // since the first one, at the earliest
		outcome string          // "" = it ended before
		failure string
	}{
		"passes at once":           {answers: []workflows.GateResult{passed}, calls: []string{"plan", "gate", "advance", "render", "deliver"}, outcome: "succeeded"},
		"looks again by itself":    {answers: []workflows.GateResult{waitingFor(time.Hour), passed}, looks: []time.Duration{0, time.Hour}, calls: []string{"plan", "gate", "gate", "advance", "render", "deliver"}, outcome: "succeeded"},
		"is woken":                 {answers: []workflows.GateResult{waitingFor(time.Hour), passed}, signal: time.Minute, looks: []time.Duration{0, time.Minute}, calls: []string{"plan", "gate", "gate", "advance", "render", "deliver"}, outcome: "succeeded"},
		"is denied":                {answers: []workflows.GateResult{{State: "denied", Message: "not here"}}, calls: []string{"plan", "gate"}, outcome: "denied", failure: "not here"},
		"expires":                  {answers: []workflows.GateResult{waitingFor(time.Hour), {State: "expired", Message: "too late"}}, calls: []string{"plan", "gate", "gate"}, outcome: "expired", failure: "too late"},
		"has ended meanwhile":      {answers: []workflows.GateResult{waitingFor(time.Hour), {State: workflows.GateWithdrawn}}, calls: []string{"plan", "gate", "gate"}},
		"is cancelled as it waits": {answers: []workflows.GateResult{waitingFor(time.Hour)}, cancel: time.Minute, calls: []string{"plan", "gate"}, outcome: "cancelled"},
		"gives no answer":          {answers: []workflows.GateResult{{}}, calls: []string{"plan", "gate"}, outcome: "failed", failure: "gave no answer"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steps := &fakeSteps{}
			env, looks := gated(t, steps, c.answers...)
			begin := env.Now()
			if c.signal > 0 {
				env.RegisterDelayedCallback(func() { env.SignalWorkflow(workflows.ChangedSignal, nil) }, c.signal)
			}
			if c.cancel > 0 {
				env.RegisterDelayedCallback(env.CancelWorkflow, c.cancel)
			}
			env.ExecuteWorkflow(workflows.RunDeployment, workflows.DeploymentInput{Deployment: deployment})
			require.NoError(t, env.GetWorkflowError())
			require.Equal(t, c.calls, steps.calls)
			for n, at := range c.looks {
				require.WithinDuration(t, begin.Add(at), (*looks)[n], 30*time.Second)
			}
			if c.outcome == "" {
				require.Empty(t, steps.finished)
				return
			}
			require.Len(t, steps.finished, 1)
			require.Equal(t, c.outcome, steps.finished[0].Outcome)
			require.Contains(t, steps.finished[0].Failure, c.failure)
		})
	}
}

// TestWaitingForPeopleIsNoDelay: the deadline of a deployment is about what it does.
func TestWaitingForPeopleIsNoDelay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		node    time.Duration
		outcome string
	}{"in time": {50 * time.Minute, "succeeded"}, "late": {90 * time.Minute, "timed_out"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steps := &fakeSteps{rollout: func(workflows.Stage) error { return nil }, deliver: func() (workflows.DeliverResult, error) { return workflows.DeliverResult{Watch: true}, nil }}
			env, _ := gated(t, steps, waitingFor(20*time.Hour), waitingFor(20*time.Hour), workflows.GateResult{State: workflows.GatePassed})
			env.OnActivity(workflows.RenderActivity, mock.Anything, mock.Anything).After(c.node).Return(nil)
			begin := env.Now()
			env.ExecuteWorkflow(workflows.RunDeployment, workflows.DeploymentInput{Deployment: deployment, Deadline: 60 * 60})
			require.NoError(t, env.GetWorkflowError())
			require.GreaterOrEqual(t, env.Now().Sub(begin), 40*time.Hour)
			require.Len(t, steps.finished, 1)
			require.Equal(t, c.outcome, steps.finished[0].Outcome)
		})
	}
}

// TestNodesWaitForPeople: the plan of a node waits as the one of a deployment does, and its time does not count either.
func TestNodesWaitForPeople(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		signal  time.Duration
		cancel  time.Duration
		waited  time.Duration
		calls   int
		outcome string
	}{
		"looks again by itself":    {waited: 10 * time.Hour, calls: 2, outcome: workflows.OutcomeSucceeded},
		"is woken":                 {signal: time.Minute, waited: time.Minute, calls: 2, outcome: workflows.OutcomeSucceeded},
		"is cancelled as it waits": {cancel: time.Minute, waited: time.Minute, calls: 1, outcome: workflows.OutcomeCancelled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			nodes := 0
			steps := &fakeSteps{
				advance: func(n int) (workflows.AdvanceResult, error) {
					if n == 1 {
						return workflows.AdvanceResult{Heavy: []int{0}}, nil
					}
					return workflows.AdvanceResult{Done: true}, nil
				},
				waits: func(n int) time.Duration {
					if nodes = n; n == 1 {
						return 10 * time.Hour
					}
					return 0
				},
			}
			env, _ := gated(t, steps, workflows.GateResult{State: workflows.GatePassed})
			begin := env.Now()
			if c.signal > 0 {
				env.RegisterDelayedCallback(func() { env.SignalWorkflow(workflows.ChangedSignal, nil) }, c.signal)
			}
			if c.cancel > 0 {
				env.RegisterDelayedCallback(env.CancelWorkflow, c.cancel)
			}
			env.ExecuteWorkflow(workflows.RunDeployment, workflows.DeploymentInput{Deployment: deployment, Deadline: 60 * 60})
			require.NoError(t, env.GetWorkflowError())
			require.Equal(t, c.calls, nodes)
			require.WithinDuration(t, begin.Add(c.waited), env.Now(), 30*time.Second)
			require.Len(t, steps.finished, 1)
			require.Equal(t, c.outcome, steps.finished[0].Outcome)
		})
	}
}
