package workflows_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"github.com/slipway-dev/slipway/workflows"
)

// fakeSteps plays the activities of a deployment; each may be replaced.
type fakeSteps struct {
	mu       sync.Mutex
	calls    []string
	plan     func() (workflows.PlanResult, error)
	advance  func(n int) (workflows.AdvanceResult, error)
	node     func(ctx context.Context, ordinal int) error
	waits    func(n int) time.Duration // what the n-th call of a node waits for people
	deliver  func() (workflows.DeliverResult, error)
	stage    func(in workflows.Stage) (workflows.DeliverResult, error)
	rollout  func(in workflows.Stage) error
	finished []workflows.Finish
}

func (f *fakeSteps) called(name string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, name)
	n := 0
	for _, c := range f.calls {
		if c == name {
			n++
		}
	}
	return n
}

func (f *fakeSteps) register(env *testsuite.TestWorkflowEnvironment) {
	add := func(name string, fn any) { env.RegisterActivityWithOptions(fn, activity.RegisterOptions{Name: name}) }
	add(workflows.PlanActivity, func(context.Context, workflows.Deployment) (workflows.PlanResult, error) {
		f.called("plan")
		if f.plan == nil {
			return workflows.PlanResult{Nodes: 3}, nil
		}
		return f.plan()
	})
	add(workflows.AdvanceActivity, func(context.Context, workflows.Deployment) (workflows.AdvanceResult, error) {
		n := f.called("advance")
		if f.advance == nil {
			return workflows.AdvanceResult{Done: true}, nil
		}
		return f.advance(n)
	})
	add(workflows.ProvisionActivity, func(ctx context.Context, in workflows.Node) (workflows.NodeResult, error) {
		n := f.called("node")
		if f.waits != nil {
			return workflows.NodeResult{Wait: f.waits(n)}, nil
		}
		return workflows.NodeResult{}, f.node(ctx, in.Ordinal)
	})
	add(workflows.RenderActivity, func(context.Context, workflows.Deployment) error { f.called("render"); return nil })
	add(workflows.DeliverActivity, func(_ context.Context, in workflows.Stage) (workflows.DeliverResult, error) {
		f.called("deliver")
		if f.stage != nil {
			return f.stage(in)
		}
		if f.deliver == nil {
			return workflows.DeliverResult{}, nil
		}
		return f.deliver()
	})
	add(workflows.RolloutActivity, func(ctx context.Context, in workflows.Stage) error {
		f.called("rollout")
		if f.rollout != nil {
			return f.rollout(in)
		}
		return nil
	})
	add(workflows.FinishActivity, func(_ context.Context, in workflows.Finish) (string, error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.finished = append(f.finished, in)
		return in.Outcome, nil
	})
}

var deployment = workflows.Deployment{Env: workflows.Env{Org: "demo", App: "shop", Env: "dev"}, ID: "17609cfafa5d5cb8"}

func TestRunDeployment(t *testing.T) {
	t.Parallel()
	refusal := temporal.NewNonRetryableApplicationError("no definition matches", workflows.ErrStepFailed, nil)
	cases := map[string]struct {
		steps   *fakeSteps
		calls   []string
		outcome string
		failure string
	}{
		"all phases in order": {
			calls: []string{"plan", "advance", "render", "deliver"}, outcome: workflows.OutcomeSucceeded,
		},
		"a target that can be watched is watched": {
			steps:   &fakeSteps{deliver: func() (workflows.DeliverResult, error) { return workflows.DeliverResult{Watch: true}, nil }},
			calls:   []string{"plan", "advance", "render", "deliver", "rollout"},
			outcome: workflows.OutcomeSucceeded,
		},
		"a plan that fails ends it": {
			steps:   &fakeSteps{plan: func() (workflows.PlanResult, error) { return workflows.PlanResult{}, refusal }},
			calls:   []string{"plan"},
			outcome: workflows.OutcomeFailed, failure: "no definition matches",
		},
		"failed nodes end it before anything is rendered": {
			steps: &fakeSteps{advance: func(int) (workflows.AdvanceResult, error) {
				return workflows.AdvanceResult{Done: true, Failed: true}, nil
			}},
			calls:   []string{"plan", "advance"},
			outcome: workflows.OutcomeFailed, failure: "one or more resources failed",
		},
		"heavy nodes run in activities of their own": {
			steps: &fakeSteps{
				advance: func(n int) (workflows.AdvanceResult, error) {
					if n == 1 {
						return workflows.AdvanceResult{Heavy: []int{0, 2}}, nil
					}
					return workflows.AdvanceResult{Done: n > 2}, nil
				},
				node: func(context.Context, int) error { return nil },
			},
			calls:   []string{"plan", "advance", "node", "node", "advance", "advance", "render", "deliver"},
			outcome: workflows.OutcomeSucceeded,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var suite testsuite.WorkflowTestSuite
			env := suite.NewTestWorkflowEnvironment()
			if c.steps == nil {
				c.steps = &fakeSteps{}
			}
			c.steps.register(env)
			env.ExecuteWorkflow(workflows.RunDeployment, workflows.DeploymentInput{Deployment: deployment})
			require.NoError(t, env.GetWorkflowError())
			require.ElementsMatch(t, c.calls, c.steps.calls)
			require.Len(t, c.steps.finished, 1, "exactly one end")
			require.Equal(t, c.outcome, c.steps.finished[0].Outcome)
			require.Contains(t, c.steps.finished[0].Failure, c.failure)
		})
	}
}

