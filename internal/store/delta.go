package store

import (
	"context"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/orchestrator"
)

type deltaRow struct {
	OrgID          string `gorm:"primaryKey"`
	AppID          string `gorm:"primaryKey"`
	ID             string `gorm:"primaryKey"`
	EnvID          string
	Name           string
	Shared         bool
	Archived       bool
	Contributors   doc[[]string]
	Content        doc[deployset.Delta]
	Created        int64 `gorm:"column:created_at"`
	CreatedBy      string
	LastModifiedAt int64
	Version        int64
}

// TableName names the table.
func (deltaRow) TableName() string { return "deltas" }

func (r deltaRow) domain() orchestrator.Delta {
	return orchestrator.Delta{
		OrgID: r.OrgID, AppID: r.AppID, ID: r.ID, EnvID: r.EnvID, Name: r.Name,
		Shared: r.Shared, Archived: r.Archived, Contributors: r.Contributors.V, Content: r.Content.V,
		CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy, LastModifiedAt: instant(r.LastModifiedAt),
		Version: r.Version,
	}
}

func deltaObject(id string) object { return object{"Deployment Delta", id} }

// CreateDelta stores a delta.
func (s *Store) CreateDelta(ctx context.Context, d *orchestrator.Delta) error {
	row := deltaRow{
		OrgID: d.OrgID, AppID: d.AppID, ID: d.ID, EnvID: d.EnvID, Name: d.Name,
		Shared: d.Shared, Archived: d.Archived,
		Contributors: doc[[]string]{d.Contributors}, Content: doc[deployset.Delta]{d.Content},
		Created: nanos(d.CreatedAt), CreatedBy: d.CreatedBy, LastModifiedAt: nanos(d.LastModifiedAt), Version: 1,
	}
	if err := s.insert(ctx, &row, deltaObject(d.ID), applicationObject(d.AppID)); err != nil {
		return err
	}
	d.Version = row.Version
	return nil
}

// GetDelta reads a delta.
func (s *Store) GetDelta(ctx context.Context, org, app, id string) (*orchestrator.Delta, error) {
	row, err := find[deltaRow](ctx, s, key{"org_id": org, "app_id": app, "id": id}, deltaObject(id))
	if err != nil {
		return nil, err
	}
	d := row.domain()
	return &d, nil
}

// ListDeltas lists newest first; envID "" = any; archived adds archived ones.
func (s *Store) ListDeltas(ctx context.Context, org, app, envID string, archived bool) ([]orchestrator.Delta, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "app_id": app}).Clauses(newestFirst)
	if envID != "" {
		query = query.Where(key{"env_id": envID})
	}
	if !archived {
		query = query.Where(key{"archived": false})
	}
	return list(ctx, s, query, "Deployment Deltas", deltaRow.domain)
}

// UpdateDelta writes a delta's content and metadata.
func (s *Store) UpdateDelta(ctx context.Context, d *orchestrator.Delta) error {
	set := columns{
		"env_id": d.EnvID, "name": d.Name, "shared": d.Shared, "archived": d.Archived,
		"contributors": doc[[]string]{d.Contributors}, "content": doc[deployset.Delta]{d.Content},
		"last_modified_at": nanos(d.LastModifiedAt),
	}
	where := key{"org_id": d.OrgID, "app_id": d.AppID, "id": d.ID}
	return s.update(ctx, &deltaRow{}, where, &d.Version, set, deltaObject(d.ID))
}
