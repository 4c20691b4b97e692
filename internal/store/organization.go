package store

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
)

type organizationRow struct {
	ID        string `gorm:"primaryKey"`
	Name      string
	Created   int64 `gorm:"column:created_at"`
	CreatedBy string
}

// TableName names the table.
func (organizationRow) TableName() string { return "organizations" }

func (r organizationRow) domain() orchestrator.Organization {
	return orchestrator.Organization{ID: r.ID, Name: r.Name, CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy}
}

func organizationObject(id string) object { return object{"organization", id} }

// CreateOrganization stores an organization.
func (s *Store) CreateOrganization(ctx context.Context, o *orchestrator.Organization) error {
	row := organizationRow{ID: o.ID, Name: o.Name, Created: nanos(o.CreatedAt), CreatedBy: o.CreatedBy}
	return s.insert(ctx, &row, organizationObject(o.ID), object{})
}

// GetOrganization reads an organization.
func (s *Store) GetOrganization(ctx context.Context, org string) (*orchestrator.Organization, error) {
	row, err := find[organizationRow](ctx, s, key{"id": org}, organizationObject(org))
	if err != nil {
		return nil, err
	}
	o := row.domain()
	return &o, nil
}

// ListOrganizations lists those in which the user has a role, by id.
func (s *Store) ListOrganizations(ctx context.Context, userID string) ([]orchestrator.Organization, error) {
	ctx = systemWide(ctx)
	theirs := s.reader(ctx).Model(&roleRow{}).Where(key{"subject_id": userID}).Select("org_id")
	query := s.reader(ctx).Where("id IN (?)", theirs).Clauses(order("id"))
	return list(ctx, s, query, "organizations", organizationRow.domain)
}

// AllOrganizations lists every organization.
func (s *Store) AllOrganizations(ctx context.Context) ([]orchestrator.Organization, error) {
	return list(ctx, s, s.reader(ctx).Clauses(order("id")), "organizations", organizationRow.domain)
}

// holdOrganization makes sure that an organization exists.
func (s *Store) holdOrganization(ctx context.Context, org string) error {
	_, err := find[organizationRow](ctx, s, key{"id": org}, organizationObject(org))
	return err
}
