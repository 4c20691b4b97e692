package orchestrator

import (
	"maps"
	"slices"
)

// Permission is one thing that a role lets its holder do. Use cases ask for
// permissions, never for roles, so that who may do what is decided in
// rolePermissions and nowhere else.
type Permission string

// Permissions on an organization.
const (
	PermOrgRead         Permission = "organization:read"             // see it, and types, definitions, drivers, profiles, the names of stores, registries and accounts
	PermUsersRead       Permission = "users:read"                    // see users, groups and their roles
	PermUsersManage     Permission = "users:manage"                  // invite and remove users, make groups and service users, give roles up to one's own
	PermAppCreate       Permission = "applications:create"           // create applications
	PermArtefactsRead   Permission = "artefacts:read"                // see artefacts, their versions, images and builds
	PermArtefactsWrite  Permission = "artefacts:write"               // register artefact versions, images and builds
	PermArtefactsDelete Permission = "artefacts:delete"              // delete and archive artefacts
	PermRegistryCreds   Permission = "registries:credentials"        //nolint:gosec // a name: fetch the credentials of a registry for CI
	PermPlatformWrite   Permission = "platform:write"                // environment types, resource types, classes, definitions, criteria, drivers, profiles, catalogue
	PermPoliciesWrite   Permission = "policies:write"                // policies about what deployments may do
	PermStoresManage    Permission = "stores:manage"                 // secret stores
	PermRegistriesWrite Permission = "registries:write"              // registries
	PermAccountsManage  Permission = "accounts:manage"               // resource accounts
	PermAgentsManage    Permission = "agents:manage"                 // agents and their keys
	PermKeysManage      Permission = "keys:manage"                   // public keys of the organization
	PermGroupsManage    Permission = "group-members:manage"          // who is in a group, where no identity provider says so
	PermEnvTypeUsers    Permission = "environment-type-users:manage" // give and take roles on environment types
	PermAuditRead       Permission = "audit:read"                    // the audit log
)

// Permissions on an application.
const (
	PermAppRead         Permission = "application:read"         // see everything in it but secrets
	PermAppWrite        Permission = "application:write"        // deltas, sets, name
	PermValuesWrite     Permission = "values:write"             // Shared Values and secrets
	PermEnvManage       Permission = "environments:manage"      // with PermDeploy: create, change and delete environments
	PermAppDeploy       Permission = "deployments:create"       // with PermDeploy: deploy, cancel, pin, queue policy
	PermFreezeOverride  Permission = "freeze:override"          // with PermDeploy: deploy although a freeze window is open
	PermRuntimeWrite    Permission = "runtime:write"            // with PermDeploy: scale, pause and restart workloads
	PermAutomationWrite Permission = "automation:write"         // with PermDeploy: automation rules
	PermPipelinesRun    Permission = "pipelines:run"            // start, cancel and approve runs
	PermPipelinesWrite  Permission = "pipelines:write"          // define pipelines and their criteria
	PermWebhooksWrite   Permission = "webhooks:write"           // webhooks
	PermDriftWrite      Permission = "drift:write"              // what scans for drift ignore in all environments
	PermAppUsersManage  Permission = "application-users:manage" // give and take roles on the application
	PermAppDelete       Permission = "application:delete"       // with PermDeploy on the types of all its environments
)

// PermDeploy is the permission on an environment type.
const PermDeploy Permission = "environment-type:deploy"

// Building blocks of rolePermissions; each kind of role contains the weaker ones.
var (
	memberPerms      = []Permission{PermOrgRead, PermUsersRead, PermArtefactsRead}
	contributorPerms = []Permission{PermOrgRead, PermArtefactsRead, PermArtefactsWrite, PermRegistryCreds}
	managerPerms     = allOf(memberPerms, contributorPerms, []Permission{PermUsersManage, PermAppCreate})
	platformPerms    = []Permission{
		PermArtefactsDelete, PermPlatformWrite, PermPoliciesWrite, PermStoresManage, PermRegistriesWrite, PermAccountsManage,
		PermAgentsManage, PermKeysManage, PermGroupsManage, PermEnvTypeUsers, PermAuditRead,
	}

	viewerPerms    = []Permission{PermAppRead}
	developerPerms = allOf(viewerPerms, []Permission{
		PermAppWrite, PermValuesWrite, PermEnvManage, PermAppDeploy, PermRuntimeWrite, PermAutomationWrite, PermPipelinesRun,
	})
	ownerPerms = allOf(developerPerms, []Permission{
		PermPipelinesWrite, PermFreezeOverride, PermWebhooksWrite, PermDriftWrite, PermAppUsersManage, PermAppDelete,
	})
	deployerPerms = []Permission{PermDeploy}
)

// rolePermissions is the whole matrix: what a role permits on the object it is
// held on, and, for a role on an organization, on everything inside it.
var rolePermissions = map[string][]Permission{
	RoleOrgViewer:           allOf(memberPerms, viewerPerms),
	RoleArtefactContributor: contributorPerms,
	RoleMember:              memberPerms,
	RoleManager:             managerPerms,
	RoleAdministrator:       allOf(managerPerms, platformPerms, ownerPerms, deployerPerms),

	RoleViewer:    viewerPerms,
	RoleDeveloper: developerPerms,
	RoleOwner:     ownerPerms,

	RoleDeployer: deployerPerms,
}

// The roles on each kind of object, weak to strong. The order decides which of
// several roles counts (one's own and those of one's groups), and which roles
// somebody may give.
var (
	orgRoles     = []string{RoleOrgViewer, RoleArtefactContributor, RoleMember, RoleManager, RoleAdministrator}
	appRoles     = []string{RoleViewer, RoleDeveloper, RoleOwner}
	envTypeRoles = []string{RoleDeployer}
)

// rankOf is the place of a role among those of its kind, from 1; 0 for no role.
func rankOf(role string) int {
	for _, kind := range [][]string{orgRoles, appRoles, envTypeRoles} {
		if i := slices.Index(kind, role); i >= 0 {
			return i + 1
		}
	}
	return 0
}

// rolesWith lists the roles that give a permission, sorted.
func rolesWith(p Permission) []string {
	var roles []string
	for role := range maps.Keys(rolePermissions) {
		if slices.Contains(rolePermissions[role], p) {
			roles = append(roles, role)
		}
	}
	slices.Sort(roles)
	return roles
}

func allOf(lists ...[]Permission) []Permission {
	all := slices.Concat(lists...)
	slices.Sort(all)
	return slices.Compact(all)
}
