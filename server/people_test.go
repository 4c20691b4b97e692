package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
)

const usersPath = "/orgs/" + org + "/users"

func (h *harness) serviceUser(role string) api.UserProfile {
	h.t.Helper()
	var user api.UserProfile
	h.do("POST", usersPath, `{"name":"CI","role":"`+role+`","email":"ci@acme.test"}`).must(200, &user)
	return user
}

func TestServiceUsersAndTheirTokens(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	user := h.serviceUser("artefactContributor")
	require.Equal(t, "service", user.Type)
	require.True(t, strings.HasPrefix(user.ID, "s-"))
	h.do("POST", usersPath, `{"name":"CI","role":"owner"}`).fails(400, "owner", "organization")
	h.do("POST", usersPath, `{"name":"","role":"member"}`).fails(400, "name")

	tokens := "/users/" + user.ID + "/tokens"
	var made api.NewToken
	h.do("POST", tokens, `{"id":"ci","type":"static","expires_at":"2999-01-01T00:00:00Z"}`).must(200, &made)
	h.do("POST", tokens, `{"id":"ci","type":"static"}`).fails(409, "ci")
	var me api.CurrentUser
	h.as(made.Token, "GET", "/current-user", "").must(200, &me)
	require.Equal(t, map[string]string{"/orgs/" + org: "artefactContributor"}, me.Roles)
	var token api.Token
	h.do("GET", tokens+"/ci", "").must(200, &token)
	require.NotNil(t, token.LastUsedAt, "it was used")
	require.NotContains(t, h.do("GET", tokens, "").Body, made.Token)

	h.do("DELETE", usersPath+"/"+user.ID, "").must(204, nil)
	h.as(made.Token, "GET", "/current-user", "").fails(401)
	h.do("GET", usersPath+"/"+user.ID, "").fails(404, user.ID)
	h.do("DELETE", usersPath+"/"+user.ID, "").fails(404, user.ID)
}

func TestRolesInTheOrganization(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	id, _ := h.user("user", map[string]string{"/orgs/" + org: "member"})
	var role api.UserRole
	h.do("GET", usersPath+"/"+id, "").must(200, &role)
	require.Equal(t, "member", role.Role)
	h.do("PATCH", usersPath+"/"+id, `{"role":"manager"}`).must(200, &role)
	require.Equal(t, "manager", role.Role)
	h.do("PATCH", usersPath+"/"+id, `{"role":"artefactContributor"}`).fails(400, "service")
	h.do("PATCH", usersPath+"/none", `{"role":"manager"}`).fails(404, "none")
	var list []api.UserRole
	h.do("GET", usersPath+"?type=group", "").must(200, &list)
	require.Empty(t, list)
	h.do("GET", usersPath+"?type=user", "").must(200, &list)
	require.Len(t, list, 2)
	h.do("GET", usersPath+"?type=robot", "").fails(400, "robot")

	// The one administrator cannot go, or stop being one.
	h.do("DELETE", usersPath+"/"+h.admin.ID, "").fails(409, "last administrator")
	h.do("PATCH", usersPath+"/"+h.admin.ID, `{"role":"member"}`).fails(409, "last administrator")
	h.do("PATCH", usersPath+"/"+id, `{"role":"administrator"}`).must(200, nil)
	h.do("PATCH", usersPath+"/"+h.admin.ID, `{"role":"member"}`).must(200, nil)
	h.do("GET", "/orgs/"+org+"/audit-logs", "").fails(403, "administrator")
}

func TestAManagerGivesNoMoreThanItHas(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	_, manager := h.user("user", map[string]string{"/orgs/" + org: "manager"})
	member, memberToken := h.user("user", map[string]string{"/orgs/" + org: "member"})
	h.as(manager, "PATCH", usersPath+"/"+member, `{"role":"administrator"}`).fails(403, "weaker")
	h.as(manager, "PATCH", usersPath+"/"+member, `{"role":"manager"}`).must(200, nil)
	h.as(manager, "DELETE", usersPath+"/"+h.admin.ID, "").fails(403, "weaker")
	h.as(manager, "POST", usersPath, `{"name":"x","role":"administrator"}`).fails(403, "weaker")
	h.as(manager, "POST", "/orgs/"+org+"/groups", `{"group_id":"x","idp_id":"idp","role":"administrator"}`).fails(403, "weaker")
	h.as(manager, "POST", "/orgs/"+org+"/invitations", `{"email":"x@acme.test","role":"administrator"}`).fails(403, "weaker")
	h.as(manager, "DELETE", usersPath+"/"+member, "").must(204, nil)
	h.as(memberToken, "GET", "/current-user", "").fails(401) // the last organization was left
}

