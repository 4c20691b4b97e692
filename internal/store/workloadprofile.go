package store

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
)

type workloadProfileRow struct {
	OrgID     string `gorm:"primaryKey"`
	ID        string `gorm:"primaryKey"`
	Latest    string
	Created   int64 `gorm:"column:created_at"`
	CreatedBy string
	Updated   int64 `gorm:"column:updated_at"`
	UpdatedBy string
	Version   int64
}

// TableName names the table.
func (workloadProfileRow) TableName() string { return "workload_profiles" }

func (r workloadProfileRow) domain() orchestrator.WorkloadProfile {
	return orchestrator.WorkloadProfile{
		OrgID:     r.OrgID,
		ID:        r.ID,
		Latest:    r.Latest,
		CreatedAt: instant(r.Created),
		CreatedBy: r.CreatedBy,
		UpdatedAt: instant(r.Updated),
		UpdatedBy: r.UpdatedBy,
		Version:   r.Version,
	}
}

func newWorkloadProfileRow(v *orchestrator.WorkloadProfile) *workloadProfileRow {
	return &workloadProfileRow{
		OrgID:     v.OrgID,
		ID:        v.ID,
		Latest:    v.Latest,
		Created:   nanos(v.CreatedAt),
		CreatedBy: v.CreatedBy,
		Updated:   nanos(v.UpdatedAt),
		UpdatedBy: v.UpdatedBy,
		Version:   1,
	}
}

func workloadProfileObject(id string) object { return object{"workload profile", id} }

// CreateWorkloadProfile stores a workload profile.
func (s *Store) CreateWorkloadProfile(ctx context.Context, v *orchestrator.WorkloadProfile) error {
	if err := s.insert(ctx, newWorkloadProfileRow(v), workloadProfileObject(v.ID), organizationObject(v.OrgID)); err != nil {
		return err
	}
	v.Version = 1
	return nil
}

// GetWorkloadProfile reads a workload profile.
func (s *Store) GetWorkloadProfile(ctx context.Context, org, id string) (*orchestrator.WorkloadProfile, error) {
	row, err := find[workloadProfileRow](ctx, s, key{"org_id": org, "id": id}, workloadProfileObject(id))
	if err != nil {
		return nil, err
	}
	v := row.domain()
	return &v, nil
}

// ListWorkloadProfiles lists workload profiles, by id.
func (s *Store) ListWorkloadProfiles(ctx context.Context, org string) ([]orchestrator.WorkloadProfile, error) {
	query := s.reader(ctx).Where(key{"org_id": org}).Clauses(order("id"))
	return list(ctx, s, query, "workload profiles", workloadProfileRow.domain)
}

// UpdateWorkloadProfile writes a workload profile.
func (s *Store) UpdateWorkloadProfile(ctx context.Context, v *orchestrator.WorkloadProfile) error {
	set := columns{
		"latest":     v.Latest,
		"updated_at": nanos(v.UpdatedAt),
		"updated_by": v.UpdatedBy,
	}
	return s.update(ctx, &workloadProfileRow{}, key{"org_id": v.OrgID, "id": v.ID}, &v.Version, set, workloadProfileObject(v.ID))
}

// DeleteWorkloadProfile removes a workload profile.
func (s *Store) DeleteWorkloadProfile(ctx context.Context, org, id string) error {
	return s.remove(ctx, &workloadProfileRow{}, key{"org_id": org, "id": id}, workloadProfileObject(id))
}

type workloadProfileVersionRow struct {
	OrgID              string `gorm:"primaryKey"`
	ProfileID          string `gorm:"primaryKey"`
	ID                 string `gorm:"primaryKey"`
	Description        string
	DeprecationMessage string
	SpecDefinition     doc[map[string]any]
	ChartID            string
	ChartVersion       string
	Created            int64 `gorm:"column:created_at"`
	CreatedBy          string
}

// TableName names the table.
func (workloadProfileVersionRow) TableName() string { return "workload_profile_versions" }

func (r workloadProfileVersionRow) domain() orchestrator.WorkloadProfileVersion {
	return orchestrator.WorkloadProfileVersion{
		OrgID:              r.OrgID,
		ProfileID:          r.ProfileID,
		ID:                 r.ID,
		Description:        r.Description,
		DeprecationMessage: r.DeprecationMessage,
		SpecDefinition:     r.SpecDefinition.V,
		ChartID:            r.ChartID,
		ChartVersion:       r.ChartVersion,
		CreatedAt:          instant(r.Created),
		CreatedBy:          r.CreatedBy,
	}
}

func newWorkloadProfileVersionRow(v *orchestrator.WorkloadProfileVersion) *workloadProfileVersionRow {
	return &workloadProfileVersionRow{
		OrgID:              v.OrgID,
		ProfileID:          v.ProfileID,
		ID:                 v.ID,
		Description:        v.Description,
		DeprecationMessage: v.DeprecationMessage,
		SpecDefinition:     doc[map[string]any]{v.SpecDefinition},
		ChartID:            v.ChartID,
		ChartVersion:       v.ChartVersion,
		Created:            nanos(v.CreatedAt),
		CreatedBy:          v.CreatedBy,
	}
}

func workloadProfileVersionObject(id string) object { return object{"workload profile version", id} }

// CreateWorkloadProfileVersion stores a workload profile version.
func (s *Store) CreateWorkloadProfileVersion(ctx context.Context, v *orchestrator.WorkloadProfileVersion) error {
	return s.insert(ctx, newWorkloadProfileVersionRow(v), workloadProfileVersionObject(v.ID), workloadProfileObject(v.ProfileID))
}

// GetWorkloadProfileVersion reads a workload profile version.
func (s *Store) GetWorkloadProfileVersion(ctx context.Context, org, profile, id string) (*orchestrator.WorkloadProfileVersion, error) {
	row, err := find[workloadProfileVersionRow](ctx, s, key{"org_id": org, "profile_id": profile, "id": id}, workloadProfileVersionObject(id))
	if err != nil {
		return nil, err
	}
	v := row.domain()
	return &v, nil
}

// ListWorkloadProfileVersions lists the versions of a workload profile, newest first.
func (s *Store) ListWorkloadProfileVersions(ctx context.Context, org, profile string) ([]orchestrator.WorkloadProfileVersion, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "profile_id": profile}).Clauses(newestFirst)
	return list(ctx, s, query, "the versions of a workload profile", workloadProfileVersionRow.domain)
}
