package store

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/slipway-dev/slipway/orchestrator"
)

type pipelineRunRow struct {
	OrgID             string `gorm:"primaryKey"`
	ID                string `gorm:"primaryKey"`
	AppID             string
	PipelineID        string
	PipelineVersion   string
	Definition        string
	Status            string
	StatusMessage     string
	TriggerType       string
	Inputs            doc[map[string]any]
	EnvIDs            doc[[]string] `gorm:"column:env_ids"`
	RunAs             string
	ConcurrencyGroup  string
	WaitingFor        doc[map[string]string]
	TimeoutSeconds    int64
	IdempotencyKey    string
	ParentRun         string
	RestartedFrom     string
	Created           int64 `gorm:"column:created_at"`
	CreatedBy         string
	Executing         *int64 `gorm:"column:executing_at"`
	CancelRequested   *int64 `gorm:"column:cancel_requested_at"`
	CancelRequestedBy string
	Completed         *int64 `gorm:"column:completed_at"`
	HandedOver        *int64 `gorm:"column:handed_over_at"`
	Version           int64
}

// TableName names the table.
func (pipelineRunRow) TableName() string { return "pipeline_runs" }

func (r pipelineRunRow) domain() orchestrator.PipelineRun {
	return orchestrator.PipelineRun{
		OrgID: r.OrgID, AppID: r.AppID, PipelineID: r.PipelineID, PipelineVersion: r.PipelineVersion, ID: r.ID, Definition: r.Definition,
		Status: r.Status, StatusMessage: r.StatusMessage, Trigger: r.TriggerType, Inputs: r.Inputs.V, EnvIDs: r.EnvIDs.V, RunAs: r.RunAs,
		ConcurrencyGroup: r.ConcurrencyGroup, WaitingFor: r.WaitingFor.V, TimeoutSeconds: r.TimeoutSeconds,
		IdempotencyKey: r.IdempotencyKey, ParentRun: r.ParentRun, RestartedFrom: r.RestartedFrom,
		CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy, ExecutingAt: instantOrNil(r.Executing),
		CancelRequestedAt: instantOrNil(r.CancelRequested), CancelRequestedBy: r.CancelRequestedBy,
		CompletedAt: instantOrNil(r.Completed), HandedOverAt: instantOrNil(r.HandedOver), Version: r.Version,
	}
}

func pipelineRunObject(id string) object { return object{"pipeline run", id} }

// CreatePipelineRun stores a run.
func (s *Store) CreatePipelineRun(ctx context.Context, r *orchestrator.PipelineRun) error {
	row := pipelineRunRow{
		OrgID: r.OrgID, ID: r.ID, AppID: r.AppID, PipelineID: r.PipelineID, PipelineVersion: r.PipelineVersion, Definition: r.Definition,
		Status: r.Status, StatusMessage: r.StatusMessage, TriggerType: r.Trigger, Inputs: doc[map[string]any]{r.Inputs},
		EnvIDs: doc[[]string]{r.EnvIDs}, RunAs: r.RunAs, ConcurrencyGroup: r.ConcurrencyGroup,
		WaitingFor: doc[map[string]string]{r.WaitingFor}, TimeoutSeconds: r.TimeoutSeconds, IdempotencyKey: r.IdempotencyKey,
		ParentRun: r.ParentRun, RestartedFrom: r.RestartedFrom, Created: nanos(r.CreatedAt), CreatedBy: r.CreatedBy,
		Executing: nanosOrNil(r.ExecutingAt), CancelRequested: nanosOrNil(r.CancelRequestedAt), CancelRequestedBy: r.CancelRequestedBy,
		Completed: nanosOrNil(r.CompletedAt), HandedOver: nanosOrNil(r.HandedOverAt), Version: 1,
	}
	if err := s.insert(ctx, &row, pipelineRunObject(r.ID), applicationObject(r.AppID)); err != nil {
		return err
	}
	r.Version = row.Version
	return nil
}

// GetPipelineRun reads a run.
func (s *Store) GetPipelineRun(ctx context.Context, org, id string) (*orchestrator.PipelineRun, error) {
	row, err := find[pipelineRunRow](ctx, s, key{"org_id": org, "id": id}, pipelineRunObject(id))
	if err != nil {
		return nil, err
	}
	r := row.domain()
	return &r, nil
}

// FindPipelineRun finds the run that a user started with an idempotency key.
func (s *Store) FindPipelineRun(ctx context.Context, org, app, pipelineID, createdBy, idempotencyKey string) (*orchestrator.PipelineRun, error) {
	row, err := find[pipelineRunRow](ctx, s, key{
		"org_id": org, "app_id": app, "pipeline_id": pipelineID, "created_by": createdBy, "idempotency_key": idempotencyKey,
	}, object{"pipeline run with idempotency key", idempotencyKey})
	if err != nil {
		return nil, err
	}
	r := row.domain()
	return &r, nil
}

