package orchestrator

import (
	"context"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/engine/manifest"
)

// WorkloadProfileView is a workload profile as an organization has it.
type WorkloadProfileView struct {
	manifest.Profile
	CreatedAt time.Time
	CreatedBy string
}

// ListWorkloadProfiles lists the profiles that workloads can have, by id.
func (s *Service) ListWorkloadProfiles(ctx context.Context, org string) ([]WorkloadProfileView, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	owner, err := s.store.GetOrganization(ctx, org)
	if err != nil {
		return nil, err
	}
	var views []WorkloadProfileView
	for _, p := range manifest.Profiles() {
		views = append(views, WorkloadProfileView{Profile: p, CreatedAt: owner.CreatedAt, CreatedBy: SystemActor.UserID})
	}
	return views, nil
}

// GetWorkloadProfile finds a profile by humanitec/<id> or by its id alone.
func (s *Service) GetWorkloadProfile(ctx context.Context, org, qid string) (*WorkloadProfileView, error) {
	views, err := s.ListWorkloadProfiles(ctx, org)
	if err != nil {
		return nil, err
	}
	id := strings.TrimPrefix(qid, BuiltinOrg+"/")
	for i := range views {
		if views[i].ID == id {
			return &views[i], nil
		}
	}
	return nil, NotFoundf("workload profile %q does not exist", qid)
}

// ListWorkloadProfileFeatures lists what the specs of workloads are made of.
func (s *Service) ListWorkloadProfileFeatures(ctx context.Context, org string) ([]manifest.Feature, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	return manifest.Features(), nil
}
