package store

import (
	"context"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

type definitionRow struct {
	OrgID           string `gorm:"primaryKey"`
	ID              string `gorm:"primaryKey"`
	Type            string
	ActiveVersionID string
	IsDefault       bool
	IsDeleted       bool
	Created         int64 `gorm:"column:created_at"`
	CreatedBy       string
	Updated         int64 `gorm:"column:updated_at"`
	UpdatedBy       string
	Version         int64
}

// TableName names the table.
func (definitionRow) TableName() string { return "definitions" }

// distinct reports whether its criteria must differ from those of others.
func (r definitionRow) distinct() bool { return !r.IsDefault && !r.IsDeleted }

func (r definitionRow) domain() orchestrator.Definition {
	return orchestrator.Definition{
		OrgID: r.OrgID, ID: r.ID, Type: r.Type, ActiveVersionID: r.ActiveVersionID,
		IsDefault: r.IsDefault, IsDeleted: r.IsDeleted,
		CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy, UpdatedAt: instant(r.Updated), UpdatedBy: r.UpdatedBy,
		Version: r.Version, Criteria: []resource.Criteria{},
	}
}

func definitionObject(id string) object { return object{"resource definition", id} }

// CreateDefinition stores the definition, its Active version and its criteria.
func (s *Store) CreateDefinition(ctx context.Context, d *orchestrator.Definition) error {
	if d.Active.ID != d.ActiveVersionID || d.Active.OrgID != d.OrgID || d.Active.DefID != d.ID {
		return orchestrator.Errorf(orchestrator.CodeInternal,
			"%s names version %q as active but carries version %q", definitionObject(d.ID), d.ActiveVersionID, d.Active.ID)
	}
	row := definitionRow{
		OrgID: d.OrgID, ID: d.ID, Type: d.Type, ActiveVersionID: d.ActiveVersionID,
		IsDefault: d.IsDefault, IsDeleted: d.IsDeleted,
		Created: nanos(d.CreatedAt), CreatedBy: d.CreatedBy, Updated: nanos(d.UpdatedAt), UpdatedBy: d.UpdatedBy,
		Version: 1,
	}
	err := s.InTx(ctx, func(ctx context.Context) error {
		if err := s.insert(ctx, &row, definitionObject(d.ID), organizationObject(d.OrgID)); err != nil {
			return err
		}
		if err := s.CreateDefinitionVersion(ctx, &d.Active); err != nil {
			return err
		}
		return s.insertCriteria(ctx, row, d.Criteria)
	})
	if err != nil {
		return err
	}
	d.Version = row.Version
	return nil
}

// GetDefinition finds also deleted ones.
func (s *Store) GetDefinition(ctx context.Context, org, id string) (*orchestrator.Definition, error) {
	row, err := find[definitionRow](ctx, s, key{"org_id": org, "id": id}, definitionObject(id))
	if err != nil {
		return nil, err
	}
	d := row.domain()
	active, err := s.GetDefinitionVersion(ctx, org, id, d.ActiveVersionID)
	if err != nil {
		return nil, err
	}
	d.Active = *active
	query := s.reader(ctx).Where(key{"org_id": org, "def_id": id}).Clauses(order("position"))
	if d.Criteria, err = list(ctx, s, query, "matching criteria", criteriaRow.domain); err != nil {
		return nil, err
	}
	return &d, nil
}

// ListDefinitions lists by id with active version and criteria, in three
// statements however many there are; deleted adds deleted ones.
func (s *Store) ListDefinitions(ctx context.Context, org string, deleted bool) ([]orchestrator.Definition, error) {
	where := key{"org_id": org}
	if !deleted {
		where["is_deleted"] = false
	}
	definitions, err := list(ctx, s, s.reader(ctx).Where(where).Clauses(order("id")), "resource definitions", definitionRow.domain)
	if err != nil {
		return nil, err
	}
	ids := s.reader(ctx).Model(&definitionRow{}).Where(where).Select("active_version_id")
	versions, err := list(ctx, s, s.reader(ctx).Where(key{"org_id": org}).Where("id IN (?)", ids),
		"resource definition versions", definitionVersionRow.domain)
	if err != nil {
		return nil, err
	}
	criteria, err := list(ctx, s, s.reader(ctx).Where(key{"org_id": org}).Clauses(order("def_id", "position")),
		"matching criteria", func(r criteriaRow) criteriaRow { return r })
	if err != nil {
		return nil, err
	}
	return assemble(definitions, versions, criteria), nil
}

// assemble puts active versions and criteria into their definitions. One that
// changed between the statements and misses its version is left out.
func assemble(definitions []orchestrator.Definition, versions []orchestrator.DefinitionVersion, criteria []criteriaRow) []orchestrator.Definition {
	active := make(map[string]orchestrator.DefinitionVersion, len(versions))
	for _, v := range versions {
		active[v.DefID+"\x00"+v.ID] = v
	}
	of := map[string][]resource.Criteria{}
	for _, c := range criteria {
		of[c.DefID] = append(of[c.DefID], c.domain())
	}
	out := make([]orchestrator.Definition, 0, len(definitions))
	for _, d := range definitions {
		version, found := active[d.ID+"\x00"+d.ActiveVersionID]
		if !found {
			continue
		}
		d.Active = version
		d.Criteria = append(d.Criteria, of[d.ID]...)
		out = append(out, d)
	}
	return out
}

// UpdateDefinition writes the definition's own columns. Criteria stay, but when
// it stops being deleted or a default they must not equal those of another
// definition: CodeConflict.
func (s *Store) UpdateDefinition(ctx context.Context, d *orchestrator.Definition) error {
	version := d.Version
	err := s.InTx(ctx, func(ctx context.Context) error {
		version = d.Version // a repeated attempt starts over
		set := columns{
			"type": d.Type, "active_version_id": d.ActiveVersionID, "is_default": d.IsDefault, "is_deleted": d.IsDeleted,
			"updated_at": nanos(d.UpdatedAt), "updated_by": d.UpdatedBy,
		}
		where := key{"org_id": d.OrgID, "id": d.ID}
		if err := s.update(ctx, &definitionRow{}, where, &version, set, definitionObject(d.ID)); err != nil {
			return err
		}
		return s.adaptCriteria(ctx, definitionRow{OrgID: d.OrgID, ID: d.ID, Type: d.Type, IsDefault: d.IsDefault, IsDeleted: d.IsDeleted})
	})
	if err != nil {
		return err
	}
	d.Version = version
	return nil
}

// DeleteDefinition removes the definition with versions and criteria for good.
func (s *Store) DeleteDefinition(ctx context.Context, org, id string) error {
	return s.remove(ctx, &definitionRow{}, key{"org_id": org, "id": id}, definitionObject(id))
}
