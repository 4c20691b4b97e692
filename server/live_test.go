package server_test

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/server"
)

// countingStore counts what is read of the database for those who follow.
type countingStore struct {
	orchestrator.Store
	looks, lines atomic.Int64
	attention    atomic.Int64 // looks at what needs attention
}

func (s *countingStore) FailedEnvironments(ctx context.Context, f orchestrator.AttentionFilter) ([]orchestrator.FailedEnvironment, error) {
	s.attention.Add(1)
	return s.Store.FailedEnvironments(ctx, f)
}

func (s *countingStore) ListDriftScans(ctx context.Context, ref orchestrator.EnvRef, limit int) ([]orchestrator.DriftScan, error) {
	s.looks.Add(1)
	return s.Store.ListDriftScans(ctx, ref, limit)
}

func (s *countingStore) NewestLogLine(ctx context.Context, org, id, node string) (int64, error) {
	s.looks.Add(1)
	return s.Store.NewestLogLine(ctx, org, id, node)
}

func (s *countingStore) ListLog(ctx context.Context, org, id, node string, after int64, limit int) ([]orchestrator.LogLine, error) {
	s.lines.Add(1)
	return s.Store.ListLog(ctx, org, id, node, after, limit)
}

// counting puts a server over a counting store into the harness. The clock of its
// use cases goes ahead by what is added to the number.
func (h *harness) counting(streams int) (*countingStore, *atomic.Int64) {
	ahead := &atomic.Int64{}
	counted := &countingStore{Store: h.store}
	h.service = orchestrator.New(orchestrator.Options{
		Store: counted, Workflows: h.workflows, Keeper: h.keeper, Drivers: fakeCatalogue{}, Log: h.log,
		Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) },
	})
	h.server = server.New(server.Options{Service: h.service, Log: h.log, Version: "test", Heartbeat: 50 * time.Millisecond, StreamsPerUser: streams})
	return counted, ahead
}

func (h *harness) line(d *orchestrator.Deployment, node, text string) {
	h.t.Helper()
	require.NoError(h.t, h.store.AppendLog(context.Background(), &orchestrator.LogLine{OrgID: d.OrgID, DeploymentID: d.ID, Node: node, At: time.Now().UTC(), Level: "info", Text: text}))
}

// lastID is the id of the last event among lines of a stream.
func lastID(lines []string) (id string) {
	for _, l := range lines {
		if after, is := strings.CutPrefix(l, "id: "); is {
			id = after
		}
	}
	return id
}

const devEnv = "/orgs/" + org + "/apps/shop/envs/development"

func TestEnvironmentIsFollowed(t *testing.T) {
	t.Parallel()
	onBothDatabases(t, func(t *testing.T, h *harness) {
		h.app("shop")
		base := h.listen()
		lines := h.follow(t.Context(), base+devEnv+"/events", "")
		first := until(t, lines, "event: runtime")
		require.Contains(t, strings.Join(first, "\n"), "event: environment")
		require.Contains(t, strings.Join(first, "\n"), "event: lifetime")
		until(t, lines, "data: ")

		h.do("POST", devEnv+"/deploys", `{"comment":"a change"}`).must(http.StatusCreated, nil)
		seen := until(t, lines, "event: deployment")
		require.Contains(t, strings.Join(seen, "\n"), "event: environment", "its last deployment is part of it")
		queued := until(t, lines, `"status":"pending"`)
		require.Contains(t, strings.Join(queued, "\n"), "a change")
		position := lastID(seen)

		h.do("PATCH", devEnv+"/lifetime", `{"ttl":"48h"}`).must(http.StatusOK, nil)
		seen = until(t, lines, "event: lifetime")
		require.NotContains(t, strings.Join(seen, "\n"), "event: deployment", "what is as it was is not told again")

		again := h.follow(t.Context(), base+devEnv+"/events", position)
		seen = until(t, again, "event: lifetime")
		require.NotContains(t, strings.Join(seen, "\n"), "event: environment", "a client that resumes gets what it has missed")
		require.NotContains(t, strings.Join(seen, "\n"), "event: deployment")

		d, err := h.store.ListDeployments(t.Context(), orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "development"}, 1)
		require.NoError(t, err)
		gate := &orchestrator.Gate{
			OrgID: org, AppID: "shop", EnvID: "development", DeploymentID: d[0].ID, Node: "s3.default#shared.a", State: orchestrator.GateWaiting,
			Summary: "1 to create", Message: "waiting for 1 approval", CreatedAt: time.Now(),
		}
		require.NoError(t, h.store.CreateGate(t.Context(), gate))
		until(t, lines, "event: approvals")
		require.Equal(t, `data: [{"deployment_id":"`+d[0].ID+`","node":"s3.default#shared.a","summary":"1 to create","message":"waiting for 1 approval"}]`, <-lines)
		gate.State = orchestrator.GatePassed
		require.NoError(t, h.store.UpdateGate(t.Context(), gate))
		until(t, lines, "event: approvals")
		require.Equal(t, `data: []`, <-lines)
		h.succeed(d[0].Ref(), d[0].ID)
		until(t, lines, `"status":"succeeded"`)
		until(t, again, `"status":"succeeded"`)
		require.NoError(t, h.store.DeleteEnvironment(t.Context(), d[0].Ref()))
		for _, stream := range []<-chan string{lines, again} {
			require.Contains(t, strings.Join(until(t, stream, "gone"), "\n"), "event: end")
			until(t, stream, "")
		}
	})
}

