package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// hubAndChat plays GitHub and Slack: it refuses what they refuse, and remembers the rest.
type hubAndChat struct {
	*httptest.Server
	mu         sync.Mutex
	conclusion string   // of the next runs
	dispatched []string // REPO WORKFLOW INPUTS
	said       []string // to Slack
	refused    []string
}

func newHubAndChat(c *chained) *hubAndChat {
	h := &hubAndChat{conclusion: "success"}
	h.Server = httptest.NewServer(h)
	c.t.Cleanup(h.Close)
	return h
}

func (h *hubAndChat) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	h.mu.Lock()
	defer h.mu.Unlock()
	status, answer := h.answer(r, raw)
	if status >= http.StatusBadRequest {
		h.refused = append(h.refused, fmt.Sprint(r.Method, " ", r.URL.Path, " ", status, " ", string(raw)))
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, answer)
}

func (h *hubAndChat) answer(r *http.Request, raw []byte) (int, string) {
	if r.URL.Path == "/slack" {
		var in struct{ Text string }
		if r.Method != http.MethodPost || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") || json.Unmarshal(raw, &in) != nil || in.Text == "" {
			return http.StatusBadRequest, "invalid_payload"
		}
		h.said = append(h.said, in.Text)
		return http.StatusOK, "ok"
	}
	if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer gh-token-") {
		return http.StatusUnauthorized, `{"message":"Bad credentials"}`
	}
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/repos/"), "/") // OWNER NAME actions (workflows W (dispatches|runs) | runs ID)
	switch {
	case len(parts) == 6 && parts[5] == "dispatches" && r.Method == http.MethodPost:
		var in struct {
			Ref    string
			Inputs map[string]string
		}
		if json.Unmarshal(raw, &in) != nil || in.Ref == "" {
			return http.StatusUnprocessableEntity, `{"message":"Invalid request"}`
		}
		h.dispatched = append(h.dispatched, fmt.Sprint(parts[0], "/", parts[1], " ", parts[4], " ", in.Ref, " ", in.Inputs))
		return http.StatusNoContent, ""
	case len(parts) == 6 && parts[5] == "runs":
		return http.StatusOK, fmt.Sprintf(`{"workflow_runs":[{"id":%d,"status":"queued","created_at":%q}]}`, len(h.dispatched), time.Now().UTC().Format(time.RFC3339))
	case len(parts) == 5 && parts[3] == "runs":
		return http.StatusOK, `{"id":` + parts[4] + `,"status":"completed","conclusion":"` + h.conclusion + `"}`
	}
	return http.StatusNotFound, `{"message":"Not Found"}`
}

// told returns what came since the last time, and says how the next runs of GitHub are to end.
func (h *hubAndChat) told(next string) (dispatched, said, refused []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	dispatched, said, refused = h.dispatched, h.said, h.refused
	h.dispatched, h.said, h.refused, h.conclusion = nil, nil, nil, next
	return dispatched, said, refused
}

// corpusPipeline brings a pipeline of the corpus into the application, after it has passed the validation without a server.
func (c *chained) corpusPipeline(id, part, hub string) {
	c.t.Helper()
	files, err := filepath.Glob(filepath.Join(findCorpus(c.t), "pipelines", "*"+part+"*.yaml"))
	require.NoError(c.t, err)
	require.Len(c.t, files, 1, part)
	validate := exec.Command(c.bin, "pipelines", "validate", files[0])
	validate.Env = []string{"HOME=" + c.t.TempDir(), "PATH=" + os.Getenv("PATH")}
	out, err := validate.CombinedOutput()
	require.NoError(c.t, err, "%s", out)
	raw, err := os.ReadFile(files[0])
	require.NoError(c.t, err)
	var text []string
	for line := range strings.SplitSeq(string(raw), "\n") {
		text = append(text, line)
		if at := strings.Index(line, "access_token:"); at >= 0 {
			text = append(text, line[:at]+"url: "+hub) // it would call github.com
		}
	}
	c.apply("id: " + id + "\n" + strings.Join(text, "\n"))
}

// routed lets a pipeline carry out the deployments of an environment while a function runs.
func (c *chained) routed(pipeline, env string, do func()) {
	c.t.Helper()
	criteria := org + "/apps/" + chainApp + "/pipelines/" + pipeline + "/criteria"
	made := c.must(http.StatusCreated, http.MethodPost, criteria, map[string]any{"trigger": "deployment_request", "env_id": env})
	do()
	c.must(http.StatusNoContent, http.MethodDelete, criteria+"/"+made["id"].(string), nil)
}

// asked is the run that a deployment of an environment has been given to.
func (c *chained) asked(env string, request map[string]any) string {
	c.t.Helper()
	d := c.must(http.StatusCreated, http.MethodPost, envPath(chainApp, env)+"/deploys", request)
	by := d["pipeline"].(map[string]any)
	return org + "/apps/" + chainApp + "/pipelines/" + by["id"].(string) + "/runs/" + by["run_id"].(string)
}

