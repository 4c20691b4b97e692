package store

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/slipway-dev/slipway/orchestrator"
)

// secretRow counts the versions of a secret. It outlives them: the number of an
// erased version is never given to another value.
type secretRow struct {
	OrgID       string `gorm:"primaryKey"`
	Ref         string `gorm:"primaryKey"`
	LastVersion int
}

// TableName names the table.
func (secretRow) TableName() string { return "secrets" }

type secretVersionRow struct {
	OrgID   string `gorm:"primaryKey"`
	Ref     string `gorm:"primaryKey"`
	Version int    `gorm:"primaryKey"`
	Sealed  []byte
	Created int64 `gorm:"column:created_at"`
}

// TableName names the table.
func (secretVersionRow) TableName() string { return "secret_versions" }

func secretObject(ref string) object { return object{"secret", ref} }

// AddSecret stores the next version of the secret and sets sec.Version.
func (s *Store) AddSecret(ctx context.Context, sec *orchestrator.StoredSecret) error {
	next := 0
	err := s.InTx(ctx, func(ctx context.Context) error {
		counter := secretRow{OrgID: sec.OrgID, Ref: sec.Ref, LastVersion: 1}
		err := s.writer(ctx).Clauses(
			clause.OnConflict{
				Columns:   []clause.Column{{Name: "org_id"}, {Name: "ref"}},
				DoUpdates: clause.Set{{Column: clause.Column{Name: "last_version"}, Value: gorm.Expr("secrets.last_version + 1")}},
			},
			clause.Returning{Columns: []clause.Column{{Name: "last_version"}}},
		).Create(&counter).Error
		if err != nil && classify(err) == faultForeignKey {
			return organizationObject(sec.OrgID).missing()
		}
		if err != nil {
			return s.fail(ctx, err, "number a version of "+secretObject(sec.Ref).String())
		}
		next = counter.LastVersion
		row := secretVersionRow{
			OrgID: sec.OrgID, Ref: sec.Ref, Version: next, Sealed: notNil(sec.Sealed), Created: nanos(sec.CreatedAt),
		}
		return s.insert(ctx, &row, secretObject(sec.Ref), secretObject(sec.Ref))
	})
	if err != nil {
		return err
	}
	sec.Version = next
	return nil
}

// notNil keeps an empty value from being stored as null.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// GetSecret finds one version; version 0 = the newest that is left.
func (s *Store) GetSecret(ctx context.Context, org, ref string, version int) (*orchestrator.StoredSecret, error) {
	where := key{"org_id": org, "ref": ref}
	if version != 0 {
		where["version"] = version
	}
	row, err := take[secretVersionRow](ctx, s, s.reader(ctx).Where(where).Clauses(descending("version")), secretObject(ref))
	if err != nil {
		return nil, err
	}
	return &orchestrator.StoredSecret{
		OrgID: row.OrgID, Ref: row.Ref, Version: row.Version, Sealed: row.Sealed, CreatedAt: instant(row.Created),
	}, nil
}

// DeleteSecret erases one version; version 0 = all.
func (s *Store) DeleteSecret(ctx context.Context, org, ref string, version int) error {
	where := key{"org_id": org, "ref": ref}
	if version != 0 {
		where["version"] = version
	}
	return s.remove(ctx, &secretVersionRow{}, where, secretObject(ref))
}
