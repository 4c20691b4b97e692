package worker_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"google.golang.org/protobuf/encoding/prototext"

	"github.com/slipway-dev/slipway/drivers/external"
	"github.com/slipway-dev/slipway/internal/webhook"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

// localWeb lets steps call servers of this machine.
func localWeb(t *testing.T) orchestrator.PipelineWeb {
	t.Helper()
	networks, err := external.ParseNetworks([]string{"127.0.0.0/8"})
	require.NoError(t, err)
	c, err := webhook.New(webhook.Options{Networks: networks})
	require.NoError(t, err)
	return c
}

// outside plays services outside: it remembers what it was sent.
type outside struct {
	*httptest.Server
	mu   sync.Mutex
	seen []string // METHOD PATH BODY
	keys []string // Idempotency-Key
}

func newOutside(t *testing.T, answer func(r *http.Request, body string) (int, string)) *outside {
	t.Helper()
	o := &outside{}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		o.mu.Lock()
		o.seen = append(o.seen, r.Method+" "+r.URL.Path+" "+string(raw))
		o.keys = append(o.keys, r.Header.Get("Idempotency-Key"))
		o.mu.Unlock()
		status, body := answer(r, string(raw))
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(o.Close)
	return o
}

func (o *outside) calls() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]string{}, o.seen...)
}

// delegated gives runs the roles that they need.
const delegated = "permissions:\n  application: owner\n  env-types:\n    development: deployer\n"

// runOf commits a run of a definition, as a use case does, without handing it over.
func (p *platform) runOf(definition string, inputs map[string]any, set ...func(*orchestrator.PipelineRun)) *orchestrator.PipelineRun {
	p.t.Helper()
	run := &orchestrator.PipelineRun{
		OrgID: "acme", AppID: "shop", PipelineID: "pipe", PipelineVersion: "1", ID: uuid.NewString(), Definition: definition,
		Status: orchestrator.PipelineQueued, Trigger: "pipeline_call", Inputs: inputs, RunAs: "s-pipe", TimeoutSeconds: 600,
		CreatedAt: time.Now().UTC(), CreatedBy: "ada",
	}
	for _, fn := range set {
		fn(run)
	}
	require.NoError(p.t, p.records.CreatePipelineRun(p.ctx, run))
	return run
}

// start hands a run over.
func (p *platform) start(run *orchestrator.PipelineRun) *orchestrator.PipelineRun {
	p.t.Helper()
	require.NoError(p.t, p.engines[0].StartPipelineRun(p.ctx, run.Key()))
	return run
}

func (p *platform) run(run *orchestrator.PipelineRun) *orchestrator.PipelineRun {
	p.t.Helper()
	now, err := p.records.GetPipelineRun(p.ctx, run.OrgID, run.ID)
	require.NoError(p.t, err)
	return now
}

// runEnds waits for the end of a run and returns its jobs by id.
func (p *platform) runEnds(status string, run *orchestrator.PipelineRun) map[string]orchestrator.PipelineJob {
	p.t.Helper()
	p.eventually("run "+run.ID+" ends", func() bool { return orchestrator.PipelineEnded(p.run(run).Status) })
	require.Equal(p.t, status, p.run(run).Status, "%s\n%s", p.run(run).StatusMessage, p.logOfRun(run))
	jobs, err := p.records.ListPipelineJobs(p.ctx, run.OrgID, run.ID)
	require.NoError(p.t, err)
	out := map[string]orchestrator.PipelineJob{}
	for _, j := range jobs {
		require.True(p.t, orchestrator.PipelineEnded(j.Status), "job %s is %s", j.ID, j.Status)
		require.Empty(p.t, j.WaitingFor)
		out[j.ID] = j
	}
	require.Empty(p.t, p.run(run).WaitingFor)
	return out
}

