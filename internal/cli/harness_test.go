package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/builtin"
	"github.com/slipway-dev/slipway/engine/redaction"
	"github.com/slipway-dev/slipway/internal/charts"
	"github.com/slipway-dev/slipway/internal/cli"
	"github.com/slipway-dev/slipway/internal/delivery"
	"github.com/slipway-dev/slipway/internal/delivery/git"
	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/internal/store"
	"github.com/slipway-dev/slipway/internal/testenv/migrated"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/orchestrator/starter"
	"github.com/slipway-dev/slipway/server"
)

const testOrg = "acme"

// world is a command line and the real API server behind it, with everything but Temporal.
type world struct {
	t      *testing.T
	env    map[string]string
	dir    string // working directory of the commands
	engine *fakeTemporal
	store  *store.Store
}

// newWorld starts a server over SQLite that has the starter definitions and delivers to a Git repository.
func newWorld(t *testing.T) *world {
	t.Helper()
	ctx := context.Background()
	home := t.TempDir()
	log := slog.New(slog.DiscardHandler)
	database := filepath.Join(home, "slipway.db")
	migrated.Database(t, database)
	records, err := store.Open(ctx, store.Options{DSN: database, Log: log})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, records.Close()) })
	keeper, err := secrets.Create(filepath.Join(home, "keys.json"))
	require.NoError(t, err)
	recipient, err := secrets.EnsureAgeIdentity(filepath.Join(home, "age.key"))
	require.NoError(t, err)
	repository := filepath.Join(home, "deployments.git")
	require.NoError(t, git.InitBare(repository, "main"))
	registry := drivers.NewRegistry()
	require.NoError(t, builtin.Register(registry))

	renderer, err := charts.New(charts.Options{})
	require.NoError(t, err)
	engine := newFakeTemporal(records, orchestrator.NewDeployer(orchestrator.DeployerOptions{
		Charts: renderer, Store: records, Keeper: keeper, Drivers: registry, Log: log,
		Targets: map[string]orchestrator.Delivery{"git": delivery.NewGit(delivery.GitOptions{
			CacheDir: filepath.Join(home, "cache"), AgeRecipients: []string{recipient},
		})},
		Redactor: func(values ...string) func(string) string { return redaction.New(values...).String },
	}))
	t.Cleanup(engine.stop)
	durable := newFakeDurable()
	service := orchestrator.New(orchestrator.Options{Store: records, Workflows: engine, Keeper: keeper, Drivers: catalogue{registry}, Registry: registry, Log: log, Charts: renderer,
		Pipelines: durable, Background: durable})
	durable.service = service
	t.Cleanup(durable.stop)
	token := orchestrator.NewTokenValue()
	in := orchestrator.Seed{OrgID: testOrg, OrgName: "Acme", AdminName: "Ada", Token: token,
		EnvTypes: []orchestrator.EnvironmentType{{ID: "development"}, {ID: "staging"}}}
	for _, typ := range starter.Types() {
		in.Types = append(in.Types, orchestrator.ResourceType{ID: typ.Type, Name: typ.Name, Category: typ.Category, Use: typ.Use,
			InputsSchema: typ.InputsSchema, OutputsSchema: typ.OutputsSchema})
	}
	_, err = service.Seed(ctx, in)
	require.NoError(t, err)
	api := server.New(server.Options{Service: service, Log: log, Heartbeat: 50 * time.Millisecond})
	listener := httptest.NewServer(api.Handler())
	t.Cleanup(listener.Close)
	t.Cleanup(func() { _ = api.Shutdown(context.Background()) }) // ends event streams

	w := &world{t: t, dir: t.TempDir(), engine: engine, store: records,
		env: map[string]string{"SLIPWAY_URL": listener.URL, "SLIPWAY_TOKEN": token, "SLIPWAY_ORG": testOrg, "HOME": t.TempDir()}}
	w.applyStarter(starter.Options{GitURL: repository, Branch: "main", AgeRecipients: []string{recipient}, Domain: "localhost"})
	return w
}

// applyStarter brings the starter definitions in the way a person would.
func (w *world) applyStarter(o starter.Options) {
	w.t.Helper()
	var documents []string
	for _, d := range starter.Definitions(o) {
		raw, err := json.Marshal(d)
		require.NoError(w.t, err)
		documents = append(documents, string(raw))
	}
	w.file("starter.yaml", strings.Join(documents, "\n---\n"))
	w.run("apply", "-f", "starter.yaml").ok(w.t)
}

