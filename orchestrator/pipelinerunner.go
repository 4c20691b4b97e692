package orchestrator

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/slipway-dev/slipway/engine/pipeline"
)

// PipelineRunBegun says whether a run may begin.
type PipelineRunBegun struct {
	Over bool  // it has ended
	Wait bool  // it is not its turn
	Left int64 // seconds until its deadline, at least 1
}

// PipelineRunAdvance says which jobs of a run can go on.
type PipelineRunAdvance struct {
	Jobs []string
	Done bool
}

// PipelineJobStepped is how far a job came.
type PipelineJobStepped struct {
	Done bool
	Wait int64 // seconds that the job may be left alone at most; 0 = go on at once
}

// PipelineRunEnd says how the workflow of a run ended.
type PipelineRunEnd struct {
	Outcome Outcome // cancelled, timed_out or failed; "" = the jobs decide
	Failure string
}

// requireSystem lets only Slipway itself pass.
func requireSystem(ctx context.Context, what string) error {
	if !ActorFrom(ctx).System {
		return Forbiddenf("only Slipway itself %s", what)
	}
	return nil
}

// runDefinition reads the definition that a run began with.
func runDefinition(run *PipelineRun) (*pipeline.Document, error) {
	def, _, err := pipeline.Parse([]byte(run.Definition))
	if err != nil {
		return nil, Invalidf("the definition of pipeline %s cannot be read any more: %v", run.PipelineID, err)
	}
	return def, nil
}

// BeginPipelineRun lets a run begin, with all its jobs, when it is its turn.
func (s *Service) BeginPipelineRun(ctx context.Context, org, id string) (PipelineRunBegun, error) {
	if err := requireSystem(ctx, "carries out runs of pipelines"); err != nil {
		return PipelineRunBegun{}, err
	}
	var out PipelineRunBegun
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		out = PipelineRunBegun{}
		run, err := s.store.GetPipelineRun(ctx, org, id)
		if err != nil {
			return err
		}
		if out.Over = PipelineEnded(run.Status); out.Over {
			return nil
		}
		if run.Status == PipelineQueued {
			if out.Wait, err = s.beginRun(ctx, run); err != nil || out.Wait {
				return err
			}
		}
		left := run.ExecutingAt.Add(time.Duration(run.TimeoutSeconds) * time.Second).Sub(s.now())
		out.Left = max(1, int64(left/time.Second))
		return nil
	})
	return out, err
}

// beginRun stores the jobs of a run, unless an earlier run of its group has not ended.
func (s *Service) beginRun(ctx context.Context, run *PipelineRun) (wait bool, err error) {
	blocker, err := s.runAhead(ctx, run)
	if err != nil {
		return false, err
	}
	if blocker != nil {
		message := fmt.Sprintf("waiting for run %s of concurrency group %s", blocker.ID, run.ConcurrencyGroup)
		if run.StatusMessage != message {
			run.StatusMessage = message
			err = stale(s.store.UpdatePipelineRun(ctx, run))
		}
		return true, err
	}
	def, err := runDefinition(run)
	if err != nil {
		return false, err
	}
	at := s.now()
	run.Status, run.StatusMessage, run.ExecutingAt = PipelineExecuting, "", &at
	if err := stale(s.store.UpdatePipelineRun(ctx, run)); err != nil {
		return false, err
	}
	return false, s.store.CreatePipelineJobs(ctx, jobsOf(run, def, at))
}

func jobsOf(run *PipelineRun, def *pipeline.Document, at time.Time) []PipelineJob {
	jobs := make([]PipelineJob, 0, len(def.Jobs))
	for i, j := range def.Jobs {
		jobs = append(jobs, PipelineJob{
			OrgID: run.OrgID, RunID: run.ID, ID: j.ID, Ordinal: i, Name: orID(j.Name, j.ID), Status: PipelineQueued,
			TimeoutSeconds: seconds(j.TimeoutMinutes, run.TimeoutSeconds), ContinueOnError: j.ContinueOnError, CreatedAt: at, UpdatedAt: at,
		})
	}
	return jobs
}

func orID(name, id string) string {
	if name == "" {
		return id
	}
	return name
}

// runAhead is a run of the concurrency group that comes before this one; nil
// when it is its turn. A run that this one was called by is not waited for.
func (s *Service) runAhead(ctx context.Context, run *PipelineRun) (*PipelineRun, error) {
	if run.ConcurrencyGroup == "" {
		return nil, nil
	}
	// Writing the application's row first keeps others of the group from beginning meanwhile.
	app, err := s.store.GetApplication(ctx, run.OrgID, run.AppID)
	if err != nil {
		return nil, err
	}
	if err := s.store.UpdateApplication(ctx, app); err != nil {
		return nil, stale(err)
	}
	open, err := s.store.OpenPipelineRuns(ctx, run.OrgID, run.AppID, run.ConcurrencyGroup)
	if err != nil {
		return nil, err
	}
	callers, err := s.callersOf(ctx, run)
	if err != nil {
		return nil, err
	}
	before := true
	for i := range open {
		o := &open[i]
		if o.ID == run.ID {
			before = false
			continue
		}
		if !callers[o.ID] && (before || o.Status == PipelineExecuting) {
			return o, nil
		}
	}
	return nil, nil
}