func TestGroups(t *testing.T) {
	t.Parallel()
	onBothDatabases(t, func(t *testing.T, h *harness) {
		groups := "/orgs/" + org + "/groups"
		var group api.GroupWithRole
		h.do("POST", groups, `{"group_id":"Platform Team","idp_id":"my-idp","role":"member"}`).must(200, &group)
		require.True(t, strings.HasPrefix(group.ID, "g-"))
		h.do("POST", groups, `{"group_id":"Platform Team","idp_id":"my-idp","role":"manager"}`).fails(409, "Platform Team")
		h.do("POST", groups, `{"group_id":"","idp_id":"my-idp","role":"manager"}`).fails(400, "group_id")
		h.do("POST", groups, `{"group_id":"x","idp_id":"My","role":"manager"}`).fails(400, "idp_id")

		var list []api.UserRole
		h.do("GET", usersPath+"?type=group", "").must(200, &list)
		require.Len(t, list, 1)
		require.Equal(t, api.UserRole{
			ID: group.ID, Name: "Platform Team", Type: "group", Role: "member", IDPID: "my-idp", CreatedAt: list[0].CreatedAt,
		}, list[0])

		app := h.app("shop")
		user, token := h.user("user", map[string]string{"/orgs/" + org: "orgViewer"})
		h.do("POST", app+"/users", `{"id":"`+group.ID+`","role":"developer"}`).must(200, nil)
		h.as(token, "POST", app+"/deltas", `{}`).fails(403, "developer")
		members := groups + "/" + group.ID + "/users"
		h.do("PUT", members+"/"+user, "").must(204, nil)
		h.do("PUT", members+"/none", "").fails(404, "none")
		h.as(token, "POST", app+"/deltas", `{}`).must(200, nil)
		var me api.CurrentUser
		h.as(token, "GET", "/current-user", "").must(200, &me)
		require.Equal(t, map[string]string{"/orgs/acme": "member", "/orgs/acme/apps/shop": "developer"}, me.Roles, "the stronger one counts")
		var perms api.SubjectPermissions
		h.as(token, "GET", usersPath+"/"+user+"/perms", "").must(200, &perms)
		require.Contains(t, perms.Objects["/orgs/acme/apps/shop"].Permissions, "application:write")
		require.NotContains(t, perms.Objects["/orgs/acme"].Permissions, "users:manage")
		var in []api.UserProfile
		h.do("GET", members, "").must(200, &in)
		require.Len(t, in, 1)
		var of []api.Group
		h.do("GET", usersPath+"/"+user+"/groups", "").must(200, &of)
		require.Len(t, of, 1)
		h.do("DELETE", members+"/"+user, "").must(204, nil)
		h.do("DELETE", members+"/"+user, "").fails(404)
		h.as(token, "POST", app+"/deltas", `{}`).fails(403)

		h.do("DELETE", usersPath+"/"+group.ID, "").must(204, nil)
		h.do("GET", usersPath+"/"+group.ID, "").fails(403, group.ID)
		h.do("GET", members, "").fails(404, group.ID)
		h.do("GET", app+"/users/"+group.ID, "").fails(404, group.ID)
	})
}

