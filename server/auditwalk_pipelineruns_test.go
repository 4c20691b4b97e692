package server_test

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

const logPipeline = `
name: Log
on: {pipeline_call: {inputs: {text: {type: string}}}, deployment_request: {}}
jobs:
  say: {steps: [{uses: actions/humanitec/log@v1, with: {message: "${{ inputs.text }}"}}]}
`

// definePipeline stores a pipeline with one version.
func (h *harness) definePipeline(id, definition string, criteria ...orchestrator.PipelineCriteria) {
	h.t.Helper()
	ctx, at := h.t.Context(), time.Now().UTC()
	p := &orchestrator.Pipeline{
		OrgID: org, AppID: "shop", ID: id, Name: id, Status: "active", VersionID: "version-of-" + id, CreatedAt: at, UpdatedAt: at,
		TriggerTypes: []string{"artefact", "deployment_request", "pipeline_call"},
	}
	require.NoError(h.t, h.store.CreatePipeline(ctx, p))
	require.NoError(h.t, h.store.CreatePipelineVersion(ctx, &orchestrator.PipelineVersion{
		OrgID: org, AppID: "shop", PipelineID: id, ID: p.VersionID, Name: id, Definition: definition, CreatedAt: at,
	}))
	for i := range criteria {
		c := &criteria[i]
		c.OrgID, c.AppID, c.PipelineID, c.Trigger = org, "shop", id, "deployment_request"
		require.NoError(h.t, h.store.CreatePipelineCriteria(ctx, c))
	}
}

// askApproval stores what a run that waits for an approval has in its records.
func (h *harness) askApproval(run api.PipelineRun, id, env string) string {
	h.t.Helper()
	require.NoError(h.t, h.store.CreatePipelineApproval(h.t.Context(), &orchestrator.PipelineApproval{
		OrgID: org, AppID: "shop", PipelineID: run.PipelineID, RunID: run.ID, JobID: "say", ID: id, EnvID: env, Message: "go?",
		Status: orchestrator.ApprovalWaiting, CreatedAt: time.Now().UTC(),
	}))
	return shopPath + "/pipelines/" + run.PipelineID + "/runs/" + run.ID + "/jobs/say/approvals/" + id
}

func (w *walk) pipelineRuns() {
	w.t.Helper()
	w.definePipeline("log", logPipeline, orchestrator.PipelineCriteria{ID: "any", EnvType: "development"})
	const runs = shopPath + "/pipelines/log/runs"
	var run, second api.PipelineRun
	w.step("createPipelineRun", "POST", runs, `{"inputs":{"text":"`+secretText+`"}}`, &run)
	w.step("createPipelineRunByTriggerCriteria", "POST", shopPath+"/pipeline-runs",
		`{"trigger":"deployment_request","env_id":"development","set_id":"0"}`, &second)
	w.step("approvePipelineApprovalRequest", "POST", w.askApproval(run, "yes", "development")+"/approve", "", nil)
	w.step("denyPipelineApprovalRequest", "POST", w.askApproval(run, "no", "development")+"/deny", "", nil)
	w.step("cancelPipelineRun", "POST", runs+"/"+run.ID+"/cancel", "", nil)
	w.step("cancelPipelineRun", "POST", runs+"/"+second.ID+"/cancel", "", nil)
	w.step("restartPipelineRun", "POST", runs+"/"+run.ID+"/restart", "", nil)
	w.step("deletePipelineRun", "DELETE", runs+"/"+run.ID, "", nil)
	// What is deployed from here on needs no run.
	require.NoError(w.t, w.store.DeletePipelineCriteria(w.t.Context(), org, "shop", "log", "any"))
}
