package server_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func TestDeploymentsOverHTTP(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	deploys := app + "/envs/development/deploys"
	var delta string
	h.do("POST", app+"/deltas", `{"modules":{"add":{"api":`+apiModule+`}}}`).must(http.StatusOK, &delta)

	var first, second api.Deployment
	got := h.do("POST", deploys, `{"delta_id":"`+delta+`","comment":"one","value_set_version_id":null}`).must(http.StatusCreated, &first)
	require.Equal(t, "pending", first.Status)
	require.Empty(t, first.FromID)
	require.Equal(t, "full", first.Mode)
	require.Contains(t, got.Body, `"export_status":""`)
	require.Regexp(t, `"created_at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"`, got.Body)
	h.do("POST", deploys, `{"pipeline":{"id":"p","run_id":"r","job_id":"j","step_index":1}}`).must(http.StatusCreated, &second)
	require.Equal(t, first.SetID, second.SetID)
	require.Equal(t, first.ID, second.FromID)
	require.Subset(t, h.workflows.items(orchestrator.QueueDeployment), []string{first.ID, second.ID})
	h.do("POST", deploys, `{"delta_id":"nope"}`).fails(http.StatusBadRequest, "delta_id")
	h.do("POST", deploys, `{"value_set_version_id":"nope"}`).fails(http.StatusBadRequest, "value_set_version_id")
	h.do("POST", deploys, `{"mode":"half"}`).fails(http.StatusBadRequest, "mode")

	var list []api.Deployment
	h.do("GET", deploys, "").must(http.StatusOK, &list)
	require.Equal(t, []string{second.ID, first.ID}, []string{list[0].ID, list[1].ID})
	h.do("GET", deploys+"?pipelineRunId=p,r", "").must(http.StatusOK, &list)
	require.Len(t, list, 1)
	h.do("GET", deploys+"?limit=1", "").must(http.StatusOK, &list)
	require.Len(t, list, 1)
	var errs []api.DeploymentError
	h.do("GET", deploys+"/"+first.ID+"/errors", "").must(http.StatusOK, &errs)
	require.Empty(t, errs)
	h.do("GET", deploys+"/nope", "").fails(http.StatusNotFound)

	queue := app + "/envs/development/queue"
	var waiting api.Queue
	h.do("GET", queue, "").must(http.StatusOK, &waiting)
	require.Len(t, waiting.Deployments, 2)
	require.Equal(t, "queue", waiting.Policy)
	var cancelled api.Deployment
	h.do("POST", deploys+"/"+second.ID+"/cancel", "").must(http.StatusAccepted, &cancelled)
	require.Equal(t, "cancelled", cancelled.Outcome)
	require.NotNil(t, cancelled.CancelRequestedAt)
	h.do("GET", deploys+"/"+second.ID+"/errors", "").must(http.StatusOK, &errs)
	require.Len(t, errs, 1)

	h.do("PUT", queue+"/policy", `{"policy":"reject"}`).must(http.StatusOK, nil)
	h.do("POST", deploys, `{}`).fails(http.StatusConflict, first.ID)
	h.do("PUT", queue+"/policy", `{"policy":"freeze"}`).must(http.StatusOK, nil)
	h.do("POST", deploys, `{}`).fails(http.StatusConflict, "frozen")
	h.do("PUT", queue+"/policy", `{"policy":"hurry"}`).fails(http.StatusBadRequest, "policy", "hurry")
	var policy api.QueuePolicy
	h.do("GET", queue+"/policy", "").must(http.StatusOK, &policy)
	require.Equal(t, "freeze", policy.Policy)
}

// deployment makes a deployment and returns its path and domain object.
func (h *harness) deployment() (string, *orchestrator.Deployment) {
	h.t.Helper()
	app := h.app("shop")
	var made api.Deployment
	h.do("POST", app+"/envs/development/deploys", `{}`).must(http.StatusCreated, &made)
	d, err := h.store.FindDeployment(context.Background(), made.ID)
	require.NoError(h.t, err)
	return app + "/envs/development/deploys/" + d.ID, d
}

func (h *harness) event(d *orchestrator.Deployment, kind, node, status string) int64 {
	e := &orchestrator.Event{OrgID: d.OrgID, AppID: d.AppID, EnvID: d.EnvID, DeploymentID: d.ID,
		At: time.Now().UTC(), Type: kind, Node: node, Status: status, Message: "<m>"}
	require.NoError(h.t, h.store.AppendEvents(context.Background(), e))
	return e.Seq
}

func TestNodesAndLogs(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	path, d := h.deployment()
	key := resource.Key{Type: "postgres", Class: "default", ID: "modules.api.externals.db"}
	started := time.Now().UTC()
	require.NoError(t, h.store.CreateNodes(t.Context(), []orchestrator.Node{{
		OrgID: d.OrgID, AppID: d.AppID, EnvID: d.EnvID, DeploymentID: d.ID, Ordinal: 0, Key: key, GUResID: "abc",
		DriverType: "humanitec/echo", Status: orchestrator.NodeFailed, Attempt: 2, StartedAt: &started,
		Values: map[string]any{"host": "h"}, Sealed: []byte("sealed"),
		Error: &orchestrator.DeploymentError{Scope: "resource", Code: "RES-101", Summary: "no"},
	}}))
	require.NoError(t, h.store.AppendLog(t.Context(),
		&orchestrator.LogLine{OrgID: d.OrgID, DeploymentID: d.ID, At: started, Level: "info", Text: "begin"},
		&orchestrator.LogLine{OrgID: d.OrgID, DeploymentID: d.ID, Node: key.String(), At: started, Level: "error", Text: "failed"}))

	var nodes []api.Node
	got := h.do("GET", path+"/nodes", "").must(http.StatusOK, &nodes)
	require.Len(t, nodes, 1)
	require.Equal(t, key.String(), nodes[0].Key)
	require.Equal(t, "RES-101", nodes[0].Error.Code)
	require.NotContains(t, strings.ToLower(got.Body), "seal")
	var lines []api.LogLine
	h.do("GET", path+"/logs", "").must(http.StatusOK, &lines)
	require.Len(t, lines, 2)
	h.do("GET", fmt.Sprintf("%s/logs?after=%d", path, lines[0].Seq), "").must(http.StatusOK, &lines)
	require.Len(t, lines, 1)
	h.do("GET", path+"/nodes/0/logs?limit=5", "").must(http.StatusOK, &lines)
	require.Equal(t, "failed", lines[0].Text)
	h.do("GET", path+"/nodes/7/logs", "").fails(http.StatusNotFound, "7")
	h.do("GET", path+"/nodes/x/logs", "").fails(http.StatusNotFound)
}