func TestRolesOnApplicationsAndEnvironmentTypes(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	user, token := h.user("user", map[string]string{"/orgs/" + org: "member"})
	for path, c := range map[string]struct{ first, second, wrong string }{
		app + "/users":                           {"developer", "owner", "deployer"},
		"/orgs/acme/env-types/development/users": {"deployer", "deployer", "owner"},
	} {
		item := path + "/" + user
		h.do("GET", item, "").fails(404, user)
		h.do("PATCH", item, `{"role":"`+c.first+`"}`).fails(404, user)
		h.do("DELETE", item, "").fails(404, user)
		h.do("POST", path, `{"id":"`+user+`","role":"`+c.wrong+`"}`).fails(400, c.wrong)
		h.do("POST", path, `{"id":"nobody-here","role":"`+c.first+`"}`).fails(400, "nobody-here")
		var role api.UserRole
		h.do("POST", path, `{"id":"`+user+`","role":"`+c.first+`"}`).must(200, &role)
		require.Equal(t, c.first, role.Role)
		h.do("PATCH", item, `{"role":"`+c.second+`"}`).must(200, &role)
		require.Equal(t, c.second, role.Role)
		h.do("GET", item, "").must(200, &role)
		var list []api.UserRole
		h.do("GET", path, "").must(200, &list)
		require.Contains(t, list, role)
	}
	deploy := func() answer { return h.as(token, "POST", app+"/envs/development/deploys", `{}`) }
	deploy().must(201, nil)
	h.do("DELETE", "/orgs/acme/env-types/development/users/"+user, "").must(204, nil)
	deploy().fails(403, "deployer")
	h.do("DELETE", app+"/users/"+user, "").must(204, nil)
	deploy().fails(404, "shop")
	h.do("POST", "/orgs/acme/apps/none/users", `{"id":"`+user+`","role":"owner"}`).fails(404, "none")
	h.do("POST", "/orgs/acme/env-types/none/users", `{"id":"`+user+`","role":"deployer"}`).fails(404, "none")
}

func TestInvitations(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	invitations := "/orgs/" + org + "/invitations"
	h.do("POST", invitations, `{"email":"nonsense","role":"member"}`).fails(400, "nonsense")
	h.do("POST", invitations, `{"email":"jo@acme.test","role":"artefactContributor"}`).fails(400, "service")
	var first, second []api.NewInvitation
	h.do("POST", invitations, `{"email":"Jo@acme.test","role":"member"}`).must(200, &first)
	require.Equal(t, "pending", first[0].Invite)
	h.do("POST", invitations, `{"email":"jo@acme.test","role":"manager"}`).must(200, &second)
	require.Equal(t, first[0].ID, second[0].ID, "the same person")
	require.Equal(t, "manager", second[0].Role)
	var list []api.Invitation
	got := h.do("GET", invitations, "").must(200, &list)
	require.Len(t, list, 1)
	require.Equal(t, "jo@acme.test", list[0].Email)
	require.NotContains(t, got.Body, second[0].InviteToken)

	// Roles can be given before the invitation is accepted.
	app := h.app("shop")
	h.do("POST", app+"/users", `{"id":"`+first[0].ID+`","role":"viewer"}`).must(200, nil)

	accept := func(token string) answer {
		return h.as("", "POST", "/auth/invitations/accept", `{"token":"`+token+`","name":"Jo"}`)
	}
	accept(first[0].InviteToken).fails(401, "replaced")
	h.as(second[0].InviteToken, "GET", "/current-user", "").fails(401)
	var accepted api.AcceptedInvitation
	accept(second[0].InviteToken).must(200, &accepted)
	accept(second[0].InviteToken).fails(401, "accepted")
	require.Equal(t, "Jo", accepted.User.Name)
	h.as(accepted.Token, "GET", app, "").must(200, nil)
	h.do("GET", invitations, "").must(200, &list)
	require.Empty(t, list)
	var role api.UserRole
	h.do("GET", usersPath+"/"+accepted.User.ID, "").must(200, &role)
	require.Equal(t, "accepted", role.Invite)
	h.do("POST", invitations, `{"email":"jo@acme.test","role":"member"}`).fails(409, "jo@acme.test")

	// A deletion before the acceptance ends the invitation.
	h.do("POST", invitations, `{"email":"al@acme.test","role":"member"}`).must(200, &first)
	h.do("DELETE", usersPath+"/"+first[0].ID, "").must(204, nil)
	accept(first[0].InviteToken).fails(401)
}

