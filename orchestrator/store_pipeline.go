package orchestrator

import "context"

// PipelineStore keeps the records of pipelines, their versions and criteria.
type PipelineStore interface {
	CreatePipeline(ctx context.Context, p *Pipeline) error
	GetPipeline(ctx context.Context, org, app, id string) (*Pipeline, error)
	// ListPipelines lists those of an application, or of all with app "", by
	// application and id.
	ListPipelines(ctx context.Context, org, app string) ([]Pipeline, error)
	UpdatePipeline(ctx context.Context, p *Pipeline) error
	// DeletePipeline removes the pipeline with its versions and criteria.
	DeletePipeline(ctx context.Context, org, app, id string) error

	CreatePipelineVersion(ctx context.Context, v *PipelineVersion) error
	GetPipelineVersion(ctx context.Context, org, app, pipelineID, id string) (*PipelineVersion, error)
	// ListPipelineVersions lists the versions of a pipeline newest first, without
	// their definitions.
	ListPipelineVersions(ctx context.Context, org, app, pipelineID string) ([]PipelineVersion, error)

	// CreatePipelineCriteria answers CodeConflict when criteria with the same
	// MatchKey exist in the application.
	CreatePipelineCriteria(ctx context.Context, c *PipelineCriteria) error
	GetPipelineCriteria(ctx context.Context, org, app, pipelineID, id string) (*PipelineCriteria, error)
	// ListPipelineCriteria lists those of an application, oldest first.
	ListPipelineCriteria(ctx context.Context, org, app string) ([]PipelineCriteria, error)
	DeletePipelineCriteria(ctx context.Context, org, app, pipelineID, id string) error
}
