package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

func (a *app) describeCommand() *cobra.Command {
	return group("describe", "Explain one thing in full: what it is, what happened, what to do", a.describeDeploy(), a.describeEnv(), a.describeResource())
}

// facts prints a name and its value in a line, when there is a value.
func (a *app) facts(pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			a.say("%-14s %s", pairs[i]+":", oneLine(pairs[i+1]))
		}
	}
}

func (a *app) describeDeploy() *cobra.Command {
	return &cobra.Command{
		Use: "deploy [DEPLOYMENT]", Aliases: []string{"deployment"}, Short: "A deployment: each resource, how it went, and why it failed", Args: args("[DEPLOYMENT]"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			c, s, err := a.within(needEnv...)
			if err != nil {
				return err
			}
			q := query{ctx: cmd.Context(), app: a, c: c, Scope: s, ids: ids}
			id, err := q.deploymentID(q.idOr("."))
			if err != nil {
				return err
			}
			raw, err := q.get(s.EnvPath("deploys", id))
			if err != nil {
				return err
			}
			return a.show(raw, func() error {
				var d api.Deployment
				if err := json.Unmarshal(raw, &d); err != nil {
					return fmt.Errorf("the answer is not what the API documents: %w", err)
				}
				return a.explainDeployment(cmd.Context(), c, s, d)
			})
		},
	}
}

func (a *app) explainDeployment(ctx context.Context, c *client.Client, s client.Scope, d api.Deployment) error {
	a.facts("deployment", d.ID, "environment", s.App+"/"+s.Env, "status", d.Status, "outcome", d.Outcome, "phase", d.Phase,
		"comment", d.Comment, "created", ago(d.CreatedAt)+" by "+d.CreatedBy, "took", durationOf(d), "set", d.SetID,
		"delta", d.DeltaID, "based on", d.FromID, "cancelled by", d.CancelRequestedBy)
	for _, w := range d.WaitingFor {
		until := ""
		if w.Until != nil {
			until = clock(w.Until.Time)
		}
		a.facts("waits for", w.Message, "of resource", w.Node, "until", until)
		if w.Mine {
			a.facts("agree with", "slipway approve "+d.ID)
		}
	}
	if d.Target != nil {
		a.facts("target", d.Target.Kind, "commit", d.Target.Revision, "url", d.Target.URL)
	}
	nodes, err := c.Nodes(ctx, s, d.ID)
	if err != nil {
		return err
	}
	if len(nodes) > 0 {
		t := newTable("RESOURCE", "STATUS", "TOOK", "ATTEMPTS", "DEFINITION", "DRIVER")
		for _, n := range nodes {
			t.add(n.Key, n.Status, nodeTook(n), strconv.Itoa(n.Attempt), n.DefID, n.DriverType)
		}
		a.say("")
		if err := a.print(t); err != nil {
			return err
		}
	}
	if d.Status == api.StatusFailed {
		for _, line := range a.failure(ctx, c, s, d) {
			a.say("%s", line)
		}
	}
	return nil
}

func nodeTook(n api.Node) string {
	if n.StartedAt == nil || n.FinishedAt == nil {
		return ""
	}
	return took(n.FinishedAt.Sub(n.StartedAt.Time))
}

func (a *app) describeEnv() *cobra.Command {
	return &cobra.Command{
		Use: "env [ENV]", Aliases: []string{"environment"}, Short: "An Environment: its queue, its last deployment, its resources", Args: args("[ENV]"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			need := needEnv
			if len(ids) == 1 {
				need = needApp
			}
			c, s, err := a.within(need...)
			if err != nil {
				return err
			}
			if len(ids) == 1 {
				s.Env = ids[0]
			}
			raw, err := client.Do[json.RawMessage](cmd.Context(), c, http.MethodGet, s.EnvPath(), nil)
			if err != nil {
				return err
			}
			return a.show(raw, func() error {
				var e api.Environment
				if err := json.Unmarshal(raw, &e); err != nil {
					return fmt.Errorf("the answer is not what the API documents: %w", err)
				}
				return a.explainEnvironment(cmd.Context(), c, s, e)
			})
		},
	}
}

