package store

import (
	"context"

	"gorm.io/gorm/clause"

	"github.com/slipway-dev/slipway/orchestrator"
)

type environmentRow struct {
	OrgID           string `gorm:"primaryKey"`
	AppID           string `gorm:"primaryKey"`
	ID              string `gorm:"primaryKey"`
	Name            string
	TypeID          string
	FromDeployID    string
	LastDeployID    string
	QueuePolicy     string
	Status          string
	StatusMessage   string
	StatusChangedAt int64
	Created         int64 `gorm:"column:created_at"`
	CreatedBy       string
	Version         int64
}

// TableName names the table.
func (environmentRow) TableName() string { return "environments" }

func (r environmentRow) domain() orchestrator.Environment {
	return orchestrator.Environment{
		OrgID: r.OrgID, AppID: r.AppID, ID: r.ID, Name: r.Name, TypeID: r.TypeID,
		FromDeployID: r.FromDeployID, LastDeployID: r.LastDeployID, QueuePolicy: orchestrator.QueuePolicy(r.QueuePolicy),
		Status: r.Status, StatusMessage: r.StatusMessage, StatusChangedAt: instant(r.StatusChangedAt),
		CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy, Version: r.Version,
	}
}

func environmentObject(id string) object { return object{"environment", id} }

// environmentKey is the condition on the environments table.
func environmentKey(ref orchestrator.EnvRef) key {
	return key{"org_id": ref.OrgID, "app_id": ref.AppID, "id": ref.EnvID}
}

// inEnvironment is the condition on tables below it.
func inEnvironment(ref orchestrator.EnvRef) key {
	return key{"org_id": ref.OrgID, "app_id": ref.AppID, "env_id": ref.EnvID}
}

// CreateEnvironment stores an environment; its application and its type must exist.
func (s *Store) CreateEnvironment(ctx context.Context, e *orchestrator.Environment) error {
	row := environmentRow{
		OrgID: e.OrgID, AppID: e.AppID, ID: e.ID, Name: e.Name, TypeID: e.TypeID,
		FromDeployID: e.FromDeployID, LastDeployID: e.LastDeployID, QueuePolicy: string(e.QueuePolicy),
		Status: e.Status, StatusMessage: e.StatusMessage, StatusChangedAt: nanos(e.StatusChangedAt),
		Created: nanos(e.CreatedAt), CreatedBy: e.CreatedBy, Version: 1,
	}
	err := s.InTx(ctx, func(ctx context.Context) error {
		if err := s.holdEnvironmentType(ctx, e.OrgID, e.TypeID); err != nil {
			return err
		}
		return s.insert(ctx, &row, environmentObject(e.ID), applicationObject(e.AppID))
	})
	if err != nil {
		return err
	}
	e.Version = row.Version
	return nil
}

func (s *Store) holdEnvironmentType(ctx context.Context, org, id string) error {
	where := key{"org_id": org, "id": id}
	return s.hold(ctx, &environmentTypeRow{}, where, lockKeyShare, environmentTypeObject(id))
}

// GetEnvironment reads an environment.
func (s *Store) GetEnvironment(ctx context.Context, ref orchestrator.EnvRef) (*orchestrator.Environment, error) {
	row, err := find[environmentRow](ctx, s, environmentKey(ref), environmentObject(ref.EnvID))
	if err != nil {
		return nil, err
	}
	e := row.domain()
	return &e, nil
}

// LockEnvironment reads the environment and, inside InTx, keeps other
// transactions from locking or changing it until this one ends. On SQLite that
// holds for every transaction anyway.
func (s *Store) LockEnvironment(ctx context.Context, ref orchestrator.EnvRef) (*orchestrator.Environment, error) {
	query := s.reader(ctx).Where(environmentKey(ref)).Clauses(clause.Locking{Strength: lockNoKeyUpdate})
	row, err := take[environmentRow](ctx, s, query, environmentObject(ref.EnvID))
	if err != nil {
		return nil, err
	}
	e := row.domain()
	return &e, nil
}

// ListEnvironments lists an application's environments by id.
func (s *Store) ListEnvironments(ctx context.Context, org, app string) ([]orchestrator.Environment, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "app_id": app}).Clauses(order("id"))
	return list(ctx, s, query, "environments", environmentRow.domain)
}

// ListEnvironmentsOfType lists environments of all applications, by application and id.
func (s *Store) ListEnvironmentsOfType(ctx context.Context, org, envType string) ([]orchestrator.Environment, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "type_id": envType}).Clauses(order("app_id", "id"))
	return list(ctx, s, query, "environments", environmentRow.domain)
}

// DeletingEnvironments lists environments of all organizations with status
// deleting, by organization, application and id, at most limit (0 = all).
func (s *Store) DeletingEnvironments(ctx context.Context, limit int) ([]orchestrator.Environment, error) {
	// The condition is spelled literally for the partial index.
	query := s.reader(systemWide(ctx)).Where("status = 'deleting'").Clauses(order("org_id", "app_id", "id"))
	if limit > 0 {
		query = query.Limit(limit)
	}
	return list(ctx, s, query, "environments", environmentRow.domain)
}

// UpdateEnvironment writes what may change of an environment, its type included.
func (s *Store) UpdateEnvironment(ctx context.Context, e *orchestrator.Environment) error {
	set := columns{
		"name": e.Name, "type_id": e.TypeID, "from_deploy_id": e.FromDeployID, "last_deploy_id": e.LastDeployID,
		"queue_policy": string(e.QueuePolicy), "status": e.Status, "status_message": e.StatusMessage,
		"status_changed_at": nanos(e.StatusChangedAt),
	}
	err := s.update(ctx, &environmentRow{}, environmentKey(e.Ref()), &e.Version, set, environmentObject(e.ID))
	if err != nil && classify(err) == faultForeignKey {
		return environmentTypeObject(e.TypeID).missing()
	}
	return err
}

// DeleteEnvironment removes the environment with everything below it. Foreign
// keys cascade; what has none is deleted here.
func (s *Store) DeleteEnvironment(ctx context.Context, ref orchestrator.EnvRef) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		where := inEnvironment(ref)
		if err := s.deleteLogs(ctx, where); err != nil {
			return err
		}
		if ref.EnvID != "" {
			if err := s.deleteValuesBelow(ctx, where); err != nil {
				return err
			}
			if err := s.deleteRulesBelow(ctx, where); err != nil {
				return err
			}
		}
		return s.remove(ctx, &environmentRow{}, environmentKey(ref), environmentObject(ref.EnvID))
	})
}

// holdEnvironment keeps the environment from being deleted until the
// transaction ends; "" names the application.
func (s *Store) holdEnvironment(ctx context.Context, ref orchestrator.EnvRef) error {
	if ref.EnvID == "" {
		return nil
	}
	return s.hold(ctx, &environmentRow{}, environmentKey(ref), lockKeyShare, environmentObject(ref.EnvID))
}
