package orchestrator

import "context"

// CurrentUser returns the one who asks, with the roles on all objects.
func (s *Service) CurrentUser(ctx context.Context) (*User, map[string]string, error) {
	actor := ActorFrom(ctx)
	if actor.UserID == "" {
		return nil, nil, Errorf(CodeUnauthenticated, "nobody is signed in")
	}
	user, err := s.store.GetUser(ctx, actor.UserID)
	if err != nil {
		return nil, nil, err
	}
	return user, actor.Roles, nil
}

// UpdateCurrentUser changes the name (nil = keep) and the properties (nil =
// keep, otherwise all of them are replaced) of the one who asks.
func (s *Service) UpdateCurrentUser(ctx context.Context, name *string, properties map[string]any) (*User, map[string]string, error) {
	if name != nil {
		if err := checkName("name", *name); err != nil {
			return nil, nil, err
		}
	}
	var user *User
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		var err error
		if user, _, err = s.CurrentUser(ctx); err != nil {
			return err
		}
		before := profile(user)
		if name != nil {
			user.Name = *name
		}
		if properties != nil {
			user.Properties = properties
		}
		if err := stale(s.store.UpdateUser(ctx, user)); err != nil {
			return err
		}
		return s.auditOfUser(ctx, user.ID, updated("", "user", "/users/"+user.ID, before, profile(user)))
	})
	if err != nil {
		return nil, nil, err
	}
	return user, ActorFrom(ctx).Roles, nil
}

// profile is what the audit log tells of a user: not the properties, which are
// the user's own.
func profile(u *User) map[string]any {
	return map[string]any{"id": u.ID, "name": u.Name, "email": u.Email, "type": u.Type}
}

// auditOfUser leaves an entry about something outside organizations in the
// audit logs of all organizations that the user has a role in.
func (s *Service) auditOfUser(ctx context.Context, userID string, c Change) error {
	bindings, err := s.store.RolesOf(ctx, userID)
	if err != nil {
		return err
	}
	throughGroups, err := s.store.GroupRolesOf(ctx, userID)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, b := range append(bindings, throughGroups...) {
		if seen[b.OrgID] {
			continue
		}
		seen[b.OrgID], c.Org = true, b.OrgID
		if err := s.audit(ctx, c); err != nil {
			return err
		}
	}
	return nil
}
