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
	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/charts/charttest"
	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/internal/store"
	"github.com/slipway-dev/slipway/internal/testenv"
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
	cookies []string        // what Provision was given, "driver cookie"
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
	if err := t.do(verb, r); err != nil {
		return drivers.Result{}, err
	}
	t.at.things[r.GUResID] = true
	return drivers.Result{Values: map[string]any{"host": r.GUResID, "made_by": r.Values["by"]}, Secrets: map[string]any{"password": "p"}, Cookie: "cookie of " + t.name}, nil
}

func (t thing) Destroy(_ context.Context, r drivers.Request) error {
	t.at.mu.Lock()
	defer t.at.mu.Unlock()
	if r.Values["by"] == nil {
		return errors.New("nobody knows with which inputs it was made")
	}
	if err := t.do("destroy", r); err != nil {
		return err
	}
	delete(t.at.things, r.GUResID)
	return nil
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
	clock    time.Duration // how far the clock was put forward
}

type knownDrivers struct{ *drivers.Registry }

func (knownDrivers) Defaults(string) map[string]any  { return nil }
func (knownDrivers) List() []orchestrator.DriverInfo { return nil }

// eachLife runs a test over both databases.
func eachLife(t *testing.T, test func(t *testing.T, l *life)) {
	t.Helper()
	for name, dsn := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "slipway.db") },
		"postgres": func(t *testing.T) string { return testenv.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newLife(t, dsn(t)))
		})
	}
}

func newLife(t *testing.T, dsn string) *life {
	t.Helper()
	ctx := orchestrator.WithActor(t.Context(), orchestrator.SystemActor)
	require.NoError(t, store.Migrate(ctx, dsn, quiet))
	records, err := store.Open(ctx, store.Options{DSN: dsn})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, records.Close()) })
	keeper, err := secrets.Create(filepath.Join(t.TempDir(), "keys.json"))
	require.NoError(t, err)
	registry := drivers.NewRegistry()
	l := &life{t: t, ctx: ctx, records: records, at: &backend{things: map[string]bool{}, fail: map[string]bool{}},
		queue: &memoryQueue{closed: map[string]bool{}}, ref: orchestrator.EnvRef{OrgID: "acme", AppID: "shop", EnvID: "development"}}
	for _, name := range []string{"one", "two"} {
		require.NoError(t, registry.Register(drivers.Descriptor{ID: "test/" + name, Kind: drivers.Heavy, Aliases: []string{"alias/" + name}}, thing{name, l.at}))
	}
	require.NoError(t, registry.Register(drivers.Descriptor{ID: "test/light"}, thing{"light", l.at}))
	now := func() time.Time { return time.Now().Add(l.clock) }
	l.service = orchestrator.New(orchestrator.Options{Store: records, Workflows: l.queue, Keeper: keeper, Drivers: knownDrivers{registry}, Now: now, Log: quiet})
	l.deployer = orchestrator.NewDeployer(orchestrator.DeployerOptions{
		Store: records, Keeper: keeper, Drivers: registry, Now: now, Log: quiet,
		Redactor: func(values ...string) func(string) string { return secrets.NewRedactor(values...).String },
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
			require.NoError(l.t, l.deployer.ProvisionNode(l.ctx, key, ordinal))
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

// TestRematch changes which definition or driver makes a resource.
func TestRematch(t *testing.T) {
	t.Parallel()
	eachLife(t, func(t *testing.T, l *life) {
		l.define("def-a", "postgres", "test/one", nil, resource.Criteria{})
		l.define("def-b", "postgres", "test/two", nil)
		l.deploy(db, succeeded)
		first := l.theOne()
		require.Equal(t, withLight("create", "create one db"), l.at.took())

		l.match("def-a")
		l.match("def-b", resource.Criteria{})
		l.deploy(db, succeeded)
		second := l.theOne()
		require.NotEqual(t, first.GUResID, second.GUResID)
		require.Equal(t, []string{"def-b", "active"}, []string{second.DefID, second.Status})
		require.Equal(t, withLight("update", "create two db"), l.at.took(), "the old one is there while workloads move over")
		require.Contains(t, l.at.cookies, "two ", "a cookie belongs to the driver that wrote it")
		require.NotContains(t, l.at.cookies, "two cookie of one")
		leaving := l.leaving()
		require.Len(t, leaving, 1)
		require.Equal(t, first.GUResID, leaving[0].GUResID)
		require.True(t, leaving[0].Retired)
		require.Equal(t, orchestrator.ResourceDeleting, leaving[0].Status)

		l.settle()
		require.Equal(t, []string{"destroy one db"}, l.at.took())
		require.Empty(t, l.leaving())
		require.Equal(t, second.GUResID, l.theOne().GUResID)
		l.deploy(db, succeeded)
		l.settle()
		require.Equal(t, withLight("update", "update two db"), l.at.took(), "nothing twice")
	})
}

// TestRematchThatFails keeps the old resource usable until its successor works.
func TestRematchThatFails(t *testing.T) {
	t.Parallel()
	eachLife(t, func(t *testing.T, l *life) {
		l.define("def-a", "postgres", "test/one", nil, resource.Criteria{})
		l.define("def-b", "postgres", "test/two", nil)
		l.deploy(db, succeeded)
		first := l.theOne()
		toB := func() { l.match("def-a"); l.match("def-b", resource.Criteria{}) }
		toA := func() { l.match("def-b"); l.match("def-a", resource.Criteria{}) }
		l.at.took()

		toB()
		l.at.refuse("create two db", true)
		l.deploy(db, failed)
		l.settle()
		require.Equal(t, withLight("update", "create two db"), l.at.took())
		require.Equal(t, first, l.theOne(), "one whose successor never existed stays attached to the earlier deployment")
		require.Empty(t, l.leaving())

		l.at.refuse("create two db", false)
		l.deploy(db, failed) // say, at its rollout
		l.settle()
		require.Equal(t, withLight("update", "create two db"), l.at.took())
		second := l.theOne()
		require.Equal(t, "def-b", second.DefID)
		require.Len(t, l.leaving(), 1, "it is not destroyed before a deployment has succeeded without it")

		toA()
		l.deploy(db, succeeded)
		back := l.theOne()
		require.Equal(t, first.GUResID, back.GUResID, "with its data")
		require.False(t, back.Retired || back.ScheduledDeletion)
		require.Equal(t, orchestrator.ResourceActive, back.Status)
		require.Contains(t, l.at.cookies, "one cookie of one")
		l.settle()
		require.Equal(t, withLight("update", "update one db", "destroy two db"), l.at.took())
		require.Equal(t, first.GUResID, l.theOne().GUResID)
		require.Len(t, l.at.things, 3)
	})
}

// TestFailedSuccessorIsDestroyed: what a failed first call may have left behind
// goes with the inputs of that call.
func TestFailedSuccessorIsDestroyed(t *testing.T) {
	t.Parallel()
	for name, driver := range map[string]string{"heavy": "test/two", "in process": "test/light"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLife(t, filepath.Join(t.TempDir(), "slipway.db"))
			short := strings.TrimPrefix(driver, "test/")
			l.define("def-a", "postgres", "test/one", nil, resource.Criteria{})
			l.define("def-b", "postgres", driver, nil)
			l.deploy(db, succeeded)
			l.match("def-a")
			l.match("def-b", resource.Criteria{})
			l.at.refuse("create "+short+" db", true)
			l.deploy(db, failed)
			l.match("def-b")
			l.match("def-a", resource.Criteria{})
			l.at.took()
			l.deploy(db, succeeded)
			l.settle()
			require.Equal(t, withLight("update", "update one db", "destroy "+short+" db"), l.at.took())
		})
	}
}

