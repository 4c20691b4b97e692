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
		if name != nil {
			user.Name = *name
		}
		if properties != nil {
			user.Properties = properties
		}
		return stale(s.store.UpdateUser(ctx, user))
	})
	if err != nil {
		return nil, nil, err
	}
	return user, ActorFrom(ctx).Roles, nil
}