// approved lets a run go on whenever it asks, until it ends, and counts how often it asked.
func (c *chained) approved(path, status string) (run map[string]any, times int) {
	c.t.Helper()
	run = c.runIs("it ends", path, func(run map[string]any) bool {
		for _, a := range c.list(org + "/apps/" + chainApp + "/approvals?status=waiting") {
			c.mustCLI("approve", a["id"].(string), "--app", chainApp)
			times++
		}
		return run["completed_at"] != nil
	})
	require.Equal(c.t, status, run["status"], "%v", run)
	return run, times
}

// newest is the comment of the newest deployment of an environment, and how it ended.
func (c *chained) newest(env string) string {
	c.t.Helper()
	d := c.list(envPath(chainApp, env) + "/deploys")[0]
	return fmt.Sprint(d["status"], " ", d["comment"])
}

// corpus runs the public pipelines as they are, each by its own trigger, against environments that really run and with
// GitHub and Slack played by a server that checks what it gets.
func (c *chained) corpus() {
	if findCorpus(c.t) == "" {
		c.t.Skip("no corpus of public files")
	}
	hub := newHubAndChat(c)
	for key, value := range map[string]string{
		"SLACK_WEBHOOK_URL": hub.URL + "/slack", "SLACK_WEBHOOK": hub.URL + "/slack", "GITHUB_TOKEN": "gh-token-1", "github-token": "gh-token-2",
	} {
		c.must(http.StatusCreated, http.MethodPost, org+"/apps/"+chainApp+"/values", map[string]any{"key": key, "value": value, "description": "", "is_secret": true})
	}
	for _, part := range []struct {
		name string
		test func(c *chained, hub *hubAndChat)
	}{
		{"promote a build", promoteBuild}, {"tests before production", testsBeforeProduction}, {"an artefact after approval", artefactAfterApproval},
		{"notify of failures", notifyOfFailures}, {"no direct deployments", noDirectDeployments}, {"readiness or fail", readinessOrFail}, {"of the provider's tests", providerPipelines},
	} {
		whole := c.t
		whole.Run(part.name, func(t *testing.T) {
			c.instance.t = t
			defer func() { c.instance.t = whole }()
			part.test(c, hub)
			_, _, refused := hub.told("success")
			require.Empty(t, refused)
		})
	}
}

func promoteBuild(c *chained, hub *hubAndChat) {
	t := c.t
	c.corpusPipeline("build", "list-env-vars", hub.URL)
	inputs := map[string]any{"delta_id": c.delta(chainApp, addModule("api", plainModule("registry.example/api:3"))), "build": "7", "commit": "a commit"}
	_, asked := c.approved(c.run("build", inputs), "succeeded")
	require.Equal(t, 1, asked)
	dispatched, said, _ := hub.told("failure")
	const at = "Nilsty/robot-test-action run-robot-test.yml main map[text:%s url:https://humanitec.com/]"
	require.Equal(t, []string{fmt.Sprintf(at, "Abstract"), fmt.Sprintf(at, "platform"), fmt.Sprintf(at, "bogus")}, dispatched)
	require.Equal(t, []string{"Ready for approval - Production deployment of BUILD 7 - a commit"}, said)
	for _, env := range []string{"development", "staging", "production"} {
		require.Equal(t, "succeeded BUILD 7 - a commit", c.newest(env))
		require.Equal(t, "registry.example/api:3", c.image(env))
	}

	inputs = map[string]any{"delta_id": c.delta(chainApp, addModule("api", plainModule("registry.example/api:4"))), "build": "8", "commit": "a bad one"}
	_, asked = c.approved(c.run("build", inputs), "succeeded")
	require.Zero(t, asked)
	dispatched, said, _ = hub.told("success")
	require.Len(t, dispatched, 1)
	require.Equal(t, []string{":alert: Development tests failed after deployment of BUILD 8 - a bad one"}, said)
	require.Equal(t, "registry.example/api:3", c.image("staging"), "what fails its tests goes no further")
}

func testsBeforeProduction(c *chained, hub *hubAndChat) {
	c.corpusPipeline("tested", "run-tests-before-cloning", hub.URL)
	c.approved(c.run("tested", nil), "succeeded")
	dispatched, _, _ := hub.told("failure")
	require.Equal(c.t, []string{"my-github-organization/my-github-repository push.yml main map[environment:development]"}, dispatched)
	require.Equal(c.t, "succeeded Copy of development", c.newest("production"))
	require.Equal(c.t, "registry.example/api:4", c.image("production"))
	before := len(c.deployments("production"))
	c.approved(c.run("tested", nil), "failed")
	require.Len(c.t, c.deployments("production"), before)
}

