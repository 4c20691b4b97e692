package api

// PipelineRun is one run of a Pipeline.
type PipelineRun struct {
	ID                      string            `json:"id" doc:"Id of the run"`
	ETag                    string            `json:"etag" doc:"Entity tag, for If-Match"`
	WorkflowID              string            `json:"workflow_id,omitempty" doc:"Id of its workflow in Temporal"`
	OrgID                   string            `json:"org_id" doc:"Id of the organization"`
	AppID                   string            `json:"app_id" doc:"Id of the Application"`
	EnvIDs                  []string          `json:"env_ids" doc:"Environments that the run has to do with, so far"`
	PipelineID              string            `json:"pipeline_id" doc:"Id of the Pipeline"`
	PipelineVersion         string            `json:"pipeline_version" doc:"Id of the version of the Pipeline that is run"`
	Status                  string            `json:"status" doc:"queued, executing, succeeded, failed or cancelled"`
	StatusMessage           string            `json:"status_message" doc:"Why, for people"`
	CreatedAt               Time              `json:"created_at" doc:"When it was asked for"`
	CreatedBy               string            `json:"created_by" doc:"Id of the user who asked for it; UNKNOWN when nobody did"`
	ExecutingAt             *Time             `json:"executing_at,omitempty" doc:"When it began"`
	CancellationRequestedAt *Time             `json:"cancellation_requested_at,omitempty" doc:"When its end was asked for"`
	CompletedAt             *Time             `json:"completed_at,omitempty" doc:"When it ended"`
	TimeoutSeconds          int64             `json:"timeout_seconds" doc:"How long it may take from when it began"`
	Trigger                 string            `json:"trigger" doc:"What started it: deployment_request, pipeline_call, artefact or schedule"`
	Inputs                  map[string]any    `json:"inputs" doc:"Inputs, with defaults"`
	RunAs                   string            `json:"run_as" doc:"Id of the user, or service user of the Pipeline, whose permissions it has"`
	ConcurrencyGroup        string            `json:"concurrency_group,omitempty" doc:"Runs of one group in an Application run one after another"`
	WaitingFor              map[string]string `json:"waiting_for" doc:"What its jobs wait for, by job"`
	ParentRunID             string            `json:"parent_run_id,omitempty" doc:"Run whose step called it"`
	RestartedFrom           string            `json:"restarted_from,omitempty" doc:"Run that it repeats"`
}

// PipelineJobPartial is a job of a run.
type PipelineJobPartial struct {
	ID                      string         `json:"id" doc:"Id of the job: its key in the Pipeline"`
	Name                    string         `json:"name" doc:"Name of the job"`
	ETag                    string         `json:"etag" doc:"Entity tag"`
	OrgID                   string         `json:"org_id" doc:"Id of the organization"`
	AppID                   string         `json:"app_id" doc:"Id of the Application"`
	PipelineID              string         `json:"pipeline_id" doc:"Id of the Pipeline"`
	PipelineVersion         string         `json:"pipeline_version" doc:"Id of the version of the Pipeline"`
	RunID                   string         `json:"run_id" doc:"Id of the run"`
	Status                  string         `json:"status" doc:"queued, executing, succeeded, failed, cancelled or skipped"`
	WaitingFor              string         `json:"waiting_for,omitempty" doc:"What its step waits for"`
	StatusMessage           string         `json:"status_message" doc:"Why, for people"`
	CreatedAt               Time           `json:"created_at" doc:"When it was recorded"`
	UpdatedAt               Time           `json:"updated_at" doc:"When something of it changed last"`
	CancellationRequestedAt *Time          `json:"cancellation_requested_at,omitempty" doc:"When its end was asked for"`
	CompletedAt             *Time          `json:"completed_at,omitempty" doc:"When it ended"`
	TimeoutSeconds          int64          `json:"timeout_seconds" doc:"How long it may take from when it began"`
	Outputs                 map[string]any `json:"outputs,omitempty" doc:"Outputs of the job"`
}

