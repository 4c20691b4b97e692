package workflows_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"github.com/slipway-dev/slipway/workflows"
)

// pipelinePlay plays the records of a run of a pipeline.
type pipelinePlay struct {
	mu       sync.Mutex
	begin    func(n int) workflows.PipelineBegun
	groups   [][]string // of jobs, one after the other
	stuck    bool       // no job is ready, and some are left
	step     func(job string, n int) (workflows.PipelineStepped, error)
	begins   int
	advances int
	steps    map[string]int
	done     map[string]bool
	finished []workflows.PipelineFinish
}

func (p *pipelinePlay) register(env *testsuite.TestWorkflowEnvironment) {
	p.steps, p.done = map[string]int{}, map[string]bool{}
	add := func(name string, fn any) { env.RegisterActivityWithOptions(fn, activity.RegisterOptions{Name: name}) }
	add(workflows.BeginPipelineActivity, func(context.Context, workflows.PipelineRun) (workflows.PipelineBegun, error) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.begins++
		if p.begin == nil {
			return workflows.PipelineBegun{Left: 3600}, nil
		}
		return p.begin(p.begins), nil
	})
	add(workflows.AdvancePipelineActivity, func(context.Context, workflows.PipelineRun) (workflows.PipelineAdvance, error) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.advances++
		if p.stuck {
			return workflows.PipelineAdvance{}, nil
		}
		return p.next(), nil
	})
	add(workflows.StepPipelineActivity, func(_ context.Context, in workflows.PipelineJob) (workflows.PipelineStepped, error) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.steps[in.Job]++
		result, err := p.step(in.Job, p.steps[in.Job])
		p.done[in.Job] = result.Done
		return result, err
	})
	add(workflows.FinishPipelineActivity, func(_ context.Context, in workflows.PipelineFinish) (string, error) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.finished = append(p.finished, in)
		return "succeeded", nil
	})
}

var somePipelineRun = workflows.PipelineRun{Org: "demo", ID: "run"}

// oneAfterTheOther lets each group of jobs run once the group before has ended.
func oneAfterTheOther(groups ...[]string) [][]string { return groups }

func (p *pipelinePlay) next() workflows.PipelineAdvance {
	for _, group := range p.groups {
		left := slices.DeleteFunc(slices.Clone(group), func(id string) bool { return p.done[id] })
		if len(left) > 0 {
			return workflows.PipelineAdvance{Jobs: left}
		}
	}
	return workflows.PipelineAdvance{Done: true}
}

func ends(string, int) (workflows.PipelineStepped, error) {
	return workflows.PipelineStepped{Done: true}, nil
}

func waits(string, int) (workflows.PipelineStepped, error) {
	return workflows.PipelineStepped{Wait: 60}, nil
}

