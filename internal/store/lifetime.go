package store

import (
	"context"
	"time"

	"github.com/slipway-dev/slipway/orchestrator"
)

type lifetimeRow struct {
	OrgID      string `gorm:"primaryKey"`
	AppID      string `gorm:"primaryKey"`
	EnvID      string `gorm:"primaryKey"`
	ExpiresAt  *int64
	WarnBefore int64
	WarnedFor  *int64
	IdleAfter  int64
	IdleSince  int64
	Protected  bool
	NextAt     *int64
	Updated    int64 `gorm:"column:updated_at"`
	UpdatedBy  string
	Version    int64
}

// TableName names the table.
func (lifetimeRow) TableName() string { return "environment_lifetimes" }

func (r lifetimeRow) domain() orchestrator.Lifetime {
	return orchestrator.Lifetime{
		OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID, ExpiresAt: instantOrNil(r.ExpiresAt),
		WarnBefore: time.Duration(r.WarnBefore), WarnedFor: instantOrNil(r.WarnedFor),
		IdleAfter: time.Duration(r.IdleAfter), IdleSince: instant(r.IdleSince), Protected: r.Protected,
		NextAt: instantOrNil(r.NextAt), UpdatedAt: instant(r.Updated), UpdatedBy: r.UpdatedBy, Version: r.Version,
	}
}

func lifetimeObject(env string) object { return object{"lifetime of environment", env} }

// CreateLifetime stores what ends an environment.
func (s *Store) CreateLifetime(ctx context.Context, l *orchestrator.Lifetime) error {
	row := lifetimeRow{
		OrgID: l.OrgID, AppID: l.AppID, EnvID: l.EnvID, ExpiresAt: nanosOrNil(l.ExpiresAt), WarnBefore: int64(l.WarnBefore),
		WarnedFor: nanosOrNil(l.WarnedFor), IdleAfter: int64(l.IdleAfter), IdleSince: nanos(l.IdleSince), Protected: l.Protected,
		NextAt: nanosOrNil(l.NextAt), Updated: nanos(l.UpdatedAt), UpdatedBy: l.UpdatedBy, Version: 1,
	}
	if err := s.insert(ctx, &row, lifetimeObject(l.EnvID), environmentObject(l.EnvID)); err != nil {
		return err
	}
	l.Version = row.Version
	return nil
}

// GetLifetime reads what ends an environment.
func (s *Store) GetLifetime(ctx context.Context, ref orchestrator.EnvRef) (*orchestrator.Lifetime, error) {
	row, err := find[lifetimeRow](ctx, s, inEnvironment(ref), lifetimeObject(ref.EnvID))
	if err != nil {
		return nil, err
	}
	l := row.domain()
	return &l, nil
}

// ListLifetimes lists those of an application, by environment.
func (s *Store) ListLifetimes(ctx context.Context, org, app string) ([]orchestrator.Lifetime, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "app_id": app}).Clauses(order("env_id"))
	return list(ctx, s, query, "lifetimes", lifetimeRow.domain)
}

// UpdateLifetime writes everything that may change.
func (s *Store) UpdateLifetime(ctx context.Context, l *orchestrator.Lifetime) error {
	set := columns{
		"expires_at": nanosOrNil(l.ExpiresAt), "warn_before": int64(l.WarnBefore), "warned_for": nanosOrNil(l.WarnedFor),
		"idle_after": int64(l.IdleAfter), "idle_since": nanos(l.IdleSince), "protected": l.Protected,
		"next_at": nanosOrNil(l.NextAt), "updated_at": nanos(l.UpdatedAt), "updated_by": l.UpdatedBy,
	}
	return s.update(ctx, &lifetimeRow{}, inEnvironment(l.Ref()), &l.Version, set, lifetimeObject(l.EnvID))
}

// DueLifetimes lists those of all organizations that were to be looked at before
// a time, longest due first.
func (s *Store) DueLifetimes(ctx context.Context, before time.Time, limit int) ([]orchestrator.Lifetime, error) {
	query := s.reader(systemWide(ctx)).Where("next_at < ?", nanos(before)).Clauses(order("next_at", "org_id", "app_id", "env_id")).Limit(limit)
	return list(ctx, s, query, "lifetimes", lifetimeRow.domain)
}
