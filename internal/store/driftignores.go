package store

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
)

type organizationDriftIgnoresRow struct {
	OrgID     string `gorm:"primaryKey"`
	Ignored   doc[[]orchestrator.IgnoredField]
	Updated   int64 `gorm:"column:updated_at"`
	UpdatedBy string
	Version   int64
}

// TableName names the table.
func (organizationDriftIgnoresRow) TableName() string { return "organization_drift_ignores" }

func (r organizationDriftIgnoresRow) domain() orchestrator.DriftIgnores {
	return orchestrator.DriftIgnores{OrgID: r.OrgID, Ignore: r.Ignored.V, UpdatedAt: instant(r.Updated), UpdatedBy: r.UpdatedBy, Version: r.Version}
}

type applicationDriftIgnoresRow struct {
	OrgID     string `gorm:"primaryKey"`
	AppID     string `gorm:"primaryKey"`
	Ignored   doc[[]orchestrator.IgnoredField]
	Updated   int64 `gorm:"column:updated_at"`
	UpdatedBy string
	Version   int64
}

// TableName names the table.
func (applicationDriftIgnoresRow) TableName() string { return "application_drift_ignores" }

func (r applicationDriftIgnoresRow) domain() orchestrator.DriftIgnores {
	return orchestrator.DriftIgnores{
		OrgID: r.OrgID, AppID: r.AppID, Ignore: r.Ignored.V, UpdatedAt: instant(r.Updated), UpdatedBy: r.UpdatedBy, Version: r.Version,
	}
}

func driftIgnoresObject(org, app string) object {
	if app == "" {
		return object{"ignored drift of organization", org}
	}
	return object{"ignored drift of application", app}
}

// PutDriftIgnores stores what a scope ignores, or replaces it.
func (s *Store) PutDriftIgnores(ctx context.Context, v *orchestrator.DriftIgnores) error {
	var row any = &organizationDriftIgnoresRow{
		OrgID: v.OrgID, Ignored: doc[[]orchestrator.IgnoredField]{v.Ignore}, Updated: nanos(v.UpdatedAt), UpdatedBy: v.UpdatedBy, Version: 1,
	}
	where, parent := key{"org_id": v.OrgID}, organizationObject(v.OrgID)
	if v.AppID != "" {
		row = &applicationDriftIgnoresRow{
			OrgID: v.OrgID, AppID: v.AppID, Ignored: doc[[]orchestrator.IgnoredField]{v.Ignore},
			Updated: nanos(v.UpdatedAt), UpdatedBy: v.UpdatedBy, Version: 1,
		}
		where["app_id"], parent = v.AppID, applicationObject(v.AppID)
	}
	self := driftIgnoresObject(v.OrgID, v.AppID)
	if v.Version > 0 {
		set := columns{"ignored": doc[[]orchestrator.IgnoredField]{v.Ignore}, "updated_at": nanos(v.UpdatedAt), "updated_by": v.UpdatedBy}
		if v.AppID == "" {
			return s.update(ctx, &organizationDriftIgnoresRow{}, where, &v.Version, set, self)
		}
		return s.update(ctx, &applicationDriftIgnoresRow{}, where, &v.Version, set, self)
	}
	if err := s.insert(ctx, row, self, parent); err != nil {
		return err
	}
	v.Version = 1
	return nil
}

// GetDriftIgnores reads what a scope ignores; app "" = the organization's.
func (s *Store) GetDriftIgnores(ctx context.Context, org, app string) (*orchestrator.DriftIgnores, error) {
	if app == "" {
		row, err := find[organizationDriftIgnoresRow](ctx, s, key{"org_id": org}, driftIgnoresObject(org, app))
		if err != nil {
			return nil, err
		}
		v := row.domain()
		return &v, nil
	}
	row, err := find[applicationDriftIgnoresRow](ctx, s, key{"org_id": org, "app_id": app}, driftIgnoresObject(org, app))
	if err != nil {
		return nil, err
	}
	v := row.domain()
	return &v, nil
}
