package server

import (
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/api"
)

func criteriaRoutes() []Route {
	const list = definitionPath + "/criteria"
	return tagged("Resource Definitions", []Route{
		accept(Route{Method: "POST", Path: list, OperationID: "createResourceDefinitionCriteria",
			Summary: "Add a Matching Criterion to a Resource Definition"}, addCriteria),
		accept(Route{Method: "PUT", Path: list, OperationID: "updateResourceDefinitionCriteria",
			Summary: "Replace all Matching Criteria of a Resource Definition"}, replaceCriteria),
		answer(Route{Method: "DELETE", Path: list + "/{criteriaId}", OperationID: "deleteResourceDefinitionCriteria",
			Summary: "Delete a Matching Criterion; 409 lists the active resources that would get another definition",
			Query:   []Query{forceQuery}}, deleteCriteria),
	})
}

func addCriteria(c *Call, in api.MatchingCriteriaRequest) (api.MatchingCriteria, error) {
	return as(wireCriteria)(c.Service.AddCriteria(c.Context(), c.Org(), c.Param("defId"), criteriaOf(in)))
}

func replaceCriteria(c *Call, in []api.MatchingCriteriaRequest) ([]api.MatchingCriteria, error) {
	return asList(wireCriteria)(c.Service.ReplaceCriteria(c.Context(), c.Org(), c.Param("defId"), convert(in, criteriaOf)))
}

func deleteCriteria(c *Call) (Empty, error) {
	force, err := c.QueryBool("force")
	if err != nil {
		return Empty{}, err
	}
	return Empty{}, c.Service.DeleteCriteria(c.Context(), c.Org(), c.Param("defId"), c.Param("criteriaId"), force)
}

func criteriaOf(in api.MatchingCriteriaRequest) resource.Criteria {
	return resource.Criteria{AppID: in.AppID, EnvID: in.EnvID, EnvType: in.EnvType, ResID: in.ResID, Class: in.Class}
}

func wireCriteria(c resource.Criteria) api.MatchingCriteria {
	return api.MatchingCriteria{ID: c.ID, AppID: c.AppID, EnvID: c.EnvID, EnvType: c.EnvType, ResID: c.ResID, Class: c.Class}
}
