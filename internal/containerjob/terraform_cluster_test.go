package containerjob_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/container"
	"github.com/slipway-dev/slipway/internal/runner"
	"github.com/slipway-dev/slipway/internal/runner/recordtest"
	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/internal/store"
	"github.com/slipway-dev/slipway/internal/testenv/migrated"
	"github.com/slipway-dev/slipway/orchestrator"
)

// terraformed is a world whose containers run OpenTofu against a service that counts.
type terraformed struct {
	*world
	records *recordtest.Service
	store   *store.Store
	keeper  *secrets.Keeper
	tofu    *container.TerraformDriver
	env     []any // of the container
}

func newTerraformed(t *testing.T) *terraformed {
	t.Helper()
	engine, mirror := recordtest.Terraform(t), recordtest.Mirror(t)
	w := &terraformed{world: newWorld(t), records: recordtest.Start(t)}
	dsn := filepath.Join(t.TempDir(), "slipway.db")
	migrated.Database(t, dsn)
	var err error
	w.store, err = store.Open(t.Context(), store.Options{DSN: dsn, Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	t.Cleanup(func() { _ = w.store.Close() })
	require.NoError(t, w.store.CreateOrganization(t.Context(), &orchestrator.Organization{ID: "acme", Name: "Acme", CreatedAt: time.Now()}))
	w.keeper, err = secrets.Create(filepath.Join(t.TempDir(), "keys.json"))
	require.NoError(t, err)
	w.states, w.keys = w.store, w.keeper
	bin := t.TempDir()
	require.NoError(t, os.Symlink(engine, filepath.Join(bin, "tofu")))
	settings := filepath.Join(t.TempDir(), "tofu.rc")
	require.NoError(t, os.WriteFile(settings, fmt.Appendf(nil, "provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror), 0o600))
	w.env = []any{
		map[string]any{"name": "PATH", "value": bin + ":" + os.Getenv("PATH")}, map[string]any{"name": "TF_CLI_CONFIG_FILE", "value": settings},
	}
	w.limit()
	w.renew()
	return w
}

// renew is another worker.
func (w *terraformed) renew() {
	w.act(w.config)
	w.tofu = container.NewOpenTofu(w.runs, shellImage)
}

const recordCode = `
terraform {
  required_providers {
    slipwaytest = { source = "slipway.test/dev/slipwaytest" }
  }
}
provider "slipwaytest" {
  endpoint = var.endpoint
}
variable "endpoint" {}
variable "value" {}
variable "password" { sensitive = true }
resource "slipwaytest_record" "a" {
  name  = "a"
  value = var.value
}
resource "slipwaytest_record" "b" {
  name  = "b"
  value = slipwaytest_record.a.id
}
output "id" { value = slipwaytest_record.a.id }
output "value" { value = slipwaytest_record.a.value }
output "password" {
  value     = var.password
  sensitive = true
}
`

// code is a request for two records, of which one needs the other.
func (w *terraformed) code(deployment, value string) drivers.Request {
	r := w.request(deployment, "")
	template := w.node.Template()
	spec := template["spec"].(map[string]any)
	spec["containers"] = []any{map[string]any{"name": "job", "env": w.env}}
	r.Values = map[string]any{
		"runner":    map[string]any{"namespace": w.namespace, "pod_template": template},
		"files":     map[string]any{"main.tf": recordCode},
		"variables": map[string]any{"endpoint": w.records.URL, "value": value},
	}
	r.Secrets = map[string]any{"variables": map[string]any{"password": canary}}
	return r
}

// stored is the state as it is kept.
func (w *terraformed) stored() string {
	w.t.Helper()
	st, err := w.store.GetState(context.Background(), "acme", "g-1")
	if orchestrator.IsNotFound(err) {
		return ""
	}
	require.NoError(w.t, err)
	require.NotContains(w.t, string(st.Sealed), "slipwaytest_record")
	raw, err := w.keeper.Decrypt(st.Sealed, runner.StatePlace("acme", "g-1"))
	require.NoError(w.t, err)
	return string(raw)
}

// made says how often each of the records was made.
func (w *terraformed) made() [2]int { return [2]int{w.records.Created("a"), w.records.Created("b")} }

func (w *terraformed) until(what string, ok func() bool) {
	w.t.Helper()
	require.Eventually(w.t, ok, 2*time.Minute, 20*time.Millisecond, what)
}

func (w *terraformed) start(ctx context.Context, r drivers.Request) <-chan error {
	done := make(chan error, 1)
	go func() {
		_, err := w.tofu.Provision(ctx, r)
		done <- err
	}()
	return done
}

func (w *terraformed) secretsLeft() []corev1.Secret {
	w.t.Helper()
	list, err := w.client.CoreV1().Secrets(w.namespace).List(context.Background(), metav1.ListOptions{})
	require.NoError(w.t, err)
	return list.Items
}

func TestClusterTerraformLife(t *testing.T) {
	t.Parallel()
	w := newTerraformed(t)
	first, err := w.tofu.Provision(t.Context(), w.code("d1", "one"))
	require.NoError(t, err)
	require.Equal(t, "one", first.Values["value"])
	require.Equal(t, map[string]any{"password": canary}, first.Secrets)
	require.Contains(t, w.stored(), first.Values["id"])
	require.NotContains(t, w.said(), canary)
	require.NotContains(t, w.objects(), canary)
	for _, s := range w.secretsLeft() {
		require.True(t, strings.HasSuffix(s.Name, "-out"), "the state is in the database, and nowhere else: %s", s.Name)
	}
	again, err := w.tofu.Provision(t.Context(), w.code("d1", "one"))
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Equal(t, 1, w.countJobs(), "a repeated attempt runs nothing")

	w.renew()
	second, err := w.tofu.Provision(t.Context(), w.code("d2", "two"))
	require.NoError(t, err)
	require.Equal(t, "two", second.Values["value"])
	require.Equal(t, first.Values["id"], second.Values["id"], "the state was there")
	require.Equal(t, [2]int{1, 1}, w.made())

	require.NoError(t, w.tofu.Destroy(t.Context(), w.code("d2", "two")))
	require.Zero(t, w.records.Len())
	require.Empty(t, w.stored(), "of what is gone nothing is kept")
	require.NoError(t, w.tofu.Destroy(t.Context(), w.code("d2", "two")), "destroying what is gone is no fault")
}

// A worker that dies leaves the Job, which goes on; the next one follows it.
func TestClusterTerraformWorkerDies(t *testing.T) {
	t.Parallel()
	w := newTerraformed(t)
	w.records.Behave("b", recordtest.Behaviour{Before: 3 * time.Second})
	ctx, detach := context.WithCancelCause(t.Context())
	done := w.start(ctx, w.code("d1", "one"))
	w.until("the second record is asked for", func() bool { return w.records.Asked("b") > 0 })
	detach(drivers.ErrDetach)
	require.Error(t, <-done)
	w.renew()
	res, err := w.tofu.Provision(t.Context(), w.code("d1", "one"))
	require.NoError(t, err)
	require.Equal(t, "one", res.Values["value"])
	require.Equal(t, [2]int{1, 1}, w.made())
	require.Equal(t, 1, w.countJobs())
}

// Nobody comes back for the Job of a deployment that was given up. Whoever works on the resource next waits for it, wherever it is,
// and goes on from its state.
func TestClusterTerraformIsTakenOver(t *testing.T) {
	t.Parallel()
	w := newTerraformed(t)
	w.records.Behave("b", recordtest.Behaviour{Before: 3 * time.Second})
	ctx, detach := context.WithCancelCause(t.Context())
	done := w.start(ctx, w.code("d1", "one"))
	w.until("the second record is asked for", func() bool { return w.records.Asked("b") > 0 })
	detach(drivers.ErrDetach)
	require.Error(t, <-done)
	w.renew()
	old, r := w.namespace, w.code("d2", "two")
	made, err := w.client.CoreV1().Namespaces().Create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "containers-"}}, metav1.CreateOptions{})
	require.NoError(t, err)
	r.Values["runner"].(map[string]any)["namespace"] = made.Name
	w.act(w.admin)
	w.tofu = container.NewOpenTofu(w.runs, shellImage)
	res, err := w.tofu.Provision(t.Context(), r)
	require.NoError(t, err)
	require.Equal(t, "two", res.Values["value"])
	require.Equal(t, [2]int{1, 1}, w.made(), "nothing was made twice")
	require.Contains(t, w.said(), "which has the state of this resource")
	require.Zero(t, w.countJobs(), "of %s", old)
}

// Who cancels waits for the engine to finish what it has begun; what that made is known.
func TestClusterTerraformCancel(t *testing.T) {
	t.Parallel()
	w := newTerraformed(t)
	w.records.Behave("a", recordtest.Behaviour{Before: 2 * time.Second})
	ctx, cancel := context.WithCancel(t.Context())
	done := w.start(ctx, w.code("d1", "one"))
	w.until("the first record is asked for", func() bool { return w.records.Asked("a") > 0 })
	cancel()
	var told *drivers.Error
	require.ErrorAs(t, <-done, &told)
	require.Equal(t, drivers.CodeInterrupted, told.Code)
	require.Equal(t, [2]int{1, 0}, w.made(), "what was begun was finished, and nothing else was begun")
	require.Contains(t, w.stored(), `"rec-1"`)
	require.Zero(t, w.countJobs())
	require.Empty(t, w.secretsLeft())
	_, err := w.tofu.Provision(t.Context(), w.code("d2", "one"))
	require.NoError(t, err)
	require.Equal(t, [2]int{1, 1}, w.made())
}

// The container dies in the middle: what it had made by then is known.
func TestClusterTerraformContainerDies(t *testing.T) {
	t.Parallel()
	for name, kill := range map[string]func(w *terraformed, pod string){
		"kill -9": func(w *terraformed, pod string) {
			_ = syscall.Kill(w.node.PID(w.namespace, pod, "job"), syscall.SIGKILL)
		},
		"evicted": func(w *terraformed, pod string) { w.node.Evict(w.namespace, pod) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTerraformed(t)
			w.records.Behave("b", recordtest.Behaviour{Before: 6 * time.Second})
			done := w.start(t.Context(), w.code("d1", "one"))
			w.until("the second record is asked for", func() bool { return w.records.Asked("b") > 0 })
			kill(w, w.pod())
			require.Error(t, <-done)
			require.Contains(t, w.stored(), `"rec-1"`, "the first is known")
			require.Zero(t, w.countJobs())
			w.records.Behave("b", recordtest.Behaviour{})
			_, err := w.tofu.Provision(t.Context(), w.code("d2", "one"))
			require.NoError(t, err)
			require.Equal(t, 1, w.records.Created("a"))
		})
	}
}

func TestClusterTerraformFails(t *testing.T) {
	t.Parallel()
	w := newTerraformed(t)
	backend := func(text string) func(r drivers.Request) {
		return func(r drivers.Request) {
			r.Values["use_default_backend"] = false
			if text != "" {
				r.Values["files"].(map[string]any)["backend.tf"] = "terraform {\n  backend \"local\" {}\n}\n"
			}
		}
	}
	for _, c := range []struct {
		name   string
		change func(r drivers.Request)
		want   string
	}{
		{"no backend of its own", backend(""), "the code configures no backend"},
		{"a backend in the pod", backend("local"), "the backend of the code is a file of the pod"},
		{"code that is none", func(r drivers.Request) { r.Values["files"].(map[string]any)["main.tf"] = "resource {" }, "main.tf"},
		{"no such image", func(r drivers.Request) { r.Values["runner"].(map[string]any)["image"] = "nothing:1" }, "ImagePullBackOff"},
		{"no such namespace", func(r drivers.Request) { r.Values["runner"].(map[string]any)["namespace"] = "nowhere" }, "nowhere"},
		{"no engine", func(r drivers.Request) {
			r.Values["runner"].(map[string]any)["pod_template"] = w.node.Template()
		}, "the image has no tofu on its PATH"},
	} {
		r := w.code("d-"+c.name, "one")
		c.change(r)
		_, err := w.tofu.Provision(t.Context(), r)
		require.ErrorContains(t, err, c.want, c.name)
		require.True(t, drivers.IsPermanent(err), c.name)
		require.NotContains(t, err.Error(), canary)
		require.Zero(t, w.countJobs(), c.name)
	}
	require.Zero(t, w.records.Len())
	_, err := w.tofu.Provision(t.Context(), w.code("d9", "one"))
	require.NoError(t, err, "none of them stands in the way")
}

// backend is a state backend of the user's, over HTTP, with locks.
type backend struct {
	url string

	mu    sync.Mutex
	state []byte
	lock  []byte
	calls []string
}

func newBackend(t *testing.T) *backend {
	t.Helper()
	b := &backend{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.calls = append(b.calls, q.Method)
		body, _ := io.ReadAll(q.Body)
		switch q.Method {
		case http.MethodGet:
			if b.state == nil {
				w.WriteHeader(http.StatusNoContent)
			}
			_, _ = w.Write(b.state)
		case http.MethodPost:
			b.state = body
		case "LOCK":
			if b.lock != nil {
				w.WriteHeader(http.StatusLocked)
				_, _ = w.Write(b.lock)
				return
			}
			b.lock = body
		case "UNLOCK":
			b.lock = nil
		}
	}))
	t.Cleanup(s.Close)
	b.url = s.URL
	return b
}

