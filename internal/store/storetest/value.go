package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

func testValues(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "acme")
	for _, seed := range []int{1, 2} {
		var v orchestrator.Value
		fill(&v, seed)
		v.OrgID, v.AppID, v.EnvID, v.Key = "acme", "shop", "qa", "B"
		want := v
		require.NoError(t, s.PutValue(ctx, &v))
		if seed == 2 {
			var first orchestrator.Value
			fill(&first, 1)
			want.CreatedAt = first.CreatedAt // a replaced value keeps it
		}
		require.Equal(t, want, v)
		got, err := s.ListValues(ctx, "acme", "shop", "qa")
		require.NoError(t, err)
		require.Equal(t, []orchestrator.Value{want}, got)
	}
	for _, name := range []string{"C", "A"} {
		require.NoError(t, s.PutValue(ctx, &orchestrator.Value{OrgID: "acme", AppID: "shop", Key: name}))
	}
	key := func(v orchestrator.Value) string { return v.Key }
	got, err := s.ListValues(ctx, "acme", "shop", "")
	require.NoError(t, err)
	require.Equal(t, []string{"A", "C"}, names(got, key), "one level only, by key")
	require.NoError(t, s.DeleteValue(ctx, "acme", "shop", "", "A"))
	require.True(t, orchestrator.IsNotFound(s.DeleteValue(ctx, "acme", "shop", "", "B")), "it is on the other level")

	for i, id := range []string{"one", "two"} {
		v := orchestrator.ValueSetVersion{OrgID: "acme", AppID: "shop", ID: id, CreatedAt: epoch.Add(time.Duration(i))}
		require.NoError(t, s.CreateValueSetVersion(ctx, &v))
	}
	newest, err := s.ListValueSetVersions(ctx, "acme", "shop", "", 1)
	require.NoError(t, err)
	require.Len(t, newest, 1)
	versions, err := s.ListValueSetVersions(ctx, "acme", "shop", "", 0)
	require.Equal(t, newest[0], versions[0])
	require.NoError(t, err)
	require.Equal(t, []string{"two", "one"}, names(versions, func(v orchestrator.ValueSetVersion) string { return v.ID }))
	_, err = s.GetValueSetVersion(ctx, "acme", "shop", "qa", "one")
	require.True(t, orchestrator.IsNotFound(err), "it is on the other level")
}

func testSecrets(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "acme")
	add := func(content byte) int {
		sec := orchestrator.StoredSecret{OrgID: "acme", Ref: "ref", Sealed: []byte{content, 0}, CreatedAt: epoch}
		require.NoError(t, s.AddSecret(ctx, &sec))
		return sec.Version
	}
	require.Equal(t, 1, add(1))
	require.Equal(t, 2, add(2))
	newest, err := s.GetSecret(ctx, "acme", "ref", 0)
	require.NoError(t, err)
	require.Equal(t, &orchestrator.StoredSecret{OrgID: "acme", Ref: "ref", Version: 2, Sealed: []byte{2, 0}, CreatedAt: epoch}, newest)
	first, err := s.GetSecret(ctx, "acme", "ref", 1)
	require.NoError(t, err)
	require.Equal(t, []byte{1, 0}, first.Sealed)

	require.NoError(t, s.DeleteSecret(ctx, "acme", "ref", 2))
	require.Equal(t, 3, add(3), "the number of an erased version is not given again")
	require.NoError(t, s.DeleteSecret(ctx, "acme", "ref", 0))
	_, err = s.GetSecret(ctx, "acme", "ref", 0)
	require.True(t, orchestrator.IsNotFound(err))
	require.True(t, orchestrator.IsNotFound(s.DeleteSecret(ctx, "acme", "ref", 0)))
	require.Equal(t, 4, add(4))

	const callers = 6
	for _, err := range atOnce(callers, func(int) error {
		return s.AddSecret(ctx, &orchestrator.StoredSecret{OrgID: "acme", Ref: "many", Sealed: []byte{1}})
	}) {
		require.NoError(t, err)
	}
	last, err := s.GetSecret(ctx, "acme", "many", 0)
	require.NoError(t, err)
	require.Equal(t, callers, last.Version)
}

func testDelivery(t *testing.T, s orchestrator.Store) {
	w := newBase(t, s, "acme")
	d := newDeployment(t, s, w.env)
	for _, seed := range []int{1, 2} {
		var m orchestrator.ManifestSet
		fill(&m, seed)
		m.OrgID, m.DeploymentID = "acme", d.ID
		require.NoError(t, s.PutManifests(ctx, &m))
		got, err := s.GetManifests(ctx, "acme", d.ID)
		require.NoError(t, err)
		require.Equal(t, &m, got)
	}

	var e orchestrator.InventoryEntry
	fill(&e, 1)
	e.OrgID, e.AppID, e.EnvID = "acme", "shop", "qa"
	require.NoError(t, s.PutInventory(ctx, []orchestrator.InventoryEntry{e}))
	refreshed, second := e, e
	refreshed.DeploymentID, refreshed.UpdatedAt = "newer", epoch.Add(time.Hour)
	refreshed.CreatedAt = refreshed.UpdatedAt
	second.Name = "zz"
	require.NoError(t, s.PutInventory(ctx, []orchestrator.InventoryEntry{second, e, refreshed}))
	refreshed.CreatedAt = e.CreatedAt
	got, err := s.ListInventory(ctx, w.env)
	require.NoError(t, err)
	require.ElementsMatch(t, []orchestrator.InventoryEntry{refreshed, second}, got)
	require.NoError(t, s.DeleteInventory(ctx, []orchestrator.InventoryEntry{e, {OrgID: "acme", Name: "unknown"}}))
	got, err = s.ListInventory(ctx, w.env)
	require.NoError(t, err)
	require.Equal(t, []orchestrator.InventoryEntry{second}, got)
	require.NoError(t, s.PutInventory(ctx, nil))
}
