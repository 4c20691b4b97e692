package cli_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run("create", "app", "shop").ok(t)
	made := w.run("create", "service-user", "ci", "--role", "artefactContributor").ok(t, "service user ci created: s-")
	robot := strings.Fields(made.out)[4]
	group := w.run("create", "group", "platform", "--provider", "my-idp").ok(t, "group platform created: g-")
	team := strings.Fields(group.out)[3]
	w.run("get", "service-users").ok(t, robot, "artefactContributor")
	require.NotContains(t, w.run("get", "users").ok(t, robot, "Ada").out, team)
	w.run("get", "groups").ok(t, team, "platform", "my-idp")
	w.run("get", "group", team).ok(t, "platform")
	w.run("create", "group-user", team, robot).ok(t, "is in group")
	w.run("get", "group-users", team).ok(t, robot)
	w.run("get", "user-groups", robot).ok(t, team)

	w.run("roles", "set", robot, "member").ok(t, "is member of organization acme")
	w.run("roles", "set", robot, "developer", "--level", "app", "--app", "shop").ok(t, "is developer of application shop")
	w.run("roles", "set", robot, "deployer", "--env-type", "staging").ok(t, "is deployer of environment type staging")
	w.run("roles", "list", "--env-type", "staging").ok(t, robot)
	w.run("get", "app-users", "--app", "shop").ok(t, robot, "developer")
	w.run("get", "env-type-users", "staging").ok(t, robot, "deployer")
	w.run("get", "permissions", robot).ok(t, "/orgs/acme/apps/shop", "values:write")
	w.run("get", "permissions").ok(t, "stores:manage")
	w.run("roles", "unset", robot, "--env-type", "staging").ok(t, "deleted")
	w.run("roles", "set", robot, "king").fails(t, 1, "king")
	w.run("roles", "list", "--level", "moon").fails(t, 2, "moon")
	w.run("roles", "list", "--level", "app", "--app", "shop", "--env-type", "x").fails(t, 2, "together")

	token := strings.TrimSpace(w.run("create", "token", "first", "--user", robot).ok(t).out)
	w.run("get", "tokens", "--token", token).ok(t, "first")
	w.run("get", "tokens", "--user", robot).ok(t, "first")
	w.run("get", "token", "first", "--user", robot).ok(t, "first")
	w.run("delete", "token", "first", "--user", robot).ok(t)
	w.run("get", "tokens", "--token", token).fails(t, 1)
	w.run("delete", "group-user", team, robot).ok(t)
	w.run("delete", "group", team).ok(t)
	w.run("delete", "user", robot).ok(t)
	w.run("get", "service-users").ok(t)

	w.run("get", "audit").ok(t, "create", "/orgs/acme/apps/shop", "application-role", "127.0.0.1")
	narrow := w.run("get", "audit", "--object-type", "group", "--action", "create").ok(t, team)
	require.NotContains(t, narrow.out, robot)
	w.run("get", "audit", "--from", "yesterday").fails(t, 1, "yesterday")
	lines := strings.Split(strings.TrimSpace(w.run("audit", "export").ok(t).out), "\n")
	require.Greater(t, len(lines), 10)
	require.True(t, json.Valid([]byte(lines[0])))
	require.True(t, strings.HasPrefix(w.run("audit", "export", "--format", "csv").ok(t).out, "id,at,user_id"))
}

func TestLoginWithAnInvitation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	invited := w.run("create", "invitation", "jo@acme.test", "--role", "manager").ok(t)
	token := strings.TrimSpace(invited.out)
	require.True(t, strings.HasPrefix(token, "swi_"), "nothing but the token on standard output")
	w.run("get", "invitations").ok(t, "jo@acme.test")
	delete(w.env, "SLIPWAY_TOKEN")
	w.run("login", "--invitation", token).ok(t, "as jo@acme.test")
	w.run("get", "user").ok(t, "manager")
	w.run("login", "--invitation", token).fails(t, 1, "accepted")
	w.run("login", "--invitation", token, "--sso").fails(t, 2, "together")
	w.run("login", "--sso").fails(t, 1, "single sign-on is not set up")
}
