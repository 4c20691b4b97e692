package orchestrator_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

// TestWhatRunsIsNotDeleted: workloads use what the last success has delivered,
// and what was delivered since, whatever the newest deployment wanted.
func TestWhatRunsIsNotDeleted(t *testing.T) {
	t.Parallel()
	l := newLife(t, filepath.Join(t.TempDir(), "slipway.db"))
	refused := func(id string, part string) {
		t.Helper()
		_, err := l.service.DeleteActiveResource(l.ctx, l.ref, "postgres", id, false)
		var conflict *orchestrator.Error
		require.ErrorAs(t, err, &conflict)
		require.Equal(t, orchestrator.CodeConflict, conflict.Code)
		require.ErrorContains(t, err, part)
		require.NotEmpty(t, conflict.Details["deployment_id"])
	}
	l.chain("a", "test/one", resource.Criteria{})
	l.chain("b", "test/two")
	l.deploy(db, succeeded)
	first := l.theOneOf("postgres")
	for _, id := range []string{"db-a", "pg-a"} {
		l.match(id)
	}
	for _, id := range []string{"db-b", "pg-b"} {
		l.match(id, resource.Criteria{})
	}
	l.deploy(db, failed)
	second := l.theOneOf("postgres")
	require.NotEqual(t, first.GUResID, second.GUResID)
	refused(first.GUResID, "no deployment has succeeded without it since")

	t.Log("those between that may have been delivered count too")
	l.match("db-b")
	l.define("db-c", "postgres", "test/light", nil, resource.Criteria{})
	l.at.refuse("create light db", true)
	l.deploy(db, failed)
	refused(first.GUResID, "no deployment has succeeded without it since")
	refused(second.GUResID, "no deployment has succeeded without it since")

	t.Log("as does what the newest one no longer asks for")
	l.deploy(needs{}, failed)
	refused(second.GUResID, "no deployment has succeeded without it since")
	l.settle()
	require.True(t, l.at.things[first.GUResID] && l.at.things[second.GUResID], "nothing goes by itself before a success")

	l.deploy(needs{}, succeeded)
	_, err := l.service.DeleteActiveResource(l.ctx, l.ref, "postgres", first.GUResID, false)
	require.NoError(t, err)
	l.settle()
	require.False(t, l.at.things[first.GUResID])
}

// TestWhatRunsNamesItsUsers lists the workloads that use a resource.
func TestWhatRunsNamesItsUsers(t *testing.T) {
	t.Parallel()
	l := newLife(t, filepath.Join(t.TempDir(), "slipway.db"))
	l.chain("a", "test/one", resource.Criteria{})
	l.deploy(db, succeeded)
	instance := l.theOneOf("postgres-instance")
	l.deploy(needs{}, failed)
	_, err := l.service.DeleteActiveResource(l.ctx, l.ref, "postgres-instance", instance.GUResID, false)
	var conflict *orchestrator.Error
	require.ErrorAs(t, err, &conflict)
	require.Contains(t, fmt.Sprint(conflict.Details["needed_by"]), "shared.db")
}

// theOneOf is the only resource of a type.
func (l *life) theOneOf(typ string) orchestrator.ActiveResource {
	l.t.Helper()
	var found []orchestrator.ActiveResource
	for _, r := range l.list(nil) {
		if r.Key.Type == typ {
			found = append(found, r)
		}
	}
	require.Len(l.t, found, 1)
	return found[0]
}
