package server_test

import "github.com/slipway-dev/slipway/internal/api"

// pipelines carries out the operations on pipelines and criteria.
func (w *walk) pipelines() {
	w.t.Helper()
	var pipe api.Pipeline
	w.step("createPipeline", "POST", shopPath+"/pipelines", walkPipeline, &pipe)
	item := shopPath + "/pipelines/" + pipe.ID
	w.step("updatePipeline", "PATCH", item, walkPipeline, nil)
	var criteria api.PipelineCriteria
	w.step("createPipelineCriteria", "POST", item+"/criteria", `{"trigger":"deployment_request","env_id":"qa"}`, &criteria)
	w.step("deletePipelineCriteria", "DELETE", item+"/criteria/"+criteria.ID, "", nil)
	w.step("deletePipeline", "DELETE", item, "", nil)
}

const walkPipeline = "name: Walk\non:\n  deployment_request: {}\njobs:\n  a:\n    steps:\n    - uses: actions/humanitec/log@v1\n      with: {message: hi}\n"
