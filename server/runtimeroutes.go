package server

import (
	"strings"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// mediaRuntimeV2 asks for the newer shape of a runtime.
const mediaRuntimeV2 = "application/v2+json"

// runtimeRoutes are the operations of how what is deployed runs.
func runtimeRoutes() []Route {
	return tagged("Runtime", []Route{
		stream[api.RuntimeV1](Route{Method: "GET", Path: envPath + "/runtime", OperationID: "getRuntime", Also: map[string]any{mediaRuntimeV2: api.Runtime{}},
			Summary: "Look at what runs of an Environment: controllers, pods, containers, and why they do not; reasons come with Accept: " + mediaRuntimeV2}, getRuntime),
		answer(Route{Method: "GET", Path: appPath + "/runtime", OperationID: "listRuntime", Query: []Query{{Name: "id", Doc: "Environment; give one to five"}},
			Summary: "Look at the state of several Environments"}, listRuntime),
		answer(Route{Method: "GET", Path: envPath + "/runtime/events", OperationID: "listRuntimeEvents", Query: []Query{
			{Name: "workload_id", Doc: "Only events of this workload, beside those of deployments"}, {Name: "limit", Type: "integer", Doc: "At most so many: 500 is the most, and what is meant when absent"},
		}, Summary: "List what the cluster noted about an Environment and how its last deployments went, newest first"}, listRuntimeEvents),
		accept(Route{Method: "POST", Path: orgPath + "/runtime/actions/check-connectivity", OperationID: "checkClusterConnectivity",
			Summary: "Check which cluster a context has, and whether it answers"}, checkConnectivity),
	})
}

// getRuntime answers the older shape unless the client accepts the newer one.
func getRuntime(c *Call) error {
	found, err := c.Service.GetRuntime(c.Context(), c.Env())
	if err != nil {
		return err
	}
	if strings.Contains(c.Request().Header.Get("Accept"), mediaRuntimeV2) {
		return c.sendAs(mediaRuntimeV2, wireRuntime(*found))
	}
	return c.send(200, wireRuntimeV1(*found))
}

func listRuntime(c *Call) ([]api.EnvironmentRuntime, error) {
	return asList(func(r orchestrator.RuntimeSummary) api.EnvironmentRuntime {
		return api.EnvironmentRuntime{ID: r.EnvID, Paused: r.Paused, Status: r.Status, Error: r.Error}
	})(c.Service.ListRuntime(c.Context(), c.Org(), c.App(), c.QueryAll("id")))
}

func listRuntimeEvents(c *Call) (api.RuntimeEvents, error) {
	limit, err := c.QueryInt("limit", 0)
	if err != nil {
		return api.RuntimeEvents{}, err
	}
	return as(func(e orchestrator.EnvEvents) api.RuntimeEvents {
		return api.RuntimeEvents{Message: e.Message, Events: convert(e.Events, func(e orchestrator.RuntimeEvent) api.RuntimeEvent {
			return api.RuntimeEvent{
				At: api.NewTime(e.At), Source: e.Source, Type: e.Type, Reason: e.Reason, Kind: e.Kind, Object: e.Object,
				Workload: e.Workload, Count: e.Count, Message: e.Message,
			}
		})}
	})(c.Service.RuntimeEvents(c.Context(), c.Env(), c.Query("workload_id"), int(min(limit, maxLimit))))
}

func checkConnectivity(c *Call, in api.ClusterCheckRequest) (api.ClusterCheck, error) {
	request := orchestrator.ClusterCheckRequest{AppID: in.AppID, EnvID: in.EnvID, EnvType: in.EnvType}
	for _, e := range in.Expected {
		request.Expected = append(request.Expected, orchestrator.ExpectedDefinition{Type: e.Type, ID: e.ID})
	}
	return as(wireClusterCheck)(c.Service.CheckCluster(c.Context(), c.Org(), request))
}

func wireClusterCheck(check orchestrator.ClusterCheck) api.ClusterCheck {
	out := api.ClusterCheck{Success: check.Success(), Resources: []api.ClusterCheckResource{}, Conditions: []api.ClusterCheckCondition{}}
	for _, r := range check.Resources {
		one := api.ClusterCheckResource{
			Type: r.Node.Key.Type, Class: r.Node.Key.Class, ResID: r.Node.Key.ID, GUResID: r.GUResID, DependsOn: orEmptyList(r.DependsOn),
		}
		if def := r.Node.Definition; def != nil {
			one.DefID, one.DefVersionID, one.DriverType = def.ID, def.VersionID, def.DriverType
		}
		out.Resources = append(out.Resources, one)
	}
	for _, one := range check.Conditions {
		out.Conditions = append(out.Conditions, api.ClusterCheckCondition{Type: one.Type, Status: one.Status, Message: one.Message})
	}
	return out
}
