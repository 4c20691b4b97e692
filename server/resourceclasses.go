package server

import (
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func resourceClassRoutes() []Route {
	const of = resourcesPath + "/types/{typeId}/classes"
	return tagged("Resource Classes", []Route{
		answer(Route{Method: "GET", Path: resourcesPath + "/classes", OperationID: "listResourceClasses",
			Summary: "List Resource Classes"}, listResourceClasses),
		accept(Route{Method: "POST", Path: of, OperationID: "createResourceClass",
			Summary: "Document a class of a Resource Type"}, createResourceClass),
		answer(Route{Method: "GET", Path: of + "/{classId}", OperationID: "getResourceClass",
			Summary: "Get a Resource Class"}, getResourceClass),
		accept(Route{Method: "PATCH", Path: of + "/{classId}", OperationID: "updateResourceClass",
			Summary: "Change the description of a Resource Class"}, describeResourceClass),
		answer(Route{Method: "DELETE", Path: of + "/{classId}", OperationID: "deleteResourceClass",
			Summary: "Delete a Resource Class"}, deleteResourceClass),
	})
}

func listResourceClasses(c *Call) ([]api.ResourceClass, error) {
	return asList(wireResourceClass)(c.Service.ListResourceClasses(c.Context(), c.Org()))
}

func createResourceClass(c *Call, in api.CreateResourceClassRequest) (api.ResourceClass, error) {
	return as(wireResourceClass)(c.Service.CreateResourceClass(c.Context(), c.Org(), c.Param("typeId"), in.ID, in.Description))
}

func getResourceClass(c *Call) (api.ResourceClass, error) {
	return as(wireResourceClass)(c.Service.GetResourceClass(c.Context(), c.Org(), c.Param("typeId"), c.Param("classId")))
}

func describeResourceClass(c *Call, in api.UpdateResourceClassRequest) (api.ResourceClass, error) {
	return as(wireResourceClass)(
		c.Service.DescribeResourceClass(c.Context(), c.Org(), c.Param("typeId"), c.Param("classId"), in.Description))
}

func deleteResourceClass(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeleteResourceClass(c.Context(), c.Org(), c.Param("typeId"), c.Param("classId"))
}

func wireResourceClass(r orchestrator.ResourceClass) api.ResourceClass {
	return api.ResourceClass{
		ID: r.ID, ResourceType: r.ResourceType, Description: r.Description, CreatedAt: api.NewTime(r.CreatedAt), CreatedBy: r.CreatedBy,
	}
}
