package store

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
)

type userRow struct {
	ID         string `gorm:"primaryKey"`
	Name       string
	Email      string
	Type       string
	Properties doc[map[string]any]
	Created    int64 `gorm:"column:created_at"`
	Version    int64
}

// TableName names the table.
func (userRow) TableName() string { return "users" }

func (r userRow) domain() orchestrator.User {
	return orchestrator.User{
		ID: r.ID, Name: r.Name, Email: r.Email, Type: r.Type, Properties: r.Properties.V,
		CreatedAt: instant(r.Created), Version: r.Version,
	}
}

func userObject(id string) object { return object{"user", id} }

// CreateUser stores a user.
func (s *Store) CreateUser(ctx context.Context, u *orchestrator.User) error {
	row := userRow{
		ID: u.ID, Name: u.Name, Email: u.Email, Type: u.Type, Properties: doc[map[string]any]{u.Properties},
		Created: nanos(u.CreatedAt), Version: 1,
	}
	if err := s.insert(ctx, &row, userObject(u.ID), object{}); err != nil {
		return err
	}
	u.Version = row.Version
	return nil
}

// GetUser reads a user.
func (s *Store) GetUser(ctx context.Context, id string) (*orchestrator.User, error) {
	row, err := find[userRow](ctx, s, key{"id": id}, userObject(id))
	if err != nil {
		return nil, err
	}
	u := row.domain()
	return &u, nil
}

// UpdateUser writes a user's name, email, type and properties.
func (s *Store) UpdateUser(ctx context.Context, u *orchestrator.User) error {
	set := columns{"name": u.Name, "email": u.Email, "type": u.Type, "properties": doc[map[string]any]{u.Properties}}
	return s.update(ctx, &userRow{}, key{"id": u.ID}, &u.Version, set, userObject(u.ID))
}
