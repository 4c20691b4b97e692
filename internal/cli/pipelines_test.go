package cli_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const promote = `# kept
name: Promote
id: promote
on:
  pipeline_call:
jobs:
  a:
    steps:
    - uses: actions/humanitec/log
      with: {message: hi}
`

func TestPipelinesValidateNeedsNoServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.env = map[string]string{} // no server, no token
	w.file("good.yaml", promote)
	w.file("bad.yaml", strings.Replace(promote, "message", "mesage", 1)+"extra: 1\n")
	w.file("odd.yaml", strings.Replace(promote, "hi", `"${{ inputs.nothing }}"`, 1))
	require.Contains(t, w.run("pipelines", "validate", "good.yaml").ok(t).out, `good.yaml: pipeline "Promote" is valid`)
	got := w.run("pipelines", "validate", "good.yaml", "bad.yaml")
	got.fails(t, 1, "1 of 2 pipelines did not pass")
	require.Contains(t, got.out, "bad.yaml:10:14: error: jobs.a.steps[0].with.mesage")
	require.Contains(t, got.out, "bad.yaml:11:1: error: extra")
	require.Contains(t, w.run("pipelines", "validate", "odd.yaml").ok(t).out, "odd.yaml:10:23: warning")
	w.run("pipelines", "validate", "--strict", "odd.yaml").fails(t, 1)
	var verdicts []struct {
		Valid  bool
		Errors []struct{ Line int }
	}
	require.NoError(t, json.Unmarshal([]byte(w.run("pipelines", "validate", "-o", "json", "bad.yaml").out), &verdicts))
	require.False(t, verdicts[0].Valid)
	require.Len(t, verdicts[0].Errors, 3)
	require.Contains(t, w.run("pipelines", "schema").ok(t).out, `"title": "Pipeline"`)
}

func TestPipelines(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run("create", "app", "shop").ok(t)
	w.env["SLIPWAY_APP"] = "shop"
	w.file("promote.yaml", promote)
	w.run("pipelines", "apply", "-f", "promote.yaml", "--dry-run").ok(t)
	w.run("pipelines", "get", "promote").fails(t, 1, "promote")
	require.Contains(t, w.run("pipelines", "apply", "-f", "promote.yaml").ok(t).out, "pipeline promote created")
	require.Contains(t, w.run("pipelines", "apply", "-f", "promote.yaml").ok(t).out, "unchanged")
	require.Equal(t, promote, w.run("pipelines", "get", "promote").ok(t).out)
	changed := strings.Replace(promote, "  pipeline_call:\n", "  deployment_request:\n", 1)
	w.file("promote.yaml", changed)
	require.Contains(t, w.run("pipelines", "apply", "-f", "promote.yaml").ok(t).out, "pipeline promote updated")
	require.Contains(t, w.run("get", "pipelines", "promote").ok(t).out, "deployment_request")
	require.Contains(t, w.run("pipelines", "list").ok(t).out, "default-deployment")
	require.Len(t, strings.Split(strings.TrimSpace(w.run("pipelines", "versions", "promote").ok(t).out), "\n"), 3)

	w.run("pipelines", "criteria", "add", "promote").fails(t, 1, "default-deployment")
	w.run("pipelines", "criteria", "add", "promote", "--env-type", "production").ok(t)
	var criteria []struct{ ID string }
	require.NoError(t, json.Unmarshal([]byte(w.run("pipelines", "criteria", "list", "--pipeline", "promote", "-o", "json").ok(t).out), &criteria))
	require.Len(t, criteria, 1)
	w.run("pipelines", "criteria", "delete", "promote", criteria[0].ID, "-y").ok(t)
	w.run("delete", "pipeline", "promote", "-y").ok(t)

	w.file("unnamed.yaml", strings.Replace(promote, "id: promote\n", "", 1))
	require.Contains(t, w.run("pipelines", "apply", "-f", "unnamed.yaml", "--id", "given").ok(t).out, "pipeline given created")
	require.Contains(t, w.run("create", "pipeline", "--from", "promote.yaml", "-o", "json").ok(t).out, `"id": "promote"`)
	w.run("pipelines", "delete", "given", "-y").ok(t)
}

func TestPipelineManifest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run("create", "app", "shop").ok(t)
	const manifest = `apiVersion: entity.humanitec.io/v1b1
kind: Pipeline
metadata: {id: promote, app_id: shop}
entity:
  name: Promote
  timeout-minutes: 10
  on: {pipeline_call: {}}
  jobs: {a: {steps: [{uses: actions/humanitec/log, with: {message: hi}}]}}
`
	w.file("m.yaml", manifest)
	require.Contains(t, w.run("apply", "-f", "m.yaml").ok(t).out, "created")
	require.Contains(t, w.run("apply", "-f", "m.yaml").ok(t).out, "unchanged")
	w.file("m.yaml", strings.Replace(manifest, "  timeout-minutes: 10\n", "", 1))
	require.Contains(t, w.run("apply", "-f", "m.yaml").ok(t).out, "updated (timeout-minutes)")
	require.Contains(t, w.run("apply", "-f", "m.yaml").ok(t).out, "unchanged")
	w.run("delete", "-f", "m.yaml", "-y").ok(t)
	w.run("pipelines", "get", "promote", "--app", "shop").fails(t, 1, "promote")
}
