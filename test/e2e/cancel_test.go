package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/stretchr/testify/require"
)

// slowTemplate keeps one core busy for most of a second.
const slowTemplate = `bucket: {{ range until 12 }}{{ bcrypt "x" | trunc 0 }}{{ end }}done`

// slowApp makes an application with resources that are slow one after the
// other, and returns the delta that adds them.
func (i *instance) slowApp(app string, nodes int) (delta string) {
	i.t.Helper()
	i.app(app)
	i.define("slow-"+app, "s3", app, "humanitec/template", map[string]any{"templates": map[string]any{"outputs": slowTemplate}})
	shared := []any{}
	for n := range nodes {
		resource := map[string]any{"type": "s3", "class": app}
		if n > 0 {
			resource["params"] = map[string]any{"after": fmt.Sprintf("${shared.s%d.bucket}", n-1)}
		}
		shared = append(shared, map[string]any{"op": "add", "path": fmt.Sprintf("/s%d", n), "value": resource})
	}
	content := addModule("a", plainModule("busybox:1"))
	content["shared"] = shared
	return i.delta(app, content)
}

// slowNode waits until some of the slow nodes are done and others are not.
func (i *instance) slowNode(app, id string) {
	i.t.Helper()
	i.eventually("slow nodes are under way", func() (bool, string) {
		done, all := i.slowNodesDone(app, id)
		require.False(i.t, all > 0 && done == all, "the slow deployment is over too soon")
		return done > 0, fmt.Sprintf("%d of %d", done, all)
	})
}

func (i *instance) slowNodesDone(app, id string) (done, all int) {
	i.t.Helper()
	for _, n := range i.list(envPath(app, "development") + "/deploys/" + id + "/nodes") {
		if n["class"] != app {
			continue
		}
		all++
		if n["status"] == "succeeded" {
			done++
		}
	}
	return done, all
}

func (i *instance) cancel(status int, app, id string) map[string]any {
	i.t.Helper()
	return i.must(status, http.MethodPost, envPath(app, "development")+"/deploys/"+id+"/cancel", nil)
}

// modules lists the modules of a deployment's set.
func (i *instance) modules(app, id string) map[string]any {
	i.t.Helper()
	d := i.must(http.StatusOK, http.MethodGet, envPath(app, "development")+"/deploys/"+id, nil)
	set := i.must(http.StatusOK, http.MethodGet, org+"/apps/"+app+"/sets/"+d["set_id"].(string), nil)
	return set["modules"].(map[string]any)
}

func (i *instance) deployModule(app, id string) string {
	i.t.Helper()
	return i.deploy(app, map[string]any{"delta_id": i.delta(app, addModule(id, plainModule("busybox:1")))})
}

func (i *instance) requireCancelled(app, id string) {
	i.t.Helper()
	d := i.finished(app, id)
	require.Equal(i.t, "failed", d["status"])
	require.Equal(i.t, "cancelled", d["outcome"])
	require.NotEmpty(i.t, d["cancel_requested_at"])
	require.NotEmpty(i.t, d["finished_at"])
	errs := i.deploymentErrors(app, id)
	require.NotEmpty(i.t, errs)
	require.Equal(i.t, "cancelled", errs[0]["code"])
}

func cancelRunning(i *instance) {
	const app, nodes = "cancel-running", 16
	first := i.deploy(app, map[string]any{"delta_id": i.slowApp(app, nodes)})
	i.slowNode(app, first)
	asked := time.Now()
	i.cancel(http.StatusAccepted, app, first)
	i.cancel(http.StatusAccepted, app, first)
	i.requireCancelled(app, first)
	took := time.Since(asked)
	i.t.Logf("cancel was honoured in %s", took.Round(time.Millisecond))
	require.Less(i.t, took, 30*time.Second)
	done, all := i.slowNodesDone(app, first)
	require.Less(i.t, done, all, "nodes are left")
	base := envPath(app, "development") + "/deploys/" + first
	counts := map[string]int{}
	for _, n := range i.list(base + "/nodes") {
		counts[n["status"].(string)]++
	}
	require.Zero(i.t, counts["pending"]+counts["running"]+counts["in progress"], "%v", counts)
	require.Positive(i.t, counts["skipped"], "%v", counts)
	events := len(i.events(base))
	i.cancel(http.StatusAccepted, app, first) // of one that was cancelled: nothing to do

	remove := []any{}
	for n := range nodes {
		remove = append(remove, map[string]any{"op": "remove", "path": fmt.Sprintf("/s%d", n)})
	}
	content := addModule("b", plainModule("busybox:1"))
	content["shared"] = remove
	next := i.deploy(app, map[string]any{"delta_id": i.delta(app, content)})
	i.succeeded(app, next)
	require.Len(i.t, i.events(base), events, "nothing happens to a deployment that is over")
	nowDone, _ := i.slowNodesDone(app, first)
	require.Equal(i.t, done, nowDone)
	i.cancel(http.StatusConflict, app, next)
}

