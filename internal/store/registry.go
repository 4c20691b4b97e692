package store

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
)

type registryRow struct {
	OrgID     string `gorm:"primaryKey"`
	ID        string `gorm:"primaryKey"`
	Registry  string
	Type      string
	EnableCI  bool
	Secrets   doc[map[string]orchestrator.ClusterSecret]
	Sealed    []byte
	Created   int64 `gorm:"column:created_at"`
	CreatedBy string
	Updated   int64 `gorm:"column:updated_at"`
	UpdatedBy string
	Version   int64
}

// TableName names the table.
func (registryRow) TableName() string { return "registries" }

func (r registryRow) domain() orchestrator.Registry {
	return orchestrator.Registry{
		OrgID:     r.OrgID,
		ID:        r.ID,
		Registry:  r.Registry,
		Type:      r.Type,
		EnableCI:  r.EnableCI,
		Secrets:   r.Secrets.V,
		Sealed:    r.Sealed,
		CreatedAt: instant(r.Created),
		CreatedBy: r.CreatedBy,
		UpdatedAt: instant(r.Updated),
		UpdatedBy: r.UpdatedBy,
		Version:   r.Version,
	}
}

func newRegistryRow(v *orchestrator.Registry) *registryRow {
	return &registryRow{
		OrgID:     v.OrgID,
		ID:        v.ID,
		Registry:  v.Registry,
		Type:      v.Type,
		EnableCI:  v.EnableCI,
		Secrets:   doc[map[string]orchestrator.ClusterSecret]{v.Secrets},
		Sealed:    v.Sealed,
		Created:   nanos(v.CreatedAt),
		CreatedBy: v.CreatedBy,
		Updated:   nanos(v.UpdatedAt),
		UpdatedBy: v.UpdatedBy,
		Version:   1,
	}
}

func registryObject(id string) object { return object{"registry", id} }

// CreateRegistry stores a registry.
func (s *Store) CreateRegistry(ctx context.Context, v *orchestrator.Registry) error {
	if err := s.insert(ctx, newRegistryRow(v), registryObject(v.ID), organizationObject(v.OrgID)); err != nil {
		return err
	}
	v.Version = 1
	return nil
}

// GetRegistry reads a registry.
func (s *Store) GetRegistry(ctx context.Context, org, id string) (*orchestrator.Registry, error) {
	row, err := find[registryRow](ctx, s, key{"org_id": org, "id": id}, registryObject(id))
	if err != nil {
		return nil, err
	}
	v := row.domain()
	return &v, nil
}

// ListRegistries lists registries, by id.
func (s *Store) ListRegistries(ctx context.Context, org string) ([]orchestrator.Registry, error) {
	query := s.reader(ctx).Where(key{"org_id": org}).Clauses(order("id"))
	return list(ctx, s, query, "registries", registryRow.domain)
}

// UpdateRegistry writes a registry.
func (s *Store) UpdateRegistry(ctx context.Context, v *orchestrator.Registry) error {
	set := columns{
		"registry":   v.Registry,
		"type":       v.Type,
		"enable_ci":  v.EnableCI,
		"secrets":    doc[map[string]orchestrator.ClusterSecret]{v.Secrets},
		"sealed":     v.Sealed,
		"updated_at": nanos(v.UpdatedAt),
		"updated_by": v.UpdatedBy,
	}
	return s.update(ctx, &registryRow{}, key{"org_id": v.OrgID, "id": v.ID}, &v.Version, set, registryObject(v.ID))
}

// DeleteRegistry removes a registry.
func (s *Store) DeleteRegistry(ctx context.Context, org, id string) error {
	return s.remove(ctx, &registryRow{}, key{"org_id": org, "id": id}, registryObject(id))
}
