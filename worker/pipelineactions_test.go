package worker_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

const actionsHead = "name: x\non: {pipeline_call: null}\n" + delegated + "jobs:\n  a:\n    steps:\n"

// steps runs steps one after another to their end and returns what their job became, and the run.
func (p *platform) steps(status, steps string, inputs map[string]any) (orchestrator.PipelineJob, *orchestrator.PipelineRun) {
	p.t.Helper()
	run := p.start(p.runOf(actionsHead+steps, inputs))
	return p.runEnds(status, run)["a"], run
}

// fakeHub plays GitHub: it refuses what GitHub would refuse, and its run ends when it was looked at often enough.
type fakeHub struct {
	conclusion string
	looks      int // before the run ends; 0 = never
	busy       int // answers of 502 before it can be looked at
	looked     atomic.Int32
	dispatched atomic.Pointer[map[string]any]
	cancelled  atomic.Bool
	hidden     atomic.Bool // the run is in no list yet
}

func (h *fakeHub) answer(r *http.Request, body string) (int, string) {
	if r.Header.Get("Authorization") != "Bearer hub-token" || r.Header.Get("Accept") != "application/vnd.github+json" {
		return http.StatusUnauthorized, `{"message":"Bad credentials"}`
	}
	switch r.Method + " " + r.URL.Path {
	case "POST /repos/acme/shop/actions/workflows/tests.yaml/dispatches":
		var in map[string]any
		if json.Unmarshal([]byte(body), &in) != nil {
			return http.StatusUnprocessableEntity, `{"message":"no JSON"}`
		}
		h.dispatched.Store(&in)
		return http.StatusNoContent, ""
	case "GET /repos/acme/shop/actions/workflows/tests.yaml/runs":
		if h.hidden.Load() {
			return http.StatusOK, `{"workflow_runs":[]}`
		}
		uid := (*h.dispatched.Load())["inputs"].(map[string]any)["uid"]
		at := time.Now().UTC().Format(time.RFC3339)
		return http.StatusOK, fmt.Sprintf(`{"workflow_runs":[{"id":6,"display_title":"another","created_at":%q},{"id":7,"display_title":"tests of %s","created_at":%q,"html_url":"https://github.test/7"}]}`, at, uid, at)
	case "GET /repos/acme/shop/actions/runs/7":
		n := int(h.looked.Add(1))
		switch {
		case n <= h.busy:
			return http.StatusBadGateway, "busy"
		case h.looks == 0 || n < h.looks+h.busy:
			return http.StatusOK, `{"id":7,"status":"in_progress"}`
		}
		return http.StatusOK, `{"id":7,"status":"completed","conclusion":"` + h.conclusion + `","html_url":"https://github.test/7"}`
	case "POST /repos/acme/shop/actions/runs/7/cancel":
		h.cancelled.Store(true)
		return http.StatusAccepted, "{}"
	}
	return http.StatusNotFound, `{"message":"Not Found"}`
}

func hubStep(server, workflow string) string {
	return `    - id: hub
      uses: actions/humanitec/github-workflow@v1
      with: {url: ` + server + `, repo: acme/shop, ref: main, workflow: ` + workflow + `, access_token: "${{ app.values.HUB }}", request_uid_input: uid, inputs: {count: 3, list: [1], text: x}}
    - {uses: actions/humanitec/log@v1, with: {message: "hub ${{ steps.hub.outputs.run_id }} ${{ steps.hub.outputs.conclusion }} ${{ steps.hub.outputs.run_url }}"}}
`
}

