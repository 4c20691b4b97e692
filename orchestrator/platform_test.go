package orchestrator_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/builtin"
	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/redaction"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/internal/store"
	"github.com/slipway-dev/slipway/internal/testenv/migrated"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/orchestrator/starter"
)

type m = map[string]any

// driverCatalogue shows a registry of drivers to the use cases.
type driverCatalogue struct{ *drivers.Registry }

func (c driverCatalogue) Defaults(id string) map[string]any {
	_, d, _ := c.Get(id)
	return d.Defaults
}

func (c driverCatalogue) List() []orchestrator.DriverInfo {
	var out []orchestrator.DriverInfo
	for _, d := range c.Catalogue() {
		out = append(out, orchestrator.DriverInfo{ID: d.ID, Aliases: d.Aliases, Type: d.ResourceType, InputsSchema: d.InputsSchema})
	}
	return out
}

func newCatalogue(t *testing.T) driverCatalogue {
	t.Helper()
	registry := drivers.NewRegistry()
	require.NoError(t, builtin.Register(registry))
	return driverCatalogue{registry}
}

// capture stands for a target: it keeps what is brought to it.
type capture struct {
	mu      sync.Mutex
	objects map[string][]manifest.Object // by deployment
}

func (c *capture) Identify(orchestrator.Target) (kind, url string, err error) {
	return "git", "test", nil
}

func (c *capture) Deliver(_ context.Context, r orchestrator.DeliveryRequest) (orchestrator.DeliveryResult, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.objects[r.DeploymentID] = r.Objects
	return orchestrator.DeliveryResult{URL: "test", Revision: "1"}, nil
}

func (c *capture) Remove(context.Context, orchestrator.DeliveryRequest) (orchestrator.DeliveryResult, error) {
	return orchestrator.DeliveryResult{}, nil
}

// platform is an organization with the built-in types and drivers over a real
// store. The test plays the queue; nothing else is left out.
type platform struct {
	cookies  []string // that drivers elsewhere were called with
	called   []string // what drivers elsewhere were to destroy, "DELETE target"
	t        *testing.T
	ctx      context.Context
	service  *orchestrator.Service
	deployer *orchestrator.Deployer
	store    *store.Store
	target   *capture
	env      orchestrator.EnvRef // of application shop
}

func newPlatform(t *testing.T) *platform {
	t.Helper()
	return newPlatformWith(t, func(*orchestrator.Options, *orchestrator.DeployerOptions) {})
}

// newPlatformWith lets a test add parts.
func newPlatformWith(t *testing.T, add func(*orchestrator.Options, *orchestrator.DeployerOptions)) *platform {
	t.Helper()
	ctx := orchestrator.WithActor(t.Context(), orchestrator.SystemActor)
	log := slog.New(slog.DiscardHandler)
	file := filepath.Join(t.TempDir(), "slipway.db")
	migrated.Database(t, file)
	records, err := store.Open(ctx, store.Options{DSN: file, Log: log})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, records.Close()) })
	keeper, err := secrets.Create(filepath.Join(t.TempDir(), "keys.json"))
	require.NoError(t, err)
	catalogue := newCatalogue(t)
	p := &platform{t: t, ctx: ctx, store: records, target: &capture{objects: map[string][]manifest.Object{}},
		env: orchestrator.EnvRef{OrgID: "acme", AppID: "shop", EnvID: "development"}}
	options := orchestrator.Options{Store: records, Workflows: fakeWorkflows{}, Keeper: keeper, Drivers: catalogue, Log: log}
	deployer := orchestrator.DeployerOptions{
		Store: records, Keeper: keeper, Drivers: catalogue.Registry, Log: log, Targets: map[string]orchestrator.Delivery{"git": p.target}, Remote: p,
		Redactor: func(values ...string) func(string) string { return redaction.New(values...).String },
	}
	add(&options, &deployer)
	p.service, p.deployer = orchestrator.New(options), orchestrator.NewDeployer(deployer)
	seed := orchestrator.Seed{OrgID: "acme", OrgName: "Acme", AdminName: "Ada",
		EnvTypes: []orchestrator.EnvironmentType{{ID: "development"}, {ID: "production"}}}
	for _, typ := range starter.Types() {
		seed.Types = append(seed.Types, orchestrator.ResourceType{ID: typ.Type, Name: typ.Name, Category: typ.Category, Use: typ.Use,
			InputsSchema: typ.InputsSchema, OutputsSchema: typ.OutputsSchema})
	}
	_, err = p.service.Seed(ctx, seed)
	require.NoError(t, err)
	p.app("shop")
	p.define("cluster", "k8s-cluster", "", m{"cluster_type": "git", "name": "c"})
	p.define("namespace", "k8s-namespace", "", m{"namespace": "shop"})
	return p
}

func (p *platform) app(id string) orchestrator.EnvRef {
	p.t.Helper()
	_, err := p.service.CreateApplication(p.ctx, "acme", orchestrator.ApplicationRequest{ID: id, Name: id})
	require.NoError(p.t, err)
	return orchestrator.EnvRef{OrgID: "acme", AppID: id, EnvID: "development"}
}

// definition is a definition of the echo driver for everything of the class.
func definition(id, typ, class string, values m) orchestrator.DefinitionRequest {
	return orchestrator.DefinitionRequest{
		ID: id, Name: id, Type: typ, DriverType: "humanitec/echo", Criteria: []resource.Criteria{{Class: class}},
		DriverInputs: &orchestrator.DriverInputsRequest{Values: values},
	}
}

// template is the same with the template driver.
func template(id, typ, class string, values, templates m) orchestrator.DefinitionRequest {
	d := definition(id, typ, class, m{"templates": templates})
	for k, v := range values {
		d.DriverInputs.Values[k] = v
	}
	d.DriverType = "humanitec/template"
	return d
}

