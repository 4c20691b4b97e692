package store

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
)

type environmentTypeRow struct {
	OrgID       string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	Description string
}

// TableName names the table.
func (environmentTypeRow) TableName() string { return "environment_types" }

func (r environmentTypeRow) domain() orchestrator.EnvironmentType {
	return orchestrator.EnvironmentType{OrgID: r.OrgID, ID: r.ID, Description: r.Description}
}

func environmentTypeObject(id string) object { return object{"environment type", id} }

// CreateEnvironmentType stores an environment type.
func (s *Store) CreateEnvironmentType(ctx context.Context, t *orchestrator.EnvironmentType) error {
	row := environmentTypeRow{OrgID: t.OrgID, ID: t.ID, Description: t.Description}
	return s.insert(ctx, &row, environmentTypeObject(t.ID), organizationObject(t.OrgID))
}

// GetEnvironmentType reads an environment type.
func (s *Store) GetEnvironmentType(ctx context.Context, org, id string) (*orchestrator.EnvironmentType, error) {
	row, err := find[environmentTypeRow](ctx, s, key{"org_id": org, "id": id}, environmentTypeObject(id))
	if err != nil {
		return nil, err
	}
	t := row.domain()
	return &t, nil
}

// ListEnvironmentTypes lists an organization's environment types by id.
func (s *Store) ListEnvironmentTypes(ctx context.Context, org string) ([]orchestrator.EnvironmentType, error) {
	query := s.reader(ctx).Where(key{"org_id": org}).Clauses(order("id"))
	return list(ctx, s, query, "environment types", environmentTypeRow.domain)
}

// UpdateEnvironmentType writes the description; the last writer wins.
func (s *Store) UpdateEnvironmentType(ctx context.Context, t *orchestrator.EnvironmentType) error {
	set := columns{"description": t.Description}
	return s.overwrite(ctx, &environmentTypeRow{}, key{"org_id": t.OrgID, "id": t.ID}, set, environmentTypeObject(t.ID))
}

// DeleteEnvironmentType removes the type and the roles on it. CodeConflict when
// an environment has the type.
func (s *Store) DeleteEnvironmentType(ctx context.Context, org, id string) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		// The lock keeps new environments from taking the type meanwhile.
		err := s.hold(ctx, &environmentTypeRow{}, key{"org_id": org, "id": id}, lockUpdate, environmentTypeObject(id))
		if err != nil {
			return err
		}
		used, err := s.exists(ctx, &environmentRow{}, key{"org_id": org, "type_id": id}, environmentTypeObject(id))
		if err != nil {
			return err
		}
		if used {
			return orchestrator.Conflictf("environment type %q is used by environments; delete them or change their type first", id)
		}
		if err := s.deleteRolesOn(ctx, org, orchestrator.EnvTypeObject(org, id)); err != nil {
			return err
		}
		return s.remove(ctx, &environmentTypeRow{}, key{"org_id": org, "id": id}, environmentTypeObject(id))
	})
}
