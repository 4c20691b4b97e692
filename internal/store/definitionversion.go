package store

import (
	"context"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

type definitionVersionRow struct {
	OrgID               string `gorm:"primaryKey"`
	DefID               string `gorm:"primaryKey"`
	ID                  string `gorm:"primaryKey"`
	Name                string
	Type                string
	DriverType          string
	DriverAccount       string
	DriverInputs        doc[*driverInputsDoc]
	Provision           doc[map[string]provisionDoc]
	InPlaceDriverChange bool
	Action              string
	Active              bool
	Proposed            bool
	Archived            bool
	Created             int64 `gorm:"column:created_at"`
	CreatedBy           string
}

type driverInputsDoc struct {
	Values     map[string]any `json:"values"`
	SecretRefs map[string]any `json:"secret_refs"`
}

type provisionDoc struct {
	IsDependent     bool           `json:"is_dependent"`
	MatchDependents bool           `json:"match_dependents"`
	Params          map[string]any `json:"params"`
}

// TableName names the table.
func (definitionVersionRow) TableName() string { return "definition_versions" }

func newDefinitionVersionRow(v *orchestrator.DefinitionVersion) definitionVersionRow {
	var provision map[string]provisionDoc
	if v.Provision != nil {
		provision = make(map[string]provisionDoc, len(v.Provision))
	}
	for ref, p := range v.Provision {
		provision[ref] = provisionDoc(p)
	}
	return definitionVersionRow{
		OrgID: v.OrgID, DefID: v.DefID, ID: v.ID, Name: v.Name, Type: v.Type,
		DriverType: v.DriverType, DriverAccount: v.DriverAccount,
		DriverInputs: doc[*driverInputsDoc]{(*driverInputsDoc)(v.DriverInputs)}, Provision: doc[map[string]provisionDoc]{provision},
		InPlaceDriverChange: v.InPlaceDriverChange, Action: v.Action,
		Active: v.Active, Proposed: v.Proposed, Archived: v.Archived,
		Created: nanos(v.CreatedAt), CreatedBy: v.CreatedBy,
	}
}

func (r definitionVersionRow) domain() orchestrator.DefinitionVersion {
	var provision map[string]resource.Provision
	if r.Provision.V != nil {
		provision = make(map[string]resource.Provision, len(r.Provision.V))
	}
	for ref, p := range r.Provision.V {
		provision[ref] = resource.Provision(p)
	}
	return orchestrator.DefinitionVersion{
		OrgID: r.OrgID, DefID: r.DefID, ID: r.ID, Name: r.Name, Type: r.Type,
		DriverType: r.DriverType, DriverAccount: r.DriverAccount,
		DriverInputs: (*orchestrator.DriverInputs)(r.DriverInputs.V), Provision: provision,
		InPlaceDriverChange: r.InPlaceDriverChange, Action: r.Action,
		Active: r.Active, Proposed: r.Proposed, Archived: r.Archived,
		CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy,
	}
}

func definitionVersionObject(id string) object { return object{"resource definition version", id} }

// CreateDefinitionVersion stores a version of an existing definition.
func (s *Store) CreateDefinitionVersion(ctx context.Context, v *orchestrator.DefinitionVersion) error {
	row := newDefinitionVersionRow(v)
	return s.insert(ctx, &row, definitionVersionObject(v.ID), definitionObject(v.DefID))
}

// GetDefinitionVersion reads a version.
func (s *Store) GetDefinitionVersion(ctx context.Context, org, defID, id string) (*orchestrator.DefinitionVersion, error) {
	where := key{"org_id": org, "def_id": defID, "id": id}
	row, err := find[definitionVersionRow](ctx, s, where, definitionVersionObject(id))
	if err != nil {
		return nil, err
	}
	v := row.domain()
	return &v, nil
}

// ListDefinitionVersions lists newest first.
func (s *Store) ListDefinitionVersions(ctx context.Context, org, defID string) ([]orchestrator.DefinitionVersion, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "def_id": defID}).Clauses(newestFirst)
	return list(ctx, s, query, "resource definition versions", definitionVersionRow.domain)
}

// UpdateDefinitionVersion writes the flags active, proposed and archived.
func (s *Store) UpdateDefinitionVersion(ctx context.Context, v *orchestrator.DefinitionVersion) error {
	where := key{"org_id": v.OrgID, "def_id": v.DefID, "id": v.ID}
	set := columns{"active": v.Active, "proposed": v.Proposed, "archived": v.Archived}
	return s.overwrite(ctx, &definitionVersionRow{}, where, set, definitionVersionObject(v.ID))
}

// DeleteDefinitionVersion forgets a version.
func (s *Store) DeleteDefinitionVersion(ctx context.Context, org, defID, id string) error {
	where := key{"org_id": org, "def_id": defID, "id": id}
	return s.remove(ctx, &definitionVersionRow{}, where, definitionVersionObject(id))
}
