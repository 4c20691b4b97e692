package cli_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
)

// fakeCluster answers as a server does whose environment runs in a cluster.
type fakeCluster struct {
	asked   atomic.Pointer[string] // the query of the last read of logs
	streams atomic.Int32
}

const (
	fakeEnv  = "/orgs/acme/apps/shop/envs/dev"
	fakeLine = `{"workload_id":"api","container_id":"main","pod_id":"api-1","level":"info","payload":"line %d","timestamp":"2026-01-02T03:04:0%d.5Z"}`
)

func (f *fakeCluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	reason := api.RuntimeReason{Code: "CrashLoop", Summary: "it crashes", Message: `pod "api-1": container "main": exit code 3`, Lasting: true, Advice: "slipway logs WORKLOAD --previous"}
	module := api.RuntimeModule{Status: "Failed", StatusClass: "Failure", Message: "it crashes", Controllers: map[string]api.RuntimeController{"api": {
		Kind: "Deployment", Name: "api", Status: "Failed", Message: "it crashes", Desired: 2, Replicas: 2, Reasons: []api.RuntimeReason{reason},
		Pods: []api.RuntimePod{{PodName: "api-1", ContainerStatuses: []api.RuntimeContainerStatus{{Name: "main", RestartCount: 4}}}}}}}
	answers := map[string]any{
		fakeEnv + "/runtime": api.Runtime{Namespace: "shop-dev", Status: "Failed", Modules: map[string]api.RuntimeModule{"api": module},
			Others: map[string]api.RuntimeController{"Deployment/cache": {Kind: "Deployment", Name: "cache", Status: "Running", Desired: 1, ReadyReplicas: 1}}},
		fakeEnv + "/runtime/events": api.RuntimeEvents{Events: []api.RuntimeEvent{
			{Source: "kubernetes", Type: "Warning", Reason: "BackOff", Kind: "Pod", Object: "api-1", Count: 7, Message: "back-off"},
			{Source: "slipway", Type: "Warning", Reason: "failed", Kind: "deployment", Object: "17609cfafa5d5cb8", Count: 1, Message: "it failed"}}},
		"/orgs/acme/apps/shop/envs":                  []api.Environment{{ID: "a"}, {ID: "b"}, {ID: "c"}, {ID: "d"}, {ID: "e"}, {ID: "f"}},
		fakeEnv:                                      api.Environment{ID: "dev", Type: "development", LastDeploy: &api.Deployment{ID: "17609cfafa5d5cb8"}},
		fakeEnv + "/deploys":                         []api.Deployment{{ID: "17609cfafa5d5cb8", Status: "failed"}},
		fakeEnv + "/deploys/17609cfafa5d5cb8":        api.Deployment{ID: "17609cfafa5d5cb8", Status: "failed", Outcome: "failed"},
		fakeEnv + "/deploys/17609cfafa5d5cb8/errors": []api.DeploymentError{{Code: "RUN-CrashLoop", Summary: "it crashed in the rollout"}},
		fakeEnv + "/deploys/17609cfafa5d5cb8/nodes":  []api.Node{{Key: "workload.default#modules.api", Type: "workload", Class: "default", ID: "modules.api", DefID: "plain", Status: "succeeded"}, {Key: "s3.default#shared.x", ID: "shared.x", Ordinal: 1}},
		fakeEnv + "/deploys/17609cfafa5d5cb8/resources/explain": api.ResourceExplanations{Resources: []api.ResourceExplanation{
			{Type: "workload", Class: "default", ID: "modules.api", DefID: "plain", Chosen: "it is the only one"}}},
		"/orgs/acme/runtime/actions/check-connectivity": api.ClusterCheck{Conditions: []api.ClusterCheckCondition{{Type: "ClusterAnswers", Status: "False", Message: "away"}}},
	}
	switch {
	case r.URL.Path == "/orgs/acme/apps/shop/runtime":
		var out []api.EnvironmentRuntime
		for _, id := range r.URL.Query()["id"] {
			out = append(out, api.EnvironmentRuntime{ID: id, Status: "Success"})
		}
		_ = json.NewEncoder(w).Encode(out)
	case r.URL.Path == fakeEnv+"/logs" && r.Header.Get("Accept") == "text/event-stream":
		f.stream(w, r)
	case r.URL.Path == fakeEnv+"/logs":
		query := r.URL.RawQuery
		f.asked.Store(&query)
		_, _ = fmt.Fprintf(w, "["+fakeLine+"]", 1, 1)
	case answers[r.URL.Path] != nil:
		_ = json.NewEncoder(w).Encode(answers[r.URL.Path])
	default:
		w.WriteHeader(http.StatusNotFound)
		_, _ = fmt.Fprintf(w, `{"error":"HTTP-404","message":"%s"}`, r.URL.Path)
	}
}

