package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// planFlags ask for a plan, or hold a deployment to one.
type planFlags struct {
	only, strict, drivers bool
	agreed                string
	timeout               time.Duration
}

func (f *planFlags) bind(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.only, "plan", false, "show what would be done, and do nothing")
	cmd.Flags().BoolVar(&f.drivers, "drivers", false, "with --plan: have drivers plan, too, and show what becomes of the objects; takes as long as they take")
	cmd.Flags().DurationVar(&f.timeout, "plan-timeout", 30*time.Minute, "with --drivers: wait that long at most; the plan goes on afterwards")
	cmd.Flags().BoolVar(&f.strict, "exit-code", false, "with --plan: end with 8 when something would be destroyed or the deployment would fail")
	cmd.Flags().StringVar(&f.agreed, "planned", "", "fingerprint or id of a plan: do exactly that, or nothing when it is no longer true")
}

// check refuses flags that contradict each other.
func (f *planFlags) check(wait waitFlags) error {
	switch {
	case f.only && f.agreed != "":
		return usagef("--plan shows what would be done and --planned does it; give one of them")
	case f.only && (wait.wait || wait.timeout != 0):
		return usagef("--plan deploys nothing, so there is nothing to wait for")
	case f.strict && !f.only:
		return usagef("--exit-code goes with --plan")
	case f.drivers && !f.only:
		return usagef("--drivers goes with --plan")
	case f.timeout < 0:
		return usagef("--plan-timeout must not be negative")
	}
	return nil
}

// errPlan ends a command with exitImpact; the plan has said why.
var errPlan = errors.New("the deployment would destroy resources or fail")

func (a *app) showPlan(ctx context.Context, c *client.Client, p plan, f planFlags) error {
	if f.drivers {
		return a.showDriversPlan(ctx, c, p, f)
	}
	body := api.PlanDeploymentRequest{DeltaID: p.request.DeltaID, SetID: p.request.SetID, ValueSetVersionID: p.request.ValueSetVersionID}
	found, err := client.Do[api.DeploymentPlan](ctx, c, http.MethodPost, p.scope.EnvPath("deploys", "plan"), body)
	if err != nil {
		return fmt.Errorf("plan a deployment to environment %s: %w", p.scope.Env, err)
	}
	if err := a.showObject(found, func() error { return a.printPlan(p.scope, found) }); err != nil {
		return err
	}
	return judgePlan(found, nil, f.strict)
}

// judgePlan is the exit code of a plan.
func judgePlan(p api.DeploymentPlan, nodes []api.PlannedNode, strict bool) error {
	destroys := slices.ContainsFunc(p.Resources, func(r api.PlannedResource) bool { return len(r.Destroys) > 0 }) ||
		slices.ContainsFunc(nodes, func(n api.PlannedNode) bool { return n.Counts["delete"]+n.Counts["replace"] > 0 })
	if strict && (destroys || len(p.Problems) > 0) {
		return &codedError{code: exitImpact, err: errPlan}
	}
	return nil
}

func (a *app) printPlan(s client.Scope, p api.DeploymentPlan) error {
	a.say("plan for %s/%s: set %s%s", s.App, s.Env, p.SetID, summaryOf(p.Summary))
	a.list("  ", workloadChanges(p.Changes))
	if len(p.Values) > 0 {
		a.say("  shared values that differ: %s", strings.Join(p.Values, ", "))
	}
	t := newTable("ACTION", "RESOURCE", "FROM", "TO", "WHY")
	for _, r := range p.Resources {
		if r.Action != "keep" {
			t.add(r.Action, resourceKey(r.Type, r.Class, r.ID), made(r.FromDef, r.FromDriver), made(r.ToDef, r.ToDriver), r.Reason)
		}
	}
	if len(t.rows) > 0 {
		if err := a.print(t); err != nil {
			return err
		}
	}
	for _, r := range p.Resources {
		for _, d := range r.Destroys {
			a.say("destroyed afterwards: %s of %s, made by %s", d.GUResID, resourceKey(r.Type, r.Class, r.ID), made(d.DefID, d.DriverType))
		}
	}
	if p.Summary["keep"] > 0 {
		a.say("%s as they are", plural(p.Summary["keep"], "resource"))
	}
	a.list("warning: ", p.Warnings)
	if p.Policies.Verdict != "" && p.Policies.Verdict != "allowed" {
		a.say("policies: %s", verdictText[p.Policies.Verdict])
		a.sayVerdict(p.Policies)
	}
	if len(p.Problems) > 0 {
		a.say("the deployment would fail:")
		a.list("  - ", p.Problems)
		return nil
	}
	if p.Fingerprint != "" {
		a.say("do exactly this with: --planned %s", p.Fingerprint)
	}
	return nil
}

// workloadChanges tells what becomes of workloads and of shared resources, a line each.
func workloadChanges(c api.PlannedSetChanges) []string {
	out := entryChanges(c.Modules)
	if c.Workloads != nil {
		out = append(out, entryChanges(*c.Workloads)...)
	}
	slices.Sort(out)
	if len(c.Shared) > 0 {
		out = append(out, plural(len(c.Shared), "change")+" of shared resources")
	}
	return out
}

// entryChanges knows that an entry which is replaced as a whole is removed and added.
func entryChanges(c deployset.Changes) []string {
	var out []string
	for id := range c.Add {
		what := "added"
		if slices.Contains(c.Remove, id) {
			what = "replaced"
		}
		out = append(out, "workload "+id+" is "+what)
	}
	for id := range c.Update {
		out = append(out, "workload "+id+" is changed")
	}
	for _, id := range c.Remove {
		if _, again := c.Add[id]; !again {
			out = append(out, "workload "+id+" is removed")
		}
	}
	return out
}
