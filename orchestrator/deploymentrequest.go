package orchestrator

import (
	"context"
	"time"

	"github.com/slipway-dev/slipway/engine/pipeline"
)

// requestPatience is how long Deploy waits for the pipeline to begin the deployment that it answers.
const requestPatience = 3 * time.Second

// Deploy carries out a request for a deployment. Where the criteria of a pipeline
// match it, a run of that pipeline does; the answer is the deployment that the run
// has made or, when that takes longer, one with the id of the run that stands for
// it: it can be read, followed and cancelled by that id, and from when the run
// deploys it is that deployment. A run that ends without one is CodeConflict, with
// what it says.
//
// The request is carried out directly where no criteria match, where the pipeline
// that they choose is the default one as every application gets it, which does
// nothing else, and for a step of a run that executes.
func (s *Service) Deploy(ctx context.Context, ref EnvRef, req DeploymentRequest) (*Deployment, error) {
	if err := s.requireEnvDeployer(ctx, ref); err != nil {
		return nil, err
	}
	env, err := s.store.GetEnvironment(ctx, ref)
	if err != nil {
		return nil, err
	}
	pipelineID, err := s.pipelineOfRequest(ctx, env, req)
	if err != nil {
		return nil, err
	}
	if pipelineID == "" {
		return s.CreateDeployment(ctx, ref, req)
	}
	run, err := s.runForRequest(ctx, env, pipelineID, req)
	if err != nil {
		return nil, err
	}
	return s.awaitRequested(ctx, ref, run.ID)
}

// pipelineOfRequest is the pipeline that carries a request out; "" = none does.
func (s *Service) pipelineOfRequest(ctx context.Context, env *Environment, req DeploymentRequest) (string, error) {
	id, err := s.pipelineFor(ctx, env, pipeline.DeploymentTypeDeploy)
	if IsNotFound(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	plain, err := s.onlyDeploys(ctx, env, id)
	if err != nil || plain {
		return "", err
	}
	own, err := s.askedByRun(ctx, env, req.Pipeline)
	if err != nil || own {
		return "", err
	}
	return id, nil
}

// onlyDeploys reports whether a pipeline is the default one, unchanged.
func (s *Service) onlyDeploys(ctx context.Context, env *Environment, id string) (bool, error) {
	p, err := s.store.GetPipeline(ctx, env.OrgID, env.AppID, id)
	if err != nil {
		return false, err
	}
	v, err := s.store.GetPipelineVersion(ctx, env.OrgID, env.AppID, id, p.VersionID)
	if err != nil {
		return false, err
	}
	return v.Definition == pipeline.Default, nil
}

// askedByRun reports whether a run of a pipeline of the application is what asks:
// it was matched before, and must not be sent to itself.
func (s *Service) askedByRun(ctx context.Context, env *Environment, by *PipelineRef) (bool, error) {
	if by == nil {
		return false, nil
	}
	run, err := s.store.GetPipelineRun(ctx, env.OrgID, by.RunID)
	if IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return run.AppID == env.AppID && run.PipelineID == by.ID && run.Status == PipelineExecuting, nil
}

// runForRequest starts the run. Whoever may deploy to the environment may have
// its pipeline do it.
func (s *Service) runForRequest(ctx context.Context, env *Environment, pipelineID string, req DeploymentRequest) (*PipelineRun, error) {
	for field, value := range map[string]string{"plan": req.Plan, "freeze_override": req.FreezeOverride} {
		if value != "" {
			return nil, Conflictf("%s: pipeline %q carries out the deployments of environment %q and cannot take it along; leave it out, or change the criteria of the pipeline",
				field, pipelineID, env.ID)
		}
	}
	if err := checkMode(req.Mode); err != nil {
		return nil, err
	}
	if req.ValueSetVersionID != "" {
		if _, err := s.valueSetFor(ctx, env.Ref(), req.ValueSetVersionID); err != nil {
			return nil, asInvalid(err, "value_set_version_id")
		}
	}
	by := DeploymentByPipeline{
		Trigger: triggerRequest, EnvID: env.ID, DeltaID: req.DeltaID, ValueSetVersionID: req.ValueSetVersionID, Comment: req.Comment, Mode: req.Mode,
	}
	if req.DeltaID == "" {
		by.SetID = req.SetID
	}
	if by.DeltaID == "" && by.SetID == "" {
		base, err := s.setOfDeployment(ctx, env.OrgID, env.AppID, env.FromDeployID)
		if err != nil {
			return nil, err
		}
		by.SetID = base
	}
	inputs, _, err := s.requestInputs(ctx, env, by)
	if err != nil {
		return nil, err
	}
	return s.storeRun(ctx, runRequest{org: env.OrgID, app: env.AppID, pipelineID: pipelineID, trigger: triggerRequest, inputs: inputs, envs: []string{env.ID}})
}

// awaitRequested waits a moment for what a run makes of a request.
func (s *Service) awaitRequested(ctx context.Context, ref EnvRef, runID string) (*Deployment, error) {
	waiting, cancel := context.WithTimeout(ctx, requestPatience)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		d, err := s.requestedDeployment(ctx, ref, runID)
		if err != nil {
			return nil, err
		}
		if d.ID != runID {
			return d, nil
		}
		if d.Status.Terminal() {
			return nil, s.notDeployed(ctx, ref, runID)
		}
		select {
		case <-waiting.Done():
			return d, ctx.Err()
		case <-tick.C:
		}
	}
}

