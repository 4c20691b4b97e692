package orchestrator

import (
	"context"
	"fmt"
	"slices"
)

// PipelineJobView is a job with the steps that have begun.
type PipelineJobView struct {
	PipelineJob
	Steps []PipelineStep
}

// PipelineETag is the entity tag of a run or job.
func PipelineETag(version int64) string { return fmt.Sprintf("%016x", version) }

// ListPipelineRuns lists the runs of an organization newest first, of
// applications that the caller may read.
func (s *Service) ListPipelineRuns(ctx context.Context, org string, f PipelineRunFilter) ([]PipelineRun, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	apps, err := s.store.ListApplications(ctx, org)
	if err != nil {
		return nil, err
	}
	readable := []string{}
	for _, a := range apps {
		if s.may(ctx, PermAppRead, onApp(org, a.ID)) && (len(f.Apps) == 0 || slices.Contains(f.Apps, a.ID)) {
			readable = append(readable, a.ID)
		}
	}
	f.Apps = readable
	return s.store.ListPipelineRuns(ctx, org, f)
}

// ListRunsOfPipeline lists the runs of one pipeline newest first.
func (s *Service) ListRunsOfPipeline(ctx context.Context, org, app, pipelineID string, f PipelineRunFilter) ([]PipelineRun, error) {
	if _, err := s.readApp(ctx, org, app, RoleViewer); err != nil {
		return nil, err
	}
	f.Apps, f.Pipelines = []string{app}, []string{pipelineID}
	runs, err := s.store.ListPipelineRuns(ctx, org, f)
	if err != nil || len(runs) > 0 {
		return runs, err
	}
	return runs, s.requirePipeline(ctx, org, app, pipelineID)
}

// GetPipelineRun returns one run.
func (s *Service) GetPipelineRun(ctx context.Context, key PipelineRunKey) (*PipelineRun, error) {
	if err := s.requireAppPerm(ctx, key.OrgID, key.AppID, PermAppRead); err != nil {
		return nil, err
	}
	return s.findRun(ctx, key)
}

// findRun finds a run that belongs to the application and pipeline it is asked for in.
func (s *Service) findRun(ctx context.Context, key PipelineRunKey) (*PipelineRun, error) {
	run, err := s.store.GetPipelineRun(ctx, key.OrgID, key.ID)
	if err != nil {
		return nil, err
	}
	if run.AppID != key.AppID || run.PipelineID != key.PipelineID {
		return nil, NotFoundf("pipeline run %q does not exist", key.ID)
	}
	return run, nil
}

// DeletePipelineRun forgets a run that has ended, with everything below it.
// ifMatch "" = whatever its entity tag is.
func (s *Service) DeletePipelineRun(ctx context.Context, key PipelineRunKey, ifMatch string) error {
	if err := s.requireAppPerm(ctx, key.OrgID, key.AppID, PermPipelinesRun); err != nil {
		return err
	}
	return s.audited(ctx, func(ctx context.Context) (Change, error) {
		run, err := s.findRun(ctx, key)
		if err != nil {
			return Change{}, err
		}
		if err := matchETag(run, ifMatch); err != nil {
			return Change{}, err
		}
		if !PipelineEnded(run.Status) {
			return Change{}, Conflictf("pipeline run %s is %s; only runs that have ended can be deleted: cancel it first", run.ID, run.Status)
		}
		return deleted(key.OrgID, "pipeline-run", runObject(key), runState(run)), s.store.DeletePipelineRun(ctx, key.OrgID, key.ID)
	})
}

func matchETag(run *PipelineRun, ifMatch string) error {
	if ifMatch == "" || ifMatch == "*" || ifMatch == PipelineETag(run.Version) {
		return nil
	}
	return Errorf(CodePrecondition, "pipeline run %s changed: its entity tag is %s, not %s; read it again", run.ID, PipelineETag(run.Version), shorten(ifMatch))
}

func runObject(key PipelineRunKey) string {
	return AppObject(key.OrgID, key.AppID) + "/pipelines/" + key.PipelineID + "/runs/" + key.ID
}

// runState is what the audit log keeps of a run; what its inputs hold is not in it.
func runState(r *PipelineRun) map[string]any {
	return map[string]any{
		"id": r.ID, "pipeline_id": r.PipelineID, "pipeline_version": r.PipelineVersion, "trigger": r.Trigger, "status": r.Status, "run_as": r.RunAs,
	}
}