// logOfRun is everything that the steps of a run wrote.
func (p *platform) logOfRun(run *orchestrator.PipelineRun) string {
	p.t.Helper()
	var out strings.Builder
	jobs, err := p.records.ListPipelineJobs(p.ctx, run.OrgID, run.ID)
	require.NoError(p.t, err)
	for _, j := range jobs {
		steps, err := p.records.ListPipelineSteps(p.ctx, run.OrgID, run.ID, j.ID)
		require.NoError(p.t, err)
		for _, s := range steps {
			fmt.Fprintf(&out, "%s/%d %s %s %s %v\n", j.ID, s.Index, s.Name, s.Status, s.StatusMessage, s.Outputs)
			lines, err := p.records.ListPipelineLog(p.ctx, run.OrgID, run.ID, j.ID, s.Index, 0, 0)
			require.NoError(p.t, err)
			for _, l := range lines {
				fmt.Fprintf(&out, "  %s %s\n", l.Level, l.Message)
			}
		}
	}
	return out.String()
}

func (p *platform) waiting(run *orchestrator.PipelineRun) orchestrator.PipelineApproval {
	p.t.Helper()
	var found []orchestrator.PipelineApproval
	p.eventually("run "+run.ID+" waits for an approval", func() bool {
		var err error
		found, err = p.records.ListPipelineApprovals(p.ctx, "acme", "shop", orchestrator.PipelineApprovalFilter{Runs: []string{run.ID}, Status: "waiting"})
		require.NoError(p.t, err)
		return len(found) == 1
	})
	return found[0]
}

func (p *platform) decide(a orchestrator.PipelineApproval, approve bool) {
	p.t.Helper()
	key := orchestrator.PipelineRunKey{OrgID: a.OrgID, AppID: a.AppID, PipelineID: a.PipelineID, ID: a.RunID}
	_, err := p.services[1].DecidePipelineApproval(p.ctx, key, a.JobID, a.ID, approve)
	require.NoError(p.t, err)
}

const chain = `
name: Chain
on: {pipeline_call: {inputs: {delta_id: {type: string, required: true}}}}
` + delegated + `
jobs:
  deploy:
    outputs: {set: "${{ steps.apply.outputs.set_id }}", deployment: "${{ steps.deploy.outputs.deployment }}"}
    steps:
    - {id: apply, uses: actions/humanitec/apply@v1, with: {env_id: development, delta_id: "${{ inputs.delta_id }}"}}
    - {id: deploy, uses: actions/humanitec/deploy@v1, with: {env_id: development, set_id: "${{ steps.apply.outputs.set_id }}", message: chain}}
  announce:
    steps:
    - uses: actions/humanitec/http@v1
      with: {method: POST, url: "${{ app.values.SERVER }}/hook", headers: {Authorization: "Bearer ${{ app.values.TOKEN }}"}, data: {text: "${{ app.values.TOKEN }}"}}
  gate:
    needs: [deploy, announce]
    steps:
    - {uses: actions/humanitec/approve@v1, with: {env_id: later, message: "with ${{ app.values.TOKEN }}"}}
  promote:
    needs: [gate, deploy]
    steps:
    - {uses: actions/humanitec/deploy@v1, with: {env_id: later, set_id: "${{ needs.deploy.outputs.set }}"}}
    - {uses: actions/humanitec/log@v1, with: {message: "token ${{ app.values.TOKEN }} of ${{ needs.deploy.outputs.deployment }}"}}
  never:
    needs: [promote]
    if: ${{ needs.promote.status == 'failed' }}
    steps:
    - {uses: actions/humanitec/fail@v1, with: {message: no}}
`

const pipelineSecret = "correct-horse-battery-staple"