func TestPipelineStartsGitHubWorkflows(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, onSQLite(t))
	p.value("HUB", "hub-token", true)
	t.Run("followed to its end", func(t *testing.T) {
		hub := &fakeHub{conclusion: "success", looks: 2, busy: 2}
		server := newOutside(t, hub.answer)
		_, run := p.steps(orchestrator.PipelineSucceeded, hubStep(server.URL, ".github/workflows/tests.yaml"), nil)
		text := p.logOfRun(run)
		require.Contains(t, text, "hub 7 success https://github.test/7")
		require.NotContains(t, text, "hub-token")
		sent := *hub.dispatched.Load()
		require.Equal(t, "main", sent["ref"])
		given := sent["inputs"].(map[string]any)
		require.Equal(t, []any{"3", "[1]", "x"}, []any{given["count"], given["list"], given["text"]}, "GitHub takes texts only")
		require.NotEmpty(t, given["uid"])
		require.Equal(t, 1, countOf(server.calls(), "/dispatches"))
	})
	t.Run("it fails", func(t *testing.T) {
		hub := &fakeHub{conclusion: "failure", looks: 1}
		job, _ := p.steps(orchestrator.PipelineFailed, hubStep(newOutside(t, hub.answer).URL, "tests.yaml"), nil)
		require.Contains(t, job.StatusMessage, "workflow run 7 ended with failure: https://github.test/7")
	})
	t.Run("there is no such workflow", func(t *testing.T) {
		hub := &fakeHub{}
		job, _ := p.steps(orchestrator.PipelineFailed, hubStep(newOutside(t, hub.answer).URL, "none.yaml"), nil)
		require.Contains(t, job.StatusMessage, "404 Not Found Not Found")
	})
	t.Run("a cancel reaches it", func(t *testing.T) {
		hub := &fakeHub{}
		run := p.start(p.runOf(actionsHead+hubStep(newOutside(t, hub.answer).URL, "tests.yaml"), nil))
		p.eventually("the run waits for GitHub", func() bool { return hub.looked.Load() > 0 })
		require.NoError(t, p.services[1].CancelPipelineRun(p.ctx, run.Key(), ""))
		p.runEnds(orchestrator.PipelineCancelled, run)
		require.True(t, hub.cancelled.Load())
	})
	t.Run("a cancel reaches one that was not seen yet", func(t *testing.T) {
		hub := &fakeHub{}
		hub.hidden.Store(true)
		server := newOutside(t, hub.answer)
		run := p.start(p.runOf(actionsHead+hubStep(server.URL, "tests.yaml"), nil))
		p.eventually("the run looks for it", func() bool { return p.run(run).WaitingFor["a"] == "github.workflow(tests.yaml)" })
		hub.hidden.Store(false)
		require.NoError(t, p.services[1].CancelPipelineRun(p.ctx, run.Key(), ""))
		p.runEnds(orchestrator.PipelineCancelled, run)
		require.True(t, hub.cancelled.Load())
		require.Equal(t, 1, countOf(server.calls(), "/dispatches"))
	})
}

func countOf(all []string, part string) (n int) {
	for _, one := range all {
		if strings.Contains(one, part) {
			n++
		}
	}
	return n
}

// fakeLab plays GitLab.
type fakeLab struct {
	end       string // "" = never
	triggered atomic.Pointer[string]
	looked    atomic.Int32
	cancelled atomic.Bool
}

func (l *fakeLab) answer(r *http.Request, body string) (int, string) {
	const project = "/api/v4/projects/acme%2Fshop"
	signed := r.Header.Get("Private-Token") == "lab-reader"
	switch path := r.Method + " " + r.URL.EscapedPath(); {
	case path == "POST "+project+"/trigger/pipeline":
		if !strings.Contains(body, `"token":"lab-trigger"`) || r.Header.Get("Content-Type") != "application/json" {
			return http.StatusUnauthorized, `{"message":"401 Unauthorized"}`
		}
		l.triggered.Store(&body)
		return http.StatusCreated, `{"id":12,"status":"created","web_url":"https://gitlab.test/12"}`
	case !signed:
		return http.StatusUnauthorized, `{"message":"401 Unauthorized"}`
	case path == "GET "+project+"/pipelines/12":
		if l.looked.Add(1) == 1 || l.end == "" {
			return http.StatusOK, `{"id":12,"status":"running","web_url":"https://gitlab.test/12"}`
		}
		return http.StatusOK, `{"id":12,"status":"` + l.end + `","web_url":"https://gitlab.test/12"}`
	case path == "POST "+project+"/pipelines/12/cancel":
		l.cancelled.Store(true)
		return http.StatusOK, "{}"
	}
	return http.StatusNotFound, `{"message":"404 Project Not Found"}`
}

