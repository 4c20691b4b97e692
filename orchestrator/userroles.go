package orchestrator

import (
	"context"
	"slices"
	"strings"
)

// Types of users.
const (
	UserTypePerson  = "user"
	UserTypeService = "service"
	UserTypeGroup   = "group"
	UserTypeSystem  = "system"
)

// UserRole is a user or group with the role it has on an object.
type UserRole struct {
	User
	Role   string
	Invite string // "" | pending | expired | accepted
	IDP    string // identity provider of a group
}

// SubjectKind narrows a list of roles: "" (all), "user" (people and service
// users) or "group".
type SubjectKind string

func (k SubjectKind) check() error {
	if k == "" || k == UserTypePerson || k == UserTypeGroup {
		return nil
	}
	return Invalidf("type: expected %s or %s, got %q", UserTypePerson, UserTypeGroup, shorten(string(k)))
}

func (k SubjectKind) includes(userType string) bool {
	return k == "" || (k == UserTypeGroup) == (userType == UserTypeGroup)
}

// roleObject is something that roles are held on.
type roleObject struct {
	org, name, title string
	kind             string // object type in the audit log
	roles            []string
}

func orgRoleObject(org string) roleObject {
	return roleObject{org, OrgObject(org), "organization " + quote(org), "organization-role", orgRoles}
}

func appRoleObject(org, app string) roleObject {
	return roleObject{org, AppObject(org, app), "application " + quote(app), "application-role", appRoles}
}

func envTypeRoleObject(org, envType string) roleObject {
	return roleObject{org, EnvTypeObject(org, envType), "environment type " + quote(envType), "environment-type-role", envTypeRoles}
}

func (o roleObject) path(subject string) string { return o.name + "/users/" + subject }

// checkRole validates a role for the object; a role of another kind of object
// is none here.
func (o roleObject) checkRole(role string) error {
	if slices.Contains(o.roles, role) {
		return nil
	}
	return Invalidf("role: %q is no role on %s; use one of %s", shorten(role), o.title, strings.Join(o.roles, ", "))
}

// rolesOn lists who has a role on the object, without asking who wants to know.
func (s *Service) rolesOn(ctx context.Context, o roleObject, kind SubjectKind) ([]UserRole, error) {
	bindings, err := s.store.RolesOn(ctx, o.org, o.name)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(bindings))
	for _, b := range bindings {
		ids = append(ids, b.SubjectID)
	}
	users, err := s.store.GetUsers(ctx, ids)
	if err != nil {
		return nil, err
	}
	byID := map[string]User{}
	for _, u := range users {
		byID[u.ID] = u
	}
	idps, invites, err := s.subjectDetails(ctx, o.org)
	if err != nil {
		return nil, err
	}
	out := []UserRole{}
	for _, b := range bindings {
		user, ok := byID[b.SubjectID]
		if ok && kind.includes(user.Type) {
			out = append(out, UserRole{User: user, Role: b.Role, Invite: invites[user.ID], IDP: idps[user.ID]})
		}
	}
	return out, nil
}

// subjectDetails are the identity providers of groups and the states of
// invitations, by subject.
func (s *Service) subjectDetails(ctx context.Context, org string) (idps, invites map[string]string, err error) {
	groups, err := s.store.ListGroups(ctx, org)
	if err != nil {
		return nil, nil, err
	}
	invitations, err := s.store.ListInvitations(ctx, org)
	if err != nil {
		return nil, nil, err
	}
	idps, invites = map[string]string{}, map[string]string{}
	for _, g := range groups {
		idps[g.ID] = g.IDP
	}
	for _, i := range invitations {
		invites[i.UserID] = s.inviteState(i)
	}
	return idps, invites, nil
}

// roleOn finds the role of one subject on the object.
func (s *Service) roleOn(ctx context.Context, o roleObject, subject string) (*UserRole, error) {
	list, err := s.rolesOn(ctx, o, "")
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(list, func(r UserRole) bool { return r.ID == subject })
	if at < 0 {
		return nil, NotFoundf("user or group %q has no role on %s", shorten(subject), o.title)
	}
	return &list[at], nil
}

// giveRole sets the role of a subject on the object, in the transaction of ctx.
func (s *Service) giveRole(ctx context.Context, o roleObject, subject, role string) (*UserRole, error) {
	before, err := s.roleOn(ctx, o, subject)
	if err != nil && !IsNotFound(err) {
		return nil, err
	}
	binding := RoleBinding{OrgID: o.org, SubjectID: subject, Object: o.name, Role: role, CreatedAt: s.now()}
	if err := s.store.PutRole(ctx, binding); err != nil {
		return nil, err
	}
	after, err := s.roleOn(ctx, o, subject)
	if err != nil {
		return nil, err
	}
	change := created(o.org, o.kind, o.path(subject), roleState(after))
	if before != nil {
		change = updated(o.org, o.kind, o.path(subject), roleState(before), roleState(after))
	}
	return after, s.audit(ctx, change)
}

func roleState(r *UserRole) map[string]any {
	return map[string]any{"id": r.ID, "name": r.Name, "type": r.Type, "role": r.Role}
}

// takeRole takes the role of a subject on the object away.
func (s *Service) takeRole(ctx context.Context, o roleObject, subject string) error {
	return s.audited(ctx, func(ctx context.Context) (Change, error) {
		before, err := s.roleOn(ctx, o, subject)
		if err != nil {
			return Change{}, err
		}
		return deleted(o.org, o.kind, o.path(subject), roleState(before)), s.store.DeleteRole(ctx, o.org, subject, o.name)
	})
}
