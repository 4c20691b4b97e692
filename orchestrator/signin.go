package orchestrator

import (
	"context"
	"slices"
	"strings"
	"time"
)

// TokenSession is the type of tokens that a sign-in makes.
const TokenSession = "session"

// maxSessions is how many sessions one user may have at once; a further
// sign-in ends the oldest.
const maxSessions = 20

// Claims are what an OpenID Connect provider says about somebody who signed in,
// already verified.
type Claims struct {
	Issuer        string
	Subject       string
	Email         string
	EmailVerified bool
	Name          string
	// IDP is the provider's name in Group.IDP. Groups nil means that the
	// provider says nothing about groups: memberships stay as they are.
	IDP    string
	Groups []string
}

// Session is what a sign-in makes.
type Session struct {
	User      User
	Token     string
	ExpiresAt time.Time
}

// SignIn finds out which user the claims belong to and begins a session. It
// needs no Actor: the caller has verified the claims. Known subjects are
// recognized by issuer and subject alone. A verified e-mail address accepts all
// open invitations for it, and a group that has a role lets its members in.
// Who has no role anywhere is CodeForbidden.
func (s *Service) SignIn(ctx context.Context, c Claims, life time.Duration, description string) (*Session, error) {
	var session *Session
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		user, err := s.userOfClaims(ctx, c)
		if err != nil {
			return err
		}
		ctx = WithActor(ctx, Actor{UserID: user.ID, Type: user.Type})
		if err := s.syncGroups(ctx, user.ID, c); err != nil {
			return err
		}
		roles, err := s.rolesOf(ctx, user.ID)
		if err != nil {
			return err
		}
		if len(roles) == 0 {
			return Forbiddenf("%s belongs to no organization; ask for an invitation", nameOf(c))
		}
		session, err = s.beginSession(ctx, user, life, description)
		return err
	})
	return session, err
}

func nameOf(c Claims) string {
	if c.Email != "" {
		return c.Email
	}
	return "subject " + quote(c.Subject)
}

// userOfClaims finds or makes the user, accepts invitations, and refreshes what
// the provider says about the user.
func (s *Service) userOfClaims(ctx context.Context, c Claims) (*User, error) {
	email := ""
	if c.EmailVerified {
		if normal, err := normalEmail(c.Email); err == nil {
			email = normal
		}
	}
	var open []Invitation
	var err error
	if email != "" {
		if open, err = s.store.OpenInvitations(ctx, email, s.now()); err != nil {
			return nil, err
		}
	}
	identity, err := s.store.GetIdentity(ctx, c.Issuer, c.Subject)
	if err != nil && !IsNotFound(err) {
		return nil, err
	}
	var user *User
	switch {
	case identity != nil:
		user, err = s.store.GetUser(ctx, identity.UserID)
	case len(open) > 0:
		user, err = s.store.GetUser(ctx, open[0].UserID)
	default:
		user, err = s.newPerson(ctx, c)
	}
	if err != nil {
		return nil, err
	}
	for _, invitation := range open {
		if err := s.acceptAs(ctx, invitation, user.ID); err != nil {
			return nil, err
		}
	}
	if err := s.refreshUser(ctx, user, c.Name, email, identity == nil); err != nil {
		return nil, err
	}
	now := s.now()
	return user, s.store.PutIdentity(ctx, Identity{
		Issuer: c.Issuer, Subject: c.Subject, UserID: user.ID, Email: email, CreatedAt: now, LastLoginAt: now,
	})
}

// newPerson makes a user for somebody who was not invited, when a group that
// the provider names has a role.
func (s *Service) newPerson(ctx context.Context, c Claims) (*User, error) {
	groups, err := s.groupsOfClaims(ctx, c)
	if err != nil {
		return nil, err
	}
	if len(groups) == 0 {
		return nil, Forbiddenf("%s is not known and has no open invitation; ask for one", nameOf(c))
	}
	user := &User{ID: newUUID(), Name: nameOf(c), Type: UserTypePerson, Properties: map[string]any{}, CreatedAt: s.now()}
	return user, s.store.CreateUser(ctx, user)
}

// refreshUser takes over what the provider says: the name once, for people may
// change it here, the verified e-mail address always.
func (s *Service) refreshUser(ctx context.Context, user *User, name, email string, first bool) error {
	fresh := *user
	if first && name != "" {
		fresh.Name = name
	}
	if email != "" {
		fresh.Email = email
	}
	if fresh.Name == user.Name && fresh.Email == user.Email {
		return nil
	}
	*user = fresh
	return stale(s.store.UpdateUser(ctx, user))
}

