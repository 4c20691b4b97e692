package orchestrator

import "slices"

// LeastRole is what somebody lacks who has not a permission: the weakest role,
// on the kind of object that the permission is asked for on.
type LeastRole struct {
	Permission Permission
	On         string // organization | application | environment type
	Role       string
}

// LeastRoles lists every permission with the weakest role that gives it, sorted
// by permission. Where one of the roles for people gives a permission, that of
// CI systems (artefactContributor) is not named.
func LeastRoles() []LeastRole {
	var all []LeastRole
	kinds := []struct {
		on    string
		roles []string
	}{{"environment type", envTypeRoles}, {"application", appRoles}, {"organization", orgRoles}}
	for _, p := range allOf(memberPerms, managerPerms, platformPerms, ownerPerms, deployerPerms) {
		for _, kind := range kinds {
			if role := leastRole(kind.roles, p); role != "" {
				all = append(all, LeastRole{p, kind.on, role})
				break
			}
		}
	}
	return all
}

// leastRole is the first of roles, weak to strong, that gives the permission.
func leastRole(roles []string, p Permission) string {
	found := ""
	for _, role := range slices.Backward(roles) {
		if slices.Contains(rolePermissions[role], p) && (role != RoleArtefactContributor || found == "") {
			found = role
		}
	}
	return found
}
