package store

import (
	"context"
	"time"

	"github.com/slipway-dev/slipway/orchestrator"
)

type freezeWindowRow struct {
	OrgID       string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	EnvTypeID   string
	Description string
	Cron        string
	Duration    int64
	TimeZone    string
	Created     int64 `gorm:"column:created_at"`
	CreatedBy   string
}

// TableName names the table.
func (freezeWindowRow) TableName() string { return "freeze_windows" }

func (r freezeWindowRow) domain() orchestrator.FreezeWindow {
	return orchestrator.FreezeWindow{
		OrgID: r.OrgID, ID: r.ID, EnvTypeID: r.EnvTypeID, Description: r.Description, Cron: r.Cron,
		Duration: time.Duration(r.Duration), TimeZone: r.TimeZone, CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy,
	}
}

func freezeWindowObject(id string) object { return object{"freeze window", id} }

// CreateFreezeWindow stores a freeze window.
func (s *Store) CreateFreezeWindow(ctx context.Context, w *orchestrator.FreezeWindow) error {
	row := freezeWindowRow{
		OrgID: w.OrgID, ID: w.ID, EnvTypeID: w.EnvTypeID, Description: w.Description, Cron: w.Cron,
		Duration: int64(w.Duration), TimeZone: w.TimeZone, Created: nanos(w.CreatedAt), CreatedBy: w.CreatedBy,
	}
	return s.insert(ctx, &row, freezeWindowObject(w.ID), environmentTypeObject(w.EnvTypeID))
}

// GetFreezeWindow reads a freeze window.
func (s *Store) GetFreezeWindow(ctx context.Context, org, id string) (*orchestrator.FreezeWindow, error) {
	row, err := find[freezeWindowRow](ctx, s, key{"org_id": org, "id": id}, freezeWindowObject(id))
	if err != nil {
		return nil, err
	}
	w := row.domain()
	return &w, nil
}

// ListFreezeWindows lists by environment type, oldest first; envType "" = all.
func (s *Store) ListFreezeWindows(ctx context.Context, org, envType string) ([]orchestrator.FreezeWindow, error) {
	where := key{"org_id": org}
	if envType != "" {
		where["env_type_id"] = envType
	}
	query := s.reader(ctx).Where(where).Clauses(order("env_type_id", "created_at", "id"))
	return list(ctx, s, query, "freeze windows", freezeWindowRow.domain)
}

// DeleteFreezeWindow removes a freeze window.
func (s *Store) DeleteFreezeWindow(ctx context.Context, org, id string) error {
	return s.remove(ctx, &freezeWindowRow{}, key{"org_id": org, "id": id}, freezeWindowObject(id))
}
