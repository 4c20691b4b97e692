package server_test

import "github.com/slipway-dev/slipway/internal/api"

// schedules carries out the operations of what happens by the clock.
func (w *walk) schedules() {
	w.t.Helper()
	o := &walk{newHarness(w.t), w.seen}
	o.app("shop")
	var order api.ScheduledDeployment
	o.step("createScheduledDeployment", "POST", devPath+"/scheduled-deploys", `{"cron":"0 4 * * *"}`, &order)
	o.step("deleteScheduledDeployment", "DELETE", devPath+"/scheduled-deploys/"+order.ID, "", nil)
	o.step("pauseSchedule", "POST", schedulesPath+"/cleanup/pause", `{"note":"quiet"}`, nil)
	o.step("unpauseSchedule", "POST", schedulesPath+"/cleanup/unpause", "", nil)
	o.step("triggerSchedule", "POST", schedulesPath+"/cleanup/trigger", "", nil)
	o.step("updateRetentionSettings", "PATCH", "/orgs/"+org+"/retention", `{"rules":{"logs":{"for":"30d"}}}`, nil)
	o.step("createRetentionRun", "POST", "/orgs/"+org+"/retention/runs", `{"dry_run":true}`, nil)
}
