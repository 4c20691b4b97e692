package orchestrator

import (
	"context"
	"slices"

	"github.com/slipway-dev/slipway/engine/pipeline"
)

// What starts runs.
const (
	triggerRequest  = pipeline.TriggerDeploymentRequest
	triggerCall     = pipeline.TriggerPipelineCall
	triggerArtefact = pipeline.TriggerArtefact
	triggerSchedule = pipeline.TriggerSchedule
)

// PipelineRunOrder says how a run is asked for.
type PipelineRunOrder struct {
	DryRun         bool   // check everything, start nothing; no run is returned
	IdempotencyKey string // the same key again returns the same run; "" = none
}

// DeploymentByPipeline asks for a deployment by the pipeline whose criteria match.
type DeploymentByPipeline struct {
	Trigger           string // deployment_request
	EnvID             string
	DeltaID           string
	SetID             string
	DeploymentID      string // a deployment to repeat: its set and values are taken over
	ValueSetVersionID string
	Comment           string
	Mode              string
}

// maxIdempotencyKey bounds the key in bytes.
const maxIdempotencyKey = 255

// runRequest is a run to be started.
type runRequest struct {
	org, app, pipelineID string
	id                   string // "" = a new one
	trigger              string
	inputs               map[string]any
	envs                 []string
	parent               *PipelineRun
	restarted            *PipelineRun
	order                PipelineRunOrder
}

// CreatePipelineRun starts a run of a pipeline that can be called, as whoever asks.
func (s *Service) CreatePipelineRun(ctx context.Context, org, app, pipelineID string, inputs map[string]any, order PipelineRunOrder) (*PipelineRun, error) {
	return s.startRun(ctx, runRequest{org: org, app: app, pipelineID: pipelineID, trigger: triggerCall, inputs: inputs, order: order})
}

// RestartPipelineRun starts a run with the trigger and inputs of one that has
// ended, of the version that the pipeline has now.
func (s *Service) RestartPipelineRun(ctx context.Context, key PipelineRunKey, idempotencyKey string) (*PipelineRun, error) {
	if err := s.requireAppPerm(ctx, key.OrgID, key.AppID, PermPipelinesRun); err != nil {
		return nil, err
	}
	run, err := s.findRun(ctx, key)
	if err != nil {
		return nil, err
	}
	if !PipelineEnded(run.Status) {
		return nil, Conflictf("pipeline run %s is %s; only runs that have ended can be restarted", run.ID, run.Status)
	}
	return s.startRun(ctx, runRequest{
		org: key.OrgID, app: key.AppID, pipelineID: key.PipelineID, trigger: run.Trigger, inputs: run.Inputs, restarted: run,
		order: PipelineRunOrder{IdempotencyKey: idempotencyKey},
	})
}

// startRun authorizes, checks and stores a run, commits, and only then hands it
// to its workflow: the reconciler starts what was committed.
func (s *Service) startRun(ctx context.Context, req runRequest) (*PipelineRun, error) {
	if err := s.requireAppPerm(ctx, req.org, req.app, PermPipelinesRun); err != nil {
		return nil, err
	}
	return s.storeRun(ctx, req)
}

// storeRun is startRun for whoever was authorized.
func (s *Service) storeRun(ctx context.Context, req runRequest) (*PipelineRun, error) {
	run, err := s.newRun(ctx, req)
	if err != nil || req.order.DryRun {
		return nil, err
	}
	if known, err := s.repeatedRun(ctx, run); err != nil || known != nil {
		return known, err
	}
	if err := s.workflows.Ready(ctx); err != nil {
		return nil, err
	}
	err = s.audited(ctx, func(ctx context.Context) (Change, error) {
		return created(req.org, "pipeline-run", runObject(run.Key()), runState(run)), s.store.CreatePipelineRun(ctx, run)
	})
	if IsConflict(err) {
		if known, findErr := s.repeatedRun(ctx, run); findErr != nil || known != nil {
			return known, findErr
		}
		if req.id != "" {
			return s.store.GetPipelineRun(ctx, req.org, req.id)
		}
	}
	if err != nil {
		return nil, err
	}
	s.handRun(ctx, run.Key())
	return run, nil
}

// repeatedRun finds the run of an idempotency key; nil when there is none.
func (s *Service) repeatedRun(ctx context.Context, run *PipelineRun) (*PipelineRun, error) {
	if run.IdempotencyKey == "" {
		return nil, nil
	}
	known, err := s.store.FindPipelineRun(ctx, run.OrgID, run.AppID, run.PipelineID, run.CreatedBy, run.IdempotencyKey)
	if IsNotFound(err) {
		return nil, nil
	}
	return known, err
}

// newRun checks a request and makes the record of its run.
func (s *Service) newRun(ctx context.Context, req runRequest) (*PipelineRun, error) {
	if len(req.order.IdempotencyKey) > maxIdempotencyKey {
		return nil, Invalidf("Idempotency-Key: it has more than %d characters", maxIdempotencyKey)
	}
	version, text, err := s.pipelineToRun(ctx, req)
	if err != nil {
		return nil, err
	}
	run := &PipelineRun{
		OrgID: req.org, AppID: req.app, PipelineID: req.pipelineID, PipelineVersion: version, ID: req.id, Definition: text,
		Status: PipelineQueued, Trigger: req.trigger, Inputs: req.inputs, IdempotencyKey: req.order.IdempotencyKey,
		CreatedAt: s.now(), CreatedBy: ActorFrom(ctx).UserID,
	}
	if run.ID == "" {
		run.ID = newUUID()
	}
	def, err := runDefinition(run)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(def.On.Types(), req.trigger) {
		return nil, Invalidf("pipeline %q has no trigger %s; it has %v", req.pipelineID, req.trigger, def.On.Types())
	}
	if run.Inputs, err = checkRunInputs(def, req); err != nil {
		return nil, err
	}
	run.touched(req.envs...)
	if env, _ := run.Inputs["env_id"].(string); env != "" {
		run.touched(env)
	}
	run.RunAs = runAs(req.org, req.app, req.pipelineID, def, ActorFrom(ctx))
	run.TimeoutSeconds = int64(runMinutes(def)) * 60
	if req.parent != nil {
		run.ParentRun, run.CreatedBy = req.parent.ID, req.parent.CreatedBy
	}
	if req.restarted != nil {
		run.RestartedFrom = req.restarted.ID
	}
	return run, s.groupOf(ctx, run, def)
}