func (a *app) explainEnvironment(ctx context.Context, c *client.Client, s client.Scope, e api.Environment) error {
	a.facts("environment", e.ID, "application", s.App, "name", e.Name, "type", e.Type, "status", e.Status,
		"stuck on", e.StatusMessage, "created", ago(e.CreatedAt)+" by "+e.CreatedBy)
	queue, err := c.Queue(ctx, s)
	if err != nil {
		return err
	}
	a.facts("queue", fmt.Sprintf("%s unfinished, policy %s", plural(len(queue.Deployments), "deployment"), queue.Policy))
	if e.LastDeploy != nil {
		a.facts("last deploy", e.LastDeploy.ID+" "+outcomeOf(*e.LastDeploy)+" "+ago(e.LastDeploy.CreatedAt))
	}
	if e.FromDeploy != nil && (e.LastDeploy == nil || e.FromDeploy.ID != e.LastDeploy.ID) {
		a.facts("next base", e.FromDeploy.ID)
	}
	resources, err := c.ActiveResources(ctx, s)
	if err != nil {
		return err
	}
	t := newTable("RESOURCE", "STATUS", "DEFINITION", "DRIVER", "UPDATED")
	for _, r := range resources {
		t.add(resourceKey(r.Type, r.Class, r.ResID), resourceStatus(r), r.DefID, r.DriverType, ago(r.UpdatedAt))
	}
	if len(t.rows) > 0 {
		a.say("")
		if err := a.print(t); err != nil {
			return err
		}
	}
	if d := e.LastDeploy; d != nil && d.Status == api.StatusFailed {
		a.say("\nThe last deployment %s. Why: slipway describe deploy %s --app %s --env %s", outcomeOf(*d), d.ID, s.App, s.Env)
	}
	return nil
}

func (a *app) describeResource() *cobra.Command {
	return &cobra.Command{
		Use: "resource RESOURCE", Aliases: []string{"active-resource"}, Short: "An active resource: why it exists, what it gives, and what its last run said", Args: args("RESOURCE"),
		Long: "A resource is named by its id (shared.db), its globally unique id, or as type#id or type.class#id when several have the id.",
		RunE: func(cmd *cobra.Command, ids []string) error {
			c, s, err := a.within(needEnv...)
			if err != nil {
				return err
			}
			all, err := c.ActiveResources(cmd.Context(), s)
			if err != nil {
				return err
			}
			r, err := theResource(all, ids[0])
			if err != nil {
				return err
			}
			return a.showObject(r, func() error { return a.explainResource(cmd.Context(), c, s, r) })
		},
	}
}

func theResource(all []api.ActiveResource, name string) (api.ActiveResource, error) {
	var found []api.ActiveResource
	var known []string
	for _, r := range all {
		key := resourceKey(r.Type, r.Class, r.ResID)
		known = append(known, key)
		if isResource(r, name) {
			found = append(found, r)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	if len(found) == 0 {
		hint := ""
		if best := closest(name, known); best != "" {
			hint = "; did you mean " + best + "?"
		}
		return api.ActiveResource{}, fmt.Errorf("no active resource is called %s%s; list them with: slipway get resources", name, hint)
	}
	var keys []string
	for _, r := range found {
		keys = append(keys, resourceKey(r.Type, r.Class, r.ResID))
	}
	return api.ActiveResource{}, fmt.Errorf("several active resources are called %s; name one of: %s", name, strings.Join(keys, ", "))
}

func (a *app) explainResource(ctx context.Context, c *client.Client, s client.Scope, r api.ActiveResource) error {
	key := resourceKey(r.Type, r.Class, r.ResID)
	a.facts("resource", key, "guresid", r.GUResID, "status", r.Status, "stuck on", r.StatusMessage, "definition", r.DefID, "version", r.DefVersionID,
		"pinned to", r.TargetDefVersionID, "criteria", r.CriteriaID, "driver", r.DriverType, "account", r.DriverAccount,
		"deployment", r.DeployID, "updated", ago(r.UpdatedAt))
	if r.Retired {
		a.facts("goes away", "another resource has taken its place; it is destroyed once a deployment has succeeded without it")
	} else if r.ScheduledDeletion {
		a.facts("goes away", "its deletion was ordered")
	}
	a.say("outputs:")
	for _, name := range sortedKeys(r.Resource) {
		a.say("  %s: %s", name, inline(r.Resource[name]))
	}
	for _, name := range sortedKeys(r.SecretRefs) {
		a.say("  %s: (secret)", name)
	}
	if r.DeployID == "" {
		return nil
	}
	nodes, err := c.Nodes(ctx, s, r.DeployID)
	if client.IsStatus(err, http.StatusNotFound) {
		return nil // the deployment is gone; the resource has been told
	}
	for _, n := range nodes {
		if n.Key != key {
			continue
		}
		a.say("last run:      %s in deployment %s", join(n.Status, nodeTook(n)), r.DeployID)
		if n.Error != nil {
			a.say("%s", strings.Join(indented(text(*n.Error)), "\n"))
		}
		for _, line := range a.lastLog(ctx, c, s, api.Deployment{ID: r.DeployID}, key) {
			a.say("%s", line)
		}
	}
	return err
}
