package orchestrator

import (
	"context"
)

// DeleteEnvironment deletes an environment. What was ever deployed to is taken
// down through the environment's queue first; then the answer is true: the
// deletion goes on. Asking again is harmless.
func (s *Service) DeleteEnvironment(ctx context.Context, ref EnvRef) (going bool, err error) {
	if err := s.requireEnvDeployer(ctx, ref); err != nil {
		return false, err
	}
	siblings, err := s.store.ListEnvironments(ctx, ref.OrgID, ref.AppID)
	if err != nil {
		return false, err
	}
	if isLast(siblings, ref.EnvID) {
		return false, Invalidf("environment %q is the last one of application %q; delete the application instead", ref.EnvID, ref.AppID)
	}
	going, err = s.takeDown(ctx, ref, true)
	if err == nil && going {
		s.watchLifetime(ctx, ref) // it need not wait for its timer any more
	}
	return going, err
}

// isLast reports whether no other environment would stay. One whose deletion
// goes on already was not the last when that was decided.
func isLast(siblings []Environment, id string) bool {
	for _, env := range siblings {
		if env.ID == id && env.Status == StatusDeleting {
			return false
		}
		if env.ID != id && env.Status == StatusActive {
			return false
		}
	}
	return true
}

// DeleteApplication deletes an application with all its environments. It
// answers true while environments are still being taken down; asking again
// goes on from there.
func (s *Service) DeleteApplication(ctx context.Context, org, id string) (going bool, err error) {
	if _, err := s.readApp(ctx, org, id, RoleOwner); err != nil {
		return false, err
	}
	environments, err := s.store.ListEnvironments(ctx, org, id)
	if err != nil {
		return false, err
	}
	for _, env := range environments {
		if err := s.requireDeployer(ctx, org, id, env.TypeID); err != nil {
			return false, err
		}
	}
	if err := s.workflows.Ready(ctx); err != nil { // before anything is marked: a 503 has changed nothing
		return false, err
	}
	if err := s.markDeleting(ctx, org, id, environments); err != nil {
		return false, err
	}
	for _, env := range environments {
		still, err := s.takeDown(ctx, env.Ref(), false)
		if err != nil && !IsNotFound(err) {
			return false, err
		}
		going = going || still
	}
	if going {
		return true, nil
	}
	err = s.store.InTx(ctx, func(ctx context.Context) error {
		if err := forgetSecrets(ctx, s.secrets, EnvRef{OrgID: org, AppID: id}); err != nil {
			return err
		}
		return s.store.DeleteApplication(ctx, org, id)
	})
	if IsNotFound(err) {
		return false, nil
	}
	return false, err
}

// markDeleting keeps new environments out while the old ones go.
func (s *Service) markDeleting(ctx context.Context, org, id string, environments []Environment) error {
	return s.inTxAgain(ctx, func(ctx context.Context) error {
		app, err := s.store.GetApplication(ctx, org, id)
		if err != nil {
			return err
		}
		change := deleted(org, "application", AppObject(org, id), app)
		for i := range environments {
			going, err := s.needsTeardown(ctx, &environments[i])
			if err != nil {
				return err
			}
			change.GoesOn = change.GoesOn || going
		}
		if err := s.audit(ctx, change); err != nil || app.Status == StatusDeleting {
			return err
		}
		app.Status, app.StatusChangedAt = StatusDeleting, s.now()
		return stale(s.store.UpdateApplication(ctx, app))
	})
}

// takeDown deletes an environment at once when there is nothing to take down,
// and otherwise hands its teardown to the queue (true). asked says that the
// request named the environment itself, for the audit log.
func (s *Service) takeDown(ctx context.Context, ref EnvRef, asked bool) (going bool, err error) {
	return s.takeDownIf(ctx, ref, asked, func(context.Context, *Environment) (bool, error) { return true, nil })
}

// takeDownIf does so when the condition, asked in the transaction that holds the
// environment, is met.
func (s *Service) takeDownIf(ctx context.Context, ref EnvRef, asked bool, condition func(ctx context.Context, env *Environment) (bool, error)) (going bool, err error) {
	if err := s.workflows.Ready(ctx); err != nil {
		return false, err
	}
	var env *Environment
	var unfinished []string
	err = s.inTxAgain(ctx, func(ctx context.Context) error {
		going = false
		var err error
		if env, err = s.store.LockEnvironment(ctx, ref); err != nil {
			return err
		}
		if met, err := condition(ctx, env); err != nil || !met {
			return err
		}
		if going, err = s.needsTeardown(ctx, env); err != nil {
			return err
		}
		if err := s.auditTakeDown(ctx, env, asked, going); err != nil {
			return err
		}
		if !going {
			if err := forgetSecrets(ctx, s.secrets, ref); err != nil {
				return err
			}
			if err := announceEnvironment(ctx, s.store, s.now(), env, environmentDeleted, ActorFrom(ctx).UserID); err != nil {
				return err
			}
			if err := dropAllDriverPlans(ctx, s.store, ref); err != nil {
				return err
			}
			return s.store.DeleteEnvironment(ctx, ref)
		}
		if env.Status == StatusDeleting {
			return nil
		}
		env.Status, env.StatusMessage, env.StatusChangedAt = StatusDeleting, "", s.now()
		if err := stale(s.store.UpdateEnvironment(ctx, env)); err != nil {
			return err
		}
		unfinished, err = s.cancelUnfinished(ctx, ref)
		return err
	})
	if err != nil {
		return false, err
	}
	s.outbox.flush(ctx, ref.OrgID, ref.AppID)
	if !going {
		return false, nil
	}
	for _, id := range unfinished {
		s.handCancel(ctx, ref, id)
	}
	s.handOver(ctx, ref, TeardownItem(env))
	return true, nil
}

// cancelUnfinished asks for the end of all deployments of an environment that
// goes away, and returns those whose workflow has to be told.
func (s *Service) cancelUnfinished(ctx context.Context, ref EnvRef) ([]string, error) {
	open, err := s.store.UnfinishedDeployments(ctx, ref)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, d := range open {
		fresh, err := s.store.GetDeployment(ctx, ref, d.ID)
		if err != nil {
			return nil, err
		}
		if fresh.Status.Terminal() {
			continue
		}
		if err := s.requestCancel(ctx, fresh); err != nil {
			return nil, err
		}
		ids = append(ids, d.ID)
	}
	return ids, nil
}

// needsTeardown reports whether anything was ever made in the environment.
func (s *Service) needsTeardown(ctx context.Context, env *Environment) (bool, error) {
	if env.LastDeployID != "" {
		return true, nil
	}
	resources, err := everything(ctx, s.store, env.Ref())
	if err != nil || len(resources) > 0 {
		return true, err
	}
	delivered, err := s.store.ListInventory(ctx, env.Ref())
	return len(delivered) > 0, err
}

func (s *Service) auditTakeDown(ctx context.Context, env *Environment, asked, going bool) error {
	if !asked {
		return nil
	}
	change := deleted(env.OrgID, "environment", EnvObject(env.Ref()), env)
	if going {
		change.GoesOn = true
	}
	return s.audit(ctx, change)
}
