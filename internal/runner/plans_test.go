package runner_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/drivertest"
	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/runner"
	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/internal/runner/recordtest"
	"github.com/slipway-dev/slipway/orchestrator"
)

// momentary is a record whose value every plan makes anew.
const momentary = head + `
variable "name" {}
variable "extra" { default = "" }
resource "slipwaytest_record" "one" {
  name  = var.name
  value = plantimestamp()
}
output "value" { value = slipwaytest_record.one.value }
`

// planned plans a request and returns it with the id of the plan, for another deployment.
func (w *world) planned(r drivers.Request) drivers.Request {
	w.t.Helper()
	plan, err := w.driver.Plan(ctx, r)
	require.NoError(w.t, err)
	require.NotEmpty(w.t, plan.ID)
	r.PlanID, r.DeploymentID = plan.ID, r.DeploymentID+"-apply"
	return r
}

func requireStale(t *testing.T, err error, why string) {
	t.Helper()
	var known *drivers.Error
	require.ErrorAs(t, err, &known)
	require.Equal(t, runner.CodeStalePlan, known.Code, err.Error())
	require.True(t, known.Permanent)
	require.ErrorContains(t, err, why)
	require.ErrorContains(t, err, "lan again")
}

// TestStoredPlan applies what was planned, although a new plan would differ.
func TestStoredPlan(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.planned(w.request("d1", momentary, map[string]any{"name": "a"}))
	until := time.Now().UTC()
	require.Zero(t, w.records.Len(), "a plan makes nothing")
	w.until("a new plan would have another time", func() bool { return time.Since(until) > 1100*time.Millisecond })

	res, err := w.provision(r)
	require.NoError(t, err)
	made := w.records.Named("a")
	require.Len(t, made, 1)
	at, err := time.Parse(time.RFC3339, made[0].Value)
	require.NoError(t, err)
	require.False(t, at.After(until), "the record has the time of the plan, %s, not of the apply", at)
	require.Equal(t, made[0].Value, res.Values["value"])
	require.NotContains(t, w.log(r), "\nPlan: ", "nothing was planned again")

	again, err := w.provision(r)
	require.NoError(t, err, "the same deployment may ask again")
	require.Equal(t, res, again)
	r.DeploymentID = "d2"
	_, err = w.provision(r)
	requireStale(t, err, "applied already")
	require.Equal(t, 1, w.records.Created("a"))
}

// TestStoredPlanWithoutChanges is applied by doing nothing.
func TestStoredPlanWithoutChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.request("d1", oneRecord, map[string]any{"name": "a"})
	first, err := w.provision(r)
	require.NoError(t, err)
	r = w.planned(r)
	res, err := w.provision(r)
	require.NoError(t, err)
	require.Equal(t, first, res)
}

