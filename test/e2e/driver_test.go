package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/testenv"
)

// helloDriver runs the example driver behind a proxy that counts.
type helloDriver struct {
	url string
	dir string

	mu    sync.Mutex
	calls []string // "PUT /guresid 200"
}

// startHello builds the example and starts it.
func startHello(t *testing.T) *helloDriver {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "hello")
	out, err := exec.Command("go", "build", "-o", bin, "../../examples/drivers/hello").CombinedOutput()
	require.NoError(t, err, "%s", out)
	h := &helloDriver{dir: t.TempDir()}
	addr := fmt.Sprintf("127.0.0.1:%d", testenv.FreePort(t))
	cmd := exec.Command(bin, "-listen", addr, "-dir", h.dir)
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("the hello driver:\n%s\ncalls: %v", &log, h.seen())
		}
	})
	target, err := url.Parse("http://" + addr)
	require.NoError(t, err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ModifyResponse = func(r *http.Response) error {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.calls = append(h.calls, r.Request.Method+" "+r.Request.URL.Path+" "+r.Status[:3])
		return nil
	}
	s := httptest.NewServer(proxy)
	t.Cleanup(s.Close)
	h.url = s.URL
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	}, deadline, 20*time.Millisecond)
	return h
}

func (h *helloDriver) seen() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string{}, h.calls...)
}

// records are the resources that the driver keeps.
func (h *helloDriver) records(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(h.dir)
	require.NoError(t, err)
	var out []string
	for _, e := range entries {
		out = append(out, strings.TrimSuffix(e.Name(), ".json"))
	}
	return out
}

func (h *helloDriver) token(t *testing.T, id string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(h.dir, id+".json"))
	require.NoError(t, err)
	var record struct{ Token string }
	require.NoError(t, json.Unmarshal(raw, &record))
	require.NotEmpty(t, record.Token)
	return record.Token
}

// greeting is the definition that uses a driver.
func (i *instance) greeting(id, driver, text string, seconds int) {
	i.t.Helper()
	i.must(http.StatusOK, http.MethodPost, org+"/resources/defs", map[string]any{
		"id": id, "name": id, "type": "s3", "driver_type": driver, "criteria": []any{map[string]any{"res_id": "shared." + id}},
		"driver_inputs": map[string]any{"values": map[string]any{"greeting": text, "seconds": seconds}},
	})
}

func (i *instance) driver(id, target string) {
	i.t.Helper()
	i.must(http.StatusOK, http.MethodPost, org+"/resources/drivers", map[string]any{
		"id": id, "type": "s3", "account_types": []any{}, "inputs_schema": map[string]any{}, "target": target,
	})
}

// shares is the content of a delta with shared resources and a module.
func shares(ids ...string) map[string]any {
	content := addModule("web", plainModule("nginx:1"))
	var shared []any
	for _, id := range ids {
		shared = append(shared, map[string]any{"op": "add", "path": "/" + id, "value": map[string]any{"type": "s3"}})
	}
	content["shared"] = shared
	return content
}

func newDriverInstance(t *testing.T, settings ...string) *instance {
	t.Helper()
	if testing.Short() {
		t.Skip("takes longer than the fast tier allows")
	}
	i := newInstance(t, append([]string{"TEMPORAL_ADDRESS=" + testenv.Temporal(t), "TEMPORAL_NAMESPACE=" + testenv.Namespace(t)}, settings...)...)
	i.start()
	return i
}

