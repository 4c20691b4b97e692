package activities

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

// Schedule implements the steps of what is due by the clock.
type Schedule struct {
	Service *orchestrator.Service
}

var _ workflows.ScheduleActivities = (*Schedule)(nil)

// RunScheduled does what is due by a schedule.
func (a *Schedule) RunScheduled(ctx context.Context, in workflows.ScheduledTime) (string, error) {
	ctx, stop := beating(ctx)
	defer stop()
	did, err := a.Service.RunScheduled(asSystem(ctx), in.Org, in.ID, in.At)
	return did, classify(ctx, err)
}

// Retain carries out a round of retention.
func (a *Schedule) Retain(ctx context.Context, in workflows.RetentionInput) (workflows.RetentionResult, error) {
	ctx, stop := beating(ctx)
	defer stop()
	run, err := a.Service.Retain(asSystem(ctx), in.Org, in.ID)
	if err != nil {
		return workflows.RetentionResult{}, classify(ctx, err)
	}
	result := workflows.RetentionResult{Status: run.Status}
	for _, r := range run.Results {
		result.Records += r.Found
	}
	return result, nil
}

// FailRetention records why a round came to nothing.
func (a *Schedule) FailRetention(ctx context.Context, in workflows.RetentionFailure) error {
	ctx, stop := beating(ctx)
	defer stop()
	return classify(ctx, a.Service.FailRetention(asSystem(ctx), in.Org, in.ID, in.Why))
}
