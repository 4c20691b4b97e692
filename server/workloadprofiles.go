package server

import (
	"errors"
	"io"
	"net/http"
	"slices"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func workloadProfileRoutes() []Route {
	const list, item = orgPath + "/workload-profiles", orgPath + "/workload-profiles/{profileQid}"
	const charts = orgPath + "/workload-profile-chart-versions"
	upload := stream[api.WorkloadProfileChartVersion](Route{Method: "POST", Path: charts, OperationID: "createWorkloadProfileChartVersion",
		Status: http.StatusCreated, Multipart: true, Summary: "Upload a version of a Helm chart for Workload Profiles"}, uploadChart)
	return tagged("Workload Profiles", []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listWorkloadProfiles", Summary: "List Workload Profiles",
			Query: slices.Concat([]Query{{Name: "deprecated", Type: "boolean", Doc: "Show deprecated ones as well"}}, pageQuery),
		}, listWorkloadProfiles),
		accept(Route{Method: "POST", Path: list, OperationID: "createWorkloadProfile", Status: http.StatusCreated,
			Summary: "Create a Workload Profile"}, createWorkloadProfile),
		answer(Route{Method: "GET", Path: item, OperationID: "getWorkloadProfile", Summary: "Get a Workload Profile"}, getWorkloadProfile),
		accept(Route{Method: "PUT", Path: item, OperationID: "updateWorkloadProfile",
			Summary: "Add a version to a Workload Profile"}, updateWorkloadProfile),
		answer(Route{Method: "DELETE", Path: item, OperationID: "deleteWorkloadProfile",
			Summary: "Delete a Workload Profile with all its versions"}, deleteWorkloadProfile),
		answer(Route{Method: "GET", Path: item + "/versions", OperationID: "listWorkloadProfileVersions",
			Summary: "List the versions of a Workload Profile", Query: pageQuery}, listWorkloadProfileVersions),
		answer(Route{Method: "GET", Path: item + "/versions/latest", OperationID: "getLatestWorkloadProfileVersion",
			Summary: "Get the latest version of a Workload Profile"}, getLatestWorkloadProfileVersion),
		answer(Route{Method: "GET", Path: orgPath + "/workload-profile-features", OperationID: "listWorkloadProfileFeatures",
			Summary: "List what the specs of workloads are made of"}, listWorkloadProfileFeatures),
		upload,
		answer(Route{Method: "GET", Path: charts, OperationID: "listWorkloadProfileChartVersions", Summary: "List the versions of charts, newest first",
			Query: slices.Concat([]Query{{Name: "id", Doc: "Only versions of this chart"}, {Name: "version", Doc: "Only this version"}}, pageQuery),
		}, listCharts),
	})
}

func listWorkloadProfiles(c *Call) ([]api.WorkloadProfile, error) {
	deprecated, err := c.QueryBool("deprecated")
	if err != nil {
		return nil, err
	}
	views, err := c.Service.ListWorkloadProfiles(c.Context(), c.Org(), deprecated)
	if err != nil {
		return nil, err
	}
	page, err := paged(c, views, orchestrator.WorkloadProfileView.QualifiedID)
	return convert(page, wireWorkloadProfile), err
}

func getWorkloadProfile(c *Call) (api.WorkloadProfile, error) {
	return as(wireWorkloadProfile)(c.Service.GetWorkloadProfile(c.Context(), c.Org(), c.Param("profileQid")))
}

func createWorkloadProfile(c *Call, in api.WorkloadProfileRequest) (api.WorkloadProfile, error) {
	return as(wireWorkloadProfile)(c.Service.CreateWorkloadProfile(c.Context(), c.Org(), profileRequest(in)))
}

func updateWorkloadProfile(c *Call, in api.WorkloadProfileRequest) (api.WorkloadProfile, error) {
	return as(wireWorkloadProfile)(c.Service.UpdateWorkloadProfile(c.Context(), c.Org(), c.Param("profileQid"), profileRequest(in)))
}

func deleteWorkloadProfile(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeleteWorkloadProfile(c.Context(), c.Org(), c.Param("profileQid"))
}

func listWorkloadProfileVersions(c *Call) ([]api.WorkloadProfileVersion, error) {
	versions, err := c.Service.ListWorkloadProfileVersions(c.Context(), c.Org(), c.Param("profileQid"))
	if err != nil {
		return nil, err
	}
	page, err := paged(c, versions, func(v orchestrator.WorkloadProfileView) string { return v.Version })
	return convert(page, wireWorkloadProfileVersion), err
}

