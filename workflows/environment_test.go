package workflows_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"github.com/slipway-dev/slipway/workflows"
)

var (
	dataConverter = converter.GetDefaultDataConverter()
	mockAny       = mock.Anything
)

// records plays the database of an environment: what was accepted and is not
// over, and in which order it was carried out.
type records struct {
	mu    sync.Mutex
	open  []string
	order []string
	pages int
}

func (r *records) accept(ids ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open = append(r.open, ids...)
}

func (r *records) end(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.order = append(r.order, id)
	r.open = slices.DeleteFunc(r.open, func(o string) bool { return o == id })
}

func (r *records) waiting(_ context.Context, in workflows.Waiting) (workflows.WaitingResult, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pages++
	var result workflows.WaitingResult
	for _, id := range r.open {
		if id <= in.After {
			continue
		}
		if len(result.Items) == in.Limit {
			result.More = true
			break
		}
		result.Items = append(result.Items, workflows.Item{Kind: workflows.KindDeployment, ID: id})
	}
	return result, nil
}

// register adds children that take a minute and end in the records.
func (r *records) register(env *testsuite.TestWorkflowEnvironment) {
	child := func(ctx workflow.Context, in workflows.Deployment) (workflows.DeploymentResult, error) {
		err := workflow.Sleep(ctx, time.Minute)
		r.end(in.ID)
		return workflows.DeploymentResult{Outcome: workflows.OutcomeSucceeded}, err
	}
	env.RegisterWorkflowWithOptions(child, workflow.RegisterOptions{Name: workflows.DeploymentType})
	env.RegisterActivityWithOptions(r.waiting, activity.RegisterOptions{Name: workflows.WaitingActivity})
}

func ids(from, to int) []string {
	var out []string
	for i := from; i <= to; i++ {
		out = append(out, fmt.Sprintf("%016x", i))
	}
	return out
}

// TestQueueHoldsFewAndForgetsNothing: what a run does not hold is read from the
// records in time, also what comes while they are read.
func TestQueueHoldsFewAndForgetsNothing(t *testing.T) {
	t.Parallel()
	all := ids(1, 12)
	cases := map[string]struct {
		in     workflows.EnvironmentInput
		during func(t *testing.T, env *testsuite.TestWorkflowEnvironment, r *records)
		want   []string
	}{
		"more to begin with than it holds": {
			in: workflows.EnvironmentInput{Items: items(all...), Held: 3}, want: all,
		},
		"more than it was told of": {
			in: workflows.EnvironmentInput{Items: items(all[:3]...), Held: 3, Beyond: all[2]}, want: all,
		},
		"one that comes when it is full waits in the records": {
			in: workflows.EnvironmentInput{Items: items(all...), Held: 3},
			during: func(t *testing.T, env *testsuite.TestWorkflowEnvironment, r *records) {
				env.RegisterDelayedCallback(func() {
					r.accept("0000000000000020")
					env.UpdateWorkflowNoRejection(workflows.EnqueueUpdate, "", t, items("0000000000000020"))
				}, 150*time.Second)
			},
			want: append(slices.Clone(all), "0000000000000020"),
		},
		"an earlier one that comes late finds its place": {
			in: workflows.EnvironmentInput{Items: items(append(slices.Clone(all[:5]), all[6:]...)...), Held: 3},
			during: func(t *testing.T, env *testsuite.TestWorkflowEnvironment, _ *records) {
				enqueueAfter(t, env, 90*time.Second, items(all[5]))
			},
			want: all,
		},
		"a teardown is kept although the queue is full": {
			in:   workflows.EnvironmentInput{Items: append(items(all...), workflows.Item{Kind: workflows.KindTeardown, ID: "teardown"}), Held: 12},
			want: append(slices.Clone(all), "teardown"),
		},
		"a destroyed resource lets an earlier deployment pass": {
			in: workflows.EnvironmentInput{Items: []workflows.Item{
				items(all[0])[0], items(all[2])[0], {Kind: workflows.KindResource, ID: "resource/1"}, items(all[1])[0],
			}, Held: 12},
			want: []string{all[0], all[1], all[2], "resource/1"},
		},
		"what runs is followed before all else, whatever its id": {
			in: workflows.EnvironmentInput{Items: []workflows.Item{
				{Kind: workflows.KindDeployment, ID: all[3], Follow: true}, items(all[0])[0], items(all[1])[0],
			}, Held: 12},
			want: []string{"followed deploy:" + all[3], all[0], all[1]},
		},
		"a superseding one does not stop the following of what runs": {
			in: workflows.EnvironmentInput{Items: []workflows.Item{
				{Kind: workflows.KindDeployment, ID: all[0], Follow: true}, items(all[1])[0],
				{Kind: workflows.KindDeployment, ID: all[2], Policy: "supersede"},
			}, Held: 12},
			want: []string{"followed deploy:" + all[0], all[2]},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var suite testsuite.WorkflowTestSuite
			env := suite.NewTestWorkflowEnvironment()
			r := &records{}
			r.accept(all...)
			r.register(env)
			registerOthers(env, r)
			if c.during != nil {
				c.during(t, env, r)
			}
			c.in.Env = deployment.Env
			env.ExecuteWorkflow(workflows.RunEnvironment, c.in)
			require.NoError(t, env.GetWorkflowError())
			require.Equal(t, c.want, r.order)
		})
	}
}

