package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"github.com/slipway-dev/slipway/orchestrator"
)

type spinUpRow struct {
	OrgID           string `gorm:"primaryKey"`
	AppID           string `gorm:"primaryKey"`
	ID              string `gorm:"primaryKey"`
	EnvID           string
	EnvCreated      int64 `gorm:"column:env_created_at"`
	Kind            string
	FromEnvID       string
	FromDeployID    string
	DeploymentID    string
	OnFailure       string
	Status          string
	Phase           string
	Message         string
	Events          doc[[]orchestrator.SpinUpEvent]
	Created         int64 `gorm:"column:created_at"`
	CreatedBy       string
	CancelRequested *int64 `gorm:"column:cancel_requested_at"`
	HandedOver      *int64 `gorm:"column:handed_over_at"`
	Finished        *int64 `gorm:"column:finished_at"`
	Version         int64
}

// TableName names the table.
func (spinUpRow) TableName() string { return "spin_ups" }

func (r spinUpRow) domain() orchestrator.SpinUp {
	return orchestrator.SpinUp{
		OrgID: r.OrgID, AppID: r.AppID, ID: r.ID, EnvID: r.EnvID, EnvCreatedAt: instant(r.EnvCreated), Kind: r.Kind,
		FromEnvID: r.FromEnvID, FromDeployID: r.FromDeployID, DeploymentID: r.DeploymentID, OnFailure: r.OnFailure,
		Status: r.Status, Phase: r.Phase, Message: r.Message, Events: r.Events.V, CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy,
		CancelRequestedAt: instantOrNil(r.CancelRequested), HandedOverAt: instantOrNil(r.HandedOver), FinishedAt: instantOrNil(r.Finished),
		Version: r.Version,
	}
}

func spinUpObject(id string) object { return object{"environment request", id} }

func spinUpKey(org, app, id string) key { return key{"org_id": org, "app_id": app, "id": id} }

// CreateSpinUp stores a request for an environment.
func (s *Store) CreateSpinUp(ctx context.Context, u *orchestrator.SpinUp) error {
	row := spinUpRow{
		OrgID: u.OrgID, AppID: u.AppID, ID: u.ID, EnvID: u.EnvID, EnvCreated: nanos(u.EnvCreatedAt), Kind: u.Kind,
		FromEnvID: u.FromEnvID, FromDeployID: u.FromDeployID, DeploymentID: u.DeploymentID, OnFailure: u.OnFailure,
		Status: u.Status, Phase: u.Phase, Message: u.Message, Events: doc[[]orchestrator.SpinUpEvent]{u.Events},
		Created: nanos(u.CreatedAt), CreatedBy: u.CreatedBy, CancelRequested: nanosOrNil(u.CancelRequestedAt),
		HandedOver: nanosOrNil(u.HandedOverAt), Finished: nanosOrNil(u.FinishedAt), Version: 1,
	}
	if err := s.insert(ctx, &row, spinUpObject(u.ID), applicationObject(u.AppID)); err != nil {
		return err
	}
	u.Version = row.Version
	return nil
}

// GetSpinUp reads a request.
func (s *Store) GetSpinUp(ctx context.Context, org, app, id string) (*orchestrator.SpinUp, error) {
	row, err := find[spinUpRow](ctx, s, spinUpKey(org, app, id), spinUpObject(id))
	if err != nil {
		return nil, err
	}
	u := row.domain()
	return &u, nil
}

// ListSpinUps lists those of an application newest first; limit 0 = all.
func (s *Store) ListSpinUps(ctx context.Context, org, app string, limit int) ([]orchestrator.SpinUp, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "app_id": app}).Clauses(newestFirst)
	if limit > 0 {
		query = query.Limit(limit)
	}
	return list(ctx, s, query, "environment requests", spinUpRow.domain)
}

// UpdateSpinUp writes what became of a request.
func (s *Store) UpdateSpinUp(ctx context.Context, u *orchestrator.SpinUp) error {
	set := columns{
		"deployment_id": u.DeploymentID, "status": u.Status, "phase": u.Phase, "message": u.Message,
		"events": doc[[]orchestrator.SpinUpEvent]{u.Events}, "cancel_requested_at": nanosOrNil(u.CancelRequestedAt),
		"handed_over_at": nanosOrNil(u.HandedOverAt), "finished_at": nanosOrNil(u.FinishedAt),
	}
	return s.update(ctx, &spinUpRow{}, spinUpKey(u.OrgID, u.AppID, u.ID), &u.Version, set, spinUpObject(u.ID))
}

// UnfinishedSpinUps lists those of all organizations from before a time that no
// workflow was told of, or not since the time told, oldest first.
func (s *Store) UnfinishedSpinUps(ctx context.Context, before, told time.Time, limit int) ([]orchestrator.SpinUp, error) {
	// The condition is spelled literally for the partial index.
	query := s.reader(systemWide(ctx)).Where("finished_at IS NULL").
		Where("created_at < ? AND (handed_over_at IS NULL OR handed_over_at < ?)", nanos(before), nanos(told)).
		Clauses(oldestFirst).Limit(limit)
	return list(ctx, s, query, "environment requests", spinUpRow.domain)
}

// DeleteSpinUps forgets those of an application that ended before a time.
func (s *Store) DeleteSpinUps(ctx context.Context, org, app string, before time.Time) error {
	err := s.writer(ctx).Where(key{"org_id": org, "app_id": app}).
		Where(clause.Lt{Column: "finished_at", Value: nanos(before)}).Delete(&spinUpRow{}).Error
	return s.fail(ctx, err, "delete environment requests")
}
