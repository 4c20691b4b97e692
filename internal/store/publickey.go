package store

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
)

type publicKeyRow struct {
	OrgID       string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	Fingerprint string
	Key         string
	Created     int64 `gorm:"column:created_at"`
	CreatedBy   string
	Expired     int64 `gorm:"column:expired_at"`
}

// TableName names the table.
func (publicKeyRow) TableName() string { return "public_keys" }

func (r publicKeyRow) domain() orchestrator.PublicKey {
	return orchestrator.PublicKey{
		OrgID:       r.OrgID,
		ID:          r.ID,
		Fingerprint: r.Fingerprint,
		Key:         r.Key,
		CreatedAt:   instant(r.Created),
		CreatedBy:   r.CreatedBy,
		ExpiredAt:   instant(r.Expired),
	}
}

func newPublicKeyRow(v *orchestrator.PublicKey) *publicKeyRow {
	return &publicKeyRow{
		OrgID:       v.OrgID,
		ID:          v.ID,
		Fingerprint: v.Fingerprint,
		Key:         v.Key,
		Created:     nanos(v.CreatedAt),
		CreatedBy:   v.CreatedBy,
		Expired:     nanos(v.ExpiredAt),
	}
}

func publicKeyObject(id string) object { return object{"public key", id} }

// CreatePublicKey stores a public key.
func (s *Store) CreatePublicKey(ctx context.Context, v *orchestrator.PublicKey) error {
	return s.insert(ctx, newPublicKeyRow(v), publicKeyObject(v.ID), organizationObject(v.OrgID))
}

// GetPublicKey reads a public key.
func (s *Store) GetPublicKey(ctx context.Context, org, id string) (*orchestrator.PublicKey, error) {
	row, err := find[publicKeyRow](ctx, s, key{"org_id": org, "id": id}, publicKeyObject(id))
	if err != nil {
		return nil, err
	}
	v := row.domain()
	return &v, nil
}

// ListPublicKeys lists public keys, newest first.
func (s *Store) ListPublicKeys(ctx context.Context, org string) ([]orchestrator.PublicKey, error) {
	query := s.reader(ctx).Where(key{"org_id": org}).Clauses(newestFirst)
	return list(ctx, s, query, "public keys", publicKeyRow.domain)
}

// DeletePublicKey removes a public key.
func (s *Store) DeletePublicKey(ctx context.Context, org, id string) error {
	return s.remove(ctx, &publicKeyRow{}, key{"org_id": org, "id": id}, publicKeyObject(id))
}
