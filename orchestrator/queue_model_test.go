package orchestrator_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/internal/store"
	"github.com/slipway-dev/slipway/internal/testenv/migrated"
	"github.com/slipway-dev/slipway/orchestrator"
)

// fakeWorkflows takes everything and does nothing: the test plays the queue.
type fakeWorkflows struct{}

func (fakeWorkflows) Ready(context.Context) error { return nil }
func (fakeWorkflows) Enqueue(context.Context, orchestrator.EnvRef, ...orchestrator.QueueItem) error {
	return nil
}
func (fakeWorkflows) Cancel(context.Context, orchestrator.EnvRef, orchestrator.QueueItem) error {
	return nil
}
func (fakeWorkflows) State(context.Context, orchestrator.EnvRef, orchestrator.QueueItem) (orchestrator.WorkflowState, error) {
	return orchestrator.WorkflowUnknown, nil
}

// accepted is what the model knows of a deployment: its set is that of its
// parent and one more module.
type accepted struct {
	parent  string
	module  string
	waiting bool // not started
	over    bool
	lost    bool // superseded: built on, but never run
}

// queueModel is the promise of docs/concepts/deployments.md in a few lines.
type queueModel struct {
	base  string
	items map[string]*accepted
	order []string
}

func (m *queueModel) modules(id string) []string {
	var out []string
	for at := id; at != ""; at = m.items[at].parent {
		out = append(out, m.items[at].module)
	}
	slices.Sort(out)
	return out
}

// withdraw takes out a deployment that ended before it changed anything.
func (m *queueModel) withdraw(id string, cancelled bool) {
	for _, other := range m.items {
		if other.parent == id && (other.waiting && !other.over || other.lost) {
			other.parent = m.items[id].parent
		}
	}
	if cancelled && m.base == id {
		m.base = m.items[id].parent
	}
}

// unfinished lists what waits or runs, oldest first.
func (m *queueModel) unfinished() []string {
	return slices.DeleteFunc(slices.Clone(m.order), func(id string) bool { return m.items[id].over })
}

// TestQueueKeepsEveryAcceptedChange plays random requests, cancels, ends and
// policies against the model: no accepted change is lost, no withdrawn one
// stays, whatever the order.
func TestQueueKeepsEveryAcceptedChange(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		require.NoError(t, flag.Set("rapid.checks", "15"))
	}
	ctx := orchestrator.WithActor(t.Context(), orchestrator.SystemActor)
	file := filepath.Join(t.TempDir(), "slipway.db")
	migrated.Database(t, file)
	records, err := store.Open(ctx, store.Options{DSN: file})
	require.NoError(t, err)
	t.Cleanup(func() { _ = records.Close() })
	keeper, err := secrets.Create(filepath.Join(t.TempDir(), "keys.json"))
	require.NoError(t, err)
	service := orchestrator.New(orchestrator.Options{Store: records, Workflows: fakeWorkflows{}, Keeper: keeper})
	deployer := orchestrator.NewDeployer(orchestrator.DeployerOptions{Store: records, Keeper: keeper, Drivers: drivers.NewRegistry()})
	_, err = service.Seed(ctx, orchestrator.Seed{OrgID: "acme", OrgName: "Acme", AdminName: "Ada",
		EnvTypes: []orchestrator.EnvironmentType{{ID: "development"}}})
	require.NoError(t, err)
	runs := 0
	rapid.Check(t, func(rt *rapid.T) {
		runs++
		app := fmt.Sprintf("app-%d", runs)
		_, err := service.CreateApplication(ctx, "acme", orchestrator.ApplicationRequest{ID: app, Name: app})
		require.NoError(rt, err)
		play := &queuePlay{
			ctx: ctx, t: rt, service: service, deployer: deployer, records: records,
			ref:   orchestrator.EnvRef{OrgID: "acme", AppID: app, EnvID: "development"},
			model: &queueModel{items: map[string]*accepted{}},
		}
		rt.Repeat(map[string]func(*rapid.T){
			"deploy": play.deploy, "cancel": play.cancel, "start": play.start, "end": play.end, "": play.check,
		})
	})
}

type queuePlay struct {
	ctx      context.Context
	t        *rapid.T
	service  *orchestrator.Service
	deployer *orchestrator.Deployer
	records  *store.Store
	ref      orchestrator.EnvRef
	model    *queueModel
	count    int
}

