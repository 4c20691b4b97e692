package orchestrator

import (
	"context"
	"time"
)

// Group is a group of an identity provider that holds roles in an organization;
// a user of type "group" with the same id stands for it in RoleBindings.
type Group struct {
	OrgID     string
	ID        string // "g-<uuid>"
	IDP       string // identity provider, as the settings of the sign-in name it
	GroupID   string // name of the group there
	CreatedAt time.Time
}

// Membership makes a user a member of a group.
type Membership struct {
	OrgID     string
	GroupID   string // Group.ID
	UserID    string
	CreatedAt time.Time
}

// Invitation is how a person comes into an organization. Until it is accepted
// its user is a temporary one that cannot sign in.
type Invitation struct {
	OrgID      string
	UserID     string
	Email      string // lower case
	Hash       string // of the token that accepts it
	CreatedAt  time.Time
	CreatedBy  string
	ExpiresAt  time.Time
	AcceptedAt *time.Time
}

// Identity is who a subject of an OpenID Connect issuer is.
type Identity struct {
	Issuer      string
	Subject     string
	UserID      string
	Email       string
	CreatedAt   time.Time
	LastLoginAt time.Time
}

// PeopleStore keeps what belongs to users beside tokens and roles.
type PeopleStore interface {
	// LockOrganization keeps, inside InTx, other transactions from locking the
	// organization until this one ends.
	LockOrganization(ctx context.Context, org string) error
	// GetUsers reads those of the users that exist, by id.
	GetUsers(ctx context.Context, ids []string) ([]User, error)
	// DeleteUser deletes a user or group with tokens, roles, memberships,
	// invitations and identities.
	DeleteUser(ctx context.Context, id string) error
	// DeleteRolesOf takes away every role of the subject in the organization.
	DeleteRolesOf(ctx context.Context, org, subjectID string) error
	// RolesIn lists all roles in the organization, by subject and object.
	RolesIn(ctx context.Context, org string) ([]RoleBinding, error)
	// DeleteTokens ends the tokens of a user, of one type or of all (""); with
	// expired only those that expired by then.
	DeleteTokens(ctx context.Context, userID, kind string, expired *time.Time) error

	// CreateGroup also creates the user of type "group". CodeConflict when the
	// organization has a group of that name of the identity provider.
	CreateGroup(ctx context.Context, g *Group) error
	GetGroup(ctx context.Context, org, id string) (*Group, error)
	ListGroups(ctx context.Context, org string) ([]Group, error)
	// GroupsOfIdP lists the groups of an identity provider in all
	// organizations; only for the sign-in.
	GroupsOfIdP(ctx context.Context, idp string) ([]Group, error)
	PutMember(ctx context.Context, m Membership) error
	DeleteMember(ctx context.Context, org, group, user string) error
	MembersOf(ctx context.Context, org, group string) ([]Membership, error)
	// MembershipsOf lists those of a user in all organizations.
	MembershipsOf(ctx context.Context, user string) ([]Membership, error)
	// GroupRolesOf lists the roles in all organizations that a user has through groups.
	GroupRolesOf(ctx context.Context, user string) ([]RoleBinding, error)

	// PutInvitation stores the one invitation of the user to the organization.
	PutInvitation(ctx context.Context, i Invitation) error
	// ListInvitations lists those of an organization, accepted or not, oldest first.
	ListInvitations(ctx context.Context, org string) ([]Invitation, error)
	// InvitationByHash finds an invitation of any organization.
	InvitationByHash(ctx context.Context, hash string) (*Invitation, error)
	// OpenInvitations lists those of any organization that the address may
	// accept at that time.
	OpenInvitations(ctx context.Context, email string, at time.Time) ([]Invitation, error)

	GetIdentity(ctx context.Context, issuer, subject string) (*Identity, error)
	PutIdentity(ctx context.Context, i Identity) error

	AuditStore
}

// AuditStore keeps the audit log.
type AuditStore interface {
	// AppendAudit stores an entry and fills its Seq.
	AppendAudit(ctx context.Context, e *AuditEntry) error
	// ListAudit lists newest first, at most limit.
	ListAudit(ctx context.Context, org string, f AuditFilter, limit int) ([]AuditEntry, error)
	// PruneAudit deletes entries of all organizations from before then, at most
	// limit, and returns how many; only for the system itself.
	PruneAudit(ctx context.Context, before time.Time, limit int) (int, error)
}