// listed leaves the definition out, which may be long.
func (s *Store) listedRuns(ctx context.Context) *gorm.DB {
	return s.reader(ctx).Omit("definition")
}

// ListPipelineRuns lists newest first, without definitions.
func (s *Store) ListPipelineRuns(ctx context.Context, org string, f orchestrator.PipelineRunFilter) ([]orchestrator.PipelineRun, error) {
	query := s.listedRuns(ctx).Where(key{"org_id": org}).Clauses(newestFirst)
	if f.Apps != nil {
		query = query.Where("app_id IN ?", f.Apps)
	}
	if len(f.Pipelines) > 0 {
		query = query.Where("pipeline_id IN ?", f.Pipelines)
	}
	if len(f.Statuses) > 0 {
		query = query.Where("status IN ?", f.Statuses)
	}
	if f.Completed != nil && *f.Completed {
		query = query.Where("completed_at IS NOT NULL")
	}
	if f.Completed != nil && !*f.Completed {
		query = query.Where("completed_at IS NULL")
	}
	if !f.CreatedAfter.IsZero() {
		query = query.Where(clause.Gt{Column: "created_at", Value: nanos(f.CreatedAfter)})
	}
	if !f.CreatedBefore.IsZero() {
		query = query.Where(clause.Lt{Column: "created_at", Value: nanos(f.CreatedBefore)})
	}
	if f.Limit > 0 && f.EnvID == "" {
		query = query.Limit(f.Limit)
	}
	runs, err := list(ctx, s, query, "pipeline runs", pipelineRunRow.domain)
	if err != nil || f.EnvID == "" {
		return runs, err
	}
	runs = slices.DeleteFunc(runs, func(r orchestrator.PipelineRun) bool { return !slices.Contains(r.EnvIDs, f.EnvID) })
	if f.Limit > 0 && len(runs) > f.Limit {
		runs = runs[:f.Limit]
	}
	return runs, nil
}

// OpenPipelineRuns lists those of a concurrency group that have not ended, oldest first.
func (s *Store) OpenPipelineRuns(ctx context.Context, org, app, group string) ([]orchestrator.PipelineRun, error) {
	query := s.listedRuns(ctx).Where(key{"org_id": org, "app_id": app, "concurrency_group": group}).
		Where("completed_at IS NULL").Clauses(oldestFirst)
	return list(ctx, s, query, "pipeline runs", pipelineRunRow.domain)
}

// PipelineRunsCalledBy lists the runs that a run called, oldest first.
func (s *Store) PipelineRunsCalledBy(ctx context.Context, org, parent string) ([]orchestrator.PipelineRun, error) {
	query := s.listedRuns(ctx).Where(key{"org_id": org, "parent_run": parent}).Clauses(oldestFirst)
	return list(ctx, s, query, "pipeline runs", pipelineRunRow.domain)
}

// AllOpenPipelineRuns lists those of all organizations from before a time that have not ended, oldest first.
func (s *Store) AllOpenPipelineRuns(ctx context.Context, before time.Time, limit int) ([]orchestrator.PipelineRun, error) {
	query := s.reader(systemWide(ctx)).Omit("definition").
		Where("completed_at IS NULL AND created_at < ?", nanos(before)).Clauses(oldestFirst)
	if limit > 0 {
		query = query.Limit(limit)
	}
	return list(ctx, s, query, "pipeline runs", pipelineRunRow.domain)
}

// UpdatePipelineRun writes everything that may change.
func (s *Store) UpdatePipelineRun(ctx context.Context, r *orchestrator.PipelineRun) error {
	set := columns{
		"status": r.Status, "status_message": r.StatusMessage, "env_ids": doc[[]string]{r.EnvIDs},
		"waiting_for": doc[map[string]string]{r.WaitingFor}, "concurrency_group": r.ConcurrencyGroup,
		"executing_at": nanosOrNil(r.ExecutingAt), "cancel_requested_at": nanosOrNil(r.CancelRequestedAt),
		"cancel_requested_by": r.CancelRequestedBy, "completed_at": nanosOrNil(r.CompletedAt), "handed_over_at": nanosOrNil(r.HandedOverAt),
	}
	return s.update(ctx, &pipelineRunRow{}, key{"org_id": r.OrgID, "id": r.ID}, &r.Version, set, pipelineRunObject(r.ID))
}

// DeletePipelineRun removes the run with everything recorded below it.
func (s *Store) DeletePipelineRun(ctx context.Context, org, id string) error {
	return s.remove(ctx, &pipelineRunRow{}, key{"org_id": org, "id": id}, pipelineRunObject(id))
}
