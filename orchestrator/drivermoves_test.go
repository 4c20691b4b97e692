package orchestrator_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

// register registers a driver of the organization, or changes it.
func (l *life) register(id, target string) {
	l.t.Helper()
	require.NoError(l.t, l.tryRegister(id, target))
}

func (l *life) tryRegister(id, target string) error {
	d := orchestrator.DriverDefinition{OrgID: "acme", ID: id, Type: "postgres", Target: target}
	if _, err := l.service.GetDriver(l.ctx, "acme", id); orchestrator.IsNotFound(err) {
		_, err = l.service.CreateDriver(l.ctx, "acme", d)
		return err
	}
	_, err := l.service.ReplaceDriver(l.ctx, "acme", d)
	return err
}

// TestRetargetedWhileADeploymentRuns: what was planned is what runs.
func TestRetargetedWhileADeploymentRuns(t *testing.T) {
	t.Parallel()
	for name, to := range map[string]string{"another driver": "driver://test/two", "one of another kind": "driver://test/light"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLife(t, filepath.Join(t.TempDir(), "slipway.db"))
			l.register("virtual", "driver://test/one")
			l.define("def-a", "postgres", "acme/virtual", nil, resource.Criteria{})
			l.deploy(db, succeeded)
			first := l.theOne()
			require.Equal(t, "test/one", first.DriverType)
			l.at.took()

			key := l.begin(db)
			l.register("virtual", to)
			require.True(t, l.provision(key), "the deployment fails")
			l.finish(key, failed)
			require.Equal(t, withLight("update"), l.at.took(), "no driver was called for it")
			require.Equal(t, first, l.theOne())
			nodes, err := l.records.ListNodes(l.ctx, "acme", key.ID)
			require.NoError(t, err)
			for _, n := range nodes {
				if n.Key.Type == "postgres" {
					require.Equal(t, drivers.CodeChanged, n.Error.Code)
					require.Contains(t, n.Error.Message, "driver acme/virtual was changed while the deployment was under way: it was planned with test/one")
					require.Contains(t, n.Error.Message, "deploy again")
				}
			}

			l.deploy(db, succeeded)
			require.NotEqual(t, first.GUResID, l.theOne().GUResID, "planned again, it is a replacement")
			l.settle()
			require.Contains(t, l.at.took(), "destroy one db", "the old one is destroyed by the driver that made it")
			require.Contains(t, l.at.ended, "one cookie of one by def-a")
		})
	}
}

// TestChangedDrivers: a driver keeps what it made, or it cannot become another one.
func TestChangedDrivers(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	register := func(id, target string) error {
		d := orchestrator.DriverDefinition{OrgID: "acme", ID: id, Type: "postgres", Target: target}
		if _, err := p.service.GetDriver(p.ctx, "acme", id); orchestrator.IsNotFound(err) {
			_, err = p.service.CreateDriver(p.ctx, "acme", d)
			return err
		}
		_, err := p.service.ReplaceDriver(p.ctx, "acme", d)
		return err
	}
	require.NoError(t, register("remote", "https://a.test"))
	require.NoError(t, register("virtual", "driver://acme/remote"))
	pg := definition("pg-def", "postgres", "", nil)
	pg.DriverType = "acme/virtual"
	p.create(pg)
	require.NoError(t, register("remote", "driver://humanitec/echo"), "nothing was made yet")
	require.NoError(t, register("remote", "https://a.test"))
	p.deploy(nil, m{"db": m{"type": "postgres"}}).ok()

	require.NoError(t, register("remote", "https://b.test"), "a driver may move")
	err := register("remote", "driver://humanitec/echo")
	var conflict *orchestrator.Error
	require.ErrorAs(t, err, &conflict)
	require.Equal(t, orchestrator.CodeConflict, conflict.Code)
	require.Equal(t, []string{"active resource postgres.default#shared.db of environment shop/development"}, conflict.Details["used_by"])
	kept, err := p.service.GetDriver(p.ctx, "acme", "remote")
	require.NoError(t, err)
	require.Equal(t, "https://b.test", kept.Target)

	p.called = nil
	kept.Target = "driver://humanitec/echo"
	require.NoError(t, p.store.UpdateDriver(p.ctx, kept), "past the rule, as before there was one")
	held := p.theOneOf("postgres")
	held.Status, held.ScheduledDeletion = orchestrator.ResourceDeleting, true
	require.NoError(t, p.store.UpdateActiveResource(p.ctx, &held))
	err = p.deployer.DestroyResource(p.ctx, p.env, orchestrator.ResourceItem(&held).ID)
	require.ErrorContains(t, err, "driver acme/remote has made it, and humanitec/echo would destroy it now")
	kept.Target = "https://b.test"
	require.NoError(t, p.store.UpdateDriver(p.ctx, kept))
	require.NoError(t, register("virtual", "driver://humanitec/echo"), "the next deployment replaces what it stands for")
	p.deploy(nil, m{"db": m{"type": "postgres"}}).ok()
	require.Equal(t, "humanitec/echo", p.theOneOf("postgres").DriverType)
	yes := true
	leaving, err := p.service.ListActiveResources(p.ctx, p.env, &yes)
	require.NoError(t, err)
	require.Len(t, leaving, 1)
	require.NoError(t, p.deployer.DestroyResource(p.ctx, p.env, orchestrator.ResourceItem(&leaving[0]).ID))
	require.Equal(t, []string{"DELETE https://b.test"}, p.called, "by the driver of its record, where that is now")
	require.NoError(t, register("remote", "driver://humanitec/echo"), "nothing is its any more")
}

// theOneOf is the only resource of a type in the environment.
func (p *platform) theOneOf(typ string) orchestrator.ActiveResource {
	p.t.Helper()
	all, err := p.service.ListActiveResources(p.ctx, p.env, nil)
	require.NoError(p.t, err)
	all = slices.DeleteFunc(all, func(r orchestrator.ActiveResource) bool { return r.Key.Type != typ })
	require.Len(p.t, all, 1)
	return all[0]
}