// The whole life of a resource at a driver that a user registered.
func TestRegisteredDriver(t *testing.T) {
	t.Parallel()
	h := startHello(t)
	i := newDriverInstance(t)
	manifests := strings.ReplaceAll(readExample(t, "drivers", "hello", "driver.yaml"), "http://127.0.0.1:9090", h.url)
	file := filepath.Join(t.TempDir(), "driver.yaml")
	require.NoError(t, os.WriteFile(file, []byte(manifests), 0o600))
	i.mustCLI("apply", "-f", file)
	require.Contains(t, i.mustCLI("apply", "-f", file), "unchanged")
	_, refused := i.call(http.MethodPatch, org+"/resources/defs/hello", map[string]any{"driver_inputs": map[string]any{"values": map[string]any{"greeting": 5}}})
	require.Contains(t, refused.(map[string]any)["message"], "/values/greeting")

	i.app("greet")
	i.succeeded("greet", i.deploy("greet", map[string]any{"delta_id": i.delta("greet", shares("hello"))}))
	records := h.records(t)
	require.Len(t, records, 1)
	put := "PUT /" + records[0] + " "
	require.Equal(t, []string{put + "200"}, h.seen())
	var resource map[string]any
	for _, r := range i.list(envPath("greet", "development") + "/resources") {
		if r["res_id"] == "shared.hello" {
			resource = r
		}
	}
	require.Equal(t, "demo/hello", resource["driver_type"])
	require.Equal(t, records[0], resource["gu_res_id"])
	require.Equal(t, "hello from development", resource["resource"].(map[string]any)["greeting"])
	require.Contains(t, resource["secret_refs"], "token")

	i.must(http.StatusOK, http.MethodPatch, org+"/resources/defs/hello", map[string]any{
		"driver_inputs": map[string]any{"values": map[string]any{"greeting": "good day", "seconds": 1}}})
	i.succeeded("greet", i.deploy("greet", map[string]any{"delta_id": i.delta("greet", map[string]any{
		"modules": map[string]any{"update": map[string]any{"web": []any{map[string]any{"op": "replace", "path": "/spec/containers/main/image", "value": "nginx:2"}}}}})}))
	seen := h.seen()
	require.GreaterOrEqual(t, len(seen), 3)
	require.Equal(t, put+"202", seen[1])
	require.Equal(t, put+"200", seen[len(seen)-1])

	status, conflict := i.call(http.MethodDelete, org+"/resources/drivers/hello", nil)
	require.Equal(t, http.StatusConflict, status)
	require.Contains(t, conflict.(map[string]any)["message"], "resource definition hello")
	require.Contains(t, conflict.(map[string]any)["message"], "active resource s3.default#shared.hello")

	status, _ = i.call(http.MethodDelete, org+"/apps/greet", nil)
	require.Less(t, status, 300)
	i.eventually("the application is gone", func() (bool, string) {
		status, _, err := i.try(http.MethodGet, org+"/apps/greet", nil)
		return err == nil && status == http.StatusNotFound, "still there"
	})
	require.Empty(t, h.records(t))
	seen = h.seen()
	require.Equal(t, "DELETE /"+records[0]+" 204", seen[len(seen)-1])
	for _, call := range seen {
		require.Contains(t, call, records[0], "one GUResID only")
	}
}

// A virtual driver makes the inputs of the one below it.
func TestVirtualDriver(t *testing.T) {
	t.Parallel()
	h := startHello(t)
	i := newDriverInstance(t)
	i.driver("hello", h.url)
	i.must(http.StatusOK, http.MethodPost, org+"/resources/drivers", map[string]any{
		"id": "polite", "type": "s3", "account_types": []any{}, "inputs_schema": map[string]any{}, "target": "driver://demo/hello",
		"template": "values:\n  greeting: Dear {{ .driver.values.greeting }}\n",
	})
	i.must(http.StatusOK, http.MethodPost, org+"/resources/drivers", map[string]any{
		"id": "flat", "type": "s3", "account_types": []any{}, "inputs_schema": map[string]any{}, "target": "driver://humanitec/echo",
		"template": map[string]any{"values": map[string]any{"greeting": "{{ .driver.values.greeting }}!"}},
	})
	i.greeting("one", "demo/polite", "Ada", 0)
	i.greeting("two", "demo/flat", "Bob", 0)
	i.app("virtual")
	i.succeeded("virtual", i.deploy("virtual", map[string]any{"delta_id": i.delta("virtual", shares("one", "two"))}))
	got := map[string]any{}
	for _, r := range i.list(envPath("virtual", "development") + "/resources") {
		if r["type"] == "s3" {
			got[r["driver_type"].(string)] = r["resource"].(map[string]any)["greeting"]
		}
	}
	require.Equal(t, map[string]any{"demo/hello": "Dear Ada", "humanitec/echo": "Bob!"}, got, "virtual drivers appear as their target")
}

