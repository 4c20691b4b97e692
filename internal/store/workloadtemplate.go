package store

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
)

type workloadTemplateRow struct {
	OrgID       string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	Name        string
	Description string
	Parameters  doc[map[string]any]
	Score       string
	Created     int64 `gorm:"column:created_at"`
	CreatedBy   string
	Updated     int64 `gorm:"column:updated_at"`
	UpdatedBy   string
	Version     int64
}

// TableName names the table.
func (workloadTemplateRow) TableName() string { return "workload_templates" }

func (r workloadTemplateRow) domain() orchestrator.WorkloadTemplate {
	return orchestrator.WorkloadTemplate{
		OrgID:       r.OrgID,
		ID:          r.ID,
		Name:        r.Name,
		Description: r.Description,
		Parameters:  r.Parameters.V,
		Score:       r.Score,
		CreatedAt:   instant(r.Created),
		CreatedBy:   r.CreatedBy,
		UpdatedAt:   instant(r.Updated),
		UpdatedBy:   r.UpdatedBy,
		Version:     r.Version,
	}
}

func newWorkloadTemplateRow(v *orchestrator.WorkloadTemplate) *workloadTemplateRow {
	return &workloadTemplateRow{
		OrgID:       v.OrgID,
		ID:          v.ID,
		Name:        v.Name,
		Description: v.Description,
		Parameters:  doc[map[string]any]{v.Parameters},
		Score:       v.Score,
		Created:     nanos(v.CreatedAt),
		CreatedBy:   v.CreatedBy,
		Updated:     nanos(v.UpdatedAt),
		UpdatedBy:   v.UpdatedBy,
		Version:     1,
	}
}

func workloadTemplateObject(id string) object { return object{"workload template", id} }

// CreateWorkloadTemplate stores a workload template.
func (s *Store) CreateWorkloadTemplate(ctx context.Context, v *orchestrator.WorkloadTemplate) error {
	if err := s.insert(ctx, newWorkloadTemplateRow(v), workloadTemplateObject(v.ID), organizationObject(v.OrgID)); err != nil {
		return err
	}
	v.Version = 1
	return nil
}

// GetWorkloadTemplate reads a workload template.
func (s *Store) GetWorkloadTemplate(ctx context.Context, org, id string) (*orchestrator.WorkloadTemplate, error) {
	row, err := find[workloadTemplateRow](ctx, s, key{"org_id": org, "id": id}, workloadTemplateObject(id))
	if err != nil {
		return nil, err
	}
	v := row.domain()
	return &v, nil
}

// ListWorkloadTemplates lists workload templates, by id.
func (s *Store) ListWorkloadTemplates(ctx context.Context, org string) ([]orchestrator.WorkloadTemplate, error) {
	query := s.reader(ctx).Where(key{"org_id": org}).Clauses(order("id"))
	return list(ctx, s, query, "workload templates", workloadTemplateRow.domain)
}

// UpdateWorkloadTemplate writes a workload template.
func (s *Store) UpdateWorkloadTemplate(ctx context.Context, v *orchestrator.WorkloadTemplate) error {
	set := columns{
		"name":        v.Name,
		"description": v.Description,
		"parameters":  doc[map[string]any]{v.Parameters},
		"score":       v.Score,
		"updated_at":  nanos(v.UpdatedAt),
		"updated_by":  v.UpdatedBy,
	}
	return s.update(ctx, &workloadTemplateRow{}, key{"org_id": v.OrgID, "id": v.ID}, &v.Version, set, workloadTemplateObject(v.ID))
}

// DeleteWorkloadTemplate removes a workload template.
func (s *Store) DeleteWorkloadTemplate(ctx context.Context, org, id string) error {
	return s.remove(ctx, &workloadTemplateRow{}, key{"org_id": org, "id": id}, workloadTemplateObject(id))
}
