package server

import (
	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func graphRoutes() []Route {
	const graphs = envPath + "/resources/graphs"
	return tagged("Resource Graphs", []Route{
		accept(Route{Method: "POST", Path: graphs, OperationID: "createDependencyGraph",
			Summary: "Compute and store the resource graph of the given resources"}, createGraph),
		answer(Route{Method: "GET", Path: graphs + "/{graphId}", OperationID: "getDependencyGraph",
			Summary: "Get a stored resource graph"}, getGraph),
		accept(Route{Method: "POST", Path: envPath + "/resources/graph", OperationID: "queryResourceGraph",
			Summary: "Compute a resource graph without storing it (deprecated: use graphs)"}, queryGraph),
	})
}

func createGraph(c *Call, in []api.ResourceRequest) (api.DependencyGraph, error) {
	return as(wireGraph)(c.Service.CreateGraph(c.Context(), c.Env(), graphRequests(in)))
}

func getGraph(c *Call) (api.DependencyGraph, error) {
	return as(wireGraph)(c.Service.GetGraph(c.Context(), c.Env(), c.Param("graphId")))
}

func queryGraph(c *Call, in []api.ResourceRequest) ([]api.GraphNode, error) {
	return asList(wireGraphNode)(c.Service.QueryGraph(c.Context(), c.Env(), graphRequests(in)))
}

func graphRequests(in []api.ResourceRequest) []graph.Request {
	return convert(in, func(r api.ResourceRequest) graph.Request {
		return graph.Request{Key: resource.Key{Type: r.Type, Class: r.Class, ID: r.ID}.Normalized(), Inputs: r.Resource}
	})
}

func wireGraph(g orchestrator.GraphRecord) api.DependencyGraph {
	return api.DependencyGraph{
		ID: g.ID, Hash: g.Hash, Nodes: convert(g.Nodes, wireGraphNode), CreatedAt: api.NewTime(g.CreatedAt), UsedAt: api.NewTime(g.UsedAt),
	}
}

func wireGraphNode(n orchestrator.GraphNode) api.GraphNode {
	return api.GraphNode{
		Type: n.Type, Class: n.Class, ID: n.ID, GUResID: n.GUResID, DefID: n.DefID, DefVersionID: n.DefVersionID,
		CriteriaID: n.CriteriaID, DriverType: n.DriverType, DriverAccount: n.DriverAccount,
		Driver: orEmptyMap(n.Driver), Resource: orEmptyMap(n.Resource), ResourceSchema: orEmptyMap(n.ResourceSchema),
		Target: n.Target, DependsOn: orEmptyList(n.DependsOn), InPlaceDriverChange: n.InPlaceDriverChange,
	}
}
