package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/engine/pipeline"
)

// defaultStepWait is how long a step that waits may be left alone.
const defaultStepWait = time.Minute

// jobRun is a job with everything that its next step needs.
type jobRun struct {
	s     *Service
	run   *PipelineRun
	def   *pipeline.Document
	spec  *pipeline.Job
	job   *PipelineJob
	steps []PipelineStep
}

// StepPipelineJob carries out the next step of a job, or looks whether the one
// that waits can go on.
func (s *Service) StepPipelineJob(ctx context.Context, org, runID, jobID string) (PipelineJobStepped, error) {
	if err := requireSystem(ctx, "carries out runs of pipelines"); err != nil {
		return PipelineJobStepped{}, err
	}
	r, err := s.loadJobRun(ctx, org, runID, jobID)
	if err != nil {
		return PipelineJobStepped{}, err
	}
	if PipelineEnded(r.run.Status) || PipelineEnded(r.job.Status) {
		return PipelineJobStepped{Done: true}, nil
	}
	if left := r.left(); left <= 0 {
		return PipelineJobStepped{Done: true}, r.timeOut(ctx)
	}
	step, err := r.current(ctx)
	if err != nil {
		return PipelineJobStepped{}, err
	}
	if step == nil {
		return PipelineJobStepped{Done: true}, r.complete(ctx)
	}
	return r.carryOut(ctx, step)
}

func (s *Service) loadJobRun(ctx context.Context, org, runID, jobID string) (*jobRun, error) {
	run, err := s.store.GetPipelineRun(ctx, org, runID)
	if err != nil {
		return nil, err
	}
	def, err := runDefinition(run)
	if err != nil {
		return nil, err
	}
	job, err := s.store.GetPipelineJob(ctx, org, runID, jobID)
	if err != nil {
		return nil, err
	}
	r := &jobRun{s: s, run: run, def: def, job: job}
	spec, known := def.Job(jobID)
	if r.spec = &spec; !known {
		return nil, NotFoundf("job %q is not in the definition of the run", jobID)
	}
	r.steps, err = s.store.ListPipelineSteps(ctx, org, runID, jobID)
	return r, err
}

// scope is what expressions of the job see, its steps so far included.
func (r *jobRun) scope(ctx context.Context) (*pipelineScope, error) {
	scope, err := r.s.newPipelineScope(ctx, r.run, r.def, r.spec)
	if err != nil {
		return nil, err
	}
	scope.withSteps(r.spec, r.steps)
	return scope, nil
}

// left is how long the job may still take.
func (r *jobRun) left() time.Duration {
	began := r.job.CreatedAt
	if r.job.ExecutingAt != nil {
		began = *r.job.ExecutingAt
	}
	return began.Add(time.Duration(r.job.TimeoutSeconds) * time.Second).Sub(r.s.now())
}

// current is the step that has begun and not ended, or else the next one to be
// carried out, recorded as begun; nil when none is left. Steps whose condition is
// not met are recorded as skipped on the way.
func (r *jobRun) current(ctx context.Context) (*PipelineStep, error) {
	if n := len(r.steps); n > 0 && !PipelineEnded(r.steps[n-1].Status) {
		return &r.steps[n-1], nil
	}
	for len(r.steps) < len(r.spec.Steps) {
		index := len(r.steps)
		spec := &r.spec.Steps[index]
		step := PipelineStep{
			OrgID: r.run.OrgID, RunID: r.run.ID, JobID: r.job.ID, Index: index, Name: spec.DisplayName(), Uses: spec.Uses,
			Status: PipelineExecuting, TimeoutSeconds: seconds(spec.TimeoutMinutes, r.job.TimeoutSeconds), CreatedAt: r.s.now(),
		}
		if err := r.decideStep(ctx, spec, &step); err != nil {
			return nil, err
		}
		if err := r.s.store.CreatePipelineStep(ctx, &step); err != nil {
			if IsConflict(err) {
				return nil, Errorf(CodeUnavailable, "step %d of job %s was begun meanwhile", index, r.job.ID)
			}
			return nil, err
		}
		r.steps = append(r.steps, step)
		if step.Status != PipelineSkipped {
			return &r.steps[index], nil
		}
	}
	return nil, nil
}

// decideStep evaluates the condition of a step; one that cannot be evaluated
// fails when the step is carried out, so that it shows there.
func (r *jobRun) decideStep(ctx context.Context, spec *pipeline.Step, step *PipelineStep) error {
	scope, err := r.scope(ctx)
	if err != nil {
		return err
	}
	yes, err := scope.condition(spec.If)
	switch {
	case CodeOf(err) == CodeUnavailable:
		return err
	case err != nil:
		step.State = map[string]string{"condition": messageOf(err)}
	case !yes:
		at := r.s.now()
		step.Status, step.StatusMessage, step.CompletedAt = PipelineSkipped, "its condition is not met", &at
	}
	return nil
}

