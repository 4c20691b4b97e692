package orchestrator

import (
	"time"

	"github.com/slipway-dev/slipway/engine/resource"
)

// NodeStatus is the state of one resource node within one deployment.
type NodeStatus string

// The node statuses.
const (
	NodePending   NodeStatus = "pending"
	NodeRunning   NodeStatus = "running"
	NodeSucceeded NodeStatus = "succeeded"
	NodeFailed    NodeStatus = "failed"
	NodeSkipped   NodeStatus = "skipped" // a dependency failed, or the deployment was cancelled
)

// Node is the run of one resource of the graph in one deployment. Its outputs
// are committed together with its status, so that a repeated step skips it.
type Node struct {
	OrgID         string
	AppID         string
	EnvID         string
	DeploymentID  string
	Ordinal       int // position in the stable topological order, from 0
	Key           resource.Key
	GUResID       string
	DefID         string // "" for an implicit type without a definition
	DefVersionID  string
	CriteriaID    string
	DriverType    string
	DriverAccount string
	Heavy         bool  // runs in an activity of its own
	DependsOn     []int // ordinals
	Status        NodeStatus
	Attempt       int
	Error         *DeploymentError
	Spec          []byte         // JSON of the planned engine/graph.Node: unresolved inputs and references
	Values        map[string]any // output values; never secrets
	Sealed        []byte         // encrypted JSON: output secrets and manifests
	// PlanID is the driver's plan that is applied as it is; "" plans anew. One that was
	// made in the deployment itself is told by Planned, the JSON of a NodePlan.
	PlanID     string
	Planned    []byte
	StartedAt  *time.Time
	FinishedAt *time.Time
	Version    int64
}

// Types of events of a deployment, with what Status is.
const (
	eventDeploymentErrors = "deployment.errors" // recorded, cleared: why a step is going to be repeated
	eventDeploymentBase   = "deployment.base"   // of the deployment: it starts from another one than before
	eventNodeChanges      = "node.changes"      // planned: what its driver is about to do is known
	eventNodeQuestion     = "node.question"     // answered: one question that it had for a person
)

// Event is one transition of a deployment or node, in the order they happened.
// Whoever follows a deployment hears of all that changes of it: what changes
// without an event stays unseen.
type Event struct {
	Seq          int64 // increases within the database; the resume position of a stream
	OrgID        string
	AppID        string
	EnvID        string
	DeploymentID string
	At           time.Time
	Type         string // deployment.{status,phase,gate,delivered,cancel,errors,base}, node.{status,changes,question}
	Node         string // resource key "type.class#id"; "" for the deployment
	Status       string
	Message      string
}

// LogLine is one line that a driver or step wrote, already redacted.
type LogLine struct {
	Seq          int64
	OrgID        string
	DeploymentID string
	Node         string // resource key; "" for the deployment itself
	At           time.Time
	Level        string // info | warn | error
	Text         string
}
