package store

import (
	"context"
	"time"

	"github.com/slipway-dev/slipway/orchestrator"
)

// operationContent is what an operation was asked to do.
type operationContent struct {
	Replicas  map[string]int `json:"replicas,omitempty"`
	Workloads []string       `json:"workloads,omitempty"`
}

type operationRow struct {
	OrgID           string `gorm:"primaryKey"`
	AppID           string `gorm:"primaryKey"`
	EnvID           string `gorm:"primaryKey"`
	ID              string `gorm:"primaryKey"`
	Kind            string
	Content         doc[operationContent]
	Status          string
	Message         string
	Created         int64 `gorm:"column:created_at"`
	CreatedBy       string
	StatusChanged   int64  `gorm:"column:status_changed_at"`
	Started         *int64 `gorm:"column:started_at"`
	Finished        *int64 `gorm:"column:finished_at"`
	CancelRequested *int64 `gorm:"column:cancel_requested_at"`
	Version         int64
}

// TableName names the table.
func (operationRow) TableName() string { return "operations" }

func (r operationRow) domain() orchestrator.Operation {
	return orchestrator.Operation{
		OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID, ID: r.ID, Kind: orchestrator.OperationKind(r.Kind),
		Replicas: r.Content.V.Replicas, Workloads: r.Content.V.Workloads,
		Status: orchestrator.OperationStatus(r.Status), Message: r.Message, CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy,
		StatusChangedAt: instant(r.StatusChanged), StartedAt: instantOrNil(r.Started), FinishedAt: instantOrNil(r.Finished),
		CancelRequestedAt: instantOrNil(r.CancelRequested), Version: r.Version,
	}
}

func operationObject(id string) object { return object{"operation", id} }

func operationKey(ref orchestrator.EnvRef, id string) key {
	where := inEnvironment(ref)
	where["id"] = id
	return where
}

// finishedOperation are the terminal statuses.
var finishedOperation = []string{
	string(orchestrator.OperationSucceeded), string(orchestrator.OperationFailed), string(orchestrator.OperationCancelled),
}

// CreateOperation stores an operation; its environment must exist.
func (s *Store) CreateOperation(ctx context.Context, o *orchestrator.Operation) error {
	row := operationRow{
		OrgID: o.OrgID, AppID: o.AppID, EnvID: o.EnvID, ID: o.ID, Kind: string(o.Kind),
		Content: doc[operationContent]{operationContent{Replicas: o.Replicas, Workloads: o.Workloads}},
		Status:  string(o.Status), Message: o.Message, Created: nanos(o.CreatedAt), CreatedBy: o.CreatedBy,
		StatusChanged: nanos(o.StatusChangedAt), Started: nanosOrNil(o.StartedAt), Finished: nanosOrNil(o.FinishedAt),
		CancelRequested: nanosOrNil(o.CancelRequestedAt), Version: 1,
	}
	if err := s.insert(ctx, &row, operationObject(o.ID), environmentObject(o.EnvID)); err != nil {
		return err
	}
	o.Version = row.Version
	return nil
}

// GetOperation reads an operation.
func (s *Store) GetOperation(ctx context.Context, ref orchestrator.EnvRef, id string) (*orchestrator.Operation, error) {
	row, err := find[operationRow](ctx, s, operationKey(ref, id), operationObject(id))
	if err != nil {
		return nil, err
	}
	o := row.domain()
	return &o, nil
}

// ListOperations lists those of an environment, newest first; limit 0 = all.
func (s *Store) ListOperations(ctx context.Context, ref orchestrator.EnvRef, limit int) ([]orchestrator.Operation, error) {
	query := s.reader(ctx).Where(inEnvironment(ref)).Clauses(newestFirst)
	if limit > 0 {
		query = query.Limit(limit)
	}
	return list(ctx, s, query, "operations", operationRow.domain)
}

