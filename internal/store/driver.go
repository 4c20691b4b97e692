package store

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
)

type driverRow struct {
	OrgID        string `gorm:"primaryKey"`
	ID           string `gorm:"primaryKey"`
	Type         string
	AccountTypes doc[[]string]
	InputsSchema doc[map[string]any]
	Target       string
	Template     doc[any]
	Version      int64
}

// TableName names the table.
func (driverRow) TableName() string { return "drivers" }

func (r driverRow) domain() orchestrator.DriverDefinition {
	return orchestrator.DriverDefinition{
		OrgID: r.OrgID, ID: r.ID, Type: r.Type, AccountTypes: r.AccountTypes.V, InputsSchema: r.InputsSchema.V,
		Target: r.Target, Template: r.Template.V, Version: r.Version,
	}
}

func driverObject(id string) object { return object{"driver", id} }

// CreateDriver stores a driver.
func (s *Store) CreateDriver(ctx context.Context, d *orchestrator.DriverDefinition) error {
	row := driverRow{
		OrgID: d.OrgID, ID: d.ID, Type: d.Type,
		AccountTypes: doc[[]string]{d.AccountTypes}, InputsSchema: doc[map[string]any]{d.InputsSchema},
		Target: d.Target, Template: doc[any]{d.Template}, Version: 1,
	}
	err := s.InTx(ctx, func(ctx context.Context) error {
		if err := s.holdOwner(ctx, d.OrgID); err != nil {
			return err
		}
		return s.insert(ctx, &row, driverObject(d.ID), object{})
	})
	if err != nil {
		return err
	}
	d.Version = row.Version
	return nil
}

// ListDrivers lists the organization's own registered drivers, by id.
func (s *Store) ListDrivers(ctx context.Context, org string) ([]orchestrator.DriverDefinition, error) {
	query := s.reader(ctx).Where(key{"org_id": org}).Clauses(order("id"))
	return list(ctx, s, query, "drivers", driverRow.domain)
}

// GetDriver reads a driver.
func (s *Store) GetDriver(ctx context.Context, org, id string) (*orchestrator.DriverDefinition, error) {
	row, err := find[driverRow](ctx, s, key{"org_id": org, "id": id}, driverObject(id))
	if err != nil {
		return nil, err
	}
	d := row.domain()
	return &d, nil
}

// UpdateDriver writes a driver.
func (s *Store) UpdateDriver(ctx context.Context, d *orchestrator.DriverDefinition) error {
	set := columns{
		"type": d.Type, "account_types": doc[[]string]{d.AccountTypes},
		"inputs_schema": doc[map[string]any]{d.InputsSchema}, "target": d.Target, "template": doc[any]{d.Template},
	}
	return s.update(ctx, &driverRow{}, key{"org_id": d.OrgID, "id": d.ID}, &d.Version, set, driverObject(d.ID))
}

// DeleteDriver removes a driver.
func (s *Store) DeleteDriver(ctx context.Context, org, id string) error {
	return s.remove(ctx, &driverRow{}, key{"org_id": org, "id": id}, driverObject(id))
}
