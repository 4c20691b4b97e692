package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

func testOrganizations(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "beta")
	w := newBase(t, s, "alpha")
	newBase(t, s, "gamma")
	all, err := s.AllOrganizations(ctx)
	require.NoError(t, err)
	require.Equal(t, []string{"alpha", "beta", "gamma"}, names(all, func(o orchestrator.Organization) string { return o.ID }))

	none, err := s.ListOrganizations(ctx, w.user)
	require.NoError(t, err)
	require.Empty(t, none)
	object := orchestrator.AppObject("beta", "shop")
	put := func(role string) {
		require.NoError(t, s.PutRole(ctx, orchestrator.RoleBinding{OrgID: "beta", SubjectID: w.user, Object: object, Role: role, CreatedAt: epoch}))
	}
	put(orchestrator.RoleViewer)
	put(orchestrator.RoleOwner)
	require.NoError(t, s.PutRole(ctx, orchestrator.RoleBinding{OrgID: "alpha", SubjectID: w.user, Object: orchestrator.OrgObject("alpha"), Role: "member", CreatedAt: epoch}))
	mine, err := s.ListOrganizations(ctx, w.user)
	require.NoError(t, err)
	require.Equal(t, []string{"alpha", "beta"}, names(mine, func(o orchestrator.Organization) string { return o.ID }))

	roles, err := s.RolesOf(ctx, w.user)
	require.NoError(t, err)
	require.Len(t, roles, 2)
	owner := orchestrator.RoleBinding{OrgID: "beta", SubjectID: w.user, Object: object, Role: orchestrator.RoleOwner, CreatedAt: epoch}
	require.Equal(t, owner, roles[1], "one role on an object, the last one")
	on, err := s.RolesOn(ctx, "beta", object)
	require.NoError(t, err)
	require.Equal(t, []orchestrator.RoleBinding{owner}, on)
	require.NoError(t, s.DeleteRole(ctx, "beta", w.user, object))
	require.True(t, orchestrator.IsNotFound(s.DeleteRole(ctx, "beta", w.user, object)))
	testTokens(t, s, w.user)
}

func testTokens(t *testing.T, s orchestrator.Store, user string) {
	for _, id := range []string{"b", "a"} {
		require.NoError(t, s.CreateToken(ctx, &orchestrator.Token{UserID: user, ID: id, Hash: "hash-" + id, CreatedAt: epoch}))
	}
	err := s.CreateToken(ctx, &orchestrator.Token{UserID: user, ID: "c", Hash: "hash-a"})
	require.True(t, orchestrator.IsConflict(err), "a hash is unique: %v", err)
	at := epoch.Add(time.Hour)
	require.NoError(t, s.TouchToken(ctx, user, "a", at))
	tokens, err := s.ListTokens(ctx, user)
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, names(tokens, func(x orchestrator.Token) string { return x.ID }))
	require.Equal(t, at, *tokens[0].LastUsedAt)
	require.Nil(t, tokens[1].LastUsedAt)
	require.Nil(t, tokens[0].ExpiresAt)
	require.NoError(t, s.DeleteToken(ctx, user, "a"))
	_, err = s.TokenByHash(ctx, "hash-a")
	require.True(t, orchestrator.IsNotFound(err))
	_, err = s.GetToken(ctx, user, "a")
	require.EqualError(t, err, `token "a" does not exist`)
}

func names[T any](in []T, name func(T) string) []string {
	out := make([]string, 0, len(in))
	for _, v := range in {
		out = append(out, name(v))
	}
	return out
}
