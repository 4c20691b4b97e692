package e2e

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/encoding/prototext"

	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/internal/temporal"
	"github.com/slipway-dev/slipway/internal/testenv"
)

// apart is an installation whose server and workers are processes of their own,
// on PostgreSQL.
type apart struct {
	*instance
	dsn, temporal, namespace string
}

func newApart(t *testing.T, settings ...string) *apart {
	t.Helper()
	if testing.Short() {
		t.Skip("takes longer than the fast tier allows")
	}
	a := &apart{dsn: testenv.Postgres(t), temporal: testenv.Temporal(t), namespace: testenv.Namespace(t)}
	a.instance = newInstance(t, append([]string{
		"DATABASE_URL=" + a.dsn, "TEMPORAL_ADDRESS=" + a.temporal, "TEMPORAL_NAMESPACE=" + a.namespace,
		"SLIPWAY_LOG_LEVEL=info", "SLIPWAY_DRIVER_NETWORKS=127.0.0.0/8",
	}, settings...)...)
	a.output, a.ended = &output{}, make(chan struct{})
	token := "sw_" + canary(t)
	require.NoError(t, os.WriteFile(filepath.Join(a.home, "token"), []byte(token), 0o600))
	a.env = append(a.env, "SLIPWAY_ADMIN_TOKEN="+token)
	a.mustCLI("migrate")
	identity, err := os.ReadFile(filepath.Join(a.home, "age.key"))
	require.NoError(t, err)
	a.env = append(a.env, "SLIPWAY_AGE_RECIPIENTS="+regexp.MustCompile(`age1\w+`).FindString(string(identity)))
	return a
}

// process starts a process that stays until the test ends.
func (a *apart) process(args ...string) *exec.Cmd {
	a.t.Helper()
	cmd := exec.Command(a.bin, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = a.env, a.output, a.output
	require.NoError(a.t, cmd.Start())
	a.t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		if a.t.Failed() {
			a.t.Logf("output of slipway %v and the others:\n%s", args, a.output)
		}
	})
	return cmd
}

