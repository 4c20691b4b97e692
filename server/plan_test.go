package server_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
)

const shopPlan = devPath + "/deploys/plan"

func TestPlanThroughTheAPI(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	h.app("shop")
	h.define("cluster", "k8s-cluster", `[{}]`)
	h.define("namespace", "k8s-namespace", `[{}]`)
	h.define("pg1", "postgres", `[{}]`)
	var delta struct {
		ID string `json:"id"`
	}
	h.do("POST", "/orgs/acme/apps/shop/deltas", `{"metadata":{"env_id":"development"},"shared":[{"op":"add","path":"/db","value":{"type":"postgres"}}]}`).must(http.StatusOK, &delta)
	var got api.DeploymentPlan
	h.do("POST", shopPlan, `{"delta_id":"`+delta.ID+`"}`).must(http.StatusOK, &got)
	require.Equal(t, 3, got.Summary["create"])
	require.Empty(t, got.Problems)
	require.NotEmpty(t, got.Fingerprint)
	require.Len(t, got.Changes.Shared, 1)
	h.do("POST", shopPlan, "").must(http.StatusOK, &got)
	require.Empty(t, got.Changes.Shared, "without a body it is what the environment has")
	h.do("POST", shopPlan, `{"delta_id":"nope"}`).fails(http.StatusBadRequest, "delta_id")
	h.do("POST", shopPlan, `{"set_id":"nope"}`).fails(http.StatusBadRequest, "set_id")
	h.do("POST", shopPlan, `{"value_set_version_id":"0b5e5e0e-6d0a-4b0c-9c3e-1f6b7f1d2c3a"}`).fails(http.StatusBadRequest, "value_set_version_id")
	h.do("POST", "/orgs/acme/apps/shop/envs/nope/deploys/plan", "").fails(http.StatusNotFound, "nope")

	void := got.Fingerprint
	h.define("pg2", "k8s-namespace", `[{"app_id":"shop"}]`)
	h.do("POST", devPath+"/deploys", `{"plan":"`+void+`"}`).fails(http.StatusConflict, "the plan is void")
	h.do("POST", devPath+"/deploys", `{"plan":"x"}`).fails(http.StatusBadRequest, "fingerprint")
	var d api.Deployment
	h.do("POST", shopPlan, "").must(http.StatusOK, &got)
	h.do("POST", devPath+"/deploys", `{"plan":"`+got.Fingerprint+`"}`).must(http.StatusCreated, &d)
	require.Equal(t, got.SetID, d.SetID)
}
