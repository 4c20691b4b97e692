package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"github.com/slipway-dev/slipway/workflows"
)

// TestDeliveryInStages: each stage waits for the rollout of the one before, a stage without one goes on at once, and nothing is
// delivered after a stage that failed.
func TestDeliveryInStages(t *testing.T) {
	t.Parallel()
	refusal := temporal.NewNonRetryableApplicationError("the Job failed", workflows.ErrStepFailed, nil)
	results := []workflows.DeliverResult{{Watch: true, More: true}, {More: true}, {Watch: true}}
	cases := map[string]struct {
		rollout func(in workflows.Stage) error
		calls   []string
		outcome string
	}{
		"all stages": {
			calls: []string{"plan", "advance", "render", "deliver", "rollout", "deliver", "deliver", "rollout"}, outcome: workflows.OutcomeSucceeded,
		},
		"a stage that fails is the last": {
			rollout: func(workflows.Stage) error { return refusal },
			calls:   []string{"plan", "advance", "render", "deliver", "rollout"}, outcome: workflows.OutcomeFailed,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var suite testsuite.WorkflowTestSuite
			env := suite.NewTestWorkflowEnvironment()
			var seen []workflows.Stage
			steps := &fakeSteps{
				rollout: func(in workflows.Stage) error {
					require.Equal(t, seen[len(seen)-1].Stage, in.Stage)
					require.NotZero(t, in.Since)
					if c.rollout != nil {
						return c.rollout(in)
					}
					return nil
				},
				stage: func(in workflows.Stage) (workflows.DeliverResult, error) {
					require.True(t, in.Staged)
					require.Equal(t, len(seen), in.Stage)
					require.Equal(t, deployment, in.Deployment)
					seen = append(seen, in)
					return results[in.Stage], nil
				},
			}
			steps.register(env)
			env.ExecuteWorkflow(workflows.RunDeployment, workflows.DeploymentInput{Deployment: deployment})
			require.NoError(t, env.GetWorkflowError())
			require.Equal(t, c.calls, steps.calls)
			require.Len(t, steps.finished, 1)
			require.Equal(t, c.outcome, steps.finished[0].Outcome)
		})
	}
}

// TestStagesEndWithCancelAndDeadline: whichever stage is under way, a cancel and the deadline of the deployment end it.
func TestStagesEndWithCancelAndDeadline(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stages   int // that end by themselves
		deadline int64
		outcome  string
	}{
		"cancelled in the first":  {stages: 0, outcome: workflows.OutcomeCancelled},
		"cancelled in the second": {stages: 1, outcome: workflows.OutcomeCancelled},
		"too long in the first":   {stages: 0, deadline: 30, outcome: workflows.OutcomeTimedOut},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var suite testsuite.WorkflowTestSuite
			env := suite.NewTestWorkflowEnvironment()
			steps := &fakeSteps{stage: func(in workflows.Stage) (workflows.DeliverResult, error) {
				return workflows.DeliverResult{Watch: true, More: in.Stage < 2}, nil
			}}
			steps.register(env)
			if c.deadline > 0 {
				env.OnActivity(workflows.RolloutActivity, mock.Anything, mock.MatchedBy(func(in workflows.Stage) bool { return in.Stage >= c.stages })).
					After(time.Hour).Return(nil)
			} else {
				steps.rollout = func(in workflows.Stage) error {
					if in.Stage == c.stages {
						env.CancelWorkflow()
						return temporal.NewCanceledError()
					}
					return nil
				}
			}
			env.ExecuteWorkflow(workflows.RunDeployment, workflows.DeploymentInput{Deployment: deployment, Deadline: c.deadline})
			require.NoError(t, env.GetWorkflowError())
			require.Len(t, steps.finished, 1)
			require.Equal(t, c.outcome, steps.finished[0].Outcome)
			require.Equal(t, c.stages+1, count(steps.calls, "deliver"), "nothing is delivered after that")
		})
	}
}

func count(all []string, name string) int {
	n := 0
	for _, s := range all {
		if s == name {
			n++
		}
	}
	return n
}
