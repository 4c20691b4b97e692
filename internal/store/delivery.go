package store

import (
	"context"

	"gorm.io/gorm/clause"

	"github.com/slipway-dev/slipway/orchestrator"
)

type manifestsRow struct {
	OrgID        string `gorm:"primaryKey"`
	DeploymentID string `gorm:"primaryKey"`
	Sealed       []byte
	Objects      int
	Created      int64 `gorm:"column:created_at"`
}

// TableName names the table.
func (manifestsRow) TableName() string { return "manifests" }

type inventoryRow struct {
	OrgID        string `gorm:"primaryKey"`
	AppID        string `gorm:"primaryKey"`
	EnvID        string `gorm:"primaryKey"`
	Target       string `gorm:"primaryKey"`
	APIVersion   string `gorm:"primaryKey"`
	Kind         string `gorm:"primaryKey"`
	Namespace    string `gorm:"primaryKey"`
	Name         string `gorm:"primaryKey"`
	DeploymentID string
	Created      int64 `gorm:"column:created_at"`
	Updated      int64 `gorm:"column:updated_at"`
}

// TableName names the table.
func (inventoryRow) TableName() string { return "inventory" }

func (r inventoryRow) domain() orchestrator.InventoryEntry {
	return orchestrator.InventoryEntry{
		OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID, Target: r.Target,
		APIVersion: r.APIVersion, Kind: r.Kind, Namespace: r.Namespace, Name: r.Name,
		DeploymentID: r.DeploymentID, CreatedAt: instant(r.Created), UpdatedAt: instant(r.Updated),
	}
}

// PutManifests stores what a deployment rendered, replacing an earlier rendering.
func (s *Store) PutManifests(ctx context.Context, m *orchestrator.ManifestSet) error {
	row := manifestsRow{
		OrgID: m.OrgID, DeploymentID: m.DeploymentID, Sealed: notNil(m.Sealed), Objects: m.Objects, Created: nanos(m.CreatedAt),
	}
	err := s.writer(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "org_id"}, {Name: "deployment_id"}},
		DoUpdates: clause.AssignmentColumns([]string{"sealed", "objects", "created_at"}),
	}).Create(&row).Error
	if err != nil && classify(err) == faultForeignKey {
		return deploymentObject(m.DeploymentID).missing()
	}
	return s.fail(ctx, err, "store the manifests of "+deploymentObject(m.DeploymentID).String())
}

// GetManifests reads what a deployment rendered.
func (s *Store) GetManifests(ctx context.Context, org, deploymentID string) (*orchestrator.ManifestSet, error) {
	where := key{"org_id": org, "deployment_id": deploymentID}
	row, err := find[manifestsRow](ctx, s, where, object{"manifest set of deployment", deploymentID})
	if err != nil {
		return nil, err
	}
	return &orchestrator.ManifestSet{
		OrgID: row.OrgID, DeploymentID: row.DeploymentID, Sealed: row.Sealed, Objects: row.Objects,
		CreatedAt: instant(row.Created),
	}, nil
}

// PutInventory adds or refreshes entries; one that exists keeps its CreatedAt.
// Of equal entries in one call the last counts.
func (s *Store) PutInventory(ctx context.Context, entries []orchestrator.InventoryEntry) error {
	at := map[inventoryRow]int{}
	rows := make([]inventoryRow, 0, len(entries))
	for _, e := range entries {
		row := inventoryIdentity(e)
		i, twice := at[row]
		if !twice {
			i = len(rows)
			at[row] = i
			rows = append(rows, row)
		}
		row.DeploymentID, row.Created, row.Updated = e.DeploymentID, nanos(e.CreatedAt), nanos(e.UpdatedAt)
		rows[i] = row
	}
	if len(rows) == 0 {
		return nil
	}
	return s.InTx(ctx, func(ctx context.Context) error {
		err := s.writer(ctx).Clauses(clause.OnConflict{
			Columns: []clause.Column{
				{Name: "org_id"}, {Name: "app_id"}, {Name: "env_id"}, {Name: "target"},
				{Name: "api_version"}, {Name: "kind"}, {Name: "namespace"}, {Name: "name"},
			},
			DoUpdates: clause.AssignmentColumns([]string{"deployment_id", "updated_at"}),
		}).CreateInBatches(&rows, batch).Error
		if err != nil && classify(err) == faultForeignKey {
			return environmentObject(entries[0].EnvID).missing()
		}
		return s.fail(ctx, err, "store inventory entries")
	})
}

// inventoryIdentity is a row with nothing but its key.
func inventoryIdentity(e orchestrator.InventoryEntry) inventoryRow {
	return inventoryRow{
		OrgID: e.OrgID, AppID: e.AppID, EnvID: e.EnvID, Target: e.Target,
		APIVersion: e.APIVersion, Kind: e.Kind, Namespace: e.Namespace, Name: e.Name,
	}
}

// ListInventory lists by target, namespace, kind, API version and name.
func (s *Store) ListInventory(ctx context.Context, ref orchestrator.EnvRef) ([]orchestrator.InventoryEntry, error) {
	query := s.reader(ctx).Where(inEnvironment(ref)).Clauses(order("target", "namespace", "kind", "api_version", "name"))
	return list(ctx, s, query, "inventory entries", inventoryRow.domain)
}

// DeleteInventory forgets entries; one that is not there is no error.
func (s *Store) DeleteInventory(ctx context.Context, entries []orchestrator.InventoryEntry) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		for _, e := range entries {
			err := s.writer(ctx).Where(key{
				"org_id": e.OrgID, "app_id": e.AppID, "env_id": e.EnvID, "target": e.Target,
				"api_version": e.APIVersion, "kind": e.Kind, "namespace": e.Namespace, "name": e.Name,
			}).Delete(&inventoryRow{}).Error
			if err != nil {
				return s.fail(ctx, err, "delete an inventory entry")
			}
		}
		return nil
	})
}