// CancelPipelineRun asks for the end of a run. One that waits for its turn ends
// at once; one that executes ends what its steps have begun, and then itself.
// Asking again is harmless; a run that ended otherwise is a conflict.
func (s *Service) CancelPipelineRun(ctx context.Context, key PipelineRunKey, ifMatch string) error {
	if err := s.requireAppPerm(ctx, key.OrgID, key.AppID, PermPipelinesRun); err != nil {
		return err
	}
	return s.cancelRun(ctx, key, ifMatch)
}

// cancelRun is CancelPipelineRun for whoever was authorized.
func (s *Service) cancelRun(ctx context.Context, key PipelineRunKey, ifMatch string) error {
	var over bool
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		over = false
		run, err := s.findRun(ctx, key)
		if err != nil {
			return err
		}
		if err := matchETag(run, ifMatch); err != nil {
			return err
		}
		before := runState(run)
		if over = run.Status == PipelineCancelled || run.CancelRequestedAt != nil; over {
			return s.audit(ctx, Change{Org: key.OrgID, Action: "cancel", Type: "pipeline-run", Object: runObject(key), Before: before, After: before})
		}
		if PipelineEnded(run.Status) {
			return Conflictf("pipeline run %s is over: it %s", run.ID, run.Status)
		}
		s.requestRunEnd(run, ActorFrom(ctx).UserID)
		if err := stale(s.store.UpdatePipelineRun(ctx, run)); err != nil {
			return err
		}
		return s.audit(ctx, Change{Org: key.OrgID, Action: "cancel", Type: "pipeline-run", Object: runObject(key), Before: before, After: runState(run)})
	})
	if err != nil {
		return err
	}
	s.handRunCancel(ctx, key)
	return nil
}

// requestRunEnd records the wish; it ends a run that has not begun.
func (s *Service) requestRunEnd(run *PipelineRun, by string) {
	at := s.now()
	run.CancelRequestedAt, run.CancelRequestedBy = &at, by
	if run.Status == PipelineQueued {
		run.Status, run.StatusMessage, run.CompletedAt = PipelineCancelled, "cancelled before it began", &at
		s.observe("pipeline", PipelineCancelled)
	}
}

func (s *Service) handRunCancel(ctx context.Context, key PipelineRunKey) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), startTimeout)
	defer cancel()
	if err := s.pipelines.CancelPipelineRun(ctx, key.OrgID, key.ID); err != nil {
		s.log.Warn("cancel did not reach the workflow of a pipeline run; the reconciler will repeat it", "run", key.ID, "error", err)
	}
}

// ListPipelineJobs lists the jobs of a run by their place in the definition;
// status nil = any.
func (s *Service) ListPipelineJobs(ctx context.Context, key PipelineRunKey, status []string) ([]PipelineJob, *PipelineRun, error) {
	run, err := s.GetPipelineRun(ctx, key)
	if err != nil {
		return nil, nil, err
	}
	jobs, err := s.store.ListPipelineJobs(ctx, key.OrgID, key.ID)
	if err != nil {
		return nil, nil, err
	}
	if len(status) > 0 {
		jobs = slices.DeleteFunc(jobs, func(j PipelineJob) bool { return !slices.Contains(status, j.Status) })
	}
	return jobs, run, nil
}

// GetPipelineJob returns one job with its steps.
func (s *Service) GetPipelineJob(ctx context.Context, key PipelineRunKey, id string) (*PipelineJobView, *PipelineRun, error) {
	run, err := s.GetPipelineRun(ctx, key)
	if err != nil {
		return nil, nil, err
	}
	job, err := s.store.GetPipelineJob(ctx, key.OrgID, key.ID, id)
	if err != nil {
		return nil, nil, err
	}
	steps, err := s.store.ListPipelineSteps(ctx, key.OrgID, key.ID, id)
	if err != nil {
		return nil, nil, err
	}
	return &PipelineJobView{PipelineJob: *job, Steps: steps}, run, nil
}

// PipelineStepLog lists lines of a step behind the one with number after, at most limit.
func (s *Service) PipelineStepLog(ctx context.Context, key PipelineRunKey, job string, index, after, limit int) ([]PipelineLogLine, error) {
	view, _, err := s.GetPipelineJob(ctx, key, job)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(view.Steps, func(p PipelineStep) bool { return p.Index == index }) {
		return nil, NotFoundf("step %d of job %q does not exist, or has not begun", index, job)
	}
	return s.store.ListPipelineLog(ctx, key.OrgID, key.ID, job, index, after, limit)
}
