package store

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
)

type secretStoreRow struct {
	OrgID     string `gorm:"primaryKey"`
	ID        string `gorm:"primaryKey"`
	Kind      string
	Primary   bool `gorm:"column:is_primary"`
	Settings  doc[map[string]string]
	Sealed    []byte
	Created   int64 `gorm:"column:created_at"`
	CreatedBy string
	Updated   int64 `gorm:"column:updated_at"`
	UpdatedBy string
	Version   int64
}

// TableName names the table.
func (secretStoreRow) TableName() string { return "secret_stores" }

func (r secretStoreRow) domain() orchestrator.SecretStore {
	return orchestrator.SecretStore{
		OrgID:     r.OrgID,
		ID:        r.ID,
		Kind:      r.Kind,
		Primary:   r.Primary,
		Settings:  r.Settings.V,
		Sealed:    r.Sealed,
		CreatedAt: instant(r.Created),
		CreatedBy: r.CreatedBy,
		UpdatedAt: instant(r.Updated),
		UpdatedBy: r.UpdatedBy,
		Version:   r.Version,
	}
}

func newSecretStoreRow(v *orchestrator.SecretStore) *secretStoreRow {
	return &secretStoreRow{
		OrgID:     v.OrgID,
		ID:        v.ID,
		Kind:      v.Kind,
		Primary:   v.Primary,
		Settings:  doc[map[string]string]{v.Settings},
		Sealed:    v.Sealed,
		Created:   nanos(v.CreatedAt),
		CreatedBy: v.CreatedBy,
		Updated:   nanos(v.UpdatedAt),
		UpdatedBy: v.UpdatedBy,
		Version:   1,
	}
}

func secretStoreObject(id string) object { return object{"secret store", id} }

// CreateSecretStore stores a secret store.
func (s *Store) CreateSecretStore(ctx context.Context, v *orchestrator.SecretStore) error {
	if err := s.insert(ctx, newSecretStoreRow(v), secretStoreObject(v.ID), organizationObject(v.OrgID)); err != nil {
		return err
	}
	v.Version = 1
	return nil
}

// GetSecretStore reads a secret store.
func (s *Store) GetSecretStore(ctx context.Context, org, id string) (*orchestrator.SecretStore, error) {
	row, err := find[secretStoreRow](ctx, s, key{"org_id": org, "id": id}, secretStoreObject(id))
	if err != nil {
		return nil, err
	}
	v := row.domain()
	return &v, nil
}

// ListSecretStores lists secret stores, by id.
func (s *Store) ListSecretStores(ctx context.Context, org string) ([]orchestrator.SecretStore, error) {
	query := s.reader(ctx).Where(key{"org_id": org}).Clauses(order("id"))
	return list(ctx, s, query, "secret stores", secretStoreRow.domain)
}

// UpdateSecretStore writes a secret store.
func (s *Store) UpdateSecretStore(ctx context.Context, v *orchestrator.SecretStore) error {
	set := columns{
		"kind":       v.Kind,
		"is_primary": v.Primary,
		"settings":   doc[map[string]string]{v.Settings},
		"sealed":     v.Sealed,
		"updated_at": nanos(v.UpdatedAt),
		"updated_by": v.UpdatedBy,
	}
	return s.update(ctx, &secretStoreRow{}, key{"org_id": v.OrgID, "id": v.ID}, &v.Version, set, secretStoreObject(v.ID))
}

// DeleteSecretStore removes a secret store.
func (s *Store) DeleteSecretStore(ctx context.Context, org, id string) error {
	return s.remove(ctx, &secretStoreRow{}, key{"org_id": org, "id": id}, secretStoreObject(id))
}