func labStep(server, more string) string {
	return `    - id: lab
      uses: actions/humanitec/gitlab-pipeline@v1
      with: {url: ` + server + `, project: acme/shop, ref: main, token: "${{ app.values.LAB }}", variables: {COUNT: 3, TEXT: x}` + more + `}
    - {uses: actions/humanitec/log@v1, with: {message: "lab ${{ steps.lab.outputs.pipeline_id }} ${{ steps.lab.outputs.status }} ${{ steps.lab.outputs.pipeline_url }}"}}
`
}

func TestPipelineTriggersGitLabPipelines(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, onSQLite(t))
	p.value("LAB", "lab-trigger", true)
	p.value("READER", "lab-reader", true)
	const reader = `, access_token: "${{ app.values.READER }}"`
	t.Run("followed to its end", func(t *testing.T) {
		lab := &fakeLab{end: "success"}
		server := newOutside(t, lab.answer)
		_, run := p.steps(orchestrator.PipelineSucceeded, labStep(server.URL, reader), nil)
		text := p.logOfRun(run)
		require.Contains(t, text, "lab 12 success https://gitlab.test/12")
		require.NotContains(t, text, "lab-trigger")
		require.NotContains(t, text, "lab-reader")
		require.JSONEq(t, `{"token":"lab-trigger","ref":"main","variables":{"COUNT":"3","TEXT":"x"}}`, *lab.triggered.Load())
		require.Equal(t, 1, countOf(server.calls(), "/trigger/"))
	})
	t.Run("nobody may look", func(t *testing.T) {
		lab := &fakeLab{end: "success"}
		_, run := p.steps(orchestrator.PipelineSucceeded, labStep(newOutside(t, lab.answer).URL, ""), nil)
		require.Contains(t, p.logOfRun(run), "nothing waits for the end of pipeline 12")
		require.Zero(t, lab.looked.Load())
	})
	for end, says := range map[string]string{"failed": "ended with failed", "canceled": "ended with canceled"} {
		t.Run(end, func(t *testing.T) {
			lab := &fakeLab{end: end}
			job, _ := p.steps(orchestrator.PipelineFailed, labStep(newOutside(t, lab.answer).URL, reader), nil)
			require.Contains(t, job.StatusMessage, says)
		})
	}
	t.Run("a wrong token", func(t *testing.T) {
		lab := &fakeLab{}
		job, _ := p.steps(orchestrator.PipelineFailed, strings.ReplaceAll(labStep(newOutside(t, lab.answer).URL, reader), "app.values.LAB", "'lab-nonsense'"), nil)
		require.Contains(t, job.StatusMessage, "401 Unauthorized")
	})
	t.Run("a cancel reaches it", func(t *testing.T) {
		lab := &fakeLab{}
		run := p.start(p.runOf(actionsHead+labStep(newOutside(t, lab.answer).URL, reader), nil))
		p.eventually("the run waits for GitLab", func() bool { return lab.looked.Load() > 0 })
		require.NoError(t, p.services[1].CancelPipelineRun(p.ctx, run.Key(), ""))
		p.runEnds(orchestrator.PipelineCancelled, run)
		require.True(t, lab.cancelled.Load())
	})
}

