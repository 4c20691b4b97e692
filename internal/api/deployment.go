package api

// Deployment brings one Deployment Set to one environment.
type Deployment struct {
	ID                string             `json:"id" doc:"Id: the creation time in Unix nanoseconds as 16 hex digits"`
	EnvID             string             `json:"env_id" doc:"Environment that was deployed to"`
	FromID            string             `json:"from_id" doc:"Deployment whose set was the base; empty for the first"`
	DeltaID           string             `json:"delta_id,omitempty" doc:"Delta that was applied to the base"`
	SetID             string             `json:"set_id" doc:"Deployment Set that was deployed"`
	Comment           string             `json:"comment" doc:"Comment of the one who asked"`
	CreatedAt         Time               `json:"created_at" doc:"When it was asked for"`
	CreatedBy         string             `json:"created_by" doc:"Id of the user who asked"`
	WorkflowID        string             `json:"workflow_id,omitempty" doc:"Id of its workflow in Temporal; there is none before it leaves the queue"`
	Status            string             `json:"status" enum:"pending,in progress,succeeded,failed" doc:"Status"`
	StatusChangedAt   Time               `json:"status_changed_at" doc:"When the status last changed"`
	ValueSetVersionID *string            `json:"value_set_version_id,omitempty" doc:"Version of the Shared Values that was used"`
	Pipeline          *PipelineReference `json:"pipeline,omitempty" doc:"Pipeline step that asked for it. With the id of the deployment as run_id, the run that was asked for it and has not made it yet"`
	ExportStatus      string             `json:"export_status" doc:"Always empty"`
	ExportFile        string             `json:"export_file" doc:"Always empty"`
	DependencyGraphID string             `json:"dependency_graph_id,omitempty" doc:"Resource graph of the deployment, once it is planned"`
	LegacyMode        bool               `json:"legacy_mode,omitempty" doc:"Manifests are rendered by the server"`
	Mode              string             `json:"mode,omitempty" enum:"full,incremental" doc:"Deployment mode"`

	Outcome           string            `json:"outcome,omitempty" enum:"succeeded,failed,cancelled,superseded,timed_out,denied,rejected,expired,void" doc:"How it ended; absent while unfinished"`
	Phase             string            `json:"phase,omitempty" enum:"plan,provision,render,deliver,rollout,done" doc:"What it is doing"`
	WaitingFor        []WaitingFor      `json:"waiting_for,omitempty" doc:"The people that it waits for; absent when it does not wait"`
	CancelRequestedAt *Time             `json:"cancel_requested_at,omitempty" doc:"When somebody asked to cancel it"`
	CancelRequestedBy string            `json:"cancel_requested_by,omitempty" doc:"Who asked to cancel it"`
	StartedAt         *Time             `json:"started_at,omitempty" doc:"When it left the queue"`
	FinishedAt        *Time             `json:"finished_at,omitempty" doc:"When it ended"`
	Target            *DeploymentTarget `json:"target,omitempty" doc:"Where the manifests went"`
}

// WaitingFor says which people a deployment waits for.
type WaitingFor struct {
	Node         string              `json:"node,omitempty" doc:"Resource whose own plan is meant; absent for the plan of the whole deployment"`
	Message      string              `json:"message" doc:"What is missing, and by which policy"`
	Until        *Time               `json:"until,omitempty" doc:"When it ends unless more people agree"`
	Requirements []PolicyRequirement `json:"requirements" doc:"What the policies ask for"`
	Decisions    []ApprovalDecision  `json:"decisions" doc:"What people said, oldest first"`
	Mine         bool                `json:"mine" doc:"Whether an approval by the one who asks would count"`
}

// Deployment statuses on the wire.
const (
	StatusPending    = "pending"
	StatusInProgress = "in progress"
	StatusSucceeded  = "succeeded"
	StatusFailed     = "failed"
)

// Terminal reports whether the deployment is over.
func (d Deployment) Terminal() bool {
	return d.Status == StatusSucceeded || d.Status == StatusFailed
}

// DeploymentTarget says where the manifests of a deployment went.
type DeploymentTarget struct {
	Kind     string `json:"kind" enum:"git,kubernetes" doc:"Kind of target"`
	Revision string `json:"revision,omitempty" doc:"Commit, for git"`
	URL      string `json:"url,omitempty" doc:"Address of the target, without credentials"`
}

// PipelineReference points back at the pipeline step that asked for a deployment.
type PipelineReference struct {
	ID        string `json:"id" doc:"Id of the pipeline"`
	RunID     string `json:"run_id" doc:"Id of the run"`
	JobID     string `json:"job_id" doc:"Key of the job"`
	StepIndex int    `json:"step_index" doc:"Position of the step in the job, from 0"`
}

// CreateDeploymentRequest asks for a deployment. With delta_id the delta is
// applied to the environment's base; with set_id only, exactly that set is
// deployed; with neither, the base itself. Where the criteria of a pipeline match,
// a run of that pipeline carries it out.
type CreateDeploymentRequest struct {
	DeltaID           string             `json:"delta_id,omitempty" doc:"Delta to apply to the environment's base"`
	SetID             string             `json:"set_id,omitempty" doc:"Deployment Set to deploy; ignored with delta_id"`
	Comment           string             `json:"comment,omitempty" doc:"Comment"`
	Mode              string             `json:"mode,omitempty" enum:"full,incremental" doc:"Deployment mode; full when absent"`
	ValueSetVersionID *string            `json:"value_set_version_id,omitempty" doc:"Version of the Shared Values to use; the latest when absent or null"`
	Pipeline          *PipelineReference `json:"pipeline,omitempty" doc:"Pipeline step that asks"`
	Preview           bool               `json:"preview,omitempty" doc:"Deploy nothing: answer 202 with a stored plan of what would be done, which is being made"`
	Plan              string             `json:"plan,omitempty" doc:"Fingerprint of a plan, or id of a stored plan: exactly that is carried out, and nothing when it is no longer true"`
	FreezeOverride    string             `json:"freeze_override,omitempty" doc:"Why it is to be accepted during a freeze window; needs the role owner or administrator"`
}

// DeploymentError is one cause of a failed deployment.
type DeploymentError struct {
	Scope     string `json:"scope" enum:"deployment,workload,resource" doc:"What the error is about"`
	Code      string `json:"code" doc:"Machine-readable code"`
	ErrorType string `json:"error_type" doc:"resource, placeholder, timeout, cancelled, delivery, manifest, pipeline or internal"`
	ObjectID  string `json:"object_id" doc:"Workload or resource; empty for the deployment itself"`
	Summary   string `json:"summary" doc:"The cause in one line"`
	Message   string `json:"message" doc:"The whole cause, with what to do"`
}
