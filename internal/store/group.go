package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"github.com/slipway-dev/slipway/orchestrator"
)

type groupRow struct {
	OrgID   string `gorm:"primaryKey"`
	ID      string `gorm:"primaryKey"`
	IdpID   string
	GroupID string
	Created int64 `gorm:"column:created_at"`
}

// TableName names the table.
func (groupRow) TableName() string { return "user_groups" }

func (r groupRow) domain() orchestrator.Group {
	return orchestrator.Group{OrgID: r.OrgID, ID: r.ID, IDP: r.IdpID, GroupID: r.GroupID, CreatedAt: instant(r.Created)}
}

func groupObject(id string) object { return object{"group", id} }

// CreateGroup stores a group with the user of type "group" that stands for it.
func (s *Store) CreateGroup(ctx context.Context, g *orchestrator.Group) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		subject := &orchestrator.User{ID: g.ID, Name: g.GroupID, Type: "group", CreatedAt: g.CreatedAt}
		if err := s.CreateUser(ctx, subject); err != nil {
			return err
		}
		row := groupRow{OrgID: g.OrgID, ID: g.ID, IdpID: g.IDP, GroupID: g.GroupID, Created: nanos(g.CreatedAt)}
		return s.insert(ctx, &row, object{"group of identity provider " + g.IDP, g.GroupID}, organizationObject(g.OrgID))
	})
}

// GetGroup reads a group.
func (s *Store) GetGroup(ctx context.Context, org, id string) (*orchestrator.Group, error) {
	row, err := find[groupRow](ctx, s, key{"org_id": org, "id": id}, groupObject(id))
	if err != nil {
		return nil, err
	}
	g := row.domain()
	return &g, nil
}

// ListGroups lists the groups of an organization by id.
func (s *Store) ListGroups(ctx context.Context, org string) ([]orchestrator.Group, error) {
	query := s.reader(ctx).Where(key{"org_id": org}).Clauses(order("id"))
	return list(ctx, s, query, "groups", groupRow.domain)
}

// GroupsOfIdP lists the groups of an identity provider in all organizations.
func (s *Store) GroupsOfIdP(ctx context.Context, idp string) ([]orchestrator.Group, error) {
	query := s.reader(systemWide(ctx)).Where(key{"idp_id": idp}).Clauses(order("org_id", "id"))
	return list(ctx, s, query, "groups", groupRow.domain)
}

type memberRow struct {
	OrgID   string `gorm:"primaryKey"`
	GroupID string `gorm:"primaryKey"`
	UserID  string `gorm:"primaryKey"`
	Created int64  `gorm:"column:created_at"`
}

// TableName names the table.
func (memberRow) TableName() string { return "group_members" }

func (r memberRow) domain() orchestrator.Membership {
	return orchestrator.Membership{OrgID: r.OrgID, GroupID: r.GroupID, UserID: r.UserID, CreatedAt: instant(r.Created)}
}

