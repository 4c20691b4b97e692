package devenv_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"github.com/slipway-dev/slipway/internal/devenv"
	"github.com/slipway-dev/slipway/internal/testenv"
)

// callerVariable turns this test binary into a caller of StartTemporal that can be killed; it holds the options as JSON.
const callerVariable = "SLIPWAY_DEVENV_CALLER"

func TestMain(m *testing.M) {
	if options := os.Getenv(callerVariable); options != "" {
		beCaller(options)
	}
	// Tests decide themselves whether there is a temporal on PATH.
	if err := os.Setenv("PATH", pathWithout("temporal")); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func beCaller(options string) {
	var opts devenv.TemporalOptions
	if err := json.Unmarshal([]byte(options), &opts); err != nil {
		panic(err)
	}
	started, err := devenv.StartTemporal(context.Background(), opts)
	fmt.Println("started", started != nil, err)
	select {}
}

func pathWithout(program string) string {
	var kept []string
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		if _, err := os.Stat(filepath.Join(dir, program)); err != nil {
			kept = append(kept, dir)
		}
	}
	return strings.Join(kept, string(filepath.ListSeparator))
}

// realOptions are those of a home of its own on free ports, which builds the real dev server unless that was done before.
func realOptions(t *testing.T) devenv.TemporalOptions {
	t.Helper()
	if testing.Short() {
		t.Skip("runs a Temporal server: not run with -short")
	}
	_, file, _, _ := runtime.Caller(0)
	return devenv.TemporalOptions{
		Home:      t.TempDir(),
		Port:      testenv.FreePort(t),
		UIPort:    testenv.FreePort(t),
		Namespace: "work",
		SourceDir: filepath.Dir(filepath.Dir(filepath.Dir(file))),
	}
}

func start(t *testing.T, opts devenv.TemporalOptions) *devenv.Temporal {
	t.Helper()
	started, err := devenv.StartTemporal(t.Context(), opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, started.Stop(context.Background())) })
	return started
}

// pidOf reads who runs from the home's record.
func pidOf(t *testing.T, home string) int {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(home, "temporal.json"))
	require.NoError(t, err)
	var record struct{ PID int }
	require.NoError(t, json.Unmarshal(content, &record))
	return record.PID
}

func createWorkflow(t *testing.T, temporal *devenv.Temporal, id string) {
	t.Helper()
	c, err := client.Dial(client.Options{HostPort: temporal.Address, Namespace: temporal.Namespace})
	require.NoError(t, err)
	defer c.Close()
	_, err = c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: id, TaskQueue: "nobody"}, "Absent")
	require.NoError(t, err)
}

func requireWorkflow(t *testing.T, temporal *devenv.Temporal, id string) {
	t.Helper()
	c, err := client.Dial(client.Options{HostPort: temporal.Address, Namespace: temporal.Namespace})
	require.NoError(t, err)
	defer c.Close()
	_, err = c.DescribeWorkflowExecution(t.Context(), id, "")
	require.NoError(t, err)
}

func TestStartStopStart(t *testing.T) {
	t.Parallel()
	opts := realOptions(t)
	first := start(t, opts)
	require.Equal(t, devenv.SourceBuild, first.Source)
	createWorkflow(t, first, "kept")
	res, err := http.Get(first.UIURL + "/healthz")
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusOK, res.StatusCode)

	require.NoError(t, first.Stop(t.Context()))
	require.NoError(t, first.Stop(t.Context()), "a second stop is harmless")
	err, open := <-first.Done()
	require.NoError(t, err)
	require.False(t, open)
	require.NoFileExists(t, filepath.Join(opts.Home, "temporal.json"))

	began := time.Now()
	second := start(t, opts)
	t.Logf("second start took %s", time.Since(began).Round(time.Millisecond))
	requireWorkflow(t, second, "kept")
}

