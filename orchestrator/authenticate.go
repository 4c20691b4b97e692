package orchestrator

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// touchInterval is how exact the time of last use of a token is: more exact
// would be one write per request.
const touchInterval = time.Minute

// touchTimeout is how long a request waits for that write at most.
const touchTimeout = 250 * time.Millisecond

// HashToken is how tokens are stored: hex SHA-256. Tokens are random and long,
// so a slow hash would protect nothing.
func HashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Authenticate finds out who a token belongs to, with all roles. It answers
// CodeUnauthenticated when the token is unknown or expired.
func (s *Service) Authenticate(ctx context.Context, token string) (Actor, error) {
	return s.authenticate(ctx, HashToken(token))
}

// Renewed returns a context whose Actor has the roles that it has now, for what
// goes on for longer than a request. CodeUnauthenticated when its token is gone or
// has expired.
func (s *Service) Renewed(ctx context.Context) (context.Context, error) {
	actor := ActorFrom(ctx)
	if actor.token == "" {
		return ctx, nil
	}
	actor, err := s.authenticate(ctx, actor.token)
	if err != nil {
		return nil, err
	}
	return WithActor(ctx, actor), nil
}

func (s *Service) authenticate(ctx context.Context, hash string) (Actor, error) {
	stored, err := s.store.TokenByHash(ctx, hash)
	if IsNotFound(err) {
		return Actor{}, Errorf(CodeUnauthenticated, "the token is not known")
	}
	if err != nil {
		return Actor{}, err
	}
	now := s.now()
	if stored.ExpiresAt != nil && !now.Before(*stored.ExpiresAt) {
		return Actor{}, Errorf(CodeUnauthenticated, "the token expired on %s", stored.ExpiresAt.UTC().Format(time.RFC3339))
	}
	user, err := s.store.GetUser(ctx, stored.UserID)
	if IsNotFound(err) {
		return Actor{}, Errorf(CodeUnauthenticated, "the user of the token does not exist any more")
	}
	if err != nil {
		return Actor{}, err
	}
	roles, err := s.rolesOf(ctx, user.ID)
	if err != nil {
		return Actor{}, err
	}
	if stored.LastUsedAt == nil || now.Sub(*stored.LastUsedAt) >= touchInterval {
		s.touch(ctx, stored, now)
	}
	return Actor{UserID: user.ID, Type: user.Type, Roles: roles, token: hash}, nil
}

// touch notes the time of last use. A request must neither fail nor wait long
// because of that.
func (s *Service) touch(ctx context.Context, token *Token, at time.Time) {
	ctx, cancel := context.WithTimeout(ctx, touchTimeout)
	defer cancel()
	if err := s.store.TouchToken(ctx, token.UserID, token.ID, at); err != nil {
		s.log.Warn("the time of last use of a token could not be stored", "token", token.ID, "error", err)
	}
}

// rolesOf maps objects to the user's role on them: the strongest of its own and
// those of its groups. Roles inside an organization count only with a role on it.
func (s *Service) rolesOf(ctx context.Context, userID string) (map[string]string, error) {
	bindings, err := s.store.RolesOf(ctx, userID)
	if err != nil {
		return nil, err
	}
	throughGroups, err := s.store.GroupRolesOf(ctx, userID)
	if err != nil {
		return nil, err
	}
	roles := make(map[string]string, len(bindings)+len(throughGroups))
	for _, b := range append(bindings, throughGroups...) {
		if rankOf(b.Role) > rankOf(roles[b.Object]) {
			roles[b.Object] = b.Role
		}
	}
	return roles, nil
}
