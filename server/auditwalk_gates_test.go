package server_test

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/policy"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// gates carries out the operations of policies and approvals.
func (w *walk) gates() {
	w.t.Helper()
	const policies = "/orgs/" + org + "/policies"
	w.step("putPolicy", "PUT", policies+"/ask", `{"when":"true","effect":"approve"}`, nil)
	w.step("deletePolicy", "DELETE", policies+"/ask", "", nil)
	var d api.Deployment
	w.do("POST", shopPath+"/envs/development/deploys", `{}`).must(201, &d)
	ref := orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "development"}
	w.waits(ref, d.ID)
	w.step("decideDeployment", "POST", shopPath+"/envs/development/deploys/"+d.ID+"/approvals", `{"decision":"reject"}`, nil)
}

// waits has a deployment wait for whoever may deploy.
func (h *harness) waits(ref orchestrator.EnvRef, id string) {
	h.t.Helper()
	until := time.Now().Add(time.Hour).UTC()
	require.NoError(h.t, h.store.CreateGate(asSystem, &orchestrator.Gate{
		OrgID: ref.OrgID, AppID: ref.AppID, EnvID: ref.EnvID, DeploymentID: id, State: orchestrator.GateWaiting, CreatedAt: time.Now().UTC(), Until: &until,
		Input:        policy.Input{Env: policy.Environment{ID: ref.EnvID, Type: "development", App: ref.AppID, Org: ref.OrgID}},
		Requirements: []orchestrator.GateRequirement{{Rule: "ask", Message: "please", Approvals: 1, Until: until}},
	}))
	d, err := h.store.GetDeployment(asSystem, ref, id)
	require.NoError(h.t, err)
	d.Gate = orchestrator.GateWaiting
	require.NoError(h.t, h.store.UpdateDeployment(asSystem, d))
}
