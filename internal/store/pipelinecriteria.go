package store

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
)

type pipelineCriteriaRow struct {
	OrgID          string `gorm:"primaryKey"`
	AppID          string `gorm:"primaryKey"`
	ID             string `gorm:"primaryKey"`
	PipelineID     string
	TriggerType    string
	CriteriaAppID  string
	EnvType        string
	CriteriaEnvID  string
	DeploymentType string
	MatchKey       string
	Created        int64 `gorm:"column:created_at"`
	CreatedBy      string
}

// TableName names the table.
func (pipelineCriteriaRow) TableName() string { return "pipeline_criteria" }

func (r pipelineCriteriaRow) domain() orchestrator.PipelineCriteria {
	return orchestrator.PipelineCriteria{
		OrgID: r.OrgID, AppID: r.AppID, ID: r.ID, PipelineID: r.PipelineID, Trigger: r.TriggerType, OnlyAppID: r.CriteriaAppID,
		EnvType: r.EnvType, EnvID: r.CriteriaEnvID, DeploymentType: r.DeploymentType, CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy,
	}
}

func pipelineCriteriaObject(id string) object { return object{"pipeline criteria", id} }

// CreatePipelineCriteria stores criteria; the same ones twice are a conflict.
func (s *Store) CreatePipelineCriteria(ctx context.Context, c *orchestrator.PipelineCriteria) error {
	row := pipelineCriteriaRow{
		OrgID: c.OrgID, AppID: c.AppID, ID: c.ID, PipelineID: c.PipelineID, TriggerType: c.Trigger, CriteriaAppID: c.OnlyAppID,
		EnvType: c.EnvType, CriteriaEnvID: c.EnvID, DeploymentType: c.DeploymentType, MatchKey: c.MatchKey(),
		Created: nanos(c.CreatedAt), CreatedBy: c.CreatedBy,
	}
	return s.insert(ctx, &row, pipelineCriteriaObject(c.ID), pipelineObject(c.PipelineID))
}

// GetPipelineCriteria reads criteria of a pipeline.
func (s *Store) GetPipelineCriteria(ctx context.Context, org, app, pipelineID, id string) (*orchestrator.PipelineCriteria, error) {
	where := pipelineKey(org, app, id)
	where["pipeline_id"] = pipelineID
	row, err := find[pipelineCriteriaRow](ctx, s, where, pipelineCriteriaObject(id))
	if err != nil {
		return nil, err
	}
	c := row.domain()
	return &c, nil
}

// ListPipelineCriteria lists those of an application, oldest first.
func (s *Store) ListPipelineCriteria(ctx context.Context, org, app string) ([]orchestrator.PipelineCriteria, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "app_id": app}).Clauses(oldestFirst)
	return list(ctx, s, query, "pipeline criteria", pipelineCriteriaRow.domain)
}

// DeletePipelineCriteria removes criteria of a pipeline.
func (s *Store) DeletePipelineCriteria(ctx context.Context, org, app, pipelineID, id string) error {
	where := pipelineKey(org, app, id)
	where["pipeline_id"] = pipelineID
	return s.remove(ctx, &pipelineCriteriaRow{}, where, pipelineCriteriaObject(id))
}
