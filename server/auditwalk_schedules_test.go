package server_test

import "github.com/slipway-dev/slipway/internal/api"

// schedules carries out the operations of what happens by the clock, and of plans, which want an environment where nothing is
// under way.
func (w *walk) schedules() {
	w.t.Helper()
	o := &walk{newHarness(w.t), w.seen}
	o.app("shop")
	var order api.ScheduledDeployment
	o.step("createScheduledDeployment", "POST", devPath+"/scheduled-deploys", `{"cron":"0 4 * * *"}`, &order)
	o.step("deleteScheduledDeployment", "DELETE", devPath+"/scheduled-deploys/"+order.ID, "", nil)
	var plan api.StoredPlan
	o.step("createPlan", "POST", devPath+"/plans", "", &plan)
	o.step("cancelPlan", "POST", devPath+"/plans/"+plan.ID+"/cancel", "", nil)
	o.step("pauseSchedule", "POST", schedulesPath+"/cleanup/pause", `{"note":"quiet"}`, nil)
	o.step("unpauseSchedule", "POST", schedulesPath+"/cleanup/unpause", "", nil)
	o.step("triggerSchedule", "POST", schedulesPath+"/cleanup/trigger", "", nil)
	o.step("updateRetentionSettings", "PATCH", "/orgs/"+org+"/retention", `{"rules":{"logs":{"for":"30d"}}}`, nil)
	o.step("createRetentionRun", "POST", "/orgs/"+org+"/retention/runs", `{"dry_run":true}`, nil)
}