// TestCrashBetweenProvisionAndCommit repeats the step of a node whose driver
// had been called.
func TestCrashBetweenProvisionAndCommit(t *testing.T) {
	t.Parallel()
	l := newLife(t, filepath.Join(t.TempDir(), "slipway.db"))
	l.define("def-a", "postgres", "test/one", nil, resource.Criteria{})
	l.define("def-b", "postgres", "test/two", nil)
	l.deploy(db, succeeded)
	l.match("def-a")
	l.match("def-b", resource.Criteria{})
	key := l.begin(db)
	_, err := l.deployer.Plan(l.ctx, key)
	require.NoError(t, err, "planning again reserves nothing twice")
	nodes, err := l.records.ListNodes(l.ctx, "acme", key.ID)
	require.NoError(t, err)
	at := slices.IndexFunc(nodes, func(n orchestrator.Node) bool { return n.Key.Type == "postgres" })
	l.at.things[nodes[at].GUResID] = true // made, and the worker died
	l.at.took()
	require.False(t, l.provision(key))
	require.Equal(t, withLight("update", "update two db"), l.at.took(), "the same GUResID, stored before it was used")
	l.finish(key, succeeded)
	l.finish(key, succeeded)
	l.settle()
	require.Equal(t, []string{"destroy one db"}, l.at.took())
}