// listen serves the harness's server on a port and returns its address.
func (h *harness) listen() string {
	h.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(h.t, err)
	served := make(chan error, 1)
	go func() { served <- h.server.Serve(listener) }()
	h.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		require.NoError(h.t, h.server.Shutdown(ctx))
		require.NoError(h.t, <-served)
	})
	return "http://" + listener.Addr().String()
}

// follow opens an event stream and sends its lines, until it ends.
func (h *harness) follow(ctx context.Context, url, lastID string) <-chan string {
	h.t.Helper()
	return h.followAs(ctx, h.token, url, lastID)
}

func (h *harness) followAs(ctx context.Context, token, url, lastID string) <-chan string {
	h.t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	require.NoError(h.t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Accept", "text/event-stream")
	if lastID != "" {
		request.Header.Set("Last-Event-ID", lastID)
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(h.t, err)
	require.Equal(h.t, http.StatusOK, response.StatusCode)
	require.Equal(h.t, "text/event-stream", response.Header.Get("Content-Type"))
	lines := make(chan string, 1000)
	go func() {
		defer close(lines)
		defer func() { _ = response.Body.Close() }()
		scanner := bufio.NewScanner(response.Body)
		for scanner.Scan() {
			lines <- scanner.Text()
		}
	}()
	return lines
}

// until reads lines until one has the part; "" reads until the stream ends.
func until(t *testing.T, lines <-chan string, part string) []string {
	t.Helper()
	deadline := time.After(time.Minute)
	var seen []string
	for {
		select {
		case line, open := <-lines:
			if !open {
				require.Empty(t, part, "the stream ended early: %q", seen)
				return seen
			}
			seen = append(seen, line)
			if part != "" && strings.Contains(line, part) {
				return seen
			}
		case <-deadline:
			require.Fail(t, "timeout", "waiting for %q, got %q", part, seen)
		}
	}
}

func TestEventStream(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	path, d := h.deployment()
	base := h.listen()
	lines := h.follow(t.Context(), base+path+"/events", "")
	until(t, lines, `"status":"pending"`)
	until(t, lines, ": alive")
	node := h.event(d, "node.status", "postgres.default#db", "running")
	seen := until(t, lines, "<m>")
	require.Contains(t, seen, fmt.Sprintf("id: %d", node))
	require.Contains(t, seen, "event: node.status")
	last := h.event(d, "deployment.status", "", "succeeded")
	until(t, lines, fmt.Sprintf("id: %d", last))
	until(t, lines, "")

	d.Status = orchestrator.DeploymentSucceeded
	require.NoError(t, h.store.UpdateDeployment(t.Context(), d))
	resumed := until(t, h.follow(t.Context(), base+path+"/events", fmt.Sprint(node)), "")
	require.NotContains(t, strings.Join(resumed, "\n"), "node.status")
	require.Contains(t, strings.Join(resumed, "\n"), `"status":"succeeded"`)
	behind := until(t, h.follow(t.Context(), fmt.Sprintf("%s%s/events?after=%d", base, path, last), ""), "")
	require.NotContains(t, strings.Join(behind, "\n"), "data:", "a client behind the end is told so by the end")

	var list []api.DeploymentEvent
	h.do("GET", fmt.Sprintf("%s/events?after=%d", path, node), "").must(http.StatusOK, &list)
	require.Equal(t, last, list[0].Seq)
	h.do("GET", path+"nope/events", "").fails(http.StatusNotFound)
	h.do("GET", path+"/events?after=x", "").fails(http.StatusBadRequest, "after")
}

func TestEventStreamsEndWithClientAndServer(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	path, _ := h.deployment()
	base := h.listen()
	ctx, leave := context.WithCancel(t.Context())
	one := h.follow(ctx, base+path+"/events", "")
	two := h.follow(t.Context(), base+path+"/events", "")
	until(t, one, "pending")
	until(t, two, "pending")
	streams := func() string {
		for line := range strings.SplitSeq(h.as("", "GET", "/metrics", "").Body, "\n") {
			if strings.HasPrefix(line, "slipway_http_event_streams ") {
				return line
			}
		}
		return ""
	}
	require.Equal(t, "slipway_http_event_streams 2", streams())
	leave()
	require.Eventually(t, func() bool { return streams() == "slipway_http_event_streams 1" }, time.Minute, 10*time.Millisecond)

	shutdown, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	require.NoError(t, h.server.Shutdown(shutdown), "an open stream does not hold the server up")
	until(t, two, "shutting down")
	until(t, two, "")
}
