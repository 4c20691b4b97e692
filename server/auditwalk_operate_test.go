package server_test

import (
	"github.com/slipway-dev/slipway/internal/api"
)

// operating carries out the operations on what runs. It has an environment of
// its own harness, which has a cluster.
func (w *walk) operating() {
	w.t.Helper()
	h := newHarness(w.t)
	h.withCluster()
	h.deployedShop("k8s")
	o := &walk{h, w.seen}
	var made api.Operation
	o.step("createOperation", "POST", devPath+"/operations", `{"kind":"restart"}`, &made)
	o.step("cancelOperation", "POST", devPath+"/operations/"+made.ID+"/cancel", "", nil)
	o.step("patchReplicas", "PATCH", devPath+"/runtime/replicas", `{"api":2}`, nil)
	var plan api.StoredPlan
	o.step("createPlan", "POST", devPath+"/plans", "", &plan)
	o.step("cancelPlan", "POST", devPath+"/plans/"+plan.ID+"/cancel", "", nil)
	o.step("createDriftScan", "POST", devPath+"/drift", "", nil)
	o.step("setDriftSettings", "PUT", devPath+"/drift/settings", `{"enabled":true,"every":"1h","redeploy":true,"ignore":[]}`, nil)
	o.step("setApplicationDriftIgnores", "PUT", "/orgs/"+org+"/apps/shop/drift/ignored", `{"ignore":[{"path":"/data"}]}`, nil)
	o.step("setOrganizationDriftIgnores", "PUT", "/orgs/"+org+"/drift/ignored", `{"ignore":[{"kind":"Secret"}]}`, nil)
	o.step("updatePaused", "PUT", devPath+"/runtime/paused", `true`, nil)
}
