package runner_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/runner"
	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/internal/runner/recordtest"
	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/internal/store"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/internal/testenv/migrated"
	"github.com/slipway-dev/slipway/orchestrator"
)

var ctx = context.Background()

// TestMain lets the test binary play the runner and a follower: processes that
// the tests kill.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "runner" {
		if os.Getenv(runner.JobVariable) != "" { // in a pod it is told to stop by a signal, as the program is
			told, stop := signal.NotifyContext(ctx, syscall.SIGTERM)
			defer stop()
			exit(runner.Main(told, runner.Options{}))
		}
		exit(runner.Main(ctx, runner.Options{}))
	}
	if len(os.Args) == 3 && os.Args[1] == "standby" {
		exit(standsBy(os.Args[2]))
	}
	if len(os.Args) == 3 && os.Args[1] == "follower" {
		exit(follower(os.Args[2]))
	}
	waitTogether()
	testenv.Main(m)
}

// waitTogether lets more tests run at once than there are processors: they wait for leases most of the time.
func waitTogether() {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if !given {
		exitOn(flag.Set("test.parallel", "6"))
	}
}

func exitOn(err error) {
	if err != nil {
		exit(err)
	}
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// errand is what a follower process is told.
type errand struct {
	Settings runner.Settings
	Request  drivers.Request
}

// follower plays a worker: it provisions and may be killed at any time.
func follower(path string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var e errand
	if err := json.Unmarshal(raw, &e); err != nil {
		return err
	}
	s, err := store.Open(ctx, store.Options{DSN: e.Settings.DatabaseURL, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	keeper, err := secrets.Open(e.Settings.KeysetFile)
	if err != nil {
		return err
	}
	d := terraform.New(runner.NewService(runner.ServiceOptions{
		Store: s, Keeper: keeper, Launcher: runner.Local{Settings: e.Settings}, Timing: e.Settings.Timing,
	}))
	_, err = d.Provision(ctx, e.Request)
	return err
}

// world is a database, a record service and a driver.
type world struct {
	t        *testing.T
	settings runner.Settings
	store    *store.Store
	keeper   *secrets.Keeper
	service  *runner.Service
	driver   *terraform.Driver
	records  *recordtest.Service

	mu    sync.Mutex
	lines []string
}

// canary is in Slipway's own environment and settings, and must be nowhere else.
const canary = "canary-of-slipway-settings"

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldOn(t, filepath.Join(t.TempDir(), canary+".db"))
}

// databases make a new database each, for tests that are told apart by it.
var databases = map[string]func(t *testing.T) string{
	"sqlite":   func(t *testing.T) string { t.Helper(); return filepath.Join(t.TempDir(), canary+".db") },
	"postgres": func(t *testing.T) string { t.Helper(); return testenv.Postgres(t) },
}

func newWorldOn(t *testing.T, dsn string) *world {
	t.Helper()
	dir := t.TempDir()
	w := &world{t: t, records: recordtest.Start(t)}
	migrated.Database(t, dsn)
	var err error
	w.store, err = store.Open(ctx, store.Options{DSN: dsn, Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	t.Cleanup(func() { _ = w.store.Close() })
	require.NoError(t, w.store.CreateOrganization(ctx, &orchestrator.Organization{ID: "acme", Name: "Acme", CreatedAt: time.Now()}))
	keyset := filepath.Join(dir, canary+".keys")
	w.keeper, err = secrets.Create(keyset)
	require.NoError(t, err)
	w.settings = runner.Settings{
		DatabaseURL: dsn, KeysetFile: keyset, Folder: filepath.Join(dir, "tf"), Mirror: recordtest.Mirror(t), LocalSources: true,
		Fallback: recordtest.Terraform(t),
		// Long, as the machine may be busy: no run is to be lost of which the test does not say so. See mortal.
		Timing: runner.Timing{
			Lease: time.Minute, Renew: 250 * time.Millisecond, Grace: 300 * time.Millisecond,
			Stray: 15 * time.Second, Launch: 10 * time.Second,
		},
	}
	w.service = runner.NewService(runner.ServiceOptions{
		Store: w.store, Keeper: w.keeper, Launcher: runner.Local{Settings: w.settings}, Timing: w.settings.Timing,
	})
	w.driver = terraform.New(w.service)
	t.Cleanup(func() {
		if t.Failed() {
			log, _ := os.ReadFile(filepath.Join(w.settings.Folder, "runners.log"))
			t.Logf("runners.log:\n%s", log)
			lines, _ := w.store.ListLog(ctx, "acme", "d1", "", 0, 0)
			for _, l := range lines {
				t.Log(l.At.Format("05.000"), l.Level, l.Text)
			}
			streams, _ := filepath.Glob(filepath.Join(w.settings.Folder, "runs", "*", "apply.jsonl"))
			for _, path := range streams {
				raw, _ := os.ReadFile(path)
				t.Logf("%s:\n%s", path, raw)
			}
		}
	})
	return w
}

// mortal shortens the lease, so that somebody takes over soon after a runner was killed or stopped.
func (w *world) mortal() *world {
	w.settings.Timing.Lease = 2500 * time.Millisecond
	w.restarted()
	return w
}

const head = `
terraform {
  required_providers {
    slipwaytest = { source = "slipway.test/dev/slipwaytest" }
  }
}
provider "slipwaytest" {
  endpoint = var.endpoint
}
variable "endpoint" {}
`

const oneRecord = head + `
variable "name" {}
variable "value" { default = "v" }
variable "secret" { default = "s" }
resource "slipwaytest_record" "one" {
  name   = var.name
  value  = var.value
  secret = var.secret
}
output "id" { value = slipwaytest_record.one.id }
output "password" {
  value     = var.secret
  sensitive = true
}
`

const address = "slipwaytest_record.one"

// request is a deployment of one record; deployment tells requests apart.
func (w *world) request(deployment, script string, variables map[string]any) drivers.Request {
	all := map[string]any{"endpoint": w.records.URL}
	for k, v := range variables {
		all[k] = v
	}
	return drivers.Request{
		GUResID: "g" + strings.ToLower(strings.NewReplacer("/", "-", "_", "-", " ", "-").Replace(w.t.Name())), Type: "thing", Class: "default", ID: "modules.a.externals.t",
		Values: map[string]any{"script": script, "variables": all}, Secrets: map[string]any{},
		OrgID: "acme", AppID: "shop", EnvID: "qa", DeploymentID: deployment,
		Log: func(line string) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.lines = append(w.lines, line)
		},
	}
}

func (w *world) provision(r drivers.Request) (drivers.Result, error) {
	w.t.Helper()
	limit, stop := context.WithTimeout(ctx, 2*time.Minute)
	defer stop()
	return w.driver.Provision(limit, r)
}

// newest is the newest run of the request's resource, nil when there is none.
func (w *world) newest(r drivers.Request) *record.Run {
	w.t.Helper()
	runs, err := w.store.ListRuns(ctx, r.OrgID, r.GUResID, 1)
	require.NoError(w.t, err)
	if len(runs) == 0 {
		return nil
	}
	return &runs[0]
}

// until waits for a condition.
func (w *world) until(what string, met func() bool) {
	w.t.Helper()
	require.Eventually(w.t, met, 90*time.Second, 5*time.Millisecond, what)
}

// phases are in the order in which a run goes through them.
var phases = []string{"", "prepare", "init", "recover", "plan", "apply"}

// phase waits until the newest run is in the phase, or past it, and returns it.
func (w *world) phase(r drivers.Request, name string) *record.Run {
	w.t.Helper()
	var run *record.Run
	w.until("phase "+name, func() bool {
		run = w.newest(r)
		return run != nil && slices.Index(phases, run.Phase) >= slices.Index(phases, name)
	})
	return run
}

// background provisions in another goroutine.
func (w *world) background(c context.Context, r drivers.Request) <-chan error {
	done := make(chan error, 1)
	go func() {
		_, err := w.driver.Provision(c, r)
		done <- err
	}()
	return done
}

func (w *world) wait(done <-chan error) error {
	w.t.Helper()
	select {
	case err := <-done:
		return err
	case <-time.After(2 * time.Minute):
		w.t.Fatal("Provision does not end")
		return nil
	}
}

// pidOf is the process that has the run.
func (w *world) pidOf(r drivers.Request) int {
	w.t.Helper()
	lease, err := w.store.GetLease(ctx, r.OrgID, r.GUResID)
	require.NoError(w.t, err)
	_, text, _ := strings.Cut(lease.Owner, ":")
	pid, err := strconv.Atoi(text)
	require.NoError(w.t, err)
	return pid
}

// killRunner kills the runner alone.
func (w *world) killRunner(r drivers.Request) {
	w.t.Helper()
	if err := syscall.Kill(w.pidOf(r), syscall.SIGKILL); err != nil {
		require.ErrorIs(w.t, err, syscall.ESRCH)
		require.True(w.t, w.newest(r).Status.Over(), "it was quicker")
	}
}

// killAll kills the runner and everything of its session: Terraform and its
// providers. The runner goes first, so that it cannot see the others die.
func (w *world) killAll(r drivers.Request) {
	w.t.Helper()
	session := w.pidOf(r)
	members := sessionMembers(session)
	_ = syscall.Kill(session, syscall.SIGSTOP)
	for _, pid := range members {
		if pid != session {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
	_ = syscall.Kill(session, syscall.SIGKILL)
}

// sessionMembers reads the session of every process (proc(5): the fourth field after the name).
func sessionMembers(session int) []int {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	var out []int
	for _, path := range stats {
		raw, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if len(fields) > 3 && fields[3] == strconv.Itoa(session) {
			out = append(out, pid)
		}
	}
	return out
}

// startFollower starts a worker process that provisions.
func (w *world) startFollower(r drivers.Request) *exec.Cmd {
	w.t.Helper()
	raw, err := json.Marshal(errand{Settings: w.settings, Request: r})
	require.NoError(w.t, err)
	path := filepath.Join(w.t.TempDir(), "errand.json")
	require.NoError(w.t, os.WriteFile(path, raw, 0o600))
	cmd := exec.Command(os.Args[0], "follower", path)
	cmd.Stderr = os.Stderr
	require.NoError(w.t, cmd.Start())
	return cmd
}

func (w *world) log(r drivers.Request) string {
	w.t.Helper()
	lines, err := w.store.ListLog(ctx, r.OrgID, r.DeploymentID, "", 0, 0)
	require.NoError(w.t, err)
	var out []string
	for _, l := range lines {
		out = append(out, l.Text)
	}
	return strings.Join(out, "\n")
}
