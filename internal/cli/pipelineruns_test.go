package cli_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
)

const asking = `
name: Asking
id: asking
on: {pipeline_call: {inputs: {word: {type: string, required: true}, list: {type: array}}}}
permissions: {application: developer, env-types: {development: deployer}}
jobs:
  ask:
    steps:
    - {uses: actions/humanitec/log, with: {message: "word ${{ inputs.word }} of ${{ tojson(inputs.list) }}"}}
    - {uses: actions/humanitec/approve, with: {env_id: development, message: may it}}
  after: {needs: [ask], steps: [{uses: actions/humanitec/log, with: {message: went on}}]}
`

// askedByRun is the approval that somebody is asked for.
func (w *world) askedByRun() (found api.PipelineApprovalRequest) {
	w.t.Helper()
	w.eventually(func() bool {
		var all []api.PipelineApprovalRequest
		w.run("approvals", "-o", "json").into(w.t, &all)
		if len(all) == 1 {
			found = all[0]
		}
		return len(all) == 1
	})
	return found
}

func TestPipelineRunsByCommand(t *testing.T) {
	t.Parallel()
	w := newRunningShop(t)
	w.file("asking.yaml", asking)
	w.run("pipelines", "apply", "-f", "asking.yaml").ok(t)
	w.run("pipelines", "run", "asking").fails(t, 1, "word")
	w.run("pipelines", "run", "asking", "-i", "nonsense").fails(t, 2, "--input", "NAME=VALUE")
	w.run("pipelines", "run", "nowhere").fails(t, 1, "nowhere")
	w.run("pipelines", "run", "default-deployment").fails(t, 1, "pipeline_call")
	start := func() (run api.PipelineRun) {
		w.run("pipelines", "run", "asking", "-i", "word=hello", "-i", `list=["a"]`, "-o", "json").into(t, &run)
		return run
	}

	t.Run("approved", func(t *testing.T) {
		run := start()
		a := w.askedByRun()
		require.Contains(t, w.run("approvals").ok(t).out, "may it")
		w.eventually(func() bool { // the request is recorded a moment before its step waits for it
			return strings.Contains(w.run("pipelines", "status", "asking", run.ID).ok(t).out, "approval("+a.ID+")")
		})
		w.run("pipelines", "wait", "asking", run.ID, "--timeout", "1s").fails(t, 7, "it goes on")
		w.run("approve", "none").fails(t, 1, "none", "slipway approvals")
		following := make(chan result, 1)
		go func() { following <- w.run("pipelines", "logs", "asking", run.ID, "--follow", "--job", "after") }()
		w.run("pipelines", "logs", "asking", run.ID, "-f", "-o", "json").fails(t, 2, "--output")
		w.run("approve", a.ID).ok(t)
		(<-following).ok(t, "after/0  INFO   went on")
		got := w.run("pipelines", "wait", "asking", run.ID).ok(t, "after succeeded", "run "+run.ID+" succeeded")
		require.Contains(t, got.out, "ask/1")
		w.run("deny", a.ID).fails(t, 1, "approved already")
		require.NotContains(t, w.run("approvals").ok(t).out, a.ID)
		require.Contains(t, w.run("approvals", "--all").ok(t).out, a.ID)

		logs := w.run("pipelines", "logs", "asking", run.ID).ok(t).out
		require.Regexp(t, `ask/0  INFO   word hello of \["a"\]`, logs)
		require.Contains(t, logs, "went on")
		only := w.run("pipelines", "logs", "asking", run.ID, "--job", "after").ok(t).out
		require.NotContains(t, only, "word hello")
		w.run("pipelines", "logs", "asking", run.ID, "--job", "none").fails(t, 1, `no job "none"`)
		w.run("pipelines", "logs", "asking", "none").fails(t, 1, "none")
		w.run("pipelines", "cancel", "asking", run.ID).fails(t, 1, "succeeded")
	})
	t.Run("denied", func(t *testing.T) {
		run := start()
		w.run("deny", w.askedByRun().ID).ok(t)
		w.run("pipelines", "wait", "asking", run.ID).fails(t, 3, "denied the request")
		require.Contains(t, w.run("pipelines", "runs", "asking", "--status", "failed").ok(t).out, run.ID)
		require.NotContains(t, w.run("pipelines", "runs", "--status", "succeeded").ok(t).out, run.ID)
	})
	t.Run("cancelled and restarted", func(t *testing.T) {
		run := start()
		a := w.askedByRun()
		w.run("pipelines", "restart", "asking", run.ID).fails(t, 1, "only runs that have ended")
		w.run("pipelines", "cancel", "asking", run.ID).ok(t, "the end of run "+run.ID)
		w.run("pipelines", "wait", "asking", run.ID).fails(t, 4, "cancelled")
		require.Regexp(t, a.ID+`.*cancelled`, w.run("approvals", "--all").ok(t).out)
		var again api.PipelineRun
		w.run("pipelines", "restart", "asking", run.ID, "-o", "json").into(t, &again)
		require.Equal(t, run.Inputs, again.Inputs)
		w.run("approve", w.askedByRun().ID).ok(t)
		w.run("pipelines", "wait", "asking", again.ID).ok(t)
		w.run("pipelines", "cancel", "asking", "none").fails(t, 1, "none")
	})
	t.Run("a deployment that a pipeline carries out", func(t *testing.T) {
		w.file("guard.yaml", `
name: Guard
id: guard
on: {deployment_request: {}}
permissions: {application: developer, env-types: {development: deployer}}
jobs:
  ask: {steps: [{uses: actions/humanitec/approve, with: {env_id: development, message: deploy it}}]}
  deploy: {needs: [ask], steps: [{uses: actions/humanitec/deploy, with: {env_id: development, set_id: "${{ inputs.set_id }}", comment: "${{ inputs.comment }}"}}]}
`)
		w.run("pipelines", "apply", "-f", "guard.yaml").ok(t)
		w.run("pipelines", "criteria", "add", "guard", "--env-id", "development").ok(t)
		w.run("deploy", "again", "--env", "development", "-m", "guarded").ok(t, "pipeline guard carries it out", "pending")
		a := w.askedByRun()
		require.Equal(t, "guard", a.PipelineID)
		w.run("approve", a.ID).ok(t)
		w.run("pipelines", "wait", "guard", a.RunID).ok(t)
		w.eventually(func() bool {
			var d api.Deployment
			w.run("get", "deploy", a.RunID, "--env", "development", "-o", "json").into(t, &d)
			return d.ID != a.RunID && d.Status == "succeeded" && d.Comment == "guarded"
		})
	})
}
