package orchestrator

import (
	"context"
	"time"
)

// SpinUpRequest asks for a new environment.
type SpinUpRequest struct {
	EnvironmentRequest
	// FromEnvID is the environment whose deployed set the new one starts from; with
	// CopyValues its own Shared Values come along.
	FromEnvID  string
	CopyValues bool
	// Values override those of the application and those that are copied.
	Values    []NewValue
	Deploy    bool   // deploy at once
	OnFailure string // "" = keep
	Comment   string // of the deployment
	Lifetime  LifetimeChange
	// FreezeOverride: see DeploymentRequest.
	FreezeOverride string

	kind  string // "" = SpinUpCreate or SpinUpClone
	setID string // of the deployment; "" = that of the base
}

// spinUpsKept is how long requests that ended are remembered.
const spinUpsKept = 90 * 24 * time.Hour

// CreateSpinUp makes an environment with its values and, when asked, its first
// deployment, all in one transaction. From then on a workflow follows it.
func (s *Service) CreateSpinUp(ctx context.Context, org, app string, req SpinUpRequest) (*SpinUp, error) {
	parent, err := s.readApp(ctx, org, app, RoleDeveloper)
	if err != nil {
		return nil, err
	}
	if parent.Status == StatusDeleting {
		return nil, Conflictf("application %q is being deleted", app)
	}
	if err := s.checkSpinUp(ctx, org, app, &req); err != nil {
		return nil, err
	}
	if err := s.requireDeployer(ctx, org, app, req.TypeID); err != nil {
		return nil, err
	}
	values, err := s.spinUpValues(ctx, EnvRef{OrgID: org, AppID: app, EnvID: req.ID}, req)
	if err != nil {
		return nil, err
	}
	if err := s.workflows.Ready(ctx); err != nil {
		return nil, err
	}
	var up *SpinUp
	err = s.inTxAgain(ctx, func(ctx context.Context) error {
		var err error
		up, err = s.makeEnvironment(ctx, org, app, req, values)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.followSpinUp(ctx, up, req.Lifetime != LifetimeChange{})
	return up, nil
}

// checkSpinUp validates a request and completes it from what it names.
func (s *Service) checkSpinUp(ctx context.Context, org, app string, req *SpinUpRequest) error {
	if err := checkSlug("id", req.ID, maxSlug); err != nil {
		return err
	}
	if req.Name == "" {
		req.Name = req.ID
	}
	if err := checkName("name", req.Name); err != nil {
		return err
	}
	if req.FromEnvID != "" && req.FromDeployID != "" {
		return Invalidf("from_env and from_deploy_id: both are given; use one")
	}
	if req.CopyValues && req.FromEnvID == "" {
		return Invalidf("copy_values: values are copied from an environment; name it as from_env")
	}
	if req.OnFailure == "" {
		req.OnFailure = OnFailureKeep
	}
	if req.OnFailure != OnFailureKeep && req.OnFailure != OnFailureTeardown {
		return Invalidf("on_failure: expected %s or %s, got %q", OnFailureKeep, OnFailureTeardown, shorten(req.OnFailure))
	}
	if req.Lifetime.ExtendBy != nil {
		return Invalidf("extend_by: a new environment has no end that could be extended; use ttl")
	}
	if req.OnFailure == OnFailureTeardown && req.Lifetime.Protected != nil && *req.Lifetime.Protected {
		return Invalidf("on_failure: a protected environment is never removed by itself; use %s", OnFailureKeep)
	}
	if err := req.Lifetime.check(); err != nil {
		return err
	}
	if req.FromEnvID != "" {
		if err := s.takeFrom(ctx, EnvRef{OrgID: org, AppID: app, EnvID: req.FromEnvID}, req); err != nil {
			return err
		}
	}
	var err error
	req.TypeID, err = s.environmentTypeFor(ctx, org, app, req.EnvironmentRequest)
	return err
}

// takeFrom completes a request by the type of the environment that it names, and
// by what that runs: its newest deployment that succeeded, else its base.
func (s *Service) takeFrom(ctx context.Context, from EnvRef, req *SpinUpRequest) error {
	source, err := s.store.GetEnvironment(ctx, from)
	if err != nil {
		return asInvalid(err, "from_env")
	}
	if req.TypeID == "" {
		req.TypeID = source.TypeID
	}
	req.FromDeployID = source.FromDeployID
	succeeded, err := s.store.LastSucceeded(ctx, from.OrgID, from.AppID)
	if err != nil {
		return err
	}
	for _, d := range succeeded {
		if d.EnvID == from.EnvID {
			req.FromDeployID = d.ID
		}
	}
	return nil
}

// makeEnvironment runs inside the transaction that accepts the request.
func (s *Service) makeEnvironment(ctx context.Context, org, app string, req SpinUpRequest, values []NewValue) (*SpinUp, error) {
	now := s.now()
	env := newEnvironment(org, app, req.EnvironmentRequest, ActorFrom(ctx), now)
	if err := s.store.CreateEnvironment(ctx, env); err != nil {
		return nil, err
	}
	up := &SpinUp{
		OrgID: org, AppID: app, ID: newUUID(), EnvID: env.ID, EnvCreatedAt: env.CreatedAt, Kind: SpinUpCreate, FromEnvID: req.FromEnvID,
		FromDeployID: req.FromDeployID, OnFailure: req.OnFailure, Status: SpinUpInProgress, Phase: PhaseDeploy, CreatedAt: now, CreatedBy: env.CreatedBy,
	}
	if req.CopyValues {
		up.Kind = SpinUpClone
	}
	if req.kind != "" {
		up.Kind = req.kind
	}
	if err := s.putValues(ctx, env.Ref(), values); err != nil {
		return nil, err
	}
	if req.Lifetime != (LifetimeChange{}) {
		if _, _, err := s.storeLifetime(ctx, env, req.Lifetime); err != nil {
			return nil, err
		}
	}
	message := "the environment was made"
	if req.Deploy {
		d, err := s.acceptDeployment(ctx, env, DeploymentRequest{SetID: req.setID, Comment: req.Comment, FreezeOverride: req.FreezeOverride})
		if err != nil {
			return nil, err
		}
		up.DeploymentID, message = d.ID, "the environment was made; deployment "+d.ID+" was accepted"
	}
	up.note(now, message)
	if err := s.store.CreateSpinUp(ctx, up); err != nil {
		return nil, err
	}
	if err := s.store.DeleteSpinUps(ctx, org, app, now.Add(-spinUpsKept)); err != nil {
		return nil, err
	}
	if err := announceEnvironment(ctx, s.store, now, env, environmentCreated, env.CreatedBy); err != nil {
		return nil, err
	}
	change := created(org, "environment", EnvObject(env.Ref()), map[string]any{
		"environment": env, "from_env": req.FromEnvID, "copy_values": req.CopyValues, "deployment": up.DeploymentID,
		"on_failure": req.OnFailure, "freeze_override": req.FreezeOverride,
	})
	return up, s.audit(ctx, change)
}

// followSpinUp hands over what was accepted, without failing the request.
func (s *Service) followSpinUp(ctx context.Context, up *SpinUp, lifetime bool) {
	s.outbox.flush(ctx, up.OrgID, up.AppID)
	if lifetime {
		s.watchLifetime(ctx, up.Ref())
	}
	if up.DeploymentID != "" {
		s.handOver(ctx, up.Ref(), QueueItem{Kind: QueueDeployment, ID: up.DeploymentID, Policy: QueuePolicyQueue})
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), startTimeout)
	defer cancel()
	if err := giveSpinUp(ctx, s.store, s.background, s.now(), up); err != nil {
		s.log.Warn("hand-over of a request for an environment failed; the reconciler will repeat it", "environment", up.Ref().String(), "id", up.ID, "error", err)
	}
}

// giveSpinUp starts the workflow of a request and remembers that.
func giveSpinUp(ctx context.Context, store Store, background Background, now time.Time, up *SpinUp) error {
	if err := background.FollowSpinUp(ctx, up.Key()); err != nil {
		return err
	}
	given := *up
	given.HandedOverAt = &now
	// A conflict means that the workflow was faster.
	if err := store.UpdateSpinUp(ctx, &given); err != nil && !IsConflict(err) && !IsNotFound(err) {
		return err
	}
	return nil
}

// GetSpinUp returns a request for an environment.
func (s *Service) GetSpinUp(ctx context.Context, key SpinUpKey) (*SpinUp, error) {
	if _, err := s.readApp(ctx, key.OrgID, key.AppID, RoleViewer); err != nil {
		return nil, err
	}
	return s.store.GetSpinUp(ctx, key.OrgID, key.AppID, key.ID)
}

// ListSpinUps lists the requests for environments of an application, newest first.
func (s *Service) ListSpinUps(ctx context.Context, org, app string, limit int) ([]SpinUp, error) {
	if _, err := s.readApp(ctx, org, app, RoleViewer); err != nil {
		return nil, err
	}
	return s.store.ListSpinUps(ctx, org, app, limit)
}

// CancelSpinUp asks for the end of a request: its deployment is cancelled, and
// what was made is kept or torn down as the request says for a failure. Asking
// again is harmless; a request that is over is a conflict.
func (s *Service) CancelSpinUp(ctx context.Context, key SpinUpKey) (*SpinUp, error) {
	if err := s.requireAppPerm(ctx, key.OrgID, key.AppID, PermAppDeploy); err != nil {
		return nil, err
	}
	up, err := s.GetSpinUp(ctx, key)
	if err != nil {
		return nil, err
	}
	if up.Terminal() {
		return nil, overAlready(up)
	}
	if err := s.requireEnvDeployer(ctx, up.Ref()); err != nil {
		return nil, err
	}
	err = s.inTxAgain(ctx, func(ctx context.Context) error {
		var err error
		if _, err = s.store.LockEnvironment(ctx, up.Ref()); err != nil {
			return err
		}
		if up, err = s.store.GetSpinUp(ctx, key.OrgID, key.AppID, key.ID); err != nil {
			return err
		}
		if up.Terminal() {
			return overAlready(up)
		}
		before := *up
		if up.CancelRequestedAt == nil {
			at := s.now()
			up.CancelRequestedAt = &at
			up.note(at, "cancel requested")
		}
		if err := s.cancelFirst(ctx, up); err != nil {
			return err
		}
		if err := stale(s.store.UpdateSpinUp(ctx, up)); err != nil {
			return err
		}
		return s.audit(ctx, Change{Org: key.OrgID, Action: "cancel", Type: "environment-request", Object: spinUpPath(up), Before: before, After: up})
	})
	if err != nil {
		return nil, err
	}
	if up.DeploymentID != "" {
		s.handCancel(ctx, up.Ref(), up.DeploymentID)
	}
	s.outbox.flush(ctx, key.OrgID, key.AppID)
	return up, nil
}

func spinUpPath(up *SpinUp) string { return AppObject(up.OrgID, up.AppID) + "/env-requests/" + up.ID }

func overAlready(up *SpinUp) error {
	return Conflictf("the request %s for environment %q is over: it %s", up.ID, up.EnvID, up.Status)
}

// cancelFirst asks for the end of the first deployment, unless it is over.
func (s *Service) cancelFirst(ctx context.Context, up *SpinUp) error {
	if up.DeploymentID == "" {
		return nil
	}
	return s.cancelUnlessOver(ctx, up.Ref(), up.DeploymentID)
}

// cancelUnlessOver asks for the end of a deployment, unless it is over.
func (s *Service) cancelUnlessOver(ctx context.Context, ref EnvRef, id string) error {
	d, err := s.store.GetDeployment(ctx, ref, id)
	if err != nil || d.Status.Terminal() {
		return err
	}
	return s.requestCancel(ctx, d)
}