// PutMember makes a user a member of a group; that it is one already is no error.
func (s *Store) PutMember(ctx context.Context, m orchestrator.Membership) error {
	row := memberRow{OrgID: m.OrgID, GroupID: m.GroupID, UserID: m.UserID, Created: nanos(m.CreatedAt)}
	err := s.writer(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error
	if err != nil && classify(err) == faultForeignKey {
		return orchestrator.NotFoundf("group %q or user %q does not exist", m.GroupID, m.UserID)
	}
	return s.fail(ctx, err, "add a member to "+groupObject(m.GroupID).String())
}

// DeleteMember takes a user out of a group.
func (s *Store) DeleteMember(ctx context.Context, org, group, user string) error {
	where := key{"org_id": org, "group_id": group, "user_id": user}
	return s.remove(ctx, &memberRow{}, where, object{"membership in group " + group + " of user", user})
}

// MembersOf lists the members of a group by user.
func (s *Store) MembersOf(ctx context.Context, org, group string) ([]orchestrator.Membership, error) {
	query := s.reader(ctx).Where(key{"org_id": org, "group_id": group}).Clauses(order("user_id"))
	return list(ctx, s, query, "members", memberRow.domain)
}

// MembershipsOf lists the memberships of a user in all organizations.
func (s *Store) MembershipsOf(ctx context.Context, user string) ([]orchestrator.Membership, error) {
	query := s.reader(systemWide(ctx)).Where(key{"user_id": user}).Clauses(order("org_id", "group_id"))
	return list(ctx, s, query, "memberships", memberRow.domain)
}

// GroupRolesOf lists the roles in all organizations that a user has because a
// group has them.
func (s *Store) GroupRolesOf(ctx context.Context, user string) ([]orchestrator.RoleBinding, error) {
	ctx = systemWide(ctx)
	groups := s.reader(ctx).Model(&memberRow{}).Select("group_id").Where(key{"user_id": user})
	query := s.reader(ctx).Where("subject_id IN (?)", groups).Clauses(order("org_id", "object", "subject_id"))
	return list(ctx, s, query, "roles", roleRow.domain)
}

type invitationRow struct {
	OrgID      string `gorm:"primaryKey"`
	UserID     string `gorm:"primaryKey"`
	Email      string
	Hash       string
	Created    int64 `gorm:"column:created_at"`
	CreatedBy  string
	ExpiresAt  int64
	AcceptedAt *int64
}

// TableName names the table.
func (invitationRow) TableName() string { return "invitations" }

func (r invitationRow) domain() orchestrator.Invitation {
	return orchestrator.Invitation{
		OrgID: r.OrgID, UserID: r.UserID, Email: r.Email, Hash: r.Hash, CreatedAt: instant(r.Created), CreatedBy: r.CreatedBy,
		ExpiresAt: instant(r.ExpiresAt), AcceptedAt: instantOrNil(r.AcceptedAt),
	}
}

// PutInvitation stores the one invitation of a user to an organization.
func (s *Store) PutInvitation(ctx context.Context, i orchestrator.Invitation) error {
	row := invitationRow{
		OrgID: i.OrgID, UserID: i.UserID, Email: i.Email, Hash: i.Hash, Created: nanos(i.CreatedAt), CreatedBy: i.CreatedBy,
		ExpiresAt: nanos(i.ExpiresAt), AcceptedAt: nanosOrNil(i.AcceptedAt),
	}
	err := s.writer(ctx).Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "org_id"}, {Name: "user_id"}},
		DoUpdates: clause.AssignmentColumns([]string{
			"email", "hash", "created_at", "created_by", "expires_at", "accepted_at",
		}),
	}).Create(&row).Error
	if err != nil && classify(err) == faultForeignKey {
		return userObject(i.UserID).missing()
	}
	return s.fail(ctx, err, "store the invitation of "+i.Email)
}

// ListInvitations lists the invitations of an organization, accepted or not, by user.
func (s *Store) ListInvitations(ctx context.Context, org string) ([]orchestrator.Invitation, error) {
	query := s.reader(ctx).Where(key{"org_id": org}).Clauses(order("created_at", "user_id"))
	return list(ctx, s, query, "invitations", invitationRow.domain)
}

// InvitationByHash finds the invitation that a token is for.
func (s *Store) InvitationByHash(ctx context.Context, hash string) (*orchestrator.Invitation, error) {
	query := s.reader(systemWide(ctx)).Where(key{"hash": hash})
	row, err := take[invitationRow](ctx, s, query, object{"invitation", "of this token"})
	if err != nil {
		return nil, err
	}
	i := row.domain()
	return &i, nil
}

// OpenInvitations lists the invitations of an e-mail address to any
// organization that are neither accepted nor expired at that time.
func (s *Store) OpenInvitations(ctx context.Context, email string, at time.Time) ([]orchestrator.Invitation, error) {
	query := s.reader(systemWide(ctx)).Where(key{"email": email}).Where("accepted_at IS NULL AND expires_at > ?", nanos(at)).
		Clauses(order("org_id", "user_id"))
	return list(ctx, s, query, "invitations", invitationRow.domain)
}
