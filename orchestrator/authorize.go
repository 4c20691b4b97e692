package orchestrator

import (
	"context"
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

var appRank = map[string]int{RoleViewer: 1, RoleDeveloper: 2, RoleOwner: 3}

// orgRole is the actor's role in the organization, "" when it has none at all.
// Whoever holds any role on something inside the organization is at least a
// member of it.
func orgRole(a Actor, org string) string { return a.Roles[OrgObject(org)] }

// requireOrg answers CodeNotFound unless the actor belongs to the organization
// and the organization exists: to everybody else it does not exist.
func (s *Service) requireOrg(ctx context.Context, org string) error {
	a := ActorFrom(ctx)
	if !a.System && orgRole(a, org) == "" {
		return NotFoundf("organization %q does not exist", org)
	}
	return nil
}

// requireOrgAdmin lets only administrators pass; they alone change resource
// types, definitions, drivers and the like.
func (s *Service) requireOrgAdmin(ctx context.Context, org, what string) error {
	if err := s.requireOrg(ctx, org); err != nil {
		return err
	}
	a := ActorFrom(ctx)
	if a.System || orgRole(a, org) == RoleAdministrator {
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

// requireAppCreator lets managers and administrators pass.
func (s *Service) requireAppCreator(ctx context.Context, org string) error {
	if err := s.requireOrg(ctx, org); err != nil {
		return err
	}
	a := ActorFrom(ctx)
	if role := orgRole(a, org); a.System || role == RoleAdministrator || role == RoleManager {
		return nil
	}
	return Forbiddenf("only managers and administrators of organization %q may create applications", org)
}

// requireApp lets those pass who hold at least the given application role.
// Administrators act as owners; orgViewers read everything. An application the
// actor may not even read does not exist for it.
func (s *Service) requireApp(ctx context.Context, org, app, role string) error {
	if err := s.requireOrg(ctx, org); err != nil {
		return err
	}
	a := ActorFrom(ctx)
	if a.System || orgRole(a, org) == RoleAdministrator {
		return nil
	}
	have := appRank[a.Roles[AppObject(org, app)]]
	if have == 0 && orgRole(a, org) == RoleOrgViewer {
		have = appRank[RoleViewer]
	}
	if have == 0 {
		return NotFoundf("application %q does not exist", app)
	}
	if have < appRank[role] {
		return Forbiddenf("this needs the role %q on application %q", role, app)
	}
	return nil
}

// requireDeployer lets those pass who are developers of the application and
// deployers of the environment type.
func (s *Service) requireDeployer(ctx context.Context, org, app, envType string) error {
	if err := s.requireApp(ctx, org, app, RoleDeveloper); err != nil {
		return err
	}
	a := ActorFrom(ctx)
	if a.System || orgRole(a, org) == RoleAdministrator {
		return nil
	}
	if a.Roles[EnvTypeObject(org, envType)] == RoleDeployer {
		return nil
	}
	return Forbiddenf("this needs the role %q on environment type %q", RoleDeployer, envType)
}
