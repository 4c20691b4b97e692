package server

import (
	"net/http"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func environmentRoutes() []Route {
	const list = appPath + "/envs"
	return []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listEnvironments", Tag: "Environments",
			Summary: "List the Environments of an Application"}, listEnvironments),
		accept(Route{Method: "POST", Path: list, OperationID: "createEnvironment", Tag: "Environments", Status: http.StatusCreated,
			Summary: "Create an Environment; nothing runs in it before its first deployment"}, createEnvironment),
		answer(Route{Method: "GET", Path: envPath, OperationID: "getEnvironment", Tag: "Environments",
			Summary: "Get an Environment"}, getEnvironment),
		accept(Route{Method: "PATCH", Path: envPath, OperationID: "updateEnvironment", Tag: "Environments",
			Summary: "Rename an Environment"}, renameEnvironment),
		answer(Route{Method: "DELETE", Path: envPath, OperationID: "deleteEnvironment", Tag: "Environments",
			Summary: "Delete an Environment with everything that was made for it; repeat until 204 or 404"}, deleteEnvironment),
		accept(Route{Method: "PUT", Path: envPath + "/from_deploy_id", OperationID: "rebaseEnvironment", Tag: "Deployments",
			Summary: "Set which deployment the next one starts from; the body is its id as a JSON string"}, rebaseEnvironment),
	}
}

func environmentTypeRoutes() []Route {
	const list, item = orgPath + "/env-types", orgPath + "/env-types/{envTypeId}"
	return []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listEnvironmentTypes", Tag: "Environment Types",
			Summary: "List Environment Types"}, listEnvironmentTypes),
		accept(Route{Method: "POST", Path: list, OperationID: "createEnvironmentType", Tag: "Environment Types", Status: http.StatusCreated,
			Summary: "Create an Environment Type"}, createEnvironmentType),
		answer(Route{Method: "GET", Path: item, OperationID: "getEnvironmentType", Tag: "Environment Types",
			Summary: "Get an Environment Type"}, getEnvironmentType),
		accept(Route{Method: "PATCH", Path: item, OperationID: "updateEnvironmentType", Tag: "Environment Types",
			Summary: "Change the description of an Environment Type"}, updateEnvironmentType),
		answer(Route{Method: "DELETE", Path: item, OperationID: "deleteEnvironmentType", Tag: "Environment Types",
			Summary: "Delete an Environment Type that no Environment has"}, deleteEnvironmentType),
	}
}

func listEnvironments(c *Call) ([]api.Environment, error) {
	return asList(wireEnvironment)(c.Service.ListEnvironments(c.Context(), c.Org(), c.App()))
}

func createEnvironment(c *Call, in api.CreateEnvironmentRequest) (api.Environment, error) {
	return as(wireEnvironment)(c.Service.CreateEnvironment(c.Context(), c.Org(), c.App(), orchestrator.EnvironmentRequest{
		ID: in.ID, Name: in.Name, TypeID: in.Type, FromDeployID: in.FromDeployID,
	}))
}

func getEnvironment(c *Call) (api.Environment, error) {
	return as(wireEnvironment)(c.Service.GetEnvironment(c.Context(), c.Env()))
}

func renameEnvironment(c *Call, in api.UpdateEnvironmentRequest) (api.Environment, error) {
	return as(wireEnvironment)(c.Service.RenameEnvironment(c.Context(), c.Env(), in.Name))
}

func deleteEnvironment(c *Call) (Deleted, error) {
	going, err := c.Service.DeleteEnvironment(c.Context(), c.Env())
	return Deleted{Going: going}, err
}

func rebaseEnvironment(c *Call, deployID string) (Empty, error) {
	return Empty{}, c.Service.RebaseEnvironment(c.Context(), c.Env(), deployID)
}

func wireEnvironment(e orchestrator.EnvironmentView) api.Environment {
	out := api.Environment{
		ID: e.ID, Name: e.Name, Type: e.TypeID, CreatedAt: api.NewTime(e.CreatedAt), CreatedBy: e.CreatedBy,
		Status: e.Status, StatusChangedAt: api.NewTime(e.StatusChangedAt), StatusMessage: e.StatusMessage,
		QueuePolicy: string(e.QueuePolicy),
	}
	if e.From != nil {
		from := wireDeployment(*e.From)
		out.FromDeploy = &from
	}
	if e.Last != nil {
		last := wireDeployment(*e.Last)
		out.LastDeploy = &last
	}
	return out
}

func listEnvironmentTypes(c *Call) ([]api.EnvironmentType, error) {
	return asList(wireEnvironmentType)(c.Service.ListEnvironmentTypes(c.Context(), c.Org()))
}

func createEnvironmentType(c *Call, in api.CreateEnvironmentTypeRequest) (api.EnvironmentType, error) {
	return as(wireEnvironmentType)(c.Service.CreateEnvironmentType(c.Context(), c.Org(), in.ID, in.Description))
}

func getEnvironmentType(c *Call) (api.EnvironmentType, error) {
	return as(wireEnvironmentType)(c.Service.GetEnvironmentType(c.Context(), c.Org(), c.Param("envTypeId")))
}

func updateEnvironmentType(c *Call, in api.UpdateEnvironmentTypeRequest) (api.EnvironmentType, error) {
	return as(wireEnvironmentType)(c.Service.DescribeEnvironmentType(c.Context(), c.Org(), c.Param("envTypeId"), in.Description))
}

func deleteEnvironmentType(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeleteEnvironmentType(c.Context(), c.Org(), c.Param("envTypeId"))
}

func wireEnvironmentType(t orchestrator.EnvironmentType) api.EnvironmentType {
	return api.EnvironmentType{ID: t.ID, Description: t.Description}
}
