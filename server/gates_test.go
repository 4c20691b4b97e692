package server_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func TestPoliciesThroughTheAPI(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	const policies = "/orgs/" + org + "/policies"
	rule := `{"when":"plan.destroyed.size() > 0","effect":"approve","approvals":2,"exclude_proposer":true,"roles":["owner"],"message":"loss","deadline":"2d"}`
	var p api.Policy
	h.do("PUT", policies+"/no-loss", rule).must(http.StatusOK, &p)
	require.Equal(t, api.PolicyRule{When: "plan.destroyed.size() > 0", Effect: "approve", Approvals: 2, ExcludeProposer: true, Roles: []string{"owner"},
		Message: "loss", Deadline: "48h0m0s"}, p.PolicyRule)
	var again api.Policy
	h.do("PUT", policies+"/no-loss", rule).must(http.StatusOK, &again)
	require.Equal(t, p, again, "the same again changes nothing")
	var denies api.Policy
	h.do("PUT", policies+"/no-loss", `{"when":"true","effect":"deny"}`).must(http.StatusOK, &denies)
	require.Equal(t, p.CreatedAt, denies.CreatedAt)
	require.Empty(t, denies.Deadline)
	var list []api.Policy
	h.do("GET", policies, "").must(http.StatusOK, &list)
	require.Equal(t, []api.Policy{denies}, list)
	h.do("GET", policies+"/none", "").fails(http.StatusNotFound, `policy "none" does not exist`)
	h.do("PUT", policies+"/bad", `{"when":"plan.","effect":"deny"}`).fails(http.StatusBadRequest, "1:6")
	h.do("PUT", policies+"/bad", `{"when":"true","effect":"approve","deadline":"soon"}`).fails(http.StatusBadRequest, "deadline")
	h.do("PUT", policies+"/bad", `{"when":"true","effect":"approve","approvals":11}`).fails(http.StatusBadRequest, "approvals")
	h.do("DELETE", policies+"/no-loss", "").must(http.StatusNoContent, nil)
	h.do("DELETE", policies+"/no-loss", "").fails(http.StatusNotFound, "no-loss")
}

func TestApprovalsThroughTheAPI(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	var d api.Deployment
	h.do("POST", app+"/envs/development/deploys", `{}`).must(http.StatusCreated, &d)
	require.Empty(t, d.WaitingFor)
	path := app + "/envs/development/deploys/" + d.ID
	h.do("POST", path+"/approvals", `{"decision":"approve"}`).fails(http.StatusConflict, "does not wait for an approval")
	h.do("POST", path+"/approvals", `{"decision":"maybe"}`).fails(http.StatusBadRequest, "decision")
	h.do("POST", app+"/envs/development/deploys/none/approvals", `{"decision":"approve"}`).fails(http.StatusNotFound, "none")
	h.waits(orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "development"}, d.ID)
	h.do("GET", path, "").must(http.StatusOK, &d)
	require.Len(t, d.WaitingFor, 1)
	require.True(t, d.WaitingFor[0].Mine)
	require.Equal(t, 1, d.WaitingFor[0].Requirements[0].Missing)
	var deployments []api.Deployment
	h.do("GET", app+"/envs/development/deploys", "").must(http.StatusOK, &deployments)
	require.Equal(t, d.WaitingFor, deployments[0].WaitingFor)
	var queue api.Queue
	h.do("GET", app+"/envs/development/queue", "").must(http.StatusOK, &queue)
	require.Equal(t, d.WaitingFor, queue.Deployments[0].WaitingFor)
	_, viewer := h.user("user", map[string]string{orchestrator.OrgObject(org): "member", orchestrator.AppObject(org, "shop"): "viewer"})
	_, stranger := h.user("user", map[string]string{orchestrator.OrgObject(org): "member"})
	for _, c := range []struct {
		token, path string
		want        int
	}{
		{h.token, "/orgs/" + org + "/deployment-approvals?mine=true", 1}, {h.token, app + "/deployment-approvals", 1},
		{viewer, "/orgs/" + org + "/deployment-approvals", 1}, {viewer, app + "/deployment-approvals?mine=true", 0},
		{stranger, "/orgs/" + org + "/deployment-approvals", 0},
	} {
		var list []api.DeploymentApproval
		h.as(c.token, "GET", c.path, "").must(http.StatusOK, &list)
		require.Len(t, list, c.want, c.path)
	}
	h.as(stranger, "GET", app+"/deployment-approvals", "").fails(http.StatusNotFound, "shop")
	h.as(stranger, "POST", path+"/approvals", `{"decision":"approve"}`).fails(http.StatusNotFound, "shop")
	h.as(viewer, "POST", path+"/approvals", `{"decision":"reject"}`).fails(http.StatusForbidden, "whoever may deploy")
	h.do("POST", path+"/approvals", `{"decision":"approve","fingerprint":"p1.other"}`).fails(http.StatusConflict, "another plan")
	var gate api.DeploymentApproval
	h.do("POST", path+"/approvals", `{"decision":"reject","comment":"no"}`).must(http.StatusOK, &gate)
	require.Equal(t, "rejected", gate.Status)
	require.Equal(t, "no", gate.Decisions[0].Comment)
	var all []api.DeploymentApproval
	h.do("GET", path+"/approvals", "").must(http.StatusOK, &all)
	require.Equal(t, []api.DeploymentApproval{gate}, all)
}
