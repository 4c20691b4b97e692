package server

import (
	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

var explainQuery = []Query{
	{Name: "type", Doc: "Only resources of this type"}, {Name: "class", Doc: "Only resources of this class"}, {Name: "id", Doc: "Only resources with this id"},
}

func explainRoutes() []Route {
	return tagged("Resource Graphs", []Route{
		answer(Route{Method: "GET", Path: envPath + "/deploys/{deployId}/resources/explain", OperationID: "explainDeploymentResources",
			Summary: "Say why the resources of a deployment are there, and why by these definitions", Query: explainQuery}, explainDeployment),
		accept(Route{Method: "POST", Path: envPath + "/resources/graphs/explain", OperationID: "explainResources", BodyOptional: true,
			Summary: "Say which resources a set would have now, and why, without deploying it", Query: explainQuery}, explainPlan),
	})
}

func explainFilter(c *Call) orchestrator.ExplainFilter {
	return orchestrator.ExplainFilter{Type: c.Query("type"), Class: c.Query("class"), ID: c.Query("id")}
}

func explainDeployment(c *Call) (api.ResourceExplanations, error) {
	return as(wireExplanations)(c.Service.ExplainDeployment(c.Context(), c.Env(), c.Param("deployId"), explainFilter(c)))
}

func explainPlan(c *Call, in api.ExplainRequest) (api.ResourceExplanations, error) {
	request := orchestrator.ExplainRequest{SetID: in.SetID, DeltaID: in.DeltaID, Delta: in.Delta}
	if in.Set != nil {
		request.Set = &deployset.Set{Modules: in.Set.Modules, Shared: in.Set.Shared, Workloads: in.Set.Workloads}
	}
	return as(wireExplanations)(c.Service.ExplainPlan(c.Context(), c.Env(), request, explainFilter(c)))
}

func wireExplanations(g orchestrator.ExplainedGraph) api.ResourceExplanations {
	return api.ResourceExplanations{
		DeploymentID: g.DeploymentID, SetID: g.SetID, GraphID: g.GraphID, Resources: convert(g.Resources, wireExplanation),
		Problems: orEmptyList(g.Problems), Warnings: orEmptyList(g.Warnings),
	}
}

func wireExplanation(r orchestrator.ExplainedResource) api.ResourceExplanation {
	n := r.Node
	out := api.ResourceExplanation{
		Type: n.Key.Type, Class: n.Key.Class, ID: n.Key.ID, GUResID: r.GUResID, Status: string(r.Status), Action: r.Action, CriteriaID: n.CriteriaID,
		Chosen: r.Chosen, AskedBy: []api.ResourceOrigin{}, Candidates: []api.ResourceCandidate{}, DependsOn: []api.ResourceDependency{},
		Dependents: convert(r.Dependents, wireKey), Notes: orEmptyList(r.Notes),
	}
	if def := n.Definition; def != nil {
		out.DefID, out.DefVersionID, out.DriverType, out.DriverAccount = def.ID, def.VersionID, def.DriverType, def.DriverAccount
	}
	for i, o := range n.Origins {
		origin := api.ResourceOrigin{Kind: o.Kind, Detail: o.Detail, Text: r.Asked[i]}
		if o.By != (resource.Key{}) {
			by := wireKey(o.By)
			origin.By = &by
		}
		out.AskedBy = append(out.AskedBy, origin)
	}
	for i, candidate := range n.Candidates {
		out.Candidates = append(out.Candidates, api.ResourceCandidate{
			DefID: candidate.DefinitionID, DefVersionID: candidate.VersionID, Criteria: wireCriteria(candidate.Criteria),
			Matches: candidate.Matches, Chosen: i == 0 && candidate.Matches, IsDefault: candidate.IsDefault, Verdict: r.Verdicts[i],
		})
	}
	for i, key := range n.DependsOn {
		out.DependsOn = append(out.DependsOn, api.ResourceDependency{
			Type: key.Type, Class: key.Class, ID: key.ID, Reasons: wireReasons(n, i, r.Needs[i]),
		})
	}
	return out
}

// wireReasons are the reasons of one dependency; texts are in the same order.
func wireReasons(n *graph.Node, on int, texts []string) []api.DependencyReason {
	out := []api.DependencyReason{}
	for _, reason := range n.Why {
		if reason.On != on {
			continue
		}
		wired := api.DependencyReason{Kind: reason.Kind, Detail: reason.Detail, Location: reason.Location, Text: texts[len(out)]}
		if reason.By != nil {
			by := wireKey(*reason.By)
			wired.By = &by
		}
		out = append(out, wired)
	}
	return out
}

func wireKey(k resource.Key) api.ResourceReferenceTo {
	return api.ResourceReferenceTo{Type: k.Type, Class: k.Class, ID: k.ID}
}