// acceptAs accepts an invitation for a user, who takes over the roles of the
// temporary user when that is another one.
func (s *Service) acceptAs(ctx context.Context, i Invitation, userID string) error {
	if err := s.store.LockOrganization(ctx, i.OrgID); err != nil {
		return err
	}
	temporary := i.UserID
	if temporary != userID {
		if err := s.moveRoles(ctx, i.OrgID, temporary, userID); err != nil {
			return err
		}
		if err := s.store.DeleteUser(ctx, temporary); err != nil {
			return err
		}
		i.UserID = userID
	}
	return s.markAccepted(WithActor(ctx, Actor{UserID: userID, Type: UserTypePerson}), i)
}

// moveRoles gives the roles of one subject in the organization to another, who
// keeps what is stronger.
func (s *Service) moveRoles(ctx context.Context, org, from, to string) error {
	given, err := s.store.RolesOf(ctx, from)
	if err != nil {
		return err
	}
	has, err := s.store.RolesOf(ctx, to)
	if err != nil {
		return err
	}
	ranks := map[string]int{}
	for _, b := range has {
		ranks[b.Object] = rankOf(b.Role)
	}
	for _, b := range given {
		if b.OrgID != org || rankOf(b.Role) <= ranks[b.Object] {
			continue
		}
		b.SubjectID = to
		if err := s.store.PutRole(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) groupsOfClaims(ctx context.Context, c Claims) ([]Group, error) {
	if c.IDP == "" || len(c.Groups) == 0 {
		return nil, nil
	}
	groups, err := s.store.GroupsOfIdP(ctx, c.IDP)
	return slices.DeleteFunc(groups, func(g Group) bool { return !slices.Contains(c.Groups, g.GroupID) }), err
}

// syncGroups makes the user a member of exactly those groups of the provider
// that the claims name.
func (s *Service) syncGroups(ctx context.Context, userID string, c Claims) error {
	if c.IDP == "" || c.Groups == nil {
		return nil
	}
	wanted, err := s.groupsOfClaims(ctx, c)
	if err != nil {
		return err
	}
	all, err := s.store.GroupsOfIdP(ctx, c.IDP)
	if err != nil {
		return err
	}
	memberships, err := s.store.MembershipsOf(ctx, userID)
	if err != nil {
		return err
	}
	for _, g := range all {
		in := slices.ContainsFunc(memberships, func(m Membership) bool { return m.GroupID == g.ID })
		should := slices.ContainsFunc(wanted, func(w Group) bool { return w.ID == g.ID })
		if in == should {
			continue
		}
		object, state := groupObjectPath(g.OrgID, g.ID)+"/users/"+userID, map[string]any{"user": userID, "group_id": g.GroupID}
		change := created(g.OrgID, "group-member", object, state)
		if should {
			err = s.store.PutMember(ctx, Membership{OrgID: g.OrgID, GroupID: g.ID, UserID: userID, CreatedAt: s.now()})
		} else {
			change, err = deleted(g.OrgID, "group-member", object, state), s.store.DeleteMember(ctx, g.OrgID, g.ID, userID)
		}
		if err != nil {
			return err
		}
		if err := s.audit(ctx, change); err != nil {
			return err
		}
	}
	return nil
}

// beginSession makes the session's token and ends sessions that expired, and
// the oldest where there are too many.
func (s *Service) beginSession(ctx context.Context, user *User, life time.Duration, description string) (*Session, error) {
	now := s.now()
	if err := s.store.DeleteTokens(ctx, user.ID, TokenSession, &now); err != nil {
		return nil, err
	}
	tokens, err := s.store.ListTokens(ctx, user.ID)
	if err != nil {
		return nil, err
	}
	tokens = slices.DeleteFunc(tokens, func(t Token) bool { return t.Type != TokenSession })
	slices.SortFunc(tokens, func(a, b Token) int { return a.CreatedAt.Compare(b.CreatedAt) })
	for len(tokens) >= maxSessions {
		if err := s.store.DeleteToken(ctx, user.ID, tokens[0].ID); err != nil {
			return nil, err
		}
		tokens = tokens[1:]
	}
	session := &Session{User: *user, Token: NewTokenValue(), ExpiresAt: now.Add(life)}
	return session, s.store.CreateToken(ctx, &Token{
		UserID: user.ID, ID: "session-" + randomHex(8), Type: TokenSession, Description: shorten(description),
		Hash: HashToken(session.Token), CreatedAt: now, CreatedBy: user.ID, ExpiresAt: &session.ExpiresAt,
	})
}

// SignOut ends the session that a token belongs to. A token that is not of a
// session stays.
func (s *Service) SignOut(ctx context.Context, token string) error {
	stored, err := s.store.TokenByHash(ctx, HashToken(token))
	if IsNotFound(err) {
		return nil
	}
	if err != nil || stored.Type != TokenSession || !strings.HasPrefix(token, TokenPrefix) {
		return err
	}
	if err := s.store.DeleteToken(ctx, stored.UserID, stored.ID); err != nil && !IsNotFound(err) {
		return err
	}
	return nil
}
