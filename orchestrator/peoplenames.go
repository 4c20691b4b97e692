package orchestrator

import (
	"context"
	"slices"
)

// PersonName is who an id stands for.
type PersonName struct {
	ID     string
	Name   string
	Email  string // "" where there is none, or of somebody who left
	Type   string // user | service | group
	Former bool   // no longer in the organization
}

const maxPeopleNames = 100

// PeopleNames says who ids stand for that records of the organization hold, also
// of those who are there through a group only, or left. What is not known of the
// organization is left out: who is nobody here does not exist.
func (s *Service) PeopleNames(ctx context.Context, org string, ids []string) ([]PersonName, error) {
	if err := s.requireOrgPerm(ctx, org, PermUsersRead); err != nil {
		return nil, err
	}
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) > maxPeopleNames {
		return nil, Invalidf("query parameter id: %d are too many; ask for at most %d at a time", len(ids), maxPeopleNames)
	}
	users, err := s.store.GetUsers(ctx, ids)
	if err != nil {
		return nil, err
	}
	byID := map[string]*User{}
	for i := range users {
		byID[users[i].ID] = &users[i]
	}
	bindings, err := s.store.RolesOn(ctx, org, OrgObject(org))
	if err != nil {
		return nil, err
	}
	bound := map[string]bool{}
	for _, b := range bindings {
		bound[b.SubjectID] = true
	}
	out := []PersonName{}
	for _, id := range ids {
		if id == "" {
			continue
		}
		user := byID[id]
		if user != nil && bound[id] {
			out = append(out, PersonName{ID: id, Name: user.Name, Email: user.Email, Type: user.Type})
			continue
		}
		found, err := s.personApart(ctx, org, id, user)
		if err != nil {
			return nil, err
		}
		if found != nil {
			out = append(out, *found)
		}
	}
	return out, nil
}

// personApart finds somebody who has no role on the organization itself: in one
// of its groups, or in its audit log only. user is nil for who was deleted.
func (s *Service) personApart(ctx context.Context, org, id string, user *User) (*PersonName, error) {
	if user == nil {
		return s.deletedPerson(ctx, org, id)
	}
	memberships, err := s.store.MembershipsOf(ctx, id)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(memberships, func(m Membership) bool { return m.OrgID == org }) {
		return &PersonName{ID: id, Name: user.Name, Email: user.Email, Type: user.Type}, nil
	}
	acted, err := s.store.ListAudit(ctx, org, AuditFilter{UserID: id}, 1)
	if err != nil || len(acted) == 0 {
		return nil, err
	}
	return &PersonName{ID: id, Name: user.Name, Type: user.Type, Former: true}, nil
}

// deletedPerson is known from what the audit log says about it.
func (s *Service) deletedPerson(ctx context.Context, org, id string) (*PersonName, error) {
	said, err := s.store.ListAudit(ctx, org, AuditFilter{Object: OrgObject(org) + "/users/" + id}, 1)
	if err != nil || len(said) == 0 {
		return nil, err
	}
	for _, state := range []map[string]any{said[0].After, said[0].Before} {
		if name, _ := state["name"].(string); name != "" {
			kind, _ := state["type"].(string)
			return &PersonName{ID: id, Name: name, Type: kind, Former: true}, nil
		}
	}
	return nil, nil
}
