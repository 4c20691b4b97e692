package devenv_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/devenv"
)

func TestLockIsHeldByOne(t *testing.T) {
	t.Parallel()
	home := filepath.Join(t.TempDir(), "new", "home")
	unlock, err := devenv.Lock(home)
	require.NoError(t, err)

	_, err = devenv.Lock(home)
	require.EqualError(t, err, fmt.Sprintf("another slipway dev (pid %d) uses %s: stop it, or choose another folder with --home", os.Getpid(), home))

	unlock()
	unlock, err = devenv.Lock(home)
	require.NoError(t, err)
	unlock()
}

// A process that is killed while it starts another one leaves the lock to that one, until it is a program of its own.
func TestLockThatADeadProcessLeftIsWaitedFor(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	gone := exec.Command("true")
	require.NoError(t, gone.Run())
	path := filepath.Join(home, "lock")
	require.NoError(t, os.WriteFile(path, fmt.Appendln(nil, gone.Process.Pid), 0o644))
	inherited, err := os.Open(path)
	require.NoError(t, err)
	require.NoError(t, syscall.Flock(int(inherited.Fd()), syscall.LOCK_EX))
	time.AfterFunc(300*time.Millisecond, func() { _ = inherited.Close() })
	unlock, err := devenv.Lock(home)
	require.NoError(t, err)
	unlock()
}

func TestLockOfAFolderThatCannotBe(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	_, err := devenv.Lock(filepath.Join(file, "home"))
	require.ErrorContains(t, err, "make the home folder")
	require.NotContains(t, err.Error(), "\n")
}
