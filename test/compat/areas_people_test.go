package compat

import (
	"net/http"
	"net/url"
	"time"

	"github.com/stretchr/testify/require"
)

// robot makes a service user and a token of its own.
func (s *scenario) robot(name, role string) (id string, itself *scenario) {
	s.t.Helper()
	made := s.do(200, "POST", s.org+"/users", object{"name": name, "role": role}).object()
	id = made["id"].(string)
	token := s.do(200, "POST", "/users/"+id+"/tokens", object{"id": "compat", "description": "", "type": "static"}).object()["token"].(string)
	return id, s.with(token)
}

func (s *scenario) users(at shop) {
	users := s.org + "/users"
	id, itself := s.robot("Compat CI", "member")
	user := users + "/" + id
	s.do(400, "POST", users, object{"name": "Compat CI", "role": "owner"})
	require.Equal(s.t, "member", s.do(200, "GET", user, nil).object()["role"])
	require.Contains(s.t, s.do(200, "GET", users, nil).values("id"), id)
	require.NotContains(s.t, s.do(200, "GET", users+"?type=group", nil).values("id"), id)
	require.Equal(s.t, "manager", s.do(200, "PATCH", user, object{"role": "manager"}).object()["role"])
	s.do(400, "PATCH", user, object{"role": "owner"})

	me := itself.do(200, "GET", "/current-user", nil).object()
	require.Equal(s.t, "service", me["type"])
	require.Equal(s.t, "manager", me["roles"].(object)[s.org])
	require.Equal(s.t, "Compat Robot", itself.do(200, "PATCH", "/current-user", object{"name": "Compat Robot", "properties": object{"team": "compat"}}).object()["name"])
	perms := s.do(200, "GET", user+"/perms", nil).object()["objects"].(object)
	require.Contains(s.t, perms, s.org)

	s.do(200, "PATCH", user, object{"role": "member"})
	itself.do(403, "POST", users, object{"name": "More", "role": "member"})
	itself.do(403, "GET", s.org+"/audit-logs", nil)
	s.rolesOn(at.app+"/users", id, "viewer", "owner")
	s.rolesOn(s.org+"/env-types/development/users", id, "deployer", "deployer")
	s.do(204, "DELETE", user, nil)
	s.do(404, "GET", user, nil)
	itself.do(401, "GET", "/current-user", nil)

	admin := s.do(200, "GET", "/current-user", nil).object()["id"].(string)
	s.do(409, "DELETE", users+"/"+admin, nil) // the last administrator stays
	s.do(409, "PATCH", users+"/"+admin, object{"role": "member"})
}

// rolesOn walks the roles on an application or environment type.
func (s *scenario) rolesOn(list, id, first, second string) {
	s.t.Helper()
	require.Equal(s.t, first, s.do(200, "POST", list, object{"id": id, "role": first}).object()["role"])
	s.do(400, "POST", list, object{"id": id, "role": "no-such-role"})
	require.Contains(s.t, s.do(200, "GET", list, nil).values("id"), id)
	require.Contains(s.t, s.do(200, "GET", list+"?type=user", nil).values("id"), id)
	require.Equal(s.t, id, s.do(200, "GET", list+"/"+id, nil).object()["id"])
	require.Equal(s.t, second, s.do(200, "PATCH", list+"/"+id, object{"role": second}).object()["role"])
	s.do(204, "DELETE", list+"/"+id, nil)
	s.do(404, "GET", list+"/"+id, nil)
	s.do(404, "DELETE", list+"/"+id, nil)
}

func (s *scenario) groups(at shop) {
	groups := s.org + "/groups"
	body := object{"group_id": "Compat Team", "idp_id": "compat-idp", "role": "member"}
	made := s.do(200, "POST", groups, body).object()
	s.do(409, "POST", groups, body)
	s.do(400, "POST", groups, object{"group_id": "", "idp_id": "compat-idp", "role": "member"})
	id := made["id"].(string)
	require.Contains(s.t, s.do(200, "GET", s.org+"/users?type=group", nil).values("id"), id)
	user, itself := s.robot("Compat member", "orgViewer")

	members := groups + "/" + id + "/users"
	s.do(204, "PUT", members+"/"+user, nil)
	require.Contains(s.t, s.do(200, "GET", members, nil).values("id"), user)
	require.Contains(s.t, s.do(200, "GET", s.org+"/users/"+user+"/groups", nil).values("id"), id)
	s.do(200, "POST", at.app+"/users", object{"id": id, "role": "developer"})
	require.Equal(s.t, "developer", itself.do(200, "GET", "/current-user", nil).object()["roles"].(object)[at.app])
	s.do(200, "GET", s.org+"/users/"+id+"/perms", nil)
	s.do(204, "DELETE", members+"/"+user, nil)
	s.do(404, "DELETE", members+"/"+user, nil)
	s.do(204, "DELETE", s.org+"/users/"+id, nil)
	s.do(404, "GET", members, nil)
	s.do(204, "DELETE", s.org+"/users/"+user, nil)
}

func (s *scenario) invitations() {
	invitations := s.org + "/invitations"
	made := s.do(200, "POST", invitations, object{"email": "compat@example.com", "role": "member"}).list()
	require.Len(s.t, made, 1)
	s.do(400, "POST", invitations, object{"email": "no address", "role": "member"})
	require.Contains(s.t, s.do(200, "GET", invitations, nil).values("email"), "compat@example.com")
	pending := s.do(200, "GET", s.org+"/users/"+made[0]["id"].(string), nil).object()
	require.Equal(s.t, "pending", pending["invite"])

	nobody := s.with("")
	accept := object{"token": made[0]["invite_token"], "name": "Compat Person"}
	accepted := nobody.do(200, "POST", "/auth/invitations/accept", accept).object()
	person := s.with(accepted["token"].(string))
	require.Equal(s.t, "member", person.do(200, "GET", "/current-user", nil).object()["roles"].(object)[s.org])
	require.NotContains(s.t, s.do(200, "GET", invitations, nil).values("email"), "compat@example.com")
	s.do(204, "DELETE", s.org+"/users/"+accepted["user"].(object)["id"].(string), nil)
	person.do(401, "GET", "/current-user", nil)
}

func (s *scenario) auditLog(at shop) {
	logs := s.org + "/audit-logs"
	all := s.do(200, "GET", logs+"?per_page=2", nil)
	require.Len(s.t, all.list(), 2)
	require.Contains(s.t, all.header.Get("Link"), `rel="next"`)
	day := func(days int) string {
		return url.QueryEscape(time.Now().UTC().AddDate(0, 0, days).Format(time.RFC3339))
	}
	require.NotEmpty(s.t, s.do(200, "GET", logs+"?from="+day(-1)+"&to="+day(1), nil).list())
	require.NotEmpty(s.t, s.do(200, "GET", logs+"?object="+url.QueryEscape(at.app), nil).list())
	s.do(400, "GET", logs+"?from=yesterday", nil)
	for _, format := range []string{"jsonl", "csv"} {
		status, body, err := s.sendRaw(exchange{method: http.MethodGet, path: logs + "/export?format=" + format})
		require.NoError(s.t, err)
		require.Equal(s.t, 200, status)
		require.Contains(s.t, string(body), at.app)
	}
	s.do(400, "GET", logs+"/export?format=xml", nil)
}