// UnfinishedOperations lists those of an environment that are not terminal, oldest first.
func (s *Store) UnfinishedOperations(ctx context.Context, ref orchestrator.EnvRef) ([]orchestrator.Operation, error) {
	query := s.reader(ctx).Where(inEnvironment(ref)).Where("status NOT IN ?", finishedOperation).Clauses(oldestFirst)
	return list(ctx, s, query, "unfinished operations", operationRow.domain)
}

// AllUnfinishedOperations lists those of every environment; only for the system itself.
func (s *Store) AllUnfinishedOperations(ctx context.Context, before time.Time, limit int) ([]orchestrator.Operation, error) {
	query := s.reader(systemWide(ctx)).Where("status NOT IN ? AND status_changed_at < ?", finishedOperation, nanos(before)).Clauses(oldestFirst)
	if limit > 0 {
		query = query.Limit(limit)
	}
	return list(ctx, s, query, "unfinished operations", operationRow.domain)
}

// UpdateOperation writes status, message and times.
func (s *Store) UpdateOperation(ctx context.Context, o *orchestrator.Operation) error {
	set := columns{
		"status": string(o.Status), "message": o.Message, "status_changed_at": nanos(o.StatusChangedAt),
		"started_at": nanosOrNil(o.StartedAt), "finished_at": nanosOrNil(o.FinishedAt), "cancel_requested_at": nanosOrNil(o.CancelRequestedAt),
	}
	return s.update(ctx, &operationRow{}, operationKey(o.Ref(), o.ID), &o.Version, set, operationObject(o.ID))
}

type pauseRow struct {
	OrgID       string `gorm:"primaryKey"`
	AppID       string `gorm:"primaryKey"`
	EnvID       string `gorm:"primaryKey"`
	OperationID string
	IsApplied   bool
	Content     doc[map[string]int]
	Created     int64 `gorm:"column:created_at"`
	CreatedBy   string
	Version     int64
}

// TableName names the table.
func (pauseRow) TableName() string { return "environment_pauses" }

func (r pauseRow) domain() orchestrator.Pause {
	return orchestrator.Pause{
		OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID, OperationID: r.OperationID, Applied: r.IsApplied,
		Replicas: r.Content.V, CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy, Version: r.Version,
	}
}

func pauseObject(ref orchestrator.EnvRef) object { return object{"pause of environment", ref.EnvID} }

// CreatePause stores that an environment is paused.
func (s *Store) CreatePause(ctx context.Context, p *orchestrator.Pause) error {
	row := pauseRow{
		OrgID: p.OrgID, AppID: p.AppID, EnvID: p.EnvID, OperationID: p.OperationID, IsApplied: p.Applied,
		Content: doc[map[string]int]{p.Replicas}, Created: nanos(p.CreatedAt), CreatedBy: p.CreatedBy, Version: 1,
	}
	if err := s.insert(ctx, &row, pauseObject(p.Ref()), environmentObject(p.EnvID)); err != nil {
		return err
	}
	p.Version = row.Version
	return nil
}

// GetPause reads the pause of an environment.
func (s *Store) GetPause(ctx context.Context, ref orchestrator.EnvRef) (*orchestrator.Pause, error) {
	r, err := find[pauseRow](ctx, s, inEnvironment(ref), pauseObject(ref))
	if err != nil {
		return nil, err
	}
	p := r.domain()
	return &p, nil
}

// UpdatePause writes what may change.
func (s *Store) UpdatePause(ctx context.Context, p *orchestrator.Pause) error {
	set := columns{"operation_id": p.OperationID, "is_applied": p.Applied, "content": doc[map[string]int]{p.Replicas}}
	return s.update(ctx, &pauseRow{}, inEnvironment(p.Ref()), &p.Version, set, pauseObject(p.Ref()))
}

// DeletePause removes the pause of an environment.
func (s *Store) DeletePause(ctx context.Context, ref orchestrator.EnvRef) error {
	return s.remove(ctx, &pauseRow{}, inEnvironment(ref), pauseObject(ref))
}
