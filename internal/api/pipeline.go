package api

// Pipeline is a sequence of jobs that a trigger starts.
type Pipeline struct {
	ID           string            `json:"id" doc:"Id, unique in the Application"`
	ETag         string            `json:"etag" doc:"Changes with every change; for If-Match"`
	OrgID        string            `json:"org_id" doc:"Organization"`
	AppID        string            `json:"app_id" doc:"Application"`
	Name         string            `json:"name" doc:"Name for people"`
	Status       string            `json:"status" doc:"active"`
	Version      string            `json:"version" doc:"UUID of the version"`
	CreatedAt    Time              `json:"created_at" doc:"When the Pipeline was created"`
	TriggerTypes []string          `json:"trigger_types" doc:"What starts runs: artefact, deployment_request, pipeline_call, schedule"`
	Metadata     map[string]string `json:"metadata,omitempty" doc:"Free text by key"`
}

// PipelineVersion is one state of a Pipeline.
type PipelineVersion struct {
	ID         string `json:"id" doc:"UUID of the version"`
	OrgID      string `json:"org_id" doc:"Organization"`
	AppID      string `json:"app_id" doc:"Application"`
	PipelineID string `json:"pipeline_id" doc:"The Pipeline"`
	CreatedBy  string `json:"created_by" doc:"User who made it"`
	CreatedAt  Time   `json:"created_at" doc:"When it was made"`
}

// PipelineCriteria choose the Pipeline of deployment requests.
type PipelineCriteria struct {
	Trigger        string `json:"trigger" enum:"deployment_request" doc:"What is matched"`
	ID             string `json:"id" doc:"UUID"`
	PipelineID     string `json:"pipeline_id" doc:"The Pipeline"`
	PipelineName   string `json:"pipeline_name" doc:"Its name"`
	EnvType        string `json:"env_type,omitempty" doc:"Only Environments of this type; absent or * = all"`
	AppID          string `json:"app_id,omitempty" doc:"The Application of the Pipeline"`
	EnvID          string `json:"env_id,omitempty" doc:"Only this Environment; absent or * = all"`
	DeploymentType string `json:"deployment_type,omitempty" doc:"deploy or re-deploy; absent = both"`
}

// PipelineCriteriaRequest asks for criteria.
type PipelineCriteriaRequest struct {
	Trigger        string `json:"trigger" enum:"deployment_request" doc:"What is matched"`
	EnvType        string `json:"env_type,omitempty" doc:"Only Environments of this type; absent or * = all"`
	AppID          string `json:"app_id,omitempty" doc:"The Application of the Pipeline, or absent"`
	EnvID          string `json:"env_id,omitempty" doc:"Only this Environment; absent or * = all"`
	DeploymentType string `json:"deployment_type,omitempty" doc:"deploy, redeploy or re-deploy; absent = all"`
}
