package server

import (
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func activeResourceRoutes() []Route {
	const list = envPath + "/resources"
	const item = list + "/{type}/{resId}"
	return tagged("Active Resources", []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listActiveResources",
			Summary: "List the resources of an Environment",
			Query:   []Query{{Name: "scheduled_deletion", Type: "boolean", Doc: "Only those that are, or are not, to be deleted; true lists those that were replaced as well"}},
		}, listActiveResources),
		answer(Route{Method: "DELETE", Path: item, OperationID: "deleteActiveResource",
			Summary: "Delete the resources with that type (type.class for one class) and id or GUResID, or only forget them",
			Query:   []Query{{Name: "detach", Type: "boolean", Doc: "Leave the real resources alone and forget them"}},
		}, deleteActiveResource),
		accept(Route{Method: "POST", Path: item + "/actions/pin", OperationID: "pinActiveResource",
			Summary: "Pin a resource to a version of its definition; null unpins it"}, pinActiveResource),
		answer(Route{Method: "GET", Path: definitionPath + "/resources", OperationID: "listActiveResourceByDefinition",
			Summary: "List the resources that a definition made, in all Environments"}, listResourcesOfDefinition),
	})
}

func listActiveResources(c *Call) ([]api.ActiveResource, error) {
	var scheduled *bool
	if c.query.Has("scheduled_deletion") {
		value, err := c.QueryBool("scheduled_deletion")
		if err != nil {
			return nil, err
		}
		scheduled = &value
	}
	return asList(wireActiveResource)(c.Service.ListActiveResources(c.Context(), c.Env(), scheduled))
}

func deleteActiveResource(c *Call) (Deleted, error) {
	detach, err := c.QueryBool("detach")
	if err != nil {
		return Deleted{}, err
	}
	going, err := c.Service.DeleteActiveResource(c.Context(), c.Env(), c.Param("type"), c.Param("resId"), detach)
	return Deleted{Going: going}, err
}

func pinActiveResource(c *Call, in api.PinResourceRequest) (api.ActiveResource, error) {
	return as(wireActiveResource)(
		c.Service.PinActiveResource(c.Context(), c.Env(), c.Param("type"), c.Param("resId"), in.TargetDefVersionID))
}

func listResourcesOfDefinition(c *Call) ([]api.ActiveResource, error) {
	return asList(wireActiveResource)(c.Service.ListResourcesOfDefinition(c.Context(), c.Org(), c.Param("defId")))
}

func wireActiveResource(r orchestrator.ActiveResource) api.ActiveResource {
	return api.ActiveResource{
		OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID, EnvType: r.EnvType, Type: r.Key.Type, Class: r.Key.Class, ResID: r.Key.ID,
		GUResID: r.GUResID, DefID: r.DefID, DefVersionID: r.DefVersionID, TargetDefVersionID: r.TargetDefVersionID,
		CriteriaID: r.CriteriaID, DriverType: r.DriverType, DriverAccount: r.DriverAccount,
		Resource: orEmptyMap(r.Values), SecretRefs: orEmptyMap(r.SecretRefs), Status: r.Status, StatusMessage: r.StatusMessage, Retired: r.Retired, DeployID: r.DeployID,
		ScheduledDeletion: r.ScheduledDeletion, UpdatedAt: api.NewTime(r.UpdatedAt),
	}
}