func getLatestWorkloadProfileVersion(c *Call) (api.WorkloadProfileVersion, error) {
	versions, err := c.Service.ListWorkloadProfileVersions(c.Context(), c.Org(), c.Param("profileQid"))
	if err != nil {
		return api.WorkloadProfileVersion{}, err
	}
	return wireWorkloadProfileVersion(versions[0]), nil
}

func listWorkloadProfileFeatures(c *Call) ([]api.WorkloadProfileFeature, error) {
	return asList(func(f manifest.Feature) api.WorkloadProfileFeature { return api.WorkloadProfileFeature(f) })(
		c.Service.ListWorkloadProfileFeatures(c.Context(), c.Org()))
}

func uploadChart(c *Call) error {
	made, err := c.Service.AddWorkloadProfileChart(c.Context(), c.Org(), func() ([]byte, error) { return fileOfForm(c.Request()) })
	if err != nil {
		return err
	}
	return c.send(http.StatusCreated, wireChart(*made))
}

// fileOfForm reads the part "file" of a form.
func fileOfForm(r *http.Request) ([]byte, error) {
	r.Body = http.MaxBytesReader(nil, r.Body, maxBody)
	reader, err := r.MultipartReader()
	if err != nil {
		return nil, orchestrator.Invalidf("send the chart as multipart/form-data with a part named file: %v", err)
	}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, orchestrator.Invalidf("the form has no part named file; it has to hold the chart, a .tgz")
		}
		if err != nil {
			return nil, formFault(err)
		}
		if part.FormName() != "file" {
			continue
		}
		archive, err := io.ReadAll(part)
		if err != nil {
			return nil, formFault(err)
		}
		return archive, nil
	}
}

func formFault(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return orchestrator.Errorf(orchestrator.CodeTooLarge, "the request body is larger than %d MiB", maxBody>>20)
	}
	return orchestrator.Invalidf("the form cannot be read: %v", err)
}

func listCharts(c *Call) ([]api.WorkloadProfileChartVersion, error) {
	all, err := c.Service.ListWorkloadProfileCharts(c.Context(), c.Org(), c.Query("id"), c.Query("version"))
	if err != nil {
		return nil, err
	}
	page, err := paged(c, all, func(v orchestrator.WorkloadProfileChart) string { return v.ID + " " + v.ChartVersion })
	return convert(page, wireChart), err
}

func profileRequest(in api.WorkloadProfileRequest) orchestrator.WorkloadProfileRequest {
	return orchestrator.WorkloadProfileRequest{
		ID: in.ID, Version: in.Version, Description: in.Description, DeprecationMessage: in.DeprecationMessage,
		SpecDefinition: in.SpecDefinition, Chart: manifest.ChartReference(in.WorkloadProfileChart),
	}
}

func wireChart(v orchestrator.WorkloadProfileChart) api.WorkloadProfileChartVersion {
	return api.WorkloadProfileChartVersion{OrgID: v.OrgID, ID: v.ID, Version: v.ChartVersion, CreatedAt: api.NewTime(v.CreatedAt), CreatedBy: v.CreatedBy}
}

func wireWorkloadProfile(p orchestrator.WorkloadProfileView) api.WorkloadProfile {
	return api.WorkloadProfile{
		ID: p.ID, OrgID: p.OrgID, Version: p.Version, Description: p.Description, DeprecationMessage: p.DeprecationMessage,
		SpecDefinition: p.SpecDefinition, SpecSchema: p.SpecSchema, WorkloadProfileChart: api.ChartReference(p.Chart),
		CreatedAt: api.NewTime(p.CreatedAt), CreatedBy: p.CreatedBy, UpdatedAt: api.NewTime(p.UpdatedAt), UpdatedBy: p.UpdatedBy,
	}
}

func wireWorkloadProfileVersion(p orchestrator.WorkloadProfileView) api.WorkloadProfileVersion {
	return api.WorkloadProfileVersion{
		ID: p.Version, OrgID: p.OrgID, Version: p.Version, WorkloadProfileID: p.ID, Description: p.Description,
		DeprecationMessage: p.DeprecationMessage, SpecDefinition: p.SpecDefinition, SpecSchema: p.SpecSchema,
		WorkloadProfileChart: api.ChartReference(p.Chart), CreatedAt: api.NewTime(p.CreatedAt), CreatedBy: p.CreatedBy,
	}
}
