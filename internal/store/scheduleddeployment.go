package store

import (
	"context"
	"time"

	"github.com/slipway-dev/slipway/orchestrator"
)

type scheduledDeploymentRow struct {
	OrgID        string `gorm:"primaryKey"`
	AppID        string `gorm:"primaryKey"`
	EnvID        string `gorm:"primaryKey"`
	ID           string `gorm:"primaryKey"`
	SetID        string
	DeltaID      string
	FromEnvID    string
	Comment      string
	At           *int64
	Cron         string
	TimeZone     string
	Status       string
	Message      string
	LastAt       *int64
	LastDeployID string
	Created      int64 `gorm:"column:created_at"`
	CreatedBy    string
	Version      int64
}

// TableName names the table.
func (scheduledDeploymentRow) TableName() string { return "scheduled_deployments" }

func (r scheduledDeploymentRow) domain() orchestrator.ScheduledDeployment {
	return orchestrator.ScheduledDeployment{
		OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID, ID: r.ID, SetID: r.SetID, DeltaID: r.DeltaID, FromEnvID: r.FromEnvID, Comment: r.Comment,
		At: instantOrNil(r.At), Cron: r.Cron, TimeZone: r.TimeZone, Status: r.Status, Message: r.Message, LastAt: instantOrNil(r.LastAt),
		LastDeployID: r.LastDeployID, CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy, Version: r.Version,
	}
}

func scheduledDeploymentObject(id string) object { return object{"scheduled deployment", id} }

func scheduledDeploymentKey(ref orchestrator.EnvRef, id string) key {
	where := inEnvironment(ref)
	where["id"] = id
	return where
}

// CreateScheduledDeployment stores an order; its environment must exist.
func (s *Store) CreateScheduledDeployment(ctx context.Context, o *orchestrator.ScheduledDeployment) error {
	row := scheduledDeploymentRow{
		OrgID: o.OrgID, AppID: o.AppID, EnvID: o.EnvID, ID: o.ID, SetID: o.SetID, DeltaID: o.DeltaID, FromEnvID: o.FromEnvID, Comment: o.Comment,
		At: nanosOrNil(o.At), Cron: o.Cron, TimeZone: o.TimeZone, Status: o.Status, Message: o.Message, LastAt: nanosOrNil(o.LastAt),
		LastDeployID: o.LastDeployID, Created: nanos(o.CreatedAt), CreatedBy: o.CreatedBy, Version: 1,
	}
	if err := s.insert(ctx, &row, scheduledDeploymentObject(o.ID), environmentObject(o.EnvID)); err != nil {
		return err
	}
	o.Version = row.Version
	return nil
}

// GetScheduledDeployment reads an order.
func (s *Store) GetScheduledDeployment(ctx context.Context, ref orchestrator.EnvRef, id string) (*orchestrator.ScheduledDeployment, error) {
	row, err := find[scheduledDeploymentRow](ctx, s, scheduledDeploymentKey(ref, id), scheduledDeploymentObject(id))
	if err != nil {
		return nil, err
	}
	o := row.domain()
	return &o, nil
}

// ListScheduledDeployments lists newest first.
func (s *Store) ListScheduledDeployments(ctx context.Context, ref orchestrator.EnvRef) ([]orchestrator.ScheduledDeployment, error) {
	where := key{"org_id": ref.OrgID}
	for column, value := range map[string]string{"app_id": ref.AppID, "env_id": ref.EnvID} {
		if value != "" {
			where[column] = value
		}
	}
	return list(ctx, s, s.reader(ctx).Where(where).Clauses(newestFirst), "scheduled deployments", scheduledDeploymentRow.domain)
}

// UpdateScheduledDeployment writes how an order went.
func (s *Store) UpdateScheduledDeployment(ctx context.Context, o *orchestrator.ScheduledDeployment) error {
	set := columns{"status": o.Status, "message": o.Message, "last_at": nanosOrNil(o.LastAt), "last_deploy_id": o.LastDeployID}
	return s.update(ctx, &scheduledDeploymentRow{}, scheduledDeploymentKey(o.Ref(), o.ID), &o.Version, set, scheduledDeploymentObject(o.ID))
}

// DeleteScheduledDeployment removes an order.
func (s *Store) DeleteScheduledDeployment(ctx context.Context, ref orchestrator.EnvRef, id string) error {
	return s.remove(ctx, &scheduledDeploymentRow{}, scheduledDeploymentKey(ref, id), scheduledDeploymentObject(id))
}

// OverdueDeployments lists active ones that were to happen once before a time.
func (s *Store) OverdueDeployments(ctx context.Context, before time.Time, limit int) ([]orchestrator.ScheduledDeployment, error) {
	ctx = systemWide(ctx)
	query := s.reader(ctx).Where("status = 'active' AND at < ?", nanos(before)).Clauses(order("at", "id")).Limit(limit)
	return list(ctx, s, query, "overdue deployments", scheduledDeploymentRow.domain)
}
