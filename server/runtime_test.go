package server_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/server"
)

// fakeRuntime stands for a cluster that says what it is told to say.
type fakeRuntime struct {
	fakeLogs
	state  orchestrator.RuntimeState
	events []orchestrator.RuntimeEvent
	err    error
	hidden []string
	follow func(ctx context.Context, f orchestrator.LogFollower) error
}

func (f *fakeRuntime) ReadRuntime(_ context.Context, t orchestrator.Target, q orchestrator.RuntimeQuery) (*orchestrator.RuntimeState, error) {
	f.hidden = q.Hidden
	state := f.state
	state.Namespace = t.Namespace
	return &state, f.err
}

func (f *fakeRuntime) ReadEvents(context.Context, orchestrator.Target, orchestrator.RuntimeQuery) ([]orchestrator.RuntimeEvent, error) {
	return f.events, f.err
}

func (f *fakeRuntime) FollowLogs(ctx context.Context, _ orchestrator.Target, _ orchestrator.ContainerLogQuery, l orchestrator.LogFollower) error {
	return f.follow(ctx, l)
}

func (f *fakeRuntime) Ping(context.Context, orchestrator.Target) (string, error) {
	return "v1.36.0", f.err
}

// withRuntime gives the server a cluster.
func (h *harness) withRuntime(cluster *fakeRuntime) {
	service := orchestrator.New(orchestrator.Options{
		Store: h.store, Workflows: h.workflows, Keeper: h.keeper, Drivers: fakeCatalogue{}, Log: h.log, Logs: map[string]orchestrator.ContainerLogs{"k8s": cluster},
	})
	h.server = server.New(server.Options{Service: service, Log: h.log}) // a stream that is alive has begun: a refusal can have no status of its own then
}

// accept asks for a media type and checks the answer against the published API.
func (h *harness) accept(media, path string) *httptest.ResponseRecorder {
	h.t.Helper()
	request := httptest.NewRequest(http.MethodGet, path, nil)
	request.Header.Set("Authorization", "Bearer "+h.token)
	request.Header.Set("Accept", media)
	recorder := httptest.NewRecorder()
	h.server.Handler().ServeHTTP(recorder, request)
	checkPublished(h.t, request, answer{t: h.t, Status: recorder.Code, Header: recorder.Header(), Body: recorder.Body.String()})
	return recorder
}

// resolved stores the cluster that a deployment has resolved.
func (h *harness) resolved(id, kind string) {
	h.t.Helper()
	raw, err := json.Marshal(map[string]any{"secrets": map[string]any{"credentials": map[string]any{"token": "of-the-cluster"}}})
	require.NoError(h.t, err)
	r := orchestrator.ActiveResource{
		OrgID: org, AppID: "shop", EnvID: "development", Key: resource.Key{Type: "k8s-cluster", Class: "default", ID: id}, GUResID: id,
		Values: map[string]any{"cluster_type": kind}, Status: "active", CreatedAt: time.Now(), UpdatedAt: time.Now(),
	}
	r.Sealed, err = h.keeper.Encrypt(raw, orchestrator.ResourcePlace(org, id))
	require.NoError(h.t, err)
	reserved, err := h.store.ReserveResource(context.Background(), &r)
	require.NoError(h.t, err)
	reserved.Values, reserved.Sealed, reserved.Status = r.Values, r.Sealed, "active"
	require.NoError(h.t, h.store.UpdateActiveResource(context.Background(), reserved))
}