func TestStalePlan(t *testing.T) {
	for name, c := range map[string]struct {
		meanwhile func(w *world, r *drivers.Request)
		why       string
	}{
		"another provision": {func(w *world, r *drivers.Request) {
			other := w.request("d-other", momentary, map[string]any{"name": "a"})
			_, err := w.provision(other)
			require.NoError(w.t, err)
		}, "has changed since"},
		"other variables": {func(_ *world, r *drivers.Request) {
			r.Values["variables"].(map[string]any)["extra"] = "x"
		}, "other inputs"},
		"other code": {func(_ *world, r *drivers.Request) { r.Values["script"] = momentary + "\n" }, "other inputs"},
		"unknown":    {func(_ *world, r *drivers.Request) { r.PlanID = "plan-nobody-made" }, "not kept"},
		"another resource's": {func(_ *world, r *drivers.Request) {
			r.GUResID += "-other"
		}, "not kept"},
		"newer plans": {func(w *world, _ *drivers.Request) {
			for i := range 5 {
				w.planned(w.request(fmt.Sprintf("d-%d", i), momentary, map[string]any{"name": "a"}))
			}
		}, "not kept"},
		"expired": {func(w *world, r *drivers.Request) {
			w.execute("UPDATE runner_plans SET created_at = ? WHERE id = ?", time.Now().Add(-8*24*time.Hour).UnixNano(), r.PlanID)
		}, "7 days"},
		"destroyed": {func(w *world, r *drivers.Request) {
			require.NoError(w.t, w.driver.Destroy(ctx, w.request("d-gone", momentary, map[string]any{"name": "a"})))
		}, "not kept"},
		"another engine": {func(w *world, _ *drivers.Request) { w.otherVersion("9.9.9") }, "9.9.9"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if name == "destroyed" {
				_, err := w.provision(w.request("d0", momentary, map[string]any{"name": "a"}))
				require.NoError(t, err)
			}
			r := w.planned(w.request("d1", momentary, map[string]any{"name": "a"}))
			c.meanwhile(w, &r)
			before := w.records.Named("a")
			_, err := w.provision(r)
			requireStale(t, err, c.why)
			require.Equal(t, before, w.records.Named("a"), "nothing was applied")
			if name == "another engine" {
				w.otherVersion("")
			}
			r.PlanID = ""
			_, err = w.provision(r)
			require.NoError(t, err, "without a plan it goes on")
		})
	}
}

// execute changes the database behind everybody's back.
func (w *world) execute(statement string, args ...any) {
	w.t.Helper()
	db, err := sql.Open("sqlite", w.settings.DatabaseURL)
	require.NoError(w.t, err)
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	_, err = db.Exec("PRAGMA busy_timeout = 20000") // runners write, too
	require.NoError(w.t, err)
	_, err = db.Exec(statement, args...)
	require.NoError(w.t, err)
}

// otherVersion lets runners find a Terraform that gives itself out for another version.
func (w *world) otherVersion(version string) {
	w.t.Helper()
	w.settings.Terraform = ""
	if version != "" {
		program := recordtest.Terraform(w.t)
		w.settings.Terraform = filepath.Join(w.t.TempDir(), "terraform")
		script := fmt.Sprintf("#!/bin/sh\nif [ \"$1\" = version ]; then echo '{\"terraform_version\":\"%s\"}'; exit; fi\nexec %s \"$@\"\n", version, program)
		require.NoError(w.t, os.WriteFile(w.settings.Terraform, []byte(script), 0o700))
	}
	w.driver = terraform.New(runner.NewService(runner.ServiceOptions{
		Store: w.store, Keeper: w.keeper, Launcher: runner.Local{Settings: w.settings}, Timing: w.settings.Timing,
	}))
}

// TestStoredPlanSource: a branch that has moved on does not change the plan, and
// files that planning made are there when it is applied.
func TestStoredPlanSource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	repo := newRepository(t)
	code := func(text string) string {
		return head + `
data "slipwaytest_file" "made" {
  path    = "made.txt"
  content = "made by the plan of ` + text + `"
}
resource "terraform_data" "one" {
  input = "` + text + `"
  provisioner "local-exec" { command = "cat made.txt given.txt > result.txt" }
}
resource "slipwaytest_record" "one" {
  name  = "a"
  value = terraform_data.one.id == "" ? "" : file("given.txt")
}
output "text" { value = terraform_data.one.output }
`
	}
	repo.commit("one", map[string]string{"infra/main.tf": code("one"), "infra/given.txt": "given by one"})
	r := w.request("d1", "", nil)
	r.Values = map[string]any{"source": map[string]any{"url": repo.dir, "rev": "main", "path": "infra"}, "variables": map[string]any{"endpoint": w.records.URL}}
	r = w.planned(r)
	repo.commit("two", map[string]string{"infra/main.tf": code("two"), "infra/given.txt": "given by two"})
	res, err := w.provision(r)
	require.NoError(t, err)
	require.Equal(t, "one", res.Values["text"])
	require.Equal(t, "given by one", w.records.Named("a")[0].Value)
}

