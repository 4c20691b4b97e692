package server

import (
	"net/http"
	"slices"

	"github.com/slipway-dev/slipway/internal/api"
)

const (
	pipelinesPath = appPath + "/pipelines"
	pipelinePath  = pipelinesPath + "/{pipelineId}"
	// mediaPipeline is the type of the text of pipelines in the published API.
	mediaPipeline = "application/x.humanitec-pipelines-v1.0+yaml"
)

// pipelineRoutes are the operations of pipelines, their versions and criteria.
func pipelineRoutes() []Route {
	filters := slices.Concat(pageQuery, []Query{
		{Name: "trigger", Doc: "Only Pipelines with this trigger"}, {Name: "metadata", Doc: "Only Pipelines with this metadata: metadata[key]=value"},
	})
	version := []Query{{Name: "version", Doc: "UUID of a version; the current one when absent"}}
	dryRun := []Query{{Name: "dry_run", Type: "boolean", Doc: "Judge the request and change nothing; 204"}}
	create := stream[api.Pipeline](Route{Method: "POST", Path: pipelinesPath, OperationID: "createPipeline", YAML: true, Query: dryRun,
		Status: http.StatusCreated, AlsoStatus: []int{http.StatusNoContent}, Summary: "Create a Pipeline from its YAML document"}, createPipeline)
	update := stream[api.Pipeline](Route{Method: "PATCH", Path: pipelinePath, OperationID: "updatePipeline", YAML: true, Query: dryRun,
		AlsoStatus: []int{http.StatusNoContent}, Summary: "Replace the document of a Pipeline; it gets a new version"}, updatePipeline)
	definition := stream[map[string]any](Route{Method: "GET", Path: pipelinePath + "/schema", OperationID: "getPipelineDefinition", Query: version,
		ContentType: mediaPipeline, Summary: "Get the document of a Pipeline as it was given; with Accept: application/json as JSON"}, getPipelineDefinition)
	routes := []Route{
		answer(Route{Method: "GET", Path: orgPath + "/pipelines", OperationID: "listPipelinesInOrg", Summary: "List the Pipelines of all Applications",
			Query: slices.Concat([]Query{{Name: "app", Doc: "Only Pipelines of this Application; may be repeated"}}, filters)}, listPipelinesInOrg),
		answer(Route{Method: "GET", Path: pipelinesPath, OperationID: "listPipelines", Summary: "List the Pipelines of an Application", Query: filters}, listPipelines),
		create,
		answer(Route{Method: "GET", Path: pipelinePath, OperationID: "getPipeline", Summary: "Get a Pipeline", Query: version}, getPipeline),
		update,
		answer(Route{Method: "DELETE", Path: pipelinePath, OperationID: "deletePipeline", Summary: "Delete a Pipeline with its versions and criteria"}, deletePipeline),
		answer(Route{Method: "GET", Path: pipelinePath + "/versions", OperationID: "listPipelineVersions",
			Summary: "List the versions of a Pipeline, newest first", Query: pageQuery}, listPipelineVersions),
		definition,
		answer(Route{Method: "GET", Path: orgPath + "/pipeline-schemas/latest", OperationID: "getLatestPipelineDefinitionSchema",
			Summary: "Get the JSON schema of Pipelines"}, getPipelineSchema),
	}
	return slices.Concat(tagged("Pipelines", routes), tagged("Pipeline Criteria", pipelineCriteriaRoutes()))
}

func pipelineCriteriaRoutes() []Route {
	const list, item = pipelinePath + "/criteria", pipelinePath + "/criteria/{criteriaId}"
	return []Route{
		answer(Route{Method: "GET", Path: appPath + "/pipeline-criteria", OperationID: "listPipelineCriteriaInApp",
			Summary: "List the criteria of all Pipelines of an Application",
			Query: slices.Concat(pageQuery, []Query{
				{Name: "pipeline", Doc: "Only criteria of this Pipeline"}, {Name: "match", Doc: "Only criteria with this field: match[env_type]=development"},
			})}, listPipelineCriteria),
		accept(Route{Method: "POST", Path: list, OperationID: "createPipelineCriteria", Status: http.StatusCreated,
			Summary: "Have a Pipeline handle deployment requests"}, createPipelineCriteria),
		answer(Route{Method: "GET", Path: item, OperationID: "getPipelineCriteria", Summary: "Get criteria of a Pipeline"}, getPipelineCriteria),
		answer(Route{Method: "DELETE", Path: item, OperationID: "deletePipelineCriteria", Summary: "Delete criteria of a Pipeline"}, deletePipelineCriteria),
	}
}
