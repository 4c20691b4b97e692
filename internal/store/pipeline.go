package store

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
)

type pipelineRow struct {
	OrgID        string `gorm:"primaryKey"`
	AppID        string `gorm:"primaryKey"`
	ID           string `gorm:"primaryKey"`
	Name         string
	Status       string
	VersionID    string
	TriggerTypes doc[[]string]
	Metadata     doc[map[string]string]
	Created      int64 `gorm:"column:created_at"`
	CreatedBy    string
	Updated      int64 `gorm:"column:updated_at"`
	Version      int64
}

// TableName names the table.
func (pipelineRow) TableName() string { return "pipelines" }

func (r pipelineRow) domain() orchestrator.Pipeline {
	return orchestrator.Pipeline{
		OrgID: r.OrgID, AppID: r.AppID, ID: r.ID, Name: r.Name, Status: r.Status, VersionID: r.VersionID,
		TriggerTypes: r.TriggerTypes.V, Metadata: r.Metadata.V, CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy,
		UpdatedAt: instant(r.Updated), Version: r.Version,
	}
}

func pipelineObject(id string) object { return object{"pipeline", id} }

func pipelineKey(org, app, id string) key { return key{"org_id": org, "app_id": app, "id": id} }

// CreatePipeline stores a pipeline.
func (s *Store) CreatePipeline(ctx context.Context, p *orchestrator.Pipeline) error {
	row := pipelineRow{
		OrgID: p.OrgID, AppID: p.AppID, ID: p.ID, Name: p.Name, Status: p.Status, VersionID: p.VersionID,
		TriggerTypes: doc[[]string]{p.TriggerTypes}, Metadata: doc[map[string]string]{p.Metadata},
		Created: nanos(p.CreatedAt), CreatedBy: p.CreatedBy, Updated: nanos(p.UpdatedAt), Version: 1,
	}
	if err := s.insert(ctx, &row, pipelineObject(p.ID), applicationObject(p.AppID)); err != nil {
		return err
	}
	p.Version = row.Version
	return nil
}

// GetPipeline reads a pipeline.
func (s *Store) GetPipeline(ctx context.Context, org, app, id string) (*orchestrator.Pipeline, error) {
	row, err := find[pipelineRow](ctx, s, pipelineKey(org, app, id), pipelineObject(id))
	if err != nil {
		return nil, err
	}
	p := row.domain()
	return &p, nil
}

// ListPipelines lists those of an application, or of all with app "".
func (s *Store) ListPipelines(ctx context.Context, org, app string) ([]orchestrator.Pipeline, error) {
	where := key{"org_id": org}
	if app != "" {
		where["app_id"] = app
	}
	return list(ctx, s, s.reader(ctx).Where(where).Clauses(order("app_id", "id")), "pipelines", pipelineRow.domain)
}

// UpdatePipeline writes everything that may change.
func (s *Store) UpdatePipeline(ctx context.Context, p *orchestrator.Pipeline) error {
	set := columns{
		"name": p.Name, "status": p.Status, "version_id": p.VersionID, "trigger_types": doc[[]string]{p.TriggerTypes},
		"metadata": doc[map[string]string]{p.Metadata}, "updated_at": nanos(p.UpdatedAt),
	}
	return s.update(ctx, &pipelineRow{}, pipelineKey(p.OrgID, p.AppID, p.ID), &p.Version, set, pipelineObject(p.ID))
}

// DeletePipeline removes a pipeline with its versions and criteria.
func (s *Store) DeletePipeline(ctx context.Context, org, app, id string) error {
	return s.remove(ctx, &pipelineRow{}, pipelineKey(org, app, id), pipelineObject(id))
}

type pipelineVersionRow struct {
	OrgID        string `gorm:"primaryKey"`
	AppID        string `gorm:"primaryKey"`
	PipelineID   string `gorm:"primaryKey"`
	ID           string `gorm:"primaryKey"`
	Name         string
	Definition   string
	TriggerTypes doc[[]string]
	Metadata     doc[map[string]string]
	Created      int64 `gorm:"column:created_at"`
	CreatedBy    string
}

// TableName names the table.
func (pipelineVersionRow) TableName() string { return "pipeline_versions" }

func (r pipelineVersionRow) domain() orchestrator.PipelineVersion {
	return orchestrator.PipelineVersion{
		OrgID: r.OrgID, AppID: r.AppID, PipelineID: r.PipelineID, ID: r.ID, Name: r.Name, Definition: r.Definition,
		TriggerTypes: r.TriggerTypes.V, Metadata: r.Metadata.V, CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy,
	}
}

func pipelineVersionObject(id string) object { return object{"pipeline version", id} }

// CreatePipelineVersion stores a version.
func (s *Store) CreatePipelineVersion(ctx context.Context, v *orchestrator.PipelineVersion) error {
	row := pipelineVersionRow{
		OrgID: v.OrgID, AppID: v.AppID, PipelineID: v.PipelineID, ID: v.ID, Name: v.Name, Definition: v.Definition,
		TriggerTypes: doc[[]string]{v.TriggerTypes}, Metadata: doc[map[string]string]{v.Metadata},
		Created: nanos(v.CreatedAt), CreatedBy: v.CreatedBy,
	}
	return s.insert(ctx, &row, pipelineVersionObject(v.ID), pipelineObject(v.PipelineID))
}

// GetPipelineVersion reads a version.
func (s *Store) GetPipelineVersion(ctx context.Context, org, app, pipelineID, id string) (*orchestrator.PipelineVersion, error) {
	where := key{"org_id": org, "app_id": app, "pipeline_id": pipelineID, "id": id}
	row, err := find[pipelineVersionRow](ctx, s, where, pipelineVersionObject(id))
	if err != nil {
		return nil, err
	}
	v := row.domain()
	return &v, nil
}

// ListPipelineVersions lists versions newest first, without their definitions.
func (s *Store) ListPipelineVersions(ctx context.Context, org, app, pipelineID string) ([]orchestrator.PipelineVersion, error) {
	query := s.reader(ctx).Omit("definition").Where(key{"org_id": org, "app_id": app, "pipeline_id": pipelineID}).Clauses(newestFirst)
	return list(ctx, s, query, "pipeline versions", pipelineVersionRow.domain)
}
