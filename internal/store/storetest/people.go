package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

func testPeople(t *testing.T, s orchestrator.Store) {
	a, b := newBase(t, s, "alpha"), newBase(t, s, "beta")
	group := orchestrator.Group{OrgID: "alpha", ID: "g-1", IDP: "idp", GroupID: "Platform", CreatedAt: epoch}
	require.NoError(t, s.CreateGroup(ctx, &group))
	again := group
	again.ID = "g-2"
	require.True(t, orchestrator.IsConflict(s.CreateGroup(ctx, &again)), "the name is taken")
	_, err := s.GetUser(ctx, "g-2")
	require.True(t, orchestrator.IsNotFound(err), "nothing is left of the one that was refused")
	other := orchestrator.Group{OrgID: "beta", ID: "g-3", IDP: "idp", GroupID: "Platform", CreatedAt: epoch}
	require.NoError(t, s.CreateGroup(ctx, &other))

	got, err := s.GetGroup(ctx, "alpha", "g-1")
	require.NoError(t, err)
	require.Equal(t, group, *got)
	_, err = s.GetGroup(ctx, "beta", "g-1")
	require.True(t, orchestrator.IsNotFound(err))
	all, err := s.GroupsOfIdP(ctx, "idp")
	require.NoError(t, err)
	require.Equal(t, []orchestrator.Group{group, other}, all)
	mine, err := s.ListGroups(ctx, "alpha")
	require.NoError(t, err)
	require.Equal(t, []orchestrator.Group{group}, mine)

	testMembers(t, s, a, b, group)
}

func testMembers(t *testing.T, s orchestrator.Store, a, b *world, group orchestrator.Group) {
	t.Helper()
	_, err := s.GetGroup(ctx, "alpha", group.ID)
	require.NoError(t, err)
	member := orchestrator.Membership{OrgID: "alpha", GroupID: "g-1", UserID: b.user, CreatedAt: epoch}
	require.NoError(t, s.PutMember(ctx, member))
	require.NoError(t, s.PutMember(ctx, member), "again")
	require.True(t, orchestrator.IsNotFound(s.PutMember(ctx, orchestrator.Membership{OrgID: "beta", GroupID: "g-1", UserID: b.user})))
	of, err := s.MembershipsOf(ctx, b.user)
	require.NoError(t, err)
	require.Equal(t, []orchestrator.Membership{member}, of)
	in, err := s.MembersOf(ctx, "alpha", "g-1")
	require.NoError(t, err)
	require.Equal(t, of, in)

	role := orchestrator.RoleBinding{OrgID: "alpha", SubjectID: "g-1", Object: orchestrator.OrgObject("alpha"), Role: "member", CreatedAt: epoch}
	require.NoError(t, s.PutRole(ctx, role))
	roles, err := s.GroupRolesOf(ctx, b.user)
	require.NoError(t, err)
	require.Equal(t, []orchestrator.RoleBinding{role}, roles)
	roles, err = s.RolesIn(ctx, "alpha")
	require.NoError(t, err)
	require.Equal(t, []orchestrator.RoleBinding{role}, roles)
	require.NoError(t, s.DeleteRolesOf(ctx, "beta", "g-1"))
	roles, err = s.GroupRolesOf(ctx, b.user)
	require.NoError(t, err)
	require.Len(t, roles, 1, "those of another organization stay")

	users, err := s.GetUsers(ctx, []string{"g-1", a.user, "nobody"})
	require.NoError(t, err)
	require.Equal(t, []string{"g-1", a.user}, names(users, func(u orchestrator.User) string { return u.ID }))
	require.NoError(t, s.DeleteUser(ctx, "g-1"))
	_, err = s.GetGroup(ctx, "alpha", "g-1")
	require.True(t, orchestrator.IsNotFound(err))
	of, err = s.MembershipsOf(ctx, b.user)
	require.NoError(t, err)
	require.Empty(t, of)
	require.NoError(t, s.PutMember(ctx, orchestrator.Membership{OrgID: "beta", GroupID: "g-3", UserID: b.user}))
	require.NoError(t, s.DeleteMember(ctx, "beta", "g-3", b.user))
	require.True(t, orchestrator.IsNotFound(s.DeleteMember(ctx, "beta", "g-3", b.user)))
	require.True(t, orchestrator.IsNotFound(s.LockOrganization(ctx, "none")))
	require.NoError(t, s.LockOrganization(ctx, "beta"))
}

