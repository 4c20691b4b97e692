package store

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
)

type resourceClassRow struct {
	OrgID       string `gorm:"primaryKey"`
	ResType     string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	Description string
	Created     int64 `gorm:"column:created_at"`
	CreatedBy   string
}

// TableName names the table.
func (resourceClassRow) TableName() string { return "resource_classes" }

func (r resourceClassRow) domain() orchestrator.ResourceClass {
	return orchestrator.ResourceClass{
		OrgID: r.OrgID, ResourceType: r.ResType, ID: r.ID, Description: r.Description,
		CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy,
	}
}

func resourceClassObject(id string) object { return object{"resource class", id} }

func resourceClassKey(org, resourceType, id string) key {
	return key{"org_id": org, "res_type": resourceType, "id": id}
}

// CreateResourceClass stores a class of a resource type.
func (s *Store) CreateResourceClass(ctx context.Context, c *orchestrator.ResourceClass) error {
	row := resourceClassRow{
		OrgID: c.OrgID, ResType: c.ResourceType, ID: c.ID, Description: c.Description,
		Created: nanos(c.CreatedAt), CreatedBy: c.CreatedBy,
	}
	return s.InTx(ctx, func(ctx context.Context) error {
		if err := s.holdOwner(ctx, c.OrgID); err != nil {
			return err
		}
		return s.insert(ctx, &row, resourceClassObject(c.ID), object{})
	})
}

// ListResourceClasses lists by type and id; resourceType "" = all.
func (s *Store) ListResourceClasses(ctx context.Context, org, resourceType string) ([]orchestrator.ResourceClass, error) {
	query := s.reader(ctx).Where(key{"org_id": org}).Clauses(order("res_type", "id"))
	if resourceType != "" {
		query = query.Where(key{"res_type": resourceType})
	}
	return list(ctx, s, query, "resource classes", resourceClassRow.domain)
}

// GetResourceClass reads a class.
func (s *Store) GetResourceClass(ctx context.Context, org, resourceType, id string) (*orchestrator.ResourceClass, error) {
	row, err := find[resourceClassRow](ctx, s, resourceClassKey(org, resourceType, id), resourceClassObject(id))
	if err != nil {
		return nil, err
	}
	c := row.domain()
	return &c, nil
}

// UpdateResourceClass writes the description; the last writer wins.
func (s *Store) UpdateResourceClass(ctx context.Context, c *orchestrator.ResourceClass) error {
	where := resourceClassKey(c.OrgID, c.ResourceType, c.ID)
	return s.overwrite(ctx, &resourceClassRow{}, where, columns{"description": c.Description}, resourceClassObject(c.ID))
}

// DeleteResourceClass removes a class.
func (s *Store) DeleteResourceClass(ctx context.Context, org, resourceType, id string) error {
	return s.remove(ctx, &resourceClassRow{}, resourceClassKey(org, resourceType, id), resourceClassObject(id))
}
