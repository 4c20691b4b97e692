package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"github.com/slipway-dev/slipway/orchestrator"
)

type retentionSettingsRow struct {
	OrgID     string `gorm:"primaryKey"`
	Settings  doc[retentionSettings]
	Updated   int64 `gorm:"column:updated_at"`
	UpdatedBy string
	Version   int64
}

// retentionSettings are the settings at rest.
type retentionSettings struct {
	Enabled  bool                                  `json:"enabled,omitempty"`
	Cron     string                                `json:"cron"`
	TimeZone string                                `json:"time_zone"`
	Rules    map[string]orchestrator.RetentionRule `json:"rules,omitempty"`
}

// TableName names the table.
func (retentionSettingsRow) TableName() string { return "retention_settings" }

func retentionSettingsObject(org string) object {
	return object{"retention settings of organization", org}
}

// PutRetentionSettings stores the settings of an organization, or replaces them.
func (s *Store) PutRetentionSettings(ctx context.Context, r *orchestrator.RetentionSettings) error {
	settings := doc[retentionSettings]{retentionSettings{Enabled: r.Enabled, Cron: r.Cron, TimeZone: r.TimeZone, Rules: r.Rules}}
	if r.Version > 0 {
		set := columns{"settings": settings, "updated_at": nanos(r.UpdatedAt), "updated_by": r.UpdatedBy}
		return s.update(ctx, &retentionSettingsRow{}, key{"org_id": r.OrgID}, &r.Version, set, retentionSettingsObject(r.OrgID))
	}
	row := retentionSettingsRow{OrgID: r.OrgID, Settings: settings, Updated: nanos(r.UpdatedAt), UpdatedBy: r.UpdatedBy, Version: 1}
	if err := s.insert(ctx, &row, retentionSettingsObject(r.OrgID), organizationObject(r.OrgID)); err != nil {
		return err
	}
	r.Version = row.Version
	return nil
}

// GetRetentionSettings reads the settings of an organization.
func (s *Store) GetRetentionSettings(ctx context.Context, org string) (*orchestrator.RetentionSettings, error) {
	row, err := find[retentionSettingsRow](ctx, s, key{"org_id": org}, retentionSettingsObject(org))
	if err != nil {
		return nil, err
	}
	v := row.Settings.V
	return &orchestrator.RetentionSettings{
		OrgID: row.OrgID, Enabled: v.Enabled, Cron: v.Cron, TimeZone: v.TimeZone, Rules: v.Rules,
		UpdatedAt: instant(row.Updated), UpdatedBy: row.UpdatedBy, Version: row.Version,
	}, nil
}

type retentionRunRow struct {
	OrgID     string `gorm:"primaryKey"`
	ID        string `gorm:"primaryKey"`
	Cause     string
	DryRun    bool
	Status    string
	Phase     string
	Message   string
	Results   doc[[]orchestrator.RetentionResult]
	Created   int64 `gorm:"column:created_at"`
	CreatedBy string
	Finished  *int64 `gorm:"column:finished_at"`
	Version   int64
}

// TableName names the table.
func (retentionRunRow) TableName() string { return "retention_runs" }

func (r retentionRunRow) domain() orchestrator.RetentionRun {
	return orchestrator.RetentionRun{
		OrgID: r.OrgID, ID: r.ID, Cause: r.Cause, DryRun: r.DryRun, Status: r.Status, Phase: r.Phase, Message: r.Message, Results: r.Results.V,
		CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy, FinishedAt: instantOrNil(r.Finished), Version: r.Version,
	}
}

func retentionRunObject(id string) object { return object{"round of retention", id} }

// CreateRetentionRun stores a round.
func (s *Store) CreateRetentionRun(ctx context.Context, r *orchestrator.RetentionRun) error {
	row := retentionRunRow{
		OrgID: r.OrgID, ID: r.ID, Cause: r.Cause, DryRun: r.DryRun, Status: r.Status, Phase: r.Phase, Message: r.Message,
		Results: doc[[]orchestrator.RetentionResult]{r.Results}, Created: nanos(r.CreatedAt), CreatedBy: r.CreatedBy,
		Finished: nanosOrNil(r.FinishedAt), Version: 1,
	}
	if err := s.insert(ctx, &row, retentionRunObject(r.ID), organizationObject(r.OrgID)); err != nil {
		return err
	}
	r.Version = row.Version
	return nil
}

// GetRetentionRun reads a round.
func (s *Store) GetRetentionRun(ctx context.Context, org, id string) (*orchestrator.RetentionRun, error) {
	row, err := find[retentionRunRow](ctx, s, key{"org_id": org, "id": id}, retentionRunObject(id))
	if err != nil {
		return nil, err
	}
	r := row.domain()
	return &r, nil
}

// ListRetentionRuns lists newest first; limit 0 = all.
func (s *Store) ListRetentionRuns(ctx context.Context, org string, limit int) ([]orchestrator.RetentionRun, error) {
	query := s.reader(ctx).Where(key{"org_id": org}).Clauses(newestFirst)
	if limit > 0 {
		query = query.Limit(limit)
	}
	return list(ctx, s, query, "rounds of retention", retentionRunRow.domain)
}

// UpdateRetentionRun writes how far a round is.
func (s *Store) UpdateRetentionRun(ctx context.Context, r *orchestrator.RetentionRun) error {
	set := columns{
		"status": r.Status, "phase": r.Phase, "message": r.Message, "results": doc[[]orchestrator.RetentionResult]{r.Results},
		"finished_at": nanosOrNil(r.FinishedAt),
	}
	return s.update(ctx, &retentionRunRow{}, key{"org_id": r.OrgID, "id": r.ID}, &r.Version, set, retentionRunObject(r.ID))
}

// DeleteRetentionRuns forgets those that ended before a time.
func (s *Store) DeleteRetentionRuns(ctx context.Context, org string, before time.Time) error {
	err := s.writer(ctx).Where(key{"org_id": org}).Where(clause.Lt{Column: "finished_at", Value: nanos(before)}).Delete(&retentionRunRow{}).Error
	return s.fail(ctx, err, "delete rounds of retention")
}
