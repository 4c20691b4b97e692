package orchestrator_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

// redefine gives a definition another driver, which takes over in place or replaces.
func (l *life) redefine(id, driver string, inPlace bool, by string) {
	l.t.Helper()
	_, err := l.service.ReplaceDefinition(l.ctx, "acme", id, orchestrator.DefinitionRequest{
		Name: id, DriverType: driver, InPlaceDriverChange: inPlace,
		DriverInputs: &orchestrator.DriverInputsRequest{Values: map[string]any{"by": by}},
	})
	require.NoError(l.t, err)
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

// TestTakeoverThatFails: what the new driver has begun and what the old one has
// made are kept apart, each with its cookie and inputs.
func TestTakeoverThatFails(t *testing.T) {
	t.Parallel()
	// Where the new driver fails: with a cookie kept before, without one, and in process.
	for name, driver := range map[string]string{"after a cookie came": "two", "without a cookie": "two", "in process": "light"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLife(t, filepath.Join(t.TempDir(), "slipway.db"))
			l.define("def-a", "postgres", "test/one", nil, resource.Criteria{})
			l.deploy(db, succeeded)
			first := l.theOne()
			l.redefine("def-a", "test/"+driver, true, "new-a")
			begun := "(no cookie)"
			l.at.refuse("update "+driver+" db", true)
			if name != "without a cookie" {
				l.at.interrupt("update " + driver + " db")
				begun = "begun by " + driver
			}
			l.deploy(db, failed)
			now := l.theOne()
			require.Equal(t, []string{first.GUResID, "test/one", "active"}, []string{now.GUResID, now.DriverType, now.Status})

			t.Log("the old driver goes on with its own cookie")
			l.redefine("def-a", "test/one", false, "def-a")
			l.at.took()
			l.at.cookies = nil
			l.deploy(db, succeeded)
			require.Contains(t, l.at.cookies, "one cookie of one")

			t.Log("the new one with its own")
			l.redefine("def-a", "test/"+driver, true, "new-a")
			l.at.cookies = nil
			l.deploy(db, failed)
			retried := driver + " "
			if begun != "(no cookie)" {
				retried += begun
			}
			require.Contains(t, l.at.cookies, retried)

			t.Log("and destroying asks both, the last one first")
			l.deploy(needs{}, succeeded)
			l.at.refuse("destroy one db", true)
			l.at.took()
			_, err := l.service.DeleteActiveResource(l.ctx, l.ref, "postgres", "shared.db", false)
			require.NoError(t, err)
			l.settle()
			require.Equal(t, []string{driver + " " + begun + " by new-a", "one cookie of one by def-a"}, l.at.ended)
			require.Equal(t, "destroy one db is refused", l.theOne().StatusMessage)
			l.at.refuse("destroy one db", false)
			l.at.ended = nil
			_, err = l.service.DeleteActiveResource(l.ctx, l.ref, "postgres", "shared.db", false)
			require.NoError(t, err)
			l.settle()
			require.Equal(t, []string{"one cookie of one by def-a"}, l.at.ended, "what is destroyed is not asked for again")
			require.Empty(t, l.list(nil))
		})
	}
}

// TestTakeoverThatSucceedsAtLast leaves one driver that has something to destroy.
func TestTakeoverThatSucceedsAtLast(t *testing.T) {
	t.Parallel()
	l := newLife(t, filepath.Join(t.TempDir(), "slipway.db"))
	l.define("def-a", "postgres", "test/one", nil, resource.Criteria{})
	l.deploy(db, succeeded)
	version := l.theOne().DefVersionID
	_, err := l.service.PinActiveResource(l.ctx, l.ref, "postgres", "shared.db", &version)
	require.NoError(t, err)
	l.define("def-b", "postgres", "test/two", nil, resource.Criteria{AppID: "shop"})
	l.redefine("def-b", "test/two", true, "new-a")
	l.at.interrupt("update two db")
	l.deploy(db, failed)
	require.Equal(t, version, l.theOne().TargetDefVersionID)
	l.at.refuse("update two db", false)
	l.deploy(db, succeeded)
	require.Equal(t, "test/two", l.theOne().DriverType)
	require.Empty(t, l.theOne().TargetDefVersionID, "a pin ends when another definition makes the resource")
	l.takeDown()
	require.Contains(t, l.at.ended, "two cookie of two by new-a")
	require.NotContains(t, l.at.ended, "one cookie of one by def-a", "it was taken over")
}

// TestTakeoverWithRefusedOutputs: they come from the new driver, and so does the cookie.
func TestTakeoverWithRefusedOutputs(t *testing.T) {
	t.Parallel()
	l := newLife(t, filepath.Join(t.TempDir(), "slipway.db"))
	_, err := l.service.CreateResourceType(l.ctx, "acme", orchestrator.ResourceType{ID: "acme/box", Name: "box", Use: "direct", OutputsSchema: map[string]any{
		"properties": map[string]any{"values": map[string]any{"properties": map[string]any{"made_by": map[string]any{"enum": []any{"box"}}}}}}})
	require.NoError(t, err)
	l.define("box", "acme/box", "test/one", nil, resource.Criteria{})
	l.deploy(needs{"db": "acme/box"}, succeeded)
	l.redefine("box", "test/two", true, "wrong")
	l.deploy(needs{"db": "acme/box"}, failed)
	require.Equal(t, "test/one", l.theOne().DriverType)
	l.takeDown()
	require.Contains(t, l.at.ended, "two cookie of two by wrong")
	require.Contains(t, l.at.ended, "one cookie of one by box")
}

