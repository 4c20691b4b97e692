package orchestrator

import "time"

// SpinUp is a request for a new environment: from nothing, from a deployment, or
// as a clone of another environment. The environment and its values are made in
// the transaction that accepts the request; what takes time follows.
type SpinUp struct {
	OrgID        string
	AppID        string
	ID           string // UUID
	EnvID        string
	EnvCreatedAt time.Time // tells the environment from a later one with the same id
	Kind         string    // create | clone | preview
	FromEnvID    string    // "" = none
	FromDeployID string    // "" = from nothing
	DeploymentID string    // the first deployment; "" = none was asked for
	OnFailure    string    // keep | teardown
	Status       string    // in progress | succeeded | failed | cancelled
	Phase        string    // deploy | teardown | done
	Message      string    // why it failed
	Events       []SpinUpEvent
	CreatedAt    time.Time
	CreatedBy    string

	CancelRequestedAt *time.Time
	HandedOverAt      *time.Time // when the workflow engine was told; nil = not yet
	FinishedAt        *time.Time
	Version           int64
}

// SpinUpEvent is one step of a SpinUp.
type SpinUpEvent struct {
	Seq     int64     `json:"seq"` // from 1
	At      time.Time `json:"at"`
	Phase   string    `json:"phase"`
	Status  string    `json:"status"`
	Message string    `json:"message"`
}

// Kinds of requests for environments.
const (
	SpinUpCreate = "create"
	SpinUpClone  = "clone"
	// SpinUpPreview was asked for by a push to a branch.
	SpinUpPreview = "preview"
)

// What becomes of an environment whose first deployment fails.
const (
	OnFailureKeep     = "keep"
	OnFailureTeardown = "teardown"
)

// Statuses and phases of requests for environments.
const (
	SpinUpInProgress = "in progress"
	SpinUpSucceeded  = "succeeded"
	SpinUpFailed     = "failed"
	SpinUpCancelled  = "cancelled"

	PhaseDeploy   = "deploy"
	PhaseTeardown = "teardown"
	PhaseDone     = "done"
)

// Ref returns the environment that is asked for.
func (u SpinUp) Ref() EnvRef { return EnvRef{u.OrgID, u.AppID, u.EnvID} }

// Key names the request.
func (u SpinUp) Key() SpinUpKey { return SpinUpKey{u.OrgID, u.AppID, u.ID} }

// Terminal reports whether nothing follows any more.
func (u SpinUp) Terminal() bool { return u.FinishedAt != nil }

// SpinUpKey names a request for an environment.
type SpinUpKey struct{ OrgID, AppID, ID string }

// note adds an event with the state as it is now.
func (u *SpinUp) note(at time.Time, message string) {
	u.Events = append(u.Events, SpinUpEvent{Seq: int64(len(u.Events) + 1), At: at, Phase: u.Phase, Status: u.Status, Message: message})
}

// finish ends the request.
func (u *SpinUp) finish(at time.Time, status, message string) {
	u.Status, u.Phase, u.FinishedAt = status, PhaseDone, &at
	if u.Message == "" && status != SpinUpSucceeded {
		u.Message = message
	}
	u.note(at, message)
}