func TestAnotherCallerAdoptsWhatAKilledOneLeft(t *testing.T) {
	t.Parallel()
	opts := realOptions(t)
	killCaller(t, opts)
	left := pidOf(t, opts.Home)

	adopted := start(t, opts)
	require.Equal(t, devenv.SourceAdopted, adopted.Source)
	require.Equal(t, left, pidOf(t, opts.Home))
	createWorkflow(t, adopted, "kept")

	require.NoError(t, adopted.Stop(t.Context()))
	require.NoError(t, devenv.CheckPort(adopted.Address), "the adopted server has ended")

	killCaller(t, opts)
	left = pidOf(t, opts.Home)
	opts.Port = testenv.FreePort(t)
	moved := start(t, opts)
	require.Equal(t, devenv.SourceBuild, moved.Source, "one that serves another port is replaced")
	require.NotEqual(t, left, pidOf(t, opts.Home))
	requireWorkflow(t, moved, "kept")
	require.NoError(t, moved.Stop(t.Context()))

	killCaller(t, opts)
	left = pidOf(t, opts.Home)
	opts.UICodecEndpoint = "http://127.0.0.1:1/codec"
	told := start(t, opts)
	require.NotEqual(t, left, pidOf(t, opts.Home), "one whose Web UI has payloads decoded elsewhere is replaced")
	requireWorkflow(t, told, "kept")
}

// killCaller has another process start Temporal and kills that process, not the server.
func killCaller(t *testing.T, opts devenv.TemporalOptions) {
	t.Helper()
	options, err := json.Marshal(struct {
		Home, Namespace, SourceDir string
		Port, UIPort               int
	}{opts.Home, opts.Namespace, opts.SourceDir, opts.Port, opts.UIPort})
	require.NoError(t, err)
	caller := exec.Command(os.Args[0])
	caller.Env = append(os.Environ(), callerVariable+"="+string(options))
	out, err := caller.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, caller.Start())
	t.Cleanup(func() { _ = caller.Process.Kill() })
	lines := bufio.NewScanner(out)
	require.True(t, lines.Scan())
	require.Equal(t, "started true <nil>", lines.Text())
	require.NoError(t, caller.Process.Kill())
	require.Error(t, caller.Wait())
}

func TestAnUnexpectedEndIsReported(t *testing.T) {
	t.Parallel()
	opts := realOptions(t)
	started := start(t, opts)
	pid := pidOf(t, opts.Home)
	require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
	select {
	case err := <-started.Done():
		require.ErrorContains(t, err, fmt.Sprintf("Temporal (pid %d) ended unexpectedly", pid))
		require.Regexp(t, `temporal\.log:\n\S`, err.Error(), "the last lines of the log follow")
	case <-time.After(20 * time.Second):
		require.Fail(t, "the end was not reported")
	}
	require.NoFileExists(t, filepath.Join(opts.Home, "temporal.json"))
}

func TestARecordOfSomebodyElseIsNotTouched(t *testing.T) {
	t.Parallel()
	opts := realOptions(t)
	stranger := exec.Command("sleep", "600")
	require.NoError(t, stranger.Start())
	t.Cleanup(func() { _ = stranger.Process.Kill(); _ = stranger.Wait() })
	writeFiles(t, opts.Home, map[string]string{"temporal.json": fmt.Sprintf(
		`{"pid":%d,"started":"1@earlier","port":%d,"ui_port":%d,"database":%q}`,
		stranger.Process.Pid, opts.Port, opts.UIPort, filepath.Join(opts.Home, "temporal.db"))})
	started := start(t, opts)
	require.Equal(t, devenv.SourceBuild, started.Source)
	require.NoError(t, stranger.Process.Signal(syscall.Signal(0)), "the stranger lives")
}

func TestTakenPort(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = taken.Close() })
	port := taken.Addr().(*net.TCPAddr).Port
	cases := map[string]struct {
		port, uiPort int
		flag         string
	}{
		"frontend": {port: port, uiPort: testenv.FreePort(t), flag: devenv.PortFlag},
		"Web UI":   {port: testenv.FreePort(t), uiPort: port, flag: devenv.UIPortFlag},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := devenv.StartTemporal(t.Context(), devenv.TemporalOptions{Home: t.TempDir(), Port: tc.port, UIPort: tc.uiPort})
			require.ErrorContains(t, err, "port "+strconv.Itoa(port)+" is in use by ")
			require.ErrorContains(t, err, tc.flag)
			require.NotContains(t, err.Error(), "\n")
			if runtime.GOOS == "linux" {
				require.ErrorContains(t, err, fmt.Sprintf("(pid %d)", os.Getpid()))
			}
		})
	}
}

