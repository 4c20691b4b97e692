package orchestrator

import (
	"context"
	"net/mail"
	"slices"
	"strings"
	"time"
)

// States of an invitation.
const (
	InvitePending  = "pending"
	InviteExpired  = "expired"
	InviteAccepted = "accepted"
)

// invitationLife is how long an invitation can be accepted.
//
// Source: "Invitations" in the behaviour reference (10.3).
const invitationLife = 24 * time.Hour

// invitationPrefix starts the tokens that accept invitations, so that nobody
// takes one for a token of the API.
const invitationPrefix = "swi_"

// invitedToken is the id of the token that somebody gets by accepting.
const invitedToken = "invitation"

func (s *Service) inviteState(i Invitation) string {
	switch {
	case i.AcceptedAt != nil:
		return InviteAccepted
	case !s.now().Before(i.ExpiresAt):
		return InviteExpired
	}
	return InvitePending
}

// Invite is a new invitation. Slipway sends no e-mail: whoever invites passes
// the token on.
type Invite struct {
	UserRole
	Token     string // accepts the invitation; kept as a hash only
	ExpiresAt time.Time
}

// InviteUser invites a person to an organization. The person exists at once as
// a temporary user, so that roles can be given, but can do nothing before the
// invitation is accepted: by signing in with this e-mail address, or with the
// token. Inviting again replaces the invitation.
func (s *Service) InviteUser(ctx context.Context, org, email, role string) (*Invite, error) {
	if err := s.requireOrgPerm(ctx, org, PermUsersManage); err != nil {
		return nil, err
	}
	email, err := normalEmail(email)
	if err != nil {
		return nil, err
	}
	o := orgRoleObject(org)
	if err := o.checkRole(role); err != nil {
		return nil, err
	}
	if err := checkRoleForType(UserTypePerson, role); err != nil {
		return nil, err
	}
	if err := s.requireRank(ctx, org, role); err != nil {
		return nil, err
	}
	token := invitationPrefix + strings.TrimPrefix(NewTokenValue(), TokenPrefix)
	invite := &Invite{Token: token, ExpiresAt: s.now().Add(invitationLife)}
	err = s.audited(ctx, func(ctx context.Context) (Change, error) {
		user, err := s.temporaryUser(ctx, org, email)
		if err != nil {
			return Change{}, err
		}
		binding := RoleBinding{OrgID: org, SubjectID: user, Object: o.name, Role: role, CreatedAt: s.now()}
		if err := s.store.PutRole(ctx, binding); err != nil {
			return Change{}, err
		}
		err = s.store.PutInvitation(ctx, Invitation{
			OrgID: org, UserID: user, Email: email, Hash: HashToken(token), CreatedAt: s.now(), CreatedBy: ActorFrom(ctx).UserID,
			ExpiresAt: invite.ExpiresAt,
		})
		if err != nil {
			return Change{}, err
		}
		found, err := s.roleOn(ctx, o, user)
		if err != nil {
			return Change{}, err
		}
		invite.UserRole = *found
		after := map[string]any{"user_id": user, "email": email, "role": role, "expires_at": invite.ExpiresAt}
		return created(org, "invitation", OrgObject(org)+"/invitations/"+user, after), nil
	})
	return invite, err
}

func normalEmail(email string) (string, error) {
	address, err := mail.ParseAddress(email)
	if err != nil || address.Address != strings.TrimSpace(email) || len(email) > maxKey {
		return "", Invalidf("email: %q is not an e-mail address", shorten(email))
	}
	return strings.ToLower(address.Address), nil
}

// temporaryUser finds the user of an open invitation for the address, or makes
// one. Somebody who is in the organization already is CodeConflict.
func (s *Service) temporaryUser(ctx context.Context, org, email string) (string, error) {
	if err := s.store.LockOrganization(ctx, org); err != nil {
		return "", err
	}
	members, err := s.rolesOn(ctx, orgRoleObject(org), UserTypePerson)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(members, func(m UserRole) bool {
		return m.Type == UserTypePerson && strings.EqualFold(m.Email, email)
	})
	if at < 0 {
		user := &User{ID: newUUID(), Name: email, Email: email, Type: UserTypePerson, Properties: map[string]any{}, CreatedAt: s.now()}
		return user.ID, s.store.CreateUser(ctx, user)
	}
	if state := members[at].Invite; state != InvitePending && state != InviteExpired {
		return "", Conflictf("%s belongs to organization %q already, as user %q; change the role of that user", email, org, members[at].ID)
	}
	return members[at].ID, s.requireRank(ctx, org, members[at].Role)
}

// ListInvitations lists the invitations that were not accepted, expired ones
// included, oldest first.
func (s *Service) ListInvitations(ctx context.Context, org string) ([]Invitation, error) {
	if err := s.requireOrgPerm(ctx, org, PermUsersManage); err != nil {
		return nil, err
	}
	all, err := s.store.ListInvitations(ctx, org)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(i Invitation) bool { return i.AcceptedAt != nil }), nil
}

// AcceptInvitation makes the temporary user of an invitation a real one and
// returns a token of that user, shown this once. It needs no Actor: the
// invitation's token is what authorizes. name "" keeps the e-mail address.
func (s *Service) AcceptInvitation(ctx context.Context, token, name string) (*User, string, error) {
	var user *User
	value := NewTokenValue()
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		invitation, err := s.openInvitation(ctx, token)
		if err != nil {
			return err
		}
		if user, err = s.store.GetUser(ctx, invitation.UserID); err != nil {
			return err
		}
		if name != "" {
			user.Name = name
			if err := stale(s.store.UpdateUser(ctx, user)); err != nil {
				return err
			}
		}
		ctx = WithActor(ctx, Actor{UserID: user.ID, Type: user.Type})
		if err := s.markAccepted(ctx, *invitation); err != nil {
			return err
		}
		return s.store.CreateToken(ctx, &Token{
			UserID: user.ID, ID: invitedToken, Type: TokenStatic, Description: "made when the invitation was accepted",
			Hash: HashToken(value), CreatedAt: s.now(), CreatedBy: user.ID,
		})
	})
	if err != nil {
		return nil, "", err
	}
	return user, value, nil
}

func (s *Service) openInvitation(ctx context.Context, token string) (*Invitation, error) {
	invitation, err := s.store.InvitationByHash(ctx, HashToken(token))
	if IsNotFound(err) {
		return nil, Errorf(CodeUnauthenticated, "the invitation is not known, or was replaced by a newer one")
	}
	if err != nil {
		return nil, err
	}
	if err := s.store.LockOrganization(ctx, invitation.OrgID); err != nil {
		return nil, err
	}
	// Again under the lock: of two who accept at once one must fail.
	if invitation, err = s.store.InvitationByHash(ctx, HashToken(token)); err != nil {
		return nil, err
	}
	if state := s.inviteState(*invitation); state != InvitePending {
		return nil, Errorf(CodeUnauthenticated, "the invitation is %s; ask for a new one", state)
	}
	return invitation, nil
}

func (s *Service) markAccepted(ctx context.Context, i Invitation) error {
	at := s.now()
	i.AcceptedAt = &at
	if err := s.store.PutInvitation(ctx, i); err != nil {
		return err
	}
	after := map[string]any{"user_id": i.UserID, "email": i.Email}
	return s.audit(ctx, Change{Org: i.OrgID, Action: "accept", Type: "invitation", Object: OrgObject(i.OrgID) + "/invitations/" + i.UserID, After: after})
}
