package server

import (
	"net/http"
	"strconv"
	"time"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func runKey(c *Call) orchestrator.PipelineRunKey {
	return orchestrator.PipelineRunKey{OrgID: c.Org(), AppID: c.App(), PipelineID: c.Param("pipelineId"), ID: c.Param("runId")}
}

// runFilter reads the query parameters of lists of runs.
func runFilter(c *Call) (orchestrator.PipelineRunFilter, error) {
	f := orchestrator.PipelineRunFilter{Apps: c.QueryAll("app"), Pipelines: c.QueryAll("pipeline"), EnvID: c.Query("env"), Statuses: c.QueryAll("status")}
	if c.Query("completed") != "" {
		completed, err := c.QueryBool("completed")
		if err != nil {
			return f, err
		}
		f.Completed = &completed
	}
	var err error
	if f.CreatedAfter, err = queryTime(c, "created_after"); err != nil {
		return f, err
	}
	f.CreatedBefore, err = queryTime(c, "created_before")
	return f, err
}

func queryTime(c *Call, name string) (time.Time, error) {
	text := c.Query(name)
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return at, orchestrator.Invalidf("query parameter %s: %q is no timestamp like 2026-01-31T08:00:00Z", name, text)
	}
	return at, nil
}

func listPipelineRunsByOrg(c *Call) ([]api.PipelineRun, error) {
	f, err := runFilter(c)
	if err != nil {
		return nil, err
	}
	runs, err := c.Service.ListPipelineRuns(c.Context(), c.Org(), f)
	if err != nil {
		return nil, err
	}
	return pagedRuns(c, runs)
}

func listPipelineRuns(c *Call) ([]api.PipelineRun, error) {
	f, err := runFilter(c)
	if err != nil {
		return nil, err
	}
	runs, err := c.Service.ListRunsOfPipeline(c.Context(), c.Org(), c.App(), c.Param("pipelineId"), f)
	if err != nil {
		return nil, err
	}
	return pagedRuns(c, runs)
}

func pagedRuns(c *Call, runs []orchestrator.PipelineRun) ([]api.PipelineRun, error) {
	page, err := paged(c, runs, func(r orchestrator.PipelineRun) string { return r.ID })
	return convert(page, wireRun), err
}

func getPipelineRun(c *Call) (api.PipelineRun, error) {
	return tagRun(c)(c.Service.GetPipelineRun(c.Context(), runKey(c)))
}

// tagRun sends the entity tag of a run along.
func tagRun(c *Call) func(*orchestrator.PipelineRun, error) (api.PipelineRun, error) {
	return func(r *orchestrator.PipelineRun, err error) (api.PipelineRun, error) {
		if err != nil {
			return api.PipelineRun{}, err
		}
		c.Header().Set("ETag", orchestrator.PipelineETag(r.Version))
		return wireRun(*r), nil
	}
}

func deletePipelineRun(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeletePipelineRun(c.Context(), runKey(c), c.Request().Header.Get("If-Match"))
}

func cancelPipelineRun(c *Call) (Empty, error) {
	return Empty{}, c.Service.CancelPipelineRun(c.Context(), runKey(c), c.Request().Header.Get("If-Match"))
}

// createPipelineRun answers 204 to a dry run, which is why it writes the answer itself.
func createPipelineRun(c *Call) error {
	var in api.PipelineRunCreate
	if err := c.decode(&in, true); err != nil {
		return err
	}
	return sendRun(c, func(order orchestrator.PipelineRunOrder) (*orchestrator.PipelineRun, error) {
		return c.Service.CreatePipelineRun(c.Context(), c.Org(), c.App(), c.Param("pipelineId"), in.Inputs, order)
	})
}

