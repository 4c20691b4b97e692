package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/orchestrator"
)

func testSets(t *testing.T, s orchestrator.Store) {
	w := newBase(t, s, "acme")
	require.NoError(t, s.CreateApplication(ctx, &orchestrator.Application{OrgID: "acme", ID: "other"}))
	older := sampleSet()
	newer := deployset.Set{Shared: map[string]any{"dns": exactDocument(1)}}
	first, err := s.PutSet(ctx, "acme", "shop", older)
	require.NoError(t, err)
	require.Equal(t, older.ID(), first)
	second, err := s.PutSet(ctx, "acme", "shop", newer)
	require.NoError(t, err)
	again, err := s.PutSet(ctx, "acme", "shop", older)
	require.NoError(t, err)
	require.Equal(t, first, again)

	sets, err := s.ListSets(ctx, "acme", "shop")
	require.NoError(t, err)
	require.Equal(t, []string{second, first}, names(sets, deployset.Set.ID), "newest first, each once")
	got, err := s.GetSet(ctx, "acme", "shop", second)
	require.NoError(t, err)
	require.Equal(t, newer.Shared, got.Shared)
	require.Equal(t, second, got.ID())
	_, err = s.GetSet(ctx, "acme", "other", first)
	require.True(t, orchestrator.IsNotFound(err), "linked to another application only")

	for _, zero := range []string{"0", deployset.ZeroID, strings.Repeat("0", 40)} {
		got, err = s.GetSet(ctx, "acme", "shop", zero)
		require.NoError(t, err)
		require.True(t, got.IsEmpty())
	}
	id, err := s.PutSet(ctx, "acme", "shop", deployset.Set{})
	require.NoError(t, err)
	require.Equal(t, deployset.ZeroID, id)
	testDeltaLists(t, s, w)
}

func testDeltaLists(t *testing.T, s orchestrator.Store, w *world) {
	for i, d := range []orchestrator.Delta{
		{ID: "one", EnvID: "qa"}, {ID: "two", Archived: true, EnvID: "qa"}, {ID: "three"},
	} {
		d.OrgID, d.AppID, d.CreatedAt = "acme", "shop", epoch.Add(time.Duration(i))
		require.NoError(t, s.CreateDelta(ctx, &d))
	}
	for name, c := range map[string]struct {
		env      string
		archived bool
		want     []string
	}{
		"any, not archived":             {"", false, []string{"three", "one"}},
		"any, all":                      {"", true, []string{"three", "two", "one"}},
		"of an environment":             {"qa", false, []string{"one"}},
		"of an environment, all":        {"qa", true, []string{"two", "one"}},
		"of an environment without any": {"live", true, []string{}},
	} {
		got, err := s.ListDeltas(ctx, w.org, "shop", c.env, c.archived)
		require.NoError(t, err)
		require.Equal(t, c.want, names(got, func(d orchestrator.Delta) string { return d.ID }), name)
	}
}

