package runner_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/runner"
)

// standsBy keeps a process started ahead until it is killed: the tests play a
// worker with it.
func standsBy(folder string) error {
	(&runner.Standby{Local: runner.Local{Settings: runner.Settings{Folder: folder}}}).Prepare()
	select {}
}

// runnersOf lists the runner processes whose parent is the given one.
func runnersOf(parent int) []int {
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	var out []int
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil || !bytes.Equal(raw, []byte(os.Args[0]+"\x00runner\x00")) {
			continue
		}
		stat, err := os.ReadFile(filepath.Join(filepath.Dir(file), "stat"))
		if err != nil {
			continue
		}
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		if len(fields) > 1 && fields[1] == strconv.Itoa(parent) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			out = append(out, pid)
		}
	}
	return out
}

func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }

// TestStandby is not parallel: it looks at all runners of this process.
func TestStandby(t *testing.T) {
	t.Setenv("SLIPWAY_KEYSET_JSON", canary)
	w := newWorld(t)
	standby := &runner.Standby{Local: runner.Local{Settings: w.settings}}
	t.Cleanup(standby.Close)
	w.driver = terraform.New(runner.NewService(runner.ServiceOptions{Store: w.store, Keeper: w.keeper, Launcher: standby, Timing: w.settings.Timing}))
	idle := func() int {
		var found []int
		w.until("one process stands by", func() bool {
			found = runnersOf(os.Getpid())
			return len(found) == 1
		})
		return found[0]
	}
	provision := func(deployment string) {
		t.Helper()
		_, err := w.provision(w.request(deployment, oneRecord, map[string]any{"name": "a", "value": deployment}))
		require.NoError(t, err)
		require.Equal(t, deployment, w.records.Named("a")[0].Value)
	}

	provision("d1")
	first := idle()
	environ, err := os.ReadFile("/proc/" + strconv.Itoa(first) + "/environ")
	require.NoError(t, err)
	require.NotContains(t, string(environ), canary)
	require.NotContains(t, string(environ), "SLIPWAY_")

	provision("d2")
	w.until("the one that stood by has done its run and ended", func() bool { return !alive(first) })
	second := idle()
	require.NotEqual(t, first, second)

	require.NoError(t, syscall.Kill(second, syscall.SIGKILL))
	provision("d3") // whether its death was noticed or not
	third := idle()

	standby.Close()
	w.until("it ends", func() bool { return !alive(third) })
	standby.Prepare()
	require.Empty(t, runnersOf(os.Getpid()), "none is kept any more")
	provision("d4")
}

// TestStandbyEndsWithItsWorker: nobody is left to tell it what to do.
func TestStandbyEndsWithItsWorker(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	worker := exec.Command(os.Args[0], "standby", t.TempDir())
	require.NoError(t, worker.Start())
	var children []int
	w.until("it stands by", func() bool {
		children = runnersOf(worker.Process.Pid)
		return len(children) == 1
	})
	require.NoError(t, worker.Process.Kill())
	_ = worker.Wait()
	w.until("it ends", func() bool { return !alive(children[0]) })
}
