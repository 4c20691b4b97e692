package store

import (
	"context"
	"slices"

	"gorm.io/gorm/clause"

	"github.com/slipway-dev/slipway/orchestrator"
)

type resourceTypeRow struct {
	OrgID         string `gorm:"primaryKey"`
	ID            string `gorm:"primaryKey"`
	Name          string
	Category      string
	Use           string
	InputsSchema  doc[map[string]any]
	OutputsSchema doc[map[string]any]
	Version       int64
}

// TableName names the table.
func (resourceTypeRow) TableName() string { return "resource_types" }

func (r resourceTypeRow) domain() orchestrator.ResourceType {
	return orchestrator.ResourceType{
		OrgID: r.OrgID, ID: r.ID, Name: r.Name, Category: r.Category, Use: r.Use,
		InputsSchema: r.InputsSchema.V, OutputsSchema: r.OutputsSchema.V, Version: r.Version,
	}
}

func resourceTypeObject(id string) object { return object{"resource type", id} }

// CreateResourceType stores a resource type, of an organization or built in.
func (s *Store) CreateResourceType(ctx context.Context, t *orchestrator.ResourceType) error {
	row := resourceTypeRow{
		OrgID: t.OrgID, ID: t.ID, Name: t.Name, Category: t.Category, Use: t.Use,
		InputsSchema: doc[map[string]any]{t.InputsSchema}, OutputsSchema: doc[map[string]any]{t.OutputsSchema}, Version: 1,
	}
	err := s.InTx(ctx, func(ctx context.Context) error {
		if err := s.holdOwner(ctx, t.OrgID); err != nil {
			return err
		}
		return s.insert(ctx, &row, resourceTypeObject(t.ID), object{})
	})
	if err != nil {
		return err
	}
	t.Version = row.Version
	return nil
}

// holdOwner makes sure that an organization exists; the owner of what is built
// in needs no record.
func (s *Store) holdOwner(ctx context.Context, org string) error {
	if org == orchestrator.BuiltinOrg {
		return nil
	}
	return s.holdOrganization(ctx, org)
}

// ListResourceTypes lists the organization's own and the built-in ones, by id.
// An own type hides the built-in one of the same id.
func (s *Store) ListResourceTypes(ctx context.Context, org string) ([]orchestrator.ResourceType, error) {
	query := s.reader(ctx).Where(key{"org_id": []string{org, orchestrator.BuiltinOrg}}).Clauses(order("id"), ownFirst(org))
	types, err := list(ctx, s, query, "resource types", resourceTypeRow.domain)
	if err != nil {
		return nil, err
	}
	return slices.CompactFunc(types, func(a, b orchestrator.ResourceType) bool { return a.ID == b.ID }), nil
}

// ownFirst sorts rows of the organization before built-in ones.
func ownFirst(org string) clause.OrderBy {
	return clause.OrderBy{Columns: []clause.OrderByColumn{{Column: clause.Column{Name: "org_id"}, Desc: org > orchestrator.BuiltinOrg}}}
}

// GetResourceType finds the organization's own type, else the built-in one.
func (s *Store) GetResourceType(ctx context.Context, org, id string) (*orchestrator.ResourceType, error) {
	query := s.reader(ctx).Where(key{"org_id": []string{org, orchestrator.BuiltinOrg}, "id": id}).Clauses(ownFirst(org))
	row, err := take[resourceTypeRow](ctx, s, query, resourceTypeObject(id))
	if err != nil {
		return nil, err
	}
	t := row.domain()
	return &t, nil
}

// UpdateResourceType writes a type of exactly the organization it names.
func (s *Store) UpdateResourceType(ctx context.Context, t *orchestrator.ResourceType) error {
	set := columns{
		"name": t.Name, "category": t.Category, "use": t.Use,
		"inputs_schema": doc[map[string]any]{t.InputsSchema}, "outputs_schema": doc[map[string]any]{t.OutputsSchema},
	}
	where := key{"org_id": t.OrgID, "id": t.ID}
	return s.update(ctx, &resourceTypeRow{}, where, &t.Version, set, resourceTypeObject(t.ID))
}

// DeleteResourceType removes a type of exactly that organization.
func (s *Store) DeleteResourceType(ctx context.Context, org, id string) error {
	return s.remove(ctx, &resourceTypeRow{}, key{"org_id": org, "id": id}, resourceTypeObject(id))
}
