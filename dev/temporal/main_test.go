package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
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
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/sdk/client"
)

// serverVariable turns this test binary into the server: what is tested is a real process that can be killed.
const serverVariable = "TEMPORAL_DEV_SERVER_PROCESS"

func TestMain(m *testing.M) {
	if os.Getenv(serverVariable) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// process is a server started as a child.
type process struct {
	cmd      *exec.Cmd
	stderr   *bytes.Buffer
	ready    string
	frontend string
	ui       string
}

// launch starts a server on free ports and waits for its ready line; ready stays empty when the server gave up instead.
func launch(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(os.Args[0], append([]string{"--port", "0", "--ui-port", "0"}, args...)...), stderr: &bytes.Buffer{}}
	p.cmd.Env = append(os.Environ(), serverVariable+"=1")
	p.cmd.Stderr = p.stderr
	stdout, err := p.cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.cmd.Start())
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	lines := bufio.NewScanner(stdout)
	if !lines.Scan() {
		return p
	}
	p.ready = lines.Text()
	for _, field := range strings.Fields(p.ready) {
		if value, ok := strings.CutPrefix(field, "frontend="); ok {
			p.frontend = value
		}
		if value, ok := strings.CutPrefix(field, "ui="); ok {
			p.ui = value
		}
	}
	return p
}

// end sends a signal and returns how the server ended.
func (p *process) end(t *testing.T, signal os.Signal) error {
	t.Helper()
	require.NoError(t, p.cmd.Process.Signal(signal))
	return p.cmd.Wait()
}

func (p *process) client(t *testing.T, namespace string) client.Client {
	t.Helper()
	c, err := client.Dial(client.Options{HostPort: p.frontend, Namespace: namespace})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

func (p *process) searchAttributes(t *testing.T, namespace string) map[string]enumspb.IndexedValueType {
	t.Helper()
	res, err := p.client(t, namespace).OperatorService().ListSearchAttributes(t.Context(),
		&operatorservice.ListSearchAttributesRequest{Namespace: namespace})
	require.NoError(t, err)
	return res.GetCustomAttributes()
}

func TestStateSurvives(t *testing.T) {
	t.Parallel()
	for name, signal := range map[string]syscall.Signal{"a stop": syscall.SIGTERM, "kill -9": syscall.SIGKILL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := filepath.Join(t.TempDir(), "a #1?.db") // what a URI would misread
			first := launch(t, "--db", db, "--headless", "--namespace", "work")
			require.NotEmpty(t, first.ready, first.stderr)
			var runs []string
			for i := range 20 {
				run, err := first.client(t, "work").ExecuteWorkflow(t.Context(),
					client.StartWorkflowOptions{ID: fmt.Sprintf("w%d", i), TaskQueue: "nobody"}, "Absent")
				require.NoError(t, err)
				runs = append(runs, run.GetRunID())
			}
			_ = first.end(t, signal)

			second := launch(t, "--db", db, "--headless", "--namespace", "work", "--namespace", "late", "--search-attribute", "Org=Keyword")
			require.NotEmpty(t, second.ready, second.stderr)
			for i, want := range runs {
				found, err := second.client(t, "work").DescribeWorkflowExecution(t.Context(), fmt.Sprintf("w%d", i), "")
				require.NoError(t, err)
				require.Equal(t, want, found.GetWorkflowExecutionInfo().GetExecution().GetRunId())
			}
			for _, namespace := range []string{"work", "late"} {
				require.Equal(t, enumspb.INDEXED_VALUE_TYPE_KEYWORD, second.searchAttributes(t, namespace)["Org"], namespace)
			}
			require.NoError(t, second.end(t, syscall.SIGTERM), second.stderr)
		})
	}
}

func TestServesTheWebUI(t *testing.T) {
	t.Parallel()
	pidFile := filepath.Join(t.TempDir(), "pid")
	p := launch(t, "--db", filepath.Join(t.TempDir(), "t.db"), "--pid-file", pidFile, "--ui-codec-endpoint", "http://codec.example/x")
	require.Regexp(t, `^ready frontend=127\.0\.0\.1:\d+ ui=http://127\.0\.0\.1:\d+ pid=\d+$`, p.ready, p.stderr)

	content, err := os.ReadFile(pidFile)
	require.NoError(t, err)
	require.Equal(t, strconv.Itoa(p.cmd.Process.Pid), strings.TrimSpace(string(content)))
	require.Contains(t, get(t, p.ui+"/"), "<html")
	require.Contains(t, get(t, p.ui+"/api/v1/settings"), "http://codec.example/x")
	require.Contains(t, get(t, p.ui+"/api/v1/namespaces/default"), `"name": "default"`)

	require.NoError(t, p.end(t, syscall.SIGTERM), p.stderr)
	require.NoFileExists(t, pidFile)
}

func get(t *testing.T, url string) string {
	t.Helper()
	res, err := http.Get(url)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, res.StatusCode, string(body))
	return string(body)
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = taken.Close() })
	port := strconv.Itoa(taken.Addr().(*net.TCPAddr).Port)
	busy := filepath.Join(t.TempDir(), "busy.db")
	holder := launch(t, "--db", busy, "--headless")
	require.NotEmpty(t, holder.ready, holder.stderr)
	cases := map[string]struct {
		args []string
		want string
	}{
		"a database in use":              {args: []string{"--db", busy}, want: "in use by another server: stop it, or name another file with --db"},
		"a port in use":                  {args: []string{"--port", port}, want: "port " + port + " is in use by another process: choose another one with --port"},
		"a port of the Web UI in use":    {args: []string{"--ui-port", port}, want: "choose another one with --ui-port"},
		"a folder that is not there":     {args: []string{"--db", filepath.Join(t.TempDir(), "none", "t.db")}, want: "no such file or directory"},
		"more attributes than can be":    {args: attributes(11), want: "cannot have more than 10 search attributes"},
		"usage that it does not know of": {args: []string{"--colour"}, want: "flag provided but not defined"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := append([]string{"--db", filepath.Join(t.TempDir(), "t.db")}, tc.args...)
			p := launch(t, args...)
			require.Empty(t, p.ready)
			ended := make(chan error, 1)
			go func() { ended <- p.cmd.Wait() }()
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			select {
			case err := <-ended:
				require.Error(t, err)
			case <-ctx.Done():
				require.Fail(t, "the server did not give up")
			}
			require.Contains(t, p.stderr.String(), tc.want)
			require.NotContains(t, p.stderr.String(), "panic")
		})
	}
}

func attributes(n int) []string {
	var args []string
	for i := range n {
		args = append(args, "--search-attribute", fmt.Sprintf("A%d=Keyword", i))
	}
	return args
}
