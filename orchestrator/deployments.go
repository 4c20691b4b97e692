package orchestrator

import (
	"context"

	"github.com/slipway-dev/slipway/engine/deployset"
)

// DeploymentRequest asks for a deployment. DeltaID wins over SetID; with
// neither, the set of the environment's base is deployed again.
type DeploymentRequest struct {
	DeltaID           string
	SetID             string
	Comment           string
	Mode              string // "" | full | incremental
	ValueSetVersionID string // "" = the latest when the deployment is planned
	Pipeline          *PipelineRef
	// Plan is the fingerprint of a plan that somebody has looked at, or the id of a
	// stored one: exactly that is carried out, or nothing when it is no longer true. "" =
	// whatever it is. A stored plan brings along what it was made for.
	Plan string
	// FreezeOverride is why the deployment is accepted although a freeze window is
	// open; "" = it is not.
	FreezeOverride string
}

// DeploymentFilter narrows ListDeployments.
type DeploymentFilter struct {
	PipelineID string
	RunID      string
	Limit      int // 0 = all
}

// CreateDeployment accepts a deployment: it fixes the base, stores the
// deployment as pending, commits, and only then hands it to the environment's
// queue. From the commit on the answer is a success, whatever becomes of the
// hand-over: the reconciler starts what was committed.
func (s *Service) CreateDeployment(ctx context.Context, ref EnvRef, req DeploymentRequest) (*Deployment, error) {
	if err := s.requireEnvDeployer(ctx, ref); err != nil {
		return nil, err
	}
	if err := checkMode(req.Mode); err != nil {
		return nil, err
	}
	if err := checkFingerprint(req.Plan); req.Plan != "" && !isPlanID(req.Plan) && err != nil {
		return nil, err
	}
	named := req.Plan
	if err := s.workflows.Ready(ctx); err != nil {
		return nil, err
	}
	var d *Deployment
	var policy QueuePolicy
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		env, err := s.store.LockEnvironment(ctx, ref)
		if err != nil {
			return err
		}
		policy = env.QueuePolicy
		if d, err = s.acceptDeployment(ctx, env, req); err != nil {
			return err
		}
		after := deploymentState(d)
		if req.FreezeOverride != "" {
			after["freeze_override"] = req.FreezeOverride
		}
		if req.Plan != "" {
			after["plan"] = named
		}
		return s.audit(ctx, Change{Org: ref.OrgID, Action: "deploy", Type: "deployment", Object: deploymentObjectPath(d), After: after})
	})
	if err != nil {
		return nil, err
	}
	s.handOver(ctx, ref, QueueItem{Kind: QueueDeployment, ID: d.ID, Policy: policy})
	if policy == QueuePolicySupersede { // others may have ended
		s.outbox.flush(ctx, ref.OrgID, ref.AppID)
	}
	return d, nil
}

func checkMode(mode string) error {
	if mode != "" && mode != "full" && mode != "incremental" {
		return Invalidf("mode: expected full or incremental, got %q", shorten(mode))
	}
	return nil
}

func deploymentObjectPath(d *Deployment) string { return EnvObject(d.Ref()) + "/deploys/" + d.ID }

func deploymentState(d *Deployment) map[string]any {
	return map[string]any{
		"id": d.ID, "from_id": d.FromID, "delta_id": d.DeltaID, "set_id": d.SetID, "comment": d.Comment, "mode": d.Mode,
		"value_set_version_id": d.ValueSetVersionID, "status": string(d.Status),
	}
}

// requireEnvDeployer authorizes a change of what runs in the environment.
func (s *Service) requireEnvDeployer(ctx context.Context, ref EnvRef) error {
	if err := s.requireApp(ctx, ref.OrgID, ref.AppID, RoleViewer); err != nil {
		return err
	}
	env, err := s.store.GetEnvironment(ctx, ref)
	if err != nil {
		return err
	}
	return s.requireDeployer(ctx, ref.OrgID, ref.AppID, env.TypeID)
}

