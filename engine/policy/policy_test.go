package policy_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/slipway-dev/slipway/engine/policy"
)

func deny(when string) policy.Rule {
	return policy.Rule{ID: "p", When: when, Effect: policy.EffectDeny, Message: "no"}
}

var lossInProduction = policy.Input{
	Plan: policy.Plan{
		Created:   []policy.Resource{{Type: "redis", Class: "default", ID: "modules.api.externals.cache", Def: "redis-small", Driver: "slipway/terraform"}},
		Destroyed: []policy.Resource{{Type: "postgres", Class: "large", ID: "shared.db", Def: "pg-old", Driver: "slipway/template"}},
		Workloads: policy.Workloads{Removed: []string{"worker"}},
		Values:    []string{"DB_HOST"},
	},
	Env:      policy.Environment{ID: "prod", Type: "production", App: "shop", Org: "acme"},
	Proposer: policy.Proposer{ID: "ann"},
}

func TestConditions(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		when string
		want bool
	}{
		"destroys a database in production": {`plan.destroyed.exists(r, r.type == "postgres") && env.type == "production"`, true},
		"another type":                      {`plan.destroyed.exists(r, r.type == "mysql")`, false},
		"by class and id":                   {`plan.destroyed.exists(r, r.class == "large" && r.id.startsWith("shared."))`, true},
		"by definition and driver":          {`plan.created.all(r, r.def == "redis-small" && r.driver == "slipway/terraform")`, true},
		"nothing is replaced":               {`plan.replaced.size() == 0 && plan.changed.size() == 0 && plan.removed.size() == 0`, true},
		"workloads":                         {`"worker" in plan.workloads.removed && plan.workloads.added.size() == 0`, true},
		"values":                            {`plan.values.exists(k, k.matches("^DB_"))`, true},
		"who and where":                     {`proposer.id == "ann" && env.id == "prod" && env.app == "shop" && env.org == "acme"`, true},
		"always":                            {`true`, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := policy.Decide(t.Context(), []policy.Rule{deny(c.when)}, lossInProduction)
			if err != nil {
				t.Fatal(err)
			}
			if d.Denied() != c.want || (c.want && (d.Denials[0].Broken || d.Denials[0].Message != "no")) {
				t.Errorf("%s: denied %t, want %t: %+v", c.when, d.Denied(), c.want, d.Denials)
			}
		})
	}
}

func TestRulesThatAreRefused(t *testing.T) {
	t.Parallel()
	approve := policy.Rule{When: "true", Effect: policy.EffectApprove, Approvals: 1}
	with := func(change func(r *policy.Rule)) policy.Rule { r := approve; change(&r); return r }
	cases := map[string]struct {
		rule        policy.Rule
		field, says string
	}{
		"no condition":           {deny("  "), "when", "needs a condition"},
		"no CEL":                 {deny("plan."), "when", "no valid CEL"},
		"misspelt field":         {deny(`plan.destoyed.size() > 0`), "when", "destoyed"},
		"misspelt in a macro":    {deny(`plan.destroyed.exists(r, r.typ == "x")`), "when", "typ"},
		"unknown variable":       {deny(`user.id == "a"`), "when", "user"},
		"not a truth":            {deny(`plan.destroyed.size()`), "when", "type int"},
		"bad regular expression": {deny(`env.id.matches("(")`), "when", "invalid matches argument"},
		"too long":               {deny(strings.Repeat("true || ", 600) + "true"), "when", "4096"},
		"too deep":               {deny(strings.Repeat("(", 300) + "true" + strings.Repeat(")", 300)), "when", "recursion"},
		"unknown effect":         {policy.Rule{When: "true", Effect: "warn"}, "effect", `"warn"`},
		"no approvals":           {with(func(r *policy.Rule) { r.Approvals = 0 }), "approvals", "between 1 and 10"},
		"too many approvals":     {with(func(r *policy.Rule) { r.Approvals = 11 }), "approvals", "between 1 and 10"},
		"too many roles":         {with(func(r *policy.Rule) { r.Roles = make([]string, 21) }), "roles", "at most 20"},
		"long message":           {with(func(r *policy.Rule) { r.Message = strings.Repeat("ä", 1001) }), "message", "1000"},
		"approvals of a denial":  {policy.Rule{When: "true", Effect: policy.EffectDeny, Approvals: 1}, "approvals", "denies"},
		"roles of a denial":      {policy.Rule{When: "true", Effect: policy.EffectDeny, Roles: []string{"owner"}}, "roles", "denies"},
		"proposer of a denial":   {policy.Rule{When: "true", Effect: policy.EffectDeny, ExcludeProposer: true}, "exclude_proposer", "denies"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := policy.Check(c.rule)
			var wrong *policy.RuleError
			if !errors.As(err, &wrong) {
				t.Fatalf("got %v, want a RuleError", err)
			}
			if wrong.Field != c.field || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %q, want field %s and %q in it", err, c.field, c.says)
			}
		})
	}
	if err := policy.Check(approve); err != nil {
		t.Errorf("a good rule is refused: %v", err)
	}
}