func TestInPlaceDriverChange(t *testing.T) {
	t.Parallel()
	l := newLife(t, filepath.Join(t.TempDir(), "slipway.db"))
	l.define("def-a", "postgres", "test/one", nil, resource.Criteria{})
	l.deploy(db, succeeded)
	first := l.theOne()
	_, err := l.service.ReplaceDefinition(l.ctx, "acme", "def-a", orchestrator.DefinitionRequest{
		Name: "def-a", DriverType: "test/two", InPlaceDriverChange: true,
		DriverInputs: &orchestrator.DriverInputsRequest{Values: map[string]any{"by": "def-a"}},
	})
	require.NoError(t, err)
	l.at.took()
	l.deploy(db, succeeded)
	l.settle()
	require.Equal(t, withLight("update", "update two db"), l.at.took())
	require.Equal(t, first.GUResID, l.theOne().GUResID)
	require.Equal(t, "test/two", l.theOne().DriverType)
	require.NotContains(t, l.at.cookies, "two cookie of one")

	_, err = l.service.ReplaceDefinition(l.ctx, "acme", "def-a", orchestrator.DefinitionRequest{
		Name: "def-a", DriverType: "alias/two", DriverInputs: &orchestrator.DriverInputsRequest{Values: map[string]any{"by": "def-a"}},
	})
	require.NoError(t, err)
	l.deploy(db, succeeded)
	require.Equal(t, first.GUResID, l.theOne().GUResID, "another name of the driver is no other driver")
}

func TestDroppedDependencyAndClassChange(t *testing.T) {
	t.Parallel()
	l := newLife(t, filepath.Join(t.TempDir(), "slipway.db"))
	l.define("def-a", "postgres", "test/one", nil, resource.Criteria{}, resource.Criteria{Class: "large"})
	l.deploy(db, succeeded)
	first := l.theOne()
	l.at.took()

	l.deploy(needs{}, succeeded)
	l.settle()
	require.Equal(t, withLight("update"), l.at.took())
	require.Equal(t, first, l.theOne(), "kept, with its deployment")
	l.deploy(needs{"db": "postgres.large"}, succeeded)
	l.settle()
	require.Equal(t, withLight("update", "create one db"), l.at.took(), "another class is another resource")
	require.Len(t, l.list(nil), 2)
	l.deploy(db, succeeded)
	l.settle()
	require.Equal(t, withLight("update", "update one db"), l.at.took())
	back, err := l.records.GetActiveResource(l.ctx, l.ref, first.Key)
	require.NoError(t, err)
	require.Equal(t, first.GUResID, back.GUResID, "a rollback finds its data")

	going, err := l.service.DeleteActiveResource(l.ctx, l.ref, "postgres.large", "shared.db", false)
	require.NoError(t, err)
	require.True(t, going)
	l.settle()
	require.Equal(t, []string{"destroy one db"}, l.at.took())
	require.Equal(t, first.GUResID, l.theOne().GUResID)
}

// chain defines a database in an instance, each made by definition and driver.
func (l *life) chain(suffix, driver string, criteria ...resource.Criteria) {
	l.t.Helper()
	l.define("db-"+suffix, "postgres", driver, map[string]any{"in": "${resources.postgres-instance#pg.outputs.host}"}, criteria...)
	l.define("pg-"+suffix, "postgres-instance", driver, nil, criteria...)
}

// TestStuckDestruction shows, retries and never forgets a resource that its
// driver refuses to destroy; what it was made with waits.
func TestStuckDestruction(t *testing.T) {
	t.Parallel()
	eachLife(t, func(t *testing.T, l *life) {
		l.chain("a", "test/one", resource.Criteria{})
		l.chain("b", "test/two")
		l.deploy(db, succeeded)
		for _, id := range []string{"db-a", "pg-a"} {
			l.match(id)
		}
		for _, id := range []string{"db-b", "pg-b"} {
			l.match(id, resource.Criteria{})
		}
		l.at.refuse("destroy one db", true)
		l.at.took()
		l.deploy(db, succeeded)
		l.settle()
		require.Equal(t, withLight("update", "create two db", "create two pg", "destroy one db"), l.at.took())
		leaving := l.leaving()
		require.Len(t, leaving, 2)
		require.Equal(t, "destroy one db is refused", leaving[0].StatusMessage)
		require.Contains(t, leaving[1].StatusMessage, "waits for postgres.default#shared.db")

		l.settle()
		require.Empty(t, l.at.took(), "not again at once")
		l.clock += 11 * time.Minute
		l.settle()
		require.Equal(t, []string{"destroy one db"}, l.at.took(), "again after a while")
		l.clock += 11 * time.Minute
		l.settle()
		require.Empty(t, l.at.took(), "at growing intervals")
		l.deploy(db, succeeded)
		l.settle()
		require.Contains(t, l.at.took(), "destroy one db", "and after the next deployment")

		l.at.refuse("destroy one db", false)
		going, err := l.service.DeleteActiveResource(l.ctx, l.ref, "postgres", leaving[0].GUResID, false)
		require.NoError(t, err)
		require.True(t, going, "a replaced one is named by its GUResID")
		l.settle()
		require.Equal(t, []string{"destroy one db", "destroy one pg"}, l.at.took())
		require.Empty(t, l.leaving())
	})
}

