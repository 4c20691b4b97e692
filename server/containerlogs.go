package server

import (
	"time"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func containerLogRoutes() []Route {
	return tagged("Logs", []Route{
		answer(Route{Method: "GET", Path: envPath + "/logs", OperationID: "listContainerLogs",
			Summary: "List what the containers of an Environment wrote, newest first",
			Query: []Query{
				{Name: "workload_id", Doc: "Only this workload"},
				{Name: "container_id", Doc: "Only containers of this name"},
				{Name: "deployment_id", Doc: "Only from the start of this deployment to that of the next one"},
				{Name: "timestamp_from", Doc: "Not before this time, RFC 3339"},
				{Name: "timestamp_to", Doc: "Before this time, RFC 3339"},
				{Name: "limit", Doc: "How many lines at most: 1 to 1000, default 100"},
				{Name: "asc", Type: "boolean", Doc: "The oldest lines, oldest first"},
				{Name: "invert", Type: "boolean", Doc: "Reverse the answer"},
			}}, listContainerLogs),
	})
}

func listContainerLogs(c *Call) ([]api.ContainerLogEntry, error) {
	f := orchestrator.ContainerLogFilter{
		Workload: c.Query("workload_id"), Container: c.Query("container_id"), DeploymentID: c.Query("deployment_id"),
	}
	limit, err := c.QueryInt("limit", 0)
	if err != nil {
		return nil, err
	}
	f.Limit = int(min(limit, 1<<30))
	if c.Query("limit") == "0" {
		f.Limit = -1
	}
	if f.From, err = c.queryTime("timestamp_from"); err != nil {
		return nil, err
	}
	if f.To, err = c.queryTime("timestamp_to"); err != nil {
		return nil, err
	}
	if f.Ascending, err = c.QueryBool("asc"); err != nil {
		return nil, err
	}
	if f.Invert, err = c.QueryBool("invert"); err != nil {
		return nil, err
	}
	return asList(wireContainerLog)(c.Service.ReadContainerLogs(c.Context(), c.Env(), f))
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
		WorkloadID: l.Workload, ContainerID: l.Container, Level: l.Level, Payload: l.Text, Timestamp: l.At.Format(time.RFC3339Nano),
	}
}
