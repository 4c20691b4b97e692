package worker_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/builtin"
	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/redaction"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/internal/store"
	slipwaytemporal "github.com/slipway-dev/slipway/internal/temporal"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/internal/testenv/migrated"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/worker"
	"github.com/slipway-dev/slipway/workflows"
)

// patience bounds every wait of these tests; the machine may be busy.
const patience = 3 * time.Minute

// platform is a whole server side in one process: two servers and two workers
// over one store and a real Temporal, in a namespace of its own. Only the target
// of deliveries and one driver are the test's.
type platform struct {
	t        *testing.T
	ctx      context.Context
	client   client.Client
	space    string
	records  *store.Store
	services [2]*orchestrator.Service
	engines  [2]*cuttable // what the services hand over through
	world    *world
	stops    [2]func() // of the workers
	ref      orchestrator.EnvRef

	ahead  *atomic.Int64 // how far the reconciler's clock is put forward
	number *atomic.Int64 // of modules

	postgres bool
}

// cuttable is the way to Temporal, which can be cut between commit and hand-over.
type cuttable struct {
	*slipwaytemporal.Starter
	mu  sync.Mutex
	cut map[orchestrator.EnvRef]bool
}

// everywhere cuts the way for all environments.
var everywhere orchestrator.EnvRef

func (c *cuttable) set(ref orchestrator.EnvRef, cut bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut[ref] = cut
}

func (c *cuttable) err(ref orchestrator.EnvRef) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cut[ref] || c.cut[everywhere] {
		return orchestrator.Errorf(orchestrator.CodeUnavailable, "Temporal is away")
	}
	return nil
}

func (c *cuttable) Enqueue(ctx context.Context, ref orchestrator.EnvRef, items ...orchestrator.QueueItem) error {
	if err := c.err(ref); err != nil {
		return err
	}
	return c.Starter.Enqueue(ctx, ref, items...)
}

func (c *cuttable) Cancel(ctx context.Context, ref orchestrator.EnvRef, item orchestrator.QueueItem) error {
	if err := c.err(ref); err != nil {
		return err
	}
	return c.Starter.Cancel(ctx, ref, item)
}

// eachDatabase runs a test over SQLite and PostgreSQL.
func eachDatabase(t *testing.T, test func(t *testing.T, p *platform)) {
	t.Helper()
	for name, dsn := range map[string]func(t *testing.T) string{"sqlite": onSQLite, "postgres": func(t *testing.T) string { return testenv.Postgres(t) }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newPlatform(t, dsn(t)))
		})
	}
}

func onSQLite(t *testing.T) string { return filepath.Join(t.TempDir(), "slipway.db") }

// logOf writes to the terminal when SLIPWAY_TEST_LOG is set.
func logOf() *slog.Logger {
	if os.Getenv("SLIPWAY_TEST_LOG") != "" {
		return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelInfo}))
	}
	return slog.New(slog.DiscardHandler)
}

func newPlatform(t *testing.T, dsn string) *platform {
	t.Helper()
	p := &platform{
		t: t, ctx: orchestrator.WithActor(t.Context(), orchestrator.SystemActor), space: "ends-" + uuid.NewString(),
		ahead: &atomic.Int64{}, number: &atomic.Int64{}, postgres: strings.HasPrefix(dsn, "postgres"), world: newWorld(), ref: orchestrator.EnvRef{OrgID: "acme", AppID: "shop", EnvID: "development"},
	}
	address := testenv.Temporal(t)
	migrated.Database(t, dsn)
	keeper, err := secrets.Create(filepath.Join(t.TempDir(), "keys.json"))
	require.NoError(t, err)
	for i := range p.services {
		records, err := store.Open(p.ctx, store.Options{DSN: dsn, Log: logOf()})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, records.Close()) })
		c, err := slipwaytemporal.Connect(p.ctx, slipwaytemporal.Options{Address: address, Namespace: p.space, Log: logOf(), Keeper: keeper})
		require.NoError(t, err)
		t.Cleanup(c.Close)
		p.client, p.records = c, records
		p.engines[i] = &cuttable{Starter: slipwaytemporal.NewStarter(c), cut: map[orchestrator.EnvRef]bool{}}
		p.services[i] = orchestrator.New(orchestrator.Options{Store: records, Workflows: p.engines[i], Keeper: keeper, Drivers: catalogue{}, Log: logOf(),
			Pipelines: p.engines[i], Web: localWeb(t)})
		p.work(i, c, records, keeper)
	}
	p.seed()
	return p
}

