package orchestrator

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/engine/policy"
)

// GateState is how far the policies' question about a plan is answered.
type GateState string

// The states of gates. Those after GatePassed end the deployment.
const (
	GateOpen      GateState = "open"      // planned, and not judged yet
	GateWaiting   GateState = "waiting"   // people have to agree
	GatePassed    GateState = "passed"    // no policy asks for anything (any more)
	GateDenied    GateState = "denied"    // a policy does not allow it
	GateRejected  GateState = "rejected"  // somebody does not agree
	GateExpired   GateState = "expired"   // not enough people agreed in time
	GateVoid      GateState = "void"      // what was to be approved is no longer what would be done
	GateWithdrawn GateState = "withdrawn" // the deployment ended otherwise
)

// refused are the states in which nobody has agreed to the deployment.
func (s GateState) refused() bool {
	return s == GateDenied || s == GateRejected || s == GateExpired || s == GateVoid
}

// pending are the states in which a deployment must not go on.
func (s GateState) pending() bool { return s == GateOpen || s == GateWaiting }

// Gate is the question that the policies of an organization are asked about a
// deployment's plan, or about the plan of one of its nodes, and its answer.
type Gate struct {
	OrgID, AppID, EnvID, DeploymentID string
	// Node is a resource key (type.class#id); "" = the whole plan.
	Node  string
	State GateState
	// Fingerprint names the plan that is judged: approvals count for it alone.
	Fingerprint string
	// ValuesGiven says that the deployment named its version of Shared Values, so
	// that later ones do not matter.
	ValuesGiven bool
	// Input is what the conditions see.
	Input policy.Input
	// Summary is one line about the plan, for people.
	Summary      string
	Requirements []GateRequirement
	Message      string // why it waits, or how it ended
	CreatedAt    time.Time
	Until        *time.Time // with GateWaiting: it ends then unless enough people have agreed
	EndedAt      *time.Time
	Version      int64
}

// GateRequirement is what one policy asks for.
type GateRequirement struct {
	Rule            string    `json:"rule"`
	Message         string    `json:"message"`
	Approvals       int       `json:"approvals"`
	Roles           []string  `json:"roles,omitempty"`
	ExcludeProposer bool      `json:"exclude_proposer,omitempty"`
	Until           time.Time `json:"until"`
}

func (r GateRequirement) rule() policy.Requirement {
	return policy.Requirement{Rule: r.Rule, Message: r.Message, Approvals: r.Approvals, Roles: r.Roles, ExcludeProposer: r.ExcludeProposer}
}

// GateApproval is what one person said to a gate.
type GateApproval struct {
	OrgID, DeploymentID string
	ID                  string // UUID
	Node                string
	Decision            string // approve | reject
	By                  string
	Roles               []string // those that the person had where the deployment goes
	Comment             string
	Fingerprint         string // of the plan that was approved
	Void                string // why it does not count; "" = it does
	CreatedAt           time.Time
	Version             int64
}

// Decisions of people.
const (
	DecisionApprove = "approve"
	DecisionReject  = "reject"
)

// Ref is the environment of the gate's deployment.
func (g *Gate) Ref() EnvRef { return EnvRef{g.OrgID, g.AppID, g.EnvID} }

// Key names the gate's deployment.
func (g *Gate) Key() DeploymentKey { return DeploymentKey{g.Ref(), g.DeploymentID} }

// counting are the approvals of a gate's plan.
func (g *Gate) counting(all []GateApproval) []policy.Approval {
	var out []policy.Approval
	for _, a := range all {
		if a.Node == g.Node && a.Decision == DecisionApprove && a.Void == "" && a.Fingerprint == g.Fingerprint {
			out = append(out, policy.Approval{By: a.By, Roles: a.Roles})
		}
	}
	return out
}

// missing is how many more people each requirement needs, in their order.
func (g *Gate) missing(all []GateApproval) []int {
	given := g.counting(all)
	out := make([]int, len(g.Requirements))
	for i, r := range g.Requirements {
		out[i] = r.rule().Missing(g.Input.Proposer.ID, given)
	}
	return out
}

// helps reports whether an approval would count for something that is missing.
func (g *Gate) helps(all []GateApproval, a policy.Approval) bool {
	given := g.counting(all)
	return slices.ContainsFunc(g.Requirements, func(r GateRequirement) bool {
		rule := r.rule()
		return rule.Missing(g.Input.Proposer.ID, append(slices.Clone(given), a)) < rule.Missing(g.Input.Proposer.ID, given)
	})
}

// deadline is the earliest of the requirements that are not met; false when all are.
func (g *Gate) deadline(all []GateApproval) (until time.Time, open bool) {
	for i, missing := range g.missing(all) {
		if at := g.Requirements[i].Until; missing > 0 && (!open || at.Before(until)) {
			until, open = at, true
		}
	}
	return until, open
}

// end gives the gate its last state.
func (g *Gate) end(at time.Time, state GateState, message string) {
	g.State, g.Message, g.Until, g.EndedAt = state, message, nil, &at
}

// wants says for people what is missing: "2 approvals (policy no-loss: ...)".
func (g *Gate) wants(all []GateApproval) string {
	var parts []string
	for i, missing := range g.missing(all) {
		if missing == 0 {
			continue
		}
		r := g.Requirements[i]
		text := fmt.Sprintf("%d approvals", missing)
		if missing == 1 {
			text = "1 approval"
		}
		if len(r.Roles) > 0 {
			text += " by " + strings.Join(r.Roles, " or ")
		}
		if r.ExcludeProposer {
			text += ", not by who asked for it"
		}
		parts = append(parts, fmt.Sprintf("%s (policy %s: %s)", text, r.Rule, r.Message))
	}
	return strings.Join(parts, "; ")
}