// TestPipelineChangesTheApplication: values and environments.
func TestPipelineChangesTheApplication(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, onSQLite(t))
	p.reconcile()
	t.Run("values", func(t *testing.T) {
		_, run := p.steps(orchestrator.PipelineSucceeded, `    - {uses: actions/slipway/set-value@v1, with: {key: COLOR, value: blue, description: a colour}}
    - {uses: actions/slipway/set-value@v1, with: {key: COLOR, value: "${{ app.values.COLOR }}green"}}
    - {uses: actions/slipway/set-value@v1, with: {key: COLOR, value: red, environment: development}}
    - {uses: actions/slipway/set-value@v1, with: {key: KEY, value: very-secret-thing, secret: true}}
    - {id: last, uses: actions/slipway/set-value@v1, with: {key: COUNT, value: 3}}
    - {uses: actions/humanitec/log@v1, with: {message: "set ${{ steps.last.outputs.key }}"}}
`, nil)
		require.Contains(t, p.logOfRun(run), "set COUNT")
		whole, err := p.services[0].ListValues(p.ctx, orchestrator.EnvRef{OrgID: "acme", AppID: "shop"})
		require.NoError(t, err)
		found := map[string]orchestrator.Value{}
		for _, v := range whole {
			found[v.Key] = v
		}
		require.Equal(t, "bluegreen", found["COLOR"].Value)
		require.Equal(t, "a colour", found["COLOR"].Description)
		require.Equal(t, "3", found["COUNT"].Value)
		require.True(t, found["KEY"].IsSecret)
		require.Empty(t, found["KEY"].Value)
		own, err := p.services[0].ListValues(p.ctx, p.ref)
		require.NoError(t, err)
		for _, v := range own {
			if v.Key == "COLOR" {
				require.Equal(t, "red", v.Value)
			}
		}
		job, _ := p.steps(orchestrator.PipelineFailed, "    - {uses: actions/slipway/set-value@v1, with: {key: COLOR, value: x, secret: true}}\n", nil)
		require.Contains(t, job.StatusMessage, "exists and is no secret")
		job, _ = p.steps(orchestrator.PipelineFailed, "    - {uses: actions/slipway/set-value@v1, with: {key: \"not a key\", value: x}}\n", nil)
		require.Contains(t, job.StatusMessage, "key")
	})
	t.Run("environments", func(t *testing.T) {
		p.ends(orchestrator.OutcomeSucceeded, p.deploy(p.ref))
		_, run := p.steps(orchestrator.PipelineSucceeded, `    - {id: make, uses: actions/slipway/create-environment@v1, with: {env_id: brief, name: Brief, type: development, from_env_id: development}}
    - {id: take, uses: actions/humanitec/clone@v1, with: {from_env_id: development, to_env_id: "${{ steps.make.outputs.env_id }}"}}
    - {uses: actions/humanitec/deploy@v1, with: {env_id: "${{ steps.make.outputs.env_id }}", set_id: "${{ steps.take.outputs.set_id }}"}}
    - {uses: actions/slipway/delete-environment@v1, with: {env_id: "${{ steps.make.outputs.env_id }}"}}
`, nil)
		require.Contains(t, p.logOfRun(run), "environment brief is gone")
		_, err := p.records.GetEnvironment(p.ctx, orchestrator.EnvRef{OrgID: "acme", AppID: "shop", EnvID: "brief"})
		require.True(t, orchestrator.IsNotFound(err), "%v", err)
		require.Contains(t, p.run(run).EnvIDs, "brief")

		job, _ := p.steps(orchestrator.PipelineFailed, "    - {uses: actions/slipway/create-environment@v1, with: {env_id: development}}\n", nil)
		require.Contains(t, job.StatusMessage, "exists already")
		job, _ = p.steps(orchestrator.PipelineFailed, "    - {uses: actions/slipway/create-environment@v1, with: {env_id: \"No Id\"}}\n", nil)
		require.Contains(t, job.StatusMessage, "No Id")
		job, _ = p.steps(orchestrator.PipelineFailed, "    - {uses: actions/slipway/delete-environment@v1, with: {env_id: never-was}}\n", nil)
		require.Contains(t, job.StatusMessage, "never-was")
	})
	t.Run("what it was not given the right to", func(t *testing.T) {
		weak := strings.Replace(actionsHead, "application: owner", "application: viewer", 1)
		for _, step := range []string{"set-value@v1, with: {key: COLOR, value: x}", "create-environment@v1, with: {env_id: weak}", "delete-environment@v1, with: {env_id: development}"} {
			run := p.start(p.runOf(weak+"    - {uses: actions/slipway/"+step+"}\n", nil))
			require.Contains(t, p.runEnds(orchestrator.PipelineFailed, run)["a"].StatusMessage, "needs the permission", step)
		}
	})
}

