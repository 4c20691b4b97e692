package orchestrator_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

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

// TestDroppedAfterAFailedReplacement: a success that asks for neither the original
// nor its successor is no reason to destroy the original and its data.
func TestDroppedAfterAFailedReplacement(t *testing.T) {
	t.Parallel()
	l := newLife(t, filepath.Join(t.TempDir(), "slipway.db"))
	l.define("def-a", "postgres", "test/one", nil, resource.Criteria{})
	l.define("def-b", "postgres", "test/two", nil)
	l.deploy(db, succeeded)
	first := l.theOne()
	l.match("def-a")
	l.match("def-b", resource.Criteria{})
	l.deploy(db, failed)
	l.at.took()
	l.deploy(needs{}, succeeded)
	l.settle()
	require.Equal(t, withLight("update"), l.at.took())
	l.match("def-b")
	l.match("def-a", resource.Criteria{})
	l.deploy(db, succeeded)
	require.Equal(t, first.GUResID, l.theOne().GUResID, "a rollback finds its data")
	l.settle()
	require.Equal(t, withLight("update", "update one db", "destroy two db"), l.at.took())
}
