package orchestrator

import "context"

// ListOrganizations lists the organizations in which the one who asks has a role.
func (s *Service) ListOrganizations(ctx context.Context) ([]Organization, error) {
	actor := ActorFrom(ctx)
	if actor.System {
		return s.store.AllOrganizations(ctx)
	}
	return s.store.ListOrganizations(ctx, actor.UserID)
}

// GetOrganization returns one organization.
func (s *Service) GetOrganization(ctx context.Context, org string) (*Organization, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	return s.store.GetOrganization(ctx, org)
}
