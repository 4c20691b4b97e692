package compat

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/testenv"
)

// deadline bounds every wait.
const deadline = 3 * time.Minute

func TestMain(m *testing.M) { testenv.Main(m) }

// instance is a running `slipway dev` with a folder of its own.
type instance struct {
	url, token string
	ended      chan struct{}
}

// startInstance builds and starts slipway, and ends it with the test.
func startInstance(t *testing.T) *instance {
	t.Helper()
	temporal := testenv.Temporal(t)
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	binary := filepath.Join(t.TempDir(), "slipway")
	out, err := exec.Command("go", "build", "-o", binary, "../../cmd/slipway").CombinedOutput()
	require.NoError(t, err, "building slipway: %s", out)

	home, address := t.TempDir(), fmt.Sprintf("127.0.0.1:%d", testenv.FreePort(t))
	i := &instance{url: "http://" + address, ended: make(chan struct{})}
	cmd := exec.Command(binary, "dev")
	cmd.Env = append(os.Environ(), "SLIPWAY_HOME="+home, "SLIPWAY_ADDR="+address, "SLIPWAY_SOURCE="+root, "SLIPWAY_OFFLINE=true",
		"TEMPORAL_ADDRESS="+temporal, "TEMPORAL_NAMESPACE="+testenv.Namespace(t), "DATABASE_URL=", "SLIPWAY_LOG_LEVEL=info", "SLIPWAY_REQUEST_RATE=0")
	log, err := os.Create(filepath.Join(t.TempDir(), "output"))
	require.NoError(t, err)
	cmd.Stdout, cmd.Stderr = log, log
	require.NoError(t, cmd.Start())
	go func() {
		_ = cmd.Wait()
		close(i.ended)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-i.ended:
		case <-time.After(deadline):
			_ = cmd.Process.Kill()
			t.Error("slipway dev does not end")
		}
		if text, err := os.ReadFile(log.Name()); err == nil && t.Failed() {
			t.Logf("output of slipway dev:\n%s", text[max(0, len(text)-20000):])
		}
		_ = log.Close()
	})
	i.waitReady(t)
	token, err := os.ReadFile(filepath.Join(home, "token"))
	require.NoError(t, err)
	i.token = strings.TrimSpace(string(token))
	return i
}

func (i *instance) waitReady(t *testing.T) {
	t.Helper()
	for end := time.Now().Add(deadline); time.Now().Before(end); time.Sleep(25 * time.Millisecond) {
		select {
		case <-i.ended:
			t.Fatal("slipway dev ended")
		default:
		}
		resp, err := http.Get(i.url + "/readyz")
		if err != nil {
			continue
		}
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			return
		}
	}
	t.Fatalf("slipway dev is not ready within %s", deadline)
}
