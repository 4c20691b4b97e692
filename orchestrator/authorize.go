package orchestrator

// Authorization, in one place. A use case asks before it reads or changes
// anything:
//
//	s.requireOrgPerm(ctx, org, PermStoresManage)            // something of the organization
//	s.requireAppPerm(ctx, org, app, PermWebhooksWrite)      // something of an application
//	s.requireDeployPerm(ctx, org, app, envType, PermAutomationWrite) // and deployer of the environment's type
//	s.may(ctx, PermAppRead, onApp(org, app))                // true or false, to filter a list
//
// The permissions and which role gives them are in permissions.go. Reading what
// everybody in the organization may see is PermOrgRead (short: s.requireOrg);
// artefactContributor, manager and administrator have PermArtefactsWrite;
// manager and administrator PermAppCreate and PermUsersManage; administrator
// alone PermPlatformWrite, PermStoresManage, PermRegistriesWrite,
// PermAccountsManage, PermAgentsManage, PermKeysManage, PermAuditRead.
//
// What one may not even read does not exist (CodeNotFound); what one may read
// but not change is CodeForbidden, naming the roles that would do.

import (
	"context"
	"slices"
	"strings"
)

// Organization roles, weak to strong (docs/reference/roles.md).
const (
	RoleOrgViewer           = "orgViewer"
	RoleArtefactContributor = "artefactContributor"
	RoleMember              = "member"
	RoleManager             = "manager"
	RoleAdministrator       = "administrator"
)

// Application and environment type roles.
const (
	RoleViewer    = "viewer"
	RoleDeveloper = "developer"
	RoleOwner     = "owner"
	RoleDeployer  = "deployer"
)

// permScope is the object a permission is asked for on.
type permScope struct{ org, app, envType string }

func onOrg(org string) permScope              { return permScope{org: org} }
func onApp(org, app string) permScope         { return permScope{org: org, app: app} }
func onEnvType(org, envType string) permScope { return permScope{org: org, envType: envType} }

// object is the authorization name of the scope, and what people call it.
func (sc permScope) object() (name, title string) {
	switch {
	case sc.app != "":
		return AppObject(sc.org, sc.app), "application " + quote(sc.app)
	case sc.envType != "":
		return EnvTypeObject(sc.org, sc.envType), "environment type " + quote(sc.envType)
	}
	return OrgObject(sc.org), "organization " + quote(sc.org)
}

func quote(s string) string { return `"` + s + `"` }

// orgRole is the actor's role in the organization, "" when it has none at all.
// Whoever holds any role on something inside the organization is at least a
// member of it.
func orgRole(a Actor, org string) string { return a.Roles[OrgObject(org)] }

// can reports whether the actor's role on the object, or on the organization it
// is in, gives the permission. Who has no role in the organization has no
// permission in it, whatever other roles are left over.
func (a Actor) can(p Permission, sc permScope) bool {
	if a.System {
		return true
	}
	role := orgRole(a, sc.org)
	if role == "" {
		return false
	}
	if slices.Contains(rolePermissions[role], p) {
		return true
	}
	object, _ := sc.object()
	return slices.Contains(rolePermissions[a.Roles[object]], p)
}

// may reports whether the one who asks has the permission.
func (s *Service) may(ctx context.Context, p Permission, sc permScope) bool {
	return ActorFrom(ctx).can(p, sc)
}

// requireOrg answers CodeNotFound unless the actor belongs to the organization:
// to everybody else it does not exist.
func (s *Service) requireOrg(ctx context.Context, org string) error {
	if !s.may(ctx, PermOrgRead, onOrg(org)) {
		return NotFoundf("organization %q does not exist", org)
	}
	return nil
}

// requireOrgPerm lets those pass who have the permission on the organization.
func (s *Service) requireOrgPerm(ctx context.Context, org string, p Permission) error {
	if err := s.requireOrg(ctx, org); err != nil {
		return err
	}
	return s.requirePerm(ctx, p, onOrg(org))
}

// requireAppPerm lets those pass who have the permission on the application. An
// application that the actor may not even read does not exist for it.
func (s *Service) requireAppPerm(ctx context.Context, org, app string, p Permission) error {
	if err := s.requireOrg(ctx, org); err != nil {
		return err
	}
	if !s.may(ctx, PermAppRead, onApp(org, app)) {
		return NotFoundf("application %q does not exist", app)
	}
	return s.requirePerm(ctx, p, onApp(org, app))
}

// requireDeployPerm lets those pass who have the permission on the application
// and may deploy to environments of the type.
func (s *Service) requireDeployPerm(ctx context.Context, org, app, envType string, p Permission) error {
	if err := s.requireAppPerm(ctx, org, app, p); err != nil {
		return err
	}
	return s.requirePerm(ctx, PermDeploy, onEnvType(org, envType))
}

// requirePerm answers CodeForbidden, naming the roles that would do.
func (s *Service) requirePerm(ctx context.Context, p Permission, sc permScope) error {
	if s.may(ctx, p, sc) {
		return nil
	}
	_, title := sc.object()
	return Forbiddenf("this needs the permission %q on %s, which these roles give: %s", p, title, strings.Join(rolesWith(p), ", "))
}

// requireOrgAdmin lets only administrators pass; they alone change resource
// types, definitions, drivers and the like.
func (s *Service) requireOrgAdmin(ctx context.Context, org, what string) error {
	if err := s.requireOrg(ctx, org); err != nil {
		return err
	}
	if s.may(ctx, PermPlatformWrite, onOrg(org)) {
		return nil
	}
	return Forbiddenf("only an administrator of organization %q may %s", org, what)
}

// requireEveryOrgAdmin lets only those pass who administer every organization
// of the installation: for what belongs to no organization in particular.
func (s *Service) requireEveryOrgAdmin(ctx context.Context, what string) error {
	a := ActorFrom(ctx)
	if a.System {
		return nil
	}
	refused := Forbiddenf("only a user who administers every organization of this installation may %s", what)
	all, err := s.store.AllOrganizations(ctx)
	if err != nil {
		return err
	}
	for _, org := range all {
		if orgRole(a, org.ID) != RoleAdministrator {
			return refused
		}
	}
	if len(all) == 0 {
		return refused
	}
	return nil
}

// requireApp lets those pass who hold at least the given application role.
func (s *Service) requireApp(ctx context.Context, org, app, role string) error {
	perm := map[string]Permission{RoleViewer: PermAppRead, RoleDeveloper: PermAppWrite, RoleOwner: PermAppDelete}[role]
	return s.requireAppPerm(ctx, org, app, perm)
}

// requireDeployer lets those pass who are developers of the application and
// deployers of the environment type.
func (s *Service) requireDeployer(ctx context.Context, org, app, envType string) error {
	return s.requireDeployPerm(ctx, org, app, envType, PermAppDeploy)
}
