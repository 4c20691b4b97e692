package server

import (
	"slices"

	"github.com/slipway-dev/slipway/internal/api"
)

// roleRoutes are the roles on applications and environment types.
func roleRoutes() []Route {
	const appList, appItem = appPath + "/users", appPath + "/users/{userId}"
	const typeList, typeItem = orgPath + "/env-types/{envTypeId}/users", orgPath + "/env-types/{envTypeId}/users/{userId}"
	return tagged("Roles", slices.Concat(
		[]Route{
			answer(Route{Method: "GET", Path: appList, OperationID: "listUserRolesInApp", Query: subjectQuery,
				Summary: "List who has a role on an Application"}, listAppUsers),
			accept(Route{Method: "POST", Path: appList, OperationID: "createUserRoleInApp",
				Summary: "Give a user or group a role on an Application"}, addAppUser),
			answer(Route{Method: "GET", Path: appItem, OperationID: "getUserRoleInApp",
				Summary: "Get the role of a user or group on an Application"}, getAppUser),
			accept(Route{Method: "PATCH", Path: appItem, OperationID: "updateUserRoleInApp",
				Summary: "Change the role of a user or group on an Application"}, updateAppUser),
			answer(Route{Method: "DELETE", Path: appItem, OperationID: "deleteUserRoleInApp",
				Summary: "Take the role of a user or group on an Application away"}, deleteAppUser),
		},
		[]Route{
			answer(Route{Method: "GET", Path: typeList, OperationID: "listUserRolesInEnvType", Query: subjectQuery,
				Summary: "List who has a role on an Environment Type"}, listEnvTypeUsers),
			accept(Route{Method: "POST", Path: typeList, OperationID: "createUserRoleInEnvType",
				Summary: "Give a user or group a role on an Environment Type"}, addEnvTypeUser),
			answer(Route{Method: "GET", Path: typeItem, OperationID: "getUserRoleInEnvType",
				Summary: "Get the role of a user or group on an Environment Type"}, getEnvTypeUser),
			accept(Route{Method: "PATCH", Path: typeItem, OperationID: "updateUserRoleInEnvType",
				Summary: "Change the role of a user or group on an Environment Type"}, updateEnvTypeUser),
			answer(Route{Method: "DELETE", Path: typeItem, OperationID: "deleteUserRoleInEnvType",
				Summary: "Take the role of a user or group on an Environment Type away"}, deleteEnvTypeUser),
		},
	))
}

func listAppUsers(c *Call) ([]api.UserRole, error) {
	return asList(wireUserRole)(c.Service.ListAppUsers(c.Context(), c.Org(), c.App(), subjectKind(c)))
}

func addAppUser(c *Call, in api.UserRoleRequest) (api.UserRole, error) {
	return as(wireUserRole)(c.Service.AddAppUser(c.Context(), c.Org(), c.App(), in.ID, in.Role))
}

func getAppUser(c *Call) (api.UserRole, error) {
	return as(wireUserRole)(c.Service.GetAppUser(c.Context(), c.Org(), c.App(), c.Param("userId")))
}

func updateAppUser(c *Call, in api.RoleRequest) (api.UserRole, error) {
	return as(wireUserRole)(c.Service.ChangeAppUser(c.Context(), c.Org(), c.App(), c.Param("userId"), in.Role))
}

func deleteAppUser(c *Call) (Empty, error) {
	return Empty{}, c.Service.RemoveAppUser(c.Context(), c.Org(), c.App(), c.Param("userId"))
}

func listEnvTypeUsers(c *Call) ([]api.UserRole, error) {
	return asList(wireUserRole)(c.Service.ListEnvTypeUsers(c.Context(), c.Org(), c.Param("envTypeId"), subjectKind(c)))
}

func addEnvTypeUser(c *Call, in api.UserRoleRequest) (api.UserRole, error) {
	return as(wireUserRole)(c.Service.AddEnvTypeUser(c.Context(), c.Org(), c.Param("envTypeId"), in.ID, in.Role))
}

func getEnvTypeUser(c *Call) (api.UserRole, error) {
	return as(wireUserRole)(c.Service.GetEnvTypeUser(c.Context(), c.Org(), c.Param("envTypeId"), c.Param("userId")))
}

func updateEnvTypeUser(c *Call, in api.RoleRequest) (api.UserRole, error) {
	return as(wireUserRole)(c.Service.ChangeEnvTypeUser(c.Context(), c.Org(), c.Param("envTypeId"), c.Param("userId"), in.Role))
}

func deleteEnvTypeUser(c *Call) (Empty, error) {
	return Empty{}, c.Service.RemoveEnvTypeUser(c.Context(), c.Org(), c.Param("envTypeId"), c.Param("userId"))
}