func testDeployments(t *testing.T, s orchestrator.Store) {
	w := newBase(t, s, "acme")
	elsewhere := orchestrator.EnvRef{OrgID: "acme", AppID: "shop", EnvID: "live"}
	newEnvironment(t, s, elsewhere)
	var ids []string
	for i, status := range []orchestrator.DeploymentStatus{
		orchestrator.DeploymentSucceeded, orchestrator.DeploymentFailed, orchestrator.DeploymentInProgress, orchestrator.DeploymentPending,
	} {
		d := newDeployment(t, s, w.env)
		d.Status, d.StatusChangedAt = status, epoch.Add(time.Duration(i)*time.Second)
		require.NoError(t, s.UpdateDeployment(ctx, &d))
		ids = append(ids, d.ID)
	}
	far := newDeployment(t, s, elsewhere)
	id := func(d orchestrator.Deployment) string { return d.ID }

	got, err := s.ListDeployments(ctx, w.env, 0)
	require.NoError(t, err)
	require.Equal(t, []string{ids[3], ids[2], ids[1], ids[0]}, names(got, id))
	got, err = s.ListDeployments(ctx, w.env, 2)
	require.NoError(t, err)
	require.Equal(t, []string{ids[3], ids[2]}, names(got, id))
	got, err = s.UnfinishedDeployments(ctx, w.env)
	require.NoError(t, err)
	require.Equal(t, ids[2:], names(got, id))
	got, err = s.AllUnfinishedDeployments(ctx, epoch.Add(3*time.Second), 10)
	require.NoError(t, err)
	require.Equal(t, []string{ids[2], far.ID}, names(got, id), "those that changed before")
	got, err = s.AllUnfinishedDeployments(ctx, epoch.Add(time.Hour), 2)
	require.NoError(t, err)
	require.Equal(t, ids[2:], names(got, id), "at most limit, oldest first")

	found, err := s.FindDeployment(ctx, far.ID)
	require.NoError(t, err)
	require.Equal(t, elsewhere, found.Ref())
	_, err = s.FindDeploymentInApp(ctx, "acme", "shop", far.ID)
	require.NoError(t, err)
	several, err := s.FindDeploymentsInApp(ctx, "acme", "shop", []string{far.ID, "nothing", ids[0]})
	require.NoError(t, err)
	require.ElementsMatch(t, []string{far.ID, ids[0]}, names(several, id))
	several, err = s.FindDeploymentsInApp(ctx, "acme", "other", []string{far.ID})
	require.NoError(t, err)
	require.Empty(t, several)
	_, err = s.GetDeployment(ctx, w.env, far.ID)
	require.EqualError(t, err, `deployment "`+far.ID+`" does not exist`, "it is in another environment")
	_, err = s.FindDeployment(ctx, "nothing")
	require.True(t, orchestrator.IsNotFound(err))
}

func testDeploymentErrors(t *testing.T, s orchestrator.Store) {
	w := newBase(t, s, "acme")
	d := newDeployment(t, s, w.env)
	var first, second orchestrator.DeploymentError
	fill(&first, 1)
	fill(&second, 2)
	for _, errs := range [][]orchestrator.DeploymentError{{second, first}, {first}, {}} {
		require.NoError(t, s.SetDeploymentErrors(ctx, "acme", d.ID, errs))
		got, err := s.ListDeploymentErrors(ctx, "acme", d.ID)
		require.NoError(t, err)
		require.Equal(t, errs, got)
	}
	require.True(t, orchestrator.IsNotFound(s.SetDeploymentErrors(ctx, "acme", "nothing", nil)))
}

func testNodes(t *testing.T, s orchestrator.Store) {
	w := newBase(t, s, "acme")
	d := newDeployment(t, s, w.env)
	nodes := make([]orchestrator.Node, 1200) // more than one INSERT
	for i := range nodes {
		nodes[i] = orchestrator.Node{OrgID: "acme", AppID: "shop", EnvID: "qa", DeploymentID: d.ID, Ordinal: len(nodes) - 1 - i, DependsOn: []int{i}}
	}
	require.NoError(t, s.CreateNodes(ctx, nodes))
	require.EqualValues(t, 1, nodes[7].Version)
	got, err := s.ListNodes(ctx, "acme", d.ID)
	require.NoError(t, err)
	require.Len(t, got, len(nodes))
	for i, n := range got {
		require.Equal(t, i, n.Ordinal)
		require.Equal(t, nodes[len(nodes)-1-i], n)
	}
	require.NoError(t, s.CreateNodes(ctx, []orchestrator.Node{{OrgID: "acme", DeploymentID: d.ID, Ordinal: 5000}}))
	after, err := s.ListNodes(ctx, "acme", d.ID)
	require.NoError(t, err)
	require.Equal(t, got, after, "nodes there already: nothing happens")

	require.NoError(t, s.CreateNodes(ctx, nil))
	other := newDeployment(t, s, w.env)
	err = s.CreateNodes(ctx, []orchestrator.Node{{OrgID: "acme", DeploymentID: d.ID}, {OrgID: "acme", DeploymentID: other.ID}})
	require.Equal(t, orchestrator.CodeInvalid, orchestrator.CodeOf(err))
	_, err = s.GetNode(ctx, "acme", d.ID, 9999)
	require.True(t, orchestrator.IsNotFound(err))
}
