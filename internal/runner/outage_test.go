package runner_test

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/runner"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/orchestrator"
)

// restarted builds the service again, for settings that have changed.
func (w *world) restarted() {
	w.service = runner.NewService(runner.ServiceOptions{
		Store: w.store, Keeper: w.keeper, Launcher: runner.Local{Settings: w.settings}, Timing: w.settings.Timing,
	})
	w.driver = terraform.New(w.service)
}

// TestDatabaseGoesWhileTerraformWorks: an outage that is shorter than the lease is nothing to the run; after a longer one another
// run finds out what there is. Either way every record is made once.
func TestDatabaseGoesWhileTerraformWorks(t *testing.T) {
	for name, c := range map[string]struct {
		lease time.Duration
		same  bool // the run goes on
	}{
		"shorter than the lease": {time.Minute, true},
		"longer than the lease":  {1500 * time.Millisecond, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := testenv.NewRestartablePostgres(t)
			w := newWorldOn(t, server.DSN())
			w.settings.Timing.Lease = c.lease
			w.restarted()
			r := w.threeSlowRecords()
			done := w.background(ctx, r)
			asked("a", 150*time.Millisecond)(w, r)
			first := w.newest(r).ID
			server.Crash()
			time.Sleep(3 * time.Second) // the outage
			server.Start()
			err := w.wait(done)
			for end := time.Now().Add(time.Minute); orchestrator.CodeOf(err) == orchestrator.CodeUnavailable && time.Now().Before(end); {
				_, err = w.provision(r) // as the activity is repeated
			}
			w.settled(t, r, err)
			w.requireEachOnce(t)
			if c.same {
				require.Equal(t, first, w.newest(r).ID)
				require.NoError(t, err)
			}
		})
	}
}

// TestFullDisk: a disk that is full is said, and once there is room the next deployment goes on, with what was made meanwhile.
func TestFullDisk(t *testing.T) {
	for name, c := range map[string]struct {
		before bool
	}{
		"before the run": {true},
		"during apply":   {false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			fill := w.smallDisk(t)
			r := w.threeSlowRecords()
			if c.before {
				free := fill()
				_, err := w.provision(r)
				require.ErrorContains(t, err, "no space left on device")
				require.Zero(t, w.records.Len())
				free()
				r.DeploymentID = "d2"
				_, err = w.provision(r)
				require.NoError(t, err)
				w.requireEachOnce(t)
				return
			}
			done := w.background(ctx, r)
			asked("a", 0)(w, r)
			free := fill()
			err := w.wait(done)
			free()
			if err != nil { // a state that still fits on the page it has is written
				require.ErrorContains(t, err, "no space left on device")
			}
			r.DeploymentID = "d2"
			_, err = w.provision(r)
			w.settled(t, r, err)
			w.requireEachOnce(t)
		})
	}
}

// smallDisk puts the runner's folder on a disk of its own; the function fills it, and what that returns makes room again.
func (w *world) smallDisk(t *testing.T) func() (free func()) {
	t.Helper()
	require.NoError(t, os.MkdirAll(w.settings.Folder, 0o700))
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=128m", "tmpfs", w.settings.Folder).CombinedOutput(); err != nil {
		t.Skipf("a full disk is NOT tested: mounting one takes rights that this user lacks: %v: %s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", w.settings.Folder).Run() })
	return func() func() {
		path := filepath.Join(w.settings.Folder, "filler")
		f, err := os.Create(path)
		require.NoError(t, err)
		_, err = io.Copy(f, zeros{})
		require.Error(t, err, "the disk is full")
		require.NoError(t, errors.Join(f.Close()))
		return func() { require.NoError(t, os.Remove(path)) }
	}
}

// zeros never ends.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