// takeDown takes the environment down.
func (l *life) takeDown() {
	l.t.Helper()
	env, err := l.records.GetEnvironment(l.ctx, l.ref)
	require.NoError(l.t, err)
	env.Status = orchestrator.StatusDeleting
	require.NoError(l.t, l.records.UpdateEnvironment(l.ctx, env))
	result, err := l.deployer.Teardown(l.ctx, l.ref)
	require.NoError(l.t, err)
	require.True(l.t, result.Done)
}

// TestInPlaceAfterAFailedReplacement takes over the original, which has the data,
// whether the successor was not made, or was made and its deployment failed.
func TestInPlaceAfterAFailedReplacement(t *testing.T) {
	t.Parallel()
	for name, created := range map[string]bool{"the successor failed": false, "the deployment failed later": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLife(t, filepath.Join(t.TempDir(), "slipway.db"))
			l.define("def-a", "postgres", "test/one", nil, resource.Criteria{})
			l.define("def-b", "postgres", "test/two", nil)
			l.deploy(db, succeeded)
			first := l.theOne()
			l.match("def-a")
			l.match("def-b", resource.Criteria{})
			l.at.refuse("create two db", !created)
			l.deploy(db, failed)
			require.Equal(t, created, l.theOne().GUResID != first.GUResID)
			l.at.refuse("create two db", false)
			l.redefine("def-b", "test/two", true, "def-b")
			l.at.took()

			l.deploy(db, succeeded)
			require.Equal(t, withLight("update", "update two db"), l.at.took())
			now := l.theOne()
			require.Equal(t, []string{first.GUResID, "def-b", "test/two"}, []string{now.GUResID, now.DefID, now.DriverType})
			l.settle()
			require.Equal(t, []string{"destroy two db"}, l.at.took(), "what is left of the successor goes")
			require.True(t, l.at.things[first.GUResID])
			require.Equal(t, first.GUResID, l.theOne().GUResID)
		})
	}
}

// TestTakeoverThatFailsAfterAFailedReplacement is tried again with the original,
// not with the successor that is retired as well.
func TestTakeoverThatFailsAfterAFailedReplacement(t *testing.T) {
	t.Parallel()
	l := newLife(t, filepath.Join(t.TempDir(), "slipway.db"))
	l.define("def-a", "postgres", "test/one", nil, resource.Criteria{})
	l.define("def-b", "postgres", "test/two", nil)
	l.deploy(db, succeeded)
	first := l.theOne()
	l.match("def-a")
	l.match("def-b", resource.Criteria{})
	l.deploy(db, failed)
	l.match("def-b")
	l.match("def-a", resource.Criteria{})
	l.redefine("def-a", "test/two", true, "def-a")
	l.deploy(db, failed)
	require.Equal(t, first.GUResID, l.theOne().GUResID)
	l.deploy(db, succeeded)
	l.settle()
	require.Equal(t, first.GUResID, l.theOne().GUResID)
	require.True(t, l.at.things[first.GUResID])
	require.Empty(t, l.leaving())
}

// TestBackToADefinitionInPlace: a rollback takes the original back, also where its
// definition would take over in place.
func TestBackToADefinitionInPlace(t *testing.T) {
	t.Parallel()
	l := newLife(t, filepath.Join(t.TempDir(), "slipway.db"))
	l.define("def-a", "postgres", "test/one", nil, resource.Criteria{})
	l.redefine("def-a", "test/one", true, "def-a")
	l.define("def-b", "postgres", "test/two", nil)
	l.deploy(db, succeeded)
	first := l.theOne()
	l.match("def-a")
	l.match("def-b", resource.Criteria{})
	l.deploy(db, failed)
	require.NotEqual(t, first.GUResID, l.theOne().GUResID)
	l.match("def-b")
	l.match("def-a", resource.Criteria{})
	l.at.took()
	l.deploy(db, succeeded)
	l.settle()
	require.Equal(t, first.GUResID, l.theOne().GUResID)
	require.Equal(t, withLight("update", "update one db", "destroy two db"), l.at.took())
}

// TestInPlaceAfterTheSuccessorWasDetached still finds the original.
func TestInPlaceAfterTheSuccessorWasDetached(t *testing.T) {
	t.Parallel()
	l := newLife(t, filepath.Join(t.TempDir(), "slipway.db"))
	l.define("def-a", "postgres", "test/one", nil, resource.Criteria{})
	l.deploy(db, succeeded)
	first := l.theOne()
	l.redefine("def-a", "test/two", false, "def-a")
	l.deploy(db, failed)
	_, err := l.service.DeleteActiveResource(l.ctx, l.ref, "postgres", l.theOne().GUResID, true)
	require.NoError(t, err)
	require.Empty(t, l.list(nil))
	l.redefine("def-a", "test/two", true, "def-a")
	l.at.took()
	l.deploy(db, succeeded)
	l.settle()
	require.Equal(t, withLight("update", "update two db"), l.at.took())
	require.Equal(t, first.GUResID, l.theOne().GUResID)
}