func (a *apart) up(workers int) {
	a.t.Helper()
	a.process("server")
	for range workers {
		a.process("worker")
	}
	a.eventually("the server is ready", func() (bool, string) {
		resp, err := http.Get(a.url + "/readyz")
		if err != nil {
			return false, err.Error()
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK, resp.Status
	})
}

// keys reads `slipway keys list`: how many values each key has encrypted, and
// which one encrypts.
func (a *apart) keys() (values map[string]int, primary string) {
	a.t.Helper()
	values = map[string]int{}
	for line := range strings.Lines(a.mustCLI("keys", "list")) {
		cells := strings.Fields(line)
		var n int
		if len(cells) < 3 || cells[0] == "KEY" {
			continue
		}
		count := cells[2]
		if cells[1] == "retired" && strings.Contains(cells[2], "T") {
			count = cells[3]
		}
		_, err := fmt.Sscan(count, &n)
		require.NoError(a.t, err, line)
		values[cells[0]] = n
		if cells[1] == "encrypts" {
			primary = cells[0]
		}
	}
	return values, primary
}

func (a *apart) secretValue(key, value string) {
	a.t.Helper()
	a.must(http.StatusCreated, http.MethodPost, org+"/apps/keys/values", map[string]any{"key": key, "value": value, "description": "", "is_secret": true})
}

// histories renders all histories, as the server keeps them and as the keyset
// opens them.
func (a *apart) histories() (raw, opened string) {
	a.t.Helper()
	keeper, err := secrets.Open(filepath.Join(a.home, "keyset.json"))
	require.NoError(a.t, err)
	bare, err := client.Dial(client.Options{HostPort: a.temporal, Namespace: a.namespace})
	require.NoError(a.t, err)
	defer bare.Close()
	ours, err := temporal.Connect(a.t.Context(), temporal.Options{Address: a.temporal, Namespace: a.namespace, Keeper: keeper})
	require.NoError(a.t, err)
	defer ours.Close()
	return allHistories(a.t, bare, a.namespace, "keys"), allHistories(a.t, ours, a.namespace, "keys")
}

// allHistories renders every event of every workflow of an application, and what the
// server tells of each.
func allHistories(t *testing.T, c client.Client, namespace, app string) string {
	t.Helper()
	var out strings.Builder
	for _, w := range workflowsOf(t, c, namespace, app) {
		require.Eventually(t, func() bool { // a call may run out of time on a machine that does much else
			history, err := wholeHistory(t, c, w)
			out.WriteString(history)
			return err == nil
		}, deadline, 100*time.Millisecond, "history of %v", w)
		described, err := c.DescribeWorkflowExecution(t.Context(), w[0], w[1])
		require.NoError(t, err)
		out.WriteString(prototext.Format(described))
	}
	return out.String()
}

// wholeHistory renders the events of one run, "" when it could not be read to its end.
func wholeHistory(t *testing.T, c client.Client, run [2]string) (string, error) {
	t.Helper()
	var out strings.Builder
	events := c.GetWorkflowHistory(t.Context(), run[0], run[1], false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		e, err := events.Next()
		if err != nil {
			return "", err
		}
		out.WriteString(prototext.Format(e))
	}
	return out.String(), nil
}

// holding is a driver that answers 202 until it is let go.
func holding(t *testing.T) (url string, letGo func()) {
	t.Helper()
	var free atomic.Bool
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodDelete:
			w.WriteHeader(http.StatusNoContent)
		case !free.Load():
			w.Header().Set("Set-Humanitec-Driver-Cookie", "begun")
			w.WriteHeader(http.StatusAccepted)
			_, _ = fmt.Fprint(w, `{"status":"creating"}`)
		default:
			_, _ = fmt.Fprint(w, `{"type":"s3","resource":{"values":{"bucket":"b","region":"r"},"secrets":{"aws_access_key_id":"k","aws_secret_access_key":"s"}}}`)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL, func() { free.Store(true) }
}

// Keys are rotated while a server and two workers run and a deployment is under
// way; a rotation that is killed goes on; what was encrypted before stays readable.
func TestKeysRotateUnderWay(t *testing.T) {
	t.Parallel()
	a := newApart(t)
	a.up(2)
	url, letGo := holding(t)
	a.driver("held", url)
	a.define("held", "s3", "held", "demo/held", map[string]any{})
	a.app("keys")
	const before, between = "value-before-any-rotation", "value-between-the-rotations"
	a.secretValue("OLD", before)
	a.secretValue("NEW", between+"-not-yet")
	held := a.deploy("keys", map[string]any{"delta_id": a.delta("keys", keysDelta(true))})
	first := a.firstKey(held)

	out := a.mustCLI("keys", "rotate")
	require.Contains(t, out, "encrypts from now on")
	require.Contains(t, out, "values are encrypted anew")
	_, second := a.keys()
	require.NotEqual(t, first, second)
	a.eventually("server and workers encrypt with the new key", func() (bool, string) {
		a.must(http.StatusOK, http.MethodPut, org+"/apps/keys/values/NEW", map[string]any{"value": between, "description": ""})
		a.mustCLI("keys", "rotate", "--resume")
		values, _ := a.keys()
		a.must(http.StatusOK, http.MethodPut, org+"/apps/keys/values/NEW", map[string]any{"value": between, "description": ""})
		after, _ := a.keys()
		return after[first] == 0 && after[second] > values[second], fmt.Sprint(values, after)
	})
	letGo()
	a.succeeded("keys", held)
	raw, opened := a.histories()
	for _, key := range []string{first, second} {
		require.Contains(t, raw, key, "a history has payloads of key %s", key)
	}
	require.NotContains(t, raw, `\"org\":\"demo\"`)
	require.Contains(t, opened, `\"org\":\"demo\"`, "the keyset opens payloads of both keys")

	a.killRotation(second)
	a.mustCLI("keys", "rotate", "--resume")
	values, third := a.keys()
	require.Equal(t, 0, values[second], "%v", values)
	require.Positive(t, values[third])
	require.NotContains(t, a.mustCLI("keys", "prune"), "is removed", "30 days have not passed")
	again := a.deploy("keys", map[string]any{"delta_id": a.delta("keys", keysDelta(false))})
	a.succeeded("keys", again)
	a.pruneAll(third)
	a.succeeded("keys", a.deploy("keys", map[string]any{"comment": "after the keys are gone"}))
	variables := a.variablesOf("keys", "web")
	require.Equal(t, before, variables["OLD"])
	require.Equal(t, between, variables["NEW"])
}

// firstKey waits until the deployment has been handed to the driver, and names
// the key that has encrypted everything so far.
func (a *apart) firstKey(deployment string) string {
	a.t.Helper()
	a.eventually("the driver is asked", func() (bool, string) {
		d := a.must(http.StatusOK, http.MethodGet, envPath("keys", "development")+"/deploys/"+deployment, nil)
		values, _ := a.keys()
		for _, n := range values {
			if n >= 3 && d["phase"] != nil { // two values, and the cookie of the resource
				return true, ""
			}
		}
		return false, fmt.Sprint(d["status"], values)
	})
	values, key := a.keys()
	require.Len(a.t, values, 1)
	return key
}

// killRotation kills a rotation in the middle: a lock of somebody else makes it
// wait at the last of the rendered objects.
func (a *apart) killRotation(old string) {
	a.t.Helper()
	conn, err := pgx.Connect(a.t.Context(), a.dsn)
	require.NoError(a.t, err)
	defer func() { _ = conn.Close(context.Background()) }()
	tx, err := conn.Begin(a.t.Context())
	require.NoError(a.t, err)
	_, err = tx.Exec(a.t.Context(), `SELECT 1 FROM manifests FOR UPDATE`)
	require.NoError(a.t, err)
	cmd := exec.Command(a.bin, "keys", "rotate")
	said := &output{}
	cmd.Env, cmd.Stdout, cmd.Stderr = a.env, said, said
	require.NoError(a.t, cmd.Start())
	a.eventually("the rotation is in the middle", func() (bool, string) {
		return strings.Contains(said.String(), "secret_versions.sealed: "), said.String()
	})
	require.NoError(a.t, cmd.Process.Kill())
	require.Error(a.t, cmd.Wait())
	values, primary := a.keys()
	require.NotEqual(a.t, old, primary)
	require.Positive(a.t, values[old], "%v", values)
	require.Positive(a.t, values[primary], "%v", values)
	require.NoError(a.t, tx.Rollback(a.t.Context()))
}

// pruneAll removes all keys but the one that encrypts, once nothing in the
// database needs them: the workers use the new key within seconds.
func (a *apart) pruneAll(primary string) {
	a.t.Helper()
	a.eventually("the former keys are removed", func() (bool, string) {
		a.mustCLI("keys", "rotate", "--resume")
		out := a.mustCLI("keys", "prune", "--older-than", "0s")
		values, _ := a.keys()
		return len(values) == 1 && values[primary] > 0, out
	})
}

func keysDelta(held bool) map[string]any {
	module := plainModule("busybox:1")
	if held {
		module["externals"] = map[string]any{"slow": map[string]any{"type": "s3", "class": "held"}}
	}
	container := module["spec"].(map[string]any)["containers"].(map[string]any)["main"].(map[string]any)
	container["variables"] = map[string]any{"OLD": "${values.OLD}", "NEW": "${values.NEW}"}
	return addModule("web", module)
}

// Nothing starts with the keyset of another installation.
func TestWrongKeyset(t *testing.T) {
	t.Parallel()
	a := newApart(t)
	require.NoError(t, os.Rename(filepath.Join(a.home, "keyset.json"), filepath.Join(a.home, "mine.json")))
	a.env = append(a.env, "SLIPWAY_KEYSET="+filepath.Join(a.home, "mine.json"))
	a.up(0)
	a.app("keys")
	a.secretValue("OLD", "value")
	_, key := a.keys()
	stranger := filepath.Join(a.home, "theirs.json")
	_, err := secrets.Create(stranger)
	require.NoError(t, err)
	content, err := os.ReadFile(stranger)
	require.NoError(t, err)
	other := *a.instance
	other.env = append(append([]string{}, a.env...), "SLIPWAY_KEYSET="+stranger, fmt.Sprintf("SLIPWAY_ADDR=127.0.0.1:%d", testenv.FreePort(t)))
	for _, args := range [][]string{{"server"}, {"worker"}, {"keys", "rotate"}, {"keys", "rotate", "--stage"}} {
		line := other.refuses(args...)
		require.Contains(t, line, "encrypted with key "+key+", which the keyset lacks", "%v", args)
	}
	after, err := os.ReadFile(stranger)
	require.NoError(t, err)
	require.Equal(t, content, after, "the other keyset is as it was")
	for name, content := range map[string]string{"no JSON": "{", "another document": `{"version":1}`, "a later format": `{"version":9}`} {
		require.NoError(t, os.WriteFile(stranger, []byte(content), 0o600))
		require.Contains(t, other.refuses("server"), "theirs.json", name)
	}
}