// stream breaks off after two lines, and tells the last one again at the next connection.
func (f *fakeCluster) stream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	n := int(f.streams.Add(1))
	if n > 3 {
		_, _ = fmt.Fprint(w, "event: error\ndata: {\"error\":\"LOGS-ENDED\",\"message\":\"the environment is gone\"}\n\n")
		return
	}
	if n > 1 && r.URL.Query().Get("timestamp_from") == "" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	for i := n; i <= n+1; i++ {
		_, _ = fmt.Fprintf(w, "event: line\ndata: "+fakeLine+"\n\n", i, i)
	}
}

func TestClusterCommands(t *testing.T) {
	t.Parallel()
	fake := &fakeCluster{}
	listener := httptest.NewServer(fake)
	t.Cleanup(listener.Close)
	env := map[string]string{"SLIPWAY_URL": listener.URL, "SLIPWAY_TOKEN": "t", "SLIPWAY_ORG": "acme", "SLIPWAY_APP": "shop", "SLIPWAY_ENV": "dev", "SLIPWAY_CONFIG": t.TempDir() + "/none"}
	run := func(args ...string) result {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		return runIn(ctx, t.TempDir(), env, "", args...)
	}
	run("status").ok(t, "namespace:     shop-dev", "Deployment/api", "0/2", "it crashes", "exit code 3", "try: slipway logs api --previous", "Deployment/cache", "1/1")
	run("status", "api").ok(t, "Deployment/api")
	run("status", "web").fails(t, 1, `no workload "web": api`)
	var module api.RuntimeModule
	run("status", "api", "-o", "json").into(t, &module)
	require.Equal(t, "Failed", module.Status)
	run("status", "--all").ok(t, "a            Success", "f            Success")
	run("status", "api", "--all").fails(t, 2, "--all")
	out := run("events", "api").ok(t, "BackOff", "Pod/api-1", "7", "it failed").out
	require.Less(t, strings.Index(out, "it failed"), strings.Index(out, "BackOff"), "oldest first")
	run("events", "--limit", "0").fails(t, 2, "--limit")

	run("logs", "api", "--previous", "--tail", "5", "--grep", "x y", "--container", "main", "--since", "10m").ok(t, "api-1/main | line 1")
	for _, part := range []string{"workload_id=api", "previous=true", "limit=5", "contains=x+y", "container_id=main", "timestamp_from=", "invert=true"} {
		require.Contains(t, *fake.asked.Load(), part)
	}
	run("logs", "apii").fails(t, 1, `no workload "apii": api`)
	run("logs", "apii", "--follow").fails(t, 1, `no workload "apii"`)
	run("logs", "api", "--since", "yesterday").fails(t, 2, "--since")
	run("logs", "api", "--tail", "0").fails(t, 2, "--tail")
	run("logs", ".", "--tail", "5").fails(t, 2, "logs of a deployment")
	run("logs", "--follow", "--previous").fails(t, 2, "--previous")
	followed := run("logs", "-f").fails(t, 1, "the environment is gone").out
	for i := 1; i <= 4; i++ {
		require.Equal(t, 1, strings.Count(followed, fmt.Sprintf("line %d\n", i)), followed)
	}

	run("debug", "api").ok(t, "it crashes", "exit code 3", "RUN-CrashLoop", "it crashed in the rollout", "workload.default#modules.api", "it is the only one",
		"BackOff", "line 1", "Before the last restart", "- slipway logs api --previous", "slipway describe deploy 17609cfafa5d5cb8")
	require.NotContains(t, run("debug", "api").out, "shared.x")
	var page struct {
		Workload string
		Try      []string
		Previous []api.ContainerLogEntry `json:"previous_logs"`
		Missing  []string
	}
	run("debug", "api", "-o", "json").into(t, &page)
	require.Equal(t, "api", page.Workload)
	require.Len(t, page.Previous, 1)
	require.NotEmpty(t, page.Try)
	require.Empty(t, page.Missing)
	run("resources", "check-connectivity").fails(t, 1, "ClusterAnswers", "away", "not known to work")
}