func TestWhatIsSoIsListed(t *testing.T) {
	t.Parallel()
	h := newRunsHarness(t)
	var events []api.FollowEvent
	h.do("GET", devEnv+"/events", "").must(http.StatusOK, &events)
	var types []string
	for _, e := range events {
		types = append(types, e.Type)
	}
	require.Equal(t, []string{"environment", "approvals", "paused", "lifetime", "runtime"}, types)
	h.do("GET", shopPath+"/envs/none/events", "").fails(http.StatusNotFound, "none")
	h.as(h.rival, "GET", devEnv+"/events", "").fails(http.StatusNotFound)
	var run api.PipelineRun
	h.do("POST", runsPath, `{"inputs":{"text":"hello"}}`).must(http.StatusCreated, &run)
	h.do("GET", runsPath+"/"+run.ID+"/events", "").must(http.StatusOK, &events)
	require.Equal(t, "run", events[len(events)-1].Type)
	h.do("GET", runsPath+"/none/events", "").fails(http.StatusNotFound, "none")
	base := h.listen()
	for _, path := range []string{devEnv + "/events", runsPath + "/" + run.ID + "/events"} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+path, nil)
		require.NoError(t, err)
		request.Header = http.Header{"Accept": {"text/event-stream"}, "Last-Event-Id": {"!"}, "Authorization": {"Bearer " + h.token}}
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusBadRequest, response.StatusCode)
	}
}

func TestPipelineRunIsFollowed(t *testing.T) {
	t.Parallel()
	onBothDatabases(t, func(t *testing.T, h *harness) {
		h.app("shop")
		h.definePipeline("log", logPipeline)
		ctx := t.Context()
		var run api.PipelineRun
		h.do("POST", runsPath, `{"inputs":{"text":"hello"}}`).must(http.StatusCreated, &run)
		path := h.listen() + runsPath + "/" + run.ID + "/events"
		lines := h.follow(ctx, path, "")
		until(t, lines, `"status":"queued"`)

		at := time.Now().UTC()
		job := orchestrator.PipelineJob{OrgID: org, RunID: run.ID, ID: "say", Name: "Say", Status: orchestrator.PipelineExecuting, CreatedAt: at, UpdatedAt: at}
		require.NoError(t, h.store.CreatePipelineJobs(ctx, []orchestrator.PipelineJob{job}))
		step := orchestrator.PipelineStep{OrgID: org, RunID: run.ID, JobID: "say", Name: "log", Status: orchestrator.PipelineExecuting, CreatedAt: at}
		require.NoError(t, h.store.CreatePipelineStep(ctx, &step))
		say := func(text string) {
			require.NoError(t, h.store.AppendPipelineLog(ctx, []orchestrator.PipelineLogLine{{OrgID: org, RunID: run.ID, JobID: "say", At: at, Level: "INFO", Message: text}}))
		}
		say("one")
		seen := until(t, lines, `"message":"one"`)
		require.Contains(t, strings.Join(seen, "\n"), "event: job")
		position := lastID(seen)
		h.askApproval(run, "a1", "development")
		until(t, lines, "event: approval")
		say("two")
		until(t, lines, `"message":"two"`)

		again := h.follow(ctx, path, position)
		seen = until(t, again, `"message":"two"`)
		require.NotContains(t, strings.Join(seen, "\n"), `"message":"one"`)
		require.NotContains(t, strings.Join(seen, "\n"), "event: job")

		ended, err := h.store.GetPipelineRun(ctx, org, run.ID)
		require.NoError(t, err)
		say("three")
		ended.Status, ended.CompletedAt = orchestrator.PipelineSucceeded, &at
		require.NoError(t, h.store.UpdatePipelineRun(ctx, ended))
		for _, stream := range []<-chan string{lines, again} {
			seen = until(t, stream, "")
			require.Contains(t, strings.Join(seen, "\n"), `"message":"three"`)
			require.Contains(t, strings.Join(seen, "\n"), `"reason":"ended"`)
		}
	})
}

