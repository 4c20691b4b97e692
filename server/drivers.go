package server

import (
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func driverRoutes() []Route {
	const list, item = resourcesPath + "/drivers", resourcesPath + "/drivers/{driverId}"
	return tagged("Resource Drivers", []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listResourceDrivers",
			Summary: "List the drivers of the Organization and the built-in ones"}, listDrivers),
		accept(Route{Method: "POST", Path: list, OperationID: "createResourceDriver",
			Summary: "Register a Resource Driver"}, createDriver),
		answer(Route{Method: "GET", Path: item, OperationID: "getResourceDriver",
			Summary: "Get a Resource Driver"}, getDriver),
		accept(Route{Method: "PUT", Path: item, OperationID: "updateResourceDriver",
			Summary: "Replace a Resource Driver"}, replaceDriver),
		answer(Route{Method: "DELETE", Path: item, OperationID: "deleteResourceDriver",
			Summary: "Delete a Resource Driver that nothing uses"}, deleteDriver),
	})
}

func listDrivers(c *Call) ([]api.Driver, error) {
	return asList(wireDriver)(c.Service.ListDrivers(c.Context(), c.Org()))
}

func getDriver(c *Call) (api.Driver, error) {
	return as(wireDriver)(c.Service.GetDriver(c.Context(), c.Org(), c.Param("driverId")))
}

func createDriver(c *Call, in api.CreateDriverRequest) (api.Driver, error) {
	return as(wireDriver)(c.Service.CreateDriver(c.Context(), c.Org(), orchestrator.DriverDefinition{
		ID: in.ID, Type: in.Type, AccountTypes: in.AccountTypes, InputsSchema: in.InputsSchema, Target: in.Target, Template: in.Template,
	}))
}

func replaceDriver(c *Call, in api.UpdateDriverRequest) (api.Driver, error) {
	return as(wireDriver)(c.Service.ReplaceDriver(c.Context(), c.Org(), orchestrator.DriverDefinition{
		ID: c.Param("driverId"), Type: in.Type, AccountTypes: in.AccountTypes, InputsSchema: in.InputsSchema,
		Target: in.Target, Template: in.Template,
	}))
}

func deleteDriver(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeleteDriver(c.Context(), c.Org(), c.Param("driverId"))
}

func wireDriver(d orchestrator.DriverDefinition) api.Driver {
	return api.Driver{
		ID: d.ID, OrgID: d.OrgID, Type: d.Type, AccountTypes: orEmptyList(d.AccountTypes), InputsSchema: orEmptyMap(d.InputsSchema),
		Target: d.Target, Template: d.Template,
	}
}
