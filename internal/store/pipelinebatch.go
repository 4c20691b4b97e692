package store

import (
	"context"
	"time"

	"github.com/slipway-dev/slipway/orchestrator"
)

type pipelineBatchItemRow struct {
	OrgID             string `gorm:"primaryKey"`
	ID                string `gorm:"primaryKey"`
	AppID             string
	PipelineID        string
	Type              string
	ArtefactVersionID string
	Reference         string
	Created           int64 `gorm:"column:created_at"`
	Due               int64 `gorm:"column:due_at"`
	RunID             string
	Version           int64
}

// TableName names the table.
func (pipelineBatchItemRow) TableName() string { return "pipeline_batch_items" }

func (r pipelineBatchItemRow) domain() orchestrator.PipelineBatchItem {
	return orchestrator.PipelineBatchItem{
		OrgID: r.OrgID, AppID: r.AppID, PipelineID: r.PipelineID, ID: r.ID, Type: r.Type, ArtefactVersionID: r.ArtefactVersionID,
		Reference: r.Reference, CreatedAt: instant(r.Created), DueAt: instant(r.Due), RunID: r.RunID, Version: r.Version,
	}
}

// CreatePipelineBatchItems stores what is to be run.
func (s *Store) CreatePipelineBatchItems(ctx context.Context, items []orchestrator.PipelineBatchItem) error {
	if len(items) == 0 {
		return nil
	}
	rows := make([]pipelineBatchItemRow, 0, len(items))
	for _, i := range items {
		rows = append(rows, pipelineBatchItemRow{
			OrgID: i.OrgID, ID: i.ID, AppID: i.AppID, PipelineID: i.PipelineID, Type: i.Type, ArtefactVersionID: i.ArtefactVersionID,
			Reference: i.Reference, Created: nanos(i.CreatedAt), Due: nanos(i.DueAt), RunID: i.RunID, Version: 1,
		})
	}
	err := s.InTx(ctx, func(ctx context.Context) error { return s.writer(ctx).CreateInBatches(&rows, batch).Error })
	if err != nil && classify(err) == faultForeignKey {
		return applicationObject(items[0].AppID).missing()
	}
	return s.fail(ctx, err, "store artefact versions for pipelines")
}

// PipelineBatch lists what waits for a run of the pipeline, oldest first.
func (s *Store) PipelineBatch(ctx context.Context, org, app, pipelineID, kind string) ([]orchestrator.PipelineBatchItem, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "app_id": app, "pipeline_id": pipelineID}).Where("run_id = ''").Clauses(oldestFirst)
	if kind != "" {
		query = query.Where(key{"type": kind})
	}
	return list(ctx, s, query, "artefact versions for pipelines", pipelineBatchItemRow.domain)
}

// DuePipelineBatches lists what waits in all organizations and was due before a time, oldest first.
func (s *Store) DuePipelineBatches(ctx context.Context, before time.Time, limit int) ([]orchestrator.PipelineBatchItem, error) {
	query := s.reader(systemWide(ctx)).Where("run_id = '' AND due_at < ?", nanos(before)).Clauses(oldestFirst).Limit(limit)
	return list(ctx, s, query, "artefact versions for pipelines", pipelineBatchItemRow.domain)
}

// UpdatePipelineBatchItem writes which run took it.
func (s *Store) UpdatePipelineBatchItem(ctx context.Context, i *orchestrator.PipelineBatchItem) error {
	return s.update(ctx, &pipelineBatchItemRow{}, key{"org_id": i.OrgID, "id": i.ID}, &i.Version, columns{"run_id": i.RunID},
		object{"artefact version for a pipeline", i.ID})
}
