package e2e

import (
	"net/http"
	"strings"

	"github.com/stretchr/testify/require"
)

// tearDown deletes one environment of two and then the application: what was
// delivered and what was made goes, and nothing else.
func tearDown(i *instance) {
	t := i.t
	i.app("gone")
	i.must(http.StatusCreated, http.MethodPost, org+"/apps/gone/envs", map[string]any{"id": "other", "name": "other", "type": "development"})
	module := plainModule("busybox:1")
	module["externals"] = map[string]any{"db": map[string]any{"type": "postgres"}}
	delta := i.delta("gone", addModule("m", module))
	i.succeeded("gone", i.deploy("gone", map[string]any{"delta_id": delta}))
	other := i.must(http.StatusCreated, http.MethodPost, envPath("gone", "other")+"/deploys", map[string]any{"delta_id": delta})["id"].(string)
	i.eventually("the other environment is deployed", func() (bool, string) {
		d := i.must(http.StatusOK, http.MethodGet, envPath("gone", "other")+"/deploys/"+other, nil)
		return d["status"] == "succeeded", d["status"].(string)
	})

	status, _ := i.call(http.MethodDelete, envPath("gone", "development"), nil)
	require.Equal(t, http.StatusAccepted, status)
	i.vanishes(envPath("gone", "development"))
	tree := i.git("ls-tree", "-r", "--name-only", "main")
	require.NotContains(t, tree, "gone/development/")
	require.Contains(t, tree, "gone/other/")

	status, _ = i.call(http.MethodDelete, envPath("gone", "other"), nil)
	require.Equal(t, http.StatusBadRequest, status, "the last environment goes with its application")
	status, _ = i.call(http.MethodDelete, org+"/apps/gone", nil)
	require.Equal(t, http.StatusAccepted, status)
	i.vanishes(org + "/apps/gone")
	require.NotContains(t, i.git("ls-tree", "-r", "--name-only", "main"), "gone/")
	require.Equal(t, 2, strings.Count(i.git("log", "--format=%s", "main"), "Remove gone/"))
}

// vanishes waits until an object that is being deleted is gone.
func (i *instance) vanishes(path string) {
	i.t.Helper()
	i.eventually(path+" is gone", func() (bool, string) {
		status, out := i.call(http.MethodGet, path, nil)
		object, _ := out.(map[string]any)
		message, _ := object["status_message"].(string)
		return status == http.StatusNotFound, http.StatusText(status) + " " + message
	})
}
