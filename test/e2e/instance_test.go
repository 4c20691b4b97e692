package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/testenv"
)

// deadline bounds every wait of these tests.
const deadline = 3 * time.Minute

var build struct {
	once sync.Once
	path string
	err  error
}

// binary builds slipway once for all tests of the package.
func binary(t *testing.T) string {
	t.Helper()
	build.once.Do(func() {
		root, err := filepath.Abs("../..")
		if err != nil {
			build.err = err
			return
		}
		build.path = filepath.Join(root, "bin", "e2e", "slipway")
		out, err := exec.Command("go", "build", "-o", build.path, "../../cmd/slipway").CombinedOutput()
		if err != nil {
			build.err = fmt.Errorf("building slipway: %w\n%s", err, out)
		}
	})
	require.NoError(t, build.err)
	return build.path
}

// instance is one `slipway dev` with a folder of its own.
type instance struct {
	t      *testing.T
	bin    string
	home   string
	url    string
	env    []string
	cmd    *exec.Cmd
	ended  chan struct{} // closed when the process is gone
	output *output
}

// output is what a process has printed so far.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

// as is the same instance on behalf of a subtest.
func (i *instance) as(t *testing.T) *instance {
	own := *i
	own.t = t
	return &own
}

// newInstance prepares an instance; start starts it. Settings are SLIPWAY_*
// variables; without a Temporal address it starts a Temporal of its own.
func newInstance(t *testing.T, settings ...string) *instance {
	t.Helper()
	home := t.TempDir()
	source, err := filepath.Abs("../..")
	require.NoError(t, err)
	addr := fmt.Sprintf("127.0.0.1:%d", testenv.FreePort(t))
	i := &instance{t: t, bin: binary(t), home: home, url: "http://" + addr}
	i.env = append(os.Environ(),
		"SLIPWAY_HOME="+home, "SLIPWAY_ADDR="+addr, "SLIPWAY_SOURCE="+source, "SLIPWAY_OFFLINE=true",
		fmt.Sprintf("SLIPWAY_TEMPORAL_PORT=%d", testenv.FreePort(t)), fmt.Sprintf("SLIPWAY_TEMPORAL_UI_PORT=%d", testenv.FreePort(t)),
		"SLIPWAY_RECONCILE_EVERY=1s", "SLIPWAY_REQUEST_RATE=0", "SLIPWAY_HEARTBEAT_TIMEOUT=5s", "SLIPWAY_RUNNER_LEASE=9s", "SLIPWAY_LOG_LEVEL=debug", "TEMPORAL_ADDRESS=", "DATABASE_URL=")
	i.env = append(i.env, settings...)
	t.Cleanup(func() { i.stop() })
	return i
}

// launch starts the processes and returns at once.
func (i *instance) launch() {
	i.t.Helper()
	i.output, i.ended = &output{}, make(chan struct{})
	i.cmd = exec.Command(i.bin, "dev")
	i.cmd.Env, i.cmd.Stdout, i.cmd.Stderr = i.env, i.output, i.output
	require.NoError(i.t, i.cmd.Start())
	go func(cmd *exec.Cmd, ended chan struct{}) {
		_ = cmd.Wait()
		close(ended)
	}(i.cmd, i.ended)
}

