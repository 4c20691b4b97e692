package orchestrator

import (
	"context"
	"slices"
)

const groupPrefix = "g-"

// GroupRequest asks for a group.
type GroupRequest struct {
	GroupID string // its name at the identity provider
	IDP     string
	Role    string // in the organization
}

// CreateGroup gives a group of an identity provider a role in the organization.
// Its members are told by the provider when they sign in.
func (s *Service) CreateGroup(ctx context.Context, org string, req GroupRequest) (*Group, error) {
	if err := s.requireOrgPerm(ctx, org, PermUsersManage); err != nil {
		return nil, err
	}
	o := orgRoleObject(org)
	if req.GroupID == "" || len(req.GroupID) > maxKey {
		return nil, Invalidf("group_id: %q is not valid; use the name of the group at the identity provider, 1 to %d characters", shorten(req.GroupID), maxKey)
	}
	if err := checkSlug("idp_id", req.IDP, maxKey); err != nil {
		return nil, err
	}
	if err := o.checkRole(req.Role); err != nil {
		return nil, err
	}
	if err := checkRoleForType(UserTypeGroup, req.Role); err != nil {
		return nil, err
	}
	if err := s.requireRank(ctx, org, req.Role); err != nil {
		return nil, err
	}
	group := &Group{OrgID: org, ID: groupPrefix + newUUID(), IDP: req.IDP, GroupID: req.GroupID, CreatedAt: s.now()}
	err := s.audited(ctx, func(ctx context.Context) (Change, error) {
		if err := s.store.CreateGroup(ctx, group); err != nil {
			return Change{}, err
		}
		binding := RoleBinding{OrgID: org, SubjectID: group.ID, Object: o.name, Role: req.Role, CreatedAt: group.CreatedAt}
		after := map[string]any{"id": group.ID, "idp_id": group.IDP, "group_id": group.GroupID, "role": req.Role}
		return created(org, "group", groupObjectPath(org, group.ID), after), s.store.PutRole(ctx, binding)
	})
	return group, err
}

func groupObjectPath(org, id string) string { return OrgObject(org) + "/groups/" + id }

// ListGroupUsers lists the members of a group.
func (s *Service) ListGroupUsers(ctx context.Context, org, id string) ([]User, error) {
	if err := s.requireOrgPerm(ctx, org, PermUsersRead); err != nil {
		return nil, err
	}
	if _, err := s.store.GetGroup(ctx, org, id); err != nil {
		return nil, err
	}
	members, err := s.store.MembersOf(ctx, org, id)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(members))
	for _, m := range members {
		ids = append(ids, m.UserID)
	}
	return s.store.GetUsers(ctx, ids)
}

// ListUserGroups lists the groups of the organization that a user is in.
func (s *Service) ListUserGroups(ctx context.Context, org, user string) ([]Group, error) {
	if err := s.requireSubjectReader(ctx, org, user); err != nil {
		return nil, err
	}
	memberships, err := s.store.MembershipsOf(ctx, user)
	if err != nil {
		return nil, err
	}
	groups, err := s.store.ListGroups(ctx, org)
	if err != nil {
		return nil, err
	}
	in := slices.DeleteFunc(groups, func(g Group) bool {
		return !slices.ContainsFunc(memberships, func(m Membership) bool { return m.GroupID == g.ID })
	})
	if len(in) == 0 {
		if _, err := s.roleOn(ctx, orgRoleObject(org), user); err != nil {
			return nil, err
		}
	}
	return in, nil
}

// AddGroupUser puts a user of the organization into a group. Of a group that
// the sign-in knows the next sign-in decides anew.
func (s *Service) AddGroupUser(ctx context.Context, org, id, user string) error {
	if err := s.requireOrgPerm(ctx, org, PermGroupsManage); err != nil {
		return err
	}
	return s.audited(ctx, func(ctx context.Context) (Change, error) {
		if err := s.store.LockOrganization(ctx, org); err != nil {
			return Change{}, err
		}
		if _, err := s.store.GetGroup(ctx, org, id); err != nil {
			return Change{}, err
		}
		who, err := s.roleOn(ctx, orgRoleObject(org), user)
		if err != nil {
			return Change{}, err
		}
		if who.Type == UserTypeGroup {
			return Change{}, Invalidf("%q is a group; groups cannot be members of groups", user)
		}
		change := created(org, "group-member", groupObjectPath(org, id)+"/users/"+user, map[string]any{"user": user, "name": who.Name})
		return change, s.store.PutMember(ctx, Membership{OrgID: org, GroupID: id, UserID: user, CreatedAt: s.now()})
	})
}

// RemoveGroupUser takes a user out of a group.
func (s *Service) RemoveGroupUser(ctx context.Context, org, id, user string) error {
	if err := s.requireOrgPerm(ctx, org, PermGroupsManage); err != nil {
		return err
	}
	return s.audited(ctx, func(ctx context.Context) (Change, error) {
		change := deleted(org, "group-member", groupObjectPath(org, id)+"/users/"+user, map[string]any{"user": user})
		return change, s.store.DeleteMember(ctx, org, id, user)
	})
}