func TestRunDeploymentThatIsOverDoesNothing(t *testing.T) {
	t.Parallel()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	steps := fakeSteps{plan: func() (workflows.PlanResult, error) { return workflows.PlanResult{Over: true}, nil }}
	steps.register(env)
	env.ExecuteWorkflow(workflows.RunDeployment, workflows.DeploymentInput{Deployment: deployment})
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, []string{"plan"}, steps.calls)
	require.Empty(t, steps.finished)
}

func TestCancelledDeploymentFinishesAsCancelled(t *testing.T) {
	t.Parallel()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	steps := fakeSteps{
		advance: func(int) (workflows.AdvanceResult, error) { return workflows.AdvanceResult{Heavy: []int{1}}, nil },
		node: func(ctx context.Context, _ int) error {
			for ctx.Err() == nil {
				activity.RecordHeartbeat(ctx)
				time.Sleep(time.Millisecond)
			}
			return ctx.Err()
		},
	}
	steps.register(env)
	env.RegisterDelayedCallback(env.CancelWorkflow, time.Second)
	env.ExecuteWorkflow(workflows.RunDeployment, workflows.DeploymentInput{Deployment: deployment})
	require.NoError(t, env.GetWorkflowError())
	require.Len(t, steps.finished, 1)
	require.Equal(t, workflows.OutcomeCancelled, steps.finished[0].Outcome)
	require.NotContains(t, steps.calls, "render")
}

// TestDeploymentThatTakesTooLongIsStopped: a deployment whose steps each keep
// their time limit, but which does not come to its end, ends with its deadline.
func TestDeploymentThatTakesTooLongIsStopped(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		deadline int64
		want     time.Duration
	}{
		"the default":       {0, workflows.DeploymentDeadline},
		"one of its own":    {90 * 60, 90 * time.Minute},
		"longer than usual": {24 * 60 * 60, 24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var suite testsuite.WorkflowTestSuite
			env := suite.NewTestWorkflowEnvironment()
			steps := fakeSteps{advance: func(int) (workflows.AdvanceResult, error) { return workflows.AdvanceResult{Heavy: []int{0}}, nil }}
			steps.register(env)
			env.OnActivity(workflows.ProvisionActivity, mock.Anything, mock.Anything).After(50*time.Minute).Return(workflows.NodeResult{}, nil)
			begin := env.Now()
			env.ExecuteWorkflow(workflows.RunDeployment, workflows.DeploymentInput{Deployment: deployment, Deadline: c.deadline})
			require.NoError(t, env.GetWorkflowError())
			require.GreaterOrEqual(t, env.Now().Sub(begin), c.want, "not before its time")
			require.Len(t, steps.finished, 1, "exactly one terminal status")
			require.Equal(t, workflows.OutcomeTimedOut, steps.finished[0].Outcome)
			require.Contains(t, steps.finished[0].Failure, "stopped after "+c.want.String())
			require.NotContains(t, steps.calls, "render")
			var result workflows.DeploymentResult
			require.NoError(t, env.GetWorkflowResult(&result))
			require.Equal(t, workflows.OutcomeTimedOut, result.Outcome)
		})
	}
}

