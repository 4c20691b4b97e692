package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"github.com/slipway-dev/slipway/orchestrator"
)

type pullSecretTokenRow struct {
	OrgID      string `gorm:"primaryKey"`
	AppID      string `gorm:"primaryKey"`
	EnvID      string `gorm:"primaryKey"`
	RegistryID string `gorm:"primaryKey"`
	Expires    int64  `gorm:"column:expires_at"`
	Updated    int64  `gorm:"column:updated_at"`
}

// TableName names the table.
func (pullSecretTokenRow) TableName() string { return "pull_secret_tokens" }

func (r pullSecretTokenRow) domain() orchestrator.PullSecretToken {
	return orchestrator.PullSecretToken{
		OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID, RegistryID: r.RegistryID, ExpiresAt: instant(r.Expires), UpdatedAt: instant(r.Updated),
	}
}

// PutPullSecretToken stores when the token of a pull secret ends, or replaces it.
func (s *Store) PutPullSecretToken(ctx context.Context, v *orchestrator.PullSecretToken) error {
	row := pullSecretTokenRow{
		OrgID: v.OrgID, AppID: v.AppID, EnvID: v.EnvID, RegistryID: v.RegistryID, Expires: nanos(v.ExpiresAt), Updated: nanos(v.UpdatedAt),
	}
	err := s.writer(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "org_id"}, {Name: "app_id"}, {Name: "env_id"}, {Name: "registry_id"}},
		DoUpdates: clause.AssignmentColumns([]string{"expires_at", "updated_at"}),
	}).Create(&row).Error
	if err != nil && classify(err) == faultForeignKey {
		return environmentObject(v.EnvID).missing()
	}
	return s.fail(ctx, err, "store the token of a pull secret of "+environmentObject(v.EnvID).String())
}

// DuePullSecretTokens lists those of all organizations that end before a time, the first to end first.
func (s *Store) DuePullSecretTokens(ctx context.Context, before time.Time, limit int) ([]orchestrator.PullSecretToken, error) {
	query := s.reader(systemWide(ctx)).Where("expires_at < ?", nanos(before)).
		Clauses(order("expires_at", "org_id", "app_id", "env_id", "registry_id")).Limit(limit)
	return list(systemWide(ctx), s, query, "tokens of pull secrets", pullSecretTokenRow.domain)
}

// DeletePullSecretToken forgets the token of a pull secret; one that is not there is no error.
func (s *Store) DeletePullSecretToken(ctx context.Context, ref orchestrator.EnvRef, registryID string) error {
	where := inEnvironment(ref)
	where["registry_id"] = registryID
	err := s.writer(ctx).Where(where).Delete(&pullSecretTokenRow{}).Error
	return s.fail(ctx, err, "forget the token of a pull secret of "+environmentObject(ref.EnvID).String())
}