// work starts one worker.
func (p *platform) work(i int, c client.Client, records *store.Store, keeper orchestrator.Keeper) {
	p.t.Helper()
	registry := drivers.NewRegistry()
	require.NoError(p.t, builtin.Register(registry))
	require.NoError(p.t, registry.Register(drivers.Descriptor{ID: "test/thing", Kind: drivers.Heavy}, thing{p.world}))
	deployer := orchestrator.NewDeployer(orchestrator.DeployerOptions{
		Store: records, Keeper: keeper, Drivers: registry, Log: logOf(), Pipelines: p.engines[i], Targets: map[string]orchestrator.Delivery{"memory": memory{p.world}},
		Redactor: func(values ...string) func(string) string { return redaction.New(values...).String },
	})
	w := worker.New(worker.Options{Client: c, Deployer: deployer, Service: p.services[i], Identity: fmt.Sprintf("worker-%d", i), StopTimeout: time.Second})
	require.NoError(p.t, w.Start())
	stop := sync.OnceFunc(w.Stop)
	p.stops[i] = stop
	p.t.Cleanup(stop)
}

func (p *platform) seed() {
	p.t.Helper()
	seed := orchestrator.Seed{OrgID: "acme", OrgName: "Acme", AdminName: "Ada", EnvTypes: []orchestrator.EnvironmentType{{ID: "development"}},
		Types: []orchestrator.ResourceType{
			{ID: "k8s-cluster", Use: "implicit"}, {ID: "k8s-namespace", Use: "implicit"}, {ID: "base-env", Use: "implicit"},
			{ID: "workload", Use: "implicit"}, {ID: "postgres", Use: "direct"},
		},
		Definitions: []orchestrator.SeedDefinition{
			seedDefinition("cluster", "k8s-cluster", "humanitec/echo", map[string]any{"cluster_type": "memory"}),
			seedDefinition("namespace", "k8s-namespace", "humanitec/echo", map[string]any{"namespace": "space"}),
			seedDefinition("base", "base-env", "humanitec/echo", map[string]any{}),
			seedDefinition("thing", "postgres", "test/thing", map[string]any{}),
		}}
	_, err := p.services[0].Seed(p.ctx, seed)
	require.NoError(p.t, err)
	_, err = p.services[0].CreateApplication(p.ctx, "acme", orchestrator.ApplicationRequest{ID: "shop", Name: "shop"})
	require.NoError(p.t, err)
}

func seedDefinition(id, resourceType, driver string, values map[string]any) orchestrator.SeedDefinition {
	return orchestrator.SeedDefinition{ID: id, Name: id, Type: resourceType, DriverType: driver,
		DriverInputs: &orchestrator.DriverInputs{Values: values}, Criteria: []resource.Criteria{{}}}
}

// environment makes one more environment.
func (p *platform) environment(id string) orchestrator.EnvRef {
	p.t.Helper()
	ref := orchestrator.EnvRef{OrgID: "acme", AppID: "shop", EnvID: id}
	at := time.Now().UTC()
	require.NoError(p.t, p.records.CreateEnvironment(p.ctx, &orchestrator.Environment{
		OrgID: "acme", AppID: "shop", ID: id, Name: id, TypeID: "development", QueuePolicy: orchestrator.QueuePolicyQueue,
		Status: orchestrator.StatusActive, StatusChangedAt: at, CreatedAt: at}))
	return ref
}

// change stores a delta that adds a module of that name.
func (p *platform) change(module string) string {
	p.t.Helper()
	content := deployset.Delta{Modules: deployset.Changes{Add: map[string]map[string]any{module: {
		"profile": "humanitec/default-module",
		"spec":    map[string]any{"containers": map[string]any{"web": map[string]any{"id": "web", "image": "nginx:1"}}},
	}}}}
	delta := &orchestrator.Delta{OrgID: "acme", AppID: "shop", ID: "delta-" + module, Contributors: []string{}, Content: content}
	require.NoError(p.t, p.records.CreateDelta(p.ctx, delta))
	return delta.ID
}

// deploy asks one of the servers for a deployment that adds a module.
func (p *platform) deploy(ref orchestrator.EnvRef) *orchestrator.Deployment {
	p.t.Helper()
	n := p.number.Add(1)
	d, err := p.services[n%2].CreateDeployment(p.ctx, ref, orchestrator.DeploymentRequest{DeltaID: p.change(fmt.Sprintf("m%03d", n))})
	require.NoError(p.t, err)
	return d
}

// deployThings asks for a deployment of those resources and nothing else.
func (p *platform) deployThings(ref orchestrator.EnvRef, names ...string) *orchestrator.Deployment {
	p.t.Helper()
	set := deployset.Set{Shared: map[string]any{}}
	for _, name := range names {
		set.Shared[name] = map[string]any{"type": "postgres"}
	}
	id, err := p.records.PutSet(p.ctx, "acme", "shop", set)
	require.NoError(p.t, err)
	d, err := p.services[0].CreateDeployment(p.ctx, ref, orchestrator.DeploymentRequest{SetID: id})
	require.NoError(p.t, err)
	return d
}

