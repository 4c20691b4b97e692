package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// idOr is the last argument, or fallback when there is none.
func (q query) idOr(fallback string) string {
	if len(q.ids) == 0 {
		return fallback
	}
	return q.ids[len(q.ids)-1]
}

func (q query) deploymentID(ref string) (string, error) {
	d, err := deploymentID(q.ctx, q.c, q.Scope, ref)
	return d, err
}

// deploymentID resolves ".", the newest deployment of the Environment; anything else is an id.
func deploymentID(ctx context.Context, c *client.Client, s client.Scope, ref string) (string, error) {
	if ref != "." {
		return strings.TrimPrefix(ref, "deploy/"), nil
	}
	d, err := newestDeployment(ctx, c, s)
	return d.ID, err
}

func newestDeployment(ctx context.Context, c *client.Client, s client.Scope) (api.Deployment, error) {
	env, err := c.Environment(ctx, s)
	if err != nil {
		return api.Deployment{}, err
	}
	if env.LastDeploy == nil {
		return api.Deployment{}, fmt.Errorf("environment %s of application %s has had no deployment yet", s.Env, s.App)
	}
	return *env.LastDeploy, nil
}

// graphID resolves a deployment to its resource graph; an id with dashes is that of a graph.
func (q query) graphID(ref string) (string, error) {
	if strings.Contains(ref, "-") {
		return ref, nil
	}
	id, err := q.deploymentID(ref)
	if err != nil {
		return "", err
	}
	d, err := q.c.Deployment(q.ctx, q.Scope, id)
	if err != nil {
		return "", err
	}
	if d.DependencyGraphID == "" {
		return "", fmt.Errorf("deployment %s has no resource graph: it was not planned (status %s)", d.ID, outcomeOf(d))
	}
	return d.DependencyGraphID, nil
}

// setID resolves what a Deployment Set can be named by: env/<id>, deploy/<id>, ".", or its own id.
func (a *app) setID(ctx context.Context, c *client.Client, s client.Scope, ref string) (string, error) {
	if env, ok := strings.CutPrefix(ref, "env/"); ok {
		s.Env = env
		ref = "."
	}
	id, isDeploy := strings.CutPrefix(ref, "deploy/")
	if ref != "." && !isDeploy {
		return ref, nil
	}
	if s.Env == "" {
		return "", usagef("%q is a deployment of an Environment: add --env, or write env/<id>", ref)
	}
	if isDeploy && id != "." {
		d, err := c.Deployment(ctx, s, id)
		return d.SetID, err
	}
	env, err := c.Environment(ctx, s)
	if err != nil {
		return "", err
	}
	if env.LastDeploy == nil {
		return zeroSet, nil
	}
	return env.LastDeploy.SetID, nil
}

// zeroSet is the id of the empty Deployment Set.
const zeroSet = "0"

// outcomeOf says how a deployment ended, or its status while it has not.
func outcomeOf(d api.Deployment) string {
	if d.Outcome != "" {
		return d.Outcome
	}
	return d.Status
}

// durationOf says how long a deployment took, from leaving the queue on; nothing while it is unfinished.
func durationOf(d api.Deployment) string {
	if d.FinishedAt == nil {
		return ""
	}
	from := d.CreatedAt
	if d.StartedAt != nil {
		from = *d.StartedAt
	}
	return took(d.FinishedAt.Sub(from.Time))
}

func graphTable(raw json.RawMessage) (*table, error) {
	var g api.DependencyGraph
	if err := json.Unmarshal(raw, &g); err != nil {
		return nil, fmt.Errorf("the answer is not what the API documents: %w", err)
	}
	names := graphNames(g)
	t := newTable("RESOURCE", "DEFINITION", "DRIVER", "DEPENDS ON")
	for _, n := range g.Nodes {
		var on []string
		for _, id := range n.DependsOn {
			on = append(on, names[id])
		}
		t.add(names[n.GUResID], n.DefID, n.DriverType, strings.Join(on, ", "))
	}
	return t, nil
}

// graphNames gives each node of a graph the name people know it by.
func graphNames(g api.DependencyGraph) map[string]string {
	names := map[string]string{}
	for _, n := range g.Nodes {
		names[n.GUResID] = resourceKey(n.Type, n.Class, n.ID)
	}
	for _, n := range g.Nodes {
		for _, id := range n.DependsOn {
			if names[id] == "" {
				names[id] = id // left out of the stored graph
			}
		}
	}
	return names
}

func resourceKey(typ, class, id string) string { return typ + "." + class + "#" + id }

// clock spells the time of day of an event.
func clock(t time.Time) string { return t.Local().Format("15:04:05") }