func TestClusterRuntime(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	reason := orchestrator.RuntimeReason{Code: orchestrator.ReasonCrashLoop, Summary: "it crashes", Message: "pod x: it crashes", Pod: "x", Container: "main", Lasting: true}
	ended := orchestrator.ContainerEnd{ExitCode: 3, Reason: "Error"}
	cluster := &fakeRuntime{state: orchestrator.RuntimeState{Notes: []string{"no right to see Jobs"}, Controllers: []orchestrator.RuntimeController{
		{Kind: "Deployment", Name: "cache", Status: orchestrator.RuntimeRunning, Desired: 1, Replicas: 1, Ready: 1},
		{Workload: "api", Kind: "Deployment", Name: "api", Status: orchestrator.RuntimeFailed, Message: "it crashes", Desired: 2, Replicas: 2, Revision: 4,
			Reasons: []orchestrator.RuntimeReason{reason}, Pods: []orchestrator.RuntimePod{{Name: "x", Phase: "Running", Status: "Failure", Revision: 4,
				Reasons: []orchestrator.RuntimeReason{reason}, Containers: []orchestrator.RuntimeContainer{{
					Name: "main", Restarts: 2, Status: "Failure", Waiting: &orchestrator.ContainerWaiting{Reason: "CrashLoopBackOff"}, Last: &ended}}}}},
		{Workload: "api", Kind: "Job", Name: "api", Status: orchestrator.RuntimeSucceeded},
	}}}
	h.withRuntime(cluster)
	app := h.app("shop")
	path := app + "/envs/development/runtime"
	v2 := func() api.Runtime {
		t.Helper()
		got := h.accept("application/v2+json", path)
		require.Equal(t, "application/v2+json", got.Header().Get("Content-Type"))
		var r api.Runtime
		require.NoError(t, json.Unmarshal(got.Body.Bytes(), &r))
		return r
	}
	require.Contains(t, v2().Message, "has not been deployed")
	require.Equal(t, "Unknown", v2().Status)
	h.do("GET", app+"/envs/none/runtime", "").fails(http.StatusNotFound, "none")

	h.resolved("k8s-cluster", "git")
	require.Contains(t, v2().Message, "k8s-cluster-runtime")
	h.resolved("k8s-cluster-runtime", "k8s")
	h.do("POST", app+"/values", `{"key":"K","value":"shared-secret","is_secret":true,"description":""}`).must(http.StatusCreated, nil)
	r := v2()
	require.Subset(t, cluster.hidden, []string{"of-the-cluster", "shared-secret"})
	require.Equal(t, []string{"Partially Succeeded", "Warning", ""}, []string{r.Status, r.StatusClass, r.Message})
	require.Equal(t, []string{"no right to see Jobs"}, r.Notes)
	require.Equal(t, "Running", r.Others["Deployment/cache"].Status)
	m := r.Modules["api"]
	require.Equal(t, []string{"Partially Succeeded", "Warning", "it crashes"}, []string{m.Status, m.StatusClass, m.Message})
	c := m.Controllers["Deployment/api"]
	require.Equal(t, []int{2, 2, 0, 4}, []int{c.Replicas, c.Desired, c.ReadyReplicas, c.Revision})
	require.Equal(t, "CrashLoop", c.Reasons[0].Code)
	require.NotEmpty(t, c.Reasons[0].Advice)
	require.Equal(t, 3, c.Pods[0].ContainerStatuses[0].LastState.Terminated.ExitCode)
	require.Equal(t, "Succeeded", m.Controllers["Job/api"].Status)

	var v1 api.RuntimeV1
	h.do("GET", path, "").must(http.StatusOK, &v1)
	require.Equal(t, []any{"Failure", "it crashes", 2, "x"}, []any{v1.Modules["api"]["Deployment/api"].Status, v1.Modules["api"]["Deployment/api"].Message,
		v1.Modules["api"]["Deployment/api"].Replicas, v1.Modules["api"]["Deployment/api"].Pods[0].PodName})

	var list []api.EnvironmentRuntime
	h.do("GET", app+"/runtime?id=development&id=none", "").must(http.StatusOK, &list)
	require.Equal(t, []api.EnvironmentRuntime{{ID: "development", Status: "Warning"}, {ID: "none", Error: "Environment acme/shop/none does not exist"}}, list)
	h.do("GET", app+"/runtime", "").fails(http.StatusBadRequest, "1 to 5")
	h.do("GET", app+"/runtime?id=a&id=b&id=c&id=d&id=e&id=f", "").fails(http.StatusBadRequest, "1 to 5")

	cluster.err = orchestrator.Errorf(orchestrator.CodeUnavailable, "the cluster at X does not answer")
	require.Equal(t, []string{"Unknown", "the cluster at X does not answer"}, []string{v2().Status, v2().Message})
	h.do("GET", app+"/runtime?id=development", "").must(http.StatusOK, &list)
	require.Equal(t, "the cluster at X does not answer", list[0].Error)
}

func TestClusterEvents(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	at := time.Date(2126, 1, 2, 3, 4, 5, 0, time.UTC)
	cluster := &fakeRuntime{events: []orchestrator.RuntimeEvent{{At: at, Source: "kubernetes", Type: "Warning", Reason: "BackOff", Kind: "Pod", Object: "x", Workload: "api", Count: 3, Message: "back-off"}}}
	h.withRuntime(cluster)
	app := h.app("shop")
	path := app + "/envs/development/runtime/events"
	var got api.RuntimeEvents
	h.do("GET", path, "").must(http.StatusOK, &got)
	require.Empty(t, got.Events)
	require.Contains(t, got.Message, "has not been deployed")
	h.resolved("k8s-cluster", "k8s")
	var d api.Deployment
	h.do("POST", app+"/envs/development/deploys", `{}`).must(http.StatusCreated, &d)
	got = api.RuntimeEvents{}
	h.do("GET", path+"?workload_id=api", "").must(http.StatusOK, &got)
	require.Empty(t, got.Message)
	require.Equal(t, []string{"kubernetes BackOff x", "slipway pending " + d.ID}, []string{
		got.Events[0].Source + " " + got.Events[0].Reason + " " + got.Events[0].Object, got.Events[1].Source + " " + got.Events[1].Reason + " " + got.Events[1].Object})
	h.do("GET", path+"?limit=1", "").must(http.StatusOK, &got)
	require.Len(t, got.Events, 1)
	h.do("GET", path+"?limit=x", "").fails(http.StatusBadRequest, "limit")
	cluster.err = orchestrator.Errorf(orchestrator.CodeUnavailable, "away")
	h.do("GET", path, "").must(http.StatusOK, &got)
	require.Equal(t, "away", got.Message, "what Slipway knows is shown")
	h.do("GET", app+"/envs/none/runtime/events", "").fails(http.StatusNotFound, "none")
}

