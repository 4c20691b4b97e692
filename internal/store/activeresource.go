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
	GUResID            string `gorm:"primaryKey;column:guresid"`
	ResType            string
	Class              string
	ResID              string
	EnvType            string
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
	Retired            bool
	Deletions          int
	DeletionAt         int64
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
		Retired: r.Retired, Deletions: r.Deletions, DeletionAt: nanos(r.DeletionAt),
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
		Retired: r.Retired, Deletions: r.Deletions, DeletionAt: instant(r.DeletionAt),
	}
}

func (r activeResourceRow) mutable() columns {
	return columns{
		"env_type": r.EnvType,
		"def_id":   r.DefID, "def_version_id": r.DefVersionID, "target_def_version_id": r.TargetDefVersionID,
		"criteria_id": r.CriteriaID, "driver_type": r.DriverType, "driver_account": r.DriverAccount,
		"outputs": r.Outputs, "secret_refs": r.SecretRefs, "sealed": r.Sealed, "depends_on": r.DependsOn,
		"status": r.Status, "status_message": r.StatusMessage, "attempted": r.Attempted, "deploy_id": r.DeployID,
		"scheduled_deletion": r.ScheduledDeletion, "updated_at": r.Updated,
		"retired": r.Retired, "deletions": r.Deletions, "deletion_at": r.DeletionAt,
	}
}

func activeResourceObject(k resource.Key) object { return object{"active resource", k.String()} }

// placeKey finds the one resource of a place that is not retired.
func placeKey(ref orchestrator.EnvRef, k resource.Key) key {
	k = k.Normalized()
	where := inEnvironment(ref)
	where["res_type"], where["class"], where["res_id"], where["retired"] = k.Type, k.Class, k.ID, false
	return where
}

func guresidKey(ref orchestrator.EnvRef, guresid string) key {
	where := inEnvironment(ref)
	where["guresid"] = guresid
	return where
}

// ReserveResource returns the active resource of the key, creating it when there
// is none. Of several callers at once one creates and all get the same GUResID.
func (s *Store) ReserveResource(ctx context.Context, r *orchestrator.ActiveResource) (*orchestrator.ActiveResource, error) {
	ref := orchestrator.EnvRef{OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID}
	var reserved *orchestrator.ActiveResource
	err := s.InTx(ctx, func(ctx context.Context) error {
		row := newActiveResourceRow(r)
		row.Status, row.Retired = orchestrator.ResourcePending, false
		err := s.writer(ctx).Clauses(clause.OnConflict{
			Columns: []clause.Column{
				{Name: "org_id"}, {Name: "app_id"}, {Name: "env_id"}, {Name: "res_type"}, {Name: "class"}, {Name: "res_id"},
			},
			TargetWhere: clause.Where{Exprs: []clause.Expression{clause.Expr{SQL: "NOT retired"}}},
			DoNothing:   true,
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

// AddRetiredResource stores a resource beside the one of its place.
func (s *Store) AddRetiredResource(ctx context.Context, r *orchestrator.ActiveResource) error {
	row := newActiveResourceRow(r)
	row.Retired = true
	if err := s.insert(ctx, &row, object{"active resource", r.GUResID}, environmentObject(r.EnvID)); err != nil {
		return err
	}
	r.Retired, r.Version = true, row.Version
	return nil
}

// GetActiveResource reads the one active resource of the key that is not retired.
func (s *Store) GetActiveResource(ctx context.Context, ref orchestrator.EnvRef, k resource.Key) (*orchestrator.ActiveResource, error) {
	return s.activeResource(ctx, placeKey(ref, k), activeResourceObject(k))
}

// FindActiveResource reads a resource by its GUResID, retired or not.
func (s *Store) FindActiveResource(ctx context.Context, ref orchestrator.EnvRef, guresid string) (*orchestrator.ActiveResource, error) {
	return s.activeResource(ctx, guresidKey(ref, guresid), object{"active resource", guresid})
}

func (s *Store) activeResource(ctx context.Context, where key, self object) (*orchestrator.ActiveResource, error) {
	row, err := find[activeResourceRow](ctx, s, where, self)
	if err != nil {
		return nil, err
	}
	r := row.domain()
	return &r, nil
}

// ListActiveResources lists those that are not retired by type, class, id.
func (s *Store) ListActiveResources(ctx context.Context, ref orchestrator.EnvRef) ([]orchestrator.ActiveResource, error) {
	return s.listActiveResources(ctx, ref, false)
}

// ListRetiredResources lists the retired ones by type, class, id and age.
func (s *Store) ListRetiredResources(ctx context.Context, ref orchestrator.EnvRef) ([]orchestrator.ActiveResource, error) {
	return s.listActiveResources(ctx, ref, true)
}

func (s *Store) listActiveResources(ctx context.Context, ref orchestrator.EnvRef, retired bool) ([]orchestrator.ActiveResource, error) {
	where := inEnvironment(ref)
	where["retired"] = retired
	query := s.reader(ctx).Where(where).Clauses(order("res_type", "class", "res_id", "created_at", "guresid"))
	return list(ctx, s, query, "active resources", activeResourceRow.domain)
}

// DeletingResources lists resources of all organizations with status deleting,
// by organization, environment and GUResID, at most limit (0 = all).
func (s *Store) DeletingResources(ctx context.Context, limit int) ([]orchestrator.ActiveResource, error) {
	// The condition is spelled literally for the partial index.
	query := s.reader(systemWide(ctx)).Where("status = 'deleting'").Clauses(order("org_id", "app_id", "env_id", "guresid"))
	if limit > 0 {
		query = query.Limit(limit)
	}
	return list(ctx, s, query, "active resources", activeResourceRow.domain)
}

// ListActiveResourcesOf lists those of all environments made by a definition,
// by application, environment and key, retired ones included.
func (s *Store) ListActiveResourcesOf(ctx context.Context, org, defID string) ([]orchestrator.ActiveResource, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "def_id": defID}).
		Clauses(order("app_id", "env_id", "res_type", "class", "res_id", "created_at", "guresid"))
	return list(ctx, s, query, "active resources", activeResourceRow.domain)
}

// CountActiveResourcesOfType counts those of all environments, retired ones included.
func (s *Store) CountActiveResourcesOfType(ctx context.Context, org, resourceType string) (int, error) {
	var n int64
	err := s.reader(ctx).Model(&activeResourceRow{}).Where(key{"org_id": org, "res_type": resourceType}).Count(&n).Error
	return int(n), s.fail(ctx, err, "count active resources")
}

// UpdateActiveResource writes everything but the resource's place, GUResID and creation.
func (s *Store) UpdateActiveResource(ctx context.Context, r *orchestrator.ActiveResource) error {
	where := guresidKey(orchestrator.EnvRef{OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID}, r.GUResID)
	return s.update(ctx, &activeResourceRow{}, where, &r.Version, newActiveResourceRow(r).mutable(), activeResourceObject(r.Key))
}

// DeleteActiveResource forgets a resource, retired or not.
func (s *Store) DeleteActiveResource(ctx context.Context, ref orchestrator.EnvRef, guresid string) error {
	return s.remove(ctx, &activeResourceRow{}, guresidKey(ref, guresid), object{"active resource", guresid})
}
