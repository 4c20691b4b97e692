package server

import (
	"context"
	"errors"
	"time"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func containerLogRoutes() []Route {
	return tagged("Logs", []Route{
		stream[[]api.ContainerLogEntry](Route{Method: "GET", Path: envPath + "/logs", OperationID: "listContainerLogs", ContentType: mediaEvents,
			Summary: "List what the containers of an Environment wrote, newest first; with Accept: text/event-stream follow what they write",
			Query: []Query{
				{Name: "workload_id", Doc: "Only this workload"},
				{Name: "container_id", Doc: "Only containers of this name"},
				{Name: "deployment_id", Doc: "Only from the start of this deployment to that of the next one"},
				{Name: "timestamp_from", Doc: "Not before this time, RFC 3339"},
				{Name: "timestamp_to", Doc: "Before this time, RFC 3339"},
				{Name: "pod_id", Doc: "Only this pod"},
				{Name: "contains", Doc: "Only lines with this text; secrets are hidden before"},
				{Name: "previous", Type: "boolean", Doc: "What containers wrote before they were started again"},
				{Name: "limit", Doc: "How many lines at most: 1 to 1000, default 100; of each container where they are followed"},
				{Name: "asc", Type: "boolean", Doc: "The oldest lines, oldest first"},
				{Name: "invert", Type: "boolean", Doc: "Reverse the answer"},
			}}, containerLogs),
	})
}

const mediaEvents = "text/event-stream"

// containerLogs answers a list or, when the client accepts nothing but events, a stream.
func containerLogs(c *Call) error {
	f, err := containerLogFilter(c)
	if err != nil {
		return err
	}
	if c.wantsEvents() {
		return c.followContainerLogs(f)
	}
	lines, err := asList(wireContainerLog)(c.Service.ReadContainerLogs(c.Context(), c.Env(), f))
	if err != nil {
		return err
	}
	return c.send(200, lines)
}

func containerLogFilter(c *Call) (orchestrator.ContainerLogFilter, error) {
	f := orchestrator.ContainerLogFilter{
		Workload: c.Query("workload_id"), Container: c.Query("container_id"), DeploymentID: c.Query("deployment_id"),
		Pod: c.Query("pod_id"), Contains: c.Query("contains"),
	}
	limit, err := c.QueryInt("limit", 0)
	if err != nil {
		return f, err
	}
	f.Limit = int(min(limit, 1<<30))
	if c.Query("limit") == "0" {
		f.Limit = -1
	}
	if f.From, err = c.queryTime("timestamp_from"); err != nil {
		return f, err
	}
	if f.To, err = c.queryTime("timestamp_to"); err != nil {
		return f, err
	}
	for name, into := range map[string]*bool{"asc": &f.Ascending, "invert": &f.Invert, "previous": &f.Previous} {
		if *into, err = c.QueryBool(name); err != nil {
			return f, err
		}
	}
	return f, nil
}

// followContainerLogs sends lines as they are written until the client goes or
// the server stops. What cannot be followed at all is an ordinary error: the
// stream begins with the first line or the first heartbeat.
func (c *Call) followContainerLogs(f orchestrator.ContainerLogFilter) error {
	release, err := c.openStream()
	if err != nil {
		return err
	}
	defer release()
	c.liftDeadline()
	ctx, cancel := context.WithCancel(c.Context())
	defer cancel()
	env := c.Env()
	lines := make(chan orchestrator.ContainerLogLine)
	ended := make(chan error, 1)
	go func() {
		ended <- c.Service.FollowContainerLogs(ctx, env, f, func(l orchestrator.ContainerLogLine) error {
			select {
			case lines <- l:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	err = c.sendLines(ctx, lines, ended)
	cancel()
	return err
}

// whyEnded is what a client reads when a stream ends early; the cause of a fault of Slipway's own is logged only.
func (c *Call) whyEnded(err error) string {
	c.server.log.WarnContext(c.Context(), "following logs ended early", "error", err, "environment", c.Env().String())
	var known *orchestrator.Error
	if errors.As(err, &known) && known.Code != orchestrator.CodeInternal {
		return known.Message
	}
	return "the logs cannot be followed any more"
}

// streamBegins is how long a stream waits for a reason not to begin.
const streamBegins = time.Second

func (c *Call) sendLines(ctx context.Context, lines <-chan orchestrator.ContainerLogLine, ended <-chan error) error {
	var out *eventStream
	begin := func() {
		if out == nil {
			out = c.startEventStream()
		}
	}
	beat := time.NewTicker(min(c.server.heartbeat, streamBegins))
	defer beat.Stop()
	for seq := int64(1); ; {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-c.server.stop:
			begin()
			return out.comment("the server is shutting down; reconnect")
		case failed := <-ended:
			if out == nil || failed == nil || ctx.Err() != nil {
				return failed
			}
			return out.event(seq, "error", api.Error{Code: "LOGS-ENDED", Message: c.whyEnded(failed)})
		case line := <-lines:
			begin()
			err = out.event(seq, "line", wireContainerLog(line))
			seq++
		case <-beat.C:
			begin()
			beat.Reset(c.server.heartbeat)
			err = out.comment("alive")
		}
		if err != nil {
			return err
		}
	}
}

// queryTime is a query parameter with a time; zero when absent.
func (c *Call) queryTime(name string) (time.Time, error) {
	text := c.Query(name)
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return at, orchestrator.Invalidf("query parameter %s: %q is no timestamp like 2026-01-31T08:00:00Z", name, text)
	}
	return at, nil
}

func wireContainerLog(l orchestrator.ContainerLogLine) api.ContainerLogEntry {
	return api.ContainerLogEntry{
		WorkloadID: l.Workload, ContainerID: l.Container, PodID: l.Pod, Level: l.Level, Payload: l.Text, Timestamp: l.At.Format(time.RFC3339Nano),
	}
}
