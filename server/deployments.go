package server

import (
	"net/http"
	"strings"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

const deployPath = envPath + "/deploys/{deployId}"

func deploymentRoutes() []Route {
	const list = envPath + "/deploys"
	create := stream[api.Deployment](Route{Method: "POST", Path: list, OperationID: "createDeployment", Tag: "Deployments", Status: http.StatusCreated,
		AlsoStatus: []int{http.StatusAccepted}, AlsoBodies: map[int]any{http.StatusAccepted: api.StoredPlan{}},
		Summary: "Ask for a deployment of a Delta, of a Deployment Set, or of the base as it is; the Pipeline whose criteria match carries it out. " +
			"With preview only a plan is made"}, createDeployment)
	create.Request = api.CreateDeploymentRequest{}
	return []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listDeployments", Tag: "Deployments",
			Summary: "List the deployments of an Environment, newest first",
			Query: []Query{
				{Name: "pipelineRunId", Doc: "Only those of a pipeline run: <pipeline id>,<run id>"},
				{Name: "limit", Type: "integer", Doc: "At most so many; all when absent"},
			}}, listDeployments),
		create,
		answer(Route{Method: "GET", Path: deployPath, OperationID: "getDeployment", Tag: "Deployments",
			Summary: "Get a deployment"}, getDeployment),
		answer(Route{Method: "GET", Path: deployPath + "/errors", OperationID: "listDeploymentErrors", Tag: "Deployments",
			Summary: "List why a deployment failed"}, listDeploymentErrors),
		answer(Route{Method: "POST", Path: deployPath + "/cancel", OperationID: "cancelDeployment", Tag: "Deployments",
			Status: http.StatusAccepted, Summary: "Ask for the end of a deployment; what exists is kept and recorded"}, cancelDeployment),
	}
}

func listDeployments(c *Call) ([]api.Deployment, error) {
	limit, err := c.QueryInt("limit", 0)
	if err != nil {
		return nil, err
	}
	pipeline, run, _ := strings.Cut(c.Query("pipelineRunId"), ",")
	list, err := c.Service.ListDeployments(c.Context(), c.Env(), orchestrator.DeploymentFilter{
		PipelineID: pipeline, RunID: run, Limit: int(min(limit, maxLimit)),
	})
	if err != nil {
		return nil, err
	}
	return c.withWaiting(list)
}

func createDeployment(c *Call) error {
	var in api.CreateDeploymentRequest
	if err := c.decode(&in, false); err != nil {
		return err
	}
	if in.Preview {
		return c.preview(in)
	}
	req := orchestrator.DeploymentRequest{
		DeltaID: in.DeltaID, SetID: in.SetID, Comment: in.Comment, Mode: in.Mode,
		ValueSetVersionID: deref(in.ValueSetVersionID), FreezeOverride: in.FreezeOverride, Plan: in.Plan,
	}
	if p := in.Pipeline; p != nil {
		req.Pipeline = &orchestrator.PipelineRef{ID: p.ID, RunID: p.RunID, JobID: p.JobID, StepIndex: p.StepIndex}
	}
	d, err := as(wireDeployment)(c.Service.Deploy(c.Context(), c.Env(), req))
	if err != nil {
		return err
	}
	return c.send(http.StatusCreated, d)
}

// preview deploys nothing: what would be done is found out, drivers included.
func (c *Call) preview(in api.CreateDeploymentRequest) error {
	if in.Plan != "" {
		return orchestrator.Invalidf("preview: a preview makes a plan, and plan carries one out; give one of them")
	}
	p, err := createPlan(c, api.PlanDeploymentRequest{DeltaID: in.DeltaID, SetID: in.SetID, ValueSetVersionID: in.ValueSetVersionID})
	if err != nil {
		return err
	}
	return c.send(http.StatusAccepted, p)
}

func getDeployment(c *Call) (api.Deployment, error) {
	return c.withWaitingOne(c.Service.GetDeployment(c.Context(), c.Env(), c.Param("deployId")))
}

func listDeploymentErrors(c *Call) ([]api.DeploymentError, error) {
	return asList(wireDeploymentError)(c.Service.ListDeploymentErrors(c.Context(), c.Env(), c.Param("deployId")))
}

func cancelDeployment(c *Call) (api.Deployment, error) {
	return as(wireDeployment)(c.Service.CancelDeployment(c.Context(), c.Env(), c.Param("deployId")))
}

func wireDeployment(d orchestrator.Deployment) api.Deployment {
	out := api.Deployment{
		ID: d.ID, EnvID: d.EnvID, FromID: d.FromID, DeltaID: d.DeltaID, SetID: d.SetID, Comment: d.Comment,
		CreatedAt: api.NewTime(d.CreatedAt), CreatedBy: d.CreatedBy,
		WorkflowID: d.WorkflowID(), Status: string(d.Status), StatusChangedAt: api.NewTime(d.StatusChangedAt),
		ValueSetVersionID: optional(d.ValueSetVersionID), DependencyGraphID: d.GraphID,
		LegacyMode: true, Mode: d.Mode,
		Outcome: string(d.Outcome), Phase: d.Phase,
		CancelRequestedAt: api.NewTimePtr(d.CancelRequestedAt), CancelRequestedBy: d.CancelRequestedBy,
		StartedAt: api.NewTimePtr(d.StartedAt), FinishedAt: api.NewTimePtr(d.FinishedAt),
	}
	if out.Mode == "" {
		out.Mode = "full"
	}
	if p := d.Pipeline; p != nil {
		out.Pipeline = &api.PipelineReference{ID: p.ID, RunID: p.RunID, JobID: p.JobID, StepIndex: p.StepIndex}
	}
	if d.TargetKind != "" {
		out.Target = &api.DeploymentTarget{Kind: d.TargetKind, Revision: d.TargetRevision, URL: d.TargetURL}
	}
	return out
}

func wireDeploymentError(e orchestrator.DeploymentError) api.DeploymentError {
	return api.DeploymentError{
		Scope: e.Scope, Code: e.Code, ErrorType: e.ErrorType, ObjectID: e.ObjectID, Summary: e.Summary, Message: e.Message,
	}
}