func TestADecisionListsAllRulesById(t *testing.T) {
	t.Parallel()
	rules := []policy.Rule{
		{ID: "z-two", When: `env.type == "production"`, Effect: policy.EffectApprove, Approvals: 2, Roles: []string{"owner"}, ExcludeProposer: true},
		{ID: "m-never", When: "false", Effect: policy.EffectDeny},
		{ID: "b-deny", When: "true", Effect: policy.EffectDeny},
		{ID: "a-one", When: "true", Effect: policy.EffectApprove, Approvals: 1, Message: "ask the team"},
	}
	want := policy.Decision{
		Denials: []policy.Denial{{Rule: "b-deny", Message: "policy b-deny does not allow it"}},
		Requirements: []policy.Requirement{
			{Rule: "a-one", Message: "ask the team", Approvals: 1},
			{Rule: "z-two", Message: "policy z-two asks for approvals by 2 people", Approvals: 2, Roles: []string{"owner"}, ExcludeProposer: true},
		},
	}
	for range 2 {
		got, err := policy.Decide(t.Context(), rules, lossInProduction)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
		slices.Reverse(rules)
	}
}

func TestARuleThatCannotBeEvaluatedDenies(t *testing.T) {
	t.Parallel()
	many := policy.Input{}
	for i := range 3000 {
		many.Plan.Created = append(many.Plan.Created, policy.Resource{ID: fmt.Sprint(i)})
	}
	cases := map[string]struct{ when, says string }{
		"fails while it runs": {`plan.created[9999].type == "x"`, "index out of bounds"},
		"costs too much":      {`plan.created.all(a, plan.created.all(b, a.id != b.id || a.type == b.type))`, "cost"},
		"no longer compiles":  {`plan.gone.size() == 0`, "gone"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := policy.Decide(t.Context(), []policy.Rule{deny(c.when)}, many)
			if err != nil {
				t.Fatal(err)
			}
			if len(d.Denials) != 1 || !d.Denials[0].Broken || !strings.Contains(d.Denials[0].Message, c.says) {
				t.Errorf("got %+v, want a denial with %q", d.Denials, c.says)
			}
		})
	}
}

func TestDecideEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := policy.Decide(ctx, []policy.Rule{deny("true")}, lossInProduction); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that it was cancelled", err)
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	owner := func(id string) policy.Approval { return policy.Approval{By: id, Roles: []string{"owner"}} }
	two := policy.Requirement{Approvals: 2}
	byOwners := policy.Requirement{Approvals: 2, Roles: []string{"owner", "administrator"}}
	without := policy.Requirement{Approvals: 1, ExcludeProposer: true}
	cases := map[string]struct {
		requirement policy.Requirement
		given       []policy.Approval
		want        int
	}{
		"nobody":                  {two, nil, 2},
		"one of two":              {two, []policy.Approval{owner("ann")}, 1},
		"the same twice":          {two, []policy.Approval{owner("ann"), owner("ann")}, 1},
		"two":                     {two, []policy.Approval{owner("ann"), {By: "ben"}}, 0},
		"more than enough":        {two, []policy.Approval{owner("ann"), owner("ben"), owner("cy")}, 0},
		"the wrong role":          {byOwners, []policy.Approval{owner("ann"), {By: "ben", Roles: []string{"developer"}}}, 1},
		"any of the roles":        {byOwners, []policy.Approval{owner("ann"), {By: "ben", Roles: []string{"x", "administrator"}}}, 0},
		"proposer does not count": {without, []policy.Approval{owner("ann")}, 1},
		"another than proposer":   {without, []policy.Approval{owner("ann"), owner("ben")}, 0},
		"nobody known by a name":  {two, []policy.Approval{owner(""), owner("")}, 2},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := c.requirement.Missing("ann", c.given); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}

// More approvals never make more necessary, and their order does not matter.
func TestMissingIsMonotonic(t *testing.T) {
	t.Parallel()
	people := rapid.SampledFrom([]string{"ann", "ben", "cy", "dee"})
	roles := rapid.SliceOfN(rapid.SampledFrom([]string{"owner", "developer"}), 0, 2)
	approval := rapid.Custom(func(t *rapid.T) policy.Approval {
		return policy.Approval{By: people.Draw(t, "by"), Roles: roles.Draw(t, "roles")}
	})
	rapid.Check(t, func(t *rapid.T) {
		q := policy.Requirement{Approvals: rapid.IntRange(1, 5).Draw(t, "approvals"), Roles: roles.Draw(t, "allowed"), ExcludeProposer: rapid.Bool().Draw(t, "exclude")}
		given := rapid.SliceOfN(approval, 0, 8).Draw(t, "given")
		before := q.Missing("ann", given)
		reversed := slices.Clone(given)
		slices.Reverse(reversed)
		if got := q.Missing("ann", reversed); got != before {
			t.Fatalf("%d missing, %d in another order", before, got)
		}
		after := q.Missing("ann", append(given, approval.Draw(t, "next")))
		if after > before || after < before-1 || after < 0 {
			t.Fatalf("%d missing before one more approval, %d after", before, after)
		}
	})
}

func FuzzCheck(f *testing.F) {
	for _, seed := range []string{`true`, `plan.destroyed.exists(r, r.type == "postgres")`, `((`, `env.id.matches("a+")`, "plan.values[0]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, when string) {
		rule := deny(when)
		refused := policy.Check(rule)
		d, err := policy.Decide(t.Context(), []policy.Rule{rule}, lossInProduction)
		if err != nil {
			t.Fatal(err)
		}
		if refused != nil && !d.Denied() {
			t.Errorf("%q is refused, and lets things through", when)
		}
	})
}