func (p *queuePlay) deploy(t *rapid.T) {
	policy := rapid.SampledFrom([]orchestrator.QueuePolicy{orchestrator.QueuePolicyQueue, orchestrator.QueuePolicySupersede}).Draw(t, "policy")
	require.NoError(t, p.service.SetQueuePolicy(p.ctx, p.ref, policy))
	p.count++
	module := fmt.Sprintf("m%03d", p.count)
	delta := &orchestrator.Delta{
		OrgID: p.ref.OrgID, AppID: p.ref.AppID, ID: module, Contributors: []string{},
		Content: deployset.Delta{Modules: deployset.Changes{Add: map[string]map[string]any{module: {"spec": map[string]any{}}}}},
	}
	require.NoError(t, p.records.CreateDelta(p.ctx, delta))
	d, err := p.service.CreateDeployment(p.ctx, p.ref, orchestrator.DeploymentRequest{DeltaID: delta.ID})
	require.NoError(t, err)
	if policy == orchestrator.QueuePolicySupersede {
		for _, id := range p.model.unfinished() {
			if item := p.model.items[id]; item.waiting {
				item.over, item.lost = true, true
			}
		}
	}
	p.model.items[d.ID] = &accepted{parent: p.model.base, module: module, waiting: true}
	p.model.order = append(p.model.order, d.ID)
	p.model.base = d.ID
}

// start takes the oldest one that waits, when nothing runs.
func (p *queuePlay) start(t *rapid.T) {
	open := p.model.unfinished()
	if len(open) == 0 || !p.model.items[open[0]].waiting {
		t.Skip("nothing to start")
	}
	_, err := p.deployer.Begin(p.ctx, orchestrator.DeploymentKey{EnvRef: p.ref, ID: open[0]})
	require.NoError(t, err)
	p.model.items[open[0]].waiting = false
}

// end ends the running one, having changed something or not.
func (p *queuePlay) end(t *rapid.T) {
	open := p.model.unfinished()
	if len(open) == 0 || p.model.items[open[0]].waiting {
		t.Skip("nothing runs")
	}
	id := open[0]
	outcome := rapid.SampledFrom([]orchestrator.Outcome{
		orchestrator.OutcomeSucceeded, orchestrator.OutcomeFailed, orchestrator.OutcomeCancelled,
	}).Draw(t, "outcome")
	changed := outcome == orchestrator.OutcomeSucceeded || rapid.Bool().Draw(t, "changed")
	if changed {
		d, err := p.records.GetDeployment(p.ctx, p.ref, id)
		require.NoError(t, err)
		d.Changed = true
		require.NoError(t, p.records.UpdateDeployment(p.ctx, d))
	}
	_, err := p.deployer.Finish(p.ctx, orchestrator.DeploymentKey{EnvRef: p.ref, ID: id}, orchestrator.FinishInput{Outcome: outcome})
	require.NoError(t, err)
	p.model.items[id].over = true
	if !changed {
		p.model.withdraw(id, outcome == orchestrator.OutcomeCancelled)
	}
}

// cancel cancels one that waits.
func (p *queuePlay) cancel(t *rapid.T) {
	waiting := slices.DeleteFunc(p.model.unfinished(), func(id string) bool { return !p.model.items[id].waiting })
	if len(waiting) == 0 {
		t.Skip("nothing waits")
	}
	id := rapid.SampledFrom(waiting).Draw(t, "deployment")
	_, err := p.service.CancelDeployment(p.ctx, p.ref, id)
	require.NoError(t, err)
	p.model.items[id].over = true
	p.model.withdraw(id, true)
}

// check compares every deployment that has not run yet, and the base, with the model.
func (p *queuePlay) check(t *rapid.T) {
	env, err := p.records.GetEnvironment(p.ctx, p.ref)
	require.NoError(t, err)
	require.Equal(t, p.model.base, env.FromDeployID, "the base of the next request")
	open, err := p.records.UnfinishedDeployments(p.ctx, p.ref)
	require.NoError(t, err)
	var ids []string
	for _, d := range open {
		ids = append(ids, d.ID)
		set, err := p.records.GetSet(p.ctx, p.ref.OrgID, p.ref.AppID, d.SetID)
		require.NoError(t, err)
		require.Equal(t, p.model.modules(d.ID), slices.Sorted(maps.Keys(set.Modules)), "the set of %s", d.ID)
	}
	require.True(t, slices.Equal(p.model.unfinished(), ids), "unfinished: %v, in the model %v", ids, p.model.unfinished())
}
