package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/internal/charts"
	"github.com/slipway-dev/slipway/internal/charts/charttest"
	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/internal/store"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/internal/testenv/migrated"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/server"
)

const (
	org      = "acme"
	otherOrg = "rival"
)

// harness is a server over a real store, with a fake in place of the workflow
// engine only.
type harness struct {
	t         testing.TB
	server    *server.Server
	service   *orchestrator.Service
	store     *store.Store
	workflows *fakeWorkflows
	schedules *fakeSchedules
	logs      *syncBuffer
	keeper    *secrets.Keeper
	log       *slog.Logger
	database  string        // path of the SQLite file, or DSN
	ahead     *atomic.Int64 // nanoseconds by which the clock of the use cases goes ahead

	admin *orchestrator.User
	token string // of the administrator of org
	rival string // of the administrator of otherOrg
}

func TestMain(m *testing.M) {
	charttest.Process()
	testenv.Main(m)
}

// newHarness builds the server over SQLite.
func newHarness(t testing.TB) *harness {
	t.Helper()
	return newHarnessOn(t, filepath.Join(t.TempDir(), "slipway.db"))
}

// onBothDatabases runs a test over SQLite and over PostgreSQL, which differ in
// how concurrent transactions meet.
func onBothDatabases(t *testing.T, test func(t *testing.T, h *harness)) {
	t.Helper()
	for name, harness := range map[string]func(t testing.TB) *harness{
		"sqlite":   newHarness,
		"postgres": func(t testing.TB) *harness { return newHarnessOn(t, testenv.Postgres(t)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, harness(t))
		})
	}
}

func newHarnessOn(t testing.TB, database string) *harness {
	t.Helper()
	ctx := context.Background()
	h := &harness{t: t, workflows: &fakeWorkflows{}, schedules: &fakeSchedules{}, logs: &syncBuffer{}, database: database, ahead: &atomic.Int64{}}
	log := slog.New(slog.NewJSONHandler(h.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	migrated.Database(t, h.database)
	records, err := store.Open(ctx, store.Options{DSN: h.database, Log: log})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, records.Close()) })
	keeper, err := secrets.Create(filepath.Join(t.TempDir(), "keys.json"))
	require.NoError(t, err)

	h.store, h.keeper, h.log = records, keeper, log
	renderer, err := charts.New(charts.Options{})
	require.NoError(t, err)
	h.service = orchestrator.New(orchestrator.Options{
		Store: records, Workflows: h.workflows, Keeper: keeper, Drivers: fakeCatalogue{}, Log: log, Charts: renderer, Drift: &fakeCluster{}, Schedules: h.schedules, Retention: h.schedules,
		Now: func() time.Time { return time.Now().Add(time.Duration(h.ahead.Load())) },
	})
	h.token, h.rival = orchestrator.NewTokenValue(), orchestrator.NewTokenValue()
	h.admin = h.seed(org, h.token)
	h.seed(otherOrg, h.rival)
	h.server = server.New(server.Options{Service: h.service, Log: log, Version: "test", Heartbeat: 50 * time.Millisecond})
	return h
}

// later takes the use cases into the future.
func (h *harness) later(by time.Duration) { h.ahead.Add(int64(by)) }

func (h *harness) seed(org, token string) *orchestrator.User {
	h.t.Helper()
	admin, err := h.service.Seed(context.Background(), orchestrator.Seed{
		OrgID: org, OrgName: strings.ToUpper(org), AdminName: "Ada", AdminEmail: "ada@" + org + ".test", Token: token,
		EnvTypes: []orchestrator.EnvironmentType{{ID: "development", Description: "for work"}, {ID: "production"}},
	})
	require.NoError(h.t, err)
	return admin
}

