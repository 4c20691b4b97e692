package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/slipway-dev/slipway/internal/runner/recordtest"
	"github.com/slipway-dev/slipway/internal/testenv"
)

func TestMain(m *testing.M) { testenv.Main(m) }

const (
	org       = "/orgs/demo"
	namespace = "chaos"
	// heartbeat and lease are short, so that 25 kills do not take an hour of waiting.
	heartbeat = "2s"
	lease     = "3s"
)

// installation is Slipway as it runs in production: server, worker, runners, PostgreSQL and Temporal as processes of their own,
// with a proxy in every connection, and backends that count.
type installation struct {
	t     *testing.T
	home  string
	bin   string
	url   string
	token string

	postgres *testenv.RestartablePostgres
	temporal *testenv.RestartableTemporal
	links    *links
	server   *part
	worker   *part

	records *recordtest.Service
	driver  *externalDriver
	cluster kubernetes.Interface
	history client.Client // of Temporal, past the proxies
}

func install(t *testing.T) *installation {
	t.Helper()
	if testing.Short() {
		t.Skip("kills servers for minutes")
	}
	i := &installation{t: t, home: t.TempDir(), token: fmt.Sprintf("sw_%016x%016x", rand.Uint64(), rand.Uint64())}
	i.build()
	terraform, mirror, kubeconfig := recordtest.Terraform(t), recordtest.Mirror(t), testenv.Kubernetes(t)
	i.records, i.driver = recordtest.Start(t), startExternalDriver(t)
	i.records.Behave("", recordtest.Behaviour{Before: 150 * time.Millisecond, After: 150 * time.Millisecond})
	i.postgres, i.temporal = testenv.NewRestartablePostgres(t), testenv.NewRestartableTemporal(t)
	i.links = newLinks(t)

	address := fmt.Sprintf("127.0.0.1:%d", testenv.FreePort(t))
	i.url = "http://" + address
	common := append(os.Environ(), "SLIPWAY_HOME="+i.home, "TEMPORAL_NAMESPACE="+namespace, "SLIPWAY_KEYSET="+filepath.Join(i.home, "keyset.json"),
		"SLIPWAY_LOG_LEVEL=debug", "SLIPWAY_ADMIN_TOKEN="+i.token, "SLIPWAY_DRIVER_NETWORKS=127.0.0.0/8",
		"SLIPWAY_KUBECONFIG="+i.proxiedKubeconfig(kubeconfig))
	migrate := exec.Command(i.bin, "migrate")
	migrate.Env = slices.Concat(common, []string{"DATABASE_URL=" + i.postgres.DSN()})
	out, err := migrate.CombinedOutput()
	require.NoError(t, err, "%s", out)

	i.server = i.part("server", common, "SLIPWAY_ADDR="+address,
		"DATABASE_URL="+i.links.dsn("server-postgres", i.postgres.DSN(), i.postgres.Address()),
		"TEMPORAL_ADDRESS="+i.links.add("server-temporal", i.temporal.Address()))
	i.worker = i.part("worker", common, "SLIPWAY_TERRAFORM="+terraform, "SLIPWAY_TERRAFORM_MIRROR="+mirror,
		"SLIPWAY_RECONCILE_EVERY=300ms", "SLIPWAY_HEARTBEAT_TIMEOUT="+heartbeat, "SLIPWAY_RUNNER_LEASE="+lease,
		"DATABASE_URL="+i.links.dsn("worker-postgres", i.postgres.DSN(), i.postgres.Address()),
		"TEMPORAL_ADDRESS="+i.links.add("worker-temporal", i.temporal.Address()))
	i.links.add("worker-driver", strings.TrimPrefix(i.driver.url, "http://"))
	i.links.add("terraform-backend", strings.TrimPrefix(i.records.URL, "http://"))
	i.up()
	return i
}

// build makes the program at a path of its own: by it processes are told from those of others.
func (i *installation) build() {
	i.bin = filepath.Join(i.home, "slipway")
	out, err := exec.Command("go", "build", "-o", i.bin, "../../cmd/slipway").CombinedOutput()
	require.NoError(i.t, err, "%s", out)
	end, err := leash(i.bin)
	require.NoError(i.t, err)
	i.t.Cleanup(end)
}

