package server

import (
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func impactRoutes() []Route {
	return tagged("Resource Definitions", []Route{
		accept(Route{Method: "POST", Path: definitionsPath + "/impact", OperationID: "previewResourceDefinitionImpact",
			Summary: "Say what a change of a Resource Definition would do to each Environment, and change nothing"}, definitionImpact),
	})
}

func definitionImpact(c *Call, in api.DefinitionImpactRequest) (api.DefinitionImpact, error) {
	request := orchestrator.ImpactRequest{DefID: in.DefID, VersionID: in.VersionID, Delete: in.Delete}
	if in.Definition != nil {
		definition := definitionRequest(*in.Definition)
		request.Definition = &definition
		if in.Definition.Criteria != nil {
			request.Criteria = &definition.Criteria
		}
	}
	if in.Patch != nil {
		patch := definitionPatch(*in.Patch)
		request.Patch = &patch
	}
	if in.Criteria != nil {
		criteria := convert(*in.Criteria, criteriaOf)
		request.Criteria = &criteria
	}
	return as(wireImpact)(c.Service.DefinitionImpact(c.Context(), c.Org(), request))
}

func definitionRequest(in api.CreateDefinitionRequest) orchestrator.DefinitionRequest {
	return orchestrator.DefinitionRequest{
		ID: in.ID, Name: in.Name, Type: in.Type, DriverType: in.DriverType, DriverAccount: in.DriverAccount,
		DriverInputs: driverInputs(in.DriverInputs), Provision: provisions(in.Provision),
		Criteria: convert(in.Criteria, criteriaOf), InPlaceDriverChange: in.InPlaceDriverChange,
	}
}

func definitionPatch(in api.PatchDefinitionRequest) orchestrator.DefinitionPatch {
	var provision map[string]*resource.Provision
	if in.Provision != nil {
		provision = make(map[string]*resource.Provision, len(in.Provision))
	}
	for key, p := range in.Provision {
		provision[key] = (*resource.Provision)(p)
	}
	return orchestrator.DefinitionPatch{
		Name: in.Name, DriverAccount: in.DriverAccount, DriverInputs: driverInputs(in.DriverInputs), Provision: provision,
		InPlaceDriverChange: in.InPlaceDriverChange, Proposed: in.Proposed,
	}
}

func wireImpact(in orchestrator.Impact) api.DefinitionImpact {
	out := api.DefinitionImpact{
		DefID: in.DefID, Type: in.Type, Examined: in.Examined, Environments: convert(in.Environments, wireEnvironmentImpact),
		Hidden:  api.HiddenImpact{Environments: in.HiddenEnvironments, Resources: in.HiddenResources},
		Summary: map[string]int{},
	}
	for _, env := range in.Environments {
		for _, r := range env.Resources {
			out.Summary[r.Action]++
		}
	}
	return out
}

func wireEnvironmentImpact(in orchestrator.EnvironmentImpact) api.EnvironmentImpact {
	return api.EnvironmentImpact{
		AppID: in.AppID, EnvID: in.EnvID, EnvType: in.EnvType, Fails: in.Fails, Repaired: in.Repaired,
		Problems: orEmptyList(in.Problems), Resources: convert(in.Resources, wireResourceImpact),
	}
}

func wireResourceImpact(in orchestrator.ResourceImpact) api.ResourceImpact {
	return api.ResourceImpact{
		Type: in.Key.Type, Class: in.Key.Class, ID: in.Key.ID, GUResID: in.GUResID, Action: in.Action, Reason: in.Reason,
		FromDef: in.From.DefID, FromDefVersionID: in.From.DefVersionID, FromDriver: in.From.DriverType,
		ToDef: in.To.DefID, ToDefVersionID: in.To.DefVersionID, ToDriver: in.To.DriverType,
	}
}