func createRunByCriteria(c *Call) error {
	var in api.PipelineRunByCriteria
	if err := c.decode(&in, false); err != nil {
		return err
	}
	env := in.EnvID
	if env == "" {
		env = in.Environment
	}
	request := orchestrator.DeploymentByPipeline{
		Trigger: in.Trigger, EnvID: env, DeltaID: in.DeltaID, DeploymentID: in.DeploymentID, SetID: in.SetID,
		ValueSetVersionID: in.ValueSetVersionID, Comment: in.Comment, Mode: in.Mode,
	}
	return sendRun(c, func(order orchestrator.PipelineRunOrder) (*orchestrator.PipelineRun, error) {
		return c.Service.RequestDeployment(c.Context(), c.Org(), c.App(), request, order)
	})
}

func sendRun(c *Call, create func(orchestrator.PipelineRunOrder) (*orchestrator.PipelineRun, error)) error {
	dry, err := c.QueryBool("dry_run")
	if err != nil {
		return err
	}
	run, err := create(orchestrator.PipelineRunOrder{DryRun: dry, IdempotencyKey: c.Request().Header.Get("Idempotency-Key")})
	if err != nil {
		return err
	}
	if dry {
		return c.send(http.StatusNoContent, Empty{})
	}
	out, err := tagRun(c)(run, nil)
	if err != nil {
		return err
	}
	return c.send(http.StatusCreated, out)
}

func restartPipelineRun(c *Call) (api.PipelineRun, error) {
	return tagRun(c)(c.Service.RestartPipelineRun(c.Context(), runKey(c), c.Request().Header.Get("Idempotency-Key")))
}

func listPipelineJobs(c *Call) ([]api.PipelineJobPartial, error) {
	jobs, run, err := c.Service.ListPipelineJobs(c.Context(), runKey(c), c.QueryAll("status"))
	if err != nil {
		return nil, err
	}
	page, err := paged(c, jobs, func(j orchestrator.PipelineJob) string { return j.ID })
	return convert(page, func(j orchestrator.PipelineJob) api.PipelineJobPartial { return wireJob(j, run) }), err
}

func getPipelineJob(c *Call) (api.PipelineJob, error) {
	job, run, err := c.Service.GetPipelineJob(c.Context(), runKey(c), c.Param("jobId"))
	if err != nil {
		return api.PipelineJob{}, err
	}
	c.Header().Set("ETag", orchestrator.PipelineETag(job.Version))
	return api.PipelineJob{PipelineJobPartial: wireJob(job.PipelineJob, run), Steps: convert(job.Steps, wireStep)}, nil
}

func listPipelineStepLogs(c *Call) ([]api.PipelineStepLog, error) {
	index, err := strconv.Atoi(c.Param("stepIndex"))
	if err != nil {
		index = -1 // no step has it; whether the run exists for the caller comes first
	}
	lines, err := c.Service.PipelineStepLog(c.Context(), runKey(c), c.Param("jobId"), index, 0, 0)
	if err != nil {
		return nil, err
	}
	page, err := paged(c, lines, func(l orchestrator.PipelineLogLine) string { return strconv.Itoa(l.Line) })
	return convert(page, wireStepLog), err
}

func wireStepLog(l orchestrator.PipelineLogLine) api.PipelineStepLog {
	return api.PipelineStepLog{At: api.NewTime(l.At), Level: l.Level, Message: l.Message}
}

func listPipelineApprovals(c *Call) ([]api.PipelineApprovalRequest, error) {
	list, err := c.Service.ListPipelineApprovals(c.Context(), c.Org(), c.App(), orchestrator.PipelineApprovalFilter{
		Pipelines: c.QueryAll("pipeline"), Runs: c.QueryAll("run"), Status: c.Query("status"),
	})
	if err != nil {
		return nil, err
	}
	page, err := paged(c, list, func(a orchestrator.PipelineApproval) string { return a.ID })
	return convert(page, wireApproval), err
}

func getPipelineApproval(c *Call) (api.PipelineApprovalRequest, error) {
	return as(wireApproval)(c.Service.GetPipelineApproval(c.Context(), runKey(c), c.Param("jobId"), c.Param("approvalId")))
}

func decideApproval(approve bool) func(c *Call) (api.PipelineApprovalRequest, error) {
	return func(c *Call) (api.PipelineApprovalRequest, error) {
		return as(wireApproval)(c.Service.DecidePipelineApproval(c.Context(), runKey(c), c.Param("jobId"), c.Param("approvalId"), approve))
	}
}

