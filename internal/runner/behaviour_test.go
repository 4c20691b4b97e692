package runner_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/runner"
	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/internal/runner/recordtest"
)

// TestCancel stops in the middle of a slow create: the provider finishes, the
// state is kept, and the next deployment goes on from there.
func TestCancel(t *testing.T) {
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testCancel(t, newWorldOn(t, database(t)))
		})
	}
}

func testCancel(t *testing.T, w *world) {
	t.Helper()
	r := w.threeSlowRecords()
	w.records.Behave("a", recordtest.Behaviour{Before: 2 * time.Second})
	limit, stop := context.WithCancel(ctx)
	done := w.background(limit, r)
	asked("a", 0)(w, r)
	stop()
	err := w.wait(done)
	require.ErrorContains(t, err, "interrupted")
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, record.Cancelled, w.newest(r).Status)
	require.Len(t, w.records.Named("a"), 1)
	require.Zero(t, w.records.Asked("b"), "nothing new begins")

	r.DeploymentID = "d2"
	_, err = w.provision(r)
	require.NoError(t, err)
	w.requireEachOnce(t)
}

// TestDetach: a worker that is replaced leaves the run alone.
func TestDetach(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.threeSlowRecords()
	c, stop := context.WithCancelCause(ctx)
	done := w.background(c, r)
	asked("a", 0)(w, r)
	first := w.newest(r).ID
	stop(runner.ErrDetach)
	require.Error(t, w.wait(done))
	_, err := w.provision(r)
	require.NoError(t, err)
	require.Equal(t, first, w.newest(r).ID)
	w.requireEachOnce(t)
}

func TestFailures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.records.Behave("full", recordtest.Behaviour{Fail: true})
	r := w.request("d1", oneRecord, map[string]any{"name": "full"})
	r.Secrets = map[string]any{"variables": map[string]any{"secret": "no room for full"}}
	r.Values["append_logs_to_error"] = true
	_, err := w.provision(r)
	require.ErrorContains(t, err, "The record was not created")
	require.ErrorContains(t, err, "Creating...", "the log is part of the error")
	require.NotContains(t, err.Error(), "no room for full", "secrets are taken out")
	first := w.newest(r).ID
	_, again := w.provision(r)
	require.Equal(t, err.Error(), again.Error())
	require.Equal(t, first, w.newest(r).ID, "within a deployment a failed apply is not repeated")

	w.records.Behave("full", recordtest.Behaviour{})
	r.DeploymentID = "d2"
	_, err = w.provision(r)
	require.NoError(t, err)

	bad := w.request("d3", `resource "x" {`, nil)
	bad.GUResID += "-bad"
	_, err = w.provision(bad)
	require.ErrorContains(t, err, "init failed")
}

// TestEnvironment shows what a provider sees: nothing of Slipway.
func TestEnvironment(t *testing.T) {
	t.Setenv("SLIPWAY_DATABASE_URL", canary)
	t.Setenv("SLIPWAY_KEYSET_JSON", canary)
	t.Setenv("DATABASE_URL", canary)
	t.Setenv("AWS_SECRET_ACCESS_KEY", canary)
	w := newWorld(t)
	r := w.request("d1", head+`
data "slipwaytest_environment" "all" {}
output "names" { value = data.slipwaytest_environment.all.names }
output "values" {
  value     = data.slipwaytest_environment.all.values
  sensitive = true
}`, nil)
	r.Values["credentials_config"] = map[string]any{"environment": map[string]any{"CLOUD_KEY": "key"}}
	r.Secrets["account"] = map[string]any{"key": "from-the-account"}
	res, err := w.provision(r)
	require.NoError(t, err)
	raw, err := json.Marshal([]any{res.Values, res.Secrets})
	require.NoError(t, err)
	require.NotContains(t, string(raw), canary)
	require.NotContains(t, string(raw), "SLIPWAY_")
	require.Contains(t, string(raw), "CLOUD_KEY")
	require.Contains(t, string(raw), "from-the-account")
}