func artefactAfterApproval(c *chained, hub *hubAndChat) {
	c.corpusPipeline("pushed", "promote-between-environments", hub.URL)
	v := c.must(http.StatusOK, http.MethodPost, org+"/artefact-versions", map[string]any{
		"type": "workload", "name": "myProject/myWorkloadArtefact", "version": "1", "ref": "refs/heads/main",
		"spec": map[string]any{"apiVersion": "score.dev/v1b1", "metadata": map[string]any{"name": "pushed"}, "containers": map[string]any{"web": map[string]any{"image": "nginx:1"}}},
	})
	var path string
	c.eventually("the push starts a run", func() (bool, string) {
		runs := c.list(org + "/apps/" + chainApp + "/pipelines/pushed/runs")
		if len(runs) == 0 {
			return false, fmt.Sprint(c.must(http.StatusOK, http.MethodGet, org+"/apps/"+chainApp+"/pipelines/pushed/batches/artefact", nil))
		}
		path = org + "/apps/" + chainApp + "/pipelines/pushed/runs/" + runs[0]["id"].(string)
		return true, ""
	})
	run, asked := c.approved(path, "succeeded")
	require.Equal(c.t, 1, asked)
	require.Equal(c.t, []any{v["id"]}, run["inputs"].(map[string]any)["workload_artefacts"])
	for _, env := range []string{"development", "production"} {
		require.Equal(c.t, "succeeded Deploying "+v["id"].(string), c.newest(env))
		require.Equal(c.t, 1, ready(c.t, c.client, chainApp+"-"+env)["pushed"])
	}
}

func notifyOfFailures(c *chained, hub *hubAndChat) {
	c.corpusPipeline("notify", "notify-slack-channel", hub.URL)
	c.routed("notify", "development", func() {
		path := c.asked("development", map[string]any{"delta_id": c.delta(chainApp, addModule("api", plainModule("registry.example/api:5"))), "comment": "five"})
		c.approved(path, "succeeded")
		bad := plainModule("registry.example/api:6")
		bad["externals"] = map[string]any{"x": map[string]any{"type": "no-such-type"}}
		run, _ := c.approved(c.asked("development", map[string]any{"delta_id": c.delta(chainApp, addModule("bad", bad)), "comment": "six"}), "failed")
		require.Contains(c.t, run["status_message"], "Deployment failed.")
	})
	_, said, _ := hub.told("success")
	require.Len(c.t, said, 2)
	for n, want := range []string{"succeeded.\nComment: five\n", "failed.\nComment: six\n"} {
		require.Contains(c.t, said[n], want)
		require.Contains(c.t, said[n], "/orgs/demo/apps/chain/envs/development")
	}
	c.succeeded(chainApp, c.deploy(chainApp, map[string]any{"delta_id": c.delta(chainApp, map[string]any{"modules": map[string]any{"remove": []string{"bad"}}})}))
}

func noDirectDeployments(c *chained, hub *hubAndChat) {
	c.corpusPipeline("forbidden", "prevent-direct-deployment", hub.URL)
	before := len(c.deployments("production"))
	c.routed("forbidden", "production", func() {
		status, out := c.call(http.MethodPost, envPath(chainApp, "production")+"/deploys", map[string]any{"comment": "by hand"})
		if status == http.StatusCreated { // the machine was slow: the run says it later
			by := out.(map[string]any)["pipeline"].(map[string]any)
			run := c.runEnds(org+"/apps/"+chainApp+"/pipelines/forbidden/runs/"+by["run_id"].(string), "failed")
			out, status = run["status_message"], http.StatusConflict
		}
		require.Equal(c.t, http.StatusConflict, status)
		require.Contains(c.t, fmt.Sprint(out), "Direct deployment to production is not allowed.")
	})
	require.Len(c.t, c.deployments("production"), before)
}

func readinessOrFail(c *chained, hub *hubAndChat) {
	c.corpusPipeline("ready", "wait-for-workloads-readiness", hub.URL)
	c.routed("ready", "development", func() {
		path := c.asked("development", map[string]any{"delta_id": c.delta(chainApp, addModule("api", plainModule("registry.example/api:7"))), "comment": "seven"})
		c.approved(path, "succeeded")
	})
	require.Equal(c.t, "succeeded seven", c.newest("development"))
	require.Equal(c.t, "registry.example/api:7", c.image("development"))
}

func providerPipelines(c *chained, hub *hubAndChat) {
	c.corpusPipeline("hello", "resource_pipeline_test", hub.URL)
	_, asked := c.approved(c.run("hello", nil), "succeeded")
	require.Equal(c.t, 1, asked)
	c.corpusPipeline("logs", "resource_pipeline_criteria_test", hub.URL)
	c.routed("logs", "staging", func() {
		run := c.must(http.StatusCreated, http.MethodPost, org+"/apps/"+chainApp+"/pipeline-runs", map[string]any{
			"trigger": "deployment_request", "env_id": "staging", "set_id": c.list(envPath(chainApp, "staging") + "/deploys")[0]["set_id"], "comment": "logged"})
		path := org + "/apps/" + chainApp + "/pipelines/logs/runs/" + run["id"].(string)
		c.approved(path, "succeeded")
		require.Contains(c.t, fmt.Sprint(c.list(path+"/jobs/thing/steps/0/logs")), `"comment":"logged"`)
	})
}
