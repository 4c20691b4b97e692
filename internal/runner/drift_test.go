package runner_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/internal/runner/recordtest"
)

const keptChangedGone = head + `
variable "secret" { default = "s" }
resource "slipwaytest_record" "kept" {
  name   = "kept"
  value  = "v"
  secret = var.secret
}
resource "slipwaytest_record" "changed" {
  for_each = { "one" = "changed" }
  name     = each.value
  value    = "v"
}
resource "slipwaytest_record" "gone" {
  name  = "gone"
  value = "v"
}
output "value" { value = slipwaytest_record.changed["one"].value }
`

// detect looks for drift under the name of a scan.
func (w *world) detect(r drivers.Request, scan string) (drivers.Drift, error) {
	w.t.Helper()
	limit, stop := context.WithTimeout(ctx, 2*time.Minute)
	defer stop()
	r.ScanID = scan
	return w.driver.DetectDrift(limit, r)
}

// untouched are the runs that may change something, and the state, as they are now.
func (w *world) untouched(r drivers.Request) func() {
	w.t.Helper()
	before, err := w.store.GetState(ctx, r.OrgID, r.GUResID)
	require.NoError(w.t, err)
	asked, created := w.records.Totals()
	return func() {
		w.t.Helper()
		now, err := w.store.GetState(ctx, r.OrgID, r.GUResID)
		require.NoError(w.t, err)
		now.Token = before.Token // who may change it, not what it is
		require.Equal(w.t, before, now, "the state is as it was")
		askedNow, createdNow := w.records.Totals()
		require.Equal(w.t, []int{asked, created}, []int{askedNow, createdNow}, "nothing was created")
	}
}

// nothingLeft waits until no run has a folder, not even one that died.
func (w *world) nothingLeft() {
	w.t.Helper()
	var left []string
	removed := func() bool {
		var err error
		left, err = filepath.Glob(filepath.Join(w.settings.Folder, "runs", "*"))
		return err == nil && len(left) == 0
	}
	if !assert.Eventually(w.t, removed, 90*time.Second, 5*time.Millisecond, "all folders are removed") {
		for _, folder := range left {
			inside, _ := filepath.Glob(filepath.Join(folder, "*"))
			w.t.Log("left: ", folder, inside)
		}
		w.t.FailNow()
	}
}

// TestDetectDrift: what happened behind Terraform's back is told, not changed, and
// the next deployment brings it right.
func TestDetectDrift(t *testing.T) {
	for name, database := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testDetectDrift(t, newWorldOn(t, database(t)))
		})
	}
}

func testDetectDrift(t *testing.T, w *world) {
	t.Helper()
	r := w.request("d1", keptChangedGone, nil)
	none, err := w.detect(r, "before")
	require.NoError(t, err)
	require.Equal(t, drivers.Drift{}, none, "of what was never made nothing has drifted")
	_, err = w.provision(r)
	require.NoError(t, err)
	unchanged := w.untouched(r)

	clean, err := w.detect(r, "clean")
	require.NoError(t, err)
	require.Equal(t, drivers.Drift{Checked: 3}, clean)

	w.records.Set("changed", "behind its back")
	w.records.Drop(w.records.Named("gone")[0].ID)
	want := []drivers.Change{
		{Action: "update", Address: `slipwaytest_record.changed["one"]`, Kind: "slipwaytest_record", Attributes: []drivers.Attribute{{Path: "/value"}}},
		{Action: "delete", Address: "slipwaytest_record.gone", Kind: "slipwaytest_record"},
	}
	for _, scan := range []string{"found", "again", "and-again"} {
		found, err := w.detect(r, scan)
		require.NoError(t, err)
		require.Equal(t, 3, found.Checked)
		require.ElementsMatch(t, want, found.Changes)
	}
	unchanged()
	require.Equal(t, "behind its back", w.records.Named("changed")[0].Value)
	require.Empty(t, w.records.Named("gone"))
	runs, err := w.store.ListRuns(ctx, r.OrgID, r.GUResID, 0)
	require.NoError(t, err)
	require.Len(t, runs, 4, "the provision, and of those that look the newest three")
	w.nothingLeft()

	_, err = w.provision(w.request("d2", keptChangedGone, nil))
	require.NoError(t, err)
	require.Equal(t, "v", w.records.Named("changed")[0].Value)
	require.Len(t, w.records.Named("gone"), 1)
	clean, err = w.detect(w.request("d2", keptChangedGone, nil), "repaired")
	require.NoError(t, err)
	require.Equal(t, drivers.Drift{Checked: 3}, clean)
}