// acceptDeployment runs inside the transaction that holds the environment.
func (s *Service) acceptDeployment(ctx context.Context, env *Environment, req DeploymentRequest) (*Deployment, error) {
	waiting, err := s.admit(ctx, env, req.FreezeOverride)
	if err != nil {
		return nil, err
	}
	held, err := s.heldTo(ctx, env, &req)
	if err != nil {
		return nil, err
	}
	setID, err := s.requestedSet(ctx, env, req)
	if err != nil {
		return nil, err
	}
	if req.ValueSetVersionID != "" {
		if _, err := s.valueSetFor(ctx, env.Ref(), req.ValueSetVersionID); err != nil {
			return nil, asInvalid(err, "value_set_version_id")
		}
	}
	created, id := s.deployIDs.next(s.now(), env.LastDeployID)
	d := &Deployment{
		OrgID: env.OrgID, AppID: env.AppID, EnvID: env.ID, ID: id,
		FromID: env.FromDeployID, SetID: setID, Comment: req.Comment, Mode: req.Mode,
		CreatedAt: created, CreatedBy: ActorFrom(ctx).UserID,
		Status: DeploymentPending, StatusChangedAt: created,
		ValueSetVersionID: req.ValueSetVersionID, Pipeline: req.Pipeline, FreezeOverride: req.FreezeOverride,
	}
	if req.DeltaID != "" {
		d.DeltaID = req.DeltaID
	}
	d.SetGiven = req.DeltaID == "" && req.SetID != ""
	if d.PlanFingerprint = req.Plan; d.PlanFingerprint != "" {
		if err := s.refuseStale(ctx, env, waiting, req); err != nil {
			return nil, err
		}
	}
	if held != nil {
		d.PlanID, held.DeploymentID = held.ID, d.ID
		if err := s.store.UpdateDeploymentPlan(ctx, held); err != nil {
			return nil, err
		}
	}
	if err := s.store.CreateDeployment(ctx, d); err != nil {
		return nil, err
	}
	env.FromDeployID, env.LastDeployID = d.ID, d.ID
	if err := s.store.UpdateEnvironment(ctx, env); err != nil {
		return nil, err
	}
	c := closer{store: s.store, now: s.now}
	if env.QueuePolicy == QueuePolicySupersede {
		if err := c.supersede(ctx, waiting, d.ID); err != nil {
			return nil, err
		}
	}
	accepted := "accepted"
	if req.FreezeOverride != "" {
		accepted = "accepted during a freeze window: " + req.FreezeOverride
	}
	return d, c.event(ctx, d, "deployment.status", string(DeploymentPending), accepted)
}

// admit says whether the environment takes a deployment now, before anything is
// written, and which ones are unfinished.
func (s *Service) admit(ctx context.Context, env *Environment, freezeOverride string) ([]Deployment, error) {
	waiting, err := s.store.UnfinishedDeployments(ctx, env.Ref())
	if err != nil {
		return nil, err
	}
	if err := admissible(env, waiting, s.queueLimit); err != nil {
		return nil, err
	}
	if err := refusePaused(ctx, s.store, env); err != nil {
		return nil, err
	}
	return waiting, s.checkFreeze(ctx, env, freezeOverride)
}

// admissible applies what the queue policy says before anything is written.
func admissible(env *Environment, waiting []Deployment, limit int) error {
	if env.Status == StatusDeleting {
		return Conflictf("environment %q is being deleted", env.ID)
	}
	if env.QueuePolicy == QueuePolicyFreeze {
		return Conflictf("environment %q is frozen; change its queue policy to deploy to it", env.ID)
	}
	if env.QueuePolicy == QueuePolicyReject && len(waiting) > 0 {
		return Conflictf("deployment %s of environment %q is %s; wait for it, or set the queue policy to %q",
			waiting[0].ID, env.ID, waiting[0].Status, QueuePolicyQueue)
	}
	if limit > 0 && len(waiting) >= limit && env.QueuePolicy != QueuePolicySupersede {
		full := Conflictf("the queue of environment %q is full: %d deployments are unfinished; wait for some to end, cancel some, or set the queue policy to %q",
			env.ID, len(waiting), QueuePolicySupersede)
		full.Reason, full.Details = ReasonQueueFull, map[string]any{"unfinished": len(waiting), "limit": limit}
		return full
	}
	return nil
}

// ReasonQueueFull is the error code of a deployment that finds no place in the
// queue of its environment.
const ReasonQueueFull = "QUEUE-FULL"

// setOfDeployment is the id of the set a deployment of the application brings;
// the zero set for "".
func (s *Service) setOfDeployment(ctx context.Context, org, app, id string) (string, error) {
	if id == "" {
		return deployset.ZeroID, nil
	}
	base, err := s.store.FindDeploymentInApp(ctx, org, app, id)
	if IsNotFound(err) {
		return "", Conflictf("deployment %s, the base of the next deployment, was deleted with its environment; set another base (from_deploy_id), or deploy a set by its id", id)
	}
	if err != nil {
		return "", err
	}
	return base.SetID, nil
}