func TestCheckPortOfAnotherMachine(t *testing.T) {
	t.Parallel()
	err := devenv.CheckPort("192.0.2.1:80") // an address for documentation (RFC 5737)
	var inUse *devenv.PortInUseError
	require.Error(t, err)
	require.NotErrorAs(t, err, &inUse)
}

func TestGivenAddress(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	given, err := devenv.StartTemporal(t.Context(), devenv.TemporalOptions{Address: l.Addr().String(), Namespace: "mine"})
	require.NoError(t, err)
	require.Equal(t, []string{l.Addr().String(), "mine", devenv.SourceAddress}, []string{given.Address, given.Namespace, given.Source})
	require.NoError(t, given.Stop(t.Context()))

	require.NoError(t, l.Close())
	nobody := fmt.Sprintf("127.0.0.1:%d", testenv.FreePort(t))
	_, err = devenv.StartTemporal(t.Context(), devenv.TemporalOptions{Address: nobody})
	require.ErrorContains(t, err, "the Temporal at "+nobody+" (TEMPORAL_ADDRESS) cannot be reached")
	require.NotContains(t, err.Error(), "\n")
}

func TestNothingToStart(t *testing.T) {
	t.Parallel()
	wrong := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("no archive")) }))
	t.Cleanup(wrong.Close)
	cases := map[string]struct {
		opts devenv.TemporalOptions
		want []string
	}{
		"download not allowed": {
			want: []string{"run from a checkout of Slipway"},
		},
		"offline": {
			opts: devenv.TemporalOptions{AllowDownload: true, Offline: true, ReleaseURL: wrong.URL},
			want: []string{"run from a checkout of Slipway"},
		},
		"a release site that cannot be reached": {
			opts: devenv.TemporalOptions{AllowDownload: true, ReleaseURL: fmt.Sprintf("http://127.0.0.1:%d", testenv.FreePort(t))},
			want: []string{"connection refused", "run from a checkout of Slipway"},
		},
		"a release that is not the pinned one": {
			opts: devenv.TemporalOptions{AllowDownload: true, ReleaseURL: wrong.URL},
			want: []string{"not the pinned", "run from a checkout of Slipway"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var said []string
			tc.opts.Home, tc.opts.CacheDir = t.TempDir(), t.TempDir()
			tc.opts.Port, tc.opts.UIPort = testenv.FreePort(t), testenv.FreePort(t)
			tc.opts.Log = func(line string) {
				mu.Lock()
				defer mu.Unlock()
				said = append(said, line)
			}
			_, err := devenv.StartTemporal(t.Context(), tc.opts)
			require.ErrorContains(t, err, "no Temporal to start: install the temporal CLI")
			require.NotContains(t, err.Error(), "\n")
			for _, want := range tc.want {
				require.ErrorContains(t, err, want)
			}
			if len(tc.want) == 1 {
				require.Empty(t, said, "no download was tried")
				return
			}
			require.Contains(t, strings.Join(said, "\n"), tc.want[0], "a failed download is said when it happens")
		})
	}
}

// TestTemporalOnPath cannot be parallel: it changes PATH.
func TestTemporalOnPath(t *testing.T) {
	opts := realOptions(t)
	server, err := devenv.BuildTemporal(t.Context(), devenv.BuildOptions{SourceDir: opts.SourceDir})
	require.NoError(t, err)
	dir := t.TempDir()
	t.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	script := filepath.Join(dir, "temporal")

	// A stand-in for the CLI: the same server under the CLI's names.
	require.NoError(t, os.WriteFile(script, []byte(`#!/bin/bash
[ "$1 $2" = "server start-dev" ] || exit 9
shift 2
exec `+server+` "${@/--db-filename/--db}"
`), 0o755))
	started := start(t, opts)
	require.Equal(t, devenv.SourcePath, started.Source)
	createWorkflow(t, started, "w")
	require.NoError(t, started.Stop(t.Context()))

	require.NoError(t, os.WriteFile(script, []byte("#!/bin/sh\necho unknown flag: --db-filename >&2\nexit 3\n"), 0o755))
	_, err = devenv.StartTemporal(t.Context(), opts)
	require.ErrorContains(t, err, "it ended at once")
	require.ErrorContains(t, err, "unknown flag: --db-filename")
	require.NoFileExists(t, filepath.Join(opts.Home, "temporal.json"))
}