func TestDeploymentLogIsFollowed(t *testing.T) {
	t.Parallel()
	onBothDatabases(t, func(t *testing.T, h *harness) {
		path, d := h.deployment()
		base := h.listen()
		h.line(d, "postgres.default#db", "of the database")
		h.line(d, "", "of the deployment")
		all, one := h.follow(t.Context(), base+path+"/logs", ""), h.follow(t.Context(), base+path+"/logs?node=postgres.default%23db", "")
		seen := until(t, all, "of the deployment")
		h.line(d, "postgres.default#db", "more of the database")
		require.NotContains(t, strings.Join(until(t, one, "more of the database"), "\n"), "of the deployment")
		until(t, all, "more of the database")
		resumed := h.follow(t.Context(), base+path+"/logs", lastID(seen))
		require.NotContains(t, strings.Join(until(t, resumed, "more of the database"), "\n"), "of the deployment")
		h.succeed(d.Ref(), d.ID)
		h.event(d, "deployment.status", "", "succeeded")
		for _, stream := range []<-chan string{all, one, resumed} {
			require.Contains(t, strings.Join(until(t, stream, ""), "\n"), "event: end")
		}
	})
}

// TestManyReadersShareOneLook: what is read of the database depends on time and
// on what happens, not on how many look on; and all of it is given back.
func TestManyReadersShareOneLook(t *testing.T) { //nolint:paralleltest // it counts goroutines
	const readers = 200
	h := newHarness(t)
	path, d := h.deployment()
	counted, _ := h.counting(0)
	base := h.listen()
	http.DefaultClient.CloseIdleConnections()
	before := runtime.NumGoroutine()
	for name, url := range map[string]string{"environment": devEnv + "/events", "log": path + "/logs"} {
		ctx, leave := context.WithCancel(t.Context())
		counted.looks.Store(0)
		counted.lines.Store(0)
		began := time.Now()
		streams := make([]<-chan string, readers)
		for i := range streams {
			streams[i] = h.follow(ctx, base+url, "")
		}
		for n := range 3 {
			h.line(d, "", fmt.Sprintf("line %d", n))
			h.do("PATCH", devEnv+"/lifetime", fmt.Sprintf(`{"ttl":"%dh"}`, 48+n)).must(http.StatusOK, nil)
			for _, s := range streams {
				if name == "log" {
					until(t, s, fmt.Sprintf("line %d", n))
				} else {
					until(t, s, "event: lifetime")
				}
			}
		}
		took := time.Since(began)
		t.Logf("%s: %d readers, %v: %d looks, %d reads of lines", name, readers, took.Round(time.Millisecond), counted.looks.Load(), counted.lines.Load())
		require.LessOrEqual(t, counted.looks.Load(), int64(took/time.Second)+2, "%s: at most one look a second", name)
		require.LessOrEqual(t, counted.lines.Load(), int64(24), "%s: who is at the same line shares a read", name)
		leave()
		for _, s := range streams {
			until(t, s, "")
		}
		looked := counted.looks.Load()
		require.Eventually(t, func() bool {
			http.DefaultClient.CloseIdleConnections()
			return runtime.NumGoroutine() <= before+5
		}, time.Minute, 50*time.Millisecond, "%s: goroutines are given back", name)
		require.LessOrEqual(t, counted.looks.Load(), looked+1, "nobody looks any more")
	}
}

func TestStreamsHaveLimitsAndRights(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.app("shop")
	_, ahead := h.counting(3)
	base := h.listen()
	get := func(token string) *http.Response {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+devEnv+"/events", nil)
		require.NoError(t, err)
		request.Header = http.Header{"Accept": {"text/event-stream"}, "Authorization": {"Bearer " + token}}
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		t.Cleanup(func() { _ = response.Body.Close() })
		return response
	}
	id, member := h.user("user", map[string]string{orchestrator.OrgObject(org): orchestrator.RoleMember, orchestrator.AppObject(org, "shop"): orchestrator.RoleViewer})
	one, two := get(h.token), get(h.token)
	require.Equal(t, http.StatusOK, one.StatusCode)
	require.Equal(t, http.StatusOK, two.StatusCode)
	require.Equal(t, http.StatusOK, get(h.token).StatusCode)
	require.Equal(t, http.StatusTooManyRequests, get(h.token).StatusCode)
	require.Equal(t, http.StatusOK, get(member).StatusCode, "each user has streams of their own")
	require.NoError(t, one.Body.Close())
	require.Eventually(t, func() bool { return get(h.token).StatusCode == http.StatusOK }, time.Minute, 50*time.Millisecond, "a stream that is closed counts no more")

	require.Equal(t, http.StatusNotFound, get(h.rival).StatusCode)
	lost := get(member)
	require.NoError(t, h.store.DeleteRole(t.Context(), org, id, orchestrator.AppObject(org, "shop")))
	require.Equal(t, http.StatusNotFound, get(member).StatusCode)
	ahead.Store(int64(time.Minute))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		buffer := make([]byte, 4096)
		for {
			if _, err := lost.Body.Read(buffer); err != nil {
				return
			}
		}
	}()
	select {
	case <-ended:
	case <-time.After(time.Minute):
		require.Fail(t, "whoever may not read any more is still told")
	}
}
