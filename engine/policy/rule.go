package policy

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/ext"
)

// What a rule does when its condition holds.
const (
	EffectDeny    = "deny"    // the deployment may not be done
	EffectApprove = "approve" // people have to agree first
)

// Limits of a rule.
const (
	MaxExpression = 4096 // bytes of a condition
	MaxMessage    = 1000 // characters of a message
	MaxApprovals  = 10   // people whom one rule may ask for
	MaxRoles      = 20   // roles that one rule may name
	// maxDepth bounds how deep a condition nests.
	maxDepth = 50
	// maxCost bounds what one evaluation may cost, in units of CEL's cost model: about one per operation. A condition
	// that looks at each resource of a plan of 5,000 takes about 50,000.
	maxCost = 2_000_000
)

// Rule is one policy.
type Rule struct {
	ID      string
	When    string // CEL, of type bool
	Effect  string // EffectDeny or EffectApprove
	Message string // what the people concerned are told; "" = a sentence with the id
	// Approvals is how many people have to agree; with EffectApprove at least 1, else 0.
	Approvals int
	// Roles may approve; empty = whoever may deploy to the environment.
	Roles []string
	// ExcludeProposer does not count the approval of who asked for the deployment.
	ExcludeProposer bool
}

// RuleError says which field of a rule is wrong.
type RuleError struct {
	Field   string // when, effect, message, approvals, roles or exclude_proposer
	Problem string // what is wrong and what to do
	// Issues are where in the condition it is wrong; nil when it is not about a place in it.
	Issues []Issue
}

// Issue is one thing that is wrong with the text of a condition.
type Issue struct {
	Line, Column int // from 1
	Message      string
}

func issuesOf(errs []*cel.Error) []Issue {
	out := make([]Issue, 0, len(errs))
	for _, e := range errs {
		out = append(out, Issue{Line: max(e.Location.Line(), 1), Column: e.Location.Column() + 1, Message: e.Message})
	}
	return out
}

// Error is "field: problem".
func (e *RuleError) Error() string { return e.Field + ": " + e.Problem }

// Check demands a rule that can be evaluated. The error is a *RuleError.
func Check(r Rule) error {
	_, err := compile(r)
	return err
}

// environment has the variables and their types, so that a misspelt field is found when the rule is written. What it is
// made of is fixed, so it cannot fail.
var environment = sync.OnceValues(func() (*cel.Env, error) {
	return cel.NewEnv(
		ext.NativeTypes(ext.ParseStructTags(true), reflect.TypeFor[Plan](), reflect.TypeFor[Environment](), reflect.TypeFor[Proposer]()),
		ext.Strings(),
		cel.Variable("plan", cel.ObjectType("policy.Plan")),
		cel.Variable("env", cel.ObjectType("policy.Environment")),
		cel.Variable("proposer", cel.ObjectType("policy.Proposer")),
		cel.ParserRecursionLimit(maxDepth),
		cel.ParserExpressionSizeLimit(MaxExpression),
		cel.ASTValidators(cel.ValidateRegexLiterals()),
	)
})

// compile checks a rule and makes its condition ready to run.
func compile(r Rule) (cel.Program, error) {
	if err := r.checkEffect(); err != nil {
		return nil, err
	}
	switch {
	case strings.TrimSpace(r.When) == "":
		return nil, &RuleError{Field: "when", Problem: "a rule needs a condition in CEL; true holds always"}
	case len(r.When) > MaxExpression:
		return nil, &RuleError{Field: "when", Problem: fmt.Sprintf("the condition has %d bytes, the limit is %d", len(r.When), MaxExpression)}
	case utf8.RuneCountInString(r.Message) > MaxMessage:
		return nil, &RuleError{Field: "message", Problem: fmt.Sprintf("at most %d characters", MaxMessage)}
	}
	env, err := environment()
	if err != nil {
		return nil, fmt.Errorf("preparing CEL: %w", err)
	}
	ast, issues := env.Compile(r.When)
	if issues.Err() != nil {
		return nil, &RuleError{Field: "when", Problem: "the condition is no valid CEL: " + issues.Err().Error(), Issues: issuesOf(issues.Errors())}
	}
	if ast.OutputType() != cel.BoolType {
		return nil, &RuleError{Field: "when", Problem: fmt.Sprintf("the condition is of type %s, and has to be true or false", ast.OutputType())}
	}
	program, err := env.Program(ast, cel.CostLimit(maxCost), cel.InterruptCheckFrequency(1000))
	if err != nil {
		return nil, &RuleError{Field: "when", Problem: err.Error()}
	}
	return program, nil
}

func (r Rule) checkEffect() error {
	switch r.Effect {
	case EffectDeny:
		switch {
		case r.Approvals != 0:
			return &RuleError{Field: "approvals", Problem: "a rule that denies asks for no approvals; leave it out, or set the effect to approve"}
		case len(r.Roles) != 0:
			return &RuleError{Field: "roles", Problem: "a rule that denies has no approvers; leave them out, or set the effect to approve"}
		case r.ExcludeProposer:
			return &RuleError{Field: "exclude_proposer", Problem: "a rule that denies has no approvers; leave it out, or set the effect to approve"}
		}
	case EffectApprove:
		switch {
		case r.Approvals < 1 || r.Approvals > MaxApprovals:
			return &RuleError{Field: "approvals", Problem: fmt.Sprintf("between 1 and %d people, got %d", MaxApprovals, r.Approvals)}
		case len(r.Roles) > MaxRoles:
			return &RuleError{Field: "roles", Problem: fmt.Sprintf("at most %d", MaxRoles)}
		}
	default:
		return &RuleError{Field: "effect", Problem: fmt.Sprintf("expected %s or %s, got %q", EffectDeny, EffectApprove, r.Effect)}
	}
	return nil
}
