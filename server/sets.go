package server

import (
	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/score"
	"github.com/slipway-dev/slipway/internal/api"
)

func setRoutes() []Route {
	const list, item = appPath + "/sets", appPath + "/sets/{setId}"
	routes := []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listSets", Summary: "List Deployment Sets"}, listSets),
		answer(Route{Method: "GET", Path: item, OperationID: "getSet",
			Summary: "Get a Deployment Set, or the Delta that turns another one into it",
			Query:   []Query{{Name: "diff", Doc: "Id of the other set"}}}, getSet),
		accept(Route{Method: "POST", Path: item, OperationID: "updateSet",
			Summary: "Apply a Delta to a Deployment Set; the answer is the id of the result as a JSON string"}, applyDelta),
		answer(Route{Method: "GET", Path: item + "/resources", OperationID: "getSetResourceInputs",
			Summary: "List the resources a Deployment Set asks for"}, setResources),
		answer(Route{Method: "GET", Path: item + "/diff/{sourceSetId}", OperationID: "getDiff",
			Summary: "Get the Delta that turns the source set into this one"}, diffSets),
	}
	for i := range routes {
		routes[i].Tag, routes[i].TextNotFound = "Sets", true
	}
	return routes
}

func listSets(c *Call) ([]api.Set, error) {
	return asList(wireSet)(c.Service.ListSets(c.Context(), c.Org(), c.App()))
}

func getSet(c *Call) (api.SetOrDiff, error) {
	if other := c.Query("diff"); other != "" {
		delta, err := c.Service.DiffSets(c.Context(), c.Org(), c.App(), c.Param("setId"), other)
		return api.SetOrDiff{Diff: &delta}, err
	}
	set, err := c.Service.GetSet(c.Context(), c.Org(), c.App(), c.Param("setId"))
	if err != nil {
		return api.SetOrDiff{}, err
	}
	whole := wireSet(set)
	return api.SetOrDiff{Set: &whole}, nil
}

func applyDelta(c *Call, in api.DeltaRequest) (string, error) {
	return c.Service.ApplyDelta(c.Context(), c.Org(), c.App(), c.Param("setId"), in.Content)
}

func setResources(c *Call) ([]api.ResourceInput, error) {
	return asList(func(r deployset.ResourceInput) api.ResourceInput { return api.ResourceInput(r) })(
		c.Service.SetResources(c.Context(), c.Org(), c.App(), c.Param("setId")))
}

func diffSets(c *Call) (api.PlainDelta, error) {
	return c.Service.DiffSets(c.Context(), c.Org(), c.App(), c.Param("setId"), c.Param("sourceSetId"))
}

func wireSet(s deployset.Set) api.Set {
	return api.Set{ID: s.ID(), Modules: orEmptyMap(s.Modules), Shared: orEmptyMap(s.Shared), Workloads: s.Workloads}
}

func scoreRoutes() []Route {
	return []Route{
		accept(Route{Method: "POST", Path: orgPath + "/artefact-versions/convert-score", OperationID: "convertScoreToSet",
			Tag: "Score", Summary: "Convert a Score file into a module and shared resources; nothing is stored"}, convertScore),
	}
}

func convertScore(c *Call, in api.ConvertScoreRequest) (api.ConvertedScore, error) {
	out, err := c.Service.ConvertScore(c.Context(), c.Org(), score.Input{
		Spec: in.Spec, Image: in.Image, Overrides: in.Overrides, PropertyOverrides: in.PropertyOverrides,
		TypeAliases: in.ResourceTypeAliases, Extensions: in.Extensions,
	})
	if err != nil {
		return api.ConvertedScore{}, err
	}
	return api.ConvertedScore{Modules: orEmptyMap(out.Modules), Shared: orEmptyMap(out.Shared)}, nil
}