func TestTheAuditLog(t *testing.T) {
	t.Parallel()
	onBothDatabases(t, func(t *testing.T, h *harness) {
		app := h.app("shop")
		h.do("PATCH", app, `{"name":"Better"}`).must(200, nil)
		h.do("POST", app+"/values", `{"key":"PASSWORD","value":"hunter2-very-secret","is_secret":true}`).must(201, nil)
		h.do("POST", app+"/values", `{"key":"REGION","value":"eu"}`).must(201, nil)
		h.do("POST", app+"/values", `{"key":"REGION","value":"eu"}`).fails(409) // leaves nothing
		h.do("POST", "/orgs/acme/resources/defs", `{"id":"pg-def","name":"pg","type":"postgres","driver_type":"acme/none"}`).fails(400)
		const log = "/orgs/acme/audit-logs"
		var entries []api.AuditEntry
		got := h.do("GET", log, "").must(200, &entries)
		require.NotContains(t, got.Body, "hunter2")
		var said []string
		for _, e := range entries {
			said = append(said, e.Action+" "+e.Object)
		}
		require.Equal(t, []string{
			"value_create /orgs/acme/apps/shop/values/REGION", "value_create /orgs/acme/apps/shop/values/PASSWORD",
			"update /orgs/acme/apps/shop", "create /orgs/acme/apps/shop/envs/development", "create /orgs/acme/apps/shop",
		}, said)
		rename := entries[2]
		require.Equal(t, "PATCH", rename.RequestMethod)
		require.Equal(t, app, rename.RequestPath)
		require.Equal(t, 200, rename.ResponseStatus)
		require.Equal(t, h.admin.ID, rename.UserID)
		require.Equal(t, "192.0.2.1", rename.SourceIP, "the peer of httptest")
		require.NotEmpty(t, rename.RequestID)
		require.Equal(t, "shop", rename.Before["name"])
		require.Equal(t, "Better", rename.After["name"])

		var page []api.AuditEntry
		got = h.do("GET", log+"?per_page=2", "").must(200, &page)
		require.Equal(t, entries[:2], page)
		next := strings.TrimSuffix(strings.TrimPrefix(got.Header.Get("Link"), "<"), `>; rel="next"`)
		page = nil
		got = h.do("GET", next, "").must(200, &page)
		require.Equal(t, entries[2:4], page)
		next = strings.TrimSuffix(strings.TrimPrefix(got.Header.Get("Link"), "<"), `>; rel="next"`)
		page = nil
		got = h.do("GET", next, "").must(200, &page)
		require.Equal(t, entries[4:], page)
		require.Empty(t, got.Header.Get("Link"))
		page = nil
		h.do("GET", log+"?object_type=environment&object=/orgs/acme/apps/shop&user_id="+h.admin.ID, "").must(200, &page)
		require.Len(t, page, 1)
		page = nil
		h.do("GET", log+"?from=2999-01-01T00:00:00Z", "").must(200, &page)
		require.Empty(t, page)
		h.do("GET", log+"?from=yesterday", "").fails(400, "from")
		h.do("GET", log+"?page=x", "").fails(400, "page")
		h.as(h.rival, "GET", log, "").fails(404)

		lines := strings.Split(strings.TrimSpace(h.do("GET", log+"/export", "").must(200, nil).Body), "\n")
		require.Len(t, lines, len(entries))
		table := h.do("GET", log+"/export?format=csv", "").must(200, nil)
		require.Contains(t, table.Header.Get("Content-Type"), "text/csv")
		require.Equal(t, len(entries)+1, strings.Count(table.Body, "\n"))
		h.do("GET", log+"/export?format=xml", "").fails(400, "xml")
	})
}

func TestForwardedAddressesCountFromTrustedProxiesOnly(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	request, got := http.Header{}, func() string {
		var entries []api.AuditEntry
		h.do("GET", "/orgs/acme/audit-logs?per_page=1", "").must(200, &entries)
		return entries[0].SourceIP
	}
	request.Set("X-Forwarded-For", "203.0.113.9")
	h.rawHeader(request, "POST", "/orgs/acme/env-types", `{"id":"one"}`).must(201, nil)
	require.Equal(t, "192.0.2.1", got())
	h.trustProxies("192.0.2.0/24")
	h.rawHeader(request, "POST", "/orgs/acme/env-types", `{"id":"two"}`).must(201, nil)
	require.Equal(t, "203.0.113.9", got())
}

func TestTheAuditLogForgets(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.app("shop")
	n, err := h.service.PruneAuditLog(t.Context(), 0)
	require.NoError(t, err)
	require.Zero(t, n, "0 keeps all")
	n, err = h.service.PruneAuditLog(t.Context(), 1)
	require.NoError(t, err)
	require.Equal(t, 2, n)
}