func (b *backend) holds(text string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return bytes.Contains(b.state, []byte(text)) && b.lock == nil && slices.Contains(b.calls, "LOCK")
}

// A state in a backend of the user's stays there.
func TestClusterTerraformBackendOfTheCode(t *testing.T) {
	t.Parallel()
	w := newTerraformed(t)
	for name, said := range map[string]any{"said": false, "found": nil} {
		b := newBackend(t)
		code := func(deployment, value string) drivers.Request {
			r := w.code(deployment+name, value)
			r.GUResID = "g-" + name
			if said != nil {
				r.Values["use_default_backend"] = said
			}
			r.Values["files"].(map[string]any)["backend.tf"] = fmt.Sprintf("terraform {\n  backend \"http\" {\n    address = %q\n    lock_address = %q\n    unlock_address = %q\n  }\n}\n", b.url, b.url, b.url)
			return r
		}
		first, err := w.tofu.Provision(t.Context(), code("d1", "one"))
		require.NoError(t, err)
		require.True(t, b.holds(first.Values["id"].(string)))
		second, err := w.tofu.Provision(t.Context(), code("d2", "two"))
		require.NoError(t, err)
		require.Equal(t, first.Values["id"], second.Values["id"])
		require.Equal(t, "two", second.Values["value"])
		_, err = w.store.GetState(t.Context(), "acme", "g-"+name)
		require.True(t, orchestrator.IsNotFound(err), "%v", err)
		require.NoError(t, w.tofu.Destroy(t.Context(), code("d2", "two")))
		require.Zero(t, w.records.Len())
		require.False(t, b.holds(first.Values["id"].(string)))
	}
	// What the definition says counts, whatever the code does.
	r := w.code("d3", "three")
	r.Values["use_default_backend"] = true
	r.Values["files"].(map[string]any)["backend.tf"] = "terraform {\n  backend \"http\" {\n    address = \"http://127.0.0.1:1\"\n  }\n}\n"
	_, err := w.tofu.Provision(t.Context(), r)
	require.NoError(t, err)
	require.Contains(t, w.stored(), `"three"`)
	// And what Slipway keeps is not made once more in a backend of the code's.
	r = w.code("d4", "four")
	r.Values["use_default_backend"] = false
	_, err = w.tofu.Provision(t.Context(), r)
	require.ErrorContains(t, err, "Slipway keeps a state of this resource")
	require.True(t, drivers.IsPermanent(err))
	_, err = w.tofu.Provision(t.Context(), w.code("d5", "five"))
	require.NoError(t, err)
	require.Contains(t, w.stored(), `"five"`)
}
