package runner_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/internal/runner"
	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/internal/runner/recordtest"
)

// gone waits until a process does not exist, or is dead and not yet collected.
func (w *world) gone(what string, pids ...int) {
	w.t.Helper()
	w.until(what, func() bool {
		for _, pid := range pids {
			raw, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
			if err == nil && !strings.Contains(string(raw), ") Z ") {
				return false
			}
		}
		return true
	})
}

// freeze stops the runner alone, in the middle of creating the first record, and returns its process.
func (w *world) freeze(r drivers.Request) int {
	w.t.Helper()
	asked("a", 0)(w, r)
	pid := w.pidOf(r)
	require.NoError(w.t, syscall.Kill(pid, syscall.SIGSTOP))
	w.t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGCONT) })
	return pid
}

// freezeElsewhere freezes the runner as one of another machine, which keeps no
// lock of the database when it stops: there nobody could end it to free that.
func (w *world) freezeElsewhere(r drivers.Request) int {
	w.t.Helper()
	asked("a", 0)(w, r)
	w.execute("UPDATE runner_runs SET host = 'elsewhere' WHERE id = ?", w.newest(r).ID) // before anybody looks for a dead one
	pid := w.pidOf(r)
	w.t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGCONT) })
	w.until("it stops without a lock", func() bool {
		require.NoError(w.t, syscall.Kill(pid, syscall.SIGSTOP))
		w.until("every thread of it has stopped", func() bool { return allStopped(pid) }) // one may still be taking the lock
		if w.writable() {
			return true
		}
		require.NoError(w.t, syscall.Kill(pid, syscall.SIGCONT))
		return false
	})
	return pid
}

// allStopped tells whether no thread of a process runs any more.
func allStopped(pid int) bool {
	threads, _ := filepath.Glob(filepath.Join("/proc", strconv.Itoa(pid), "task", "*", "stat"))
	for _, thread := range threads {
		raw, err := os.ReadFile(thread)
		if err == nil && !strings.Contains(string(raw), ") T ") {
			return false
		}
	}
	return len(threads) > 0
}

// writable tells whether the database can be written to within a moment.
func (w *world) writable() bool {
	w.t.Helper()
	db, err := sql.Open("sqlite", w.settings.DatabaseURL)
	require.NoError(w.t, err)
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	_, err = db.Exec("PRAGMA busy_timeout = 200")
	require.NoError(w.t, err)
	if _, err = db.Exec("BEGIN IMMEDIATE"); err != nil {
		return false
	}
	_, err = db.Exec("ROLLBACK")
	require.NoError(w.t, err)
	return true
}

// hold lets no create of a record end until the returned function is called, at the latest when the test ends.
func (w *world) hold(name string) (let func()) {
	held := make(chan struct{})
	let = sync.OnceFunc(func() { close(held) })
	w.t.Cleanup(let)
	w.records.Behave(name, recordtest.Behaviour{Hold: held})
	return let
}

// TestFrozenRunner: a runner that is stopped past its lease. Its Terraform goes
// on by itself meanwhile. The next runner ends the frozen one, whose leash then
// interrupts Terraform; it takes over what that leaves, and goes on.
func TestFrozenRunner(t *testing.T) {
	for name, database := range databases {
		for length, took := range map[string]time.Duration{"short create": 300 * time.Millisecond, "create outlasts the lease": 6 * time.Second} {
			t.Run(name+" "+length, func(t *testing.T) {
				t.Parallel()
				w := newWorldOn(t, database(t)).mortal()
				r := w.threeSlowRecords()
				w.records.Behave("a", recordtest.Behaviour{Before: took})
				done := w.background(ctx, r)
				frozen := w.freeze(r)
				first := w.newest(r)
				require.NoError(t, w.wait(done))
				require.NotEqual(t, first.ID, w.newest(r).ID, "another runner took over")
				old, err := w.store.GetRun(ctx, r.OrgID, first.ID)
				require.NoError(t, err)
				require.Equal(t, record.Lost, old.Status)
				w.gone("the frozen runner is ended", frozen)
				w.requireEachOnce(t)
			})
		}
	}
}

// TestThawedRunner: nobody takes over in time; when the runner continues it kills
// its Terraform and writes nothing.
func TestThawedRunner(t *testing.T) {
	t.Parallel()
	w := newWorld(t).mortal()
	r := w.threeSlowRecords()
	let := w.hold("a")
	worker := w.startFollower(r)
	frozen := w.freeze(r)
	require.NoError(t, worker.Process.Kill())
	_ = worker.Wait()
	members := sessionMembers(frozen)
	require.Greater(t, len(members), 2, "Terraform and its provider are there")
	before := w.newest(r)
	lease, err := w.store.GetLease(ctx, r.OrgID, r.GUResID)
	require.NoError(t, err)
	w.until("the lease has run out", func() bool { return time.Now().After(lease.ExpiresAt) })

	require.NoError(t, syscall.Kill(frozen, syscall.SIGCONT))
	w.gone("runner, Terraform and provider are dead", members...)
	require.Equal(t, before, w.newest(r), "it wrote nothing")
	require.Zero(t, w.records.Created("a"))

	w.records.Behave("a", recordtest.Behaviour{Before: 10 * time.Millisecond})
	_, err = w.provision(r)
	require.Error(t, err, "whether the first one will be made cannot be known")
	require.Equal(t, 1, w.records.Asked("a"), "it is not asked for again")
	let()
	w.settled(t, r, err)
	w.requireEachOnce(t)
}

// TestThawedAfterTakeover: the frozen runner was on another machine, so that
// nobody could end it. The next one stops for a person rather than make anything twice; the
// thawed one kills its Terraform and changes nothing.
func TestThawedAfterTakeover(t *testing.T) {
	t.Parallel()
	w := newWorld(t).mortal()
	r := w.threeSlowRecords()
	let := w.hold("a")
	done := w.background(ctx, r)
	frozen := w.freezeElsewhere(r)
	members := sessionMembers(frozen)
	err := w.wait(done)
	var known *drivers.Error
	require.ErrorAs(t, err, &known)
	require.Equal(t, runner.CodeUncertain, known.Code)
	stopped := w.newest(r)
	journal, err2 := w.store.Journal(ctx, r.OrgID, r.GUResID)
	require.NoError(t, err2)

	require.NoError(t, syscall.Kill(frozen, syscall.SIGCONT))
	w.gone("runner, Terraform and provider are dead", members...)
	require.Equal(t, stopped, w.newest(r), "it wrote nothing")
	left, err2 := w.store.Journal(ctx, r.OrgID, r.GUResID)
	require.NoError(t, err2)
	require.Equal(t, journal, left)
	let()
	w.settled(t, r, err)
	w.requireEachOnce(t)
}
