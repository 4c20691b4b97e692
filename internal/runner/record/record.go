// Package record holds what a Terraform runner keeps in the database: runs,
// leases, state snapshots, the journal of addresses and the stream of events.
// It has types only; internal/store keeps them, internal/runner gives them
// meaning.
package record

import (
	"time"

	"github.com/slipway-dev/slipway/drivers"
)

// Status is where a run stands.
type Status string

// Statuses of a run. Pending and Running are the only ones that change by
// themselves; a resource has at most one run in one of them.
const (
	Pending   Status = "pending"   // stored, no runner has taken it yet
	Running   Status = "running"   // a runner holds the lease
	Succeeded Status = "succeeded" // outputs are in Result
	Failed    Status = "failed"    // Terraform or its inputs failed
	Cancelled Status = "cancelled" // stopped on request, state kept
	Stopped   Status = "stopped"   // waits for a person: see Journal
	Resolved  Status = "resolved"  // stopped, and a person has answered everything
	Lost      Status = "lost"      // its runner died
)

// Over reports whether a run will not change by itself any more.
func (s Status) Over() bool { return s != Pending && s != Running }

// Run is one execution of Terraform for one resource.
type Run struct {
	OrgID, ID    string
	GUResID      string
	DeploymentID string
	Node         string // resource key, for log lines
	Action       string // provision | destroy | plan | drift
	Fingerprint  string // of deployment and inputs; equal ones are the same work
	Status       Status
	Phase        string // prepare | init | recover | plan | apply, for people
	Token        int64  // fencing token of the runner that has it; 0 = none yet
	Spec         []byte // sealed
	Result       []byte // sealed; nil until Succeeded
	ErrorCode    string
	Error        string // for people, without secrets
	Permanent    bool   // repeating the same run cannot help
	Reported     bool   // somebody has taken the result
	Host, Boot   string // machine and its boot, where evidence of a dead runner may be
	WorkDir      string
	LaunchedAt   time.Time
	CancelAt     *time.Time // cancel was requested
	CreatedAt    time.Time
	StartedAt    time.Time
	FinishedAt   time.Time
}

// Lease says which runner may work on a resource. RunID "" means nobody.
type Lease struct {
	OrgID, GUResID string
	Token          int64
	RunID, Owner   string
	ExpiresAt      time.Time
}

// State is the newest accepted snapshot of a resource's Terraform state.
type State struct {
	OrgID, GUResID string
	Token          int64
	RunID          string
	Lineage        string
	Serial         int64
	Sealed         []byte
	UpdatedAt      time.Time
}

// Steps of a journal entry.
const (
	Planned   = "planned"   // apply will create it
	Started   = "started"   // apply_start was seen
	Done      = "done"      // apply_complete was seen, ObjectID is set
	Errored   = "errored"   // apply_errored was seen
	Uncertain = "uncertain" // a person has to say
	Import    = "import"    // answer: it exists as ObjectID
	Retry     = "retry"     // answer: it does not exist, create it
	Accept    = "accept"    // answer: leave everything as it is
)

// Entry is one address that apply creates or replaces.
type Entry struct {
	OrgID, GUResID string
	Address        string
	RunID          string
	Token          int64
	Action         string // create | replace
	PriorID        string // what replace replaces
	ObjectID       string
	Step           string
	Detail         []byte // sealed: the provider's inputs without secrets, as a JSON object
	Note           string // why it is uncertain, for people
	UpdatedAt      time.Time
}

// Event is one line of Terraform's stream.
type Event struct {
	Seq          int64
	OrgID, RunID string
	At           time.Time
	Level        string // info | warn | error
	Type         string // apply_start, diagnostic, ...; "log" for plain text
	Address      string
	Message      string // without secrets
}

// Statuses of a stored plan.
const (
	PlanOpen    = "open"    // nothing of it has been applied
	PlanBegun   = "begun"   // an apply has begun; BegunBy says whose
	PlanApplied = "applied" // it was applied to its end; Sealed is empty
)

// Plan is a Terraform plan that is kept to be applied as it is, with what it was made from.
type Plan struct {
	OrgID, ID string
	GUResID   string
	RunID     string // which made it
	Status    string // one of the Plan constants
	BegunBy   string // Fingerprint of the run that began to apply it
	Inputs    string // fingerprint of code and variables
	Lineage   string // of the state; "" where there was none
	Serial    int64
	Engine    string // terraform | opentofu
	Version   string // of the engine
	Sealed    []byte // the plan file and what applying it needs
	CreatedAt time.Time
}

// Changes is what a run is about to do, for people. No values, no secrets.
type Changes struct {
	At      time.Time
	Summary string
	Counts  map[string]int   // all changes by action
	First   []drivers.Change // the first of them
}
