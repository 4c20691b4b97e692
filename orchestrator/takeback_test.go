package orchestrator_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

// TestTakeBackThatFails: what a deployment wanted back is not destroyed because
// its driver failed at that moment.
func TestTakeBackThatFails(t *testing.T) {
	t.Parallel()
	eachLife(t, func(t *testing.T, l *life) {
		l.define("def-a", "postgres", "test/one", nil, resource.Criteria{})
		l.define("def-b", "postgres", "test/two", nil)
		l.deploy(db, succeeded)
		first := l.theOne()
		l.match("def-a")
		l.match("def-b", resource.Criteria{})
		l.deploy(db, succeeded)
		require.Equal(t, orchestrator.ResourceDeleting, l.leaving()[0].Status, "ordered, and not carried out yet")
		l.match("def-b")
		l.match("def-a", resource.Criteria{})
		l.at.refuse("update one db", true)
		l.deploy(db, failed)
		l.at.took()
		l.settle()
		require.Empty(t, l.at.took())
		leaving := l.leaving()
		require.Len(t, leaving, 1, "it is still seen")
		require.Equal(t, []string{first.GUResID, orchestrator.ResourceActive}, []string{leaving[0].GUResID, leaving[0].Status})

		l.at.refuse("update one db", false)
		l.deploy(db, succeeded)
		l.settle()
		require.Equal(t, withLight("update", "update one db", "destroy two db"), l.at.took())
		require.Equal(t, first.GUResID, l.theOne().GUResID)

		t.Log("and a later order is a new one, carried out at once")
		l.match("def-a")
		l.match("def-b", resource.Criteria{})
		l.deploy(db, succeeded)
		l.at.took()
		l.settle()
		require.Equal(t, []string{"destroy one db"}, l.at.took())
	})
}

// TestOrdersAreNotRepeated: a resource that was deleted in vain and used again is
// deleted at once the next time.
func TestOrdersAreNotRepeated(t *testing.T) {
	t.Parallel()
	l := newLife(t, filepath.Join(t.TempDir(), "slipway.db"))
	l.define("def-a", "postgres", "test/one", nil, resource.Criteria{})
	l.define("def-b", "postgres", "test/two", nil)
	l.deploy(db, succeeded)
	l.deploy(needs{}, succeeded)
	l.at.refuse("destroy one db", true)
	_, err := l.service.DeleteActiveResource(l.ctx, l.ref, "postgres", "shared.db", false)
	require.NoError(t, err)
	l.settle()
	require.Equal(t, orchestrator.ResourceDeleting, l.theOne().Status)

	t.Log("a deployment that needs it withdraws the order, also when it fails")
	l.at.refuse("update one db", true)
	l.deploy(db, failed)
	require.Equal(t, []any{orchestrator.ResourceActive, false, ""}, []any{l.theOne().Status, l.theOne().ScheduledDeletion, l.theOne().StatusMessage})
	l.at.refuse("update one db", false)
	l.deploy(db, succeeded)

	l.at.refuse("destroy one db", false)
	l.match("def-a")
	l.match("def-b", resource.Criteria{})
	l.deploy(db, succeeded)
	l.at.took()
	l.settle()
	require.Equal(t, []string{"destroy one db"}, l.at.took())
}

// TestImpactAfterAFailedReplacement foretells what a deployment then does.
func TestImpactAfterAFailedReplacement(t *testing.T) {
	t.Parallel()
	for name, created := range map[string]bool{"the successor failed": false, "the deployment failed later": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLife(t, filepath.Join(t.TempDir(), "slipway.db"))
			l.define("def-a", "postgres", "test/one", nil, resource.Criteria{})
			l.deploy(db, succeeded)
			first := l.theOne()
			l.redefine("def-a", "test/two", false, "def-a")
			l.at.refuse("create two db", !created)
			l.deploy(db, failed)
			explained, err := l.service.ExplainPlan(l.ctx, l.ref, orchestrator.ExplainRequest{}, orchestrator.ExplainFilter{Type: "postgres"})
			require.NoError(t, err)
			require.Equal(t, map[bool]string{false: orchestrator.ImpactReplace, true: orchestrator.ImpactUpdate}[created], explained.Resources[0].Action)

			inPlace := true
			impact, err := l.service.DefinitionImpact(l.ctx, "acme", orchestrator.ImpactRequest{
				DefID: "def-a", Patch: &orchestrator.DefinitionPatch{InPlaceDriverChange: &inPlace}})
			require.NoError(t, err)
			require.Equal(t, []string{"in_place " + shopDB}, actions(impact))
			require.Contains(t, impact.Environments[0].Resources[0].Reason, "in_place_driver_change becomes true")
			l.redefine("def-a", "test/two", true, "def-a")
			l.at.refuse("create two db", false)
			l.deploy(db, succeeded)
			require.Equal(t, first.GUResID, l.theOne().GUResID)
		})
	}
}

// TestTeardownWithARetiredOneThatIsStuck leaves nothing, failed takeovers included.
func TestTeardownWithARetiredOneThatIsStuck(t *testing.T) {
	t.Parallel()
	l := newLife(t, filepath.Join(t.TempDir(), "slipway.db"))
	l.define("def-a", "postgres", "test/one", nil, resource.Criteria{})
	l.define("def-b", "postgres", "test/two", nil)
	l.deploy(db, succeeded)
	l.redefine("def-a", "test/two", true, "taken-over")
	l.at.refuse("update two db", true)
	l.deploy(db, failed)
	l.match("def-a")
	l.match("def-b", resource.Criteria{})
	l.at.refuse("destroy two db", true)
	l.deploy(db, succeeded)
	l.settle()
	require.Equal(t, "what driver test/two had begun: destroy two db is refused", l.leaving()[0].StatusMessage)
	l.at.refuse("destroy two db", false)
	l.at.ended = nil
	l.takeDown()
	require.Empty(t, l.at.things)
	require.Contains(t, l.at.ended, "two (no cookie) by taken-over")
	require.Contains(t, l.at.ended, "one cookie of one by def-a")
	require.Contains(t, l.at.ended, "two cookie of two by def-b")
}
