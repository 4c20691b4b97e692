package server

import (
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

const (
	definitionsPath = resourcesPath + "/defs"
	definitionPath  = definitionsPath + "/{defId}"
)

var (
	deletedQuery = Query{Name: "deleted", Type: "boolean", Doc: "Show deleted ones as well"}
	forceQuery   = Query{Name: "force", Type: "boolean", Doc: "Do it even though active resources are affected"}
)

func definitionRoutes() []Route {
	return tagged("Resource Definitions", []Route{
		answer(Route{Method: "GET", Path: definitionsPath, OperationID: "listResourceDefinitions",
			Summary: "List Resource Definitions; with filters those that could match, by type and best first",
			Query: []Query{
				{Name: "app", Doc: "Application"}, {Name: "env", Doc: "Environment"}, {Name: "env_type", Doc: "Environment Type"},
				{Name: "res", Doc: "Resource id"}, {Name: "res_type", Doc: "Resource Type"}, {Name: "class", Doc: "Resource Class"},
				deletedQuery,
			}}, listDefinitions),
		accept(Route{Method: "POST", Path: definitionsPath, OperationID: "createResourceDefinition",
			Summary: "Create a Resource Definition"}, createDefinition),
		answer(Route{Method: "GET", Path: definitionPath, OperationID: "getResourceDefinition",
			Summary: "Get a Resource Definition", Query: []Query{deletedQuery}}, getDefinition),
		accept(Route{Method: "PUT", Path: definitionPath, OperationID: "updateResourceDefinition",
			Summary: "Replace a Resource Definition but for its criteria"}, replaceDefinition),
		accept(Route{Method: "PATCH", Path: definitionPath, OperationID: "patchResourceDefinition",
			Summary: "Change a Resource Definition; keys of maps are replaced, null deletes a key"}, patchDefinition),
		answer(Route{Method: "DELETE", Path: definitionPath, OperationID: "deleteResourceDefinition",
			Summary: "Delete a Resource Definition; 409 lists the active resources that use it", Query: []Query{forceQuery}}, deleteDefinition),
	})
}

func listDefinitions(c *Call) ([]api.ResourceDefinition, error) {
	deleted, err := c.QueryBool("deleted")
	if err != nil {
		return nil, err
	}
	return asList(wireDefinition)(c.Service.ListDefinitions(c.Context(), c.Org(), orchestrator.DefinitionFilter{
		AppID: c.Query("app"), EnvID: c.Query("env"), EnvType: c.Query("env_type"), ResID: c.Query("res"),
		ResType: c.Query("res_type"), Class: c.Query("class"), Deleted: deleted,
	}))
}

func createDefinition(c *Call, in api.CreateDefinitionRequest) (api.ResourceDefinition, error) {
	return as(wireDefinition)(c.Service.CreateDefinition(c.Context(), c.Org(), definitionRequest(in)))
}

func getDefinition(c *Call) (api.ResourceDefinition, error) {
	deleted, err := c.QueryBool("deleted")
	if err != nil {
		return api.ResourceDefinition{}, err
	}
	return as(wireDefinition)(c.Service.GetDefinition(c.Context(), c.Org(), c.Param("defId"), deleted))
}

func replaceDefinition(c *Call, in api.UpdateDefinitionRequest) (api.ResourceDefinition, error) {
	return as(wireDefinition)(c.Service.ReplaceDefinition(c.Context(), c.Org(), c.Param("defId"), orchestrator.DefinitionRequest{
		Name: in.Name, DriverType: in.DriverType, DriverAccount: in.DriverAccount, DriverInputs: driverInputs(in.DriverInputs),
		Provision: provisions(in.Provision), InPlaceDriverChange: in.InPlaceDriverChange, Proposed: in.Proposed,
	}))
}

func patchDefinition(c *Call, in api.PatchDefinitionRequest) (api.ResourceDefinition, error) {
	return as(wireDefinition)(c.Service.PatchDefinition(c.Context(), c.Org(), c.Param("defId"), definitionPatch(in)))
}

func deleteDefinition(c *Call) (Empty, error) {
	force, err := c.QueryBool("force")
	if err != nil {
		return Empty{}, err
	}
	return Empty{}, c.Service.DeleteDefinition(c.Context(), c.Org(), c.Param("defId"), force)
}

func driverInputs(in *api.DriverInputs) *orchestrator.DriverInputsRequest {
	if in == nil {
		return nil
	}
	return &orchestrator.DriverInputsRequest{Values: in.Values, Secrets: in.Secrets, SecretRefs: in.SecretRefs}
}

func provisions(in map[string]api.Provision) map[string]resource.Provision {
	if in == nil {
		return nil
	}
	out := make(map[string]resource.Provision, len(in))
	for key, p := range in {
		out[key] = resource.Provision(p)
	}
	return out
}

func wireDefinition(d orchestrator.Definition) api.ResourceDefinition {
	v := d.Active
	updated := api.NewTime(d.UpdatedAt)
	return api.ResourceDefinition{
		ID: d.ID, OrgID: d.OrgID, Name: v.Name, Type: d.Type, DriverType: v.DriverType, DriverAccount: v.DriverAccount,
		DriverInputs: wireInputs(v.DriverInputs), Provision: wireProvisions(v.Provision), Criteria: convert(d.Criteria, wireCriteria),
		ActiveVersionID: d.ActiveVersionID, InPlaceDriverChange: v.InPlaceDriverChange, IsDefault: d.IsDefault, IsDeleted: d.IsDeleted,
		CreatedAt: api.NewTime(d.CreatedAt), CreatedBy: d.CreatedBy, UpdatedAt: &updated, UpdatedBy: d.UpdatedBy,
	}
}

// wireInputs never has secrets, only where they are kept.
func wireInputs(in *orchestrator.DriverInputs) *api.DriverInputs {
	if in == nil {
		return nil
	}
	return &api.DriverInputs{Values: in.Values, SecretRefs: in.Shown().SecretRefs}
}

func wireProvisions(in map[string]resource.Provision) map[string]api.Provision {
	out := make(map[string]api.Provision, len(in))
	for key, p := range in {
		out[key] = api.Provision(p)
	}
	return out
}
