package orchestrator

import (
	"time"
)

// DeploymentStatus is the wire status of a deployment; note the space.
type DeploymentStatus string

// The four documented statuses.
const (
	DeploymentPending    DeploymentStatus = "pending"
	DeploymentInProgress DeploymentStatus = "in progress"
	DeploymentSucceeded  DeploymentStatus = "succeeded"
	DeploymentFailed     DeploymentStatus = "failed"
)

// Terminal reports whether no further change of status follows.
func (s DeploymentStatus) Terminal() bool {
	return s == DeploymentSucceeded || s == DeploymentFailed
}

// Outcome says more about a terminal deployment than the four wire statuses can.
type Outcome string

// The outcomes; empty while the deployment is not terminal.
const (
	OutcomeSucceeded  Outcome = "succeeded"
	OutcomeFailed     Outcome = "failed"
	OutcomeCancelled  Outcome = "cancelled"
	OutcomeSuperseded Outcome = "superseded"
	OutcomeTimedOut   Outcome = "timed_out"

	OutcomeDenied   = Outcome(GateDenied)   // by a policy
	OutcomeRejected = Outcome(GateRejected) // by a person
	OutcomeExpired  = Outcome(GateExpired)  // not approved in time
	OutcomeVoid     = Outcome(GateVoid)     // not what was to be approved any more
)

// Deployment brings one Deployment Set to one environment.
type Deployment struct {
	OrgID string
	AppID string
	EnvID string
	// ID is the creation time in Unix nanoseconds as 16 hex digits.
	ID        string
	FromID    string // deployment whose set was the base; "" for the first
	DeltaID   string
	SetID     string
	SetGiven  bool // the request named set_id: never rebased
	Comment   string
	Mode      string // full | incremental; "" = full
	CreatedAt time.Time
	CreatedBy string

	Status            DeploymentStatus
	StatusChangedAt   time.Time
	Outcome           Outcome
	Phase             string     // plan | provision | render | deliver | rollout | done
	Changed           bool       // a driver was called or something was delivered
	CancelRequestedAt *time.Time // nil = not asked for
	CancelRequestedBy string
	EnqueuedAt        *time.Time // when the environment's queue took it; nil = not yet
	StartedAt         *time.Time
	FinishedAt        *time.Time

	ValueSetVersionID string    // recorded when the deployment is planned, or as requested
	GraphID           string    // the stored graph; "" until planned
	PlanFingerprint   string    // the plan that it may carry out and no other; "" = whatever it is
	PlanID            string    // the stored plan whose drivers' plans it applies; "" = none
	Gate              GateState // of its whole plan; "" = there were no policies, or it is not planned yet
	FreezeOverride    string    // why it was accepted during a freeze window; "" = it was not
	TargetKind        string    // git | kubernetes; "" until known
	TargetRevision    string    // the commit, for git
	TargetURL         string    // without credentials
	Pipeline          *PipelineRef
	Version           int64
}

// Ref returns the deployment's environment.
func (d Deployment) Ref() EnvRef { return EnvRef{d.OrgID, d.AppID, d.EnvID} }

// PipelineRef points back at the pipeline step that asked for a deployment.
type PipelineRef struct {
	ID        string
	RunID     string
	JobID     string
	StepIndex int
}

// DeploymentError is one cause of a failed deployment.
type DeploymentError struct {
	Scope     string // deployment | workload | resource
	Code      string // machine readable, e.g. RES-101, DEP-CANCELLED
	ErrorType string // resource | placeholder | timeout | cancelled | delivery | manifest | pipeline | internal
	ObjectID  string // workload id or resource id; "" for the deployment itself
	Summary   string // one line
	Message   string // the whole cause with what to do; never a secret
}
