package store

import (
	"context"

	"gorm.io/gorm/clause"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

type activeResourceRow struct {
	OrgID              string `gorm:"primaryKey"`
	AppID              string `gorm:"primaryKey"`
	EnvID              string `gorm:"primaryKey"`
	ResType            string `gorm:"primaryKey"`
	Class              string `gorm:"primaryKey"`
	ResID              string `gorm:"primaryKey"`
	EnvType            string
	GUResID            string `gorm:"column:guresid"`
	DefID              string
	DefVersionID       string
	TargetDefVersionID string
	CriteriaID         string
	DriverType         string
	DriverAccount      string
	Outputs            doc[map[string]any]
	SecretRefs         doc[map[string]any]
	Sealed             []byte
	DependsOn          doc[[]string]
	Status             string
	StatusMessage      string
	Attempted          bool
	DeployID           string
	ScheduledDeletion  bool
	Created            int64 `gorm:"column:created_at"`
	Updated            int64 `gorm:"column:updated_at"`
	Version            int64
}

// TableName names the table.
func (activeResourceRow) TableName() string { return "active_resources" }

func newActiveResourceRow(r *orchestrator.ActiveResource) activeResourceRow {
	k := r.Key.Normalized()
	return activeResourceRow{
		OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID, ResType: k.Type, Class: k.Class, ResID: k.ID,
		EnvType: r.EnvType, GUResID: r.GUResID,
		DefID: r.DefID, DefVersionID: r.DefVersionID, TargetDefVersionID: r.TargetDefVersionID, CriteriaID: r.CriteriaID,
		DriverType: r.DriverType, DriverAccount: r.DriverAccount,
		Outputs: doc[map[string]any]{r.Values}, SecretRefs: doc[map[string]any]{r.SecretRefs}, Sealed: r.Sealed,
		DependsOn: doc[[]string]{r.DependsOn}, Status: r.Status, StatusMessage: r.StatusMessage, Attempted: r.Attempted, DeployID: r.DeployID,
		ScheduledDeletion: r.ScheduledDeletion, Created: nanos(r.CreatedAt), Updated: nanos(r.UpdatedAt), Version: 1,
	}
}

func (r activeResourceRow) domain() orchestrator.ActiveResource {
	return orchestrator.ActiveResource{
		OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID, EnvType: r.EnvType,
		Key: resource.Key{Type: r.ResType, Class: r.Class, ID: r.ResID}, GUResID: r.GUResID,
		DefID: r.DefID, DefVersionID: r.DefVersionID, TargetDefVersionID: r.TargetDefVersionID, CriteriaID: r.CriteriaID,
		DriverType: r.DriverType, DriverAccount: r.DriverAccount,
		Values: r.Outputs.V, SecretRefs: r.SecretRefs.V, Sealed: r.Sealed, DependsOn: r.DependsOn.V,
		Status: r.Status, StatusMessage: r.StatusMessage, Attempted: r.Attempted, DeployID: r.DeployID, ScheduledDeletion: r.ScheduledDeletion,
		CreatedAt: instant(r.Created), UpdatedAt: instant(r.Updated), Version: r.Version,
	}
}

func (r activeResourceRow) mutable() columns {
	return columns{
		"env_type": r.EnvType, "guresid": r.GUResID,
		"def_id": r.DefID, "def_version_id": r.DefVersionID, "target_def_version_id": r.TargetDefVersionID,
		"criteria_id": r.CriteriaID, "driver_type": r.DriverType, "driver_account": r.DriverAccount,
		"outputs": r.Outputs, "secret_refs": r.SecretRefs, "sealed": r.Sealed, "depends_on": r.DependsOn,
		"status": r.Status, "status_message": r.StatusMessage, "attempted": r.Attempted, "deploy_id": r.DeployID,
		"scheduled_deletion": r.ScheduledDeletion, "updated_at": r.Updated,
	}
}

func activeResourceObject(k resource.Key) object { return object{"active resource", k.String()} }

func activeResourceKey(ref orchestrator.EnvRef, k resource.Key) key {
	k = k.Normalized()
	where := inEnvironment(ref)
	where["res_type"], where["class"], where["res_id"] = k.Type, k.Class, k.ID
	return where
}

// ReserveResource returns the active resource of the key, creating it when there
// is none. Of several callers at once one creates and all get the same GUResID.
func (s *Store) ReserveResource(ctx context.Context, r *orchestrator.ActiveResource) (*orchestrator.ActiveResource, error) {
	ref := orchestrator.EnvRef{OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID}
	var reserved *orchestrator.ActiveResource
	err := s.InTx(ctx, func(ctx context.Context) error {
		row := newActiveResourceRow(r)
		row.Status = orchestrator.ResourcePending
		err := s.writer(ctx).Clauses(clause.OnConflict{
			Columns: []clause.Column{
				{Name: "org_id"}, {Name: "app_id"}, {Name: "env_id"}, {Name: "res_type"}, {Name: "class"}, {Name: "res_id"},
			},
			DoNothing: true,
		}).Create(&row).Error
		if err != nil && classify(err) == faultForeignKey {
			return environmentObject(r.EnvID).missing()
		}
		if err != nil {
			return s.fail(ctx, err, "reserve "+activeResourceObject(r.Key).String())
		}
		reserved, err = s.GetActiveResource(ctx, ref, r.Key)
		return err
	})
	return reserved, err
}

// GetActiveResource reads one active resource.
func (s *Store) GetActiveResource(ctx context.Context, ref orchestrator.EnvRef, k resource.Key) (*orchestrator.ActiveResource, error) {
	row, err := find[activeResourceRow](ctx, s, activeResourceKey(ref, k), activeResourceObject(k))
	if err != nil {
		return nil, err
	}
	r := row.domain()
	return &r, nil
}

// ListActiveResources lists by type, class, id.
func (s *Store) ListActiveResources(ctx context.Context, ref orchestrator.EnvRef) ([]orchestrator.ActiveResource, error) {
	query := s.reader(ctx).Where(inEnvironment(ref)).Clauses(order("res_type", "class", "res_id"))
	return list(ctx, s, query, "active resources", activeResourceRow.domain)
}

// ListActiveResourcesOf lists those of all environments made by a definition,
// by application, environment and key.
func (s *Store) ListActiveResourcesOf(ctx context.Context, org, defID string) ([]orchestrator.ActiveResource, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "def_id": defID}).
		Clauses(order("app_id", "env_id", "res_type", "class", "res_id"))
	return list(ctx, s, query, "active resources", activeResourceRow.domain)
}

// CountActiveResourcesOfType counts those of all environments.
func (s *Store) CountActiveResourcesOfType(ctx context.Context, org, resourceType string) (int, error) {
	var n int64
	err := s.reader(ctx).Model(&activeResourceRow{}).Where(key{"org_id": org, "res_type": resourceType}).Count(&n).Error
	return int(n), s.fail(ctx, err, "count active resources")
}

// UpdateActiveResource writes everything but the resource's place and creation.
func (s *Store) UpdateActiveResource(ctx context.Context, r *orchestrator.ActiveResource) error {
	where := activeResourceKey(orchestrator.EnvRef{OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID}, r.Key)
	return s.update(ctx, &activeResourceRow{}, where, &r.Version, newActiveResourceRow(r).mutable(), activeResourceObject(r.Key))
}

// DeleteActiveResource forgets an active resource.
func (s *Store) DeleteActiveResource(ctx context.Context, ref orchestrator.EnvRef, k resource.Key) error {
	return s.remove(ctx, &activeResourceRow{}, activeResourceKey(ref, k), activeResourceObject(k))
}
