package e2e

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// colleague is somebody who was invited, and works with the command line.
func (i *instance) colleague(name string) *instance {
	i.t.Helper()
	status, out := i.call(http.MethodPost, org+"/invitations", map[string]any{"email": name + "@example.test", "role": "administrator"})
	require.Equal(i.t, http.StatusOK, status, "%v", out)
	token := out.([]any)[0].(map[string]any)["invite_token"]
	accepted := i.must(http.StatusOK, http.MethodPost, "/auth/invitations/accept", map[string]any{"token": token, "name": name})
	own := *i
	own.env = append(append([]string{}, i.env...), "SLIPWAY_TOKEN="+accepted["token"].(string), "SLIPWAY_URL="+i.url, "SLIPWAY_ORG=demo")
	return &own
}

// waits waits until the deployment waits for so many people.
func (i *instance) waits(path string, missing int) {
	i.t.Helper()
	i.eventually("it waits for people", func() (bool, string) {
		status, out, err := i.try(http.MethodGet, path, nil)
		if err != nil || status != http.StatusOK {
			return false, "no answer"
		}
		d := out.(map[string]any)
		waiting, _ := d["waiting_for"].([]any)
		if len(waiting) != 1 {
			return false, d["status"].(string)
		}
		requirement := waiting[0].(map[string]any)["requirements"].([]any)[0].(map[string]any)
		return requirement["missing"] == float64(missing), "it waits"
	})
}

// TestApprovalsSurviveAKill replaces a database of production, which a policy lets two people but the proposer agree to; slipway is killed
// while the deployment waits for the first and for the second.
func TestApprovalsSurviveAKill(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes longer than the fast tier allows")
	}
	i := newInstance(t)
	i.start()
	const app = "guarded"
	i.app(app)
	i.call(http.MethodPost, org+"/env-types", map[string]any{"id": "production", "description": "it may be there"})
	i.must(http.StatusCreated, http.MethodPost, org+"/apps/"+app+"/envs", map[string]any{"id": "prod", "name": "Prod", "type": "production"})
	database := func(id string, criteria map[string]any) {
		i.must(http.StatusOK, http.MethodPost, org+"/resources/defs", map[string]any{
			"id": id, "name": id, "type": "postgres", "driver_type": "humanitec/echo", "criteria": []any{criteria},
			"driver_inputs": map[string]any{"values": map[string]any{"host": id, "port": 1, "name": "n"}, "secrets": map[string]any{"username": "u", "password": "p"}},
		})
	}
	database("guarded-old", map[string]any{"app_id": app})
	module := plainModule("busybox:1")
	module["externals"] = map[string]any{"db": map[string]any{"type": "postgres"}}
	deploys := envPath(app, "prod") + "/deploys"
	first := i.must(http.StatusCreated, http.MethodPost, deploys, map[string]any{"delta_id": i.delta(app, addModule("m", module))})
	ends := func(id any, outcome string) map[string]any {
		t.Helper()
		var d map[string]any
		i.eventually("deployment is over", func() (bool, string) {
			d = i.must(http.StatusOK, http.MethodGet, deploys+"/"+id.(string), nil)
			return d["outcome"] != nil, d["status"].(string)
		})
		require.Equal(t, outcome, d["outcome"], "%v", i.list(deploys+"/"+id.(string)+"/errors"))
		return d
	}
	ends(first["id"], "succeeded")

	i.mustCLI("policies", "apply", "-f", "test/e2e/testdata/no-loss.yaml")
	database("guarded-new", map[string]any{"app_id": app, "env_id": "prod"})
	require.Contains(t, i.mustCLI("policies", "test", "--app", app, "--env", "prod"), "policy no-loss: 2 approvals, not by the proposer: a database of production would be lost")
	d := i.must(http.StatusCreated, http.MethodPost, deploys, map[string]any{})
	id, path := d["id"].(string), deploys+"/"+d["id"].(string)
	i.waits(path, 2)
	_, says, code := i.cli("approve", id)
	require.NotZero(t, code)
	require.Contains(t, says, "your approval would not count", "the proposer")
	ben, cy := i.colleague("ben"), i.colleague("cy")
	require.NotContains(t, i.mustCLI("approvals", "list", "--mine"), id)
	require.Contains(t, ben.mustCLI("approvals", "list", "--mine"), id)

	i.kill()
	i.start()
	i.waits(path, 2)
	require.Contains(t, ben.mustCLI("approve", id, "-m", "the backup is fresh"), "waiting for 1 approval")
	i.kill()
	i.start()
	i.waits(path, 1)
	require.Empty(t, i.list(path+"/errors"))
	for _, n := range i.list(path + "/nodes") {
		require.Equal(t, "pending", n["status"], "nothing is done before")
	}
	require.Contains(t, cy.mustCLI("approve", id), "approved by")
	ends(id, "succeeded")
	require.Contains(t, i.mustCLI("approvals", "get", id, "--app", app, "--env", "prod"), "the backup is fresh")

	// What was approved by one and made stale is refused to the other.
	database("guarded-newest", map[string]any{"app_id": app, "env_id": "prod", "env_type": "production"})
	d = i.must(http.StatusCreated, http.MethodPost, deploys, map[string]any{})
	id, path = d["id"].(string), deploys+"/"+d["id"].(string)
	i.waits(path, 2)
	ben.mustCLI("approve", id)
	i.must(http.StatusOK, http.MethodPatch, org+"/resources/defs/guarded-newest", map[string]any{"driver_inputs": map[string]any{"values": map[string]any{"host": "other", "port": 1, "name": "n"}}})
	_, says, code = cy.cli("approve", id)
	require.NotZero(t, code)
	// Either this approval finds out, or the workflow had looked again, for the one before, and ended it.
	require.Regexp(t, "the approval is void|no deployment "+id+" waits", says)
	ends(id, "void")

	d = i.must(http.StatusCreated, http.MethodPost, deploys, map[string]any{})
	id, path = d["id"].(string), deploys+"/"+d["id"].(string)
	i.waits(path, 2)
	cy.mustCLI("reject", id, "-m", "not today")
	ends(id, "rejected")
	d = i.must(http.StatusCreated, http.MethodPost, deploys, map[string]any{})
	id, path = d["id"].(string), deploys+"/"+d["id"].(string)
	i.waits(path, 2)
	i.mustCLI("cancel", id, "--app", app, "--env", "prod", "--wait")
	ends(id, "cancelled")
}
