package api

// DeploymentEvent is one transition of a deployment or of one of its nodes.
// In the event stream Seq is the event id, so a client resumes with
// Last-Event-ID; Type is the event's name.
type DeploymentEvent struct {
	Seq          int64  `json:"seq" doc:"Position; increases"`
	DeploymentID string `json:"deployment_id" doc:"Deployment it belongs to"`
	At           Time   `json:"at" doc:"When it happened"`
	Type         string `json:"type" doc:"deployment.status, deployment.phase, deployment.gate, deployment.delivered, deployment.cancel, deployment.errors, deployment.base, node.status, node.changes or node.question"`
	Node         string `json:"node,omitempty" doc:"Resource key type.class#id; absent for the deployment itself"`
	Status       string `json:"status,omitempty" doc:"New status or phase"`
	Message      string `json:"message,omitempty" doc:"What to tell a person"`
}

// Types of events.
const (
	EventDeploymentStatus = "deployment.status"
	EventDeploymentPhase  = "deployment.phase"
	EventDeploymentGate   = "deployment.gate"
	EventDeploymentErrors = "deployment.errors"
	EventNodeStatus       = "node.status"
	EventNodeChanges      = "node.changes"
	EventLog              = "log"
)

// Node is the run of one resource in one deployment.
type Node struct {
	Ordinal      int              `json:"ordinal" doc:"Position in the order of provisioning, from 0"`
	Key          string           `json:"key" doc:"Resource key type.class#id"`
	Type         string           `json:"type" doc:"Resource Type"`
	Class        string           `json:"class" doc:"Resource Class"`
	ID           string           `json:"id" doc:"Resource id"`
	GUResID      string           `json:"guresid,omitempty" doc:"Globally unique resource id"`
	DefID        string           `json:"def_id,omitempty" doc:"Resource Definition"`
	DefVersionID string           `json:"def_version_id,omitempty" doc:"Version of the Resource Definition"`
	CriteriaID   string           `json:"criteria_id,omitempty" doc:"Matching Criteria that selected the definition"`
	DriverType   string           `json:"driver_type,omitempty" doc:"Driver"`
	DependsOn    []int            `json:"depends_on" doc:"Ordinals of the nodes it waits for"`
	Status       string           `json:"status" enum:"pending,running,succeeded,failed,skipped" doc:"Status"`
	Attempt      int              `json:"attempt" doc:"How often the driver was called in this deployment"`
	Outputs      map[string]any   `json:"outputs" doc:"Output values; never secrets"`
	Error        *DeploymentError `json:"error,omitempty" doc:"Why it failed"`
	StartedAt    *Time            `json:"started_at,omitempty" doc:"When it started"`
	FinishedAt   *Time            `json:"finished_at,omitempty" doc:"When it ended"`
}

// LogLine is one line that a driver or step wrote, secrets already removed.
type LogLine struct {
	Seq   int64  `json:"seq" doc:"Position; increases"`
	Node  string `json:"node,omitempty" doc:"Resource key; absent for the deployment itself"`
	At    Time   `json:"at" doc:"When it was written"`
	Level string `json:"level" enum:"info,warn,error" doc:"Level"`
	Text  string `json:"text" doc:"The line"`
}
