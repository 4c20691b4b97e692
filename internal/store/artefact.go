package store

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
)

type artefactRow struct {
	OrgID     string `gorm:"primaryKey"`
	ID        string `gorm:"primaryKey"`
	Name      string
	Type      string
	Created   int64 `gorm:"column:created_at"`
	CreatedBy string
	Updated   int64 `gorm:"column:updated_at"`
	UpdatedBy string
}

// TableName names the table.
func (artefactRow) TableName() string { return "artefacts" }

func (r artefactRow) domain() orchestrator.Artefact {
	return orchestrator.Artefact{
		OrgID: r.OrgID, ID: r.ID, Name: r.Name, Type: r.Type,
		CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy, UpdatedAt: instant(r.Updated), UpdatedBy: r.UpdatedBy,
	}
}

func artefactObject(id string) object { return object{"artefact", id} }

// CreateArtefact stores an artefact; of a name there is one of each kind.
func (s *Store) CreateArtefact(ctx context.Context, a *orchestrator.Artefact) error {
	row := artefactRow{
		OrgID: a.OrgID, ID: a.ID, Name: a.Name, Type: a.Type,
		Created: nanos(a.CreatedAt), CreatedBy: a.CreatedBy, Updated: nanos(a.UpdatedAt), UpdatedBy: a.UpdatedBy,
	}
	return s.insert(ctx, &row, artefactObject(a.Name), organizationObject(a.OrgID))
}

// GetArtefact reads an artefact.
func (s *Store) GetArtefact(ctx context.Context, org, id string) (*orchestrator.Artefact, error) {
	return s.oneArtefact(ctx, key{"org_id": org, "id": id}, id)
}

// FindArtefact reads an artefact by kind and name.
func (s *Store) FindArtefact(ctx context.Context, org, kind, name string) (*orchestrator.Artefact, error) {
	return s.oneArtefact(ctx, key{"org_id": org, "type": kind, "name": name}, name)
}

func (s *Store) oneArtefact(ctx context.Context, where key, name string) (*orchestrator.Artefact, error) {
	row, err := find[artefactRow](ctx, s, where, artefactObject(name))
	if err != nil {
		return nil, err
	}
	a := row.domain()
	return &a, nil
}

// ListArtefacts lists by name; kind and name "" = any.
func (s *Store) ListArtefacts(ctx context.Context, org, kind, name string) ([]orchestrator.Artefact, error) {
	where := key{"org_id": org}
	if kind != "" {
		where["type"] = kind
	}
	if name != "" {
		where["name"] = name
	}
	return list(ctx, s, s.reader(ctx).Where(where).Clauses(order("name", "type")), "artefacts", artefactRow.domain)
}

// UpdateArtefact writes when and by whom the artefact was updated.
func (s *Store) UpdateArtefact(ctx context.Context, a *orchestrator.Artefact) error {
	set := columns{"updated_at": nanos(a.UpdatedAt), "updated_by": a.UpdatedBy}
	return s.overwrite(ctx, &artefactRow{}, key{"org_id": a.OrgID, "id": a.ID}, set, artefactObject(a.ID))
}

// DeleteArtefact removes the artefact with all its versions.
func (s *Store) DeleteArtefact(ctx context.Context, org, id string) error {
	return s.remove(ctx, &artefactRow{}, key{"org_id": org, "id": id}, artefactObject(id))
}
