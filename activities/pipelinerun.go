package activities

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

// PipelineRun implements the steps of a pipeline's run. It acts as Slipway itself; the actions of the run act as whoever the
// run acts for.
type PipelineRun struct {
	Service *orchestrator.Service
}

var _ workflows.PipelineRunActivities = (*PipelineRun)(nil)

// BeginPipelineRun lets a run begin when it is its turn.
func (a *PipelineRun) BeginPipelineRun(ctx context.Context, in workflows.PipelineRun) (workflows.PipelineBegun, error) {
	ctx, stop := beating(ctx)
	defer stop()
	r, err := a.Service.BeginPipelineRun(orchestrator.WithActor(ctx, orchestrator.SystemActor), in.Org, in.ID)
	if orchestrator.IsNotFound(err) {
		return workflows.PipelineBegun{Over: true}, nil // the application went away, and its runs with it
	}
	return workflows.PipelineBegun{Over: r.Over, Wait: r.Wait, Left: r.Left}, classify(ctx, err)
}

// AdvancePipelineRun finds the jobs that can go on.
func (a *PipelineRun) AdvancePipelineRun(ctx context.Context, in workflows.PipelineRun) (workflows.PipelineAdvance, error) {
	ctx, stop := beating(ctx)
	defer stop()
	r, err := a.Service.AdvancePipelineRun(orchestrator.WithActor(ctx, orchestrator.SystemActor), in.Org, in.ID)
	return workflows.PipelineAdvance{Jobs: r.Jobs, Done: r.Done}, classify(ctx, err)
}

// StepPipelineJob carries out the next step of a job, or looks whether the one that waits can go on.
func (a *PipelineRun) StepPipelineJob(ctx context.Context, in workflows.PipelineJob) (workflows.PipelineStepped, error) {
	ctx, stop := beating(ctx)
	defer stop()
	r, err := a.Service.StepPipelineJob(orchestrator.WithActor(ctx, orchestrator.SystemActor), in.Org, in.ID, in.Job)
	return workflows.PipelineStepped{Done: r.Done, Wait: r.Wait}, classify(ctx, err)
}

// FinishPipelineRun gives a run its final status and ends what it has begun.
func (a *PipelineRun) FinishPipelineRun(ctx context.Context, in workflows.PipelineFinish) (string, error) {
	ctx, stop := beating(ctx)
	defer stop()
	status, err := a.Service.FinishPipelineRun(orchestrator.WithActor(ctx, orchestrator.SystemActor), in.Org, in.ID, orchestrator.PipelineRunEnd{
		Outcome: orchestrator.Outcome(in.Outcome), Failure: in.Failure,
	})
	if orchestrator.IsNotFound(err) {
		return in.Outcome, nil // the application went away meanwhile, and its runs with it
	}
	return status, classify(ctx, err)
}
