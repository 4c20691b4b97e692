package orchestrator

import "context"

// ListEnvironmentTypes lists the environment types of an organization.
func (s *Service) ListEnvironmentTypes(ctx context.Context, org string) ([]EnvironmentType, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	return s.store.ListEnvironmentTypes(ctx, org)
}

// GetEnvironmentType returns one environment type.
func (s *Service) GetEnvironmentType(ctx context.Context, org, id string) (*EnvironmentType, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	return s.store.GetEnvironmentType(ctx, org, id)
}

// CreateEnvironmentType creates an environment type.
func (s *Service) CreateEnvironmentType(ctx context.Context, org, id, description string) (*EnvironmentType, error) {
	if err := s.requireOrgAdmin(ctx, org, "create environment types"); err != nil {
		return nil, err
	}
	if err := checkSlug("id", id, maxKey); err != nil {
		return nil, err
	}
	t := &EnvironmentType{OrgID: org, ID: id, Description: description}
	return t, s.audited(ctx, func(ctx context.Context) (Change, error) {
		return created(org, "environment-type", EnvTypeObject(org, id), t), s.store.CreateEnvironmentType(ctx, t)
	})
}

// DescribeEnvironmentType changes the description; nil keeps it.
func (s *Service) DescribeEnvironmentType(ctx context.Context, org, id string, description *string) (*EnvironmentType, error) {
	if err := s.requireOrgAdmin(ctx, org, "change environment types"); err != nil {
		return nil, err
	}
	var t *EnvironmentType
	err := s.audited(ctx, func(ctx context.Context) (Change, error) {
		var err error
		if t, err = s.store.GetEnvironmentType(ctx, org, id); err != nil {
			return Change{}, err
		}
		before := *t
		setGiven(&t.Description, description)
		return updated(org, "environment-type", EnvTypeObject(org, id), before, t), s.store.UpdateEnvironmentType(ctx, t)
	})
	return t, err
}

// DeleteEnvironmentType deletes a type that no environment has. Otherwise the
// conflict's body lists the environments that have it.
func (s *Service) DeleteEnvironmentType(ctx context.Context, org, id string) error {
	if err := s.requireOrgAdmin(ctx, org, "delete environment types"); err != nil {
		return err
	}
	return s.audited(ctx, func(ctx context.Context) (Change, error) {
		before, err := s.store.GetEnvironmentType(ctx, org, id)
		if err != nil {
			return Change{}, err
		}
		environments, err := s.store.ListEnvironmentsOfType(ctx, org, id)
		if err != nil {
			return Change{}, err
		}
		if len(environments) == 0 {
			return deleted(org, "environment-type", EnvTypeObject(org, id), before), s.store.DeleteEnvironmentType(ctx, org, id)
		}
		users := make([]map[string]any, 0, len(environments))
		for _, e := range environments {
			users = append(users, map[string]any{"org_id": e.OrgID, "app_id": e.AppID, "env_id": e.ID, "name": e.Name})
		}
		conflict := Conflictf("environment type %q is the type of %d environments", id, len(environments))
		conflict.Body = users
		return Change{}, conflict
	})
}
