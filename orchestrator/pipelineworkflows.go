package orchestrator

import (
	"context"
	"time"
)

// PipelineRunKey names a run of a pipeline.
type PipelineRunKey struct {
	OrgID, AppID, PipelineID, ID string
}

// Key names the run.
func (r PipelineRun) Key() PipelineRunKey {
	return PipelineRunKey{OrgID: r.OrgID, AppID: r.AppID, PipelineID: r.PipelineID, ID: r.ID}
}

// PipelineWorkflows starts and steers the workflows of runs of pipelines. Its
// errors are CodeUnavailable; what could not be started, told or ended is found
// by the Reconciler.
type PipelineWorkflows interface {
	// StartPipelineRun starts the workflow of a run. Starting it again is harmless.
	StartPipelineRun(ctx context.Context, run PipelineRunKey) error
	// WakePipelineRun tells a run that what it waits for may have ended.
	WakePipelineRun(ctx context.Context, org, id string) error
	// CancelPipelineRun asks for the end of a run.
	CancelPipelineRun(ctx context.Context, org, id string) error
	PipelineRunState(ctx context.Context, org, id string) (WorkflowState, error)
}

// noPipelineWorkflows leaves everything to the Reconciler.
type noPipelineWorkflows struct{}

func (noPipelineWorkflows) StartPipelineRun(context.Context, PipelineRunKey) error  { return nil }
func (noPipelineWorkflows) WakePipelineRun(context.Context, string, string) error   { return nil }
func (noPipelineWorkflows) CancelPipelineRun(context.Context, string, string) error { return nil }
func (noPipelineWorkflows) PipelineRunState(context.Context, string, string) (WorkflowState, error) {
	return WorkflowUnknown, nil
}

// handRun starts the workflow of a committed run without failing the request.
func (s *Service) handRun(ctx context.Context, run PipelineRunKey) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), startTimeout)
	defer cancel()
	err := s.pipelines.StartPipelineRun(ctx, run)
	if err == nil {
		err = s.rememberRun(ctx, run)
	}
	if err != nil {
		s.log.Warn("hand-over of a pipeline run failed; the reconciler will repeat it", "org", run.OrgID, "app", run.AppID,
			"pipeline", run.PipelineID, "run", run.ID, "error", err)
	}
}

// rememberRun notes that a workflow was started.
func (s *Service) rememberRun(ctx context.Context, run PipelineRunKey) error {
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		r, err := s.store.GetPipelineRun(ctx, run.OrgID, run.ID)
		if err != nil || r.HandedOverAt != nil || PipelineEnded(r.Status) {
			return err
		}
		at := s.now()
		r.HandedOverAt = &at
		return stale(s.store.UpdatePipelineRun(ctx, r))
	})
	if IsNotFound(err) {
		return nil
	}
	return err
}

// wakeRun tells a run to look around, without failing the caller: a run that
// misses it looks around by itself within a minute.
func (s *Service) wakeRun(ctx context.Context, org, id string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), startTimeout)
	defer cancel()
	if err := s.pipelines.WakePipelineRun(ctx, org, id); err != nil {
		s.log.Warn("a pipeline run could not be told to go on; it looks by itself within a minute", "org", org, "run", id, "error", err)
	}
}

// WithPipelines says who starts and steers runs of pipelines; without it the
// Reconciler leaves them alone.
func (r *Reconciler) WithPipelines(p PipelineWorkflows, s *Service) *Reconciler {
	r.pipelines, r.service = p, s
	return r
}

// runs brings runs of pipelines and their workflows in step.
func (r *Reconciler) runs(ctx context.Context) error {
	if r.pipelines == nil {
		return nil
	}
	open, err := r.store.AllOpenPipelineRuns(ctx, r.now().Add(-reconcileGrace), 0)
	if err != nil {
		return err
	}
	for i := range open {
		if err := r.run(ctx, &open[i]); err != nil {
			r.log.Warn("pipeline run not reconciled", "org", open[i].OrgID, "app", open[i].AppID, "run", open[i].ID, "error", err)
		}
	}
	return r.service.StartDuePipelines(WithActor(ctx, SystemActor))
}

// run starts what was committed and never started, or lost its workflow: as
// everything is in the records, a new workflow goes on where the old one was. It
// repeats cancels that did not get through.
func (r *Reconciler) run(ctx context.Context, run *PipelineRun) error {
	state, err := r.pipelines.PipelineRunState(ctx, run.OrgID, run.ID)
	if err != nil {
		return err
	}
	switch {
	case state == WorkflowRunning && run.CancelRequestedAt != nil:
		return r.pipelines.CancelPipelineRun(ctx, run.OrgID, run.ID)
	case state == WorkflowRunning:
		return nil
	case state == WorkflowClosed && run.HandedOverAt != nil && r.now().Sub(lastOf(run)) < lostGrace:
		return nil // it may just be ending
	}
	r.log.Info("starting a pipeline run that has not ended and has no workflow", "org", run.OrgID, "app", run.AppID, "run", run.ID, "workflow", state)
	if err := r.pipelines.StartPipelineRun(ctx, run.Key()); err != nil {
		return err
	}
	if run.CancelRequestedAt != nil {
		return r.pipelines.CancelPipelineRun(ctx, run.OrgID, run.ID)
	}
	return r.service.rememberRun(ctx, run.Key())
}

// lastOf is when something of a run was last recorded in its own row.
func lastOf(run *PipelineRun) time.Time {
	last := run.CreatedAt
	for _, at := range []*time.Time{run.HandedOverAt, run.ExecutingAt, run.CancelRequestedAt} {
		if at != nil && at.After(last) {
			last = *at
		}
	}
	return last
}
