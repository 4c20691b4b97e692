package e2e

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/testenv"
)

// refuses runs a command that has to end by itself, with one line on stderr
// that says why, and returns the line.
func (i *instance) refuses(args ...string) string {
	i.t.Helper()
	const within = time.Minute
	cmd := exec.Command(i.bin, args...)
	var stdout, stderr bytes.Buffer
	cmd.Env, cmd.Stdout, cmd.Stderr = i.env, &stdout, &stderr
	require.NoError(i.t, cmd.Start())
	late := time.AfterFunc(within, func() { _ = cmd.Process.Kill() })
	started := time.Now()
	err := cmd.Wait()
	require.True(i.t, late.Stop(), "slipway %v does not end within %s; stdout: %s stderr: %s", args, within, &stdout, &stderr)
	require.Error(i.t, err, "it succeeds; stdout: %s", &stdout)
	require.Positive(i.t, cmd.ProcessState.ExitCode())
	line := strings.TrimSpace(stderr.String())
	i.t.Logf("after %s: %s", time.Since(started).Round(time.Millisecond), line)
	require.NotEmpty(i.t, line, "stdout: %s", &stdout)
	require.NotContains(i.t, line, "\n", "one line")
	for _, inner := range []string{"goroutine ", "panic:", ".go:"} {
		require.NotContains(i.t, line, inner)
	}
	require.Zero(i.t, i.temporalPID(), "no Temporal is left behind")
	return line
}

func TestRefusesToStart(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = taken.Close() }()
	closed := net.JoinHostPort("127.0.0.1", strconv.Itoa(testenv.FreePort(t)))
	file := func(name, content string) func(string) error {
		return func(home string) error { return os.WriteFile(filepath.Join(home, name), []byte(content), 0o600) }
	}
	cases := map[string]struct {
		env     []string
		prepare func(home string) error
		args    []string
		says    []string
	}{
		"port in use":            {env: []string{"SLIPWAY_ADDR=" + taken.Addr().String()}, says: []string{taken.Addr().String(), "--addr"}},
		"garbage for a database": {prepare: file("slipway.db", strings.Repeat("this is no database ", 500)), says: []string{"slipway.db"}},
		"garbage for a keyset":   {prepare: file("keyset.json", `{"key": "nonsense"}`), says: []string{"keyset.json"}},
		"a folder for a keyset": {prepare: func(home string) error { return os.Mkdir(filepath.Join(home, "keyset.json"), 0o700) },
			says: []string{"keyset.json"}},
		"nobody at TEMPORAL_ADDRESS": {env: []string{"TEMPORAL_ADDRESS=" + closed}, says: []string{closed, "TEMPORAL_ADDRESS"}},
		"no database for a server": {env: []string{"DATABASE_URL=postgres://nobody@" + closed + "/none", "TEMPORAL_ADDRESS=" + closed},
			prepare: nil, args: []string{"migrate"}, says: []string{closed}},
		"a setting that is none":    {env: []string{"SLIPWAY_LOG_LEVEL=loud"}, says: []string{"log-level", "loud"}},
		"a port that is none":       {env: []string{"SLIPWAY_TEMPORAL_PORT=many"}, says: []string{"SLIPWAY_TEMPORAL_PORT", "many"}},
		"a server without Temporal": {args: []string{"server"}, says: []string{"TEMPORAL_ADDRESS"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			i := newInstance(t, c.env...)
			if c.prepare != nil {
				require.NoError(t, c.prepare(i.home))
			}
			args := c.args
			if args == nil {
				args = []string{"dev"}
			}
			line := i.refuses(args...)
			for _, part := range c.says {
				require.Contains(t, line, part)
			}
		})
	}
}

func TestTemporalPortInUse(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = taken.Close() }()
	port := strconv.Itoa(taken.Addr().(*net.TCPAddr).Port)
	i := newInstance(t, "SLIPWAY_TEMPORAL_PORT="+port)
	line := i.refuses("dev")
	require.Contains(t, line, port)
	require.Contains(t, line, "--temporal-port")
}

func TestOneHomeOneSlipway(t *testing.T) {
	t.Parallel()
	i := newInstance(t, "TEMPORAL_ADDRESS="+testenv.Temporal(t), "TEMPORAL_NAMESPACE="+testenv.Namespace(t))
	i.start()
	second := *i
	second.env = append(append([]string{}, i.env...), "SLIPWAY_ADDR=127.0.0.1:"+strconv.Itoa(testenv.FreePort(t)))
	line := second.refuses("dev")
	require.Contains(t, line, i.home)
	require.Contains(t, line, strconv.Itoa(i.cmd.Process.Pid))
	i.must(http.StatusOK, http.MethodGet, org, nil) // the first is unharmed
}

func TestTermEndsEverything(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes longer than the fast tier allows")
	}
	i := newInstance(t)
	i.start()
	require.NotZero(t, i.temporalPID())
	prepareShop(i)
	id := i.deploy("shop", map[string]any{"delta_id": i.scoreDelta("shop", shopFiles...)})
	asked := time.Now()
	require.NoError(t, i.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-i.ended:
	case <-time.After(30 * time.Second): // as docker-compose.yml gives it
		t.Fatalf("it still runs after 30 s")
	}
	t.Logf("ended after %s", time.Since(asked).Round(time.Millisecond))
	require.Zero(t, i.cmd.ProcessState.ExitCode(), "%s", i.output)
	out, err := exec.Command("ps", "-ww", "-eo", "pid=,args=").Output()
	require.NoError(t, err)
	for _, line := range strings.Split(string(out), "\n") {
		require.NotContains(t, line, i.home, "a process is left")
	}
	_, err = os.Stat(filepath.Join(i.home, "temporal.json"))
	require.ErrorIs(t, err, os.ErrNotExist)
	i.start()
	again := time.Now()
	i.succeeded("shop", id) // what was under way goes on
	t.Logf("the deployment ended %s after the next start", time.Since(again).Round(time.Millisecond))
	require.Equal(t, 1, i.commits(id))
}