func TestClusterLogsAreFollowed(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	over := make(chan struct{})
	cluster := &fakeRuntime{follow: func(ctx context.Context, f orchestrator.LogFollower) error {
		defer close(over)
		if err := f.Tell(orchestrator.ContainerLogLine{Workload: "api", Pod: "x", Container: "main", Text: "first", At: time.Now()}); err != nil {
			return err
		}
		if _, err := f.Renew(ctx); err != nil {
			return err
		}
		<-ctx.Done()
		return ctx.Err()
	}}
	h.withRuntime(cluster)
	app := h.app("shop")
	path := app + "/envs/development/logs"
	require.Equal(t, http.StatusConflict, h.accept("text/event-stream", path).Code, "nothing was deployed")
	require.Equal(t, http.StatusBadRequest, h.accept("text/event-stream", path+"?previous=true").Code)
	require.Equal(t, http.StatusNotFound, h.accept("text/event-stream", app+"/envs/none/logs").Code)
	h.resolved("k8s-cluster", "k8s")
	listener := httptest.NewServer(h.server.Handler())
	t.Cleanup(listener.Close)
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, listener.URL+path, nil)
	require.NoError(t, err)
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Authorization", "Bearer "+h.token)
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	require.Equal(t, http.StatusOK, res.StatusCode)
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "data: ") {
	}
	require.Contains(t, lines.Text(), `"pod_id":"x"`)
	cancel()
	select {
	case <-over:
	case <-time.After(time.Minute):
		require.Fail(t, "it goes on although nobody listens")
	}
}

func TestClusterCheck(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	cluster := &fakeRuntime{}
	h.withRuntime(cluster)
	h.app("shop")
	path := "/orgs/" + org + "/runtime/actions/check-connectivity"
	h.do("POST", path, `{"app_id":"shop","env_type":"development"}`).fails(http.StatusBadRequest, "env_id")
	h.do("POST", path, `{"app_id":"shop","env_id":"development","env_type":"another"}`).fails(http.StatusBadRequest, "env_type")
	check := func(env string) (status map[string]string, got api.ClusterCheck) {
		t.Helper()
		h.do("POST", path, `{"app_id":"shop","env_id":"`+env+`","env_type":"development","expected_definitions":[{"type":"k8s-cluster","id":"ours"}]}`).must(http.StatusOK, &got)
		status = map[string]string{}
		for _, c := range got.Conditions {
			status[c.Type] = c.Status
			require.NotEmpty(t, c.Message)
		}
		return status, got
	}
	status, got := check("development")
	require.False(t, got.Success)
	require.Equal(t, map[string]string{"GraphCanProvision": "False"}, status)
	for _, kind := range []string{"k8s-cluster", "k8s-namespace"} {
		id := map[string]string{"k8s-cluster": "ours", "k8s-namespace": "spaces"}[kind]
		h.do("POST", "/orgs/"+org+"/resources/defs", `{"id":"`+id+`","name":"x","type":"`+kind+`","driver_type":"humanitec/echo","criteria":[{}],"driver_inputs":{"values":{"name":"n"}}}`).must(http.StatusOK, nil)
	}
	status, got = check("new")
	require.Equal(t, map[string]string{"GraphCanProvision": "True", "DefinitionsMatch": "True", "ClusterKnown": "Unknown"}, status)
	require.False(t, got.Success)
	require.Equal(t, "ours", got.Resources[0].DefID)
	h.resolved("k8s-cluster", "k8s")
	status, got = check("development")
	require.Equal(t, map[string]string{"GraphCanProvision": "True", "DefinitionsMatch": "True", "ClusterKnown": "True", "ClusterAnswers": "True"}, status)
	require.True(t, got.Success)
	cluster.err = orchestrator.Errorf(orchestrator.CodeUnavailable, "away")
	status, _ = check("development")
	require.Equal(t, "False", status["ClusterAnswers"])
}