// TestPipelinesCallPipelines: a step runs another pipeline, and ends with it.
func TestPipelinesCallPipelines(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, onSQLite(t))
	pipeline := func(id, inputs, jobs string) {
		t.Helper()
		_, err := p.services[0].CreatePipeline(p.ctx, "acme", "shop", "id: "+id+"\nname: "+id+"\non: {pipeline_call: {inputs: {"+inputs+"}}}\n"+delegated+"jobs:\n"+jobs, false)
		require.NoError(t, err)
	}
	call := func(id, inputs string) string {
		return "    - {id: call, uses: actions/slipway/pipeline-call@v1, with: {pipeline_id: " + id + ", inputs: {" + inputs + "}}}\n" +
			"    - {uses: actions/humanitec/log@v1, with: {message: \"child ${{ steps.call.outputs.status }}\"}}\n"
	}
	pipeline("says", "word: {type: string, required: true}", "  say: {steps: [{uses: actions/humanitec/log@v1, with: {message: \"word ${{ inputs.word }}\"}}]}\n")
	pipeline("fails", "", "  no: {steps: [{uses: actions/humanitec/fail@v1, with: {message: broken inside}}]}\n")
	pipeline("asks", "", "  ask: {steps: [{uses: actions/humanitec/approve@v1, with: {env_id: development, message: go}}]}\n")
	pipeline("endless", "", "  again: {steps: [{uses: actions/slipway/pipeline-call@v1, with: {pipeline_id: endless}}]}\n")

	t.Run("it has inputs and succeeds", func(t *testing.T) {
		_, run := p.steps(orchestrator.PipelineSucceeded, call("says", "word: hello"), nil)
		require.Contains(t, p.logOfRun(run), "child succeeded")
		child := p.runsOf("says")[0]
		require.Equal(t, run.ID, child.ParentRun)
		require.Contains(t, p.logOfRun(&child), "word hello")
		require.Len(t, p.runsOf("says"), 1)
	})
	for name, c := range map[string]struct{ pipeline, inputs, says string }{
		"it fails":                    {"fails", "", "broken inside"},
		"an input is missing":         {"says", "", "word"},
		"an input of another type":    {"says", "word: [1]", "word"},
		"there is no such pipeline":   {"none", "", "none"},
		"it can only be asked for":    {"default-deployment", "", "pipeline_call"},
		"they call each other deeply": {"endless", "", "more than 5 deep"},
	} {
		t.Run(name, func(t *testing.T) {
			job, _ := p.steps(orchestrator.PipelineFailed, call(c.pipeline, c.inputs), nil)
			require.Contains(t, job.StatusMessage, c.says)
		})
	}
	t.Run("a cancel reaches it", func(t *testing.T) {
		run := p.start(p.runOf(actionsHead+call("asks", ""), nil))
		p.eventually("the child waits", func() bool { return len(p.runsOf("asks")) == 1 && len(p.run(&p.runsOf("asks")[0]).WaitingFor) == 1 })
		child := p.runsOf("asks")[0]
		a := p.waiting(&child)
		require.NoError(t, p.services[1].CancelPipelineRun(p.ctx, run.Key(), ""))
		p.runEnds(orchestrator.PipelineCancelled, run)
		p.runEnds(orchestrator.PipelineCancelled, &child)
		now, err := p.records.GetPipelineApproval(p.ctx, "acme", a.ID)
		require.NoError(t, err)
		require.Equal(t, orchestrator.ApprovalCancelled, now.Status)
	})
}

