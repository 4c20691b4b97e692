package store

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
)

type scheduleRow struct {
	OrgID     string `gorm:"primaryKey"`
	ID        string `gorm:"primaryKey"`
	Paused    bool
	Note      string
	Changed   int64 `gorm:"column:changed_at"`
	ChangedBy string
	Synced    *int64 `gorm:"column:synced_at"`
	Version   int64
}

// TableName names the table.
func (scheduleRow) TableName() string { return "schedules" }

func (r scheduleRow) domain() orchestrator.ScheduleRecord {
	return orchestrator.ScheduleRecord{
		OrgID: r.OrgID, ID: r.ID, Paused: r.Paused, Note: r.Note, ChangedAt: instant(r.Changed), ChangedBy: r.ChangedBy,
		SyncedAt: instantOrNil(r.Synced), Version: r.Version,
	}
}

func scheduleObject(id string) object { return object{"record of schedule", id} }

// PutScheduleRecord stores the record of a schedule, or replaces it.
func (s *Store) PutScheduleRecord(ctx context.Context, r *orchestrator.ScheduleRecord) error {
	if r.Version > 0 {
		set := columns{"paused": r.Paused, "note": r.Note, "changed_at": nanos(r.ChangedAt), "changed_by": r.ChangedBy, "synced_at": nanosOrNil(r.SyncedAt)}
		return s.update(ctx, &scheduleRow{}, key{"org_id": r.OrgID, "id": r.ID}, &r.Version, set, scheduleObject(r.ID))
	}
	row := scheduleRow{
		OrgID: r.OrgID, ID: r.ID, Paused: r.Paused, Note: r.Note, Changed: nanos(r.ChangedAt), ChangedBy: r.ChangedBy,
		Synced: nanosOrNil(r.SyncedAt), Version: 1,
	}
	if err := s.insert(ctx, &row, scheduleObject(r.ID), organizationObject(r.OrgID)); err != nil {
		return err
	}
	r.Version = row.Version
	return nil
}

// GetScheduleRecord reads the record of a schedule.
func (s *Store) GetScheduleRecord(ctx context.Context, org, id string) (*orchestrator.ScheduleRecord, error) {
	row, err := find[scheduleRow](ctx, s, key{"org_id": org, "id": id}, scheduleObject(id))
	if err != nil {
		return nil, err
	}
	r := row.domain()
	return &r, nil
}

// ListScheduleRecords lists by id.
func (s *Store) ListScheduleRecords(ctx context.Context, org string) ([]orchestrator.ScheduleRecord, error) {
	query := s.reader(ctx).Where(key{"org_id": org}).Clauses(order("id"))
	return list(ctx, s, query, "records of schedules", scheduleRow.domain)
}

// DeleteScheduleRecord removes a record that still has its version.
func (s *Store) DeleteScheduleRecord(ctx context.Context, r *orchestrator.ScheduleRecord) error {
	return s.remove(ctx, &scheduleRow{}, key{"org_id": r.OrgID, "id": r.ID, "version": r.Version}, scheduleObject(r.ID))
}

// UnsyncedSchedules lists those that the workflow engine has yet to hear of.
func (s *Store) UnsyncedSchedules(ctx context.Context, limit int) ([]orchestrator.ScheduleRecord, error) {
	ctx = systemWide(ctx)
	query := s.reader(ctx).Where("synced_at IS NULL").Clauses(order("changed_at", "id")).Limit(limit)
	return list(ctx, s, query, "schedules to tell of", scheduleRow.domain)
}

// ListDriftSettings lists those of an organization.
func (s *Store) ListDriftSettings(ctx context.Context, org string) ([]orchestrator.DriftSettings, error) {
	query := s.reader(ctx).Where(key{"org_id": org}).Clauses(order("app_id", "env_id"))
	return list(ctx, s, query, "drift settings", driftSettingsRow.domain)
}

// DueLifetimesIn lists the lifetimes of an organization that end environments.
func (s *Store) DueLifetimesIn(ctx context.Context, org string) ([]orchestrator.Lifetime, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "protected": false}).Where("(expires_at IS NOT NULL OR idle_after > 0)").
		Clauses(order("app_id", "env_id"))
	return list(ctx, s, query, "lifetimes", lifetimeRow.domain)
}
