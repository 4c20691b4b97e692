package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/runner/recordtest"
)

// plansOfDrivers: what Terraform would do is shown with the objects as far as they are known, is done exactly, and is not done
// once the state has moved.
func plansOfDrivers(o *operated, records *recordtest.Service) {
	const name = "planned"
	o.app(name)
	o.defineRecord(name, records)
	o.flags = []string{"--app", name, "--env", "development"}
	delta := o.delta(name, addModule("api", recordModule()))

	first := o.plan("delta", delta)
	require.Equal(o.t, map[string]int{"create": 1}, o.node(first).Counts)
	require.Equal(o.t, "slipwaytest_record", o.node(first).Changes[0].Kind)
	unknown := 0
	for _, object := range first.Manifests.Objects {
		require.Equal(o.t, "added", object.State)
		unknown += len(object.Unknown)
	}
	require.NotZero(o.t, unknown, "the variable CACHE comes from the record: %+v", first.Manifests)
	require.Positive(o.t, first.Manifests.LiveChecked, "the cluster was asked about the others")
	require.Empty(o.t, records.Named(name), "a plan makes nothing")
	shown := o.run("plans", "get", first.ID)
	require.Contains(o.t, shown, "+ "+recordAddress)
	require.Contains(o.t, shown, "known later")
	o.run("deploy", "delta", delta, "--planned", first.ID, "--wait")
	require.Len(o.t, records.Named(name), 1)
	require.Contains(o.t, o.run("plans", "list"), first.ID)

	o.must(http.StatusOK, http.MethodPut, org+"/resources/defs/record-"+name, recordDefinition(name, records, "large"))
	second := o.plan("again")
	require.Equal(o.t, map[string]int{"update": 1}, o.node(second).Counts)
	require.Contains(o.t, fmt.Sprint(o.node(second).Changes[0].Attributes), "/value")
	o.run("deploy", "again", "--wait")
	_, errors, code := o.cli(append([]string{"deploy", "again", "--planned", second.ID}, o.flags...)...)
	require.NotZero(o.t, code)
	require.Contains(o.t, errors, "Terraform state of resource")
	require.Contains(o.t, errors, "it was at serial")

	third := o.plan("again")
	require.True(o.t, o.node(third).Unchanged, "%+v", o.node(third))
	require.Empty(o.t, third.Manifests.Objects)
	require.Empty(o.t, third.Manifests.Live)
	o.run("plans", "cancel", third.ID)
	_, errors, code = o.cli(append([]string{"deploy", "again", "--planned", third.ID}, o.flags...)...)
	require.NotZero(o.t, code)
	require.Contains(o.t, errors, "it is cancelled")
	o.approvesPlans(name, records)
}

// approvesPlans: what Terraform would do waits for somebody, when it is known; before the deployment with a plan, else when its turn comes.
func (o *operated) approvesPlans(name string, records *recordtest.Service) {
	o.t.Helper()
	policy := filepath.Join(o.t.TempDir(), "policy.yaml")
	rule := fmt.Sprintf("id: records\nwhen: env.app == %q && plan.changed.exists(r, r.type == \"redis\")\neffect: approve\nmessage: a record changes\n", name)
	require.NoError(o.t, os.WriteFile(policy, []byte(rule), 0o600))
	o.mustCLI("policies", "apply", "-f", policy)
	defer o.mustCLI("policies", "delete", "records")
	waitsFor := func(id, node string) {
		o.t.Helper()
		o.eventually("it waits for somebody", func() (bool, string) {
			d := o.must(http.StatusOK, http.MethodGet, envPath(name, "development")+"/deploys/"+id, nil)
			waiting, _ := d["waiting_for"].([]any)
			if len(waiting) != 1 {
				return false, fmt.Sprint(d["status"])
			}
			at, _ := waiting[0].(map[string]any)["node"].(string)
			return strings.HasPrefix(at, node) && (node != "") == (at != ""), at
		})
	}
	o.must(http.StatusOK, http.MethodPut, org+"/resources/defs/record-"+name, recordDefinition(name, records, "huge"))
	planned := o.plan("again")
	require.Contains(o.t, fmt.Sprint(planned.Plan.Policies), "a record changes")
	d := o.deploy(name, map[string]any{"plan": planned.ID})
	waitsFor(d, "")
	o.run("approve", d)
	o.succeeded(name, d)
	require.Equal(o.t, "huge", records.Named(name)[0].Value, "asked once, and done")

	o.must(http.StatusOK, http.MethodPut, org+"/resources/defs/record-"+name, recordDefinition(name, records, "small"))
	d = o.deploy(name, map[string]any{})
	waitsFor(d, "")
	o.run("approve", d)
	waitsFor(d, "redis")
	require.Equal(o.t, "huge", records.Named(name)[0].Value, "nothing is done before")
	o.run("approve", d)
	o.succeeded(name, d)
	require.Equal(o.t, "small", records.Named(name)[0].Value)
}

// plan has drivers plan what a command would deploy.
func (o *operated) plan(what ...string) api.StoredPlan {
	o.t.Helper()
	out := o.run(append(append([]string{"deploy"}, what...), "--plan", "--drivers", "-o", "json")...)
	var p api.StoredPlan
	require.NoError(o.t, json.Unmarshal([]byte(out), &p), out)
	require.Equal(o.t, "ready", p.Status, out)
	require.Empty(o.t, p.Plan.Problems)
	return p
}

// node is what is planned for the record.
func (o *operated) node(p api.StoredPlan) api.PlannedNode {
	o.t.Helper()
	for _, n := range p.Nodes {
		if n.Type == "redis" && strings.HasSuffix(n.ID, "cache") {
			require.Equal(o.t, "planned", n.State, n.Reason)
			return n
		}
	}
	require.Fail(o.t, "no plan of the record", "%+v", p.Nodes)
	return api.PlannedNode{}
}

// killedWhilePlanning: a plan is made although the process that makes it dies in the middle.
func (i *instance) killedWhilePlanning(records *recordtest.Service) {
	i.t.Helper()
	const app = "kill-plan"
	i.app(app)
	i.defineRecord(app, records)
	i.succeeded(app, i.deploy(app, map[string]any{"delta_id": i.delta(app, addModule("api", recordModule()))}))
	records.Hold()
	plan := i.must(http.StatusCreated, http.MethodPost, envPath(app, "development")+"/plans", nil)
	i.eventually("Terraform asks the provider", func() (bool, string) { return records.Held() > 0, "" })
	i.kill()
	i.start()
	records.Release()
	i.eventually("the plan is made", func() (bool, string) {
		plan = i.must(http.StatusOK, http.MethodGet, envPath(app, "development")+"/plans/"+plan["id"].(string), nil)
		return plan["status"] != "planning", fmt.Sprint(plan)
	})
	require.Equal(i.t, "ready", plan["status"], "%v", plan)
	i.succeeded(app, i.deploy(app, map[string]any{"plan": plan["id"]}))
}

// plannedOnce has drivers plan what an environment has.
func (i *instance) plannedOnce(app string) {
	i.t.Helper()
	plan := i.must(http.StatusCreated, http.MethodPost, envPath(app, "development")+"/plans", nil)
	i.eventually("the plan is made", func() (bool, string) {
		plan = i.must(http.StatusOK, http.MethodGet, envPath(app, "development")+"/plans/"+plan["id"].(string), nil)
		return plan["status"] != "planning", fmt.Sprint(plan)
	})
	require.Equal(i.t, "ready", plan["status"], "%v", plan)
	require.NotEmpty(i.t, plan["nodes"])
}
