package server

import (
	"slices"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func definitionVersionRoutes() []Route {
	const list = definitionPath + "/versions"
	const item = list + "/{defVersionId}"
	return tagged("Resource Definitions", []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listResourceDefinitionVersions",
			Summary: "List the versions of a Resource Definition, newest first",
			Query:   slices.Concat([]Query{deletedQuery}, pageQuery)}, listDefinitionVersions),
		answer(Route{Method: "GET", Path: item, OperationID: "getResourceDefinitionVersion",
			Summary: "Get a version of a Resource Definition", Query: []Query{deletedQuery}}, getDefinitionVersion),
		answer(Route{Method: "POST", Path: item + "/actions/promote", OperationID: "promoteResourceDefinitionVersion",
			Summary: "Put a version of a Resource Definition into use"}, promoteDefinitionVersion),
		accept(Route{Method: "POST", Path: item + "/actions/archive", OperationID: "archiveResourceDefinitionVersion", BodyOptional: true,
			Summary: "Archive a version of a Resource Definition, or take that back"}, archiveDefinitionVersion),
	})
}

func listDefinitionVersions(c *Call) ([]api.ResourceDefinitionVersion, error) {
	deleted, err := c.QueryBool("deleted")
	if err != nil {
		return nil, err
	}
	versions, err := c.Service.ListDefinitionVersions(c.Context(), c.Org(), c.Param("defId"), deleted)
	if err != nil {
		return nil, err
	}
	page, err := paged(c, versions, func(v orchestrator.DefinitionVersion) string { return v.ID })
	return asList(wireDefinitionVersion)(page, err)
}

func getDefinitionVersion(c *Call) (api.ResourceDefinitionVersion, error) {
	deleted, err := c.QueryBool("deleted")
	if err != nil {
		return api.ResourceDefinitionVersion{}, err
	}
	return as(wireDefinitionVersion)(
		c.Service.GetDefinitionVersion(c.Context(), c.Org(), c.Param("defId"), c.Param("defVersionId"), deleted))
}

func promoteDefinitionVersion(c *Call) (Empty, error) {
	return Empty{}, c.Service.PromoteDefinitionVersion(c.Context(), c.Org(), c.Param("defId"), c.Param("defVersionId"))
}

func archiveDefinitionVersion(c *Call, in api.ArchiveVersionRequest) (Empty, error) {
	archived := in.Archived == nil || *in.Archived
	return Empty{}, c.Service.ArchiveDefinitionVersion(c.Context(), c.Org(), c.Param("defId"), c.Param("defVersionId"), archived)
}

func wireDefinitionVersion(v orchestrator.DefinitionVersion) api.ResourceDefinitionVersion {
	return api.ResourceDefinitionVersion{
		ID: v.ID, OrgID: v.OrgID, DefID: v.DefID, Name: v.Name, Type: v.Type, DriverType: v.DriverType, DriverAccount: v.DriverAccount,
		DriverInputs: deref(wireInputs(v.DriverInputs)), Provision: wireProvisions(v.Provision), InPlaceDriverChange: v.InPlaceDriverChange,
		Action: v.Action, Archived: v.Archived, Active: v.Active, Proposed: v.Proposed,
		CreatedAt: api.NewTime(v.CreatedAt), CreatedBy: v.CreatedBy,
	}
}
