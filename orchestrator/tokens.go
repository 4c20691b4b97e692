package orchestrator

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"strings"
	"time"
)

// TokenPrefix starts every token, so that scanners recognize a leaked one.
const TokenPrefix = "sw_"

// TokenStatic is the one type of tokens that can be created.
const TokenStatic = "static"

// NewTokenValue makes a new random token.
func NewTokenValue() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return TokenPrefix + base64.RawURLEncoding.EncodeToString(b)
}

// TokenRequest asks for a new token.
type TokenRequest struct {
	ID          string
	Type        string
	Description string
	ExpiresAt   *time.Time // nil = never
}

// CreateToken makes a token for a user. The token itself is returned this once;
// only its hash is kept.
func (s *Service) CreateToken(ctx context.Context, userID string, req TokenRequest) (string, *Token, error) {
	if err := s.requireTokensOf(ctx, userID); err != nil {
		return "", nil, err
	}
	if req.ID == "" || len(req.ID) > maxKey {
		return "", nil, Invalidf("id: %q is not valid; use 1 to %d characters", shorten(req.ID), maxKey)
	}
	if req.Type != TokenStatic {
		return "", nil, Invalidf("type: expected %q, got %q", TokenStatic, shorten(req.Type))
	}
	now := s.now()
	if req.ExpiresAt != nil && !req.ExpiresAt.After(now) {
		return "", nil, Invalidf("expires_at: %s is in the past", req.ExpiresAt.UTC().Format(time.RFC3339))
	}
	value := NewTokenValue()
	token := &Token{
		UserID: userID, ID: req.ID, Type: req.Type, Description: req.Description, Hash: HashToken(value),
		CreatedAt: now, CreatedBy: ActorFrom(ctx).UserID, ExpiresAt: req.ExpiresAt,
	}
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.CreateToken(ctx, token); err != nil {
			return err
		}
		return s.auditOfUser(ctx, userID, created("", "token", tokenObjectPath(userID, token.ID), tokenState(token)))
	})
	if err != nil {
		return "", nil, err
	}
	return value, token, nil
}

// ListTokens describes the tokens of a user.
func (s *Service) ListTokens(ctx context.Context, userID string) ([]Token, error) {
	if err := s.requireTokensOf(ctx, userID); err != nil {
		return nil, err
	}
	return s.store.ListTokens(ctx, userID)
}

// GetToken describes one token of a user.
func (s *Service) GetToken(ctx context.Context, userID, id string) (*Token, error) {
	if err := s.requireTokensOf(ctx, userID); err != nil {
		return nil, err
	}
	return s.store.GetToken(ctx, userID, id)
}

// DeleteToken ends a token at once.
func (s *Service) DeleteToken(ctx context.Context, userID, id string) error {
	if err := s.requireTokensOf(ctx, userID); err != nil {
		return err
	}
	return s.store.InTx(ctx, func(ctx context.Context) error {
		token, err := s.store.GetToken(ctx, userID, id)
		if err != nil {
			return err
		}
		if err := s.store.DeleteToken(ctx, userID, id); err != nil {
			return err
		}
		return s.auditOfUser(ctx, userID, deleted("", "token", tokenObjectPath(userID, id), tokenState(token)))
	})
}

func tokenObjectPath(userID, id string) string { return "/users/" + userID + "/tokens/" + id }

func tokenState(t *Token) map[string]any {
	state := map[string]any{"id": t.ID, "type": t.Type, "description": t.Description}
	if t.ExpiresAt != nil {
		state["expires_at"] = *t.ExpiresAt
	}
	return state
}

// requireTokensOf lets users manage their own tokens, and administrators those
// of service users. A service user with roles in several organizations is left
// to those who administer all of them: its token opens every one.
func (s *Service) requireTokensOf(ctx context.Context, userID string) error {
	actor := ActorFrom(ctx)
	if actor.System || (actor.UserID != "" && actor.UserID == userID) {
		return nil
	}
	unknown := NotFoundf("user %q does not exist", userID)
	user, err := s.store.GetUser(ctx, userID)
	if IsNotFound(err) {
		return unknown
	}
	if err != nil {
		return err
	}
	bindings, err := s.store.RolesOf(ctx, userID)
	if err != nil {
		return err
	}
	throughGroups, err := s.store.GroupRolesOf(ctx, userID)
	if err != nil {
		return err
	}
	bindings = append(bindings, throughGroups...)
	shared, all := false, len(bindings) > 0
	for _, b := range bindings {
		role := orgRole(actor, b.OrgID)
		shared = shared || role != ""
		all = all && role == RoleAdministrator
	}
	if !shared {
		return unknown
	}
	if user.Type != "service" || !all {
		return Forbiddenf("only %s may manage the tokens of user %q", managersOf(user), userID)
	}
	return nil
}

func managersOf(user *User) string {
	who := []string{"the user"}
	if user.Type == "service" {
		who = append(who, "administrators of all its organizations")
	}
	return strings.Join(who, " and ")
}