// TestDeletionThatWasNotHandedOver is started by the reconciler.
func TestDeletionThatWasNotHandedOver(t *testing.T) {
	t.Parallel()
	l := newLife(t, filepath.Join(t.TempDir(), "slipway.db"))
	l.chain("a", "test/one", resource.Criteria{})
	l.deploy(db, succeeded)
	_, err := l.service.DeleteActiveResource(l.ctx, l.ref, "postgres", "shared.db", false)
	require.True(t, orchestrator.IsConflict(err), "%v", err)
	l.deploy(needs{}, succeeded)
	_, err = l.service.DeleteActiveResource(l.ctx, l.ref, "postgres-instance", "pg", false)
	var conflict *orchestrator.Error
	require.ErrorAs(t, err, &conflict)
	require.Equal(t, orchestrator.CodeConflict, conflict.Code)
	require.Contains(t, fmt.Sprint(conflict.Details["needed_by"]), "shared.db")

	going, err := l.service.DeleteActiveResource(l.ctx, l.ref, "postgres", "shared.db", false)
	require.NoError(t, err)
	require.True(t, going)
	l.queue.waiting = nil // Temporal went away
	l.at.took()
	l.settle()
	require.Equal(t, []string{"destroy one db"}, l.at.took())
	going, err = l.service.DeleteActiveResource(l.ctx, l.ref, "postgres-instance", "pg", true)
	require.NoError(t, err)
	require.False(t, going)
	l.settle()
	require.Empty(t, l.at.took(), "what is detached is left alone")
	require.Empty(t, l.list(nil))
}

// TestTeardownGoesOnAroundWhatIsStuck destroys dependants first, retired ones
// too, and everything that does not wait for a stuck one.
func TestTeardownGoesOnAroundWhatIsStuck(t *testing.T) {
	t.Parallel()
	eachLife(t, func(t *testing.T, l *life) {
		l.chain("a", "test/one", resource.Criteria{})
		l.define("cache", "redis", "test/one", nil, resource.Criteria{})
		l.define("other", "redis", "test/two", nil)
		all := needs{"db": "postgres", "cache": "redis"}
		l.deploy(all, succeeded)
		l.match("cache")
		l.match("other", resource.Criteria{})
		l.deploy(all, failed)
		l.at.refuse("destroy one db", true)
		l.at.took()
		env, err := l.records.GetEnvironment(l.ctx, l.ref)
		require.NoError(t, err)
		env.Status = orchestrator.StatusDeleting
		require.NoError(t, l.records.UpdateEnvironment(l.ctx, env))

		_, err = l.deployer.Teardown(l.ctx, l.ref)
		require.ErrorContains(t, err, "destroy one db is refused")
		require.ErrorContains(t, err, "2 resources are left")
		require.Equal(t, []string{"destroy light k8s-cluster", "destroy light k8s-namespace", "destroy one cache", "destroy one db", "destroy two cache"}, l.at.took())
		left := l.leaving()
		require.Len(t, left, 2)
		require.Equal(t, "destroy one db is refused", left[0].StatusMessage)
		require.Contains(t, left[1].StatusMessage, "waits for")
		env, err = l.records.GetEnvironment(l.ctx, l.ref)
		require.NoError(t, err)
		require.Contains(t, env.StatusMessage, "shared.db")

		l.settle()
		require.Empty(t, l.at.took(), "teardown does it, nobody else")
		l.at.refuse("destroy one db", false)
		result, err := l.deployer.Teardown(l.ctx, l.ref)
		require.NoError(t, err)
		require.True(t, result.Done)
		require.Equal(t, []string{"destroy one db", "destroy one pg"}, l.at.done, "dependants first")
		require.Empty(t, l.at.things)
	})
}

// TestTeardownOfALoop: records of different deployments may disagree, and still
// nothing is left.
func TestTeardownOfALoop(t *testing.T) {
	t.Parallel()
	l := newLife(t, filepath.Join(t.TempDir(), "slipway.db"))
	l.chain("a", "test/one", resource.Criteria{})
	l.deploy(db, succeeded)
	all := l.list(nil)
	require.Len(t, all, 2)
	all[1].DependsOn = []string{all[0].GUResID}
	require.NoError(t, l.records.UpdateActiveResource(l.ctx, &all[1]))
	env, err := l.records.GetEnvironment(l.ctx, l.ref)
	require.NoError(t, err)
	env.Status = orchestrator.StatusDeleting
	require.NoError(t, l.records.UpdateEnvironment(l.ctx, env))
	result, err := l.deployer.Teardown(l.ctx, l.ref)
	require.NoError(t, err)
	require.True(t, result.Done)
	require.Empty(t, l.at.things)
}
