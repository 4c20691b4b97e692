package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"github.com/slipway-dev/slipway/orchestrator"
)

// LockOrganization keeps other transactions from locking the organization until
// this one ends.
func (s *Store) LockOrganization(ctx context.Context, org string) error {
	var held []string
	err := s.writer(ctx).Model(&organizationRow{}).Where(key{"id": org}).
		Clauses(clause.Locking{Strength: lockNoKeyUpdate}).Limit(1).Pluck("id", &held).Error
	if err != nil {
		return s.fail(ctx, err, "lock organization "+org)
	}
	if len(held) == 0 {
		return organizationObject(org).missing()
	}
	return nil
}

// GetUsers reads those of the users that exist, by id.
func (s *Store) GetUsers(ctx context.Context, ids []string) ([]orchestrator.User, error) {
	if len(ids) == 0 {
		return []orchestrator.User{}, nil
	}
	return list(ctx, s, s.reader(ctx).Where(key{"id": ids}).Clauses(order("id")), "users", userRow.domain)
}

// DeleteUser deletes a user or group with tokens, roles, memberships,
// invitations and identities.
func (s *Store) DeleteUser(ctx context.Context, id string) error {
	return s.remove(ctx, &userRow{}, key{"id": id}, userObject(id))
}

// DeleteRolesOf takes away every role that the subject has in the organization.
func (s *Store) DeleteRolesOf(ctx context.Context, org, subjectID string) error {
	err := s.writer(ctx).Where(key{"org_id": org, "subject_id": subjectID}).Delete(&roleRow{}).Error
	return s.fail(ctx, err, "delete the roles of "+subjectID)
}

// RolesIn lists all roles in the organization, by subject and object.
func (s *Store) RolesIn(ctx context.Context, org string) ([]orchestrator.RoleBinding, error) {
	query := s.reader(ctx).Where(key{"org_id": org}).Clauses(order("subject_id", "object"))
	return list(ctx, s, query, "roles", roleRow.domain)
}

// DeleteTokens ends the tokens of a user: those of a type, or of all ("").
// With expired set, only those that expired before then.
func (s *Store) DeleteTokens(ctx context.Context, userID, kind string, expired *time.Time) error {
	query := s.writer(ctx).Where(key{"user_id": userID})
	if kind != "" {
		query = query.Where(key{"type": kind})
	}
	if expired != nil {
		query = query.Where("expires_at <= ?", nanos(*expired))
	}
	return s.fail(ctx, query.Delete(&tokenRow{}).Error, "delete the tokens of "+userID)
}

type identityRow struct {
	Issuer      string `gorm:"primaryKey"`
	Subject     string `gorm:"primaryKey"`
	UserID      string
	Email       string
	Created     int64 `gorm:"column:created_at"`
	LastLoginAt int64
}

// TableName names the table.
func (identityRow) TableName() string { return "identities" }

func (r identityRow) domain() orchestrator.Identity {
	return orchestrator.Identity{
		Issuer: r.Issuer, Subject: r.Subject, UserID: r.UserID, Email: r.Email,
		CreatedAt: instant(r.Created), LastLoginAt: instant(r.LastLoginAt),
	}
}

// GetIdentity finds who a subject of an issuer is.
func (s *Store) GetIdentity(ctx context.Context, issuer, subject string) (*orchestrator.Identity, error) {
	row, err := find[identityRow](ctx, s, key{"issuer": issuer, "subject": subject}, object{"identity", subject})
	if err != nil {
		return nil, err
	}
	i := row.domain()
	return &i, nil
}

// PutIdentity stores an identity, or its newest user, e-mail address and login.
func (s *Store) PutIdentity(ctx context.Context, i orchestrator.Identity) error {
	row := identityRow{
		Issuer: i.Issuer, Subject: i.Subject, UserID: i.UserID, Email: i.Email,
		Created: nanos(i.CreatedAt), LastLoginAt: nanos(i.LastLoginAt),
	}
	err := s.writer(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "issuer"}, {Name: "subject"}},
		DoUpdates: clause.AssignmentColumns([]string{"user_id", "email", "last_login_at"}),
	}).Create(&row).Error
	if err != nil && classify(err) == faultForeignKey {
		return userObject(i.UserID).missing()
	}
	return s.fail(ctx, err, "store the identity of "+i.UserID)
}