// requestedSet is the id of the set the request leads to, on top of the
// environment's base.
func (s *Service) requestedSet(ctx context.Context, env *Environment, req DeploymentRequest) (string, error) {
	if req.DeltaID == "" && req.SetID != "" {
		set, err := s.store.GetSet(ctx, env.OrgID, env.AppID, req.SetID)
		if err != nil {
			return "", asInvalid(err, "set_id")
		}
		return set.ID(), nil
	}
	base, err := s.setOfDeployment(ctx, env.OrgID, env.AppID, env.FromDeployID)
	if err != nil || req.DeltaID == "" {
		return base, err
	}
	return applyStoredDelta(ctx, s.store, env.OrgID, env.AppID, req.DeltaID, base)
}

// applyStoredDelta applies a stored delta to a set, stores the result and
// returns its id.
func applyStoredDelta(ctx context.Context, store Store, org, app, deltaID, setID string) (string, error) {
	delta, err := store.GetDelta(ctx, org, app, deltaID)
	if err != nil {
		return "", asInvalid(err, "delta_id")
	}
	base, err := store.GetSet(ctx, org, app, setID)
	if err != nil {
		return "", err
	}
	set, err := deployset.Apply(base, delta.Content)
	if err != nil {
		return "", Invalidf("delta %s does not fit the deployment set %s: %v", deltaID, setID, err)
	}
	return store.PutSet(ctx, org, app, set)
}

// asInvalid turns "not found" of something named in a request body into a 400.
func asInvalid(err error, field string) error {
	if !IsNotFound(err) {
		return err
	}
	return Invalidf("%s: %v", field, err)
}

// GetDeployment returns one deployment, also by the id of the run of a pipeline
// that was asked for it.
func (s *Service) GetDeployment(ctx context.Context, ref EnvRef, id string) (*Deployment, error) {
	if err := s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	return s.deploymentOrRequest(ctx, ref, id)
}

// deploymentOrRequest finds a deployment by its id, or by that of the run of a
// pipeline that carries it out.
func (s *Service) deploymentOrRequest(ctx context.Context, ref EnvRef, id string) (*Deployment, error) {
	d, err := s.store.GetDeployment(ctx, ref, id)
	if !IsNotFound(err) {
		return d, err
	}
	if asked, askErr := s.requestedDeployment(ctx, ref, id); !IsNotFound(askErr) {
		return asked, askErr
	}
	return nil, err
}

// requireEnvReader authorizes reading an existing environment.
func (s *Service) requireEnvReader(ctx context.Context, ref EnvRef) error {
	if err := s.requireApp(ctx, ref.OrgID, ref.AppID, RoleViewer); err != nil {
		return err
	}
	_, err := s.store.GetEnvironment(ctx, ref)
	return err
}

// ListDeployments lists newest first.
func (s *Service) ListDeployments(ctx context.Context, ref EnvRef, f DeploymentFilter) ([]Deployment, error) {
	if err := s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	if f.PipelineID == "" && f.RunID == "" {
		return s.store.ListDeployments(ctx, ref, f.Limit)
	}
	out := []Deployment{}
	err := eachDeployment(ctx, s.store, ref, func(d *Deployment) (bool, error) {
		if d.Pipeline != nil && d.Pipeline.ID == f.PipelineID && (f.RunID == "" || d.Pipeline.RunID == f.RunID) {
			out = append(out, *d)
		}
		return f.Limit == 0 || len(out) < f.Limit, nil
	})
	return out, err
}

// eachDeployment goes through the deployments of an environment, the newest first,
// for as long as more is true. It reads few of them at first: most callers want
// one of the newest, and some want it every two seconds.
func eachDeployment(ctx context.Context, store Store, ref EnvRef, visit func(d *Deployment) (more bool, err error)) error {
	last := "" // that was visited; ids are times
	for limit := 8; ; limit *= 8 {
		deployments, err := store.ListDeployments(ctx, ref, limit)
		if err != nil {
			return err
		}
		for i := range deployments {
			d := &deployments[i]
			if last != "" && d.ID >= last {
				continue
			}
			last = d.ID
			if more, err := visit(d); err != nil || !more {
				return err
			}
		}
		if len(deployments) < limit {
			return nil
		}
	}
}

