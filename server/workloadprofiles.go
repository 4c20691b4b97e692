package server

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func workloadProfileRoutes() []Route {
	const list, item = orgPath + "/workload-profiles", orgPath + "/workload-profiles/{profileQid}"
	return tagged("Workload Profiles", []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listWorkloadProfiles", Summary: "List Workload Profiles",
			Query: slices.Concat([]Query{{Name: "deprecated", Type: "boolean", Doc: "Show deprecated ones as well"}}, pageQuery),
		}, listWorkloadProfiles),
		answer(Route{Method: "GET", Path: item, OperationID: "getWorkloadProfile", Summary: "Get a Workload Profile"}, getWorkloadProfile),
		answer(Route{Method: "GET", Path: item + "/versions", OperationID: "listWorkloadProfileVersions",
			Summary: "List the versions of a Workload Profile", Query: pageQuery}, listWorkloadProfileVersions),
		answer(Route{Method: "GET", Path: item + "/versions/latest", OperationID: "getLatestWorkloadProfileVersion",
			Summary: "Get the latest version of a Workload Profile"}, getLatestWorkloadProfileVersion),
		answer(Route{Method: "GET", Path: orgPath + "/workload-profile-features", OperationID: "listWorkloadProfileFeatures",
			Summary: "List what the specs of workloads are made of"}, listWorkloadProfileFeatures),
	})
}

func listWorkloadProfiles(c *Call) ([]api.WorkloadProfile, error) {
	views, err := c.Service.ListWorkloadProfiles(c.Context(), c.Org())
	if err != nil {
		return nil, err
	}
	page, err := paged(c, views, func(p orchestrator.WorkloadProfileView) string { return p.QualifiedID() })
	if err != nil {
		return nil, err
	}
	out := make([]api.WorkloadProfile, 0, len(page))
	for _, view := range page {
		profile, err := wireWorkloadProfile(view)
		if err != nil {
			return nil, err
		}
		out = append(out, profile)
	}
	return out, nil
}

func getWorkloadProfile(c *Call) (api.WorkloadProfile, error) {
	view, err := c.Service.GetWorkloadProfile(c.Context(), c.Org(), c.Param("profileQid"))
	if err != nil {
		return api.WorkloadProfile{}, err
	}
	return wireWorkloadProfile(*view)
}

func listWorkloadProfileVersions(c *Call) ([]api.WorkloadProfileVersion, error) {
	latest, err := getLatestWorkloadProfileVersion(c)
	if err != nil {
		return nil, err
	}
	return paged(c, []api.WorkloadProfileVersion{latest}, func(v api.WorkloadProfileVersion) string { return v.ID })
}

func getLatestWorkloadProfileVersion(c *Call) (api.WorkloadProfileVersion, error) {
	p, err := getWorkloadProfile(c)
	if err != nil {
		return api.WorkloadProfileVersion{}, err
	}
	return api.WorkloadProfileVersion{
		ID: p.Version, OrgID: p.OrgID, Version: p.Version, WorkloadProfileID: p.ID, Description: p.Description,
		DeprecationMessage: p.DeprecationMessage, SpecDefinition: p.SpecDefinition, SpecSchema: p.SpecSchema,
		WorkloadProfileChart: p.WorkloadProfileChart, CreatedAt: p.CreatedAt, CreatedBy: p.CreatedBy,
	}, nil
}

func listWorkloadProfileFeatures(c *Call) ([]api.WorkloadProfileFeature, error) {
	return asList(func(f manifest.Feature) api.WorkloadProfileFeature { return api.WorkloadProfileFeature(f) })(
		c.Service.ListWorkloadProfileFeatures(c.Context(), c.Org()))
}

func wireWorkloadProfile(p orchestrator.WorkloadProfileView) (api.WorkloadProfile, error) {
	raw, err := json.Marshal(p.SpecDefinition)
	if err != nil {
		return api.WorkloadProfile{}, fmt.Errorf("encoding workload profile %s: %w", p.ID, err)
	}
	created := api.NewTime(p.CreatedAt)
	out := api.WorkloadProfile{
		ID: p.ID, OrgID: p.OrgID, Version: p.Version, Description: p.Description, SpecSchema: p.SpecSchema,
		WorkloadProfileChart: api.ChartReference(p.Chart),
		CreatedAt:            created, CreatedBy: p.CreatedBy, UpdatedAt: created, UpdatedBy: p.CreatedBy,
	}
	if err := json.Unmarshal(raw, &out.SpecDefinition); err != nil {
		return api.WorkloadProfile{}, fmt.Errorf("reading workload profile %s: %w", p.ID, err)
	}
	return out, nil
}
