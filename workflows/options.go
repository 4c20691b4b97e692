package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// step gives the options of a light activity: one that ends within limit and
// is repeated while its surroundings fail, for at most four times limit plus
// the time surroundings need to come back.
func step(ctx workflow.Context, limit time.Duration, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:              TaskQueue,
		StartToCloseTimeout:    limit,
		ScheduleToCloseTimeout: 4*limit + 10*time.Minute,
		HeartbeatTimeout:       HeartbeatTimeout,
		WaitForCancellation:    true,
		RetryPolicy:            retry(),
		Summary:                summary,
	})
}

// watching gives the options of the activity that watches a rollout, which has an
// hour, or more when a workload may take longer than that.
func watching(ctx workflow.Context, limit time.Duration, summary string) workflow.Context {
	const usual = time.Hour
	options := workflow.GetActivityOptions(step(ctx, usual, summary))
	if longer := limit + 10*time.Minute; longer > usual {
		options.StartToCloseTimeout = longer
		options.ScheduleToCloseTimeout += longer - usual
	}
	return workflow.WithActivityOptions(ctx, options)
}

// heavy gives the options of the activity of one heavy node.
func heavy(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:              HeavyTaskQueue,
		StartToCloseTimeout:    2 * time.Hour,
		ScheduleToCloseTimeout: 4 * time.Hour,
		HeartbeatTimeout:       HeartbeatTimeout,
		WaitForCancellation:    true,
		RetryPolicy:            retry(),
		Summary:                summary,
	})
}

// persistent gives the options of an activity that must get through in the
// end: finishing a deployment, tearing an environment down.
func persistent(ctx workflow.Context, limit, total time.Duration, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:              TaskQueue,
		StartToCloseTimeout:    limit,
		ScheduleToCloseTimeout: total,
		HeartbeatTimeout:       HeartbeatTimeout,
		WaitForCancellation:    true,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: time.Second, BackoffCoefficient: 2, MaximumInterval: 5 * time.Minute,
			NonRetryableErrorTypes: []string{ErrPermanent},
		},
		Summary: summary,
	})
}

// destroying gives the options of the activity that destroys one resource, which
// may take as long as making it did.
func destroying(ctx workflow.Context, tries int32, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:              HeavyTaskQueue,
		StartToCloseTimeout:    2 * time.Hour,
		ScheduleToCloseTimeout: 4 * time.Hour,
		HeartbeatTimeout:       HeartbeatTimeout,
		WaitForCancellation:    true,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: 2 * time.Second, BackoffCoefficient: 2, MaximumInterval: time.Minute, MaximumAttempts: tries,
			NonRetryableErrorTypes: []string{ErrPermanent},
		},
		Summary: summary,
	})
}

func retry() *temporal.RetryPolicy {
	return &temporal.RetryPolicy{
		InitialInterval: 500 * time.Millisecond, BackoffCoefficient: 2, MaximumInterval: 30 * time.Second,
		NonRetryableErrorTypes: []string{ErrStepFailed, ErrPermanent},
	}
}
