package orchestrator

import (
	"time"
)

// OperationKind says what an operation does to what runs in an environment.
type OperationKind string

// The kinds of operations.
const (
	OperationScale   OperationKind = "scale"   // sets how many replicas workloads have
	OperationPause   OperationKind = "pause"   // scales everything to nothing and remembers what there was
	OperationResume  OperationKind = "resume"  // brings back what there was before the pause
	OperationRestart OperationKind = "restart" // replaces all pods, a few at a time
)

// OperationStatus is where an operation stands.
type OperationStatus string

// The statuses; the last three are terminal.
const (
	OperationPending    OperationStatus = "pending" // waits in the environment's queue
	OperationInProgress OperationStatus = "in progress"
	OperationSucceeded  OperationStatus = "succeeded" // done, and what it started is ready
	OperationFailed     OperationStatus = "failed"
	OperationCancelled  OperationStatus = "cancelled"
)

// Terminal reports whether the status is final.
func (s OperationStatus) Terminal() bool {
	return s == OperationSucceeded || s == OperationFailed || s == OperationCancelled
}

// Operation changes what runs in an environment without a deployment. It goes
// through the environment's queue like one.
type Operation struct {
	OrgID     string
	AppID     string
	EnvID     string
	ID        string // of the time of its creation, like that of a deployment
	Kind      OperationKind
	Replicas  map[string]int // of a scale: by workload
	Workloads []string       // of a restart; empty = all
	Status    OperationStatus
	Message   string // why it failed, or what it did
	CreatedAt time.Time
	CreatedBy string

	StatusChangedAt   time.Time
	StartedAt         *time.Time
	FinishedAt        *time.Time
	CancelRequestedAt *time.Time
	Version           int64
}

// Ref names the environment of the operation.
func (o *Operation) Ref() EnvRef { return EnvRef{OrgID: o.OrgID, AppID: o.AppID, EnvID: o.EnvID} }

// item is the operation in the queue of its environment.
func (o *Operation) item() QueueItem {
	return QueueItem{Kind: QueueOperation, ID: o.ID, Policy: QueuePolicyQueue}
}

// QueueOperation is the kind of the queue items of operations.
const QueueOperation = "operation"

// Pause says that an environment is paused, or is about to be.
type Pause struct {
	OrgID       string
	AppID       string
	EnvID       string
	OperationID string // what has paused it
	// Applied says that the pause has begun to change the cluster: what is
	// deployed from now on gets no replicas either.
	Applied   bool
	Replicas  map[string]int // what there was, by Controller.ID
	CreatedAt time.Time
	CreatedBy string
	Version   int64
}

// Ref names the environment.
func (p *Pause) Ref() EnvRef { return EnvRef{OrgID: p.OrgID, AppID: p.AppID, EnvID: p.EnvID} }