// reconcile does rounds of the reconciler until stop is called.
func (p *platform) reconcile() (stop func()) {
	ctx, cancel := context.WithCancel(p.ctx)
	now := func() time.Time { return time.Now().Add(time.Duration(p.ahead.Load())) }
	var running sync.WaitGroup
	for i := range p.engines { // two workers, each with a reconciler
		r := orchestrator.NewReconciler(p.records, p.engines[i], now, logOf()).WithPipelines(p.engines[i], p.services[i])
		running.Go(func() { r.Run(ctx, 300*time.Millisecond) })
	}
	stop = sync.OnceFunc(func() { cancel(); running.Wait() })
	p.t.Cleanup(stop)
	return stop
}

// forward puts the reconciler's clock forward.
func (p *platform) forward(d time.Duration) { p.ahead.Store(int64(d)) }

func (p *platform) eventually(what string, done func() bool) {
	p.t.Helper()
	deadline := time.Now().Add(patience)
	for !done() {
		if time.Now().After(deadline) {
			p.t.Fatalf("not within %s: %s", patience, what)
		}
		time.Sleep(25 * time.Millisecond)
	}
}

func (p *platform) get(d *orchestrator.Deployment) *orchestrator.Deployment {
	p.t.Helper()
	now, err := p.records.GetDeployment(p.ctx, d.Ref(), d.ID)
	require.NoError(p.t, err)
	return now
}

// ends waits until all are over and checks that each ended as it should, once.
func (p *platform) ends(want orchestrator.Outcome, all ...*orchestrator.Deployment) {
	p.t.Helper()
	for _, d := range all {
		p.eventually("deployment "+d.ID+" ends", func() bool { return p.get(d).Status.Terminal() })
		require.Equal(p.t, want, p.get(d).Outcome, "deployment %s: %v", d.ID, p.errors(d))
		require.Equal(p.t, 1, p.terminal(d), "exactly one terminal status of %s", d.ID)
	}
}

func (p *platform) errors(d *orchestrator.Deployment) []orchestrator.DeploymentError {
	errs, err := p.records.ListDeploymentErrors(p.ctx, d.OrgID, d.ID)
	require.NoError(p.t, err)
	return errs
}

// terminal counts how often a deployment got a terminal status.
func (p *platform) terminal(d *orchestrator.Deployment) (n int) {
	events, err := p.records.ListEvents(p.ctx, d.OrgID, d.ID, 0, 0)
	require.NoError(p.t, err)
	for _, e := range events {
		if e.Type == "deployment.status" && orchestrator.DeploymentStatus(e.Status).Terminal() {
			n++
		}
	}
	return n
}

// Ways in which a person ends a workflow.
const (
	terminated = "terminate"
	deleted    = "delete"
	cancelled  = "cancel"
)

// kill ends a workflow by hand and waits until Temporal has done it.
func (p *platform) kill(how, id string) {
	p.t.Helper()
	described, err := p.client.DescribeWorkflowExecution(p.ctx, id, "")
	require.NoError(p.t, err, "%s should run", id)
	run := described.GetWorkflowExecutionInfo().GetExecution().GetRunId()
	require.Equal(p.t, enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING, described.GetWorkflowExecutionInfo().GetStatus(), id)
	switch how {
	case terminated:
		require.NoError(p.t, p.client.TerminateWorkflow(p.ctx, id, run, "by hand"))
	case cancelled:
		require.NoError(p.t, p.client.CancelWorkflow(p.ctx, id, run))
		return
	case deleted:
		_, err := p.client.WorkflowService().DeleteWorkflowExecution(p.ctx, &workflowservice.DeleteWorkflowExecutionRequest{
			Namespace: p.space, WorkflowExecution: &commonpb.WorkflowExecution{WorkflowId: id, RunId: run},
		})
		require.NoError(p.t, err)
	}
	p.eventually(id+" is gone", func() bool {
		d, err := p.client.DescribeWorkflowExecution(p.ctx, id, run)
		return err != nil || d.GetWorkflowExecutionInfo().GetStatus() != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING
	})
}

func queueOf(ref orchestrator.EnvRef) string {
	return workflows.EnvironmentWorkflowID(workflows.Env{Org: ref.OrgID, App: ref.AppID, Env: ref.EnvID})
}