// TestPipelineChain runs jobs side by side, a deployment, an approval and another deployment, with a worker that goes away
// in the middle, on both databases. Nothing secret gets anywhere but to the server that it is meant for.
func TestPipelineChain(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, p *platform) {
		p.environment("later")
		server := newOutside(t, func(r *http.Request, body string) (int, string) {
			if r.Header.Get("Authorization") != "Bearer "+pipelineSecret {
				return http.StatusUnauthorized, ""
			}
			return http.StatusOK, body // it comes back as an output
		})
		p.value("SERVER", server.URL, false)
		p.value("TOKEN", pipelineSecret, true)
		run := p.start(p.runOf(chain, map[string]any{"delta_id": p.change("chain")}))
		approval := p.waiting(run)
		require.Equal(t, "with (secret)", approval.Message)
		p.eventually("the run says what it waits for", func() bool { return p.run(run).WaitingFor["gate"] == "approval("+approval.ID+")" })
		p.stops[0]() // the other worker goes on
		p.decide(approval, true)
		jobs := p.runEnds(orchestrator.PipelineSucceeded, run)
		require.Equal(t, orchestrator.PipelineSkipped, jobs["never"].Status)
		require.Equal(t, []string{"development", "later"}, p.run(run).EnvIDs)
		require.Equal(t, []string{`POST /hook {"text":"` + pipelineSecret + `"}`}, server.calls())

		for _, env := range []string{"development", "later"} {
			all, err := p.records.ListDeployments(p.ctx, orchestrator.EnvRef{OrgID: "acme", AppID: "shop", EnvID: env}, 0)
			require.NoError(t, err)
			require.Len(t, all, 1, "one deployment to %s", env)
			require.Equal(t, run.ID, all[0].Pipeline.RunID)
			require.Equal(t, "s-pipe", all[0].CreatedBy)
		}
		text := p.logOfRun(run)
		require.Contains(t, text, "token (secret) of "+jobs["deploy"].Outputs["deployment"].(string))
		require.NotContains(t, text, pipelineSecret)
		history := p.history(workflows.PipelineWorkflowID(workflows.PipelineRun{Org: "acme", ID: run.ID}))
		require.NotContains(t, history, pipelineSecret)
	})
}

// value sets a shared value of the application.
func (p *platform) value(key, value string, secret bool) {
	p.t.Helper()
	_, err := p.services[0].CreateValue(p.ctx, orchestrator.EnvRef{OrgID: "acme", AppID: "shop"}, orchestrator.NewValue{Key: key, Value: &value, IsSecret: secret})
	require.NoError(p.t, err)
}

func (p *platform) history(id string) string {
	p.t.Helper()
	var out strings.Builder
	for events := p.client.GetWorkflowHistory(p.ctx, id, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); events.HasNext(); {
		e, err := events.Next()
		require.NoError(p.t, err)
		out.WriteString(prototext.Format(e))
	}
	return out.String()
}

