package server

import (
	"net/http"
	"slices"

	"github.com/slipway-dev/slipway/internal/api"
)

// pipelineRunRoutes are the operations of runs of pipelines.
func pipelineRunRoutes() []Route {
	const list, item = appPath + "/pipelines/{pipelineId}/runs", appPath + "/pipelines/{pipelineId}/runs/{runId}"
	const job = item + "/jobs/{jobId}"
	dry := []Query{{Name: "dry_run", Type: "boolean", Doc: "Check the request and start nothing"}}
	runs := slices.Concat([]Query{
		{Name: "env", Doc: "Only runs that have to do with this Environment"}, {Name: "status", Doc: "Only runs with this status; may be repeated"},
		{Name: "completed", Type: "boolean", Doc: "Only runs that have ended, or only those that have not"},
		{Name: "created_after", Doc: "Only runs from after this time"}, {Name: "created_before", Doc: "Only runs from before this time"},
	}, pageQuery)
	ofOrg := slices.Concat([]Query{
		{Name: "app", Doc: "Only runs of this Application; may be repeated"}, {Name: "pipeline", Doc: "Only runs of this Pipeline; may be repeated"},
	}, runs)
	create := stream[api.PipelineRun](Route{Method: "POST", Path: list, OperationID: "createPipelineRun", Status: http.StatusCreated,
		AlsoStatus: []int{http.StatusNoContent}, Query: dry, BodyOptional: true, Summary: "Start a run of a Pipeline"}, createPipelineRun)
	create.Request = api.PipelineRunCreate{}
	byCriteria := stream[api.PipelineRun](Route{Method: "POST", Path: appPath + "/pipeline-runs", OperationID: "createPipelineRunByTriggerCriteria",
		Status: http.StatusCreated, AlsoStatus: []int{http.StatusNoContent}, Query: dry,
		Summary: "Ask for a deployment by the Pipeline whose criteria match"}, createRunByCriteria)
	byCriteria.Request = api.PipelineRunByCriteria{}
	return tagged("Pipeline runs", []Route{
		answer(Route{Method: "GET", Path: orgPath + "/pipeline-runs", OperationID: "listPipelineRunsByOrg", Query: ofOrg,
			Summary: "List the runs of an organization's Pipelines, newest first"}, listPipelineRunsByOrg),
		byCriteria,
		answer(Route{Method: "GET", Path: list, OperationID: "listPipelineRuns", Query: runs, Summary: "List the runs of a Pipeline, newest first"}, listPipelineRuns),
		create,
		answer(Route{Method: "GET", Path: item, OperationID: "getPipelineRun", Summary: "Get a run"}, getPipelineRun),
		answer(Route{Method: "DELETE", Path: item, OperationID: "deletePipelineRun", Summary: "Forget a run that has ended"}, deletePipelineRun),
		answer(Route{Method: "POST", Path: item + "/cancel", OperationID: "cancelPipelineRun",
			Summary: "Ask for the end of a run and of what its steps wait for"}, cancelPipelineRun),
		answer(Route{Method: "POST", Path: item + "/restart", OperationID: "restartPipelineRun", Status: http.StatusCreated,
			Summary: "Start a run with the trigger and inputs of one that has ended"}, restartPipelineRun),
		answer(Route{Method: "GET", Path: item + "/jobs", OperationID: "listPipelineJobs", Summary: "List the jobs of a run",
			Query: slices.Concat([]Query{{Name: "status", Doc: "Only jobs with this status; may be repeated"}}, pageQuery)}, listPipelineJobs),
		answer(Route{Method: "GET", Path: job, OperationID: "getPipelineJob", Summary: "Get a job with its steps"}, getPipelineJob),
		answer(Route{Method: "GET", Path: job + "/steps/{stepIndex}/logs", OperationID: "listPipelineStepLogs", Query: pageQuery,
			Summary: "Read the log of a step, oldest line first"}, listPipelineStepLogs),
		answer(Route{Method: "GET", Path: appPath + "/approvals", OperationID: "listPipelineApprovalRequests", Summary: "List approval requests, newest first",
			Query: slices.Concat([]Query{
				{Name: "pipeline", Doc: "Only of this Pipeline; may be repeated"}, {Name: "run", Doc: "Only of this run; may be repeated"},
				{Name: "status", Doc: "Only waiting, approved, denied or cancelled"},
			}, pageQuery)}, listPipelineApprovals),
		answer(Route{Method: "GET", Path: job + "/approvals/{approvalId}", OperationID: "getPipelineApprovalRequest",
			Summary: "Get an approval request"}, getPipelineApproval),
		answer(Route{Method: "POST", Path: job + "/approvals/{approvalId}/approve", OperationID: "approvePipelineApprovalRequest",
			Summary: "Approve a request: the run goes on"}, decideApproval(true)),
		answer(Route{Method: "POST", Path: job + "/approvals/{approvalId}/deny", OperationID: "denyPipelineApprovalRequest",
			Summary: "Deny a request: its step fails"}, decideApproval(false)),
		answer(Route{Method: "GET", Path: appPath + "/pipelines/{pipelineId}/batches/{batchType}", OperationID: "GetBatch",
			Summary: "Get what is collected for the next run that an artefact starts"}, getPipelineBatch),
	})
}
