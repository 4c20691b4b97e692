package server

import (
	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func deltaRoutes() []Route {
	const list, item = appPath + "/deltas", appPath + "/deltas/{deltaId}"
	routes := []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listDeltas", Summary: "List Deltas, newest first",
			Query: []Query{
				{Name: "env", Doc: "Only those meant for this Environment"},
				{Name: "archived", Type: "boolean", Doc: "Archived ones, too"},
			}}, listDeltas),
		accept(Route{Method: "POST", Path: list, OperationID: "createDelta",
			Summary: "Store a Delta; the answer is its id, or with metadata in the request the whole Delta"}, createDelta),
		answer(Route{Method: "GET", Path: item, OperationID: "getDelta", Summary: "Get a Delta"}, getDelta),
		accept(Route{Method: "PATCH", Path: item, OperationID: "patchDelta",
			Summary: "Merge Deltas into a stored one, in order"}, patchDelta),
		accept(Route{Method: "PUT", Path: item, OperationID: "putDelta", Summary: "Replace what a stored Delta changes"}, putDelta),
		accept(Route{Method: "PUT", Path: item + "/metadata/archived", OperationID: "archiveDelta",
			Summary: "Archive a Delta or take that back; the body is true or false"}, archiveDelta),
		accept(Route{Method: "PUT", Path: item + "/metadata/env_id", OperationID: "changeEnvOfDelta",
			Summary: "Say which Environment a Delta is meant for; the body is a JSON string"}, setDeltaEnv),
		accept(Route{Method: "PUT", Path: item + "/metadata/name", OperationID: "changeNameOfDelta",
			Summary: "Name a Delta; the body is a JSON string"}, setDeltaName),
	}
	for i := range routes {
		routes[i].Tag, routes[i].TextNotFound = "Deltas", true
	}
	return routes
}

func listDeltas(c *Call) ([]api.Delta, error) {
	archived, err := c.QueryBool("archived")
	if err != nil {
		return nil, err
	}
	return asList(wireDelta)(c.Service.ListDeltas(c.Context(), c.Org(), c.App(), c.Query("env"), archived))
}

func createDelta(c *Call, in api.DeltaRequest) (api.CreatedDelta, error) {
	req := orchestrator.NewDelta{Content: in.Content}
	if in.Metadata != nil {
		req.EnvID, req.Name = in.Metadata.EnvID, in.Metadata.Name
	}
	delta, err := c.Service.CreateDelta(c.Context(), c.Org(), c.App(), req)
	if err != nil {
		return api.CreatedDelta{}, err
	}
	created := api.CreatedDelta{ID: delta.ID}
	if in.Metadata != nil {
		whole := wireDelta(*delta)
		created.Delta = &whole
	}
	return created, nil
}

func getDelta(c *Call) (api.Delta, error) {
	return as(wireDelta)(c.Service.GetDelta(c.Context(), c.Org(), c.App(), c.Param("deltaId")))
}

func patchDelta(c *Call, in []api.DeltaRequest) (api.Delta, error) {
	incoming := convert(in, func(d api.DeltaRequest) deployset.Delta { return d.Content })
	return as(wireDelta)(c.Service.MergeDelta(c.Context(), c.Org(), c.App(), c.Param("deltaId"), incoming))
}

func putDelta(c *Call, in api.DeltaRequest) (Empty, error) {
	return Empty{}, c.Service.ReplaceDelta(c.Context(), c.Org(), c.App(), c.Param("deltaId"), in.Content)
}

func archiveDelta(c *Call, archived bool) (Empty, error) {
	return Empty{}, c.Service.ArchiveDelta(c.Context(), c.Org(), c.App(), c.Param("deltaId"), archived)
}

func setDeltaEnv(c *Call, envID string) (Empty, error) {
	return Empty{}, c.Service.SetDeltaEnv(c.Context(), c.Org(), c.App(), c.Param("deltaId"), envID)
}

func setDeltaName(c *Call, name string) (Empty, error) {
	return Empty{}, c.Service.SetDeltaName(c.Context(), c.Org(), c.App(), c.Param("deltaId"), name)
}

func wireDelta(d orchestrator.Delta) api.Delta {
	return api.Delta{
		ID: d.ID,
		Metadata: api.DeltaMetadata{
			EnvID: d.EnvID, Name: d.Name, Shared: d.Shared, Archived: d.Archived,
			Contributors: orEmptyList(d.Contributors), CreatedBy: d.CreatedBy,
			CreatedAt: api.NewTime(d.CreatedAt), LastModifiedAt: api.NewTime(d.LastModifiedAt),
		},
		Modules: d.Content.Modules, Shared: orEmptyList(d.Content.Shared), Workloads: d.Content.Workloads,
	}
}
