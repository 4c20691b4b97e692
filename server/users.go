package server

import (
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// userRoutes are the users, groups and invitations of an organization.
func userRoutes() []Route {
	const list, item = orgPath + "/users", orgPath + "/users/{userId}"
	const members = orgPath + "/groups/{groupId}/users"
	return tagged("Users", []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listUserRolesInOrg", Query: subjectQuery,
			Summary: "List the users and groups of an Organization with their roles"}, listOrgUsers),
		accept(Route{Method: "POST", Path: list, OperationID: "createServiceUserInOrg",
			Summary: "Create a service user"}, createServiceUser),
		answer(Route{Method: "GET", Path: item, OperationID: "getUserRoleInOrg",
			Summary: "Get the role of a user or group in an Organization"}, getOrgUser),
		accept(Route{Method: "PATCH", Path: item, OperationID: "updateUserRoleInOrg",
			Summary: "Change the role of a user or group in an Organization"}, updateOrgUser),
		answer(Route{Method: "DELETE", Path: item, OperationID: "deleteUserRoleInOrg",
			Summary: "Take a user or group out of an Organization"}, deleteOrgUser),
		answer(Route{Method: "GET", Path: item + "/groups", OperationID: "listUserGroupsInOrg",
			Summary: "List the groups that a user is in"}, listUserGroups),
		answer(Route{Method: "GET", Path: item + "/perms", OperationID: "getSubjectPermsInOrg",
			Summary: "List what a user or group may do"}, getPermissions),
		answer(Route{Method: "GET", Path: orgPath + "/people", OperationID: "listPeopleNames",
			Summary: "List who ids stand for, also of those who are in the Organization through a group or have left it; unknown ids are left out",
			Query:   []Query{{Name: "id", Doc: "Id of a user; may be repeated, up to 100 times"}}}, listPeopleNames),
		accept(Route{Method: "POST", Path: orgPath + "/groups", OperationID: "createGroup",
			Summary: "Give a group of an identity provider a role"}, createGroup),
		answer(Route{Method: "GET", Path: members, OperationID: "listGroupUsers",
			Summary: "List the members of a group"}, listGroupUsers),
		answer(Route{Method: "PUT", Path: members + "/{userId}", OperationID: "addGroupUser",
			Summary: "Put a user into a group"}, addGroupUser),
		answer(Route{Method: "DELETE", Path: members + "/{userId}", OperationID: "removeGroupUser",
			Summary: "Take a user out of a group"}, removeGroupUser),
		answer(Route{Method: "GET", Path: orgPath + "/invitations", OperationID: "listInvitesInOrg",
			Summary: "List the invitations that were not accepted yet"}, listInvitations),
		accept(Route{Method: "POST", Path: orgPath + "/invitations", OperationID: "createInviteInOrg",
			Summary: "Invite a person; the answer holds what accepts the invitation"}, createInvitation),
	})
}

var subjectQuery = []Query{{Name: "type", Doc: "Only user (people and service users) or only group"}}

func subjectKind(c *Call) orchestrator.SubjectKind { return orchestrator.SubjectKind(c.Query("type")) }

func wireUserRole(r orchestrator.UserRole) api.UserRole {
	return api.UserRole{
		ID: r.ID, Name: r.Name, Email: r.Email, Role: r.Role, Type: r.Type, CreatedAt: api.NewTime(r.CreatedAt), Invite: r.Invite, IDPID: r.IDP,
	}
}

func wireProfile(u orchestrator.User) api.UserProfile {
	return api.UserProfile{ID: u.ID, Name: u.Name, Email: u.Email, Type: u.Type, CreatedAt: api.NewTime(u.CreatedAt)}
}

func wireGroup(g orchestrator.Group) api.Group {
	return api.Group{ID: g.ID, GroupID: g.GroupID, IDPID: g.IDP, CreatedAt: api.NewTime(g.CreatedAt)}
}