// start starts the processes and waits until the API is ready.
func (i *instance) start() {
	i.t.Helper()
	i.launch()
	i.eventually("the API is ready", func() (bool, string) {
		if i.gone() {
			i.t.Fatalf("slipway dev ended: %s\n%s", i.cmd.ProcessState, i.output)
		}
		resp, err := http.Get(i.url + "/readyz")
		if err != nil {
			return false, err.Error()
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK, resp.Status
	})
}

// kill ends slipway at once; the Temporal it started lives on.
func (i *instance) kill() {
	i.t.Helper()
	require.NoError(i.t, i.cmd.Process.Kill())
	i.waitGone()
}

// stop ends it in order, and with it the Temporal it started.
func (i *instance) stop() {
	if i.cmd == nil {
		return
	}
	_ = i.cmd.Process.Signal(syscall.SIGTERM)
	i.waitGone()
	i.endTemporal()
	if i.t.Failed() {
		i.t.Logf("output of slipway dev:\n%s", i.output)
		if log, err := os.ReadFile(filepath.Join(i.home, "logs", "slipway.log")); err == nil {
			i.t.Logf("end of its log:\n%s", log[max(0, len(log)-20000):])
		}
	}
	i.cmd = nil
}

// endTemporal ends the Temporal that a killed slipway has left behind.
func (i *instance) endTemporal() {
	if pid := i.temporalPID(); pid > 1 {
		_ = syscall.Kill(-pid, syscall.SIGKILL)
	}
}

// temporalPID is the process id of the Temporal that runs for this home, 0 when
// there is none. Its command line names the home, so that a process that was
// given the same id later is never taken for it.
func (i *instance) temporalPID() int {
	raw, err := os.ReadFile(filepath.Join(i.home, "temporal.json"))
	if err != nil {
		return 0
	}
	var record struct{ PID int }
	if json.Unmarshal(raw, &record) != nil || record.PID <= 1 {
		return 0
	}
	args, err := exec.Command("ps", "-ww", "-o", "args=", "-p", strconv.Itoa(record.PID)).Output()
	if err != nil || !strings.Contains(string(args), i.home) {
		return 0
	}
	return record.PID
}

// gone reports whether the process has ended.
func (i *instance) gone() bool {
	select {
	case <-i.ended:
		return true
	default:
		return false
	}
}

// waitGone waits for the end of the process, and ends it by force when that
// does not come.
func (i *instance) waitGone() {
	select {
	case <-i.ended:
	case <-time.After(deadline):
		i.t.Errorf("slipway dev does not end; it is killed")
		_ = i.cmd.Process.Kill()
		<-i.ended
	}
}

// eventually waits for a condition; the text says what was seen last.
func (i *instance) eventually(what string, ok func() (bool, string)) {
	i.t.Helper()
	end := time.Now().Add(deadline)
	last := ""
	for time.Now().Before(end) {
		var done bool
		if done, last = ok(); done {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	i.t.Fatalf("%s: not within %s; last: %s\n%s", what, deadline, last, i.output)
}

func (i *instance) token() string {
	raw, err := os.ReadFile(filepath.Join(i.home, "token"))
	require.NoError(i.t, err)
	return strings.TrimSpace(string(raw))
}

// call sends a request and decodes the answer, whatever its status.
func (i *instance) call(method, path string, body any) (int, any) {
	i.t.Helper()
	status, out, err := i.try(method, path, body)
	require.NoError(i.t, err)
	return status, out
}

func (i *instance) try(method, path string, body any) (int, any, error) {
	var reader io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return 0, nil, err
		}
		reader = bytes.NewReader(raw)
	}
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, i.url+path, reader)
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Authorization", "Bearer "+i.token())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil || len(raw) == 0 {
		return resp.StatusCode, nil, err
	}
	var out any
	if err := json.Unmarshal(raw, &out); err != nil {
		return resp.StatusCode, nil, fmt.Errorf("%s %s: %w: %s", method, path, err, raw)
	}
	return resp.StatusCode, out, nil
}

// must is call with the status that is expected, and an object as answer.
func (i *instance) must(status int, method, path string, body any) map[string]any {
	i.t.Helper()
	got, out := i.call(method, path, body)
	require.Equal(i.t, status, got, "%s %s: %v", method, path, out)
	object, _ := out.(map[string]any)
	return object
}

// list is call for a list.
func (i *instance) list(path string) []map[string]any {
	i.t.Helper()
	status, out := i.call(http.MethodGet, path, nil)
	require.Equal(i.t, http.StatusOK, status, "%s: %v", path, out)
	var objects []map[string]any
	for _, v := range out.([]any) {
		objects = append(objects, v.(map[string]any))
	}
	return objects
}

// cli runs a client verb against the instance.
func (i *instance) cli(args ...string) (stdout, stderr string, code int) {
	i.t.Helper()
	cmd := exec.Command(i.bin, args...)
	cmd.Env = i.env
	cmd.Dir = "../.."
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if err != nil && cmd.ProcessState == nil {
		i.t.Fatalf("%v: %v", args, err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// mustCLI is cli that has to succeed.
func (i *instance) mustCLI(args ...string) string {
	i.t.Helper()
	out, errs, code := i.cli(args...)
	require.Zero(i.t, code, "slipway %s\n%s\n%s", strings.Join(args, " "), out, errs)
	return out
}
