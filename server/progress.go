package server

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

const (
	maxLimit    = 10_000
	pageOfLog   = 1000 // lines or events in one answer or one read of a stream
	eventStatus = "deployment.status"
)

// progressRoutes show what a deployment is doing.
func progressRoutes() []Route {
	after := []Query{
		{Name: "after", Type: "integer", Doc: "Only what comes after this seq"},
		{Name: "limit", Type: "integer", Doc: "At most so many; 1000 when absent"},
	}
	return []Route{
		stream[[]api.DeploymentEvent](Route{Method: "GET", Path: deployPath + "/events", OperationID: "streamDeploymentEvents",
			Tag: "Deployments", ContentType: "text/event-stream", Query: after,
			Summary: "Follow a deployment as server-sent events until it ends; with Accept: application/json list the events"}, deploymentEvents),
		answer(Route{Method: "GET", Path: deployPath + "/nodes", OperationID: "listDeploymentNodes", Tag: "Deployments",
			Summary: "List the resources a deployment provisions, in order"}, listNodes),
		stream[[]api.LogLine](Route{Method: "GET", Path: deployPath + "/logs", OperationID: "listDeploymentLogs", Tag: "Deployments", ContentType: mediaEvents, Query: append(slices.Clone(after), Query{Name: "node", Doc: "Only what concerns this resource, type.class#id"}),
			Summary: "List what drivers and steps of a deployment wrote; with Accept: text/event-stream follow it until the deployment ends"}, deploymentLog),
		answer(Route{Method: "GET", Path: deployPath + "/changes", OperationID: "listDeploymentChanges", Tag: "Deployments",
			Summary: "List what drivers that plan, such as Terraform, were about to change in a deployment, oldest first"}, listDeploymentChanges),
		answer(Route{Method: "GET", Path: deployPath + "/nodes/{ordinal}/logs", OperationID: "listNodeLogs", Tag: "Deployments", Query: after,
			Summary: "List what the driver of one resource wrote"}, nodeLog),
	}
}

// deploymentEvents answers a list or a stream, as the client accepts.
func deploymentEvents(c *Call) error {
	after, err := c.resumePosition()
	if err != nil {
		return err
	}
	accepted := c.Request().Header.Get("Accept")
	if strings.Contains(accepted, mediaJSON) && !strings.Contains(accepted, "text/event-stream") {
		limit, err := c.limit()
		if err != nil {
			return err
		}
		events, err := asList(wireEvent)(c.Service.DeploymentEvents(c.Context(), c.Env(), c.Param("deployId"), after, limit))
		if err != nil {
			return err
		}
		return c.send(200, events)
	}
	release, err := c.openStream()
	if err != nil {
		return err
	}
	defer release()
	ctx, stop := context.WithCancel(c.Context())
	defer stop() // ends the watch
	wake, err := c.Service.WatchDeployment(ctx, c.Env(), c.Param("deployId"))
	if err != nil {
		return err
	}
	return c.streamEvents(wake, after)
}

// streamEvents sends what is stored after the position and then what comes,
// and ends after the deployment has.
func (c *Call) streamEvents(wake <-chan struct{}, after int64) error {
	out := c.startEventStream()
	if err := out.comment("events of deployment " + c.Param("deployId")); err != nil {
		return err
	}
	return c.follow(out, wake, func(ctx context.Context) (bool, error) {
		for {
			events, err := c.Service.DeploymentEvents(ctx, c.Env(), c.Param("deployId"), after, pageOfLog)
			if err != nil {
				return false, err
			}
			for _, e := range events {
				after = e.Seq
				if err := out.event(e.Seq, e.Type, wireEvent(e)); err != nil || isTerminal(e) {
					return true, err
				}
			}
			if len(events) < pageOfLog {
				return c.overWithout(ctx, after)
			}
		}
	})
}

// overWithout reports whether the deployment is over and nothing came after
// the position any more, as when a client resumes behind the last event.
func (c *Call) overWithout(ctx context.Context, after int64) (bool, error) {
	d, err := c.Service.GetDeployment(ctx, c.Env(), c.Param("deployId"))
	if err != nil || !d.Status.Terminal() {
		return false, err
	}
	more, err := c.Service.DeploymentEvents(ctx, c.Env(), c.Param("deployId"), after, 1)
	return len(more) == 0, err
}

