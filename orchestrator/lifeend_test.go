package orchestrator_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

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