func cancelQueued(i *instance) {
	const app = "cancel-queued"
	first := i.deploy(app, map[string]any{"delta_id": i.slowApp(app, 8)})
	second := i.deployModule(app, "b")
	third := i.deployModule(app, "c")
	require.Len(i.t, i.modules(app, third), 3)
	i.slowNode(app, first)

	answer := i.cancel(http.StatusAccepted, app, second)
	require.Equal(i.t, "failed", answer["status"], "a queued one is over at once")
	require.Equal(i.t, "cancelled", answer["outcome"])
	i.requireCancelled(app, second)
	left := i.modules(app, third)
	require.Contains(i.t, left, "c")
	require.NotContains(i.t, left, "b", "the one behind was computed anew")
	queue := i.must(http.StatusOK, http.MethodGet, envPath(app, "development")+"/queue", nil)
	require.Len(i.t, queue["deployments"], 2)

	i.succeeded(app, first)
	i.succeeded(app, third)
	require.Len(i.t, i.modules(app, third), 2)
	for _, e := range i.events(envPath(app, "development") + "/deploys/" + second) {
		require.NotEqual(i.t, "in progress", e["status"], "a cancelled one never starts")
	}
	require.Zero(i.t, i.commits(second))
}

func (i *instance) setPolicy(app, policy string) {
	i.t.Helper()
	i.must(http.StatusOK, http.MethodPut, envPath(app, "development")+"/queue/policy", map[string]any{"policy": policy})
}

func queuePolicies(i *instance) {
	const app = "policies"
	delta := i.slowApp(app, 5)
	i.setPolicy(app, "supersede")
	first := i.deploy(app, map[string]any{"delta_id": delta})
	i.slowNode(app, first)
	second := i.deployModule(app, "b")
	third := i.deployModule(app, "c")
	d := i.finished(app, second)
	require.Equal(i.t, "failed", d["status"])
	require.Equal(i.t, "superseded", d["outcome"])
	errs := i.deploymentErrors(app, second)
	require.Len(i.t, errs, 1)
	require.Contains(i.t, errs[0]["message"], third)
	i.succeeded(app, first)
	i.succeeded(app, third)
	require.Len(i.t, i.modules(app, third), 3, "both changes are in the one that is left")

	i.setPolicy(app, "reject")
	fourth := i.deploy(app, map[string]any{})
	i.slowNode(app, fourth)
	status, message := i.refusal(http.MethodPost, envPath(app, "development")+"/deploys", "{}", i.token())
	require.Equal(i.t, http.StatusConflict, status, message)
	require.Contains(i.t, message, fourth)

	i.setPolicy(app, "freeze")
	status, message = i.refusal(http.MethodPost, envPath(app, "development")+"/deploys", "{}", i.token())
	require.Equal(i.t, http.StatusConflict, status, message)
	require.Contains(i.t, strings.ToLower(message), "frozen")
	i.succeeded(app, fourth) // what was accepted goes on

	i.setPolicy(app, "reject")
	i.cancel(http.StatusAccepted, app, i.deploy(app, map[string]any{})) // accepted again when nothing is unfinished
	require.Len(i.t, i.list(envPath(app, "development")+"/deploys"), 5, "refused ones leave nothing")
}