func isTerminal(e orchestrator.Event) bool {
	return e.Type == eventStatus && e.Node == "" && orchestrator.DeploymentStatus(e.Status).Terminal()
}

func listNodes(c *Call) ([]api.Node, error) {
	return asList(wireNode)(c.Service.ListNodes(c.Context(), c.Env(), c.Param("deployId")))
}

func deploymentLog(c *Call) error {
	if c.wantsEvents() {
		after, err := c.resumePosition()
		if err != nil {
			return err
		}
		return c.stream(func(ctx context.Context, _ string) (*orchestrator.Follow, error) {
			return c.Service.FollowDeploymentLog(ctx, c.Env(), c.Param("deployId"), c.Query("node"), after)
		})
	}
	lines, err := c.logOf(c.Query("node"))
	if err != nil {
		return err
	}
	return c.send(200, lines)
}

func nodeLog(c *Call) ([]api.LogLine, error) {
	ordinal, err := strconv.Atoi(c.Param("ordinal"))
	if err != nil || ordinal < 0 {
		return nil, orchestrator.NotFoundf("node %q does not exist; nodes are numbered from 0", c.Param("ordinal"))
	}
	nodes, err := c.Service.ListNodes(c.Context(), c.Env(), c.Param("deployId"))
	if err != nil {
		return nil, err
	}
	for _, n := range nodes {
		if n.Ordinal == ordinal {
			return c.logOf(n.Key.String())
		}
	}
	return nil, orchestrator.NotFoundf("node %d does not exist in deployment %s", ordinal, c.Param("deployId"))
}

func (c *Call) logOf(node string) ([]api.LogLine, error) {
	after, err := c.QueryInt("after", 0)
	if err != nil {
		return nil, err
	}
	limit, err := c.limit()
	if err != nil {
		return nil, err
	}
	return asList(wireLogLine)(c.Service.DeploymentLog(c.Context(), c.Env(), c.Param("deployId"), node, after, limit))
}

// limit is the query parameter limit, 1 to maxLimit.
func (c *Call) limit() (int, error) {
	limit, err := c.QueryInt("limit", pageOfLog)
	return int(max(1, min(limit, maxLimit))), err
}

func listDeploymentChanges(c *Call) ([]api.NodeChanges, error) {
	return asList(func(n orchestrator.NodeChanges) api.NodeChanges {
		return api.NodeChanges{
			Node: n.Node, RunID: n.RunID, At: api.NewTime(n.At), Summary: n.Summary, Counts: orEmptyCounts(n.Counts), Changes: convert(n.Changes, wirePlannedChange),
		}
	})(c.Service.ListDeploymentChanges(c.Context(), c.Env(), c.Param("deployId")))
}

func orEmptyCounts(counts map[string]int) map[string]int {
	if counts == nil {
		return map[string]int{}
	}
	return counts
}

func wireEvent(e orchestrator.Event) api.DeploymentEvent {
	return api.DeploymentEvent{
		Seq: e.Seq, DeploymentID: e.DeploymentID, At: api.NewTime(e.At), Type: e.Type,
		Node: e.Node, Status: e.Status, Message: e.Message,
	}
}

func wireLogLine(l orchestrator.LogLine) api.LogLine {
	return api.LogLine{Seq: l.Seq, Node: l.Node, At: api.NewTime(l.At), Level: l.Level, Text: l.Text}
}

func wireNode(n orchestrator.Node) api.Node {
	out := api.Node{
		Ordinal: n.Ordinal, Key: n.Key.String(), Type: n.Key.Type, Class: n.Key.Class, ID: n.Key.ID,
		GUResID: n.GUResID, DefID: n.DefID, DefVersionID: n.DefVersionID, CriteriaID: n.CriteriaID,
		DriverType: n.DriverType, DependsOn: orEmptyList(n.DependsOn), Status: string(n.Status), Attempt: n.Attempt,
		Outputs: orEmptyMap(n.Values), StartedAt: api.NewTimePtr(n.StartedAt), FinishedAt: api.NewTimePtr(n.FinishedAt),
	}
	if n.Error != nil {
		failure := wireDeploymentError(*n.Error)
		out.Error = &failure
	}
	return out
}
