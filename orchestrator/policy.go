package orchestrator

import (
	"errors"
	"time"

	"github.com/slipway-dev/slipway/engine/policy"
)

// Policy is a rule of an organization about what deployments may do. It is asked
// about the plan of each deployment before anything is done.
type Policy struct {
	OrgID   string
	ID      string // like the id of an application
	When    string // condition in CEL over plan, env and proposer; see engine/policy
	Effect  string // deny | approve
	Message string // what people are told; "" = a sentence with the id
	// Approvals is how many people have to agree; 0 with the effect deny.
	Approvals int
	// Roles may agree, of the organization, the application or the environment type;
	// empty = whoever may deploy to the environment.
	Roles []string
	// ExcludeProposer does not count the approval of who asked for the deployment.
	ExcludeProposer bool
	// Deadline is how long a deployment waits for the approvals; 0 with the effect deny.
	Deadline  time.Duration
	CreatedAt time.Time
	CreatedBy string
	UpdatedAt time.Time
	UpdatedBy string
	Version   int64
}

// Bounds of policies.
const (
	// DefaultApprovalDeadline is how long a deployment waits for approvals when its policy says nothing.
	DefaultApprovalDeadline = time.Hour
	minApprovalDeadline     = time.Minute
	maxApprovalDeadline     = 7 * 24 * time.Hour
	// maxPolicies bounds those of one organization: each deployment is asked about all of them.
	maxPolicies = 100
)

func (p *Policy) rule() policy.Rule {
	return policy.Rule{
		ID: p.ID, When: p.When, Effect: p.Effect, Message: p.Message, Approvals: p.Approvals, Roles: p.Roles, ExcludeProposer: p.ExcludeProposer,
	}
}

// check completes a policy and refuses one that could not be evaluated.
func (p *Policy) check() error {
	if err := checkSlug("id", p.ID, maxSlug); err != nil {
		return err
	}
	if p.Effect == policy.EffectApprove && p.Approvals == 0 {
		p.Approvals = 1
	}
	for _, role := range p.Roles {
		if rankOf(role) == 0 {
			return Invalidf("roles: %q is no role; roles are %s", shorten(role), allRoles())
		}
	}
	var wrong *policy.RuleError
	if err := policy.Check(p.rule()); errors.As(err, &wrong) {
		invalid := Invalidf("%s", wrong)
		invalid.Details = map[string]any{"field": wrong.Field, "problem": wrong.Problem}
		if len(wrong.Issues) > 0 {
			invalid.Details["line"], invalid.Details["column"] = wrong.Issues[0].Line, wrong.Issues[0].Column
		}
		return invalid
	} else if err != nil {
		return err
	}
	switch {
	case p.Effect == policy.EffectDeny && p.Deadline != 0:
		return Invalidf("deadline: a rule that denies waits for nobody; leave it out, or set the effect to approve")
	case p.Effect == policy.EffectDeny:
	case p.Deadline == 0:
		p.Deadline = DefaultApprovalDeadline
	case p.Deadline < minApprovalDeadline || p.Deadline > maxApprovalDeadline:
		return Invalidf("deadline: expected %s to %s, got %s", minApprovalDeadline, maxApprovalDeadline, p.Deadline)
	}
	return nil
}

// rulesOf are the policies as they are evaluated.
func rulesOf(policies []Policy) []policy.Rule {
	rules := make([]policy.Rule, 0, len(policies))
	for i := range policies {
		rules = append(rules, policies[i].rule())
	}
	return rules
}