// TestStoredPlanDies kills the runner, or everything, at several moments of applying a
// stored plan: what it held is made once, and nothing else.
func TestStoredPlanDies(t *testing.T) {
	for name, at := range moments {
		if name == "plan" {
			continue // there is none
		}
		for how, kill := range map[string]func(*world, drivers.Request){"runner": (*world).killRunner, "all": (*world).killAll} {
			t.Run(how+" "+name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t).mortal()
				r := w.planned(w.threeSlowRecords())
				done := w.background(ctx, r)
				w.until("the apply has begun", func() bool { n := w.newest(r); return n != nil && n.Action == terraform.Provision })
				at(w, r)
				kill(w, r)
				err := w.wait(done)
				if err != nil {
					w.answerTruly(t, r, err)
					_, err = w.provision(r)
				}
				for i := 0; err != nil && i < 3; i++ {
					w.answerTruly(t, r, err)
					_, err = w.provision(r)
				}
				require.NoError(t, err)
				w.requireEachOnce(t)
			})
		}
	}
}

// TestStoredPlanRestDiffers: when what is left after a death is not what was planned, it is not applied.
func TestStoredPlanRestDiffers(t *testing.T) {
	t.Parallel()
	w := newWorld(t).mortal()
	w.records.Behave("a", recordtest.Behaviour{Before: 300 * time.Millisecond})
	r := w.planned(w.request("d1", head+`
resource "slipwaytest_record" "a" { name = "a" }
resource "slipwaytest_record" "b" {
  depends_on = [slipwaytest_record.a]
  name       = "b"
  value      = plantimestamp()
}
`, nil))
	time.Sleep(1100 * time.Millisecond) // the clock of plantimestamp counts seconds
	done := w.background(ctx, r)
	asked("a", 0)(w, r)
	w.killRunner(r)
	requireStale(t, w.wait(done), "slipwaytest_record.b")
	require.Len(t, w.records.Named("a"), 1, "it is recorded")
	require.Zero(t, w.records.Asked("b"))
	r.PlanID, r.DeploymentID = "", "d3"
	_, err := w.provision(r)
	require.NoError(t, err)
	require.Equal(t, 1, w.records.Created("a"))
	require.Equal(t, 1, w.records.Created("b"))
}

// TestStoredPlanIsSealed: the plan file holds secrets, the database shows none.
func TestStoredPlanIsSealed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.request("d1", oneRecord, map[string]any{"name": "a"})
	r.Secrets = map[string]any{"variables": map[string]any{"secret": "the-very-secret-word"}}
	r = w.planned(r)
	kept, err := w.store.GetPlan(ctx, r.OrgID, r.PlanID)
	require.NoError(t, err)
	require.Equal(t, record.PlanOpen, kept.Status)
	require.NotEmpty(t, kept.Version)
	_, err = w.store.GetPlan(ctx, "evil", r.PlanID)
	require.True(t, orchestrator.IsNotFound(err))
	res, err := w.provision(r)
	require.NoError(t, err)
	require.Equal(t, "the-very-secret-word", res.Secrets["password"])
	files, err := filepath.Glob(w.settings.DatabaseURL + "*")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, path := range files {
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		require.False(t, bytes.Contains(raw, []byte("the-very-secret-word")), path)
		require.False(t, bytes.Contains(raw, []byte("dGhlLXZlcnktc2VjcmV0LXdvcm")), path)
	}
	kept, err = w.store.GetPlan(ctx, r.OrgID, r.PlanID)
	require.NoError(t, err)
	require.Equal(t, record.PlanApplied, kept.Status)
	require.Empty(t, kept.Sealed, "an applied plan is not kept")
}

// TestConformance runs the suite of every driver with the real Terraform.
func TestConformance(t *testing.T) {
	t.Parallel()
	var w *world
	script := `
variable "text" {}
variable "secret" { sensitive = true }
resource "terraform_data" "one" { input = var.text }
output "text" { value = terraform_data.one.output }
output "secret" {
  value     = var.secret
  sensitive = true
}`
	first := newWorld(t)
	r := first.request("", script, nil)
	r.Values["variables"] = map[string]any{"text": "hello"}
	r.Secrets = map[string]any{"variables": map[string]any{"secret": "not for you"}}
	drivertest.Run(t, func() drivers.Driver {
		w = newWorld(t)
		return w.driver
	}, drivertest.Case{Name: "data", Request: r})
}