func listOrgUsers(c *Call) ([]api.UserRole, error) {
	return asList(wireUserRole)(c.Service.ListOrgUsers(c.Context(), c.Org(), subjectKind(c)))
}

func createServiceUser(c *Call, in api.ServiceUserRequest) (api.UserProfile, error) {
	return as(wireProfile)(c.Service.CreateServiceUser(c.Context(), c.Org(), orchestrator.ServiceUserRequest{
		Name: in.Name, Role: in.Role, Email: in.Email,
	}))
}

func getOrgUser(c *Call) (api.UserRole, error) {
	return as(wireUserRole)(c.Service.GetOrgUser(c.Context(), c.Org(), c.Param("userId")))
}

func updateOrgUser(c *Call, in api.RoleRequest) (api.UserRole, error) {
	return as(wireUserRole)(c.Service.SetOrgRole(c.Context(), c.Org(), c.Param("userId"), in.Role))
}

func deleteOrgUser(c *Call) (Empty, error) {
	return Empty{}, c.Service.RemoveOrgUser(c.Context(), c.Org(), c.Param("userId"))
}

func listUserGroups(c *Call) ([]api.Group, error) {
	return asList(wireGroup)(c.Service.ListUserGroups(c.Context(), c.Org(), c.Param("userId")))
}

func getPermissions(c *Call) (api.SubjectPermissions, error) {
	objects, err := c.Service.SubjectPermissions(c.Context(), c.Org(), c.Param("userId"))
	if err != nil {
		return api.SubjectPermissions{}, err
	}
	out := api.SubjectPermissions{Objects: map[string]api.Permissions{}}
	for object, permissions := range objects {
		out.Objects[object] = api.Permissions{Permissions: convert(permissions, func(p orchestrator.Permission) string { return string(p) })}
	}
	return out, nil
}

func createGroup(c *Call, in api.GroupRequest) (api.GroupWithRole, error) {
	group, err := c.Service.CreateGroup(c.Context(), c.Org(), orchestrator.GroupRequest{GroupID: in.GroupID, IDP: in.IDPID, Role: in.Role})
	if err != nil {
		return api.GroupWithRole{}, err
	}
	return api.GroupWithRole{
		ID: group.ID, GroupID: group.GroupID, IDPID: group.IDP, Role: in.Role, CreatedAt: api.NewTime(group.CreatedAt),
	}, nil
}

func listGroupUsers(c *Call) ([]api.UserProfile, error) {
	return asList(wireProfile)(c.Service.ListGroupUsers(c.Context(), c.Org(), c.Param("groupId")))
}

func addGroupUser(c *Call) (Empty, error) {
	return Empty{}, c.Service.AddGroupUser(c.Context(), c.Org(), c.Param("groupId"), c.Param("userId"))
}

func removeGroupUser(c *Call) (Empty, error) {
	return Empty{}, c.Service.RemoveGroupUser(c.Context(), c.Org(), c.Param("groupId"), c.Param("userId"))
}

func listInvitations(c *Call) ([]api.Invitation, error) {
	return asList(func(i orchestrator.Invitation) api.Invitation {
		return api.Invitation{
			UserID: i.UserID, Email: i.Email, CreatedAt: api.NewTime(i.CreatedAt), CreatedBy: i.CreatedBy, ExpiresAt: api.NewTime(i.ExpiresAt),
		}
	})(c.Service.ListInvitations(c.Context(), c.Org()))
}

func createInvitation(c *Call, in api.InvitationRequest) ([]api.NewInvitation, error) {
	invite, err := c.Service.InviteUser(c.Context(), c.Org(), in.Email, in.Role)
	if err != nil {
		return nil, err
	}
	return []api.NewInvitation{{
		UserRole: wireUserRole(invite.UserRole), InviteToken: invite.Token, ExpiresAt: api.NewTime(invite.ExpiresAt),
	}}, nil
}
