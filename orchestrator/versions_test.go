package orchestrator_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

// next makes another version of a definition, whose resources say "by".
func (l *life) next(id, driver, by string, proposed bool) *orchestrator.Definition {
	l.t.Helper()
	def, err := l.service.ReplaceDefinition(l.ctx, "acme", id, orchestrator.DefinitionRequest{
		Name: by, DriverType: driver, Proposed: proposed,
		DriverInputs: &orchestrator.DriverInputsRequest{Values: map[string]any{"by": by}, Secrets: map[string]any{"password": "secret of " + by}},
	})
	require.NoError(l.t, err)
	return def
}

func (l *life) versions(id string) []orchestrator.DefinitionVersion {
	l.t.Helper()
	all, err := l.service.ListDefinitionVersions(l.ctx, "acme", id, true)
	require.NoError(l.t, err)
	return all
}

func (l *life) pin(version *string) error {
	_, err := l.service.PinActiveResource(l.ctx, l.ref, "postgres", "shared.db", version)
	return err
}

func (l *life) madeBy() string {
	l.t.Helper()
	by, _ := l.theOne().Values["made_by"].(string)
	return by
}

// TestVersionsOfADefinition: what is proposed is not used, what is promoted is,
// and a pin stands above both.
func TestVersionsOfADefinition(t *testing.T) {
	t.Parallel()
	l := newLife(t, filepath.Join(t.TempDir(), "slipway.db"))
	first := l.define("def-a", "postgres", "test/one", nil, resource.Criteria{}).ActiveVersionID
	l.deploy(db, succeeded)
	guresid := l.theOne().GUResID
	made := func(by, why string) {
		t.Helper()
		l.deploy(db, succeeded)
		require.Equal(t, by, l.madeBy(), why)
		require.Equal(t, guresid, l.theOne().GUResID, "another version is no other resource")
	}

	l.next("def-a", "", "proposed", true)
	proposed := l.versions("def-a")[0]
	require.True(t, proposed.Proposed)
	made("def-a", "a proposed version is not in use")
	require.NoError(t, l.service.PromoteDefinitionVersion(l.ctx, "acme", "def-a", proposed.ID))
	made("proposed", "a promoted one is")
	require.NoError(t, l.service.PromoteDefinitionVersion(l.ctx, "acme", "def-a", first))
	made("def-a", "an older one can be promoted")
	second := l.next("def-a", "", "second", false).ActiveVersionID

	require.NoError(t, l.pin(&first))
	made("def-a", "the pin decides")
	require.NoError(t, l.service.ArchiveDefinitionVersion(l.ctx, "acme", "def-a", first, true))
	made("def-a", "archiving forbids the use for new resources, not for those that exist")
	require.Equal(t, first, l.theOne().TargetDefVersionID, "a pin survives deployments")
	require.ErrorContains(t, l.pin(&first), "archived")
	require.ErrorContains(t, l.service.PromoteDefinitionVersion(l.ctx, "acme", "def-a", first), "archived")
	require.Error(t, l.service.ArchiveDefinitionVersion(l.ctx, "acme", "def-a", second, true), "the active one")
	other := l.define("def-b", "postgres", "test/one", nil).ActiveVersionID
	require.Equal(t, orchestrator.CodeInvalid, orchestrator.CodeOf(l.pin(&other)), "the version of another definition")
	require.NoError(t, l.pin(nil))
	made("second", "without the pin the active version counts")
}

// TestPinMovesWithItsKey: a pinned version with another driver makes another
// resource, and the pin goes with it.
func TestPinMovesWithItsKey(t *testing.T) {
	t.Parallel()
	l := newLife(t, filepath.Join(t.TempDir(), "slipway.db"))
	first := l.define("def-a", "postgres", "test/one", nil, resource.Criteria{}).ActiveVersionID
	l.next("def-a", "test/two", "second", false)
	l.deploy(db, succeeded)
	require.NoError(t, l.pin(&first))
	l.at.took()
	for range 3 {
		l.deploy(db, succeeded)
		l.settle()
		require.Equal(t, "def-a", l.madeBy())
		require.Equal(t, first, l.theOne().TargetDefVersionID)
	}
	require.Equal(t, withLight("update", "create one db", "destroy two db", "update light k8s-cluster", "update light k8s-cluster",
		"update light k8s-namespace", "update light k8s-namespace", "update one db", "update one db"), l.at.took())
}

