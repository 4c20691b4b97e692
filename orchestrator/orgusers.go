package orchestrator

import (
	"context"
	"slices"
	"strings"
)

// ListOrgUsers lists the users and groups of an organization with their roles,
// those included who have not accepted their invitation yet.
func (s *Service) ListOrgUsers(ctx context.Context, org string, kind SubjectKind) ([]UserRole, error) {
	if err := s.requireOrgPerm(ctx, org, PermUsersRead); err != nil {
		return nil, err
	}
	if err := kind.check(); err != nil {
		return nil, err
	}
	return s.rolesOn(ctx, orgRoleObject(org), kind)
}

// GetOrgUser returns the role of a user or group in the organization. A group
// that is not there is CodeForbidden, as clients of the published API expect.
func (s *Service) GetOrgUser(ctx context.Context, org, subject string) (*UserRole, error) {
	if err := s.requireSubjectReader(ctx, org, subject); err != nil {
		return nil, err
	}
	found, err := s.roleOn(ctx, orgRoleObject(org), subject)
	if IsNotFound(err) && strings.HasPrefix(subject, groupPrefix) {
		return nil, Forbiddenf("group %q has no role on organization %q", shorten(subject), org)
	}
	return found, err
}

// requireSubjectReader lets everybody ask about themselves.
func (s *Service) requireSubjectReader(ctx context.Context, org, subject string) error {
	if err := s.requireOrg(ctx, org); err != nil {
		return err
	}
	if ActorFrom(ctx).UserID == subject && subject != "" {
		return nil
	}
	return s.requirePerm(ctx, PermUsersRead, onOrg(org))
}

// SetOrgRole changes the role of a user or group in the organization. Nobody
// can give more than they have, or change somebody who has more. The last
// administrator stays one.
func (s *Service) SetOrgRole(ctx context.Context, org, subject, role string) (*UserRole, error) {
	if err := s.requireOrgPerm(ctx, org, PermUsersManage); err != nil {
		return nil, err
	}
	o := orgRoleObject(org)
	if err := o.checkRole(role); err != nil {
		return nil, err
	}
	if err := s.requireRank(ctx, org, role); err != nil {
		return nil, err
	}
	var given *UserRole
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		before, err := s.lockedSubject(ctx, org, subject)
		if err != nil {
			return err
		}
		if err := checkRoleForType(before.Type, role); err != nil {
			return err
		}
		if role != RoleAdministrator {
			if err := s.requireAnotherAdmin(ctx, org, before); err != nil {
				return err
			}
		}
		given, err = s.giveRole(ctx, o, subject, role)
		return err
	})
	return given, err
}

// RemoveOrgUser takes a user or group out of an organization, with the roles it
// has on everything in it, memberships and invitation. What belongs to no
// organization any more goes altogether: a group, a service user and somebody
// who never accepted the invitation are deleted, and a person loses all tokens
// and sessions.
func (s *Service) RemoveOrgUser(ctx context.Context, org, subject string) error {
	if err := s.requireOrgPerm(ctx, org, PermUsersManage); err != nil {
		return err
	}
	return s.audited(ctx, func(ctx context.Context) (Change, error) {
		before, err := s.lockedSubject(ctx, org, subject)
		if err != nil {
			return Change{}, err
		}
		if err := s.requireAnotherAdmin(ctx, org, before); err != nil {
			return Change{}, err
		}
		if err := s.leave(ctx, org, before); err != nil {
			return Change{}, err
		}
		if before.Type == UserTypeGroup {
			return deleted(org, "group", groupObjectPath(org, subject), roleState(before)), nil
		}
		return deleted(org, "user", OrgObject(org)+"/users/"+subject, roleState(before)), nil
	})
}

func (s *Service) leave(ctx context.Context, org string, who *UserRole) error {
	if err := s.store.DeleteRolesOf(ctx, org, who.ID); err != nil {
		return err
	}
	memberships, err := s.store.MembershipsOf(ctx, who.ID)
	if err != nil {
		return err
	}
	elsewhere := false
	for _, m := range memberships {
		if m.OrgID != org {
			elsewhere = true
			continue
		}
		if err := s.store.DeleteMember(ctx, org, m.GroupID, who.ID); err != nil && !IsNotFound(err) {
			return err
		}
	}
	rest, err := s.store.RolesOf(ctx, who.ID)
	if err != nil || elsewhere || len(rest) > 0 {
		return err
	}
	if who.Type == UserTypePerson && who.Invite != InvitePending && who.Invite != InviteExpired {
		return s.store.DeleteTokens(ctx, who.ID, "", nil)
	}
	return s.store.DeleteUser(ctx, who.ID)
}