func (i *installation) part(name string, common []string, own ...string) *part {
	env := slices.Concat(common, own)
	return &part{name: name, logPath: filepath.Join(i.home, name+".log"), pause: 200 * time.Millisecond, command: func() *exec.Cmd {
		cmd := exec.Command(i.bin, name)
		cmd.Env, cmd.Dir = env, i.home
		return cmd
	}}
}

// proxiedKubeconfig writes a kubeconfig whose cluster is reached through a proxy.
func (i *installation) proxiedKubeconfig(path string) string {
	t := i.t
	direct, err := clientcmd.BuildConfigFromFlags("", path)
	require.NoError(t, err)
	i.cluster, err = kubernetes.NewForConfig(direct)
	require.NoError(t, err)
	config, err := clientcmd.LoadFromFile(path)
	require.NoError(t, err)
	for _, c := range config.Clusters {
		c.Server = "https://" + i.links.add("worker-kubernetes", strings.TrimPrefix(c.Server, "https://"))
	}
	proxied := filepath.Join(i.home, "kubeconfig")
	require.NoError(t, clientcmd.WriteToFile(*config, proxied))
	return proxied
}

func (i *installation) up() {
	t := i.t
	for _, p := range []*part{i.server, i.worker} {
		require.NoError(t, p.run())
		t.Cleanup(p.stop)
	}
	i.until("the API is ready", func() (bool, string) {
		resp, err := http.Get(i.url + "/readyz")
		if err != nil {
			return false, err.Error()
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK, resp.Status
	})
	var err error
	i.history, err = client.NewLazyClient(client.Options{HostPort: i.temporal.Address(), Namespace: namespace,
		Logger: sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler))})
	require.NoError(t, err)
	t.Cleanup(i.history.Close)
}

// patience bounds every wait: what takes longer waits for ever.
const patience = 4 * time.Minute

// until waits for a condition; the text says what was seen last.
func (i *installation) until(what string, ok func() (bool, string)) {
	i.t.Helper()
	if last, done := i.within(patience, ok); !done {
		i.t.Fatalf("%s: not within %s; last: %s\n%s", what, patience, last, i.logs())
	}
}

func (i *installation) within(limit time.Duration, ok func() (bool, string)) (last string, done bool) {
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if done, last = ok(); done {
			return last, true
		}
	}
	return last, false
}

func (i *installation) logs() string {
	return "--- server\n" + i.server.tail(6000) + "\n--- worker\n" + i.worker.tail(20000)
}

// try sends a request; an answer that is no JSON is none.
func (i *installation) try(method, path string, body any) (int, any, error) {
	var reader io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return 0, nil, err
		}
		reader = bytes.NewReader(raw)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, i.url+path, reader)
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Authorization", "Bearer "+i.token)
	req.Header.Set("Accept", "application/json")
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
	return resp.StatusCode, out, json.Unmarshal(raw, &out)
}

// again repeats a request that may be repeated until it is answered by one of the statuses.
func (i *installation) again(method, path string, body any, statuses ...int) any {
	i.t.Helper()
	var answer any
	i.until(method+" "+path, func() (bool, string) {
		status, out, err := i.try(method, path, body)
		answer = out
		for _, s := range statuses {
			if err == nil && status == s {
				return true, ""
			}
		}
		if err == nil && status >= 400 && status < 500 && status != http.StatusConflict && status != http.StatusTooManyRequests {
			i.t.Fatalf("%s %s: %d %v", method, path, status, out)
		}
		return false, fmt.Sprint(status, out, err)
	})
	return answer
}

func (i *installation) list(path string) []map[string]any {
	i.t.Helper()
	var out []map[string]any
	items, _ := i.again(http.MethodGet, path, nil, http.StatusOK).([]any)
	for _, v := range items {
		out = append(out, v.(map[string]any))
	}
	return out
}
