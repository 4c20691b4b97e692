package orchestrator_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/cluster"
	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/redaction"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/charts/charttest"
	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/internal/store"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/internal/testenv/migrated"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/orchestrator/starter"
)

var quiet = slog.New(slog.DiscardHandler)

func TestMain(m *testing.M) {
	charttest.Process()
	testenv.Main(m)
}

// backend is where the drivers of these tests make things: it counts.
type backend struct {
	mu      sync.Mutex
	things  map[string]bool // by GUResID
	done    []string        // "create one db", in order
	fail    map[string]bool // "create two db": what is refused
	keep    map[string]bool // of what is refused: where a cookie was kept before
	cookies []string        // what Provision was given, "driver cookie"
	ended   []string        // what Destroy was given, "driver cookie by", in order
}

// thing is a driver of that backend.
type thing struct {
	name string
	at   *backend
}

func (t thing) do(verb string, r drivers.Request) error {
	what := strings.Join([]string{verb, t.name, strings.TrimPrefix(r.ID, "shared.")}, " ")
	t.at.done = append(t.at.done, what)
	if t.at.fail[what] {
		return &drivers.Error{Code: "RES-100", Permanent: true, Message: what + " is refused"}
	}
	return nil
}

func (t thing) Provision(_ context.Context, r drivers.Request) (drivers.Result, error) {
	t.at.mu.Lock()
	defer t.at.mu.Unlock()
	t.at.cookies = append(t.at.cookies, t.name+" "+r.Cookie)
	verb := "create"
	if t.at.things[r.GUResID] {
		verb = "update"
	}
	if t.at.keep[strings.Join([]string{verb, t.name, strings.TrimPrefix(r.ID, "shared.")}, " ")] {
		if err := r.Keep("begun by " + t.name); err != nil {
			return drivers.Result{}, err
		}
	}
	if err := t.do(verb, r); err != nil {
		return drivers.Result{}, err
	}
	t.at.things[r.GUResID] = true
	return drivers.Result{Values: map[string]any{"host": r.GUResID, "made_by": r.Values["by"]}, Secrets: map[string]any{"password": "p"}, Cookie: "cookie of " + t.name}, nil
}

func (t thing) Destroy(_ context.Context, r drivers.Request) error {
	t.at.mu.Lock()
	defer t.at.mu.Unlock()
	t.at.ended = append(t.at.ended, fmt.Sprintf("%s %s by %v", t.name, orNothing(r.Cookie), r.Values["by"]))
	if r.Values["by"] == nil {
		return errors.New("nobody knows with which inputs it was made")
	}
	if err := t.do("destroy", r); err != nil {
		return err
	}
	delete(t.at.things, r.GUResID)
	return nil
}

func orNothing(cookie string) string {
	if cookie == "" {
		return "(no cookie)"
	}
	return cookie
}

// took returns what was done since the last call, and forgets it.
func (b *backend) took() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	done := b.done
	b.done = nil
	slices.Sort(done)
	return done
}

func (b *backend) refuse(what string, refused bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fail[what] = refused
}

// interrupt makes a driver fail after it has kept a cookie.
func (b *backend) interrupt(what string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fail[what], b.keep[what] = true, true
}

// memoryQueue is a queue that the test carries out itself.
type memoryQueue struct {
	fakeWorkflows
	waiting []orchestrator.QueueItem
	closed  map[string]bool
}

func (q *memoryQueue) Enqueue(_ context.Context, _ orchestrator.EnvRef, items ...orchestrator.QueueItem) error {
	for _, item := range items {
		if item.Kind == orchestrator.QueueResource && !slices.Contains(q.waiting, item) {
			q.waiting = append(q.waiting, item)
		}
	}
	return nil
}

func (q *memoryQueue) State(_ context.Context, _ orchestrator.EnvRef, item orchestrator.QueueItem) (orchestrator.WorkflowState, error) {
	switch {
	case slices.Contains(q.waiting, item):
		return orchestrator.WorkflowQueued, nil
	case q.closed[item.ID]:
		return orchestrator.WorkflowClosed, nil
	}
	return orchestrator.WorkflowUnknown, nil
}

// life is an environment over a real store, with the test in place of Temporal.
type life struct {
	t        *testing.T
	ctx      context.Context
	records  *store.Store
	service  *orchestrator.Service
	deployer *orchestrator.Deployer
	queue    *memoryQueue
	at       *backend
	ref      orchestrator.EnvRef
	keeper   orchestrator.Keeper
	drivers  orchestrator.DriverCatalogue
	clock    time.Duration // how far the clock was put forward
}