func TestRunPipeline(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		play    *pipelinePlay
		during  func(env *testsuite.TestWorkflowEnvironment)
		outcome string
		failure string
		steps   map[string]int
	}{
		"one job of three steps": {
			play: &pipelinePlay{groups: oneAfterTheOther([]string{"a"}), step: func(_ string, n int) (workflows.PipelineStepped, error) {
				return workflows.PipelineStepped{Done: n == 4}, nil
			}},
			steps: map[string]int{"a": 4},
		},
		"jobs side by side, and one that needs them": {
			play:  &pipelinePlay{groups: oneAfterTheOther([]string{"a", "b"}, []string{"c"}), step: ends},
			steps: map[string]int{"a": 1, "b": 1, "c": 1},
		},
		"it waits for its turn": {
			play: &pipelinePlay{
				begin:  func(n int) workflows.PipelineBegun { return workflows.PipelineBegun{Wait: n < 4, Left: 60} },
				groups: oneAfterTheOther([]string{"a"}), step: ends,
			},
			steps: map[string]int{"a": 1},
		},
		"a deadline ends what waits": {
			play: &pipelinePlay{
				begin:  func(int) workflows.PipelineBegun { return workflows.PipelineBegun{Left: 90} },
				groups: oneAfterTheOther([]string{"a"}), step: waits,
			},
			outcome: workflows.OutcomeTimedOut,
		},
		"a cancel ends what waits": {
			play: &pipelinePlay{groups: oneAfterTheOther([]string{"a"}), step: waits},
			during: func(env *testsuite.TestWorkflowEnvironment) {
				env.RegisterDelayedCallback(env.CancelWorkflow, time.Minute)
			},
			outcome: workflows.OutcomeCancelled,
		},
		"a cancel ends what waits for its turn": {
			play: &pipelinePlay{begin: func(int) workflows.PipelineBegun { return workflows.PipelineBegun{Wait: true} }},
			during: func(env *testsuite.TestWorkflowEnvironment) {
				env.RegisterDelayedCallback(env.CancelWorkflow, time.Minute)
			},
			outcome: workflows.OutcomeCancelled,
		},
		"a step that cannot be carried out ends the run with the others": {
			play: &pipelinePlay{groups: oneAfterTheOther([]string{"a", "b"}), step: func(job string, n int) (workflows.PipelineStepped, error) {
				if job == "a" {
					return workflows.PipelineStepped{}, temporal.NewNonRetryableApplicationError("no such job", workflows.ErrPermanent, nil)
				}
				return waits(job, n)
			}},
			outcome: workflows.OutcomeFailed, failure: "no such job",
		},
		"nothing can go on": {
			play:    &pipelinePlay{stuck: true},
			outcome: workflows.OutcomeFailed, failure: "no job can go on",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var suite testsuite.WorkflowTestSuite
			env := suite.NewTestWorkflowEnvironment()
			c.play.register(env)
			if c.during != nil {
				c.during(env)
			}
			env.ExecuteWorkflow(workflows.RunPipeline, somePipelineRun)
			require.NoError(t, env.GetWorkflowError())
			require.Len(t, c.play.finished, 1, "exactly one end")
			require.Equal(t, c.outcome, c.play.finished[0].Outcome)
			require.Contains(t, c.play.finished[0].Failure, c.failure)
			if c.steps != nil {
				require.Equal(t, c.steps, c.play.steps)
			}
		})
	}
}

func TestPipelineRunThatIsOverDoesNothing(t *testing.T) {
	t.Parallel()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	play := &pipelinePlay{begin: func(int) workflows.PipelineBegun { return workflows.PipelineBegun{Over: true} }}
	play.register(env)
	env.ExecuteWorkflow(workflows.RunPipeline, somePipelineRun)
	require.NoError(t, env.GetWorkflowError())
	require.Empty(t, play.finished)
	require.Zero(t, play.advances)
}

// TestPipelineRunIsWoken: a signal ends a pause, so that an approval does not wait for the next look.
func TestPipelineRunIsWoken(t *testing.T) {
	t.Parallel()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	start := env.Now()
	var woken time.Time
	play := &pipelinePlay{groups: oneAfterTheOther([]string{"a"})}
	play.step = func(_ string, n int) (workflows.PipelineStepped, error) {
		if n < 9 { // by now a minute lies between two looks
			return workflows.PipelineStepped{Wait: 3600}, nil
		}
		woken = env.Now()
		return workflows.PipelineStepped{Done: true}, nil
	}
	play.register(env)
	env.RegisterDelayedCallback(func() { env.SignalWorkflow(workflows.PipelineWakeSignal, nil) }, 150*time.Second)
	env.ExecuteWorkflow(workflows.RunPipeline, somePipelineRun)
	require.NoError(t, env.GetWorkflowError())
	require.InDelta(t, 150, woken.Sub(start).Seconds(), 35)
}

// TestLongPipelineRunGoesOnInANewHistory: jobs come to a place where the next run can go on; nothing is finished.
func TestLongPipelineRunGoesOnInANewHistory(t *testing.T) {
	t.Parallel()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	play := &pipelinePlay{groups: oneAfterTheOther([]string{"a", "b"}), step: waits}
	play.register(env)
	env.RegisterDelayedCallback(func() {
		env.SetContinueAsNewSuggested(true)
		env.SignalWorkflow(workflows.PipelineWakeSignal, nil)
	}, 5*time.Minute)
	env.ExecuteWorkflow(workflows.RunPipeline, somePipelineRun)
	var again *workflow.ContinueAsNewError
	require.ErrorAs(t, env.GetWorkflowError(), &again)
	var next workflows.PipelineRun
	require.NoError(t, dataConverter.FromPayloads(again.Input, &next))
	require.Equal(t, somePipelineRun, next)
	require.Empty(t, play.finished)
}