// carryOut calls the action of a step, and records what came of it.
func (r *jobRun) carryOut(ctx context.Context, step *PipelineStep) (PipelineJobStepped, error) {
	call, action, err := r.call(ctx, step)
	if CodeOf(err) == CodeUnavailable {
		return PipelineJobStepped{}, err
	}
	left := min(r.left(), step.CreatedAt.Add(time.Duration(step.TimeoutSeconds)*time.Second).Sub(r.s.now()))
	var wait *pipelineWait
	switch {
	case err != nil:
	case left <= 0:
		err = r.stop(ctx, call, action, fmt.Sprintf("the step did not end within %s", time.Duration(step.TimeoutSeconds)*time.Second))
	default:
		wait, err = r.do(ctx, call, action)
	}
	if errors.Is(err, errTryAgain) {
		return PipelineJobStepped{Wait: int64(webPause / time.Second)}, r.record(ctx, call, nil, step.StatusMessage)
	}
	if CodeOf(err) == CodeUnavailable {
		return PipelineJobStepped{}, err
	}
	if err != nil {
		return r.failStep(ctx, call, err)
	}
	if wait != nil {
		most := orWait(wait.Most)
		return PipelineJobStepped{Wait: max(1, int64(min(most, left)/time.Second))}, r.record(ctx, call, wait, "")
	}
	at := r.s.now()
	step.Status, step.StatusMessage, step.CompletedAt = PipelineSucceeded, "", &at
	return PipelineJobStepped{}, r.record(ctx, call, nil, "")
}

func orWait(d time.Duration) time.Duration {
	if d <= 0 {
		return defaultStepWait
	}
	return d
}

// do calls the action as whoever the run acts for.
func (r *jobRun) do(ctx context.Context, call *pipelineCall, action pipelineAction) (*pipelineWait, error) {
	actor, err := r.s.runActor(ctx, r.run, r.def)
	if err != nil {
		return nil, err
	}
	return action.Do(WithActor(ctx, actor), call)
}

// stop ends what a step has begun, and returns the error that ends the step.
func (r *jobRun) stop(ctx context.Context, call *pipelineCall, action pipelineAction, cause string) error {
	if action.Stop != nil {
		if err := action.Stop(ctx, call); err != nil {
			return err
		}
	}
	return Conflictf("%s", cause)
}

// call resolves the inputs of a step. The call is never nil, so that a failure
// can be recorded with it.
func (r *jobRun) call(ctx context.Context, step *PipelineStep) (*pipelineCall, pipelineAction, error) {
	call := &pipelineCall{s: r.s, run: r.run, step: step, with: map[string]any{}}
	scope, err := r.scope(ctx)
	if err != nil {
		return call, pipelineAction{}, err
	}
	if failed := step.State["condition"]; failed != "" {
		return call, pipelineAction{}, Invalidf("%s", failed)
	}
	spec := &r.spec.Steps[step.Index]
	action, known := pipelineActions(spec.Action.Name)
	if !known {
		return call, action, Invalidf("uses: there is no action %q", spec.Uses)
	}
	if err := scope.withEnv(spec.Env); err != nil {
		return call, action, err
	}
	with, err := scope.value(spec.With)
	call.hide = scope.hide()
	if err != nil {
		return call, action, err
	}
	given, _ := with.(map[string]any)
	call.kind, _ = pipeline.Lookup(spec.Action)
	checked, problems := call.kind.Check(given)
	if len(problems) > 0 {
		texts := make([]string, 0, len(problems))
		for _, p := range problems {
			texts = append(texts, strings.TrimPrefix(p.Field+": "+p.Message, ": "))
		}
		return call, action, Invalidf("with: %s", strings.Join(texts, "; "))
	}
	call.with = checked
	return call, action, nil
}

// failStep records that a step failed. Of those that follow, only steps whose
// condition asks for it are carried out.
func (r *jobRun) failStep(ctx context.Context, call *pipelineCall, cause error) (PipelineJobStepped, error) {
	at := r.s.now()
	message := call.hide.String(messageOf(cause))
	call.log("ERROR", "%s", message)
	call.step.Status, call.step.StatusMessage, call.step.CompletedAt = PipelineFailed, message, &at
	return PipelineJobStepped{}, r.record(ctx, call, nil, "")
}

// failedStep is the first step that failed the job; nil when none did.
func (r *jobRun) failedStep() *PipelineStep {
	for i := range r.steps {
		if r.steps[i].Status == PipelineFailed && !r.spec.Steps[i].ContinueOnError {
			return &r.steps[i]
		}
	}
	return nil
}