type knownDrivers struct{ *drivers.Registry }

func (knownDrivers) Defaults(string) map[string]any  { return nil }
func (knownDrivers) List() []orchestrator.DriverInfo { return nil }

// eachLife runs a test over both databases.
func eachLife(t *testing.T, test func(t *testing.T, l *life)) {
	t.Helper()
	for name, dsn := range map[string]func(t *testing.T) string{
		"sqlite":   sqlite,
		"postgres": func(t *testing.T) string { return testenv.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newLife(t, dsn(t)))
		})
	}
}

func sqlite(t *testing.T) string { return filepath.Join(t.TempDir(), "slipway.db") }

func newLife(t *testing.T, dsn string) *life {
	t.Helper()
	ctx := orchestrator.WithActor(t.Context(), orchestrator.SystemActor)
	migrated.Database(t, dsn)
	records, err := store.Open(ctx, store.Options{DSN: dsn})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, records.Close()) })
	keeper, err := secrets.Create(filepath.Join(t.TempDir(), "keys.json"))
	require.NoError(t, err)
	registry := drivers.NewRegistry()
	l := &life{t: t, ctx: ctx, records: records, keeper: keeper, drivers: knownDrivers{registry}, at: &backend{things: map[string]bool{}, fail: map[string]bool{}, keep: map[string]bool{}},
		queue: &memoryQueue{closed: map[string]bool{}}, ref: orchestrator.EnvRef{OrgID: "acme", AppID: "shop", EnvID: "development"}}
	for _, name := range []string{"one", "two"} {
		require.NoError(t, registry.Register(drivers.Descriptor{ID: "test/" + name, Kind: drivers.Heavy, Aliases: []string{"alias/" + name}}, thing{name, l.at}))
	}
	require.NoError(t, registry.Register(drivers.Descriptor{ID: "test/light"}, thing{"light", l.at}))
	for _, kind := range cluster.All() {
		require.NoError(t, registry.Register(kind.Descriptor(), kind))
	}
	now := func() time.Time { return time.Now().Add(l.clock) }
	l.service = orchestrator.New(orchestrator.Options{Store: records, Workflows: l.queue, Keeper: keeper, Drivers: knownDrivers{registry}, Now: now, Log: quiet})
	l.deployer = orchestrator.NewDeployer(orchestrator.DeployerOptions{
		Store: records, Keeper: keeper, Drivers: registry, Now: now, Log: quiet,
		Redactor: func(values ...string) func(string) string { return redaction.New(values...).String },
	})
	seed := orchestrator.Seed{OrgID: "acme", OrgName: "Acme", AdminName: "Ada", EnvTypes: []orchestrator.EnvironmentType{{ID: "development"}}}
	for _, typ := range starter.Types() {
		seed.Types = append(seed.Types, orchestrator.ResourceType{ID: typ.Type, Name: typ.Name, Use: typ.Use})
	}
	_, err = l.service.Seed(ctx, seed)
	require.NoError(t, err)
	_, err = l.service.CreateApplication(ctx, "acme", orchestrator.ApplicationRequest{ID: "shop", Name: "shop"})
	require.NoError(t, err)
	l.define("cluster", "k8s-cluster", "test/light", nil, resource.Criteria{})
	l.define("namespace", "k8s-namespace", "test/light", nil, resource.Criteria{})
	return l
}

// define makes a definition whose resources say by which version they were made.
func (l *life) define(id, resType, driver string, values map[string]any, criteria ...resource.Criteria) *orchestrator.Definition {
	l.t.Helper()
	if values == nil {
		values = map[string]any{}
	}
	values["by"] = id
	def, err := l.service.CreateDefinition(l.ctx, "acme", orchestrator.DefinitionRequest{
		ID: id, Name: id, Type: resType, DriverType: driver, Criteria: criteria,
		DriverInputs: &orchestrator.DriverInputsRequest{Values: values},
	})
	require.NoError(l.t, err)
	return def
}

// match gives a definition its criteria; none means that it never matches.
func (l *life) match(id string, criteria ...resource.Criteria) {
	l.t.Helper()
	_, err := l.service.ReplaceCriteria(l.ctx, "acme", id, criteria)
	require.NoError(l.t, err)
}

