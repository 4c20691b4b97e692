package worker_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

// routed makes an environment whose deployments a pipeline of that id carries out.
func (p *platform) routed(id, jobs string) orchestrator.EnvRef {
	p.t.Helper()
	ref := p.environment(id)
	_, err := p.services[0].CreatePipeline(p.ctx, "acme", "shop", "id: "+id+"\nname: "+id+"\non: {deployment_request: {}}\n"+delegated+"jobs:\n"+jobs, false)
	require.NoError(p.t, err)
	_, err = p.services[0].CreatePipelineCriteria(p.ctx, "acme", "shop", id, orchestrator.PipelineCriteriaRequest{Trigger: "deployment_request", EnvID: ref.EnvID})
	require.NoError(p.t, err)
	return ref
}

// How pipelines carry requests out.
const (
	approvesFirst = "  ask: {steps: [{uses: actions/humanitec/approve@v1, with: {env_id: \"${{ inputs.env_id }}\", message: go}}]}\n"
	appliesFirst  = `  deploy:
    steps:
    - {id: apply, if: "${{ ! inputs.set_id }}", uses: actions/humanitec/apply@v1, with: {env_id: "${{ inputs.env_id }}", delta_id: "${{ inputs.delta_id }}"}}
    - uses: actions/humanitec/deploy@v1
      with:
        env_id: ${{ inputs.env_id }}
        set_id: ${{ inputs.set_id || steps.apply.outputs.set_id }}
        comment: ${{ inputs.comment }}
        value_set_version_id: ${{ inputs.value_set_version_id }}
`
)

func (p *platform) runsOf(pipeline string) []orchestrator.PipelineRun {
	p.t.Helper()
	runs, err := p.records.ListPipelineRuns(p.ctx, "acme", orchestrator.PipelineRunFilter{Apps: []string{"shop"}, Pipelines: []string{pipeline}})
	require.NoError(p.t, err)
	return runs
}