// ListDeploymentErrors lists why a deployment failed; empty when it did not.
func (s *Service) ListDeploymentErrors(ctx context.Context, ref EnvRef, id string) ([]DeploymentError, error) {
	d, err := s.GetDeployment(ctx, ref, id)
	if err != nil {
		return nil, err
	}
	if d.standsForRun() {
		return s.whyNotMade(ctx, d)
	}
	return s.store.ListDeploymentErrors(ctx, ref.OrgID, d.ID)
}

// ListNodes lists the nodes of a deployment in their order; empty until planned.
func (s *Service) ListNodes(ctx context.Context, ref EnvRef, id string) ([]Node, error) {
	d, err := s.GetDeployment(ctx, ref, id)
	if err != nil {
		return nil, err
	}
	return s.store.ListNodes(ctx, ref.OrgID, d.ID)
}

// DeploymentEvents lists what happened after the event with number after.
func (s *Service) DeploymentEvents(ctx context.Context, ref EnvRef, id string, after int64, limit int) ([]Event, error) {
	d, err := s.GetDeployment(ctx, ref, id)
	if err != nil {
		return nil, err
	}
	return s.store.ListEvents(ctx, ref.OrgID, d.ID, after, limit)
}

// WatchDeployment signals soon after something happened, until ctx ends.
func (s *Service) WatchDeployment(ctx context.Context, ref EnvRef, id string) (<-chan struct{}, error) {
	d, err := s.GetDeployment(ctx, ref, id)
	if err != nil {
		return nil, err
	}
	return s.store.Watch(ctx, d.ID), nil
}

// DeploymentLog lists log lines after the one with number after; node "" = all.
func (s *Service) DeploymentLog(ctx context.Context, ref EnvRef, id, node string, after int64, limit int) ([]LogLine, error) {
	d, err := s.GetDeployment(ctx, ref, id)
	if err != nil {
		return nil, err
	}
	return s.store.ListLog(ctx, ref.OrgID, d.ID, node, after, limit)
}

// Queue lists the deployments of the environment that are pending or running,
// in the order they will end.
func (s *Service) Queue(ctx context.Context, ref EnvRef) ([]Deployment, error) {
	if err := s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	return s.store.UnfinishedDeployments(ctx, ref)
}

// CancelDeployment asks for the end of a deployment. One that waits ends at
// once; one that runs starts no new nodes and ends when those that run have
// stopped, keeping and recording what exists. Asking again is harmless; a
// deployment that is over is a conflict.
func (s *Service) CancelDeployment(ctx context.Context, ref EnvRef, id string) (*Deployment, error) {
	if err := s.requireEnvDeployer(ctx, ref); err != nil {
		return nil, err
	}
	d, err := s.GetDeployment(ctx, ref, id)
	if err != nil {
		return nil, err
	}
	if d.standsForRun() {
		return s.cancelRequested(ctx, d)
	}
	id = d.ID
	err = s.store.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.store.LockEnvironment(ctx, ref); err != nil {
			return err
		}
		var err error
		if d, err = s.store.GetDeployment(ctx, ref, id); err != nil {
			return err
		}
		before := deploymentState(d)
		if err := s.requestCancel(ctx, d); err != nil {
			return err
		}
		return s.audit(ctx, Change{
			Org: ref.OrgID, Action: "cancel", Type: "deployment", Object: deploymentObjectPath(d), Before: before, After: deploymentState(d),
		})
	})
	if err != nil {
		return nil, err
	}
	s.handCancel(ctx, ref, id)
	s.outbox.flush(ctx, ref.OrgID, ref.AppID)
	return d, nil
}

// requestCancel records the wish; it ends what has not started yet.
func (s *Service) requestCancel(ctx context.Context, d *Deployment) error {
	if d.Outcome == OutcomeCancelled {
		return nil
	}
	if d.Status.Terminal() {
		return Conflictf("deployment %s is over: it %s", d.ID, d.Outcome)
	}
	c := closer{store: s.store, now: s.now}
	if d.CancelRequestedAt == nil {
		at := s.now()
		d.CancelRequestedAt, d.CancelRequestedBy = &at, ActorFrom(ctx).UserID
		if err := c.event(ctx, d, "deployment.cancel", string(d.Status), "cancel requested"); err != nil {
			return err
		}
	}
	if d.StartedAt == nil {
		return c.close(ctx, d, OutcomeCancelled, []DeploymentError{cancelledError()})
	}
	return s.store.UpdateDeployment(ctx, d)
}
