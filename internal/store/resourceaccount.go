package store

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
)

type resourceAccountRow struct {
	OrgID     string `gorm:"primaryKey"`
	ID        string `gorm:"primaryKey"`
	Name      string
	Type      string
	Sealed    []byte
	Created   int64 `gorm:"column:created_at"`
	CreatedBy string
	Updated   int64 `gorm:"column:updated_at"`
	UpdatedBy string
	Version   int64
}

// TableName names the table.
func (resourceAccountRow) TableName() string { return "resource_accounts" }

func (r resourceAccountRow) domain() orchestrator.ResourceAccount {
	return orchestrator.ResourceAccount{
		OrgID:     r.OrgID,
		ID:        r.ID,
		Name:      r.Name,
		Type:      r.Type,
		Sealed:    r.Sealed,
		CreatedAt: instant(r.Created),
		CreatedBy: r.CreatedBy,
		UpdatedAt: instant(r.Updated),
		UpdatedBy: r.UpdatedBy,
		Version:   r.Version,
	}
}

func newResourceAccountRow(v *orchestrator.ResourceAccount) *resourceAccountRow {
	return &resourceAccountRow{
		OrgID:     v.OrgID,
		ID:        v.ID,
		Name:      v.Name,
		Type:      v.Type,
		Sealed:    v.Sealed,
		Created:   nanos(v.CreatedAt),
		CreatedBy: v.CreatedBy,
		Updated:   nanos(v.UpdatedAt),
		UpdatedBy: v.UpdatedBy,
		Version:   1,
	}
}

func resourceAccountObject(id string) object { return object{"resource account", id} }

// CreateResourceAccount stores a resource account.
func (s *Store) CreateResourceAccount(ctx context.Context, v *orchestrator.ResourceAccount) error {
	if err := s.insert(ctx, newResourceAccountRow(v), resourceAccountObject(v.ID), organizationObject(v.OrgID)); err != nil {
		return err
	}
	v.Version = 1
	return nil
}

// GetResourceAccount reads a resource account.
func (s *Store) GetResourceAccount(ctx context.Context, org, id string) (*orchestrator.ResourceAccount, error) {
	row, err := find[resourceAccountRow](ctx, s, key{"org_id": org, "id": id}, resourceAccountObject(id))
	if err != nil {
		return nil, err
	}
	v := row.domain()
	return &v, nil
}

// ListResourceAccounts lists resource accounts, by id.
func (s *Store) ListResourceAccounts(ctx context.Context, org string) ([]orchestrator.ResourceAccount, error) {
	query := s.reader(ctx).Where(key{"org_id": org}).Clauses(order("id"))
	return list(ctx, s, query, "resource accounts", resourceAccountRow.domain)
}

// UpdateResourceAccount writes a resource account.
func (s *Store) UpdateResourceAccount(ctx context.Context, v *orchestrator.ResourceAccount) error {
	set := columns{
		"name":       v.Name,
		"type":       v.Type,
		"sealed":     v.Sealed,
		"updated_at": nanos(v.UpdatedAt),
		"updated_by": v.UpdatedBy,
	}
	return s.update(ctx, &resourceAccountRow{}, key{"org_id": v.OrgID, "id": v.ID}, &v.Version, set, resourceAccountObject(v.ID))
}

// DeleteResourceAccount removes a resource account.
func (s *Store) DeleteResourceAccount(ctx context.Context, org, id string) error {
	return s.remove(ctx, &resourceAccountRow{}, key{"org_id": org, "id": id}, resourceAccountObject(id))
}

// AccountUses lists the active resources that an account made; account "" = any.
func (s *Store) AccountUses(ctx context.Context, org, account string) ([]orchestrator.ActiveResource, error) {
	query := s.reader(ctx).Where(key{"org_id": org}).Clauses(order("app_id", "env_id", "res_type", "class", "res_id", "guresid"))
	if account == "" {
		query = query.Where("driver_account <> ''")
	} else {
		query = query.Where(key{"driver_account": account})
	}
	return list(ctx, s, query, "active resources", activeResourceRow.domain)
}
