package cli

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// filter is a flag of `get` that narrows a list.
type filter struct{ flag, query, doc string }

// peopleKinds are users, groups, their roles, and the audit log.
func peopleKinds() []kind {
	kinds := []kind{
		{
			name: "users", aliases: []string{"user-roles"}, short: "Users of the organization and their roles", need: needOrg, args: []string{"[USER]"},
			fetch: func(q query) (json.RawMessage, error) { return q.subjects(q.OrgPath("users"), "user", "service") },
			table: userTable,
		},
		{
			name: "service-users", aliases: []string{"service-user"}, short: "Service users of the organization and their roles", need: needOrg, args: []string{"[USER]"},
			fetch: func(q query) (json.RawMessage, error) { return q.subjects(q.OrgPath("users"), "service") },
			table: userTable,
		},
		{
			name: "groups", aliases: []string{"group"}, short: "Groups of the organization and their roles", need: needOrg, args: []string{"[GROUP]"},
			fetch: func(q query) (json.RawMessage, error) { return q.subjects(q.OrgPath("users"), "group") },
			table: userTable,
		},
		{
			name: "group-users", aliases: []string{"group-user", "members"}, short: "Members of a group", need: needOrg, args: []string{"GROUP"},
			fetch: func(q query) (json.RawMessage, error) { return q.get(q.OrgPath("groups", q.ids[0], "users")) },
			table: columns([]string{"ID", "NAME", "TYPE", "EMAIL"}, func(u api.UserProfile) []string {
				return []string{u.ID, u.Name, u.Type, u.Email}
			}),
		},
		{
			name: "user-groups", aliases: []string{"user-group"}, short: "Groups that a user is in", need: needOrg, args: []string{"USER"},
			fetch: func(q query) (json.RawMessage, error) { return q.get(q.OrgPath("users", q.ids[0], "groups")) },
			table: columns([]string{"ID", "NAME", "PROVIDER"}, func(g api.Group) []string { return []string{g.ID, g.GroupID, g.IDPID} }),
		},
		{
			name: "invitations", aliases: []string{"invitation", "invites"}, short: "Invitations that were not accepted yet", need: needOrg,
			fetch: func(q query) (json.RawMessage, error) { return q.get(q.OrgPath("invitations")) },
			table: columns([]string{"USER", "EMAIL", "INVITED", "BY", "EXPIRES"}, func(i api.Invitation) []string {
				return []string{i.UserID, i.Email, ago(i.CreatedAt), i.CreatedBy, ago(i.ExpiresAt)}
			}),
		},
	}
	return append(kinds, roleKinds()...)
}

func roleKinds() []kind {
	return []kind{
		{
			name: "app-users", aliases: []string{"app-user"}, short: "Who has a role on an Application", need: needApp, args: []string{"[USER]"},
			fetch: func(q query) (json.RawMessage, error) { return q.listOrItem(q.AppPath("users")) },
			table: userTable,
		},
		{
			name: "env-type-users", aliases: []string{"env-type-user"}, short: "Who may deploy to Environments of a type", need: needOrg, args: []string{"TYPE"},
			fetch: func(q query) (json.RawMessage, error) { return q.get(q.OrgPath("env-types", q.ids[0], "users")) },
			table: userTable,
		},
		{
			name: "permissions", aliases: []string{"perms"}, short: "What a user or group may do; you, when none is named", need: needOrg, args: []string{"[USER]"},
			fetch: func(q query) (json.RawMessage, error) {
				id := q.idOr("")
				if id == "" {
					user, err := q.c.CurrentUser(q.ctx)
					if err != nil {
						return nil, err
					}
					id = user.ID
				}
				return q.get(q.OrgPath("users", id, "perms"))
			},
			table: permissionTable,
		},
		{
			name: "audit", aliases: []string{"audit-log", "audit-logs"}, short: "The audit log, newest first", need: needOrg,
			filters: []filter{
				{"by", "user_id", "only what this user did"},
				{"object", "object", "only changes of this object and of what is inside it, such as /orgs/my-org/apps/shop"},
				{"object-type", "object_type", "only changes of this kind of object, such as application"},
				{"action", "action", "only changes of this kind: create, update, delete, deploy, ..."},
				{"from", "from", "only entries from then on, such as 2026-01-01T00:00:00Z"},
				{"to", "to", "only entries up to then"},
			},
			fetch: func(q query) (json.RawMessage, error) { return q.get(q.OrgPath("audit-logs")) },
			table: columns([]string{"AT", "USER", "ACTION", "TYPE", "OBJECT", "STATUS", "FROM"}, func(e api.AuditEntry) []string {
				return []string{ago(e.At), e.UserID, e.Action, e.ObjectType, e.Object, strconv.Itoa(e.ResponseStatus), e.SourceIP}
			}),
		},
	}
}

// subjects reads one subject, or those of a list that are of the types.
func (q query) subjects(path string, types ...string) (json.RawMessage, error) {
	if len(q.ids) > 0 {
		return q.listOrItem(path)
	}
	raw, err := q.get(path)
	if err != nil {
		return nil, err
	}
	items, err := listOf[json.RawMessage](raw)
	if err != nil {
		return nil, err
	}
	kept := []json.RawMessage{}
	for _, item := range items {
		var r api.UserRole
		if err := json.Unmarshal(item, &r); err != nil {
			return nil, notDocumented(err)
		}
		for _, t := range types {
			if r.Type == t {
				kept = append(kept, item)
			}
		}
	}
	return json.Marshal(kept)
}

var userTable = columns([]string{"ID", "NAME", "TYPE", "ROLE", "EMAIL", "INVITATION", "PROVIDER"}, func(r api.UserRole) []string {
	return []string{r.ID, r.Name, r.Type, r.Role, r.Email, r.Invite, r.IDPID}
})

func permissionTable(raw json.RawMessage) (*table, error) {
	var in api.SubjectPermissions
	if err := json.Unmarshal(raw, &in); err != nil {
		return nil, notDocumented(err)
	}
	t := newTable("OBJECT", "PERMISSIONS")
	for _, object := range sortedKeys(in.Objects) {
		t.add(object, strings.Join(in.Objects[object].Permissions, " "))
	}
	return t, nil
}

// tokensPath is where the tokens of a user are; yours when user is empty.
func (q query) tokensPath(user string) (string, error) {
	if user == "" {
		me, err := q.c.CurrentUser(q.ctx)
		if err != nil {
			return "", err
		}
		user = me.ID
	}
	return client.Path("users", user, "tokens"), nil
}

// tokensOf is the name under which the flag --user of `get tokens` travels to
// its fetch; the API knows no such parameter.
const tokensOf = "user"