// file writes a file into the working directory.
func (w *world) file(name, content string) {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	require.NoError(w.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(w.t, os.WriteFile(path, []byte(content), 0o644))
}

// result is what a command did.
type result struct {
	args string
	code int
	out  string
	err  string
}

func (w *world) run(args ...string) result { return w.runWith(context.Background(), "", args...) }

func (w *world) runWith(ctx context.Context, stdin string, args ...string) result {
	w.t.Helper()
	return runIn(ctx, w.dir, w.env, stdin, args...)
}

func runIn(ctx context.Context, dir string, env map[string]string, stdin string, args ...string) result {
	var out, errs bytes.Buffer
	root := cli.New(cli.Options{Version: "1.2.3", In: strings.NewReader(stdin), Out: &out, Err: &errs, Dir: dir,
		Getenv: func(name string) string { return env[name] }})
	code := cli.Run(ctx, root, args)
	return result{strings.Join(args, " "), code, out.String(), errs.String()}
}

// ok checks that a command succeeded and that its output has the parts.
func (r result) ok(t *testing.T, parts ...string) result {
	t.Helper()
	require.Zero(t, r.code, "%s\n%s%s", r.args, r.out, r.err)
	for _, part := range parts {
		require.Contains(t, r.out, part, r.args)
	}
	return r
}

// fails checks the exit code and that what was said has the parts.
func (r result) fails(t *testing.T, code int, parts ...string) result {
	t.Helper()
	require.Equal(t, code, r.code, "%s\n%s%s", r.args, r.out, r.err)
	for _, part := range parts {
		require.Contains(t, r.out+r.err, part, r.args)
	}
	return r
}

// into reads JSON output.
func (r result) into(t *testing.T, out any) result {
	t.Helper()
	require.Zero(t, r.code, r.err)
	require.NoError(t, json.Unmarshal([]byte(r.out), out), r.out)
	return r
}

// catalogue shows the driver registry to the use cases.
type catalogue struct{ registry *drivers.Registry }

func (c catalogue) Known(id string) bool            { return c.registry.Known(id) }
func (c catalogue) Defaults(string) map[string]any  { return nil }
func (c catalogue) List() []orchestrator.DriverInfo { return nil }

// fakeTemporal stands for Temporal: it takes the real deployer through the steps of a deployment, one deployment at a time,
// each as soon as the gate is open.
type fakeTemporal struct {
	store    *store.Store
	deployer *orchestrator.Deployer
	ctx      context.Context
	stop     func()

	mu      sync.Mutex
	gate    chan struct{} // closed = open
	cancels map[string]context.CancelFunc
	running sync.Mutex // one at a time
}

func newFakeTemporal(s *store.Store, d *orchestrator.Deployer) *fakeTemporal {
	ctx, cancel := context.WithCancel(context.Background())
	var group sync.WaitGroup
	f := &fakeTemporal{store: s, deployer: d, ctx: ctx, gate: make(chan struct{}), cancels: map[string]context.CancelFunc{}}
	close(f.gate)
	f.stop = func() { cancel(); group.Wait() }
	return f
}

// hold keeps deployments from starting until the returned function is called.
func (f *fakeTemporal) hold() (open func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	gate := make(chan struct{})
	f.gate = gate
	return sync.OnceFunc(func() { close(gate) })
}

func (f *fakeTemporal) Ready(context.Context) error { return nil }

func (f *fakeTemporal) State(context.Context, orchestrator.EnvRef, orchestrator.QueueItem) (state orchestrator.WorkflowState, err error) {
	return state, nil
}

func (f *fakeTemporal) Enqueue(_ context.Context, ref orchestrator.EnvRef, items ...orchestrator.QueueItem) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, item := range items {
		if item.Kind != orchestrator.QueueDeployment || f.cancels[item.ID] != nil {
			continue
		}
		ctx, cancel := context.WithCancel(f.ctx)
		f.cancels[item.ID] = cancel
		go f.deploy(ctx, f.gate, orchestrator.DeploymentKey{EnvRef: ref, ID: item.ID})
	}
	return nil
}

func (f *fakeTemporal) Cancel(_ context.Context, _ orchestrator.EnvRef, item orchestrator.QueueItem) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if cancel := f.cancels[item.ID]; cancel != nil {
		cancel()
	}
	return nil
}

func (f *fakeTemporal) deploy(ctx context.Context, gate <-chan struct{}, key orchestrator.DeploymentKey) {
	finish := orchestrator.FinishInput{Outcome: orchestrator.OutcomeCancelled}
	select {
	case <-ctx.Done():
	case <-gate:
		f.running.Lock()
		defer f.running.Unlock()
		finish.Outcome = orchestrator.OutcomeSucceeded
		if err := f.steps(ctx, key); err != nil {
			finish = orchestrator.FinishInput{Outcome: orchestrator.OutcomeFailed, Failure: err.Error()}
		}
		if ctx.Err() != nil {
			finish = orchestrator.FinishInput{Outcome: orchestrator.OutcomeCancelled}
		}
	}
	_, _ = f.deployer.Finish(f.ctx, key, finish)
}

func (f *fakeTemporal) steps(ctx context.Context, key orchestrator.DeploymentKey) error {
	plan, err := f.deployer.Plan(ctx, key)
	if err != nil || plan.Over {
		return err
	}
	for plan.Gate { // as long as people have to agree
		answer, err := f.deployer.Gate(ctx, key)
		if err != nil {
			return err
		}
		if answer.State == orchestrator.GatePassed {
			break
		}
		if answer.State != orchestrator.GateWaiting {
			return errors.New(answer.Message)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(waitStep):
		}
	}
	for {
		advance, err := f.deployer.Advance(ctx, key)
		if err != nil {
			return err
		}
		if advance.Failed {
			return io.ErrUnexpectedEOF // the nodes say why
		}
		if advance.Done {
			break
		}
	}
	if _, err := f.deployer.Render(ctx, key); err != nil {
		return err
	}
	_, err = f.deployer.Deliver(ctx, key)
	return err
}
