package orchestrator

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/engine/resource"
)

// PlanStatus is where a stored plan stands.
type PlanStatus string

// Statuses of stored plans.
const (
	PlanMaking    PlanStatus = "planning"  // drivers are asked
	PlanReady     PlanStatus = "ready"     // it can be looked at, and deployed until it expires
	PlanFailed    PlanStatus = "failed"    // it could not be made; the message says why
	PlanCancelled PlanStatus = "cancelled" // somebody has cancelled or discarded it
	PlanExpired   PlanStatus = "expired"   // its time is over; what it showed can still be read
)

// StoredPlan is a plan of a deployment for which drivers were asked. What they
// have planned is kept by them, and applied as it was shown.
type StoredPlan struct {
	OrgID, AppID, EnvID string
	ID                  string // UUID
	DeltaID             string // as they were asked for
	SetID               string
	ValueSetVersionID   string

	Status       PlanStatus
	Message      string
	Content      []byte // JSON of a PlanContent; nil until something is known
	DeploymentID string // the last deployment that was accepted with it

	CreatedAt         time.Time
	CreatedBy         string
	CancelRequestedAt *time.Time
	HandedOverAt      *time.Time // when the workflow engine was told; nil = not yet
	MadeAt            *time.Time
	ExpiresAt         *time.Time // when it cannot be deployed any more; nil until it is made
	FinishedAt        *time.Time // when nothing followed any more: failed, cancelled, expired
	Version           int64
}

// Ref returns the environment.
func (p StoredPlan) Ref() EnvRef { return EnvRef{p.OrgID, p.AppID, p.EnvID} }

// Request is what was asked for.
func (p StoredPlan) Request() DeploymentRequest {
	return DeploymentRequest{DeltaID: p.DeltaID, SetID: p.SetID, ValueSetVersionID: p.ValueSetVersionID}
}

// Terminal reports whether nothing follows any more.
func (p StoredPlan) Terminal() bool { return p.FinishedAt != nil }

// Shown decodes what the plan shows; empty until something is known.
func (p StoredPlan) Shown() (PlanContent, error) {
	var c PlanContent
	if len(p.Content) == 0 {
		return c, nil
	}
	if err := json.Unmarshal(p.Content, &c); err != nil { //nolint:musttag // written below, and read here alone
		return c, fmt.Errorf("the content of plan %s cannot be read: %w", p.ID, err)
	}
	return c, nil
}

func (p *StoredPlan) show(c PlanContent) (err error) {
	p.Content, err = json.Marshal(c) //nolint:musttag // see Shown
	return err
}

// PlanContent is what a stored plan shows. It holds no secret.
type PlanContent struct {
	Plan      DeploymentPlan `json:"plan"`
	Nodes     []NodePlan     `json:"nodes"` // in the order of the graph
	Manifests *ManifestPlan  `json:"manifests"`
}

// States of a node in a plan.
const (
	// NodeComputed: its driver only computes, so its outputs are those it will have.
	NodeComputed = "computed"
	// NodePlanned: its driver has planned, and applies that plan as it is.
	NodePlanned = "planned"
	// NodeDeferred: nobody can say yet; the reason says why. When its turn comes its
	// driver plans first, where it can.
	NodeDeferred = "deferred"
	// NodeUnplannable: planning it has failed, so the deployment would.
	NodeUnplannable = "failed"
)

// NodePlan is what the driver of one node would do.
type NodePlan struct {
	Key     resource.Key `json:"key"`
	GUResID string       `json:"guresid"` // of a new resource: the one it will have
	Driver  string       `json:"driver"`  // driver_type of the driver that does the work
	State   string       `json:"state"`
	Reason  string       `json:"reason"` // why it is deferred or failed
	New     bool         `json:"new"`    // nothing is recorded under the GUResID yet
	// PlanID names what the driver keeps; "" = it keeps nothing.
	PlanID  string         `json:"plan_id"`
	Inputs  string         `json:"inputs"`  // keyed digest of all that the driver was given
	Same    bool           `json:"same"`    // the driver would change nothing, outputs included
	Summary string         `json:"summary"` // one line of the driver
	Counts  map[string]int `json:"counts"`
	// Changes are the first of them, at most MaxShownChanges; Counts has all.
	Changes []drivers.Change `json:"changes"`
}

// MaxShownChanges bounds the changes of one node that a plan lists.
const MaxShownChanges = 200

// count takes over what a driver foresees.
func (n *NodePlan) count(p drivers.Plan, redact func(string) string) {
	n.PlanID, n.Same, n.Summary = p.ID, p.Same, redact(p.Summary)
	n.Counts = map[string]int{}
	for _, c := range p.Changes {
		n.Counts[c.Action]++
		if len(n.Changes) < MaxShownChanges {
			c.Address, c.Detail = redact(c.Address), redact(c.Detail)
			n.Changes = append(n.Changes, c)
		}
	}
}

// ManifestPlan is what would become of the objects of an environment.
type ManifestPlan struct {
	FromID  string          `json:"from_id"` // the deployment that was delivered last; "" = none
	Objects []PlannedObject `json:"objects"`
	Same    int             `json:"same"` // objects that stay as they were delivered
	// Notes say what cannot be told.
	Notes []string `json:"notes"`
	// Live are the differences from what is in the cluster, of those objects that are
	// fully known; LiveChecked is how many those are, 0 when the cluster was not asked.
	Live        []ObjectComparison `json:"live"`
	LiveChecked int                `json:"live_checked"`
}

// PlannedObject is an object that would not be as it was delivered last.
type PlannedObject struct {
	ObjectComparison
	// Unknown are JSON pointers of fields whose values are known only when resources
	// were made.
	Unknown []string `json:"unknown"`
}
