package orchestrator

import "context"

// Roles on applications and environment types. Only subjects that have a role
// in the organization can get one.

// ListAppUsers lists who has a role on the application.
func (s *Service) ListAppUsers(ctx context.Context, org, app string, kind SubjectKind) ([]UserRole, error) {
	if _, err := s.readApp(ctx, org, app, RoleViewer); err != nil {
		return nil, err
	}
	if err := kind.check(); err != nil {
		return nil, err
	}
	return s.rolesOn(ctx, appRoleObject(org, app), kind)
}

// GetAppUser returns a subject's role on the application.
func (s *Service) GetAppUser(ctx context.Context, org, app, subject string) (*UserRole, error) {
	if _, err := s.readApp(ctx, org, app, RoleViewer); err != nil {
		return nil, err
	}
	return s.roleOn(ctx, appRoleObject(org, app), subject)
}

// AddAppUser gives a subject a role on the application, or another one.
func (s *Service) AddAppUser(ctx context.Context, org, app, subject, role string) (*UserRole, error) {
	if err := s.requireAppUsers(ctx, org, app); err != nil {
		return nil, err
	}
	return s.addRoleInside(ctx, appRoleObject(org, app), subject, role)
}

// ChangeAppUser changes the role that a subject has on the application.
func (s *Service) ChangeAppUser(ctx context.Context, org, app, subject, role string) (*UserRole, error) {
	if err := s.requireAppUsers(ctx, org, app); err != nil {
		return nil, err
	}
	return s.changeRoleInside(ctx, appRoleObject(org, app), subject, role)
}

// RemoveAppUser takes a subject's role on the application away.
func (s *Service) RemoveAppUser(ctx context.Context, org, app, subject string) error {
	if err := s.requireAppUsers(ctx, org, app); err != nil {
		return err
	}
	return s.takeRole(ctx, appRoleObject(org, app), subject)
}

func (s *Service) requireAppUsers(ctx context.Context, org, app string) error {
	if err := s.requireAppPerm(ctx, org, app, PermAppUsersManage); err != nil {
		return err
	}
	_, err := s.store.GetApplication(ctx, org, app)
	return err
}

// ListEnvTypeUsers lists who has a role on the environment type.
func (s *Service) ListEnvTypeUsers(ctx context.Context, org, envType string, kind SubjectKind) ([]UserRole, error) {
	if err := s.requireEnvTypeUsers(ctx, org, envType, PermUsersRead); err != nil {
		return nil, err
	}
	if err := kind.check(); err != nil {
		return nil, err
	}
	return s.rolesOn(ctx, envTypeRoleObject(org, envType), kind)
}

// GetEnvTypeUser returns a subject's role on the environment type.
func (s *Service) GetEnvTypeUser(ctx context.Context, org, envType, subject string) (*UserRole, error) {
	if err := s.requireEnvTypeUsers(ctx, org, envType, PermUsersRead); err != nil {
		return nil, err
	}
	return s.roleOn(ctx, envTypeRoleObject(org, envType), subject)
}

// AddEnvTypeUser gives a subject a role on the environment type.
func (s *Service) AddEnvTypeUser(ctx context.Context, org, envType, subject, role string) (*UserRole, error) {
	if err := s.requireEnvTypeUsers(ctx, org, envType, PermEnvTypeUsers); err != nil {
		return nil, err
	}
	return s.addRoleInside(ctx, envTypeRoleObject(org, envType), subject, role)
}

// ChangeEnvTypeUser changes the role that a subject has on the environment type.
func (s *Service) ChangeEnvTypeUser(ctx context.Context, org, envType, subject, role string) (*UserRole, error) {
	if err := s.requireEnvTypeUsers(ctx, org, envType, PermEnvTypeUsers); err != nil {
		return nil, err
	}
	return s.changeRoleInside(ctx, envTypeRoleObject(org, envType), subject, role)
}

// RemoveEnvTypeUser takes a subject's role on the environment type away.
func (s *Service) RemoveEnvTypeUser(ctx context.Context, org, envType, subject string) error {
	if err := s.requireEnvTypeUsers(ctx, org, envType, PermEnvTypeUsers); err != nil {
		return err
	}
	return s.takeRole(ctx, envTypeRoleObject(org, envType), subject)
}

func (s *Service) requireEnvTypeUsers(ctx context.Context, org, envType string, p Permission) error {
	if err := s.requireOrgPerm(ctx, org, p); err != nil {
		return err
	}
	_, err := s.store.GetEnvironmentType(ctx, org, envType)
	return err
}

func (s *Service) addRoleInside(ctx context.Context, o roleObject, subject, role string) (*UserRole, error) {
	if err := o.checkRole(role); err != nil {
		return nil, err
	}
	var given *UserRole
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.LockOrganization(ctx, o.org); err != nil { // against a removal from it at the same time
			return err
		}
		if _, err := s.roleOn(ctx, orgRoleObject(o.org), subject); err != nil {
			return asInvalid(err, "id")
		}
		var err error
		given, err = s.giveRole(ctx, o, subject, role)
		return err
	})
	return given, err
}

func (s *Service) changeRoleInside(ctx context.Context, o roleObject, subject, role string) (*UserRole, error) {
	if err := o.checkRole(role); err != nil {
		return nil, err
	}
	var given *UserRole
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.LockOrganization(ctx, o.org); err != nil {
			return err
		}
		if _, err := s.roleOn(ctx, o, subject); err != nil {
			return err
		}
		var err error
		given, err = s.giveRole(ctx, o, subject, role)
		return err
	})
	return given, err
}
