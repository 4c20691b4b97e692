package e2e

import (
	"net/http"
	"time"

	"github.com/stretchr/testify/require"
)

// applicationsArePromoted promotes by the command line: with success after a soak
// time, and with a failure that is rolled back.
func applicationsArePromoted(i *instance) {
	t := i.t
	const app = "promoted"
	i.app(app)
	i.must(http.StatusCreated, http.MethodPost, org+"/apps/"+app+"/envs", map[string]any{"id": "next", "name": "Next", "type": "development"})
	i.succeeded(app, i.deploy(app, map[string]any{"delta_id": i.delta(app, addModule("m", plainModule("busybox:1")))}))

	i.mustCLI("promote", "--from", "development", "--to", "next", "--app", app, "--dry-run")
	require.Empty(t, i.list(org+"/apps/"+app+"/promotions"), "a dry run starts nothing")
	i.mustCLI("promote", "--from", "development", "--to", "next", "--app", app, "--soak", "1s", "--roll-back", "--wait")
	tree := i.git("ls-tree", "-r", "--name-only", "main")
	require.Contains(t, tree, app+"/next/")
	promoted := i.list(org + "/apps/" + app + "/promotions")
	require.Len(t, promoted, 1)
	require.Equal(t, "succeeded", promoted[0]["status"])
	require.NotEmpty(t, promoted[0]["soak_until"])

	i.succeeded(app, i.deploy(app, map[string]any{"delta_id": i.delta(app, addModule("m", plainModule("busybox:2")))}))
	_, _, code := i.cli("promote", "--from", "development", "--to", "next", "--app", app, "--soak", "1h", "--roll-back", "--timeout", "1s")
	require.NotZero(t, code, "it goes on")
	var id string
	i.wait(2*time.Minute, func() bool {
		for _, p := range i.list(org + "/apps/" + app + "/promotions") {
			if p["phase"] == "soak" {
				id = p["id"].(string)
			}
		}
		return id != ""
	})
	i.mustCLI("promotions", "cancel", id, "--app", app)
	path := org + "/apps/" + app + "/promotions/" + id
	var over map[string]any
	i.wait(2*time.Minute, func() bool {
		over = i.must(http.StatusOK, http.MethodGet, path, nil)
		return over["finished_at"] != nil
	})
	require.Equal(t, "cancelled", over["status"])
	require.Contains(t, i.mustCLI("promotions", "list", "--app", app), id)
	i.mustCLI("promotions", "get", id, "--app", app)
	_, _, code = i.cli("promote", "--to", "next", "--app", app)
	require.Equal(t, 2, code, "no source is a mistake of usage")
	require.NotEmpty(t, over["roll_back_deployment_id"])
	require.Contains(t, i.git("grep", "-h", "busybox", "main", "--", "*"+app+"/next/*"), "busybox:1", "what ran before is back")
}
