package store

import (
	"context"
	"time"

	"github.com/slipway-dev/slipway/orchestrator"
)

type driftScanRow struct {
	OrgID      string `gorm:"primaryKey"`
	AppID      string `gorm:"primaryKey"`
	EnvID      string `gorm:"primaryKey"`
	ID         string `gorm:"primaryKey"`
	Cause      string
	Status     string
	Message    string
	BaseID     string
	RedeployID string
	Checked    int
	Drifted    int
	Content    doc[driftContent]
	Created    int64 `gorm:"column:created_at"`
	CreatedBy  string
	Finished   *int64 `gorm:"column:finished_at"`
	Version    int64
}

// driftContent is what a scan found.
type driftContent struct {
	Results []orchestrator.DriftResult `json:"results,omitempty"`
}

// TableName names the table.
func (driftScanRow) TableName() string { return "drift_scans" }

func (r driftScanRow) domain() orchestrator.DriftScan {
	return orchestrator.DriftScan{
		OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID, ID: r.ID, Cause: r.Cause, Status: orchestrator.DriftStatus(r.Status),
		Message: r.Message, BaseID: r.BaseID, RedeployID: r.RedeployID, Checked: r.Checked, Drifted: r.Drifted, Results: r.Content.V.Results,
		CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy, FinishedAt: instantOrNil(r.Finished), Version: r.Version,
	}
}

func driftScanObject(id string) object { return object{"drift scan", id} }

func driftScanKey(ref orchestrator.EnvRef, id string) key {
	where := inEnvironment(ref)
	where["id"] = id
	return where
}

// CreateDriftScan stores a scan; its environment must exist.
func (s *Store) CreateDriftScan(ctx context.Context, d *orchestrator.DriftScan) error {
	row := driftScanRow{
		OrgID: d.OrgID, AppID: d.AppID, EnvID: d.EnvID, ID: d.ID, Cause: d.Cause, Status: string(d.Status), Message: d.Message,
		BaseID: d.BaseID, RedeployID: d.RedeployID, Checked: d.Checked, Drifted: d.Drifted, Content: doc[driftContent]{driftContent{d.Results}},
		Created: nanos(d.CreatedAt), CreatedBy: d.CreatedBy, Finished: nanosOrNil(d.FinishedAt), Version: 1,
	}
	if err := s.insert(ctx, &row, driftScanObject(d.ID), environmentObject(d.EnvID)); err != nil {
		return err
	}
	d.Version = row.Version
	return nil
}

// GetDriftScan reads a scan.
func (s *Store) GetDriftScan(ctx context.Context, ref orchestrator.EnvRef, id string) (*orchestrator.DriftScan, error) {
	row, err := find[driftScanRow](ctx, s, driftScanKey(ref, id), driftScanObject(id))
	if err != nil {
		return nil, err
	}
	d := row.domain()
	return &d, nil
}

// ListDriftScans lists those of an environment, newest first; limit 0 = all.
func (s *Store) ListDriftScans(ctx context.Context, ref orchestrator.EnvRef, limit int) ([]orchestrator.DriftScan, error) {
	query := s.reader(ctx).Where(inEnvironment(ref)).Clauses(newestFirst)
	if limit > 0 {
		query = query.Limit(limit)
	}
	return list(ctx, s, query, "drift scans", driftScanRow.domain)
}

// UpdateDriftScan writes how a scan ended.
func (s *Store) UpdateDriftScan(ctx context.Context, d *orchestrator.DriftScan) error {
	set := columns{
		"status": string(d.Status), "message": d.Message, "base_id": d.BaseID, "redeploy_id": d.RedeployID,
		"checked": d.Checked, "drifted": d.Drifted, "content": doc[driftContent]{driftContent{d.Results}}, "finished_at": nanosOrNil(d.FinishedAt),
	}
	return s.update(ctx, &driftScanRow{}, driftScanKey(d.Ref(), d.ID), &d.Version, set, driftScanObject(d.ID))
}

// DeleteDriftScans removes old scans of an environment.
func (s *Store) DeleteDriftScans(ctx context.Context, ref orchestrator.EnvRef, before time.Time) error {
	err := s.writer(ctx).Where(inEnvironment(ref)).Where("created_at < ?", nanos(before)).Delete(&driftScanRow{}).Error
	return s.fail(ctx, err, "delete drift scans")
}

type driftSettingsRow struct {
	OrgID     string `gorm:"primaryKey"`
	AppID     string `gorm:"primaryKey"`
	EnvID     string `gorm:"primaryKey"`
	Settings  doc[driftSettings]
	Updated   int64 `gorm:"column:updated_at"`
	UpdatedBy string
	Version   int64
}

// driftSettings are the settings at rest.
type driftSettings struct {
	Enabled  bool                        `json:"enabled,omitempty"`
	Every    time.Duration               `json:"every,omitempty"` // nanoseconds
	Redeploy bool                        `json:"redeploy,omitempty"`
	Ignore   []orchestrator.IgnoredField `json:"ignore,omitempty"`
}

// TableName names the table.
func (driftSettingsRow) TableName() string { return "drift_settings" }

func (r driftSettingsRow) domain() orchestrator.DriftSettings {
	v := r.Settings.V
	return orchestrator.DriftSettings{
		OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID, Enabled: v.Enabled, Every: v.Every, Redeploy: v.Redeploy, Ignore: v.Ignore,
		UpdatedAt: instant(r.Updated), UpdatedBy: r.UpdatedBy, Version: r.Version,
	}
}

func driftSettingsObject(ref orchestrator.EnvRef) object {
	return object{"drift settings of environment", ref.EnvID}
}

// PutDriftSettings stores the settings of an environment, or replaces them.
func (s *Store) PutDriftSettings(ctx context.Context, d *orchestrator.DriftSettings) error {
	settings := doc[driftSettings]{driftSettings{Enabled: d.Enabled, Every: d.Every, Redeploy: d.Redeploy, Ignore: d.Ignore}}
	if d.Version > 0 {
		set := columns{"settings": settings, "updated_at": nanos(d.UpdatedAt), "updated_by": d.UpdatedBy}
		return s.update(ctx, &driftSettingsRow{}, inEnvironment(d.Ref()), &d.Version, set, driftSettingsObject(d.Ref()))
	}
	row := driftSettingsRow{
		OrgID: d.OrgID, AppID: d.AppID, EnvID: d.EnvID, Settings: settings, Updated: nanos(d.UpdatedAt), UpdatedBy: d.UpdatedBy, Version: 1,
	}
	if err := s.insert(ctx, &row, driftSettingsObject(d.Ref()), environmentObject(d.EnvID)); err != nil {
		return err
	}
	d.Version = row.Version
	return nil
}

// GetDriftSettings reads the settings of an environment.
func (s *Store) GetDriftSettings(ctx context.Context, ref orchestrator.EnvRef) (*orchestrator.DriftSettings, error) {
	row, err := find[driftSettingsRow](ctx, s, inEnvironment(ref), driftSettingsObject(ref))
	if err != nil {
		return nil, err
	}
	d := row.domain()
	return &d, nil
}
