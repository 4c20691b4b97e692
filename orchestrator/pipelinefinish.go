package orchestrator

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

// FinishPipelineRun ends everything that is left of a run and gives it its one
// final status. Called again it does nothing.
func (s *Service) FinishPipelineRun(ctx context.Context, org, id string, end PipelineRunEnd) (string, error) {
	if err := requireSystem(ctx, "carries out runs of pipelines"); err != nil {
		return "", err
	}
	run, err := s.store.GetPipelineRun(ctx, org, id)
	if err != nil {
		return "", err
	}
	if !PipelineEnded(run.Status) {
		if err := s.haltJobs(ctx, run, end); err != nil {
			return "", err
		}
		if run, err = s.closeRun(ctx, org, id, end); err != nil {
			return "", err
		}
		s.observe("pipeline", run.Status)
		s.log.InfoContext(ctx, "pipeline run finished", slog.String("org", org), slog.String("app", run.AppID),
			slog.String("pipeline", run.PipelineID), slog.String("run", id), slog.String("status", run.Status), slog.String("message", run.StatusMessage))
	}
	s.tellOthers(ctx, run)
	return run.Status, nil
}

// haltJobs ends the jobs that have not ended, with what their steps have begun.
func (s *Service) haltJobs(ctx context.Context, run *PipelineRun, end PipelineRunEnd) error {
	jobs, err := s.store.ListPipelineJobs(ctx, run.OrgID, run.ID)
	if err != nil {
		return err
	}
	status, message := PipelineCancelled, endMessage(run, end)
	for i := range jobs {
		job := &jobs[i]
		if PipelineEnded(job.Status) {
			continue
		}
		r, err := s.loadJobRun(ctx, run.OrgID, run.ID, job.ID)
		if CodeOf(err) == CodeInvalid || IsNotFound(err) { // the definition cannot be read: nothing can have begun
			r = &jobRun{s: s, run: run, job: job}
			err = nil
		}
		if err != nil {
			return err
		}
		if r.job.CancelRequestedAt == nil && run.CancelRequestedAt != nil {
			r.job.CancelRequestedAt = run.CancelRequestedAt
		}
		if err := r.halt(ctx, status, message); err != nil {
			return err
		}
	}
	return nil
}

// endMessage says why a run ended before its jobs did.
func endMessage(run *PipelineRun, end PipelineRunEnd) string {
	switch {
	case end.Outcome == OutcomeTimedOut:
		return fmt.Sprintf("the run did not end within %s", time.Duration(run.TimeoutSeconds)*time.Second)
	case end.Outcome == OutcomeFailed:
		return end.Failure
	case run.CancelRequestedBy != "":
		return "cancelled by " + run.CancelRequestedBy
	}
	return "cancelled"
}

// closeRun derives the status of a run from what ended it and from its jobs.
func (s *Service) closeRun(ctx context.Context, org, id string, end PipelineRunEnd) (*PipelineRun, error) {
	var run *PipelineRun
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		var err error
		if run, err = s.store.GetPipelineRun(ctx, org, id); err != nil || PipelineEnded(run.Status) {
			return err
		}
		jobs, err := s.store.ListPipelineJobs(ctx, org, id)
		if err != nil {
			return err
		}
		at := s.now()
		run.Status, run.StatusMessage = statusOf(run, jobs, end)
		run.WaitingFor, run.CompletedAt = nil, &at
		return stale(s.store.UpdatePipelineRun(ctx, run))
	})
	return run, err
}

func statusOf(run *PipelineRun, jobs []PipelineJob, end PipelineRunEnd) (status, message string) {
	switch end.Outcome {
	case OutcomeCancelled:
		return PipelineCancelled, endMessage(run, end)
	case OutcomeTimedOut, OutcomeFailed:
		// Clients take everything but failed for a success.
		return PipelineFailed, endMessage(run, end)
	}
	for _, job := range jobs {
		if job.Status == PipelineFailed && !job.ContinueOnError {
			return PipelineFailed, fmt.Sprintf("job %s failed: %s", job.ID, job.StatusMessage)
		}
	}
	return PipelineSucceeded, ""
}

// tellOthers wakes the run that called this one, and the next of its group.
func (s *Service) tellOthers(ctx context.Context, run *PipelineRun) {
	if run.ParentRun != "" {
		s.wakeRun(ctx, run.OrgID, run.ParentRun)
	}
	if run.ConcurrencyGroup == "" {
		return
	}
	open, err := s.store.OpenPipelineRuns(ctx, run.OrgID, run.AppID, run.ConcurrencyGroup)
	if err != nil {
		s.log.Warn("the next run of a concurrency group is not known; it looks by itself within a minute", "run", run.ID, "error", err)
		return
	}
	for _, next := range open {
		if next.Status == PipelineQueued {
			s.wakeRun(ctx, next.OrgID, next.ID)
			return
		}
	}
}

// wakeAfterDeployment tells the run whose step waits for a deployment that it
// has ended.
func wakeAfterDeployment(ctx context.Context, pipelines PipelineWorkflows, log *slog.Logger, d *Deployment) {
	if d == nil || d.Pipeline == nil || pipelines == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), startTimeout)
	defer cancel()
	if err := pipelines.WakePipelineRun(ctx, d.OrgID, d.Pipeline.RunID); err != nil {
		log.Warn("a pipeline run could not be told that its deployment ended; it looks by itself within a minute", "run", d.Pipeline.RunID, "error", err)
	}
}