// runMinutes is how long a run may take: what the document says, and at least
// what its jobs may take one after the other when they say so themselves, such
// as one that waits a day for an approval.
func runMinutes(def *pipeline.Document) int {
	if def.TimeoutMinutes != pipeline.DefaultTimeoutMinutes {
		return def.TimeoutMinutes
	}
	longest := map[string]int{}
	most, named := def.TimeoutMinutes, false
	for range def.Jobs { // as often as a chain of needs can be long
		for _, j := range def.Jobs {
			before, own := 0, j.TimeoutMinutes
			for _, need := range j.Needs {
				before = max(before, longest[need])
			}
			if own == 0 {
				own = pipeline.DefaultTimeoutMinutes
			}
			named = named || j.TimeoutMinutes > pipeline.DefaultTimeoutMinutes
			longest[j.ID] = before + own
			most = max(most, longest[j.ID])
		}
	}
	if !named {
		return def.TimeoutMinutes
	}
	return min(most, pipeline.MaxTimeoutMinutes)
}

// RequestDeployment finds the pipeline of a deployment request by criteria and
// starts a run of it.
func (s *Service) RequestDeployment(ctx context.Context, org, app string, req DeploymentByPipeline, order PipelineRunOrder) (*PipelineRun, error) {
	if err := s.requireAppPerm(ctx, org, app, PermPipelinesRun); err != nil {
		return nil, err
	}
	if req.Trigger != triggerRequest {
		return nil, Invalidf("trigger: expected %s, got %q", triggerRequest, shorten(req.Trigger))
	}
	if req.EnvID == "" {
		return nil, Invalidf("env_id: the environment to deploy to is required")
	}
	env, err := s.store.GetEnvironment(ctx, EnvRef{org, app, req.EnvID})
	if err != nil {
		return nil, asInvalid(err, "env_id")
	}
	inputs, kind, err := s.requestInputs(ctx, env, req)
	if err != nil {
		return nil, err
	}
	pipelineID, err := s.pipelineFor(ctx, env, kind)
	if err != nil {
		return nil, err
	}
	return s.startRun(ctx, runRequest{org: org, app: app, pipelineID: pipelineID, trigger: triggerRequest, inputs: inputs, envs: []string{env.ID}, order: order})
}

// requestInputs are the inputs of the run of a deployment request, and whether
// it deploys or deploys again.
func (s *Service) requestInputs(ctx context.Context, env *Environment, req DeploymentByPipeline) (inputs map[string]any, kind string, err error) {
	given := 0
	for _, id := range []string{req.DeltaID, req.SetID, req.DeploymentID} {
		if id != "" {
			given++
		}
	}
	if given != 1 {
		return nil, "", Invalidf("expected one of delta_id, set_id and deployment_id, got %d of them", given)
	}
	kind = "deploy"
	switch {
	case req.DeltaID != "":
		if _, err := s.store.GetDelta(ctx, env.OrgID, env.AppID, req.DeltaID); err != nil {
			return nil, "", asInvalid(err, "delta_id")
		}
	case req.SetID != "":
		if _, err := s.store.GetSet(ctx, env.OrgID, env.AppID, req.SetID); err != nil {
			return nil, "", asInvalid(err, "set_id")
		}
	default:
		kind = "re-deploy"
		d, err := s.store.FindDeploymentInApp(ctx, env.OrgID, env.AppID, req.DeploymentID)
		if err != nil {
			return nil, "", asInvalid(err, "deployment_id")
		}
		req.SetID = d.SetID
		if req.ValueSetVersionID == "" && d.EnvID == env.ID {
			req.ValueSetVersionID = d.ValueSetVersionID
		}
	}
	inputs = map[string]any{"env_id": env.ID, "environment": env.ID, "comment": req.Comment}
	for name, value := range map[string]string{
		"delta_id": req.DeltaID, "set_id": req.SetID, "deployment_id": req.DeploymentID, "value_set_version_id": req.ValueSetVersionID, "mode": req.Mode,
	} {
		if value != "" {
			inputs[name] = value
		}
	}
	return inputs, kind, nil
}

// GetPipelineBatch lists what is collected for the next run that a trigger
// starts; kind is artefact.
func (s *Service) GetPipelineBatch(ctx context.Context, org, app, pipelineID, kind string) ([]PipelineBatchItem, error) {
	if _, err := s.readApp(ctx, org, app, RoleViewer); err != nil {
		return nil, err
	}
	if kind != triggerArtefact {
		return nil, NotFoundf("there are no batches of type %q; there is %s", shorten(kind), triggerArtefact)
	}
	if err := s.requirePipeline(ctx, org, app, pipelineID); err != nil {
		return nil, err
	}
	return s.store.PipelineBatch(ctx, org, app, pipelineID, "")
}
