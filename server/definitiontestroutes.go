package server

import (
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func definitionTestRoutes() []Route {
	return tagged("Resource Definitions", []Route{
		accept(Route{Method: "POST", Path: definitionsPath + "/test", OperationID: "testResourceDefinition",
			Summary: "Say what a Resource Definition, or a draft of one, makes of given inputs, and make nothing"}, testDefinition),
	})
}

func testDefinition(c *Call, in api.DefinitionTestRequest) (api.DefinitionTest, error) {
	request := orchestrator.DefinitionTest{
		DefID: in.DefID, VersionID: in.VersionID, Context: orchestrator.DefinitionTestContext(in.Context), Placeholders: in.Placeholders,
		Resource: in.Resource, Secrets: in.Secrets, Cookie: in.Cookie, Default: in.Default,
	}
	if in.Definition != nil {
		definition := definitionRequest(*in.Definition)
		request.Definition = &definition
	}
	return as(wireDefinitionTest)(c.Service.TestDefinition(c.Context(), c.Org(), request))
}

func wireDefinitionTest(in orchestrator.DefinitionTestResult) api.DefinitionTest {
	r := in.Result
	out := api.DefinitionTest{
		Status: in.Status, Driver: r.Driver, Problems: convert(in.Problems, wireTestProblem), Values: orEmptyMap(r.Values), Secrets: orEmptyMap(r.Secrets),
		Manifests: map[string]api.DefinitionTestManifest{}, Init: r.Init, Cookie: r.Cookie, Random: orEmptyList(r.Random), Unstable: orEmptyList(in.Unstable),
		Defaulted: orEmptyList(r.Defaulted), NotRun: r.NotRun, WouldRun: orEmptyList(r.WouldRun), Notes: orEmptyList(r.Notes),
	}
	for name, m := range r.Manifests {
		out.Manifests[name] = api.DefinitionTestManifest(m)
	}
	if r.Inputs != nil {
		out.Inputs = &api.DefinitionTestInputs{Resource: orEmptyMap(r.Inputs.Resource), Values: orEmptyMap(r.Inputs.Values), Secrets: orEmptyMap(r.Inputs.Secrets)}
	}
	return out
}

func wireTestProblem(in orchestrator.TestProblem) api.DefinitionTestProblem {
	return api.DefinitionTestProblem(in)
}