// TestPipelineActionsRefuseInputs: what an action is given is checked when its step begins, with what expressions have become.
func TestPipelineActionsRefuseInputs(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, onSQLite(t))
	inputs := map[string]any{"list": []any{"a"}, "object": map[string]any{"a": 1}, "empty": "", "odd": "TRACE", "text": "x"}
	for name, c := range map[string]struct{ step, says string }{
		"github: no repository":         {"humanitec/github-workflow@v1, with: {repo: \"${{ inputs.empty }}\", workflow: w, ref: main, access_token: t}", "needs the input repo, and it is empty"},
		"github: a repository no owner": {"humanitec/github-workflow@v1, with: {repo: \"${{ inputs.text }}\", workflow: w, ref: main, access_token: t}", "expected OWNER/NAME"},
		"github: inputs are a text":     {"humanitec/github-workflow@v1, with: {repo: a/b, workflow: w, ref: main, access_token: t, inputs: \"${{ inputs.text }}\"}", "inputs: expected an object"},
		"gitlab: no token":              {"humanitec/gitlab-pipeline@v1, with: {project: p, ref: main, token: \"${{ inputs.empty }}\"}", "needs the input token"},
		"gitlab: variables are a list":  {"humanitec/gitlab-pipeline@v1, with: {project: p, ref: main, token: t, variables: \"${{ inputs.list }}\"}", "variables: expected an object"},
		"http: a method that is none":   {"humanitec/http@v1, with: {url: \"https://example.com\", method: \"${{ inputs.odd }}\"}", "expected one of GET"},
		"http: an address inside":       {"humanitec/http@v1, with: {url: \"http://169.254.169.254/\"}", "169.254.169.254"},
		"deploy: two sets":              {"humanitec/deploy@v1, with: {env_id: development, set_id: \"${{ inputs.text }}\", delta_id: \"${{ inputs.text }}\"}", "only one of set_id, delta_id"},
		"deploy: an object":             {"humanitec/deploy@v1, with: {env_id: \"${{ inputs.object }}\", set_id: x}", "env_id: expected a text"},
		"set-value: a list":             {"slipway/set-value@v1, with: {key: K, value: \"${{ inputs.list }}\"}", "value: expected a text"},
		"create-environment: no id":     {"slipway/create-environment@v1, with: {env_id: \"${{ inputs.empty }}\"}", "needs the input env_id"},
		"delete-environment: no id":     {"slipway/delete-environment@v1, with: {env_id: \"${{ inputs.empty }}\"}", "needs the input env_id"},
		"pipeline-call: inputs a text":  {"slipway/pipeline-call@v1, with: {pipeline_id: p, inputs: \"${{ inputs.text }}\"}", "inputs: expected an object"},
		"readiness: no number":          {"humanitec/wait-for-readiness@v1, with: {env_id: development, timeout_minutes: \"${{ inputs.text }}\"}", "timeout_minutes: expected a number"},
		"create-delta: nothing":         {"humanitec/create-delta@v1, with: {env_id: development, workload_artefacts: \"${{ inputs.empty }}\"}", "needs one of workload_artefacts"},
		"clone: no deployment":          {"humanitec/clone@v1, with: {from_env_id: development, to_env_id: development}", "no deployment that could be cloned"},
		"apply: no such delta":          {"humanitec/apply@v1, with: {env_id: development, delta_id: \"${{ inputs.text }}\"}", "delta_id"},
	} {
		t.Run(name, func(t *testing.T) {
			job, _ := p.steps(orchestrator.PipelineFailed, "    - {uses: actions/"+c.step+"}\n", inputs)
			require.Contains(t, job.StatusMessage, c.says)
		})
	}
}