// TestStepThatTakesTooLongFails: the time limit of one step is no deadline of
// the deployment.
func TestStepThatTakesTooLongFails(t *testing.T) {
	t.Parallel()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	steps := fakeSteps{advance: func(int) (workflows.AdvanceResult, error) {
		return workflows.AdvanceResult{}, errors.New("the database is away")
	}}
	steps.register(env)
	env.ExecuteWorkflow(workflows.RunDeployment, workflows.DeploymentInput{Deployment: deployment})
	require.NoError(t, env.GetWorkflowError())
	require.Len(t, steps.finished, 1)
	require.Equal(t, workflows.OutcomeFailed, steps.finished[0].Outcome)
	require.Contains(t, steps.finished[0].Failure, "the database is away")
	require.NotContains(t, steps.calls, "render")
}

// queueRun plays the children of an environment's queue and records their order.
func queueRun(t *testing.T, in workflows.EnvironmentInput, during func(env *testsuite.TestWorkflowEnvironment)) []string {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	var order []string
	child := func(ctx workflow.Context, in workflows.Deployment) (workflows.DeploymentResult, error) {
		order = append(order, in.ID)
		return workflows.DeploymentResult{Outcome: workflows.OutcomeSucceeded}, workflow.Sleep(ctx, time.Minute)
	}
	env.RegisterWorkflowWithOptions(child, workflow.RegisterOptions{Name: workflows.DeploymentType})
	teardown := func(workflow.Context, workflows.Env) (workflows.TeardownResult, error) {
		order = append(order, "teardown")
		return workflows.TeardownResult{Done: true}, nil
	}
	env.RegisterWorkflowWithOptions(teardown, workflow.RegisterOptions{Name: workflows.TeardownType})
	if during != nil {
		during(env)
	}
	env.ExecuteWorkflow(workflows.RunEnvironment, in)
	require.True(t, env.IsWorkflowCompleted(), "an idle queue ends")
	require.NoError(t, env.GetWorkflowError())
	return order
}

func items(ids ...string) []workflows.Item {
	var out []workflows.Item
	for _, id := range ids {
		out = append(out, workflows.Item{Kind: workflows.KindDeployment, ID: id, Policy: "queue"})
	}
	return out
}

func enqueueAfter(t *testing.T, env *testsuite.TestWorkflowEnvironment, after time.Duration, work []workflows.Item) {
	env.RegisterDelayedCallback(func() {
		env.UpdateWorkflowNoRejection(workflows.EnqueueUpdate, "", t, work)
	}, after)
}

func TestEnvironmentQueue(t *testing.T) {
	t.Parallel()
	in := workflows.EnvironmentInput{Env: deployment.Env, Items: items("0001")}
	cases := map[string]struct {
		during func(t *testing.T, env *testsuite.TestWorkflowEnvironment)
		want   []string
	}{
		"ends when nothing is left": {want: []string{"0001"}},
		"what is there already is not added again": {
			during: func(t *testing.T, env *testsuite.TestWorkflowEnvironment) {
				enqueueAfter(t, env, time.Second, items("0001"))
				enqueueAfter(t, env, 2*time.Second, items("0002"))
				enqueueAfter(t, env, 3*time.Second, items("0002"))
			},
			want: []string{"0001", "0002"},
		},
		"hand-overs that arrive the wrong way round run in the order of acceptance": {
			during: func(t *testing.T, env *testsuite.TestWorkflowEnvironment) {
				enqueueAfter(t, env, time.Second, items("0003"))
				enqueueAfter(t, env, 2*time.Second, items("0002"))
			},
			want: []string{"0001", "0002", "0003"},
		},
		"a superseding one replaces those that wait but not the one that runs": {
			during: func(t *testing.T, env *testsuite.TestWorkflowEnvironment) {
				enqueueAfter(t, env, time.Second, items("0002"))
				enqueueAfter(t, env, 2*time.Second, []workflows.Item{{Kind: workflows.KindDeployment, ID: "0003", Policy: "supersede"}})
			},
			want: []string{"0001", "0003"},
		},
		"a teardown waits its turn": {
			during: func(t *testing.T, env *testsuite.TestWorkflowEnvironment) {
				enqueueAfter(t, env, time.Second, []workflows.Item{{Kind: workflows.KindTeardown, ID: "demo/shop/dev"}})
			},
			want: []string{"0001", "teardown"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := queueRun(t, in, func(env *testsuite.TestWorkflowEnvironment) {
				if c.during != nil {
					c.during(t, env)
				}
			})
			require.Equal(t, c.want, got)
		})
	}
}