// registerOthers adds children that are no deployments, and the following.
func registerOthers(env *testsuite.TestWorkflowEnvironment, r *records) {
	env.RegisterWorkflowWithOptions(func(workflow.Context, workflows.Env) (workflows.TeardownResult, error) {
		r.end("teardown")
		return workflows.TeardownResult{}, nil
	}, workflow.RegisterOptions{Name: workflows.TeardownType})
	env.RegisterWorkflowWithOptions(func(_ workflow.Context, in workflows.Resource) error {
		r.end(in.ID)
		return nil
	}, workflow.RegisterOptions{Name: workflows.ResourceType})
	env.RegisterActivityWithOptions(func(_ context.Context, in workflows.Follow) error {
		r.end("followed " + in.WorkflowID)
		return nil
	}, activity.RegisterOptions{Name: workflows.FollowActivity})
}

// TestQueueGoesOnInANewRun: a history that grew long ends the run, between items
// and while one runs; nothing is lost, what runs is followed.
func TestQueueGoesOnInANewRun(t *testing.T) {
	t.Parallel()
	all := ids(1, 5)
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	r := &records{}
	r.accept(all...)
	r.register(env)
	env.RegisterDelayedCallback(func() {
		env.SetContinueAsNewSuggested(true)
		env.UpdateWorkflowNoRejection(workflows.EnqueueUpdate, "", t, items(all[4])) // wakes it up
	}, 90*time.Second)
	env.ExecuteWorkflow(workflows.RunEnvironment, workflows.EnvironmentInput{Env: deployment.Env, Items: items(all[:4]...), Held: 2})
	var again *workflow.ContinueAsNewError
	require.ErrorAs(t, env.GetWorkflowError(), &again)
	var next workflows.EnvironmentInput
	require.NoError(t, dataConverter.FromPayloads(again.Input, &next))
	running := items(all[1])[0]
	running.Follow = true
	require.Equal(t, running, next.Items[0], "what runs is followed")
	require.Equal(t, 2, next.Held)

	// The next run carries out the rest.
	second := suite.NewTestWorkflowEnvironment()
	rest := &records{}
	rest.accept(all[2:]...)
	rest.register(second)
	registerOthers(second, rest)
	second.ExecuteWorkflow(workflows.RunEnvironment, next)
	require.NoError(t, second.GetWorkflowError())
	require.Equal(t, append([]string{"followed deploy:" + all[1]}, all[2:]...), rest.order)
}

// TestOldQueueGoesOnBounded: a run that an earlier build started hands over to
// one that holds no more than it should.
func TestOldQueueGoesOnBounded(t *testing.T) {
	t.Parallel()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	r := &records{}
	r.register(env)
	env.SetContinueAsNewSuggested(true)
	all := ids(1, 3*workflows.QueueHolds)
	env.ExecuteWorkflow(workflows.RunEnvironment, workflows.EnvironmentInput{Env: deployment.Env, Items: items(all...)})
	var again *workflow.ContinueAsNewError
	require.ErrorAs(t, env.GetWorkflowError(), &again)
	var next workflows.EnvironmentInput
	require.NoError(t, dataConverter.FromPayloads(again.Input, &next))
	require.Equal(t, all[:1], r.order)
	require.Len(t, next.Items, workflows.QueueHolds)
	require.Equal(t, all[workflows.QueueHolds], next.Beyond)
	require.Equal(t, workflows.QueueHolds, next.Held)
}