// needs are the shared resources of a set: id to type.class.
type needs map[string]string

// deploy takes a deployment through its steps up to the delivery and ends it.
func (l *life) deploy(want needs, outcome orchestrator.Outcome) {
	l.t.Helper()
	key := l.begin(want)
	failed := l.provision(key)
	if failed && outcome == orchestrator.OutcomeSucceeded {
		l.t.Fatalf("a resource failed: %v", l.at.done)
	}
	l.finish(key, outcome)
}

func (l *life) begin(want needs) orchestrator.DeploymentKey {
	l.t.Helper()
	set := deployset.Set{Shared: map[string]any{}}
	for id, of := range want {
		typ, class, _ := strings.Cut(of, ".")
		if class == "" {
			class = "default"
		}
		set.Shared[id] = map[string]any{"type": typ, "class": class}
	}
	setID, err := l.records.PutSet(l.ctx, "acme", "shop", set)
	require.NoError(l.t, err)
	d, err := l.service.CreateDeployment(l.ctx, l.ref, orchestrator.DeploymentRequest{SetID: setID})
	require.NoError(l.t, err)
	key := orchestrator.DeploymentKey{EnvRef: l.ref, ID: d.ID}
	_, err = l.deployer.Plan(l.ctx, key)
	require.NoError(l.t, err)
	return key
}

func (l *life) provision(key orchestrator.DeploymentKey) (failed bool) {
	l.t.Helper()
	for {
		advance, err := l.deployer.Advance(l.ctx, key)
		require.NoError(l.t, err)
		if advance.Done {
			return advance.Failed
		}
		for _, ordinal := range advance.Heavy {
			_, err := l.deployer.ProvisionNode(l.ctx, key, ordinal)
			require.NoError(l.t, err)
		}
	}
}

func (l *life) finish(key orchestrator.DeploymentKey, outcome orchestrator.Outcome) {
	l.t.Helper()
	got, err := l.deployer.Finish(l.ctx, key, orchestrator.FinishInput{Outcome: outcome})
	require.NoError(l.t, err)
	require.Equal(l.t, outcome, got)
}

// settle lets the reconciler and the queue work until nothing goes on any more.
func (l *life) settle() {
	l.t.Helper()
	reconciler := orchestrator.NewReconciler(l.records, l.queue, func() time.Time { return time.Now().Add(l.clock) }, quiet)
	for range 10 {
		require.NoError(l.t, reconciler.Once(l.ctx))
		work := l.queue.waiting
		l.queue.waiting = nil
		for _, item := range work {
			_ = l.deployer.DestroyResource(l.ctx, l.ref, item.ID) // the resource says why
			l.queue.closed[item.ID] = true
		}
		if len(work) == 0 {
			return
		}
	}
	l.t.Fatal("the queue does not come to rest")
}

// list shows the resources of type postgres as "guresid status".
func (l *life) list(scheduled *bool) []orchestrator.ActiveResource {
	l.t.Helper()
	all, err := l.service.ListActiveResources(l.ctx, l.ref, scheduled)
	require.NoError(l.t, err)
	return slices.DeleteFunc(all, func(r orchestrator.ActiveResource) bool {
		return strings.HasPrefix(r.Key.Type, "k8s-") || r.DriverType == ""
	})
}

// theOne is the only resource that is listed.
func (l *life) theOne() orchestrator.ActiveResource {
	l.t.Helper()
	all := l.list(nil)
	require.Len(l.t, all, 1)
	return all[0]
}

func (l *life) leaving() []orchestrator.ActiveResource { yes := true; return l.list(&yes) }

var (
	db        = needs{"db": "postgres"}
	succeeded = orchestrator.OutcomeSucceeded
	failed    = orchestrator.OutcomeFailed
)

// light is what every deployment does to cluster and namespace.
func withLight(verb string, more ...string) []string {
	out := append([]string{verb + " light k8s-cluster", verb + " light k8s-namespace"}, more...)
	slices.Sort(out)
	return out
}

// gated gives the life a deployer whose nodes have to pass.
func (l *life) gated(gate orchestrator.PlanGate) {
	known, _ := l.drivers.(knownDrivers)
	l.deployer = orchestrator.NewDeployer(orchestrator.DeployerOptions{
		Store: l.records, Keeper: l.keeper, Drivers: known.Registry, Log: quiet, PlanGate: gate,
		Redactor: func(values ...string) func(string) string { return redaction.New(values...).String },
	})
}