// messageOf is what an error says to people.
func messageOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Message
	}
	return err.Error()
}

// record stores step, log and job in one transaction. That somebody else
// recorded something meanwhile means that this attempt was given up.
func (r *jobRun) record(ctx context.Context, call *pipelineCall, wait *pipelineWait, message string) error {
	what := ""
	if wait != nil {
		what = wait.For
	}
	if PipelineEnded(r.job.Status) {
		outputs, err := r.outputs(ctx)
		if err != nil {
			return err
		}
		r.job.Outputs = outputs
	}
	err := r.s.inTxAgain(ctx, func(ctx context.Context) error {
		step, job := *call.step, *r.job
		if err := r.s.store.UpdatePipelineStep(ctx, &step); err != nil {
			return err
		}
		if err := r.s.store.AppendPipelineLog(ctx, call.lines); err != nil {
			return err
		}
		job.WaitingFor, job.StatusMessage, job.UpdatedAt = what, message, r.s.now()
		if err := r.s.store.UpdatePipelineJob(ctx, &job); err != nil {
			return err
		}
		return r.s.showWaiting(ctx, r.run, job.ID, what, call.step.Related)
	})
	if IsConflict(err) {
		return Errorf(CodeUnavailable, "job %s went on elsewhere meanwhile", r.job.ID)
	}
	return err
}

// outputs evaluates the outputs of a job that ends; of one that failed, what can be.
func (r *jobRun) outputs(ctx context.Context) (map[string]any, error) {
	if len(r.spec.Outputs) == 0 {
		return nil, nil
	}
	scope, err := r.scope(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string]any{}
	for name, text := range r.spec.Outputs {
		v, err := scope.value(text)
		if CodeOf(err) == CodeUnavailable {
			return nil, err
		}
		if err != nil && r.job.Status == PipelineSucceeded {
			return nil, Invalidf("outputs.%s: %s", name, messageOf(err))
		}
		if err == nil {
			out[name] = v
		}
	}
	hidden, _ := hideIn(scope.hide(), out).(map[string]any)
	return hidden, nil
}

// complete ends a job all of whose steps have ended.
func (r *jobRun) complete(ctx context.Context) error {
	r.job.Status, r.job.StatusMessage = PipelineSucceeded, ""
	if failed := r.failedStep(); failed != nil {
		r.job.Status, r.job.StatusMessage = PipelineFailed, fmt.Sprintf("step %d (%s) failed: %s", failed.Index, failed.Name, failed.StatusMessage)
	}
	outputs, err := r.outputs(ctx)
	if CodeOf(err) == CodeUnavailable {
		return err
	}
	if err != nil {
		r.job.Status, r.job.StatusMessage = PipelineFailed, messageOf(err)
	}
	r.job.Outputs = outputs
	return r.end(ctx)
}

// end stores a job that has ended without a step that is under way.
func (r *jobRun) end(ctx context.Context) error {
	err := r.s.inTxAgain(ctx, func(ctx context.Context) error {
		job, at := *r.job, r.s.now()
		job.WaitingFor, job.UpdatedAt, job.CompletedAt = "", at, &at
		if err := r.s.store.UpdatePipelineJob(ctx, &job); err != nil {
			return err
		}
		return r.s.showWaiting(ctx, r.run, job.ID, "", nil)
	})
	if IsConflict(err) {
		return Errorf(CodeUnavailable, "job %s went on elsewhere meanwhile", r.job.ID)
	}
	return err
}

// timeOut ends a job that took too long.
func (r *jobRun) timeOut(ctx context.Context) error {
	return r.halt(ctx, PipelineFailed, fmt.Sprintf("the job did not end within %s", time.Duration(r.job.TimeoutSeconds)*time.Second))
}

// halt ends a job before its last step, with what the step that is under way has begun.
func (r *jobRun) halt(ctx context.Context, status, message string) error {
	r.job.Status, r.job.StatusMessage = status, message
	if n := len(r.steps); n > 0 && !PipelineEnded(r.steps[n-1].Status) {
		step := &r.steps[n-1]
		call, action, err := r.call(ctx, step)
		if CodeOf(err) == CodeUnavailable {
			return err
		}
		if err := r.stop(ctx, call, action, message); CodeOf(err) == CodeUnavailable || CodeOf(err) == CodeInternal {
			return err
		}
		at := r.s.now()
		call.log("WARN", "%s", message)
		step.Status, step.StatusMessage, step.CompletedAt = status, message, &at
		r.job.CompletedAt = &at
		return r.record(ctx, call, nil, message)
	}
	return r.end(ctx)
}