func (s *Service) callersOf(ctx context.Context, run *PipelineRun) (map[string]bool, error) {
	callers := map[string]bool{}
	for parent := run.ParentRun; parent != "" && !callers[parent]; {
		callers[parent] = true
		r, err := s.store.GetPipelineRun(ctx, run.OrgID, parent)
		if IsNotFound(err) {
			break
		}
		if err != nil {
			return nil, err
		}
		parent = r.ParentRun
	}
	return callers, nil
}

// AdvancePipelineRun lets jobs begin whose needs have ended, skips those that are
// not to run, and says what can go on.
func (s *Service) AdvancePipelineRun(ctx context.Context, org, id string) (PipelineRunAdvance, error) {
	if err := requireSystem(ctx, "carries out runs of pipelines"); err != nil {
		return PipelineRunAdvance{}, err
	}
	run, err := s.store.GetPipelineRun(ctx, org, id)
	if err != nil {
		return PipelineRunAdvance{}, err
	}
	if PipelineEnded(run.Status) {
		return PipelineRunAdvance{Done: true}, nil
	}
	def, err := runDefinition(run)
	if err != nil {
		return PipelineRunAdvance{}, err
	}
	jobs, err := s.store.ListPipelineJobs(ctx, org, id)
	if err != nil {
		return PipelineRunAdvance{}, err
	}
	byID := map[string]*PipelineJob{}
	for i := range jobs {
		byID[jobs[i].ID] = &jobs[i]
	}
	for changed := true; changed; {
		changed = false
		for i := range def.Jobs {
			job := byID[def.Jobs[i].ID]
			if job == nil || job.Status != PipelineQueued || !needsEnded(&def.Jobs[i], byID) {
				continue
			}
			if err := s.decideJob(ctx, run, def, &def.Jobs[i], job, byID); err != nil {
				return PipelineRunAdvance{}, err
			}
			changed = true
		}
	}
	out := PipelineRunAdvance{Done: true}
	for _, job := range jobs {
		if job.Status == PipelineExecuting {
			out.Jobs = append(out.Jobs, job.ID)
		}
		out.Done = out.Done && PipelineEnded(job.Status)
	}
	return out, nil
}

func needsEnded(j *pipeline.Job, byID map[string]*PipelineJob) bool {
	for _, need := range j.Needs {
		if n := byID[need]; n != nil && !PipelineEnded(n.Status) {
			return false
		}
	}
	return true
}

// decideJob lets a job begin, or skips it.
func (s *Service) decideJob(ctx context.Context, run *PipelineRun, def *pipeline.Document, j *pipeline.Job, job *PipelineJob, byID map[string]*PipelineJob) error {
	at := s.now()
	job.Status, job.UpdatedAt = PipelineExecuting, at
	scope, err := s.newPipelineScope(ctx, run, def, j)
	if err != nil {
		return err
	}
	yes, err := scope.condition(j.If)
	switch {
	case CodeOf(err) == CodeUnavailable:
		return err
	case err != nil:
		job.Status, job.StatusMessage = PipelineFailed, scope.hide().String(messageOf(err))
	case !yes:
		job.Status, job.StatusMessage = PipelineSkipped, "its condition is not met"
		if need := failedNeed(def, j, byID); need != nil {
			job.StatusMessage = fmt.Sprintf("job %s, which it needs, was not successful: it is %s", need.ID, need.Status)
		}
	}
	if job.Status == PipelineExecuting {
		job.ExecutingAt = &at
	}
	if PipelineEnded(job.Status) {
		job.CompletedAt = &at
	}
	err = s.store.UpdatePipelineJob(ctx, job)
	if IsConflict(err) {
		return Errorf(CodeUnavailable, "job %s changed meanwhile", job.ID)
	}
	return err
}

// showWaiting keeps what a job waits for with its run, "" = nothing.
func (s *Service) showWaiting(ctx context.Context, run *PipelineRun, job, what string, envs map[string]string) error {
	fresh, err := s.store.GetPipelineRun(ctx, run.OrgID, run.ID)
	if err != nil {
		return err
	}
	changed := false
	for kind, id := range envs {
		if kind == "env_id" {
			changed = fresh.touched(id) || changed
		}
	}
	if fresh.WaitingFor[job] != what {
		changed = true
		fresh.WaitingFor = maps.Clone(fresh.WaitingFor)
		if fresh.WaitingFor == nil {
			fresh.WaitingFor = map[string]string{}
		}
		fresh.WaitingFor[job] = what
		if what == "" {
			delete(fresh.WaitingFor, job)
		}
	}
	if !changed {
		return nil
	}
	return stale(s.store.UpdatePipelineRun(ctx, fresh))
}

// seconds is a timeout of the definition; fallback when it says none.
func seconds(minutes int, fallback int64) int64 {
	if minutes <= 0 {
		return fallback
	}
	return int64(minutes) * 60
}
