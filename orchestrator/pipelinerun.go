package orchestrator

import "time"

// Statuses of runs, jobs and steps of pipelines (semantics of the published
// API: clients poll while a run is queued or executing).
const (
	PipelineQueued    = "queued"
	PipelineExecuting = "executing"
	PipelineSucceeded = "succeeded"
	PipelineFailed    = "failed"
	PipelineCancelled = "cancelled"
	PipelineSkipped   = "skipped" // of jobs and steps: their condition or what they need said no
)

// PipelineEnded reports whether a status of a run, job or step is final.
func PipelineEnded(status string) bool {
	return status != PipelineQueued && status != PipelineExecuting
}

// PipelineRun is one run of a pipeline. It holds the definition that it began
// with, so that later versions, or the end of the pipeline, change nothing of it.
type PipelineRun struct {
	OrgID           string
	AppID           string
	PipelineID      string
	PipelineVersion string // id of the version of the definition
	ID              string // UUID
	Definition      string // text of the definition; absent in lists

	Status        string // queued | executing | succeeded | failed | cancelled
	StatusMessage string
	Trigger       string         // deployment_request | pipeline_call | artefact | schedule
	Inputs        map[string]any // as the trigger gave them, defaults filled in
	EnvIDs        []string       // environments that the run has touched or was asked for, sorted
	// RunAs is whose permissions the run has: the user who started it, or s-<uuid>,
	// the service principal of the pipeline with the roles its definition delegates.
	RunAs            string
	ConcurrencyGroup string            // "" = none
	WaitingFor       map[string]string // by job: application.environment.deployment(<id>) and the like
	TimeoutSeconds   int64

	IdempotencyKey string // "" = none; unique per pipeline and user
	ParentRun      string // id of the run that called this one; "" = none
	RestartedFrom  string // id of the run that this one repeats; "" = none

	CreatedAt         time.Time
	CreatedBy         string
	ExecutingAt       *time.Time
	CancelRequestedAt *time.Time
	CancelRequestedBy string
	CompletedAt       *time.Time
	HandedOverAt      *time.Time // when a workflow was last started for it; nil = not yet
	Version           int64
}

// PipelineJob is one job of a run.
type PipelineJob struct {
	OrgID          string
	RunID          string
	ID             string // key of the job in the definition
	Ordinal        int    // place in the definition
	Name           string
	Status         string // queued | executing | succeeded | failed | cancelled | skipped
	WaitingFor     string
	StatusMessage  string
	Outputs        map[string]any
	TimeoutSeconds int64
	// ContinueOnError lets the run go on, and succeed, although the job failed.
	ContinueOnError bool

	CreatedAt         time.Time
	UpdatedAt         time.Time
	ExecutingAt       *time.Time
	CancelRequestedAt *time.Time
	CompletedAt       *time.Time
	Version           int64
}

// PipelineStep is one step of a job, from when it began.
type PipelineStep struct {
	OrgID         string
	RunID         string
	JobID         string
	Index         int
	Name          string
	Uses          string
	Status        string // executing | succeeded | failed | cancelled | skipped
	StatusMessage string
	Outputs       map[string]any
	Related       map[string]string // env_id, deployment_id, ...
	// State is what the action has begun and goes on with after a crash.
	State          map[string]string
	TimeoutSeconds int64
	CreatedAt      time.Time
	CompletedAt    *time.Time
	Version        int64
}

// PipelineLogLine is one line that a step wrote.
type PipelineLogLine struct {
	OrgID   string
	RunID   string
	JobID   string
	Index   int // of the step
	Line    int // from 1; assigned by the store
	At      time.Time
	Level   string // INFO | WARN | ERROR
	Message string
}

// Statuses of approval requests.
const (
	ApprovalWaiting   = "waiting"
	ApprovalApproved  = "approved"
	ApprovalDenied    = "denied"
	ApprovalCancelled = "cancelled"
)

// PipelineApproval asks somebody who may deploy to an environment to let a run go on.
type PipelineApproval struct {
	OrgID      string
	AppID      string
	PipelineID string
	RunID      string
	JobID      string
	StepIndex  int
	ID         string // UUID
	EnvID      string
	Message    string
	Status     string // waiting | approved | denied | cancelled
	CreatedAt  time.Time
	DecidedAt  *time.Time
	DecidedBy  string
	Version    int64
}

// PipelineBatchItem is an artefact version that waits for, or was part of, a
// run of a pipeline that its trigger starts.
type PipelineBatchItem struct {
	OrgID             string
	AppID             string
	PipelineID        string
	ID                string // UUID
	Type              string // container | workload
	ArtefactVersionID string
	Reference         string // name:version
	CreatedAt         time.Time
	DueAt             time.Time // when the batch it began is to be run
	RunID             string    // "" = waiting
	Version           int64
}

// PipelineRunFilter narrows a list of runs; zero values do not.
type PipelineRunFilter struct {
	Apps          []string
	Pipelines     []string
	EnvID         string
	Statuses      []string
	Completed     *bool
	CreatedAfter  time.Time
	CreatedBefore time.Time
	Limit         int // 0 = all
}

// PipelineApprovalFilter narrows a list of approval requests; zero values do not.
type PipelineApprovalFilter struct {
	Pipelines []string
	Runs      []string
	Status    string
}
