package store

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
)

type applicationRow struct {
	OrgID           string `gorm:"primaryKey"`
	ID              string `gorm:"primaryKey"`
	Name            string
	Status          string
	StatusMessage   string
	StatusChangedAt int64
	Created         int64 `gorm:"column:created_at"`
	CreatedBy       string
	Version         int64
}

// TableName names the table.
func (applicationRow) TableName() string { return "applications" }

func (r applicationRow) domain() orchestrator.Application {
	return orchestrator.Application{
		OrgID: r.OrgID, ID: r.ID, Name: r.Name,
		Status: r.Status, StatusMessage: r.StatusMessage, StatusChangedAt: instant(r.StatusChangedAt),
		CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy, Version: r.Version,
	}
}

func applicationObject(id string) object { return object{"application", id} }

// CreateApplication stores an application.
func (s *Store) CreateApplication(ctx context.Context, a *orchestrator.Application) error {
	row := applicationRow{
		OrgID: a.OrgID, ID: a.ID, Name: a.Name,
		Status: a.Status, StatusMessage: a.StatusMessage, StatusChangedAt: nanos(a.StatusChangedAt),
		Created: nanos(a.CreatedAt), CreatedBy: a.CreatedBy, Version: 1,
	}
	if err := s.insert(ctx, &row, applicationObject(a.ID), organizationObject(a.OrgID)); err != nil {
		return err
	}
	a.Version = row.Version
	return nil
}

// GetApplication reads an application.
func (s *Store) GetApplication(ctx context.Context, org, app string) (*orchestrator.Application, error) {
	row, err := find[applicationRow](ctx, s, key{"org_id": org, "id": app}, applicationObject(app))
	if err != nil {
		return nil, err
	}
	a := row.domain()
	return &a, nil
}

// ListApplications lists an organization's applications by id.
func (s *Store) ListApplications(ctx context.Context, org string) ([]orchestrator.Application, error) {
	query := s.reader(ctx).Where(key{"org_id": org}).Clauses(order("id"))
	return list(ctx, s, query, "applications", applicationRow.domain)
}

// UpdateApplication writes an application's name and status.
func (s *Store) UpdateApplication(ctx context.Context, a *orchestrator.Application) error {
	set := columns{
		"name": a.Name, "status": a.Status, "status_message": a.StatusMessage,
		"status_changed_at": nanos(a.StatusChangedAt),
	}
	where := key{"org_id": a.OrgID, "id": a.ID}
	return s.update(ctx, &applicationRow{}, where, &a.Version, set, applicationObject(a.ID))
}

// DeleteApplication removes the application with everything below it, the roles
// on it included. Foreign keys cascade; what has none is deleted here.
func (s *Store) DeleteApplication(ctx context.Context, org, app string) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		if err := s.deleteLogs(ctx, key{"org_id": org, "app_id": app}); err != nil {
			return err
		}
		if err := s.deleteRolesOn(ctx, org, orchestrator.AppObject(org, app)); err != nil {
			return err
		}
		return s.remove(ctx, &applicationRow{}, key{"org_id": org, "id": app}, applicationObject(app))
	})
}
