package cli

import (
	"context"
	"strings"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// lastLines is how many log lines of a failed node are shown.
const lastLines = 10

// summary says how a deployment ended: outcome, where it went, and for failures why and what to do.
func (a *app) summary(ctx context.Context, c *client.Client, s client.Scope, d api.Deployment) {
	outcome := outcomeOf(d)
	if a.colours() {
		outcome = paint(outcome)
	}
	line := "deployment " + d.ID + " " + outcome
	if took := durationOf(d); took != "" {
		line += " in " + took
	}
	a.say("")
	a.say("%s", line)
	if d.Target != nil {
		if d.Target.Revision != "" {
			a.say("  commit  %s", oneLine(d.Target.Revision))
		}
		if d.Target.URL != "" {
			a.say("  url     %s", oneLine(d.Target.URL))
		}
	}
	if d.Status != api.StatusFailed {
		return
	}
	for _, text := range a.failure(ctx, c, s, d) {
		a.say("%s", text)
	}
}

// failure explains why a deployment failed: each cause with its node, the node's last log lines, and what to do next.
func (a *app) failure(ctx context.Context, c *client.Client, s client.Scope, d api.Deployment) []string {
	causes, err := c.DeploymentErrors(ctx, s, d.ID)
	if err != nil {
		return []string{"why it failed cannot be read: " + err.Error()}
	}
	nodes, err := c.Nodes(ctx, s, d.ID)
	if err != nil {
		nodes = nil // the causes say enough
	}
	var out []string
	for _, cause := range causes {
		out = append(out, "", "cause: "+join(cause.Scope, cause.ObjectID, "["+cause.Code+"]"))
		out = append(out, indented(text(cause))...)
		out = append(out, a.lastLog(ctx, c, s, d, nodeOf(cause, nodes))...)
	}
	return append(out, next(s, d)...)
}

func text(cause api.DeploymentError) string {
	if cause.Message == "" {
		return cause.Summary
	}
	return cause.Message
}

func indented(text string) []string {
	var out []string
	for _, line := range strings.Split(strings.TrimRight(printable(text), "\n"), "\n") {
		out = append(out, "  "+line)
	}
	return out
}

// nodeOf finds the node that a cause is about; "" when it is about none.
func nodeOf(cause api.DeploymentError, nodes []api.Node) string {
	for _, n := range nodes {
		if n.Key == cause.ObjectID || (n.ID == cause.ObjectID && n.Status == "failed") {
			return n.Key
		}
	}
	return ""
}

func (a *app) lastLog(ctx context.Context, c *client.Client, s client.Scope, d api.Deployment, node string) []string {
	if node == "" {
		return nil
	}
	lines, err := allLogs(ctx, c, s, d.ID, node)
	if err != nil || len(lines) == 0 {
		return nil
	}
	out := []string{"  last lines of its log:"}
	for _, l := range lines[max(0, len(lines)-lastLines):] {
		out = append(out, "    "+oneLine(l.Text))
	}
	return out
}

// next says what a person can do about a deployment that did not succeed.
func next(s client.Scope, d api.Deployment) []string {
	where := " --app " + s.App + " --env " + s.Env
	out := []string{"", "what to do next:"}
	switch outcomeOf(d) {
	case "cancelled":
		return append(out, "  deploy again:     slipway deploy again"+where)
	case "superseded":
		return append(out, "  see the newer one: slipway get deploy ."+where)
	case "denied", "rejected", "expired", "void":
		return append(out,
			"  who said what:    slipway approvals get "+d.ID+where,
			"  look again:       slipway deploy again --plan"+where)
	}
	return append(out,
		"  whole log:        slipway logs "+d.ID+where,
		"  its resources:    slipway resources graph "+d.ID+where,
		"  try again:        slipway deploy again"+where,
		"  go back:          slipway rollback"+where)
}
