package server

import (
	"net/http"

	"github.com/slipway-dev/slipway/engine/catalogue"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// workloadTemplateRoutes are the catalogue, an addition to the published API.
func workloadTemplateRoutes() []Route {
	const list, item = orgPath + "/workload-templates", orgPath + "/workload-templates/{templateId}"
	return tagged("Workload Templates", []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listWorkloadTemplates", Summary: "List Workload Templates", Query: pageQuery}, listTemplates),
		accept(Route{Method: "POST", Path: list, OperationID: "createWorkloadTemplate", Status: http.StatusCreated, Summary: "Create a Workload Template"}, createTemplate),
		answer(Route{Method: "GET", Path: item, OperationID: "getWorkloadTemplate", Summary: "Get a Workload Template"}, getTemplate),
		accept(Route{Method: "PUT", Path: item, OperationID: "updateWorkloadTemplate", Summary: "Replace a Workload Template"}, replaceTemplate),
		answer(Route{Method: "DELETE", Path: item, OperationID: "deleteWorkloadTemplate", Summary: "Delete a Workload Template"}, deleteTemplate),
		accept(Route{Method: "POST", Path: item + "/actions/instantiate", OperationID: "instantiateWorkloadTemplate",
			Summary: "Make a Score file from a Workload Template"}, instantiateTemplate),
	})
}

func listTemplates(c *Call) ([]api.WorkloadTemplate, error) {
	all, err := c.Service.ListWorkloadTemplates(c.Context(), c.Org())
	if err != nil {
		return nil, err
	}
	page, err := paged(c, all, func(t orchestrator.WorkloadTemplate) string { return t.OrgID + "/" + t.ID })
	return convert(page, wireTemplate), err
}

func getTemplate(c *Call) (api.WorkloadTemplate, error) {
	return as(wireTemplate)(c.Service.GetWorkloadTemplate(c.Context(), c.Org(), c.Param("templateId")))
}

func createTemplate(c *Call, in api.WorkloadTemplateRequest) (api.WorkloadTemplate, error) {
	return as(wireTemplate)(c.Service.CreateWorkloadTemplate(c.Context(), c.Org(), templateOf(in.ID, in)))
}

func replaceTemplate(c *Call, in api.WorkloadTemplateRequest) (api.WorkloadTemplate, error) {
	return as(wireTemplate)(c.Service.ReplaceWorkloadTemplate(c.Context(), c.Org(), templateOf(c.Param("templateId"), in)))
}

func deleteTemplate(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeleteWorkloadTemplate(c.Context(), c.Org(), c.Param("templateId"))
}

func instantiateTemplate(c *Call, in api.InstantiateTemplateRequest) (api.InstantiatedTemplate, error) {
	return as(func(w catalogue.Workload) api.InstantiatedTemplate { return api.InstantiatedTemplate(w) })(
		c.Service.InstantiateWorkloadTemplate(c.Context(), c.Org(), c.Param("templateId"), in.Parameters))
}

func templateOf(id string, in api.WorkloadTemplateRequest) orchestrator.WorkloadTemplate {
	return orchestrator.WorkloadTemplate{ID: id, Name: in.Name, Description: in.Description, Parameters: in.Parameters, Score: in.Score}
}

func wireTemplate(t orchestrator.WorkloadTemplate) api.WorkloadTemplate {
	return api.WorkloadTemplate{
		ID: t.ID, OrgID: t.OrgID, Name: t.Name, Description: t.Description, Parameters: orEmptyMap(t.Parameters), Score: t.Score,
		Resources: convert(t.Template().Resources(), func(r catalogue.Resource) api.TemplateResource { return api.TemplateResource(r) }),
		CreatedAt: api.NewTime(t.CreatedAt), CreatedBy: t.CreatedBy, UpdatedAt: api.NewTime(t.UpdatedAt), UpdatedBy: t.UpdatedBy,
	}
}