// TestDeletedDefinition is matched no more, and what it made is replaced.
func TestDeletedDefinition(t *testing.T) {
	t.Parallel()
	l := newLife(t, filepath.Join(t.TempDir(), "slipway.db"))
	version := l.define("def-a", "postgres", "test/one", nil, resource.Criteria{ResID: "shared.db"}).ActiveVersionID
	l.define("def-b", "postgres", "test/two", nil, resource.Criteria{})
	l.deploy(db, succeeded)
	require.NoError(t, l.pin(&version))
	err := l.service.DeleteDefinition(l.ctx, "acme", "def-a", false)
	var conflict *orchestrator.Error
	require.ErrorAs(t, err, &conflict)
	require.Equal(t, []orchestrator.DefinitionChange{{AppID: "shop", EnvID: "development", ResID: "shared.db", FromDef: "def-a", ToDef: "def-b"}}, conflict.Body)
	require.NoError(t, l.service.DeleteDefinition(l.ctx, "acme", "def-a", true))
	def, err := l.service.GetDefinition(l.ctx, "acme", "def-a", true)
	require.NoError(t, err)
	require.True(t, def.IsDeleted)
	require.Equal(t, "deleted", l.versions("def-a")[0].Action)

	l.define("def-a", "postgres", "test/one", nil) // its id is free again, and its remains are gone
	l.at.took()
	l.deploy(db, succeeded)
	l.settle()
	require.Equal(t, withLight("update", "create two db", "destroy one db"), l.at.took())
	require.Equal(t, "def-b", l.theOne().DefID)
}

// TestOldVersionsAreForgotten keeps the newest 50, the active one, and those
// that resources refer to, retired ones included.
func TestOldVersionsAreForgotten(t *testing.T) {
	t.Parallel()
	l := newLife(t, filepath.Join(t.TempDir(), "slipway.db"))
	l.define("def-a", "postgres", "test/one", nil, resource.Criteria{})
	made := l.next("def-a", "", "made", false).ActiveVersionID
	l.deploy(db, succeeded)
	pinned := l.next("def-a", "", "pinned", false).ActiveVersionID
	require.NoError(t, l.pin(&pinned))
	forgotten := l.next("def-a", "", "forgotten", false)
	l.define("def-b", "postgres", "test/two", nil)
	l.match("def-a")
	l.match("def-b", resource.Criteria{})
	l.deploy(db, failed) // the one that made it is retired now
	for i := range 52 {
		l.next("def-a", "", fmt.Sprint("v", i), i > 0) // v0 stays active, the rest is proposed
	}
	left := map[string]bool{}
	var active string
	for _, v := range l.versions("def-a") {
		left[v.ID] = true
		if v.Active {
			active = v.Name
		}
	}
	require.Equal(t, "v0", active, "the active one is kept, however old")
	require.Len(t, left, 53)
	require.True(t, left[made], "what made a retired resource")
	require.True(t, left[pinned], "what a retired resource is pinned to")
	require.False(t, left[forgotten.ActiveVersionID])

	secret := func(by string) error {
		def := map[string]string{"made": "1", "pinned": "2", "forgotten": "3", "v0": "4"}
		_, err := l.service.RevealSecret(l.ctx, "acme", orchestrator.BuiltinSecretStore, "orgs--acme--resources--defs--def-a--driver_secrets--password", def[by])
		return err
	}
	require.NoError(t, secret("made"))
	require.NoError(t, secret("pinned"))
	require.NoError(t, secret("v0"))
	require.Error(t, secret("forgotten"), "a secret that only a forgotten version names is erased")
	forgotten = l.next("def-a", "", "last", false)
	require.NotEmpty(t, forgotten.Active.DriverInputs.SecretRefs)
}