// following waits until a queue runs that follows the workflow.
func (p *platform) following(ref orchestrator.EnvRef, id string) {
	p.t.Helper()
	p.eventually("a new queue follows "+id, func() bool {
		d, err := p.client.DescribeWorkflowExecution(p.ctx, queueOf(ref), "")
		if err != nil || d.GetWorkflowExecutionInfo().GetStatus() != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
			return false
		}
		return slices.ContainsFunc(d.GetPendingActivities(), func(a *workflowpb.PendingActivityInfo) bool {
			return a.GetActivityType().GetName() == workflows.FollowActivity
		})
	})
}

// world is what deployments change: it sees who works in which environment and
// can hold up what begins.
type world struct {
	mu      sync.Mutex
	inside  map[orchestrator.EnvRef][]string // who works in the environment now
	begun   []string                         // "<environment> <who>"
	overlap []string                         // two at once
	done    []string                         // "deliver <deployment>", "create <GUResID>", ...
	gates   map[string]chan struct{}         // "<environment> <verb>" -> closed to go on
}

func newWorld() *world {
	return &world{inside: map[orchestrator.EnvRef][]string{}, gates: map[string]chan struct{}{}}
}

// hold makes what begins with that verb in the environment wait, until release
// is called.
func (w *world) hold(ref orchestrator.EnvRef, verb string) (release func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	gate := make(chan struct{})
	verb = ref.String() + " " + verb
	w.gates[verb] = gate
	return sync.OnceFunc(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		close(gate)
		delete(w.gates, verb)
	})
}

// do is one piece of work of somebody in an environment.
func (w *world) do(ctx context.Context, ref orchestrator.EnvRef, verb, who, what string) error {
	w.mu.Lock()
	for _, other := range w.inside[ref] {
		if other != who {
			w.overlap = append(w.overlap, fmt.Sprintf("%s: %s while %s works", ref, who, other))
		}
	}
	w.inside[ref] = append(w.inside[ref], who)
	w.begun = append(w.begun, ref.String()+" "+who)
	gate := w.gates[ref.String()+" "+verb]
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		at := slices.Index(w.inside[ref], who)
		w.inside[ref] = slices.Delete(w.inside[ref], at, at+1)
	}()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done = append(w.done, verb+" "+what)
	return nil
}

// begins waits until somebody has begun to work in the environment for the n-th time.
func (p *platform) begins(ref orchestrator.EnvRef, who string, n int) {
	p.t.Helper()
	p.eventually(fmt.Sprintf("%s works in %s (%d)", who, ref, n), func() bool {
		p.world.mu.Lock()
		defer p.world.mu.Unlock()
		times := 0
		for _, b := range p.world.begun {
			if b == ref.String()+" "+who {
				times++
			}
		}
		return times >= n
	})
}

func (p *platform) count(prefix string) (n int) {
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	for _, what := range p.world.done {
		if strings.HasPrefix(what, prefix) {
			n++
		}
	}
	return n
}

// oneAtATime checks that nobody ever worked beside somebody else.
func (p *platform) oneAtATime() {
	p.t.Helper()
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	require.Empty(p.t, p.world.overlap)
}

// memory is a delivery to that world.
type memory struct{ world *world }

func (memory) Identify(orchestrator.Target) (kind, url string, err error) {
	return "memory", "memory:", nil
}

func (m memory) Deliver(ctx context.Context, r orchestrator.DeliveryRequest) (orchestrator.DeliveryResult, error) {
	return orchestrator.DeliveryResult{URL: "memory:"}, m.world.do(ctx, r.Env, "deliver", r.DeploymentID, r.DeploymentID)
}

func (m memory) Remove(ctx context.Context, r orchestrator.DeliveryRequest) (orchestrator.DeliveryResult, error) {
	return orchestrator.DeliveryResult{URL: "memory:"}, m.world.do(ctx, r.Env, "remove", "teardown", r.Env.String())
}

// thing is a driver of that world.
type thing struct{ world *world }

func refOf(r drivers.Request) orchestrator.EnvRef {
	return orchestrator.EnvRef{OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID}
}

func (d thing) Provision(ctx context.Context, r drivers.Request) (drivers.Result, error) {
	return drivers.Result{Values: map[string]any{"host": r.GUResID}}, d.world.do(ctx, refOf(r), "create", r.DeploymentID, r.GUResID)
}

func (d thing) Destroy(ctx context.Context, r drivers.Request) error {
	return d.world.do(ctx, refOf(r), "destroy", "destroy "+r.GUResID, r.GUResID)
}

type catalogue struct{}

func (catalogue) Known(string) bool               { return true }
func (catalogue) Defaults(string) map[string]any  { return nil }
func (catalogue) List() []orchestrator.DriverInfo { return nil }
