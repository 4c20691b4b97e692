package store

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
)

type pipelineApprovalRow struct {
	OrgID      string `gorm:"primaryKey"`
	ID         string `gorm:"primaryKey"`
	AppID      string
	PipelineID string
	RunID      string
	JobID      string
	StepIndex  int
	EnvID      string
	Message    string
	Status     string
	Created    int64  `gorm:"column:created_at"`
	Decided    *int64 `gorm:"column:decided_at"`
	DecidedBy  string
	Version    int64
}

// TableName names the table.
func (pipelineApprovalRow) TableName() string { return "pipeline_approvals" }

func (r pipelineApprovalRow) domain() orchestrator.PipelineApproval {
	return orchestrator.PipelineApproval{
		OrgID: r.OrgID, AppID: r.AppID, PipelineID: r.PipelineID, RunID: r.RunID, JobID: r.JobID, StepIndex: r.StepIndex, ID: r.ID,
		EnvID: r.EnvID, Message: r.Message, Status: r.Status, CreatedAt: instant(r.Created), DecidedAt: instantOrNil(r.Decided),
		DecidedBy: r.DecidedBy, Version: r.Version,
	}
}

func pipelineApprovalObject(id string) object { return object{"approval request", id} }

// CreatePipelineApproval stores a request.
func (s *Store) CreatePipelineApproval(ctx context.Context, a *orchestrator.PipelineApproval) error {
	row := pipelineApprovalRow{
		OrgID: a.OrgID, ID: a.ID, AppID: a.AppID, PipelineID: a.PipelineID, RunID: a.RunID, JobID: a.JobID, StepIndex: a.StepIndex,
		EnvID: a.EnvID, Message: a.Message, Status: a.Status, Created: nanos(a.CreatedAt), Decided: nanosOrNil(a.DecidedAt),
		DecidedBy: a.DecidedBy, Version: 1,
	}
	if err := s.insert(ctx, &row, pipelineApprovalObject(a.ID), pipelineRunObject(a.RunID)); err != nil {
		return err
	}
	a.Version = row.Version
	return nil
}

// GetPipelineApproval reads a request.
func (s *Store) GetPipelineApproval(ctx context.Context, org, id string) (*orchestrator.PipelineApproval, error) {
	row, err := find[pipelineApprovalRow](ctx, s, key{"org_id": org, "id": id}, pipelineApprovalObject(id))
	if err != nil {
		return nil, err
	}
	a := row.domain()
	return &a, nil
}

// ListPipelineApprovals lists those of an application newest first.
func (s *Store) ListPipelineApprovals(ctx context.Context, org, app string, f orchestrator.PipelineApprovalFilter) ([]orchestrator.PipelineApproval, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "app_id": app}).Clauses(newestFirst)
	if len(f.Pipelines) > 0 {
		query = query.Where("pipeline_id IN ?", f.Pipelines)
	}
	if len(f.Runs) > 0 {
		query = query.Where("run_id IN ?", f.Runs)
	}
	if f.Status != "" {
		query = query.Where(key{"status": f.Status})
	}
	return list(ctx, s, query, "approval requests", pipelineApprovalRow.domain)
}

// UpdatePipelineApproval writes how a request was decided.
func (s *Store) UpdatePipelineApproval(ctx context.Context, a *orchestrator.PipelineApproval) error {
	set := columns{"status": a.Status, "decided_at": nanosOrNil(a.DecidedAt), "decided_by": a.DecidedBy}
	return s.update(ctx, &pipelineApprovalRow{}, key{"org_id": a.OrgID, "id": a.ID}, &a.Version, set, pipelineApprovalObject(a.ID))
}
