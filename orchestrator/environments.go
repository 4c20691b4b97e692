package orchestrator

import (
	"context"
	"slices"
)

// EnvironmentView is an environment with the deployments it names; nil = none.
type EnvironmentView struct {
	Environment
	From *Deployment
	Last *Deployment
}

// EnvironmentRequest asks for a new environment.
type EnvironmentRequest struct {
	ID           string
	Name         string
	TypeID       string // "" = that of the base's environment, else the default type
	FromDeployID string // "" = the first deployment starts from nothing
}

// ListEnvironments lists the environments of an application.
func (s *Service) ListEnvironments(ctx context.Context, org, app string) ([]EnvironmentView, error) {
	if _, err := s.readApp(ctx, org, app, RoleViewer); err != nil {
		return nil, err
	}
	environments, err := s.store.ListEnvironments(ctx, org, app)
	if err != nil {
		return nil, err
	}
	named, err := s.namedDeployments(ctx, org, app, environments)
	if err != nil {
		return nil, err
	}
	views := make([]EnvironmentView, 0, len(environments))
	for _, e := range environments {
		views = append(views, EnvironmentView{Environment: e, From: named[e.FromDeployID], Last: named[e.LastDeployID]})
	}
	return views, nil
}

// namedDeployments are the deployments that the environments name, by id.
func (s *Service) namedDeployments(ctx context.Context, org, app string, environments []Environment) (map[string]*Deployment, error) {
	var ids []string
	for _, e := range environments {
		for _, id := range []string{e.FromDeployID, e.LastDeployID} {
			if id != "" {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	found, err := s.store.FindDeploymentsInApp(ctx, org, app, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	named := make(map[string]*Deployment, len(found))
	for i := range found {
		named[found[i].ID] = &found[i]
	}
	return named, nil
}

// GetEnvironment returns one environment.
func (s *Service) GetEnvironment(ctx context.Context, ref EnvRef) (*EnvironmentView, error) {
	if err := s.requireApp(ctx, ref.OrgID, ref.AppID, RoleViewer); err != nil {
		return nil, err
	}
	env, err := s.store.GetEnvironment(ctx, ref)
	if err != nil {
		return nil, err
	}
	return s.viewEnvironment(ctx, env)
}

func (s *Service) viewEnvironment(ctx context.Context, env *Environment) (*EnvironmentView, error) {
	view := &EnvironmentView{Environment: *env}
	var err error
	if view.Last, err = s.embedded(ctx, env, env.LastDeployID); err != nil {
		return nil, err
	}
	if env.FromDeployID == env.LastDeployID {
		view.From = view.Last
		return view, nil
	}
	view.From, err = s.embedded(ctx, env, env.FromDeployID)
	return view, err
}

// embedded finds a deployment that an environment names. The base may be one
// of another environment, which may be gone meanwhile; then there is none.
func (s *Service) embedded(ctx context.Context, env *Environment, id string) (*Deployment, error) {
	if id == "" {
		return nil, nil
	}
	d, err := s.store.FindDeploymentInApp(ctx, env.OrgID, env.AppID, id)
	if IsNotFound(err) {
		return nil, nil
	}
	return d, err
}

// CreateEnvironment creates an environment. Nothing runs in it before its first
// deployment, which starts from the deployment named in the request.
func (s *Service) CreateEnvironment(ctx context.Context, org, app string, req EnvironmentRequest) (*EnvironmentView, error) {
	parent, err := s.readApp(ctx, org, app, RoleDeveloper)
	if err != nil {
		return nil, err
	}
	if parent.Status == StatusDeleting {
		return nil, Conflictf("application %q is being deleted", app)
	}
	if err := checkSlug("id", req.ID, maxSlug); err != nil {
		return nil, err
	}
	if err := checkName("name", req.Name); err != nil {
		return nil, err
	}
	if req.TypeID, err = s.environmentTypeFor(ctx, org, app, req); err != nil {
		return nil, err
	}
	if err := s.requireDeployer(ctx, org, app, req.TypeID); err != nil {
		return nil, err
	}
	env := newEnvironment(org, app, req, ActorFrom(ctx), s.now())
	err = s.audited(ctx, func(ctx context.Context) (Change, error) {
		change := created(org, "environment", EnvObject(env.Ref()), env)
		if err := s.store.CreateEnvironment(ctx, env); err != nil {
			return change, err
		}
		return change, announceEnvironment(ctx, s.store, env.CreatedAt, env, environmentCreated, env.CreatedBy)
	})
	if err != nil {
		return nil, err
	}
	s.outbox.flush(ctx, org, app)
	return s.viewEnvironment(ctx, env)
}

// environmentTypeFor validates type and base of a request and returns the type.
func (s *Service) environmentTypeFor(ctx context.Context, org, app string, req EnvironmentRequest) (string, error) {
	typeID := req.TypeID
	if req.FromDeployID != "" {
		base, err := s.store.FindDeploymentInApp(ctx, org, app, req.FromDeployID)
		if err != nil {
			return "", asInvalid(err, "from_deploy_id")
		}
		if typeID == "" {
			env, err := s.store.GetEnvironment(ctx, base.Ref())
			if err != nil {
				return "", asInvalid(err, "from_deploy_id")
			}
			typeID = env.TypeID
		}
	}
	if typeID == "" {
		typeID = DefaultEnvironmentType
	}
	if _, err := s.store.GetEnvironmentType(ctx, org, typeID); err != nil {
		return "", asInvalid(err, "type")
	}
	return typeID, nil
}

// RenameEnvironment changes the name of an environment; nil keeps it.
func (s *Service) RenameEnvironment(ctx context.Context, ref EnvRef, name *string) (*EnvironmentView, error) {
	if name != nil {
		if err := checkName("name", *name); err != nil {
			return nil, err
		}
	}
	return s.changeEnvironment(ctx, ref, func(_ context.Context, env *Environment) error {
		if name != nil {
			env.Name = *name
		}
		return nil
	})
}

// RebaseEnvironment sets which deployment of the application the next
// deployment of the environment starts from: the means of rollback and clone.
func (s *Service) RebaseEnvironment(ctx context.Context, ref EnvRef, deployID string) error {
	if err := s.requireEnvDeployer(ctx, ref); err != nil {
		return err
	}
	_, err := s.changeEnvironment(ctx, ref, func(ctx context.Context, env *Environment) error {
		if _, err := s.store.FindDeploymentInApp(ctx, ref.OrgID, ref.AppID, deployID); err != nil {
			return asInvalid(err, "from_deploy_id")
		}
		env.FromDeployID = deployID
		return nil
	})
	return err
}

// GetQueuePolicy returns the queue policy of an environment.
func (s *Service) GetQueuePolicy(ctx context.Context, ref EnvRef) (QueuePolicy, error) {
	if err := s.requireApp(ctx, ref.OrgID, ref.AppID, RoleViewer); err != nil {
		return "", err
	}
	env, err := s.store.GetEnvironment(ctx, ref)
	if err != nil {
		return "", err
	}
	return env.QueuePolicy, nil
}

// SetQueuePolicy says what happens from now on to deployments of an
// environment that are requested while another one is unfinished.
func (s *Service) SetQueuePolicy(ctx context.Context, ref EnvRef, policy QueuePolicy) error {
	if err := s.requireEnvDeployer(ctx, ref); err != nil {
		return err
	}
	switch policy {
	case QueuePolicyQueue, QueuePolicySupersede, QueuePolicyReject, QueuePolicyFreeze:
	default:
		return Invalidf("policy: expected %s, %s, %s or %s, got %q", QueuePolicyQueue, QueuePolicySupersede,
			QueuePolicyReject, QueuePolicyFreeze, shorten(string(policy)))
	}
	_, err := s.changeEnvironment(ctx, ref, func(_ context.Context, env *Environment) error {
		env.QueuePolicy = policy
		return nil
	})
	return err
}

// changeEnvironment is the read-modify-write of an environment's own fields.
func (s *Service) changeEnvironment(ctx context.Context, ref EnvRef, fn func(ctx context.Context, env *Environment) error) (*EnvironmentView, error) {
	if err := s.requireApp(ctx, ref.OrgID, ref.AppID, RoleDeveloper); err != nil {
		return nil, err
	}
	var env *Environment
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		var err error
		if env, err = s.store.LockEnvironment(ctx, ref); err != nil {
			return err
		}
		if env.Status == StatusDeleting {
			return Conflictf("environment %q is being deleted", ref.EnvID)
		}
		before := *env
		if err := fn(ctx, env); err != nil {
			return err
		}
		if err := stale(s.store.UpdateEnvironment(ctx, env)); err != nil {
			return err
		}
		return s.audit(ctx, updated(ref.OrgID, "environment", EnvObject(ref), before, env))
	})
	if err != nil {
		return nil, err
	}
	return s.viewEnvironment(ctx, env)
}
