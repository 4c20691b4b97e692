package e2e

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// abort starts a program that may write core files in a folder of its own, ends
// it as a crash would once it is ready, and lists the core files.
func abort(t *testing.T, env []string, ready func(pid int) bool, args ...string) []string {
	t.Helper()
	folder := t.TempDir()
	cmd := exec.Command("sh", append([]string{"-c", `ulimit -c unlimited && exec "$0" "$@"`}, args...)...)
	said := &output{}
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = folder, env, said, said
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	i := &instance{t: t, output: said}
	i.eventually("it is ready", func() (bool, string) { return ready(cmd.Process.Pid), said.String() })
	require.NoError(t, exec.Command("kill", "-ABRT", fmt.Sprint(cmd.Process.Pid)).Run())
	require.Error(t, cmd.Wait())
	require.Contains(t, cmd.ProcessState.String(), "abort", "%s", said)
	found, err := filepath.Glob(filepath.Join(folder, "*core*"))
	require.NoError(t, err)
	return found
}

// A process that holds keys leaves no image of its memory when it crashes, also
// where all others do.
func TestNoCoreFile(t *testing.T) {
	t.Parallel()
	running := func(name string) func(int) bool {
		return func(pid int) bool {
			target, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid))
			return err == nil && filepath.Base(target) == name
		}
	}
	usual := abort(t, os.Environ(), running(filepath.Base(realPath(t, "sleep"))), "sleep", "60")
	t.Logf("another program leaves %d core files on this machine", len(usual))

	silent, err := net.Listen("tcp", "127.0.0.1:0") // a Temporal that accepts and says nothing
	require.NoError(t, err)
	t.Cleanup(func() { _ = silent.Close() })
	i := newInstance(t, "TEMPORAL_ADDRESS="+silent.Addr().String(), "GOTRACEBACK=crash")
	i.mustCLI("migrate")
	asked := make(chan struct{})
	go func() {
		if conn, err := silent.Accept(); err == nil {
			defer func() { _ = conn.Close() }()
			close(asked)
			<-t.Context().Done()
		}
	}()
	limits := ""
	left := abort(t, i.env, func(pid int) bool {
		select {
		case <-asked: // it has opened keyset and database
		default:
			return false
		}
		raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", pid))
		limits = string(raw)
		return err == nil
	}, i.bin, "worker")
	require.Empty(t, left)
	require.Regexp(t, `Max core file size +0 +0 `, limits, "for what it starts, too")
}

func realPath(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	require.NoError(t, err)
	path, err = filepath.EvalSymlinks(path)
	require.NoError(t, err)
	return path
}
