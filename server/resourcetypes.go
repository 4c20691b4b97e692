package server

import (
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func resourceTypeRoutes() []Route {
	const list, item = resourcesPath + "/types", resourcesPath + "/types/{typeId}"
	routes := []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listResourceTypes",
			Summary: "List Resource Types, built-in ones included"}, listResourceTypes),
		accept(Route{Method: "POST", Path: list, OperationID: "createResourceType",
			Summary: "Create a Resource Type of the Organization"}, createResourceType),
		answer(Route{Method: "GET", Path: item, OperationID: "getResourceType",
			Summary: "Get a Resource Type"}, getResourceType),
		accept(Route{Method: "PUT", Path: item, OperationID: "updateResourceType",
			Summary: "Replace a Resource Type"}, replaceResourceType),
		accept(Route{Method: "PATCH", Path: item, OperationID: "patchResourceType",
			Summary: "Change a Resource Type"}, patchResourceType),
		answer(Route{Method: "DELETE", Path: item, OperationID: "deleteResourceType",
			Summary: "Delete a Resource Type of which no resources exist"}, deleteResourceType),
	}
	return tagged("Resource Types", routes)
}

// tagged sets the tag of routes that belong together.
func tagged(tag string, routes []Route) []Route {
	for i := range routes {
		routes[i].Tag = tag
	}
	return routes
}

func listResourceTypes(c *Call) ([]api.ResourceType, error) {
	return asList(wireResourceType)(c.Service.ListResourceTypes(c.Context(), c.Org()))
}

func getResourceType(c *Call) (api.ResourceType, error) {
	return as(wireResourceType)(c.Service.GetResourceType(c.Context(), c.Org(), c.Param("typeId")))
}

func createResourceType(c *Call, in api.CreateResourceTypeRequest) (api.ResourceType, error) {
	return as(wireResourceType)(c.Service.CreateResourceType(c.Context(), c.Org(), orchestrator.ResourceType{
		ID: in.Type, Name: in.Name, Category: in.Category, Use: in.Use, InputsSchema: in.InputsSchema, OutputsSchema: in.OutputsSchema,
	}))
}

func replaceResourceType(c *Call, in api.UpdateResourceTypeRequest) (api.ResourceType, error) {
	return as(wireResourceType)(c.Service.ReplaceResourceType(c.Context(), c.Org(), orchestrator.ResourceType{
		ID: c.Param("typeId"), Name: in.Name, Category: in.Category, Use: in.Use,
		InputsSchema: in.InputsSchema, OutputsSchema: in.OutputsSchema,
	}))
}

func patchResourceType(c *Call, in api.PatchResourceTypeRequest) (api.ResourceType, error) {
	return as(wireResourceType)(c.Service.PatchResourceType(c.Context(), c.Org(), c.Param("typeId"), orchestrator.ResourceTypePatch(in)))
}

func deleteResourceType(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeleteResourceType(c.Context(), c.Org(), c.Param("typeId"))
}

func wireResourceType(t orchestrator.ResourceType) api.ResourceType {
	return api.ResourceType{
		Type: t.ID, Name: t.Name, Category: t.Category, Use: t.Use,
		InputsSchema: orEmptyMap(t.InputsSchema), OutputsSchema: orEmptyMap(t.OutputsSchema),
	}
}