func (p *platform) define(id, typ, class string, values m) {
	p.t.Helper()
	p.create(definition(id, typ, class, values))
}

func (p *platform) create(d orchestrator.DefinitionRequest) {
	p.t.Helper()
	_, err := p.service.CreateDefinition(p.ctx, "acme", d)
	require.NoError(p.t, err)
}

// outcome is what became of a deployment.
type outcome struct {
	t       *testing.T
	id      string
	nodes   map[string]orchestrator.Node // by key
	errors  []orchestrator.DeploymentError
	objects []manifest.Object
}

// deploy takes a set through all steps of a deployment.
func (p *platform) deploy(modules map[string]m, shared m) outcome {
	p.t.Helper()
	return p.deployTo(p.env, modules, shared)
}

func (p *platform) deployTo(env orchestrator.EnvRef, modules map[string]m, shared m) outcome {
	p.t.Helper()
	return p.deploySet(env, p.set(modules, shared))
}

func (p *platform) deploySet(env orchestrator.EnvRef, set deployset.Set) outcome {
	p.t.Helper()
	id, err := p.store.PutSet(p.ctx, env.OrgID, env.AppID, set)
	require.NoError(p.t, err)
	d, err := p.service.CreateDeployment(p.ctx, env, orchestrator.DeploymentRequest{SetID: id})
	require.NoError(p.t, err)
	return p.follow(d)
}

// run deploys what is asked for.
func (p *platform) run(req orchestrator.DeploymentRequest) outcome {
	p.t.Helper()
	d, err := p.service.CreateDeployment(p.ctx, p.env, req)
	require.NoError(p.t, err)
	return p.follow(d)
}

// follow carries an accepted deployment out.
func (p *platform) follow(d *orchestrator.Deployment) outcome {
	p.t.Helper()
	env, key := d.Ref(), orchestrator.DeploymentKey{EnvRef: d.Ref(), ID: d.ID}
	finish := orchestrator.FinishInput{Outcome: orchestrator.OutcomeSucceeded}
	if err := p.steps(key); err != nil {
		finish = orchestrator.FinishInput{Outcome: orchestrator.OutcomeFailed, Failure: err.Error()}
	}
	_, err := p.deployer.Finish(p.ctx, key, finish)
	require.NoError(p.t, err)
	out := outcome{t: p.t, id: d.ID, nodes: map[string]orchestrator.Node{}, objects: p.target.objects[d.ID]}
	out.errors, err = p.store.ListDeploymentErrors(p.ctx, env.OrgID, d.ID)
	require.NoError(p.t, err)
	nodes, err := p.store.ListNodes(p.ctx, env.OrgID, d.ID)
	require.NoError(p.t, err)
	for _, n := range nodes {
		out.nodes[n.Key.String()] = n
	}
	return out
}

// set is a set as a client would send it: without what is not there.
func (p *platform) set(modules map[string]m, shared m) deployset.Set {
	p.t.Helper()
	var out deployset.Set
	for id, content := range modules {
		if out.Modules == nil {
			out.Modules = map[string]map[string]any{}
		}
		out.Modules[id] = withoutNil(content).(m)
	}
	if len(shared) > 0 {
		out.Shared = withoutNil(shared).(m)
	}
	return out
}

func withoutNil(v any) any {
	tree, ok := v.(m)
	if !ok {
		return v
	}
	out := m{}
	for k, child := range tree {
		if level, isLevel := child.(m); child == nil || (isLevel && level == nil) {
			continue
		}
		out[k] = withoutNil(child)
	}
	return out
}

func (p *platform) steps(key orchestrator.DeploymentKey) error {
	if _, err := p.deployer.Plan(p.ctx, key); err != nil {
		return err
	}
	for {
		advance, err := p.deployer.Advance(p.ctx, key)
		if err != nil {
			return err
		}
		if advance.Done && advance.Failed {
			return fmt.Errorf("a resource failed")
		}
		if advance.Done {
			break
		}
		for _, ordinal := range advance.Heavy {
			if _, err := p.deployer.ProvisionNode(p.ctx, key, ordinal); err != nil {
				return err
			}
		}
	}
	if _, err := p.deployer.Render(p.ctx, key); err != nil {
		return err
	}
	_, err := p.deployer.Deliver(p.ctx, key)
	return err
}

func (o outcome) ok() outcome {
	o.t.Helper()
	require.Empty(o.t, o.errors)
	return o
}

// fails checks that one of the errors has all the parts, and that none repeats what must stay hidden.
func (o outcome) fails(parts ...string) outcome {
	o.t.Helper()
	require.NotEmpty(o.t, o.errors)
	all := ""
	for _, e := range o.errors {
		all += e.Code + ": " + e.Message + "\n"
		require.NotContains(o.t, e.Message+e.Summary, hidden)
	}
	for _, part := range parts {
		require.Contains(o.t, all, part)
	}
	return o
}

// hidden is the secret of all tests.
const hidden = "hunter2hunter2"

func (o outcome) object(kind, name string) m {
	o.t.Helper()
	for _, object := range o.objects {
		if object.Kind() == kind && object.Name() == name {
			return object.Tree
		}
	}
	require.Fail(o.t, "no object "+kind+"/"+name)
	return nil
}

func (o outcome) node(key string) orchestrator.Node {
	o.t.Helper()
	n, ok := o.nodes[key]
	require.True(o.t, ok, "no node %s", key)
	return n
}

// module is a workload with one container.
func module(externals m, variables m) m {
	return m{"profile": "humanitec/default-module", "externals": externals, "spec": m{"containers": m{"main": m{
		"id": "main", "image": "registry.example.com/x:1", "variables": variables,
	}}}}
}
