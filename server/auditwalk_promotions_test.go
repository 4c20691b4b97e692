package server_test

import (
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// promotions carries out the operations of promotions.
func (w *walk) promotions() {
	w.t.Helper()
	w.raw(w.token, "POST", "/orgs/"+org+"/apps", `{"id":"promoted","name":"Promoted"}`)
	const app = "/orgs/" + org + "/apps/promoted"
	w.raw(w.token, "POST", app+"/envs", `{"id":"later","name":"Later","type":"development"}`)
	w.deployImages(app, map[string]string{"api": "registry.test/api:1"})
	var env api.Environment
	w.do("GET", app+"/envs/development", "").must(200, &env)
	w.succeed(orchestrator.EnvRef{OrgID: org, AppID: "promoted", EnvID: "development"}, env.LastDeploy.ID)
	var p api.Promotion
	w.step("createPromotion", "POST", app+"/promotions", `{"from_env":"development","to_env":"later"}`, &p)
	later := orchestrator.EnvRef{OrgID: org, AppID: "promoted", EnvID: "later"}
	w.waits(later, p.DeploymentID)
	w.step("decidePromotion", "POST", app+"/promotions/"+p.ID+"/approvals", `{"decision":"reject"}`, nil)
	w.step("cancelPromotion", "POST", app+"/promotions/"+p.ID+"/cancel", "", nil)
}
