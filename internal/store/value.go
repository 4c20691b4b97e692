package store

import (
	"context"

	"gorm.io/gorm/clause"

	"github.com/slipway-dev/slipway/orchestrator"
)

// valueRow holds a Shared Value; EnvID "" = the application's.
type valueRow struct {
	OrgID       string `gorm:"primaryKey"`
	AppID       string `gorm:"primaryKey"`
	EnvID       string `gorm:"primaryKey"`
	Key         string `gorm:"primaryKey"`
	Value       string
	Description string
	IsSecret    bool
	SecretStore string
	SecretKey   string
	SecretVer   string `gorm:"column:secret_version"`
	Created     int64  `gorm:"column:created_at"`
	Updated     int64  `gorm:"column:updated_at"`
}

// TableName names the table.
func (valueRow) TableName() string { return "shared_values" }

func (r valueRow) domain() orchestrator.Value {
	return orchestrator.Value{
		OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID, Key: r.Key, Value: r.Value, Description: r.Description,
		IsSecret: r.IsSecret, SecretStore: r.SecretStore, SecretKey: r.SecretKey, SecretVer: r.SecretVer,
		CreatedAt: instant(r.Created), UpdatedAt: instant(r.Updated),
	}
}

func valueObject(name string) object { return object{"shared value", name} }

func valueLevel(org, app, envID string) key {
	return key{"org_id": org, "app_id": app, "env_id": envID}
}

// ListValues lists one level by key: envID "" = the application's.
func (s *Store) ListValues(ctx context.Context, org, app, envID string) ([]orchestrator.Value, error) {
	query := s.reader(ctx).Where(valueLevel(org, app, envID)).Clauses(order("key"))
	return list(ctx, s, query, "shared values", valueRow.domain)
}

// PutValue adds or replaces a value. A replaced one keeps the time at which it
// was first stored, which v.CreatedAt is set to.
func (s *Store) PutValue(ctx context.Context, v *orchestrator.Value) error {
	row := valueRow{
		OrgID: v.OrgID, AppID: v.AppID, EnvID: v.EnvID, Key: v.Key, Value: v.Value, Description: v.Description,
		IsSecret: v.IsSecret, SecretStore: v.SecretStore, SecretKey: v.SecretKey, SecretVer: v.SecretVer,
		Created: nanos(v.CreatedAt), Updated: nanos(v.UpdatedAt),
	}
	err := s.InTx(ctx, func(ctx context.Context) error {
		if err := s.holdEnvironment(ctx, orchestrator.EnvRef{OrgID: v.OrgID, AppID: v.AppID, EnvID: v.EnvID}); err != nil {
			return err
		}
		err := s.writer(ctx).Clauses(
			clause.OnConflict{
				Columns: []clause.Column{{Name: "org_id"}, {Name: "app_id"}, {Name: "env_id"}, {Name: "key"}},
				DoUpdates: clause.AssignmentColumns([]string{
					"value", "description", "is_secret", "secret_store", "secret_key", "secret_version", "updated_at",
				}),
			},
			clause.Returning{Columns: []clause.Column{{Name: "created_at"}}},
		).Create(&row).Error
		if err != nil && classify(err) == faultForeignKey {
			return applicationObject(v.AppID).missing()
		}
		return s.fail(ctx, err, "store "+valueObject(v.Key).String())
	})
	if err != nil {
		return err
	}
	v.CreatedAt = instant(row.Created)
	return nil
}

// DeleteValue removes a value of exactly that level.
func (s *Store) DeleteValue(ctx context.Context, org, app, envID, name string) error {
	where := valueLevel(org, app, envID)
	where["key"] = name
	return s.remove(ctx, &valueRow{}, where, valueObject(name))
}

// deleteValuesBelow deletes the values of an environment with their versions.
// They share a table with the application's, so no foreign key reaches them.
func (s *Store) deleteValuesBelow(ctx context.Context, where key) error {
	if err := s.writer(ctx).Where(where).Delete(&valueRow{}).Error; err != nil {
		return s.fail(ctx, err, "delete shared values")
	}
	err := s.writer(ctx).Where(where).Delete(&valueSetVersionRow{}).Error
	return s.fail(ctx, err, "delete value set versions")
}