func getPipelineBatch(c *Call) (api.PipelineBatch, error) {
	items, err := c.Service.GetPipelineBatch(c.Context(), c.Org(), c.App(), c.Param("pipelineId"), c.Param("batchType"))
	if err != nil {
		return api.PipelineBatch{}, err
	}
	out := api.PipelineBatch{Items: convert(items, func(i orchestrator.PipelineBatchItem) api.PipelineBatchItem {
		return api.PipelineBatchItem{Type: i.Type, Ref: i.ArtefactVersionID}
	})}
	if len(items) > 0 {
		out.ScheduledAt = api.NewTimePtr(&items[0].DueAt)
	}
	return out, nil
}

func wireRun(r orchestrator.PipelineRun) api.PipelineRun {
	return api.PipelineRun{
		ID: r.ID, WorkflowID: r.WorkflowID(), ETag: orchestrator.PipelineETag(r.Version), OrgID: r.OrgID, AppID: r.AppID, EnvIDs: orEmptyList(r.EnvIDs),
		PipelineID: r.PipelineID, PipelineVersion: r.PipelineVersion, Status: r.Status, StatusMessage: r.StatusMessage,
		CreatedAt: api.NewTime(r.CreatedAt), CreatedBy: r.CreatedBy, ExecutingAt: api.NewTimePtr(r.ExecutingAt),
		CancellationRequestedAt: api.NewTimePtr(r.CancelRequestedAt), CompletedAt: api.NewTimePtr(r.CompletedAt),
		TimeoutSeconds: r.TimeoutSeconds, Trigger: r.Trigger, Inputs: orEmptyMap(r.Inputs), RunAs: r.RunAs,
		ConcurrencyGroup: r.ConcurrencyGroup, WaitingFor: orEmptyMap(r.WaitingFor), ParentRunID: r.ParentRun, RestartedFrom: r.RestartedFrom,
	}
}

func wireJob(j orchestrator.PipelineJob, run *orchestrator.PipelineRun) api.PipelineJobPartial {
	return api.PipelineJobPartial{
		ID: j.ID, Name: j.Name, ETag: orchestrator.PipelineETag(j.Version), OrgID: j.OrgID, AppID: run.AppID, PipelineID: run.PipelineID,
		PipelineVersion: run.PipelineVersion, RunID: j.RunID, Status: j.Status, WaitingFor: j.WaitingFor, StatusMessage: j.StatusMessage,
		CreatedAt: api.NewTime(j.CreatedAt), UpdatedAt: api.NewTime(j.UpdatedAt), CancellationRequestedAt: api.NewTimePtr(j.CancelRequestedAt),
		CompletedAt: api.NewTimePtr(j.CompletedAt), TimeoutSeconds: j.TimeoutSeconds, Outputs: j.Outputs,
	}
}

func wireStep(p orchestrator.PipelineStep) api.PipelineStep {
	return api.PipelineStep{
		Index: p.Index, Name: p.Name, Uses: p.Uses, Status: p.Status, StatusMessage: p.StatusMessage, CreatedAt: api.NewTime(p.CreatedAt),
		CompletedAt: api.NewTimePtr(p.CompletedAt), TimeoutSeconds: p.TimeoutSeconds, RelatedEntities: orEmptyMap(p.Related), Outputs: p.Outputs,
	}
}

func wireApproval(a orchestrator.PipelineApproval) api.PipelineApprovalRequest {
	return api.PipelineApprovalRequest{
		ID: a.ID, OrgID: a.OrgID, AppID: a.AppID, PipelineID: a.PipelineID, RunID: a.RunID, JobID: a.JobID, EnvID: a.EnvID,
		Message: a.Message, CreatedAt: api.NewTime(a.CreatedAt), Status: a.Status, ApprovedBy: a.DecidedBy, ApprovedAt: api.NewTimePtr(a.DecidedAt),
	}
}