// Each way in which a driver can be broken is one error of its node; everything else goes on.
func TestBrokenDriversAreOneErrorEach(t *testing.T) {
	t.Parallel()
	h := startHello(t)
	i := newDriverInstance(t, "SLIPWAY_DRIVER_REQUEST_TIMEOUT=4s", "SLIPWAY_DRIVER_PATIENCE=1s")
	broken := map[string]struct {
		handle http.HandlerFunc
		says   string
	}{
		"rubbish": {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>hello</html>") }, "not JSON"},
		"hangs":   {func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body); <-r.Context().Done() }, "no answer within 4s"},
		"drops":   {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "connection was closed"},
		"huge": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"resource":{"values":{"x":"`)
			_, _ = w.Write(bytes.Repeat([]byte("x"), 10<<20))
		}, "4194304 bytes"},
	}
	ids := []string{"good"}
	i.driver("good", h.url)
	i.greeting("good", "demo/good", "hello", 0)
	says := map[string]string{}
	for name, b := range broken {
		says[name] = b.says
		s := httptest.NewServer(b.handle)
		t.Cleanup(s.Close)
		i.driver(name, s.URL)
		i.greeting(name, "demo/"+name, "hello", 0)
		ids = append(ids, name)
	}
	// What a placeholder stands for is held against the schema when it is known.
	i.must(http.StatusOK, http.MethodPost, org+"/resources/drivers", map[string]any{
		"id": "schema", "type": "s3", "account_types": []any{}, "target": h.url, "inputs_schema": map[string]any{
			"properties": map[string]any{"values": map[string]any{"properties": map[string]any{"greeting": map[string]any{"pattern": "^hello"}}}}}})
	i.greeting("schema", "demo/schema", "${context.env.id}", 0)
	ids = append(ids, "schema")
	says["schema"] = "/values/greeting"
	i.app("breaks")
	failed := i.deploy("breaks", map[string]any{"delta_id": i.delta("breaks", shares(ids...))})
	require.Equal(t, "failed", i.finished("breaks", failed)["status"])
	found := map[string]string{}
	for _, e := range i.deploymentErrors("breaks", failed) {
		id := e["object_id"].(string)
		require.Empty(t, found[id], "one error for each node")
		found[id] = e["message"].(string)
	}
	require.Len(t, found, len(says), "%v", found)
	for name, text := range says {
		require.Contains(t, found["shared."+name], text)
	}
	require.Len(t, h.records(t), 1, "the good one was made")
	for name := range says {
		i.must(http.StatusOK, http.MethodPut, org+"/resources/drivers/"+name, map[string]any{
			"type": "s3", "account_types": []any{}, "inputs_schema": map[string]any{}, "target": h.url})
	}
	i.succeeded("breaks", i.deploy("breaks", map[string]any{"deployment_id": failed}))
	require.Len(t, h.records(t), len(ids))
}

// Slipway is killed while a driver says 202: it goes on, with the same GUResID.
func TestKilledWhileADriverWorks(t *testing.T) {
	t.Parallel()
	h := startHello(t)
	i := newDriverInstance(t)
	i.driver("hello", h.url)
	i.greeting("slow", "demo/hello", "hello", 8)
	i.app("slow")
	id := i.deploy("slow", map[string]any{"delta_id": i.delta("slow", shares("slow"))})
	i.eventually("the driver is asked a second time", func() (bool, string) {
		return len(h.seen()) > 1, "not asked"
	})
	i.kill()
	before := h.seen()
	records := h.records(t)
	require.Len(t, records, 1)
	token := h.token(t, records[0])
	// The driver loses its record as well; the cookie of its 202 is all that is left of the token.
	require.NoError(t, os.Remove(filepath.Join(h.dir, records[0]+".json")))
	i.start()
	i.succeeded("slow", id)
	require.Equal(t, records, h.records(t))
	require.Equal(t, token, h.token(t, records[0]))
	after := h.seen()
	require.Greater(t, len(after), len(before))
	for _, call := range after {
		require.True(t, strings.HasPrefix(call, "PUT /"+records[0]+" "), call)
	}
	require.True(t, strings.HasSuffix(after[len(after)-1], " 200"))
	require.Equal(t, 1, i.commits(id))
}

func readExample(t *testing.T, parts ...string) string {
	t.Helper()
	raw, err := os.ReadFile(example(parts...))
	require.NoError(t, err)
	return string(raw)
}
