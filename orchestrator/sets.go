package orchestrator

import (
	"context"

	"github.com/slipway-dev/slipway/engine/deployset"
)

// ListSets lists the Deployment Sets of an application, newest first.
func (s *Service) ListSets(ctx context.Context, org, app string) ([]deployset.Set, error) {
	if _, err := s.readApp(ctx, org, app, RoleViewer); err != nil {
		return nil, err
	}
	return s.store.ListSets(ctx, org, app)
}

// GetSet returns one set; any id of zeros only is the empty one.
func (s *Service) GetSet(ctx context.Context, org, app, id string) (deployset.Set, error) {
	if _, err := s.readApp(ctx, org, app, RoleViewer); err != nil {
		return deployset.Set{}, err
	}
	return s.store.GetSet(ctx, org, app, id)
}

// DiffSets returns the delta that turns the source set into the target set.
func (s *Service) DiffSets(ctx context.Context, org, app, target, source string) (deployset.Delta, error) {
	to, err := s.GetSet(ctx, org, app, target)
	if err != nil {
		return deployset.Delta{}, err
	}
	from, err := s.store.GetSet(ctx, org, app, source)
	if err != nil {
		return deployset.Delta{}, err
	}
	return deployset.Diff(to, from), nil
}

// ApplyDelta applies a delta to a set, stores the result and returns its id.
func (s *Service) ApplyDelta(ctx context.Context, org, app, id string, delta deployset.Delta) (string, error) {
	if _, err := s.readApp(ctx, org, app, RoleDeveloper); err != nil {
		return "", err
	}
	base, err := s.store.GetSet(ctx, org, app, id)
	if err != nil {
		return "", err
	}
	set, err := deployset.Apply(base, delta)
	if err != nil {
		return "", Invalidf("the delta does not fit the deployment set %s: %v", id, err)
	}
	var stored string
	err = s.audited(ctx, func(ctx context.Context) (Change, error) {
		var err error
		stored, err = s.store.PutSet(ctx, org, app, set)
		return created(org, "deployment-set", AppObject(org, app)+"/sets/"+stored, map[string]any{"id": stored, "from": id}), err
	})
	return stored, err
}

// SetResources lists the resources that a set asks for.
func (s *Service) SetResources(ctx context.Context, org, app, id string) ([]deployset.ResourceInput, error) {
	set, err := s.GetSet(ctx, org, app, id)
	if err != nil {
		return nil, err
	}
	inputs, err := set.ResourceInputs()
	if err != nil {
		return nil, Invalidf("deployment set %s declares invalid resources: %v", id, err)
	}
	return inputs, nil
}
