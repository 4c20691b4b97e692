package server

import (
	"net/http"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func applicationRoutes() []Route {
	const list = orgPath + "/apps"
	return []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listApplications", Tag: "Applications",
			Summary: "List Applications"}, listApplications),
		accept(Route{Method: "POST", Path: list, OperationID: "createApplication", Tag: "Applications", Status: http.StatusCreated,
			Summary: "Create an Application, with its first Environment"}, createApplication),
		answer(Route{Method: "GET", Path: appPath, OperationID: "getApplication", Tag: "Applications",
			Summary: "Get an Application"}, getApplication),
		accept(Route{Method: "PATCH", Path: appPath, OperationID: "patchApplication", Tag: "Applications",
			Summary: "Rename an Application"}, renameApplication),
		answer(Route{Method: "DELETE", Path: appPath, OperationID: "deleteApplication", Tag: "Applications",
			Summary: "Delete an Application with everything in it; repeat until 204 or 404"}, deleteApplication),
	}
}

func listApplications(c *Call) ([]api.Application, error) {
	return asList(wireApplication)(c.Service.ListApplications(c.Context(), c.Org()))
}

func createApplication(c *Call, in api.CreateApplicationRequest) (api.Application, error) {
	req := orchestrator.ApplicationRequest{ID: in.ID, Name: in.Name, SkipEnvironment: in.SkipEnvironmentCreation}
	if in.Env != nil {
		req.Environment = &orchestrator.EnvironmentRequest{ID: in.Env.ID, Name: in.Env.Name, TypeID: in.Env.Type}
	}
	return as(wireApplication)(c.Service.CreateApplication(c.Context(), c.Org(), req))
}

func getApplication(c *Call) (api.Application, error) {
	return as(wireApplication)(c.Service.GetApplication(c.Context(), c.Org(), c.App()))
}

func renameApplication(c *Call, in api.UpdateApplicationRequest) (api.Application, error) {
	return as(wireApplication)(c.Service.RenameApplication(c.Context(), c.Org(), c.App(), in.Name))
}

func deleteApplication(c *Call) (Deleted, error) {
	going, err := c.Service.DeleteApplication(c.Context(), c.Org(), c.App())
	return Deleted{Going: going}, err
}

func wireApplication(a orchestrator.ApplicationView) api.Application {
	return api.Application{
		ID: a.ID, Name: a.Name, OrgID: a.OrgID, CreatedAt: api.NewTime(a.CreatedAt), CreatedBy: a.CreatedBy,
		Envs: convert(a.Environments, func(e orchestrator.Environment) api.EnvironmentBase {
			return api.EnvironmentBase{ID: e.ID, Name: e.Name, Type: e.TypeID}
		}),
		Status: a.Status, StatusChangedAt: api.NewTime(a.StatusChangedAt), StatusMessage: a.StatusMessage,
	}
}