// TestPipelineRunsEnd: however a run goes, it ends, and with it what it has begun.
func TestPipelineRunsEnd(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, onSQLite(t))
	p.reconcile()
	const head = "name: x\non: {pipeline_call: null}\n" + delegated
	const approve = "  gate:\n    steps:\n    - {uses: actions/humanitec/approve@v1, with: {env_id: development, message: go}}\n"

	t.Run("a denial fails it", func(t *testing.T) {
		run := p.start(p.runOf(head+"jobs:\n"+approve, nil))
		p.decide(p.waiting(run), false)
		require.Contains(t, p.runEnds(orchestrator.PipelineFailed, run)["gate"].StatusMessage, "denied")
	})
	t.Run("a cancel takes the request back", func(t *testing.T) {
		run := p.start(p.runOf(head+"jobs:\n"+approve, nil))
		a := p.waiting(run)
		require.NoError(t, p.services[0].CancelPipelineRun(p.ctx, run.Key(), ""))
		require.Equal(t, orchestrator.PipelineCancelled, p.runEnds(orchestrator.PipelineCancelled, run)["gate"].Status)
		now, err := p.records.GetPipelineApproval(p.ctx, "acme", a.ID)
		require.NoError(t, err)
		require.Equal(t, orchestrator.ApprovalCancelled, now.Status)
	})
	t.Run("a timeout of a job ends what waits", func(t *testing.T) {
		run := p.start(p.runOf(head+"jobs:\n"+approve, nil, func(r *orchestrator.PipelineRun) { r.TimeoutSeconds = 3 }))
		require.Contains(t, p.runEnds(orchestrator.PipelineFailed, run)["gate"].StatusMessage, "did not end within 3s")
	})
	t.Run("what was committed and never handed over is started", func(t *testing.T) {
		run := p.runOf(head+"jobs:\n  a:\n    steps:\n    - {uses: actions/humanitec/log@v1, with: {message: hello}}\n", nil,
			func(r *orchestrator.PipelineRun) { r.CreatedAt = r.CreatedAt.Add(-time.Minute) })
		p.runEnds(orchestrator.PipelineSucceeded, run)
	})
	t.Run("a run whose workflow is gone goes on in another one", func(t *testing.T) {
		run := p.start(p.runOf(head+"jobs:\n"+approve, nil, func(r *orchestrator.PipelineRun) { r.CreatedAt = r.CreatedAt.Add(-time.Hour) }))
		a := p.waiting(run)
		p.kill(terminated, workflows.PipelineWorkflowID(workflows.PipelineRun{Org: "acme", ID: run.ID}))
		p.decide(a, true)
		p.forward(time.Minute)
		p.runEnds(orchestrator.PipelineSucceeded, run)
	})
	t.Run("a failed step skips what follows unless it asks for it", func(t *testing.T) {
		run := p.start(p.runOf(head+`jobs:
  a:
    steps:
    - {id: bad, uses: actions/humanitec/fail@v1, with: {message: broken}}
    - {uses: actions/humanitec/log@v1, with: {message: never}}
    - {if: "failure()", uses: actions/humanitec/log@v1, with: {message: "it ${{ steps.bad.status }}"}}
  b: {needs: [a], steps: [{uses: actions/humanitec/log@v1, with: {message: never}}]}
  c: {needs: [a], if: "always()", steps: [{uses: actions/humanitec/log@v1, with: {message: "seen ${{ needs.a.status }}"}}]}
`, nil))
		jobs := p.runEnds(orchestrator.PipelineFailed, run)
		require.Equal(t, orchestrator.PipelineSkipped, jobs["b"].Status)
		text := p.logOfRun(run)
		require.Contains(t, text, "it failed")
		require.Contains(t, text, "seen failed")
		require.NotContains(t, text, "INFO never")
	})
	t.Run("runs of a concurrency group wait for each other", func(t *testing.T) {
		group := func(r *orchestrator.PipelineRun) { r.ConcurrencyGroup = "g" }
		first := p.start(p.runOf(head+"jobs:\n"+approve, nil, group))
		a := p.waiting(first)
		second := p.start(p.runOf(head+"jobs:\n  a: {steps: [{uses: actions/humanitec/log@v1, with: {message: x}}]}\n", nil, group))
		p.eventually("the second says what it waits for", func() bool { return strings.Contains(p.run(second).StatusMessage, first.ID) })
		require.Equal(t, orchestrator.PipelineQueued, p.run(second).Status)
		p.decide(a, true)
		p.runEnds(orchestrator.PipelineSucceeded, first)
		p.runEnds(orchestrator.PipelineSucceeded, second)
	})
	t.Run("it has the roles of its definition and no others", func(t *testing.T) {
		run := p.start(p.runOf(strings.Replace(head, "application: owner", "application: viewer", 1)+
			"jobs:\n  a: {steps: [{uses: actions/humanitec/deploy@v1, with: {env_id: development, set_id: \"0\"}}]}\n", nil))
		require.Contains(t, p.runEnds(orchestrator.PipelineFailed, run)["a"].StatusMessage, "needs the permission")
	})
}

// TestCancelledPipelineRunCancelsItsDeployment: through the queue of the environment, like any other cancel.
func TestCancelledPipelineRunCancelsItsDeployment(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, onSQLite(t))
	ref := p.environment("held")
	release := p.world.hold(ref, "deliver")
	defer release()
	blocked := p.deployThings(ref, "held-thing")
	run := p.start(p.runOf("name: x\non: {pipeline_call: null}\n"+delegated+"jobs:\n  a: {steps: [{uses: actions/humanitec/deploy@v1, with: {env_id: held, set_id: \""+blocked.SetID+"\"}}]}\n", nil))
	var mine *orchestrator.Deployment
	p.eventually("the run waits for its deployment", func() bool {
		all, err := p.records.ListDeployments(p.ctx, ref, 0)
		require.NoError(t, err)
		if len(all) < 2 || p.run(run).WaitingFor["a"] == "" {
			return false
		}
		mine = &all[0]
		return true
	})
	require.Equal(t, "application.environment.deployment("+mine.ID+")", p.run(run).WaitingFor["a"])
	require.NoError(t, p.services[0].CancelPipelineRun(p.ctx, run.Key(), ""))
	p.runEnds(orchestrator.PipelineCancelled, run)
	release()
	p.ends(orchestrator.OutcomeCancelled, mine)
	p.ends(orchestrator.OutcomeSucceeded, blocked)
}