// TestCancelledQueueEndsAfterWhatRuns: the lock is held until the child that was
// asked to end has ended.
func TestCancelledQueueEndsAfterWhatRuns(t *testing.T) {
	t.Parallel()
	for name, item := range map[string]workflows.Item{
		"a child of its own": {Kind: workflows.KindDeployment, ID: "0001"},
		"one it follows":     {Kind: workflows.KindDeployment, ID: "0001", Follow: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var suite testsuite.WorkflowTestSuite
			env := suite.NewTestWorkflowEnvironment()
			asked, cleaned := false, false
			env.RegisterWorkflowWithOptions(func(ctx workflow.Context, _ workflows.Deployment) (workflows.DeploymentResult, error) {
				err := workflow.Sleep(ctx, time.Hour)
				asked = temporal.IsCanceledError(err)
				clean, release := workflow.NewDisconnectedContext(ctx)
				defer release()
				cleaned = workflow.Sleep(clean, time.Minute) == nil
				return workflows.DeploymentResult{Outcome: workflows.OutcomeCancelled}, nil
			}, workflow.RegisterOptions{Name: workflows.DeploymentType})
			env.OnRequestCancelExternalWorkflow(mockAny, "deploy:0001", "").Return(func(string, string, string) error { asked = true; return nil }).Maybe()
			env.RegisterActivityWithOptions(func(ctx context.Context, _ workflows.Follow) error {
				deadline := time.Now().Add(10 * time.Second)
				for !asked && ctx.Err() == nil && time.Now().Before(deadline) {
					activity.RecordHeartbeat(ctx)
					time.Sleep(time.Millisecond)
				}
				cleaned = asked && ctx.Err() == nil
				return ctx.Err()
			}, activity.RegisterOptions{Name: workflows.FollowActivity})
			env.RegisterDelayedCallback(env.CancelWorkflow, time.Second)
			held := false
			env.ExecuteWorkflow(func(ctx workflow.Context, in workflows.EnvironmentInput) error {
				err := workflows.RunEnvironment(ctx, in)
				held = cleaned // when the queue ends
				return err
			}, workflows.EnvironmentInput{Env: deployment.Env, Items: append([]workflows.Item{item}, items("0002")...), Held: 10})
			require.True(t, env.IsWorkflowCompleted())
			require.True(t, temporal.IsCanceledError(env.GetWorkflowError()), "%v", env.GetWorkflowError())
			require.True(t, asked, "what runs is asked to end")
			require.True(t, held, "and is waited for")
		})
	}
}

// TestFullQueueFitsAPayload: what a queue passes on to its next run, and shows,
// stays below the 32 KiB that a payload may have, whatever it is given.
func TestFullQueueFitsAPayload(t *testing.T) {
	t.Parallel()
	in := workflows.EnvironmentInput{Env: deployment.Env, Held: workflows.QueueHolds}
	for _, id := range ids(1, 1000) {
		in.Items = append(in.Items, workflows.Item{Kind: workflows.KindDeployment, ID: id, Policy: "queue", Deadline: 100 * 60 * 60})
		in.Items = append(in.Items, workflows.Item{Kind: workflows.KindResource, ID: "0123456789abcdef01234567" + id + "/17", Policy: "queue"})
	}
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	r := &records{}
	r.register(env)
	registerOthers(env, r)
	env.SetContinueAsNewSuggested(true)
	env.ExecuteWorkflow(workflows.RunEnvironment, in)
	var again *workflow.ContinueAsNewError
	require.ErrorAs(t, env.GetWorkflowError(), &again)
	require.Less(t, again.Input.Payloads[0].Size(), 32<<10)
	require.Greater(t, again.Input.Payloads[0].Size(), 20<<10, "it was full")
	shown, err := env.QueryWorkflow(workflows.QueueQuery)
	require.NoError(t, err)
	var view workflows.EnvironmentQueue
	require.NoError(t, shown.Get(&view))
	raw, err := dataConverter.ToPayload(view)
	require.NoError(t, err)
	require.Less(t, raw.Size(), 32<<10)
}
