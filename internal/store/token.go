package store

import (
	"context"
	"time"

	"github.com/slipway-dev/slipway/orchestrator"
)

type tokenRow struct {
	UserID      string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	Type        string
	Description string
	Hash        string
	Created     int64 `gorm:"column:created_at"`
	CreatedBy   string
	ExpiresAt   *int64
	LastUsedAt  *int64
}

// TableName names the table.
func (tokenRow) TableName() string { return "tokens" }

func (r tokenRow) domain() orchestrator.Token {
	return orchestrator.Token{
		UserID: r.UserID, ID: r.ID, Type: r.Type, Description: r.Description, Hash: r.Hash,
		CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy,
		ExpiresAt: instantOrNil(r.ExpiresAt), LastUsedAt: instantOrNil(r.LastUsedAt),
	}
}

func tokenObject(id string) object { return object{"token", id} }

// CreateToken stores a token; also a hash that is taken is CodeConflict.
func (s *Store) CreateToken(ctx context.Context, t *orchestrator.Token) error {
	row := tokenRow{
		UserID: t.UserID, ID: t.ID, Type: t.Type, Description: t.Description, Hash: t.Hash,
		Created: nanos(t.CreatedAt), CreatedBy: t.CreatedBy,
		ExpiresAt: nanosOrNil(t.ExpiresAt), LastUsedAt: nanosOrNil(t.LastUsedAt),
	}
	return s.insert(ctx, &row, tokenObject(t.ID), userObject(t.UserID))
}

// GetToken reads a token of a user.
func (s *Store) GetToken(ctx context.Context, userID, id string) (*orchestrator.Token, error) {
	row, err := find[tokenRow](ctx, s, key{"user_id": userID, "id": id}, tokenObject(id))
	if err != nil {
		return nil, err
	}
	t := row.domain()
	return &t, nil
}

// TokenByHash finds a token whatever its expiry.
func (s *Store) TokenByHash(ctx context.Context, hash string) (*orchestrator.Token, error) {
	var rows []tokenRow
	if err := s.reader(ctx).Where(key{"hash": hash}).Limit(1).Find(&rows).Error; err != nil {
		return nil, s.fail(ctx, err, "look for the token")
	}
	if len(rows) == 0 {
		return nil, orchestrator.NotFoundf("the token is unknown")
	}
	t := rows[0].domain()
	return &t, nil
}

// ListTokens lists a user's tokens by id.
func (s *Store) ListTokens(ctx context.Context, userID string) ([]orchestrator.Token, error) {
	query := s.reader(ctx).Where(key{"user_id": userID}).Clauses(order("id"))
	return list(ctx, s, query, "tokens", tokenRow.domain)
}

// DeleteToken deletes a token.
func (s *Store) DeleteToken(ctx context.Context, userID, id string) error {
	return s.remove(ctx, &tokenRow{}, key{"user_id": userID, "id": id}, tokenObject(id))
}

// TouchToken records when a token was last used.
func (s *Store) TouchToken(ctx context.Context, userID, id string, at time.Time) error {
	set := columns{"last_used_at": nanos(at)}
	return s.overwrite(ctx, &tokenRow{}, key{"user_id": userID, "id": id}, set, tokenObject(id))
}
