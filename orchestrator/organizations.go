package orchestrator

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// ListOrganizations lists the organizations in which the one who asks has a role.
func (s *Service) ListOrganizations(ctx context.Context) ([]Organization, error) {
	actor := ActorFrom(ctx)
	if actor.System {
		return s.store.AllOrganizations(ctx)
	}
	out := []Organization{}
	for _, object := range slices.Sorted(maps.Keys(actor.Roles)) {
		org, isOrg := strings.CutPrefix(object, OrgObject(""))
		if !isOrg || strings.Contains(org, "/") {
			continue
		}
		found, err := s.store.GetOrganization(ctx, org)
		if IsNotFound(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, *found)
	}
	return out, nil
}

// GetOrganization returns one organization.
func (s *Service) GetOrganization(ctx context.Context, org string) (*Organization, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	return s.store.GetOrganization(ctx, org)
}