// lockedSubject finds a subject of the organization whom the one who asks may
// change, while nobody else changes users of the organization.
func (s *Service) lockedSubject(ctx context.Context, org, subject string) (*UserRole, error) {
	if err := s.store.LockOrganization(ctx, org); err != nil {
		return nil, err
	}
	found, err := s.roleOn(ctx, orgRoleObject(org), subject)
	if err != nil {
		return nil, err
	}
	return found, s.requireRank(ctx, org, found.Role)
}

// requireRank keeps people from giving, or taking from somebody, a role that is
// stronger than their own.
func (s *Service) requireRank(ctx context.Context, org, role string) error {
	actor := ActorFrom(ctx)
	if actor.System || rankOf(orgRole(actor, org)) >= rankOf(role) {
		return nil
	}
	return Forbiddenf("your role %q in organization %q is weaker than %q; ask somebody who has that", orgRole(actor, org), org, role)
}

// checkRoleForType refuses a role that this type of user cannot have.
func checkRoleForType(userType, role string) error {
	if role == RoleArtefactContributor && userType != UserTypeService {
		return Invalidf("role: only service users can be %s, this is of type %q", RoleArtefactContributor, userType)
	}
	return nil
}

// requireAnotherAdmin answers CodeConflict when the subject is the only
// administrator. Groups do not count, for who is in them is decided elsewhere,
// nor do invitations that were not accepted.
func (s *Service) requireAnotherAdmin(ctx context.Context, org string, who *UserRole) error {
	if who.Role != RoleAdministrator || !countsAsAdmin(*who) {
		return nil
	}
	all, err := s.rolesOn(ctx, orgRoleObject(org), UserTypePerson)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(r UserRole) bool { return r.ID != who.ID && countsAsAdmin(r) }) {
		return nil
	}
	return Conflictf("user %q is the last administrator of organization %q; make somebody else administrator first", who.ID, org)
}

func countsAsAdmin(r UserRole) bool {
	return r.Role == RoleAdministrator && r.Type != UserTypeGroup && r.Invite != InvitePending && r.Invite != InviteExpired
}

// ServiceUserRequest asks for a new service user.
type ServiceUserRequest struct {
	Name  string
	Email string // gets notifications about it; kept only
	Role  string
}

// CreateServiceUser makes a user for a machine. It has no token yet.
func (s *Service) CreateServiceUser(ctx context.Context, org string, req ServiceUserRequest) (*User, error) {
	if err := s.requireOrgPerm(ctx, org, PermUsersManage); err != nil {
		return nil, err
	}
	o := orgRoleObject(org)
	if err := checkName("name", req.Name); err != nil {
		return nil, err
	}
	if err := o.checkRole(req.Role); err != nil {
		return nil, err
	}
	if err := s.requireRank(ctx, org, req.Role); err != nil {
		return nil, err
	}
	user := &User{
		ID: "s-" + newUUID(), Name: req.Name, Email: req.Email, Type: UserTypeService, Properties: map[string]any{}, CreatedAt: s.now(),
	}
	err := s.audited(ctx, func(ctx context.Context) (Change, error) {
		if err := s.store.CreateUser(ctx, user); err != nil {
			return Change{}, err
		}
		binding := RoleBinding{OrgID: org, SubjectID: user.ID, Object: o.name, Role: req.Role, CreatedAt: user.CreatedAt}
		after := map[string]any{"id": user.ID, "name": user.Name, "email": user.Email, "type": user.Type, "role": req.Role}
		return created(org, "user", OrgObject(org)+"/users/"+user.ID, after), s.store.PutRole(ctx, binding)
	})
	return user, err
}

// SubjectPermissions lists what a user or group may do, by object: the
// organization, applications and environment types on which it has a role, by
// itself or through a group. What is permitted on an organization is permitted
// on everything in it.
func (s *Service) SubjectPermissions(ctx context.Context, org, subject string) (map[string][]Permission, error) {
	if err := s.requireSubjectReader(ctx, org, subject); err != nil {
		return nil, err
	}
	roles, err := s.rolesOf(ctx, subject)
	if err != nil {
		return nil, err
	}
	out := map[string][]Permission{}
	for object, role := range roles {
		if object == OrgObject(org) || strings.HasPrefix(object, OrgObject(org)+"/") {
			out[object] = rolePermissions[role]
		}
	}
	if len(out) == 0 {
		return nil, NotFoundf("user or group %q has no role on organization %q", shorten(subject), org)
	}
	return out, nil
}