// PipelineJob is a job with its steps.
type PipelineJob struct {
	PipelineJobPartial
	Steps []PipelineStep `json:"steps" doc:"Steps that have begun"`
}

// PipelineStep is a step of a job.
type PipelineStep struct {
	Index           int               `json:"index" doc:"Place in the job, from 0"`
	Name            string            `json:"name" doc:"Name of the step"`
	Uses            string            `json:"uses" doc:"Action that it carries out"`
	Status          string            `json:"status" doc:"executing, succeeded, failed, cancelled or skipped"`
	StatusMessage   string            `json:"status_message" doc:"Why, for people"`
	CreatedAt       Time              `json:"created_at" doc:"When it began"`
	CompletedAt     *Time             `json:"completed_at,omitempty" doc:"When it ended"`
	TimeoutSeconds  int64             `json:"timeout_seconds" doc:"How long it may take"`
	RelatedEntities map[string]string `json:"related_entities" doc:"What it has to do with: env_id, deployment_id, ..."`
	Outputs         map[string]any    `json:"outputs,omitempty" doc:"Outputs of the step; secrets are replaced"`
}

// PipelineStepLog is one line of the log of a step.
type PipelineStepLog struct {
	At      Time   `json:"at" doc:"When it was written"`
	Level   string `json:"level" doc:"INFO, WARN or ERROR"`
	Message string `json:"message" doc:"Text; secrets are replaced"`
}

// PipelineRunCreate starts a run of a Pipeline.
type PipelineRunCreate struct {
	Inputs map[string]any `json:"inputs" doc:"Inputs, as the Pipeline's trigger pipeline_call declares them"`
}

// PipelineRunByCriteria asks for a deployment by whichever Pipeline is to make it.
type PipelineRunByCriteria struct {
	Trigger           string `json:"trigger" doc:"deployment_request"`
	EnvID             string `json:"env_id,omitempty" doc:"Id of the Environment"`
	Environment       string `json:"environment,omitempty" doc:"Older name of env_id"`
	DeltaID           string `json:"delta_id,omitempty" doc:"Delta to deploy"`
	DeploymentID      string `json:"deployment_id,omitempty" doc:"Deployment to repeat"`
	SetID             string `json:"set_id,omitempty" doc:"Deployment Set to deploy"`
	ValueSetVersionID string `json:"value_set_version_id,omitempty" doc:"Version of the Shared Values"`
	Comment           string `json:"comment,omitempty" doc:"Why"`
	Mode              string `json:"mode,omitempty" doc:"full or incremental"`
}

// PipelineApprovalRequest asks somebody who may deploy to an Environment to let a run go on.
type PipelineApprovalRequest struct {
	ID         string `json:"id" doc:"Id of the request"`
	OrgID      string `json:"org_id" doc:"Id of the organization"`
	AppID      string `json:"app_id" doc:"Id of the Application"`
	PipelineID string `json:"pipeline_id" doc:"Id of the Pipeline"`
	RunID      string `json:"run_id" doc:"Id of the run"`
	JobID      string `json:"job_id" doc:"Id of the job"`
	EnvID      string `json:"env_id" doc:"Environment that the approver must be able to deploy to"`
	Message    string `json:"message" doc:"What is asked"`
	CreatedAt  Time   `json:"created_at" doc:"When it was asked"`
	Status     string `json:"status" doc:"waiting, approved, denied or cancelled"`
	ApprovedBy string `json:"approved_by,omitempty" doc:"Id of the user who decided"`
	ApprovedAt *Time  `json:"approved_at,omitempty" doc:"When it was decided"`
}

// PipelineBatch is what is collected for the next run that a trigger starts.
type PipelineBatch struct {
	Items       []PipelineBatchItem `json:"items" doc:"What the run is going to be given"`
	ScheduledAt *Time               `json:"scheduled_at,omitempty" doc:"When the run is to start"`
}

// PipelineBatchItem is one thing of a batch.
type PipelineBatchItem struct {
	Type string `json:"type" doc:"container or workload"`
	Ref  string `json:"ref" doc:"Id of the artefact version"`
}