func testInvitations(t *testing.T, s orchestrator.Store) {
	w := newBase(t, s, "alpha")
	newBase(t, s, "beta")
	invitation := orchestrator.Invitation{
		OrgID: "alpha", UserID: w.user, Email: "jo@acme.test", Hash: "h1", CreatedAt: epoch, CreatedBy: "x", ExpiresAt: epoch.Add(time.Hour),
	}
	require.NoError(t, s.PutInvitation(ctx, invitation))
	open, err := s.OpenInvitations(ctx, "jo@acme.test", epoch)
	require.NoError(t, err)
	require.Equal(t, []orchestrator.Invitation{invitation}, open)
	open, err = s.OpenInvitations(ctx, "jo@acme.test", epoch.Add(time.Hour))
	require.NoError(t, err)
	require.Empty(t, open, "expired")

	accepted := epoch.Add(time.Minute)
	invitation.Hash, invitation.AcceptedAt = "h2", &accepted
	require.NoError(t, s.PutInvitation(ctx, invitation))
	open, err = s.OpenInvitations(ctx, "jo@acme.test", epoch)
	require.NoError(t, err)
	require.Empty(t, open, "accepted")
	_, err = s.InvitationByHash(ctx, "h1")
	require.True(t, orchestrator.IsNotFound(err))
	found, err := s.InvitationByHash(ctx, "h2")
	require.NoError(t, err)
	require.Equal(t, invitation, *found)
	listed, err := s.ListInvitations(ctx, "alpha")
	require.NoError(t, err)
	require.Equal(t, []orchestrator.Invitation{invitation}, listed)
	listed, err = s.ListInvitations(ctx, "beta")
	require.NoError(t, err)
	require.Empty(t, listed)

	identity := orchestrator.Identity{Issuer: "https://id", Subject: "s", UserID: w.user, Email: "a", CreatedAt: epoch, LastLoginAt: epoch}
	require.NoError(t, s.PutIdentity(ctx, identity))
	identity.Email, identity.LastLoginAt = "b", accepted
	require.NoError(t, s.PutIdentity(ctx, identity))
	is, err := s.GetIdentity(ctx, "https://id", "s")
	require.NoError(t, err)
	require.Equal(t, identity, *is)
	_, err = s.GetIdentity(ctx, "https://other", "s")
	require.True(t, orchestrator.IsNotFound(err))

	for id, kind := range map[string]string{"a": "static", "b": "session", "c": "session"} {
		require.NoError(t, s.CreateToken(ctx, &orchestrator.Token{UserID: w.user, ID: id, Type: kind, Hash: id, ExpiresAt: &accepted}))
	}
	require.NoError(t, s.DeleteTokens(ctx, w.user, "session", &epoch))
	tokens, err := s.ListTokens(ctx, w.user)
	require.NoError(t, err)
	require.Len(t, tokens, 3, "none has expired")
	require.NoError(t, s.DeleteTokens(ctx, w.user, "session", &accepted))
	tokens, err = s.ListTokens(ctx, w.user)
	require.NoError(t, err)
	require.Equal(t, []string{"a"}, names(tokens, func(x orchestrator.Token) string { return x.ID }))
	require.NoError(t, s.DeleteTokens(ctx, w.user, "", nil))
	require.NoError(t, s.DeleteUser(ctx, w.user))
	_, err = s.GetIdentity(ctx, "https://id", "s")
	require.True(t, orchestrator.IsNotFound(err), "goes with its user")
}

func testAudit(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "alpha")
	newBase(t, s, "beta")
	var made []orchestrator.AuditEntry
	for i, object := range []string{"/orgs/alpha/apps/shop", "/orgs/alpha/apps/shop/envs/dev", "/orgs/alpha/apps/shop2"} {
		e := orchestrator.AuditEntry{}
		fill(&e, i+1)
		e.Seq, e.OrgID, e.Object, e.At = 0, "alpha", object, epoch.Add(time.Duration(i)*time.Hour)
		require.NoError(t, s.AppendAudit(ctx, &e))
		require.NotZero(t, e.Seq)
		made = append(made, e)
	}
	list := func(org string, f orchestrator.AuditFilter, limit int) []orchestrator.AuditEntry {
		t.Helper()
		got, err := s.ListAudit(ctx, org, f, limit)
		require.NoError(t, err)
		return got
	}
	require.Equal(t, []orchestrator.AuditEntry{made[2], made[1], made[0]}, list("alpha", orchestrator.AuditFilter{}, 10))
	require.Empty(t, list("beta", orchestrator.AuditFilter{}, 10))
	from, to := made[1].At, made[1].At
	for name, c := range map[string]struct {
		filter orchestrator.AuditFilter
		want   []int
	}{
		"inside an object": {orchestrator.AuditFilter{Object: "/orgs/alpha/apps/shop"}, []int{1, 0}},
		"user":             {orchestrator.AuditFilter{UserID: made[2].UserID}, []int{2}},
		"type":             {orchestrator.AuditFilter{ObjectType: made[0].ObjectType}, []int{0}},
		"action":           {orchestrator.AuditFilter{Action: "none"}, nil},
		"from":             {orchestrator.AuditFilter{From: &from}, []int{2, 1}},
		"to":               {orchestrator.AuditFilter{To: &to}, []int{1, 0}},
		"before":           {orchestrator.AuditFilter{Before: made[1].Seq}, []int{0}},
	} {
		want := []orchestrator.AuditEntry{}
		for _, i := range c.want {
			want = append(want, made[i])
		}
		require.Equal(t, want, list("alpha", c.filter, 10), name)
	}
	require.Len(t, list("alpha", orchestrator.AuditFilter{}, 2), 2)
	n, err := s.PruneAudit(ctx, made[2].At, 1)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	n, err = s.PruneAudit(ctx, made[2].At, 10)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Equal(t, made[2:], list("alpha", orchestrator.AuditFilter{}, 10))
	require.True(t, orchestrator.IsNotFound(s.AppendAudit(ctx, &orchestrator.AuditEntry{OrgID: "none"})))
}

func init() {
	for _, name := range []string{
		"LockOrganization", "DeleteRolesOf", "RolesIn", "CreateGroup", "GetGroup", "ListGroups", "PutMember", "DeleteMember", "MembersOf",
		"PutInvitation", "ListInvitations", "AppendAudit", "ListAudit",
	} {
		withoutOrganization[name] = "checked apart, in testPeople, testInvitations and testAudit"
	}
	for _, name := range []string{
		"GetUsers", "DeleteUser", "DeleteTokens", "MembershipsOf", "GroupRolesOf", "GetIdentity", "PutIdentity", "InvitationByHash",
		"OpenInvitations", "GroupsOfIdP", "PruneAudit",
	} {
		withoutOrganization[name] = "by user, or for the system itself"
	}
}
