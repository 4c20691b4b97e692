package orchestrator

import (
	"context"
	"time"
)

// PipelineRunStore keeps the records of runs of pipelines.
type PipelineRunStore interface {
	// CreatePipelineRun answers CodeConflict when the id, or the idempotency key
	// of the pipeline and user, is taken.
	CreatePipelineRun(ctx context.Context, r *PipelineRun) error
	GetPipelineRun(ctx context.Context, org, id string) (*PipelineRun, error)
	// FindPipelineRun finds the run that a user started with an idempotency key.
	FindPipelineRun(ctx context.Context, org, app, pipelineID, createdBy, idempotencyKey string) (*PipelineRun, error)
	// ListPipelineRuns lists newest first, without definitions.
	ListPipelineRuns(ctx context.Context, org string, f PipelineRunFilter) ([]PipelineRun, error)
	// OpenPipelineRuns lists those of a concurrency group of an application that
	// have not ended, oldest first, without definitions.
	OpenPipelineRuns(ctx context.Context, org, app, group string) ([]PipelineRun, error)
	// PipelineRunsCalledBy lists the runs that a run called, oldest first, without definitions.
	PipelineRunsCalledBy(ctx context.Context, org, parent string) ([]PipelineRun, error)
	// AllOpenPipelineRuns lists those of all organizations from before a time that
	// have not ended, oldest first, without definitions, at most limit (0 = all);
	// only for the system itself.
	AllOpenPipelineRuns(ctx context.Context, before time.Time, limit int) ([]PipelineRun, error)
	UpdatePipelineRun(ctx context.Context, r *PipelineRun) error
	// DeletePipelineRun removes the run with everything recorded below it.
	DeletePipelineRun(ctx context.Context, org, id string) error

	// CreatePipelineJobs stores all jobs of a run at once.
	CreatePipelineJobs(ctx context.Context, jobs []PipelineJob) error
	GetPipelineJob(ctx context.Context, org, run, id string) (*PipelineJob, error)
	// ListPipelineJobs lists by ordinal.
	ListPipelineJobs(ctx context.Context, org, run string) ([]PipelineJob, error)
	UpdatePipelineJob(ctx context.Context, j *PipelineJob) error

	CreatePipelineStep(ctx context.Context, s *PipelineStep) error
	// ListPipelineSteps lists those of a job that have begun, by index.
	ListPipelineSteps(ctx context.Context, org, run, job string) ([]PipelineStep, error)
	// ListPipelineRunSteps lists those of all jobs of a run that have begun, by job and index.
	ListPipelineRunSteps(ctx context.Context, org, run string) ([]PipelineStep, error)
	UpdatePipelineStep(ctx context.Context, s *PipelineStep) error
	// AppendPipelineLog stores lines of one step in order and numbers them.
	AppendPipelineLog(ctx context.Context, lines []PipelineLogLine) error
	// ListPipelineLog lists lines of a step behind the one with number after, at most limit (0 = all).
	ListPipelineLog(ctx context.Context, org, run, job string, index, after, limit int) ([]PipelineLogLine, error)
	// PipelineLogHeads has the newest line of each step of a run that wrote
	// something, without what it says.
	PipelineLogHeads(ctx context.Context, org, run string) ([]PipelineLogLine, error)

	CreatePipelineApproval(ctx context.Context, a *PipelineApproval) error
	GetPipelineApproval(ctx context.Context, org, id string) (*PipelineApproval, error)
	// ListPipelineApprovals lists those of an application newest first.
	ListPipelineApprovals(ctx context.Context, org, app string, f PipelineApprovalFilter) ([]PipelineApproval, error)
	UpdatePipelineApproval(ctx context.Context, a *PipelineApproval) error

	CreatePipelineBatchItems(ctx context.Context, items []PipelineBatchItem) error
	// PipelineBatch lists what waits for a run of the pipeline, oldest first; kind
	// "" = any.
	PipelineBatch(ctx context.Context, org, app, pipelineID, kind string) ([]PipelineBatchItem, error)
	// DuePipelineBatches lists what waits in all organizations and was due before
	// a time, oldest first, at most limit; only for the system itself.
	DuePipelineBatches(ctx context.Context, before time.Time, limit int) ([]PipelineBatchItem, error)
	UpdatePipelineBatchItem(ctx context.Context, i *PipelineBatchItem) error
}