// TestPipelinesCarryOutDeployments: a request for a deployment goes to the pipeline whose criteria match it.
func TestPipelinesCarryOutDeployments(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, onSQLite(t))
	svc := p.services[1]

	t.Run("the default pipeline deploys without a run", func(t *testing.T) {
		d, err := svc.Deploy(p.ctx, p.ref, orchestrator.DeploymentRequest{DeltaID: p.change("plain")})
		require.NoError(t, err)
		require.Nil(t, d.Pipeline)
		p.ends(orchestrator.OutcomeSucceeded, d)
		require.Empty(t, p.runsOf("default-deployment"))
	})
	t.Run("the deployment names its run", func(t *testing.T) {
		ref := p.routed("quick", appliesFirst)
		for _, request := range []orchestrator.DeploymentRequest{{DeltaID: p.change("quick"), Comment: "why"}, {Comment: "the same again"}} {
			asked, err := svc.Deploy(p.ctx, ref, request)
			require.NoError(t, err)
			require.Equal(t, "quick", asked.Pipeline.ID)
			run := p.runsOf("quick")[0]
			require.Equal(t, run.ID, asked.Pipeline.RunID)
			require.Equal(t, "deployment_request", run.Trigger)
			p.runEnds(orchestrator.PipelineSucceeded, &run)
			d, err := svc.GetDeployment(p.ctx, ref, run.ID)
			require.NoError(t, err)
			require.NotEqual(t, run.ID, d.ID)
			require.Equal(t, request.Comment, d.Comment)
			require.Equal(t, "deploy", d.Pipeline.JobID)
			p.ends(orchestrator.OutcomeSucceeded, d)
			list, err := svc.ListDeployments(p.ctx, ref, orchestrator.DeploymentFilter{PipelineID: "quick", RunID: run.ID})
			require.NoError(t, err)
			require.Len(t, list, 1)
		}
	})
	t.Run("one that waits for an approval can be followed by the run's id", func(t *testing.T) {
		ref := p.routed("slow", approvesFirst+"  deploy: {needs: [ask], steps: [{uses: actions/humanitec/deploy@v1, with: {env_id: \"${{ inputs.env_id }}\", delta_id: \"${{ inputs.delta_id }}\"}}]}\n")
		asked, err := svc.Deploy(p.ctx, ref, orchestrator.DeploymentRequest{DeltaID: p.change("slow")})
		require.NoError(t, err)
		run := p.runsOf("slow")[0]
		require.Equal(t, []any{run.ID, orchestrator.DeploymentPending, "slow", run.ID}, []any{asked.ID, asked.Status, asked.Pipeline.ID, asked.Pipeline.RunID})
		queue, err := svc.Queue(p.ctx, ref)
		require.NoError(t, err)
		require.Empty(t, queue, "it holds nobody up")
		events, err := svc.DeploymentEvents(p.ctx, ref, asked.ID, 0, 100)
		require.NoError(t, err)
		require.Empty(t, events)
		_, err = svc.GetDeployment(p.ctx, p.ref, asked.ID)
		require.True(t, orchestrator.IsNotFound(err), "it is of another environment: %v", err)

		p.decide(p.waiting(&run), true)
		p.runEnds(orchestrator.PipelineSucceeded, &run)
		made, err := svc.GetDeployment(p.ctx, ref, asked.ID)
		require.NoError(t, err)
		p.ends(orchestrator.OutcomeSucceeded, made)
		events, err = svc.DeploymentEvents(p.ctx, ref, asked.ID, 0, 100)
		require.NoError(t, err)
		require.NotEmpty(t, events)
		nodes, err := svc.ListNodes(p.ctx, ref, asked.ID)
		require.NoError(t, err)
		require.NotEmpty(t, nodes)
	})
	t.Run("pushed images go the same way, by nobody", func(t *testing.T) {
		ref := p.routed("pushed", appliesFirst)
		first, err := svc.CreateDeployment(p.ctx, ref, orchestrator.DeploymentRequest{DeltaID: p.change("pushed")})
		require.NoError(t, err)
		p.ends(orchestrator.OutcomeSucceeded, first)
		_, err = svc.CreateAutomationRule(p.ctx, ref, orchestrator.RuleRequest{Type: "update"})
		require.NoError(t, err)
		_, err = svc.RegisterArtefactVersion(p.ctx, "acme", orchestrator.ArtefactRegistration{Type: "container", Name: "nginx", Tag: "2"})
		require.NoError(t, err)
		_, err = svc.ApplyPushes(orchestrator.WithActor(p.ctx, orchestrator.SystemActor), ref)
		require.NoError(t, err)
		pushed, err := svc.ListPushes(p.ctx, ref, 10)
		require.NoError(t, err)
		require.Len(t, pushed, 1)
		require.Equal(t, orchestrator.PushDeployed, pushed[0].Status, pushed[0].Reason)
		run := p.runsOf("pushed")[0]
		require.Equal(t, []string{run.ID, orchestrator.SystemActor.UserID}, []string{pushed[0].DeploymentID, run.CreatedBy})
		p.runEnds(orchestrator.PipelineSucceeded, &run)
		made, err := svc.GetDeployment(p.ctx, ref, pushed[0].DeploymentID)
		require.NoError(t, err)
		require.Equal(t, "Automated Deployment: nginx:2", made.Comment)
		p.ends(orchestrator.OutcomeSucceeded, made)
		set, err := p.records.GetSet(p.ctx, "acme", "shop", made.SetID)
		require.NoError(t, err)
		require.Contains(t, fmt.Sprint(set.Modules["pushed"]), "nginx:2")
	})
	t.Run("cancelled before it was made", func(t *testing.T) {
		ref := p.routed("never", approvesFirst)
		asked, err := svc.Deploy(p.ctx, ref, orchestrator.DeploymentRequest{DeltaID: p.change("never")})
		require.NoError(t, err)
		_, err = svc.CancelDeployment(p.ctx, ref, asked.ID)
		require.NoError(t, err)
		run := p.runsOf("never")[0]
		p.runEnds(orchestrator.PipelineCancelled, &run)
		over, err := svc.GetDeployment(p.ctx, ref, asked.ID)
		require.NoError(t, err)
		require.Equal(t, []any{orchestrator.DeploymentFailed, orchestrator.OutcomeCancelled}, []any{over.Status, over.Outcome})
		require.NotNil(t, over.FinishedAt)
		errs, err := svc.ListDeploymentErrors(p.ctx, ref, asked.ID)
		require.NoError(t, err)
		require.Contains(t, errs[0].Message, "cancelled by")
	})
	t.Run("a pipeline that says no", func(t *testing.T) {
		ref := p.routed("forbids", "  no: {steps: [{uses: actions/humanitec/fail@v1, with: {message: \"not ${{ inputs.env_id }} by hand\"}}]}\n")
		_, err := svc.Deploy(p.ctx, ref, orchestrator.DeploymentRequest{DeltaID: p.change("forbids")})
		require.Equal(t, orchestrator.CodeConflict, orchestrator.CodeOf(err), "%v", err)
		require.ErrorContains(t, err, "not forbids by hand")
		all, err := p.records.ListDeployments(p.ctx, ref, 0)
		require.NoError(t, err)
		require.Empty(t, all)
	})
	t.Run("what is refused before a run is started", func(t *testing.T) {
		ref := p.routed("refuses", appliesFirst)
		delta := p.change("refuses")
		for field, c := range map[string]struct {
			code    orchestrator.Code
			request orchestrator.DeploymentRequest
		}{
			"plan":                 {orchestrator.CodeConflict, orchestrator.DeploymentRequest{DeltaID: delta, Plan: "0123"}},
			"freeze_override":      {orchestrator.CodeConflict, orchestrator.DeploymentRequest{DeltaID: delta, FreezeOverride: "now"}},
			"delta_id":             {orchestrator.CodeInvalid, orchestrator.DeploymentRequest{DeltaID: "none"}},
			"set_id":               {orchestrator.CodeInvalid, orchestrator.DeploymentRequest{SetID: "none"}},
			"value_set_version_id": {orchestrator.CodeInvalid, orchestrator.DeploymentRequest{DeltaID: delta, ValueSetVersionID: "none"}},
			"mode":                 {orchestrator.CodeInvalid, orchestrator.DeploymentRequest{DeltaID: delta, Mode: "half"}},
		} {
			_, err := svc.Deploy(p.ctx, ref, c.request)
			require.Equal(t, c.code, orchestrator.CodeOf(err), "%s: %v", field, err)
			require.ErrorContains(t, err, field)
		}
		require.Empty(t, p.runsOf("refuses"))
	})
	t.Run("a step of a run that executes deploys by itself", func(t *testing.T) {
		ref := p.routed("itself", approvesFirst)
		asked, err := svc.Deploy(p.ctx, ref, orchestrator.DeploymentRequest{DeltaID: p.change("itself")})
		require.NoError(t, err)
		d, err := svc.Deploy(p.ctx, ref, orchestrator.DeploymentRequest{DeltaID: p.change("itself2"), Pipeline: &orchestrator.PipelineRef{ID: "itself", RunID: asked.ID, JobID: "ask"}})
		require.NoError(t, err)
		require.NotEqual(t, asked.ID, d.ID)
		p.ends(orchestrator.OutcomeSucceeded, d)
		_, err = svc.CancelDeployment(p.ctx, ref, asked.ID)
		require.NoError(t, err)
		run := p.runsOf("itself")[0]
		p.runEnds(orchestrator.PipelineCancelled, &run)
		require.NotEmpty(t, p.history(workflows.PipelineWorkflowID(workflows.PipelineRun{Org: "acme", ID: run.ID})))

		again, err := svc.Deploy(p.ctx, ref, orchestrator.DeploymentRequest{Pipeline: &orchestrator.PipelineRef{ID: "itself", RunID: asked.ID}})
		require.NoError(t, err)
		require.Equal(t, again.ID, again.Pipeline.RunID, "a run that is over cannot be named to get round the pipeline")
	})
}
