package orchestrator

import "time"

// Promotion brings what one environment runs to another one: a deployment through
// the queue of the target, a time in which it has to stay healthy, and, when asked,
// the way back.
type Promotion struct {
	OrgID        string
	AppID        string
	ID           string // UUID
	FromEnvID    string // "" = a deployment was named
	FromDeployID string // the deployment that is promoted
	EnvID        string // target
	EnvCreatedAt time.Time
	Workloads    []string // those that are promoted; empty = all
	BaseSetID    string   // what the target had, or was about to have, when it was accepted
	SetID        string   // what is deployed to it
	Comment      string
	// FreezeOverride is of the deployment, and of one that takes it back.
	FreezeOverride string
	Soak           time.Duration // how long the target has to stay healthy; 0 = its deployment's success is enough
	RollBack       bool          // deploy what ran before when it fails or is cancelled
	Deadline       time.Time     // its deployment must be over by then

	DeploymentID string
	RollBackID   string // the deployment that takes it back; "" = none
	Status       string // in progress | succeeded | failed | cancelled
	Phase        string // approval | deploy | soak | rollback | done
	Message      string // why it did not succeed
	SoakUntil    *time.Time
	Failing      int // readings in a row that found workloads failing
	Events       []PromotionEvent
	CreatedAt    time.Time
	CreatedBy    string

	CancelRequestedAt *time.Time
	HandedOverAt      *time.Time // when the workflow engine was told; nil = not yet
	FinishedAt        *time.Time
	Version           int64
}

// PromotionEvent is one step of a Promotion, of the same shape as that of a request for an environment.
type PromotionEvent = SpinUpEvent

// Statuses and phases of promotions; PhaseDeploy and PhaseDone are those of requests for environments, too.
const (
	PromotionInProgress = SpinUpInProgress
	PromotionSucceeded  = SpinUpSucceeded
	PromotionFailed     = SpinUpFailed
	PromotionCancelled  = SpinUpCancelled

	// PhaseApproval is while policies ask people: its deployment waits for them.
	PhaseApproval = "approval"
	PhaseSoak     = "soak"
	PhaseRollBack = "rollback"
)

// PromotionKey names a promotion.
type PromotionKey struct{ OrgID, AppID, ID string }

// Ref returns the target.
func (p Promotion) Ref() EnvRef { return EnvRef{p.OrgID, p.AppID, p.EnvID} }

// Key names the promotion.
func (p Promotion) Key() PromotionKey { return PromotionKey{p.OrgID, p.AppID, p.ID} }

// Terminal reports whether nothing follows any more.
func (p Promotion) Terminal() bool { return p.FinishedAt != nil }

// enter begins a phase.
func (p *Promotion) enter(at time.Time, phase, message string) {
	p.Phase = phase
	p.note(at, message)
}

// note adds an event with the state as it is now.
func (p *Promotion) note(at time.Time, message string) {
	p.Events = append(p.Events, PromotionEvent{Seq: int64(len(p.Events) + 1), At: at, Phase: p.Phase, Status: p.Status, Message: message})
}

// finish ends the promotion.
func (p *Promotion) finish(at time.Time, status, message string) {
	p.Status, p.Phase, p.FinishedAt = status, PhaseDone, &at
	if p.Message == "" && status != PromotionSucceeded {
		p.Message = message
	}
	p.note(at, message)
}

// unsuccessful is the status of one that did not succeed.
func (p *Promotion) unsuccessful() string {
	if p.CancelRequestedAt != nil {
		return PromotionCancelled
	}
	return PromotionFailed
}

// checkEvery is the time between two looks at the target during the soak time.
func (p *Promotion) checkEvery() time.Duration {
	return min(max(p.Soak/10, time.Second), 30*time.Second)
}
