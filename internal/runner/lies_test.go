package runner_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/runner/recordtest"
)

// TestLies shows what comes of providers that do not tell the truth: the error
// is clear, and the next deployment ends with one record, or asks.
func TestLies(t *testing.T) {
	for name, c := range map[string]struct {
		lie     recordtest.Behaviour
		ask     bool
		first   string // part of the error of the first deployment
		asks    bool
		created int
	}{
		"says created, and did not":          {lie: recordtest.Behaviour{Phantom: true}, created: 1},
		"says failed, and did":               {lie: recordtest.Behaviour{Lie: true}, ask: true, first: "something went wrong", asks: true, created: 1},
		"says failed, and did fail":          {lie: recordtest.Behaviour{Fail: true}, ask: true, first: "no room", asks: true, created: 1},
		"failed, nobody wants to be asked":   {lie: recordtest.Behaviour{Fail: true}, first: "no room", created: 1},
		"says that it made something else":   {lie: recordtest.Behaviour{Distort: true}, first: "inconsistent result after apply", created: 2},
		"made something else, ask":           {lie: recordtest.Behaviour{Distort: true}, ask: true, first: "inconsistent result after apply", created: 2},
		"cannot delete what was made wrong ": {lie: recordtest.Behaviour{Distort: true, Stuck: true}, first: "inconsistent result after apply", created: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.records.Behave("a", c.lie)
			r := w.request("d1", strings.ReplaceAll(oneRecord, address, "slipwaytest_record.a"), map[string]any{"name": "a"})
			r.Values["script"] = strings.ReplaceAll(r.Values["script"].(string), `"slipwaytest_record" "one"`, `"slipwaytest_record" "a"`)
			if c.ask {
				r.Values["failed_creates"] = "ask"
			}
			_, err := w.provision(r)
			if c.first == "" {
				require.NoError(t, err)
			}
			if c.first != "" {
				require.ErrorContains(t, err, c.first)
			}
			if c.lie.Stuck {
				r.DeploymentID = "d-stuck"
				_, err = w.provision(r)
				require.ErrorContains(t, err, "cannot be deleted")
				require.Len(t, w.records.Named("a"), 1, "nothing is made beside it")
			}
			w.records.Behave("a", recordtest.Behaviour{})
			r.DeploymentID = "d2"
			_, err = w.provision(r)
			if c.asks {
				require.ErrorContains(t, err, "slipwaytest_record.a")
				require.ErrorContains(t, err, "ended with an error")
				w.settled(t, r, err)
				err = nil
			}
			require.NoError(t, err)
			require.Len(t, w.records.Named("a"), 1)
			require.Equal(t, c.created, w.records.Created("a"))
			require.NoError(t, w.driver.Destroy(ctx, r))
			require.Zero(t, w.records.Len())
		})
	}
}

// TestLyingDestroy: what cannot be deleted stays in the state.
func TestLyingDestroy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.request("d1", oneRecord, map[string]any{"name": "a"})
	_, err := w.provision(r)
	require.NoError(t, err)
	w.records.Behave("a", recordtest.Behaviour{Stuck: true})
	require.ErrorContains(t, w.driver.Destroy(ctx, r), "cannot be deleted now")
	w.records.Behave("a", recordtest.Behaviour{})
	r.DeploymentID = "d2"
	require.NoError(t, w.driver.Destroy(ctx, r))
	require.Zero(t, w.records.Len())
}

// TestPhantomDies: an id was given for what does not exist, and the runner died
// before the state was kept: the import fails, and a person is asked.
func TestPhantomDies(t *testing.T) {
	t.Parallel()
	w := newWorld(t).mortal()
	r := w.threeSlowRecords()
	w.records.Behave("a", recordtest.Behaviour{Phantom: true})
	done := w.background(ctx, r)
	asked("b", 0)(w, r)
	w.killAll(r)
	err := w.wait(done)
	for name := range map[string]bool{"a": true, "b": true} {
		w.records.Behave(name, recordtest.Behaviour{})
	}
	if err != nil {
		require.ErrorContains(t, err, "waits for a person")
	}
	w.settled(t, r, err)
	w.requireEachOnce(t)
}