// repository is a Git repository in a folder.
type repository struct {
	t   *testing.T
	dir string
}

func newRepository(t *testing.T) *repository {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not on PATH")
	}
	r := &repository{t: t, dir: t.TempDir()}
	r.run("init", "-q", "-b", "main")
	return r
}

func (r *repository) run(args ...string) string {
	r.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = r.dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b")
	out, err := cmd.CombinedOutput()
	require.NoError(r.t, err, "%s", out)
	return strings.TrimSpace(string(out))
}

// commit writes files and returns the commit's hash.
func (r *repository) commit(message string, files map[string]string) string {
	r.t.Helper()
	for name, content := range files {
		path := filepath.Join(r.dir, name)
		require.NoError(r.t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(r.t, os.WriteFile(path, []byte(content), 0o600))
	}
	r.run("add", ".")
	r.run("commit", "-q", "-m", message)
	return r.run("rev-parse", "HEAD")
}

// TestPlanGivesWay: a deployment does not wait for a plan, which would not be true any more.
func TestPlanGivesWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.request("d1", keptChangedGone, nil)
	_, err := w.provision(r)
	require.NoError(t, err)
	w.records.Hold()
	planned := make(chan error, 1)
	look := r
	look.DeploymentID, look.ScanID = "", "a plan"
	go func() {
		_, err := w.driver.Plan(ctx, look)
		planned <- err
	}()
	w.until("it asks the provider", func() bool { return w.records.Held() > 0 })
	r.DeploymentID = "d2"
	done := w.background(ctx, r)
	err = w.wait(planned)
	w.records.Release()
	require.NoError(t, w.wait(done))
	var known *drivers.Error
	require.ErrorAs(t, err, &known)
	require.Equal(t, drivers.CodeInterrupted, known.Code)
}

// TestPlanForesees names what an apply changes, and nothing that is secret.
func TestPlanForesees(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	script := head + `
variable "value" {}
resource "terraform_data" "one" { input = var.value }
resource "slipwaytest_record" "kept" { name = "kept" }
resource "slipwaytest_record" "one" {
  name  = "a"
  value = var.value
}
`
	r := w.request("d1", script, map[string]any{"value": "first"})
	_, err := w.provision(r)
	require.NoError(t, err)
	same, err := w.driver.Plan(ctx, w.request("d2", script, map[string]any{"value": "first"}))
	require.NoError(t, err)
	require.True(t, same.Same)
	require.Empty(t, same.Changes)
	plan, err := w.driver.Plan(ctx, w.request("d3", script+`output "more" { value = 1 }`, map[string]any{"value": "first"}))
	require.NoError(t, err)
	require.False(t, plan.Same, "an output comes")
	require.Empty(t, plan.Changes)
	r = w.request("d4", script, nil)
	r.Secrets = map[string]any{"variables": map[string]any{"value": "a-secret-value"}}
	delete(r.Values, "variables")
	r.Values["variables"] = map[string]any{"endpoint": w.records.URL}
	plan, err = w.driver.Plan(ctx, r)
	require.NoError(t, err)
	got := map[string][]drivers.Attribute{}
	for _, c := range plan.Changes {
		require.Equal(t, "update", c.Action)
		got[c.Address] = c.Attributes
	}
	require.Equal(t, []drivers.Attribute{{Path: "/value"}}, got["slipwaytest_record.one"])
	require.Equal(t, []drivers.Attribute{{Path: "/input"}, {Path: "/output"}}, got["terraform_data.one"])
	require.Len(t, got, 2)
	require.NotContains(t, fmt.Sprint(plan), "a-secret-value")
}
