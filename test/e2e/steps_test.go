package e2e

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/score"
)

const org = "/orgs/demo"

func envPath(app, env string) string { return org + "/apps/" + app + "/envs/" + env }

// app creates an application with its environment development.
func (i *instance) app(id string) {
	i.t.Helper()
	i.must(http.StatusCreated, http.MethodPost, org+"/apps", map[string]any{"id": id, "name": id})
}

// scoreDelta stores a delta that adds the workloads of Score files.
func (i *instance) scoreDelta(app string, files ...string) string {
	i.t.Helper()
	add, shared := map[string]any{}, []any{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(i.t, err)
		spec, err := score.ParseYAML(raw)
		require.NoError(i.t, err)
		set := i.must(http.StatusOK, http.MethodPost, org+"/artefact-versions/convert-score", map[string]any{"spec": spec})
		for id, module := range set["modules"].(map[string]any) {
			add[id] = module
		}
		for id, resource := range set["shared"].(map[string]any) {
			shared = append(shared, map[string]any{"op": "add", "path": "/" + id, "value": resource})
		}
	}
	return i.delta(app, map[string]any{"modules": map[string]any{"add": add}, "shared": shared})
}

// delta stores a delta and returns its id.
func (i *instance) delta(app string, content map[string]any) string {
	i.t.Helper()
	content["metadata"] = map[string]any{"env_id": "development", "name": "test"}
	return i.must(http.StatusOK, http.MethodPost, org+"/apps/"+app+"/deltas", content)["id"].(string)
}

// deploy asks for a deployment and returns its id.
func (i *instance) deploy(app string, request map[string]any) string {
	i.t.Helper()
	return i.must(http.StatusCreated, http.MethodPost, envPath(app, "development")+"/deploys", request)["id"].(string)
}

// finished waits for the end of a deployment and returns it.
func (i *instance) finished(app, id string) map[string]any {
	i.t.Helper()
	var last map[string]any
	i.eventually("deployment "+id+" ends", func() (bool, string) {
		_, out, err := i.try(http.MethodGet, envPath(app, "development")+"/deploys/"+id, nil)
		if err != nil {
			return false, err.Error()
		}
		last, _ = out.(map[string]any)
		status, _ := last["status"].(string)
		phase, _ := last["phase"].(string)
		return status == "succeeded" || status == "failed", status + " " + phase
	})
	return last
}

// succeeded waits for a deployment that has to succeed.
func (i *instance) succeeded(app, id string) map[string]any {
	i.t.Helper()
	d := i.finished(app, id)
	if d["status"] != "succeeded" {
		_, errs := i.call(http.MethodGet, envPath(app, "development")+"/deploys/"+id+"/errors", nil)
		i.t.Fatalf("deployment %s %s: %v", id, d["status"], errs)
	}
	return d
}

// git runs git on the repository that the instance delivers to.
func (i *instance) git(args ...string) string {
	i.t.Helper()
	cmd := exec.Command("git", append([]string{"--git-dir", filepath.Join(i.home, "deployments.git")}, args...)...)
	out, err := cmd.CombinedOutput()
	require.NoError(i.t, err, "git %v: %s", args, out)
	return string(out)
}

// commits counts the commits that carry a deployment's trailer.
func (i *instance) commits(deployment string) int {
	i.t.Helper()
	return strings.Count(i.git("log", "main", "--format=%B"), "Slipway-Deployment: "+deployment)
}

func example(parts ...string) string {
	return filepath.Join(append([]string{"..", "..", "examples"}, parts...)...)
}

// deploymentErrors lists why a deployment failed.
func (i *instance) deploymentErrors(app, id string) []map[string]any {
	i.t.Helper()
	return i.list(envPath(app, "development") + "/deploys/" + id + "/errors")
}

// plainModule is the smallest module that can be deployed.
func plainModule(image string) map[string]any {
	return map[string]any{"profile": "humanitec/default-module", "spec": map[string]any{
		"containers": map[string]any{"main": map[string]any{"id": "main", "image": image}},
	}}
}

// addModule is the content of a delta that adds one module.
func addModule(id string, module map[string]any) map[string]any {
	return map[string]any{"modules": map[string]any{"add": map[string]any{id: module}}}
}
