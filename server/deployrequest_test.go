package server_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
)

// TestDeploymentByPipelineOverHTTP: nobody carries runs out here, so the answer stands for what the run is to make.
func TestDeploymentByPipelineOverHTTP(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	deploys := app + "/envs/development/deploys"
	h.do("POST", app+"/pipelines", `{"id":"own","name":"Own","on":{"deployment_request":{}},"jobs":{"a":{"steps":[{"uses":"actions/humanitec/log","with":{"message":"x"}}]}}}`).must(http.StatusCreated, nil)
	h.do("POST", app+"/pipelines/own/criteria", `{"trigger":"deployment_request","env_id":"development"}`).must(http.StatusCreated, nil)

	var asked, read api.Deployment
	h.do("POST", deploys, `{"comment":"one"}`).must(http.StatusCreated, &asked)
	require.Equal(t, []string{"pending", "one", "own"}, []string{asked.Status, asked.Comment, asked.Pipeline.ID})
	require.Equal(t, asked.ID, asked.Pipeline.RunID)
	require.Empty(t, h.workflows.items("deployment"), "nothing is in the queue of the environment")
	h.do("GET", deploys+"/"+asked.ID, "").must(http.StatusOK, &read)
	require.Equal(t, asked, read)
	var runs []api.PipelineRun
	h.do("GET", app+"/pipelines/own/runs", "").must(http.StatusOK, &runs)
	require.Equal(t, []string{asked.ID, "deployment_request"}, []string{runs[0].ID, runs[0].Trigger})

	for _, part := range []string{"/errors", "/nodes", "/logs"} {
		var none []any
		h.do("GET", deploys+"/"+asked.ID+part, "").must(http.StatusOK, &none)
		require.Empty(t, none, part)
	}
	h.do("POST", deploys+"/"+asked.ID+"/cancel", "").must(http.StatusAccepted, &read)
	require.Equal(t, []string{"failed", "cancelled"}, []string{read.Status, read.Outcome})
	var errs []api.DeploymentError
	h.do("GET", deploys+"/"+asked.ID+"/errors", "").must(http.StatusOK, &errs)
	require.Equal(t, []string{"DEP-PIPELINE", "pipeline"}, []string{errs[0].Code, errs[0].ErrorType})
	require.Contains(t, errs[0].Message, "cancelled before it began")
	h.do("POST", deploys, `{"plan":"x"}`).fails(http.StatusConflict, "plan", "own")
	h.do("GET", deploys+"/00000000-0000-4000-8000-000000000000", "").fails(http.StatusNotFound)
	h.do("GET", app+"/envs/development/deploys", "").must(http.StatusOK, &[]api.Deployment{})
}
