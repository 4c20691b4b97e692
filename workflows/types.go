package workflows

import (
	"context"
	"time"
)

// Env names an environment.
type Env struct {
	Org string `json:"org"`
	App string `json:"app"`
	Env string `json:"env"`
}

// String returns org/app/env.
func (e Env) String() string { return e.Org + "/" + e.App + "/" + e.Env }

// Item is one piece of work in an environment's queue.
type Item struct {
	Kind   string `json:"kind"` // deployment | operation | resource | teardown
	ID     string `json:"id"`
	Policy string `json:"policy,omitempty"` // queue | supersede | reject | freeze
	// Follow says that the item has begun before this queue did: its workflow is
	// waited for and never started.
	Follow bool `json:"follow,omitempty"`
	// Deadline of a deployment in seconds; 0 = DeploymentDeadline.
	Deadline int64 `json:"deadline,omitempty"`
}

// Kinds of items.
const (
	KindDeployment = "deployment"
	KindResource   = "resource" // the destruction of one resource; its id is GUResID/n, the n-th order
	KindTeardown   = "teardown"
)

// Deployment names a deployment; it is the input of most activities.
type Deployment struct {
	Env
	ID string `json:"id"`
}

// DeploymentInput starts the workflow of a deployment.
type DeploymentInput struct {
	Deployment
	// Deadline is how long this run may take, in seconds; 0 = DeploymentDeadline.
	// It is fixed here, so that a changed setting cannot break a run under way.
	Deadline int64 `json:"deadline,omitempty"`
}

// Node names one node of a deployment.
type Node struct {
	Deployment
	Ordinal int `json:"ordinal"`
}

// Resource names an order to destroy a resource of an environment: GUResID/n,
// or the GUResID alone.
type Resource struct {
	Env
	ID string `json:"id"`
}

// PlanResult is what Plan found.
type PlanResult struct {
	Over  bool `json:"over"` // terminal already: nothing is left to do
	Nodes int  `json:"nodes"`
	Gate  bool `json:"gate,omitempty"` // policies have to be asked first
}

// AdvanceResult is what Advance left to do.
type AdvanceResult struct {
	Heavy  []int `json:"heavy,omitempty"` // ordinals of ready nodes, at most 50
	Done   bool  `json:"done"`
	Failed bool  `json:"failed"`
}

// NodeResult is what ProvisionNode did. Runs of earlier builds told nothing.
type NodeResult struct {
	// Wait says that the plan of the node waits for an approval, and when to call again; 0 = it is over.
	Wait time.Duration `json:"wait,omitempty"`
}

// Stage names one stage of a delivery. Runs that earlier builds started name none
// (Staged is false) and get all at once.
type Stage struct {
	Deployment
	Stage  int   `json:"stage,omitempty"`
	Staged bool  `json:"staged,omitempty"`
	Since  int64 `json:"since,omitempty"` // when it was delivered, Unix seconds; for Rollout
}

// DeliverResult says what comes after a delivery.
type DeliverResult struct {
	Watch bool  `json:"watch"`           // there is a rollout to watch
	More  bool  `json:"more,omitempty"`  // there is another stage
	Limit int64 `json:"limit,omitempty"` // longest time that a workload of the stage may take, in seconds; 0 = the usual
}

// Finish says how a deployment ends.
type Finish struct {
	Deployment
	Outcome string `json:"outcome"` // succeeded | failed | cancelled | timed_out
	Failure string `json:"failure,omitempty"`
}

// Outcomes of a deployment.
const (
	OutcomeSucceeded = "succeeded"
	OutcomeFailed    = "failed"
	OutcomeCancelled = "cancelled"
	OutcomeTimedOut  = "timed_out"
)

// DeploymentResult is the result of the deployment workflow.
type DeploymentResult struct {
	Outcome string `json:"outcome"`
}

// TeardownResult is the result of the teardown workflow.
type TeardownResult struct {
	Done bool `json:"done"`
}

// Follow names a workflow to wait for.
type Follow struct {
	WorkflowID string `json:"workflow_id"`
}

// Waiting asks for unfinished deployments of an environment in the order of
// acceptance: those later than After, at most Limit.
type Waiting struct {
	Env
	After string `json:"after"`
	Limit int    `json:"limit"`
}

// WaitingResult is one page of what waits.
type WaitingResult struct {
	Items []Item `json:"items"`
	More  bool   `json:"more"` // there are later ones
}

// DeploymentActivities are the steps of a deployment.
type DeploymentActivities interface {
	Plan(ctx context.Context, in Deployment) (PlanResult, error)
	Gate(ctx context.Context, in Deployment) (GateResult, error)
	Advance(ctx context.Context, in Deployment) (AdvanceResult, error)
	ProvisionNode(ctx context.Context, in Node) (NodeResult, error)
	Render(ctx context.Context, in Deployment) error
	Deliver(ctx context.Context, in Stage) (DeliverResult, error)
	Rollout(ctx context.Context, in Stage) error
	Finish(ctx context.Context, in Finish) (string, error)
}

// EnvironmentActivities are the steps of an environment's queue and teardown.
type EnvironmentActivities interface {
	TearDownEnvironment(ctx context.Context, in Env) (TeardownResult, error)
	DestroyResource(ctx context.Context, in Resource) error
	FollowWorkflow(ctx context.Context, in Follow) error
	WaitingDeployments(ctx context.Context, in Waiting) (WaitingResult, error)
}
