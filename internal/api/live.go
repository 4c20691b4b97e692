package api

// FollowEvent is one thing that is new about what is followed. In a stream ID is
// the event's id, with which a client resumes (Last-Event-ID), Type its name,
// and Data what it carries.
type FollowEvent struct {
	ID   string `json:"id" doc:"Position: a client that has heard it goes on from there; empty where more of the same moment follows"`
	Type string `json:"type" doc:"What Data is. Of an Organization: attention, applications, runs; of an Application: application, path, environment, promotion, request, run, orders, runtime; of an Environment: environment, deployment, progress, operation, approvals, runtime, paused, lifetime, drift; of a pipeline run: run, job, approval, line; end comes last, where nothing comes after it"`
	Data any    `json:"data" doc:"The object as its own operation answers it"`
}

// DeploymentProgress says how far a deployment is.
type DeploymentProgress struct {
	DeploymentID string         `json:"deployment_id" doc:"Deployment"`
	Nodes        map[string]int `json:"nodes" doc:"How many resources have which status"`
}

// ListState says that a list is another one.
type ListState struct {
	Count  int    `json:"count" doc:"How many the one who asks may see; of runs the newest 20 at most"`
	Digest string `json:"digest" doc:"Differs when the list does"`
}

// RuntimeOfEnvironment is how one Environment of an Application runs.
type RuntimeOfEnvironment struct {
	EnvID   string  `json:"env_id" doc:"Environment"`
	Runtime Runtime `json:"runtime" doc:"How it runs"`
}

// FollowEnd says why nothing comes after it.
type FollowEnd struct {
	Reason string `json:"reason" enum:"ended,gone" doc:"ended: it is over; gone: it is not there any more"`
}

// PipelineRunLine is a line that a step of a run wrote.
type PipelineRunLine struct {
	PipelineStepLog
	JobID     string `json:"job_id" doc:"Job of the step"`
	StepIndex int    `json:"step_index" doc:"Place of the step in the job, from 0"`
	Line      int    `json:"line" doc:"Number of the line in the log of the step, from 1"`
}

// WaitingPlan is a plan of a deployment, or of one of its resources, that waits
// for people.
type WaitingPlan struct {
	DeploymentID string `json:"deployment_id" doc:"Deployment"`
	Node         string `json:"node,omitempty" doc:"Resource key type.class#id; absent for the whole plan"`
	Summary      string `json:"summary,omitempty" doc:"The plan in a line"`
	Message      string `json:"message" doc:"What it waits for"`
	Until        *Time  `json:"until,omitempty" doc:"It ends then"`
}