// TestDriftShowsNoSecrets: of a sensitive attribute only the name, of a value nothing.
func TestDriftShowsNoSecrets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.request("d1", head+`
variable "secret" { sensitive = true }
resource "slipwaytest_record" "one" {
  name  = "a"
  value = var.secret
}
`, nil)
	r.Secrets = map[string]any{"variables": map[string]any{"secret": "the-very-secret-word"}}
	_, err := w.provision(r)
	require.NoError(t, err)
	w.records.Set("a", "another-secret-word")
	found, err := w.detect(r, "scan")
	require.NoError(t, err)
	require.Len(t, found.Changes, 1)
	require.Equal(t, []drivers.Attribute{{Path: "/value", Sensitive: true}}, found.Changes[0].Attributes)
	files, err := filepath.Glob(w.settings.DatabaseURL + "*")
	require.NoError(t, err)
	for _, path := range append(files, filepath.Join(w.settings.Folder, "runners.log")) {
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NotContains(t, string(raw), "secret-word", path)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	require.NotContains(t, strings.Join(w.lines, "\n"), "secret-word")
	require.NotContains(t, w.log(r), "Drift detected", "a look is no part of the deployment's log")
}

// TestDriftGivesWay: a deployment does not wait for somebody who only looks.
func TestDriftGivesWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.request("d1", keptChangedGone, nil)
	_, err := w.provision(r)
	require.NoError(t, err)
	w.records.Hold()
	looked := make(chan error, 1)
	go func() {
		_, err := w.detect(r, "scan")
		looked <- err
	}()
	w.until("it asks the provider", func() bool { return w.records.Held() > 0 })
	r.DeploymentID = "d2"
	done := w.background(ctx, r)
	err = w.wait(looked) // although the provider has not answered
	w.records.Release()
	require.NoError(t, w.wait(done))
	var known *drivers.Error
	require.ErrorAs(t, err, &known)
	require.Equal(t, drivers.CodeInterrupted, known.Code)
	require.Equal(t, terraform.Provision, w.newest(r).Action)
}

// TestDriftIsFollowed: an attempt after the worker went away follows the same run,
// also when its runner dies, and a cancel ends it.
func TestDriftIsFollowed(t *testing.T) {
	t.Parallel()
	w := newWorld(t).mortal()
	r := w.request("d1", keptChangedGone, nil)
	_, err := w.provision(r)
	require.NoError(t, err)
	unchanged := w.untouched(r)
	r.ScanID = "scan"
	look := func(c context.Context) <-chan error {
		done := make(chan error, 1)
		go func() {
			_, err := w.driver.DetectDrift(c, r)
			done <- err
		}()
		return done
	}
	w.records.Hold()
	first, leave := context.WithCancelCause(ctx)
	done := look(first)
	w.until("it asks the provider", func() bool { return w.records.Held() > 0 })
	run := w.newest(r)
	leave(drivers.ErrDetach)
	require.Error(t, w.wait(done))
	done = look(ctx)
	w.records.Release()
	require.NoError(t, w.wait(done))
	require.Equal(t, run.ID, w.newest(r).ID)

	w.records.Hold()
	r.ScanID = "dies"
	done = look(ctx)
	w.until("it asks the provider", func() bool { return w.records.Held() > 0 })
	w.killAll(r)
	w.records.Release()
	require.NoError(t, w.wait(done), "another run takes its place")
	unchanged()
	w.nothingLeft()

	w.records.Hold()
	r.ScanID = "cancelled"
	limit, stop := context.WithCancel(ctx)
	done = look(limit)
	w.until("it asks the provider", func() bool { return w.records.Held() > 0 })
	stop()
	require.ErrorIs(t, w.wait(done), context.Canceled)
	w.records.Release()
	require.Equal(t, record.Cancelled, w.newest(r).Status)
	unchanged()
}

// TestDriftOfTheUnsettled: where the snapshot may not tell everything, nothing is said to have drifted.
func TestDriftOfTheUnsettled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.records.Behave("a", recordtest.Behaviour{Lie: true})
	r := w.request("d1", oneRecord, map[string]any{"name": "a"})
	r.Values["failed_creates"] = "ask"
	_, err := w.provision(r)
	require.ErrorContains(t, err, "something went wrong")
	_, err = w.detect(r, "open")
	require.ErrorContains(t, err, "left open whether it created slipwaytest_record.one")
	_, err = w.detect(r, "open")
	require.ErrorContains(t, err, "left open", "a look that failed is taken again")
	r.DeploymentID = "d2"
	_, err = w.provision(r)
	require.ErrorContains(t, err, "waits for a person", "the journal is as it was")
	_, err = w.detect(r, "stopped")
	require.ErrorContains(t, err, "waits for a person")
}

// TestDriftOfBrokenCode: what cannot be looked at is an error of that look alone.
func TestDriftOfBrokenCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.request("d1", keptChangedGone, nil)
	_, err := w.provision(r)
	require.NoError(t, err)
	broken := w.request("d1", keptChangedGone+`resource "x" {`, nil)
	_, err = w.detect(broken, "scan")
	require.ErrorContains(t, err, "init failed")
	again, err := w.detect(r, "scan")
	require.NoError(t, err)
	require.Equal(t, drivers.Drift{Checked: 3}, again)
}
