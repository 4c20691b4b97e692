package cli

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

func (a *app) plansCommand() *cobra.Command {
	cmd := group("plans", "Plans of deployments that drivers have made", a.plansListCommand(), a.plansGetCommand(), a.plansCancelCommand())
	cmd.Long = "Plans are made with slipway deploy ... --plan --drivers, and deployed with --planned PLAN: what was shown is what is done."
	return cmd
}

func (a *app) plansListCommand() *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List the newest plans of an Environment, newest first", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, s, err := a.within(needEnv...)
			if err != nil {
				return err
			}
			raw, err := c.Get(cmd.Context(), s.EnvPath("plans"))
			if err != nil {
				return err
			}
			return a.showTable(raw, columns([]string{"ID", "STATUS", "CREATED", "BY", "DEPLOYMENT", "WHY"}, func(p api.StoredPlan) []string {
				return []string{p.ID, p.Status, ago(p.CreatedAt), p.CreatedBy, p.DeploymentID, p.Message}
			}))
		}}
}

func (a *app) plansGetCommand() *cobra.Command {
	return &cobra.Command{Use: "get PLAN", Short: "Show a plan: what would be done, and what drivers would do", Args: args("PLAN"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			c, s, err := a.within(needEnv...)
			if err != nil {
				return err
			}
			p, err := client.Do[api.StoredPlan](cmd.Context(), c, http.MethodGet, s.EnvPath("plans", ids[0]), nil)
			if err != nil {
				return err
			}
			return a.showObject(p, func() error { return a.printStoredPlan(s, p) })
		}}
}

func (a *app) plansCancelCommand() *cobra.Command {
	return &cobra.Command{Use: "cancel PLAN", Short: "End the making of a plan, or discard one that was made", Args: args("PLAN"),
		Long: "Drivers that plan are stopped, and what they have kept of the plan is dropped. Nothing was changed by it.",
		RunE: func(cmd *cobra.Command, ids []string) error {
			c, s, err := a.within(needEnv...)
			if err != nil {
				return err
			}
			p, err := client.Do[api.StoredPlan](cmd.Context(), c, http.MethodPost, s.EnvPath("plans", ids[0], "cancel"), nil)
			if err != nil {
				return err
			}
			return a.showObject(p, func() error {
				a.say("the end of plan %s was asked for", p.ID)
				return nil
			})
		}}
}

// showDriversPlan has drivers plan, waits for that, and shows it.
func (a *app) showDriversPlan(ctx context.Context, c *client.Client, p plan, f planFlags) error {
	body := api.PlanDeploymentRequest{DeltaID: p.request.DeltaID, SetID: p.request.SetID, ValueSetVersionID: p.request.ValueSetVersionID}
	made, err := client.Do[api.StoredPlan](ctx, c, http.MethodPost, p.scope.EnvPath("plans"), body)
	if err != nil {
		return fmt.Errorf("plan a deployment to environment %s: %w", p.scope.Env, err)
	}
	a.note("plan " + made.ID + " is being made")
	made, err = await(ctx, a, made, awaited[api.StoredPlan]{
		read: func(ctx context.Context) (api.StoredPlan, error) {
			return client.Do[api.StoredPlan](ctx, c, http.MethodGet, p.scope.EnvPath("plans", made.ID), nil)
		},
		over: api.StoredPlan.Made, every: requestPoll, limit: f.timeout,
		goesOn: fmt.Sprintf("plan %s goes on; look with: slipway plans get %s --app %s --env %s", made.ID, made.ID, p.scope.App, p.scope.Env),
	})
	if err != nil {
		return err
	}
	if err := a.showObject(made, func() error { return a.printStoredPlan(p.scope, made) }); err != nil {
		return err
	}
	switch made.Status {
	case "ready":
		return judgePlan(*made.Plan, made.Nodes, f.strict)
	case "cancelled":
		return &codedError{exitCancelled, fmt.Errorf("plan %s: cancelled", made.ID), true}
	}
	return &codedError{exitFailed, fmt.Errorf("plan %s: %s", made.ID, made.Message), true}
}

func (a *app) printStoredPlan(s client.Scope, p api.StoredPlan) error {
	a.say("plan %s of %s: %s%s", p.ID, ago(p.CreatedAt), p.Status, after("; ", p.Message))
	if p.Plan != nil {
		shown := *p.Plan
		shown.Fingerprint = "" // the plan is deployed by its id, with what drivers have planned
		if err := a.printPlan(s, shown); err != nil {
			return err
		}
	}
	for _, n := range p.Nodes {
		a.sayNode(n)
	}
	if p.Manifests != nil {
		a.sayManifests(*p.Manifests)
	}
	if p.Status == "ready" && p.Plan.Fingerprint != "" {
		a.say("do exactly this until %s with: --planned %s", p.ExpiresAt.String(), p.ID)
	}
	return nil
}

// planMarks are as Terraform writes them.
var planMarks = map[string]string{"create": "+", "update": "~", "replace": "-/+", "delete": "-"}

// sayNode tells what the driver of a resource would do, unless it only computes.
func (a *app) sayNode(n api.PlannedNode) {
	key := resourceKey(n.Type, n.Class, n.ID)
	switch {
	case n.State == "computed":
		return
	case n.State == "deferred" || n.State == "failed":
		a.say("%s is %s: %s", key, n.State, n.Reason)
	case n.Unchanged:
		a.say("%s: %s", key, or(n.Summary, "no changes"))
		return
	default:
		a.say("%s: %s", key, or(n.Summary, countsOf(n.Counts)))
	}
	a.sayObjectChanges(n.Changes, n.Counts)
}

// sayObjectChanges lists changes of objects; counts are of all of them.
func (a *app) sayObjectChanges(changes []api.PlannedChange, counts map[string]int) {
	total := 0
	for _, count := range counts {
		total += count
	}
	for _, c := range changes {
		a.say("  %s %s", or(planMarks[c.Action], c.Action), c.Address)
		for _, attribute := range c.Attributes {
			secret := ""
			if attribute.Sensitive {
				secret = " (secret)"
			}
			a.say("      ~ %s%s", attribute.Path, secret)
		}
	}
	if more := total - len(changes); more > 0 {
		a.say("  and %s more", strconv.Itoa(more))
	}
}

func countsOf(counts map[string]int) string {
	var parts []string
	for _, action := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%s %d", action, counts[action]))
	}
	return or(strings.Join(parts, ", "), "no changes to objects")
}

func (a *app) sayManifests(m api.ManifestPlan) {
	against := "nothing was delivered before"
	if m.FromID != "" {
		against = "compared with deployment " + m.FromID
	}
	a.say("objects, %s: %s, %d as they are", against, plural(len(m.Objects), "difference"), m.Unchanged)
	for _, o := range m.Objects {
		a.sayObjects([]api.ObjectDiff{o.ObjectDiff})
		for _, path := range o.Unknown {
			a.say("    ? %s: known later", path)
		}
	}
	a.list("note: ", m.Notes)
	if m.LiveChecked > 0 {
		a.say("in the cluster: %s of %d objects", plural(len(m.Live), "difference"), m.LiveChecked)
		a.sayObjects(m.Live)
	}
}
