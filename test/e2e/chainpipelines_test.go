package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// outsider plays a service outside, and lets the first request to /announce hang until its sender is gone.
type outsider struct {
	*httptest.Server
	mu   sync.Mutex
	seen map[string][]string // path -> Idempotency-Key and body of each request
}

func newOutsider(c *chained) *outsider {
	o := &outsider{seen: map[string][]string{}}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		o.mu.Lock()
		o.seen[r.URL.Path] = append(o.seen[r.URL.Path], r.Header.Get("Idempotency-Key")+" "+string(body))
		first := len(o.seen[r.URL.Path]) == 1
		o.mu.Unlock()
		if first && r.URL.Path == "/announce" {
			<-r.Context().Done()
			return
		}
		_, _ = io.WriteString(w, `{"ok":true}`)
	}))
	c.t.Cleanup(o.Close)
	return o
}

func (o *outsider) requests(path string) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]string{}, o.seen[path]...)
}

const releasePipeline = `
id: release
name: Release
on: {pipeline_call: {inputs: {server: {type: string, required: true}}}}
permissions: {application: owner, env-types: {development: deployer, staging: deployer, production: deployer}}
jobs:
  staging:
    outputs: {set: "${{ steps.take.outputs.set_id }}"}
    steps:
    - {id: take, uses: actions/humanitec/clone@v1, with: {from_env_id: development, to_env_id: staging}}
    - {uses: actions/humanitec/deploy@v1, with: {env_id: staging, set_id: "${{ steps.take.outputs.set_id }}"}}
    - {uses: actions/humanitec/wait-for-readiness@v1, with: {env_id: staging}}
  announce:
    steps:
    - {uses: actions/humanitec/http@v1, with: {method: POST, url: "${{ inputs.server }}/announce", data: {set: announced}}}
  note:
    steps:
    - {uses: actions/slipway/set-value@v1, with: {key: RELEASE, value: "${{ run.id }}"}}
  gate:
    needs: [staging, announce, note]
    steps:
    - {uses: actions/humanitec/approve@v1, with: {env_id: production, message: release it}}
  production:
    needs: [gate, staging]
    steps:
    - {uses: actions/humanitec/deploy@v1, with: {env_id: production, set_id: "${{ needs.staging.outputs.set }}"}}
    - {uses: actions/humanitec/wait-for-readiness@v1, with: {env_id: production}}
    - {uses: actions/humanitec/http@v1, with: {method: POST, url: "${{ inputs.server }}/done", data: {value: "${{ app.values.RELEASE }}"}}}
`

// apply stores a pipeline by the command line.
func (c *chained) apply(text string) {
	c.t.Helper()
	file := filepath.Join(c.t.TempDir(), "pipeline.yaml")
	require.NoError(c.t, os.WriteFile(file, []byte(text), 0o600))
	c.mustCLI("pipelines", "apply", "-f", file, "--app", chainApp)
}

// run starts a run and returns the path of it.
func (c *chained) run(pipeline string, inputs map[string]any) string {
	c.t.Helper()
	runs := org + "/apps/" + chainApp + "/pipelines/" + pipeline + "/runs"
	return runs + "/" + c.must(http.StatusCreated, http.MethodPost, runs, map[string]any{"inputs": inputs})["id"].(string)
}

// runIs waits until a run looks as it should.
func (c *chained) runIs(what, path string, is func(run map[string]any) bool) map[string]any {
	c.t.Helper()
	var run map[string]any
	c.eventually(what, func() (bool, string) {
		run = c.must(http.StatusOK, http.MethodGet, path, nil)
		return is(run), fmt.Sprint(run["status"], " ", run["status_message"], " ", run["waiting_for"])
	})
	return run
}

func (c *chained) runEnds(path, status string) map[string]any {
	c.t.Helper()
	run := c.runIs("the run ends", path, func(run map[string]any) bool { return run["completed_at"] != nil })
	require.Equal(c.t, status, run["status"], "%v", run)
	return run
}

func waitsFor(run map[string]any, job string) string {
	waiting, _ := run["waiting_for"].(map[string]any)
	text, _ := waiting[job].(string)
	return text
}

// pipelineGoesOn kills the program while jobs run side by side, one in a deployment and one in a request, and again while somebody
// is asked. The run goes on, and what was done is not done again.
func (c *chained) pipelineGoesOn() {
	t := c.t
	outside := newOutsider(c)
	before := map[string]int{"staging": len(c.deployments("staging")), "production": len(c.deployments("production"))}
	c.apply(releasePipeline)
	path := c.run("release", map[string]any{"server": outside.URL})
	c.eventually("a deployment and a request are under way", func() (bool, string) {
		return len(outside.requests("/announce")) == 1 && len(c.deployments("staging")) > before["staging"], fmt.Sprint(c.must(http.StatusOK, http.MethodGet, path, nil))
	})
	c.killed()
	run := c.runIs("it waits for an approval", path, func(run map[string]any) bool { return waitsFor(run, "gate") != "" })
	require.Equal(t, "executing", run["status"])
	c.killed()
	approvals := c.list(org + "/apps/" + chainApp + "/approvals?status=waiting")
	require.Len(t, approvals, 1)
	c.mustCLI("approve", approvals[0]["id"].(string), "--app", chainApp)
	run = c.runEnds(path, "succeeded")

	require.Len(t, c.list(org+"/apps/"+chainApp+"/approvals"), 1, "nobody is asked twice")
	announced := outside.requests("/announce")
	require.Len(t, announced, 2, "the request that was cut off is sent again")
	require.Equal(t, announced[0], announced[1], "with the same key")
	require.Len(t, outside.requests("/done"), 1)
	require.Contains(t, outside.requests("/done")[0], run["id"].(string))
	for env, n := range before {
		all := c.list(envPath(chainApp, env) + "/deploys")
		require.Len(t, all, n+1, "one deployment to %s", env)
		require.Equal(t, run["id"], all[0]["pipeline"].(map[string]any)["run_id"])
		require.Equal(t, "registry.example/api:2", c.image(env))
	}
	for _, job := range c.list(path + "/jobs") {
		require.Equal(t, "succeeded", job["status"], "%v", job)
	}
}

// readiness: a deployment that succeeded is not enough when what it brought does not run any more.
func (c *chained) readiness() {
	t := c.t
	pipeline := func(id, minutes string) string {
		return "id: " + id + "\nname: " + id + "\non: {pipeline_call: {}}\npermissions: {application: developer, env-types: {staging: deployer}}\njobs:\n  wait:\n    steps:\n" +
			"    - {uses: actions/humanitec/wait-for-readiness@v1, with: {env_id: staging, timeout_minutes: " + minutes + "}}\n"
	}
	c.apply(pipeline("impatient", "0.02"))
	c.apply(pipeline("patient", "2"))
	c.runEnds(c.run("impatient", nil), "succeeded")
	c.crashes("staging")
	failed := c.runEnds(c.run("impatient", nil), "failed")
	require.Contains(t, failed["status_message"], "exit code 3")

	path := c.run("patient", nil)
	c.runIs("it waits", path, func(run map[string]any) bool { return waitsFor(run, "wait") == "application.environment(staging)" })
	require.NoError(t, c.client.CoreV1().Pods(chainApp+"-staging").DeleteCollection(context.Background(), metav1.DeleteOptions{}, metav1.ListOptions{}))
	c.runEnds(path, "succeeded")
	log := fmt.Sprint(c.list(path + "/jobs/wait/steps/0/logs"))
	require.Contains(t, log, "not ready yet: workload api is Failed")
	require.Contains(t, log, "all workloads of environment staging are ready")
}
