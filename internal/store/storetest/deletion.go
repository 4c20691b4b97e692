package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

// belowEnvironment counts what is recorded below the world's environment.
func belowEnvironment(t *testing.T, s orchestrator.Store, w *world) map[string]int {
	t.Helper()
	counts := map[string]int{}
	for _, name := range []string{
		"ListDeployments", "UnfinishedDeployments", "ListDeploymentErrors", "ListNodes", "ListEvents", "ListLog",
		"ListActiveResources", "ListActiveResourcesOf", "CountActiveResourcesOfType", "ListValues", "ListValueSetVersions", "ListInventory",
	} {
		n, err := emptyCalls(s, w, w.org)[name]()
		require.NoError(t, err, name)
		counts[name] = n
	}
	for name, get := range map[string]error{
		"GetGraph":     drop(s.GetGraph(ctx, w.env, w.graph.ID)),
		"GetManifests": drop(s.GetManifests(ctx, w.org, w.deployment.ID)),
	} {
		counts[name] = 1
		if orchestrator.IsNotFound(get) {
			counts[name] = 0
		}
	}
	return counts
}

func testDeleteEnvironment(t *testing.T, s orchestrator.Store) {
	w := newWorld(t, s, "acme")
	sibling := orchestrator.EnvRef{OrgID: "acme", AppID: "shop", EnvID: "live"}
	newEnvironment(t, s, sibling)
	kept := newDeployment(t, s, sibling)
	require.NoError(t, s.AppendLog(ctx, &orchestrator.LogLine{OrgID: "acme", DeploymentID: kept.ID, Text: "kept"}))
	teardown := newEvent(w.deployment, "gone")
	teardown.DeploymentID = "teardown-1"
	require.NoError(t, s.AppendEvents(ctx, teardown))
	require.NoError(t, s.AppendLog(ctx, &orchestrator.LogLine{OrgID: "acme", DeploymentID: "teardown-1", Text: "gone"}))
	for name, n := range belowEnvironment(t, s, w) {
		require.Positive(t, n, "%s: the test must have something to delete", name)
	}

	e := w.environ
	e.Status = orchestrator.StatusDeleting
	require.NoError(t, s.UpdateEnvironment(ctx, &e))
	deleting, err := s.DeletingEnvironments(ctx, 10)
	require.NoError(t, err)
	require.Equal(t, []orchestrator.Environment{e}, deleting)

	require.NoError(t, s.DeleteEnvironment(ctx, w.env))
	for name, n := range belowEnvironment(t, s, w) {
		require.Zero(t, n, name)
	}
	logs, err := s.ListLog(ctx, "acme", "teardown-1", "", 0, 10)
	require.NoError(t, err)
	require.Empty(t, logs)
	delta, err := s.GetDelta(ctx, "acme", "shop", w.delta.ID)
	require.NoError(t, err)
	require.Equal(t, "qa", delta.EnvID, "deltas keep the id")
	values, err := s.ListValues(ctx, "acme", "shop", "")
	require.NoError(t, err)
	require.Len(t, values, 1, "the application's values stay")
	logs, err = s.ListLog(ctx, "acme", kept.ID, "", 0, 10)
	require.NoError(t, err)
	require.Len(t, logs, 1, "the sibling's log stays")
	require.True(t, orchestrator.IsNotFound(s.DeleteEnvironment(ctx, w.env)))
	newEnvironment(t, s, w.env)
	for name, n := range belowEnvironment(t, s, w) {
		require.Zero(t, n, "%s: a new environment of that name starts empty", name)
	}
}

func testDeleteApplication(t *testing.T, s orchestrator.Store) {
	w := newWorld(t, s, "acme")
	other := newWorld(t, s, "zeta")
	before := snapshot(t, s, other)
	require.NoError(t, s.DeleteApplication(ctx, "acme", "shop"))
	require.True(t, orchestrator.IsNotFound(s.DeleteApplication(ctx, "acme", "shop")))
	require.NoError(t, s.CreateApplication(ctx, &orchestrator.Application{OrgID: "acme", ID: "shop"}))
	newEnvironment(t, s, w.env)
	for name, n := range belowEnvironment(t, s, w) {
		require.Zero(t, n, name)
	}
	for _, name := range []string{"ListSets", "ListDeltas", "ListValues"} {
		n, err := emptyCalls(s, w, "acme")[name]()
		require.NoError(t, err)
		require.Zero(t, n, name)
	}
	roles, err := s.RolesOn(ctx, "acme", orchestrator.AppObject("acme", "shop"))
	require.NoError(t, err)
	require.Empty(t, roles, "whoever owned the old one does not own the new one")
	roles, err = s.RolesOn(ctx, "acme", orchestrator.OrgObject("acme"))
	require.NoError(t, err)
	require.Len(t, roles, 1)
	require.Equal(t, before, snapshot(t, s, other), "another organization's application of the same id stays")
}

func testEnvironmentTypes(t *testing.T, s orchestrator.Store) {
	w := newWorld(t, s, "acme")
	require.NoError(t, s.CreateApplication(ctx, &orchestrator.Application{OrgID: "acme", ID: "another"}))
	newEnvironment(t, s, orchestrator.EnvRef{OrgID: "acme", AppID: "another", EnvID: "z"})
	of, err := s.ListEnvironmentsOfType(ctx, "acme", "test")
	require.NoError(t, err)
	require.Equal(t, []string{"z", "qa"}, names(of, func(e orchestrator.Environment) string { return e.ID }), "by application")
	of, err = s.ListEnvironmentNames(ctx, "acme", []string{"another", "nothing"})
	require.NoError(t, err)
	require.Equal(t, []orchestrator.Environment{{OrgID: "acme", AppID: "another", ID: "z", Name: of[0].Name, TypeID: "test"}}, of)
	of, err = s.ListEnvironmentNames(ctx, "acme", nil)
	require.NoError(t, err)
	require.Empty(t, of)
	err = s.DeleteEnvironmentType(ctx, "acme", "test")
	require.True(t, orchestrator.IsConflict(err), "it is in use: %v", err)
	require.NoError(t, s.DeleteApplication(ctx, "acme", "shop"))
	require.NoError(t, s.DeleteApplication(ctx, "acme", "another"))
	require.NoError(t, s.DeleteEnvironmentType(ctx, "acme", "test"))
	require.True(t, orchestrator.IsNotFound(s.DeleteEnvironmentType(ctx, "acme", "test")))
	roles, err := s.RolesOn(ctx, "acme", orchestrator.EnvTypeObject("acme", "test"))
	require.NoError(t, err)
	require.Empty(t, roles)
	roles, err = s.RolesOf(ctx, w.user)
	require.NoError(t, err)
	require.Len(t, roles, 1)
}
