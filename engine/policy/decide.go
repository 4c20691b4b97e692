package policy

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Decision is what all rules together say.
type Decision struct {
	Denials      []Denial      // by rule; any one is enough
	Requirements []Requirement // by rule; each has to be met
}

// Denied reports whether the deployment may not be done.
func (d Decision) Denied() bool { return len(d.Denials) > 0 }

// Denial is why the deployment may not be done.
type Denial struct {
	Rule    string
	Message string
	// Broken says that the rule could not be evaluated.
	Broken bool
}

// Requirement is an agreement that is needed.
type Requirement struct {
	Rule            string
	Message         string
	Approvals       int
	Roles           []string // empty = whoever may deploy to the environment
	ExcludeProposer bool
}

// Approval is that of one person.
type Approval struct {
	By    string   // user id
	Roles []string // those that the person has where the deployment goes
}

// Decide evaluates all rules. The order of the rules does not matter: the decision lists them by id. It fails only when
// ctx ends.
func Decide(ctx context.Context, rules []Rule, in Input) (Decision, error) {
	var out Decision
	for _, r := range slices.SortedFunc(slices.Values(rules), func(a, b Rule) int { return strings.Compare(a.ID, b.ID) }) {
		holds, err := r.holds(ctx, in)
		if ctx.Err() != nil {
			return Decision{}, ctx.Err()
		}
		switch {
		case err != nil:
			out.Denials = append(out.Denials, Denial{Rule: r.ID, Broken: true,
				Message: fmt.Sprintf("policy %s cannot be evaluated, so nothing is let through: %v; correct or delete it", r.ID, err)})
		case !holds:
		case r.Effect == EffectDeny:
			out.Denials = append(out.Denials, Denial{Rule: r.ID, Message: r.message()})
		default:
			out.Requirements = append(out.Requirements, Requirement{
				Rule: r.ID, Message: r.message(), Approvals: r.Approvals, Roles: slices.Clone(r.Roles), ExcludeProposer: r.ExcludeProposer,
			})
		}
	}
	return out, nil
}

func (r Rule) holds(ctx context.Context, in Input) (bool, error) {
	program, err := compile(r)
	if err != nil {
		return false, err
	}
	result, _, err := program.ContextEval(ctx, map[string]any{"plan": in.Plan, "env": in.Env, "proposer": in.Proposer})
	if err != nil {
		return false, err
	}
	holds, ok := result.Value().(bool)
	if !ok {
		return false, fmt.Errorf("the condition gave %v, not true or false", result.Type())
	}
	return holds, nil
}

func (r Rule) message() string {
	switch {
	case r.Message != "":
		return r.Message
	case r.Effect == EffectDeny:
		return fmt.Sprintf("policy %s does not allow it", r.ID)
	case r.Approvals == 1:
		return fmt.Sprintf("policy %s asks for an approval", r.ID)
	}
	return fmt.Sprintf("policy %s asks for approvals by %d people", r.ID, r.Approvals)
}

// Missing is how many more people have to agree: 0 when the requirement is met. A person counts once, however often
// the approval was given.
func (q Requirement) Missing(proposer string, given []Approval) int {
	counted := map[string]bool{}
	for _, a := range given {
		if q.counts(proposer, a) {
			counted[a.By] = true
		}
	}
	return max(0, q.Approvals-len(counted))
}

func (q Requirement) counts(proposer string, a Approval) bool {
	if a.By == "" || (q.ExcludeProposer && a.By == proposer) {
		return false
	}
	return len(q.Roles) == 0 || slices.ContainsFunc(a.Roles, func(role string) bool { return slices.Contains(q.Roles, role) })
}