// notDeployed says why a run deployed nothing.
func (s *Service) notDeployed(ctx context.Context, ref EnvRef, runID string) error {
	run, err := s.store.GetPipelineRun(ctx, ref.OrgID, runID)
	if err != nil {
		return err
	}
	why := run.StatusMessage
	if why == "" {
		why = "it " + run.Status + " without a deployment to the environment"
	}
	return Conflictf("pipeline %q carries out the deployments of environment %q, and its run %s deployed nothing: %s", run.PipelineID, ref.EnvID, run.ID, why)
}

// requestedDeployment is what has become of a request that a run of a pipeline
// carries out, by the id of that run: the deployment that it made, or one that
// stands for it. CodeNotFound when no request for the environment has the id.
func (s *Service) requestedDeployment(ctx context.Context, ref EnvRef, runID string) (*Deployment, error) {
	run, err := s.store.GetPipelineRun(ctx, ref.OrgID, runID)
	if err != nil {
		return nil, err
	}
	if env, _ := run.Inputs["env_id"].(string); run.AppID != ref.AppID || run.Trigger != triggerRequest || env != ref.EnvID {
		return nil, NotFoundf("pipeline run %s is about no deployment of environment %q", runID, ref.EnvID)
	}
	id, err := s.deploymentOfRun(ctx, ref, runID, maxCalls)
	if err != nil {
		return nil, err
	}
	if id != "" {
		return s.store.GetDeployment(ctx, ref, id)
	}
	return standIn(run, ref), nil
}

// deploymentOfRun is the first deployment to an environment that the steps of a
// run have made, or those of runs that it called; "" when there is none.
func (s *Service) deploymentOfRun(ctx context.Context, ref EnvRef, runID string, deep int) (string, error) {
	jobs, err := s.store.ListPipelineJobs(ctx, ref.OrgID, runID)
	if err != nil {
		return "", err
	}
	first := ""
	earliest := func(id string) {
		if id != "" && (first == "" || id < first) { // ids are times
			first = id
		}
	}
	for _, job := range jobs {
		steps, err := s.store.ListPipelineSteps(ctx, ref.OrgID, runID, job.ID)
		if err != nil {
			return "", err
		}
		for _, step := range steps {
			if step.Related["env_id"] == ref.EnvID {
				earliest(step.State["deployment_id"])
			}
			called := step.Related["pipeline_run_id"]
			if called == "" || deep <= 0 {
				continue
			}
			id, err := s.deploymentOfRun(ctx, ref, called, deep-1)
			if err != nil {
				return "", err
			}
			earliest(id)
		}
	}
	return first, nil
}

// standIn is the deployment that a run of a pipeline has been asked for and has
// not made. It is in no list and no queue.
func standIn(run *PipelineRun, ref EnvRef) *Deployment {
	text := func(name string) string { v, _ := run.Inputs[name].(string); return v }
	d := &Deployment{
		OrgID: ref.OrgID, AppID: ref.AppID, EnvID: ref.EnvID, ID: run.ID, DeltaID: text("delta_id"), SetID: text("set_id"), Comment: text("comment"),
		Mode: text("mode"), ValueSetVersionID: text("value_set_version_id"), CreatedAt: run.CreatedAt, CreatedBy: run.CreatedBy,
		Status: DeploymentPending, StatusChangedAt: run.CreatedAt, CancelRequestedAt: run.CancelRequestedAt, CancelRequestedBy: run.CancelRequestedBy,
		Pipeline: &PipelineRef{ID: run.PipelineID, RunID: run.ID},
	}
	if !PipelineEnded(run.Status) {
		return d
	}
	d.Status, d.Outcome = DeploymentFailed, OutcomeFailed
	if run.Status == PipelineCancelled {
		d.Outcome = OutcomeCancelled
	}
	if d.FinishedAt = run.CompletedAt; run.CompletedAt != nil {
		d.StatusChangedAt = *run.CompletedAt
	}
	return d
}

// standsForRun reports whether a deployment is one that a run has yet to make.
func (d *Deployment) standsForRun() bool { return d.Pipeline != nil && d.Pipeline.RunID == d.ID }

// whyNotMade is the error of a deployment that a run was asked for and did not make.
func (s *Service) whyNotMade(ctx context.Context, d *Deployment) ([]DeploymentError, error) {
	if !d.Status.Terminal() {
		return nil, nil
	}
	why := s.notDeployed(ctx, d.Ref(), d.ID)
	if CodeOf(why) != CodeConflict {
		return nil, why
	}
	return []DeploymentError{{Scope: "deployment", Code: "DEP-PIPELINE", ErrorType: "pipeline", Summary: messageOf(why), Message: messageOf(why)}}, nil
}

// cancelRequested ends the run that was asked for a deployment and has not made it.
func (s *Service) cancelRequested(ctx context.Context, d *Deployment) (*Deployment, error) {
	key := PipelineRunKey{OrgID: d.OrgID, AppID: d.AppID, PipelineID: d.Pipeline.ID, ID: d.ID}
	if err := s.cancelRun(ctx, key, ""); err != nil {
		return nil, err
	}
	return s.requestedDeployment(ctx, d.Ref(), d.ID)
}