// TestParallelInit: ten resources share one plugin cache.
func TestParallelInit(t *testing.T) {
	w := newWorld(t)
	var all sync.WaitGroup
	errs := make([]error, 10)
	for i := range errs {
		all.Add(1)
		go func() {
			defer all.Done()
			r := w.request("d1", oneRecord, map[string]any{"name": fmt.Sprintf("n%d", i)})
			r.GUResID += fmt.Sprintf("-%d", i)
			_, errs[i] = w.driver.Provision(ctx, r)
		}()
	}
	all.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	require.Equal(t, 10, w.records.Len())
}

// TestSource runs code from a Git repository, by branch, tag and commit.
func TestSource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("git is not on PATH")
	}
	dir := t.TempDir()
	run := func(args ...string) string {
		cmd := exec.Command(git, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b")
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		return strings.TrimSpace(string(out))
	}
	run("init", "-q", "-b", "main")
	commits := map[string]string{}
	for _, v := range []string{"one", "two"} {
		require.NoError(t, os.MkdirAll(dir+"/infra/db", 0o755))
		require.NoError(t, os.MkdirAll(dir+"/infra/lib", 0o755))
		require.NoError(t, os.WriteFile(dir+"/infra/lib/main.tf", []byte(`output "v" { value = "`+v+`" }`), 0o600))
		require.NoError(t, os.WriteFile(dir+"/infra/db/main.tf", []byte("module \"lib\" { source = \"../lib\" }\noutput \"v\" { value = module.lib.v }\n"), 0o600))
		run("add", ".")
		run("commit", "-q", "-m", v)
		run("tag", "v-"+v)
		commits[v] = run("rev-parse", "HEAD")
	}
	for rev, want := range map[string]string{"": "two", "refs/heads/main": "two", "main": "two", "v-one": "one", "refs/tags/v-two": "two", commits["one"]: "one"} {
		r := w.request("d-"+rev, "", nil)
		r.Values = map[string]any{"source": map[string]any{"url": dir, "rev": rev, "path": "infra/db"}}
		res, err := w.provision(r)
		require.NoError(t, err, rev)
		require.Equal(t, want, res.Values["v"], rev)
	}
	r := w.request("d", "", nil)
	r.Values = map[string]any{"source": map[string]any{"url": dir, "rev": "nowhere"}}
	_, err = w.provision(r)
	require.ErrorContains(t, err, "nowhere")
}

// TestVariables: strings as they are, others as JSON, whether the variable has a type or not.
func TestVariables(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.request("d1", `
variable "text" {}
variable "list" { type = set(string) }
variable "tags" {}
variable "number" { type = number }
variable "object" { type = object({ a = string, b = list(bool) }) }
output "all" { value = [var.text, sort(var.list), jsondecode(var.tags), var.number, var.object] }
output "manifests" { value = [{ location = "namespace", data = { kind = "ConfigMap" } }] }
`, nil)
	r.Values["variables"] = map[string]any{
		"text": "${x} %{y} \"q\"", "list": []any{"${a}", "%{b}"}, "tags": map[string]any{"k": "${v}"}, "number": 3.5,
		"object": map[string]any{"a": "<&>", "b": []any{true}},
	}
	r.Values["manifests_output"] = "manifests"
	r.Values["terraform_version"] = ">= 1.0"
	res, err := w.provision(r)
	require.NoError(t, err)
	require.Equal(t, []any{
		"${x} %{y} \"q\"", []any{"${a}", "%{b}"}, map[string]any{"k": "${v}"}, 3.5, map[string]any{"a": "<&>", "b": []any{true}},
	}, res.Values["all"])
	require.Equal(t, []drivers.Manifest{{Location: "namespace", Data: map[string]any{"kind": "ConfigMap"}}}, res.Manifests)
	require.NotContains(t, res.Values, "manifests")

	r.Values["terraform_version"] = "> 99"
	r.DeploymentID = "d2"
	_, err = w.provision(r)
	require.ErrorContains(t, err, "99")
	require.True(t, drivers.IsPermanent(err))
}

var _ terraform.Runs = (*runner.Service)(nil)