// user makes a user with roles by object and returns its id and a token.
func (h *harness) user(kind string, roles map[string]string) (id, token string) {
	h.t.Helper()
	ctx := context.Background()
	id, token = "u-"+orchestrator.NewTokenValue()[3:11], orchestrator.NewTokenValue()
	require.NoError(h.t, h.store.CreateUser(ctx, &orchestrator.User{ID: id, Name: id, Type: kind, CreatedAt: time.Now().UTC()}))
	for object, role := range roles {
		require.NoError(h.t, h.store.PutRole(ctx, orchestrator.RoleBinding{
			OrgID: org, SubjectID: id, Object: object, Role: role, CreatedAt: time.Now().UTC(),
		}))
	}
	require.NoError(h.t, h.store.CreateToken(ctx, &orchestrator.Token{
		UserID: id, ID: "first", Type: "static", Hash: orchestrator.HashToken(token), CreatedAt: time.Now().UTC(), CreatedBy: id,
	}))
	return id, token
}

// answer is what the server said.
type answer struct {
	t      testing.TB
	Status int
	Header http.Header
	Body   string
}

// do sends a request as the administrator and checks the answer against the
// published API when that knows the operation.
func (h *harness) do(method, path, body string) answer {
	h.t.Helper()
	return h.as(h.token, method, path, body)
}

func (h *harness) as(token, method, path, body string) answer {
	h.t.Helper()
	got, request := h.raw(token, method, path, body)
	checkPublished(h.t, request, got)
	return got
}

func (h *harness) raw(token, method, path, body string) (answer, *http.Request) {
	h.t.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	request.Header.Set("Accept", "application/json")
	recorder := httptest.NewRecorder()
	h.server.Handler().ServeHTTP(recorder, request)
	got := recorder.Result()
	text, err := io.ReadAll(got.Body)
	require.NoError(h.t, err)
	return answer{t: h.t, Status: got.StatusCode, Header: got.Header, Body: string(text)}, request
}

// must checks the status and decodes the body into out unless that is nil.
func (a answer) must(status int, out any) answer {
	a.t.Helper()
	require.Equal(a.t, status, a.Status, "%s", a.Body)
	if out != nil {
		require.NoError(a.t, json.Unmarshal([]byte(a.Body), out), a.Body)
	}
	return a
}

// fails checks the status of an error and that its message contains the parts.
func (a answer) fails(status int, parts ...string) {
	a.t.Helper()
	var body struct{ Error, Message string }
	a.must(status, &body)
	require.NotEmpty(a.t, body.Error)
	for _, part := range parts {
		require.Contains(a.t, body.Message, part)
	}
}

// app makes an application with its default environment and returns its path.
func (h *harness) app(id string) string {
	h.t.Helper()
	h.do("POST", "/orgs/"+org+"/apps", `{"id":"`+id+`","name":"`+id+`"}`).must(http.StatusCreated, nil)
	return "/orgs/" + org + "/apps/" + id
}

// fakeWorkflows stands for the workflow engine: it records what it is asked.
type fakeWorkflows struct {
	mu       sync.Mutex
	down     error
	state    orchestrator.WorkflowState
	enqueued []orchestrator.QueueItem
	canceled []orchestrator.QueueItem
}

func (f *fakeWorkflows) Ready(context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.down
}

func (f *fakeWorkflows) Enqueue(_ context.Context, _ orchestrator.EnvRef, items ...orchestrator.QueueItem) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, item := range items {
		if !item.Again {
			f.enqueued = append(f.enqueued, item)
		}
	}
	return f.down
}

func (f *fakeWorkflows) Cancel(_ context.Context, _ orchestrator.EnvRef, item orchestrator.QueueItem) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.canceled = append(f.canceled, item)
	return f.down
}

func (f *fakeWorkflows) State(context.Context, orchestrator.EnvRef, orchestrator.QueueItem) (orchestrator.WorkflowState, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state, nil
}

func (f *fakeWorkflows) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.down = err
}

func (f *fakeWorkflows) items(kind string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var ids []string
	for _, item := range f.enqueued {
		if item.Kind == kind {
			ids = append(ids, item.ID)
		}
	}
	return ids
}

// fakeCatalogue stands for the drivers of a server.
type fakeCatalogue struct{}

func (fakeCatalogue) Known(id string) bool {
	return drivers.Closest(id, []string{"humanitec/echo", "humanitec/template"}) == id
}

func (fakeCatalogue) Defaults(string) map[string]any { return nil }

func (fakeCatalogue) List() []orchestrator.DriverInfo {
	return []orchestrator.DriverInfo{{ID: "humanitec/echo", Type: "*", Available: true}}
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
