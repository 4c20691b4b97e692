package orchestrator

import (
	"context"
	"slices"

	"github.com/slipway-dev/slipway/engine/resource"
)

// maxCriteria is how many criteria one definition may have.
const maxCriteria = 1000

// AddCriteria adds one matching criterion to a definition. It answers
// CodeConflict when a definition of the same type has an equal one.
func (s *Service) AddCriteria(ctx context.Context, org, defID string, c resource.Criteria) (*resource.Criteria, error) {
	added, err := s.changeCriteria(ctx, org, defID, func(_ context.Context, def *Definition) ([]resource.Criteria, error) {
		return append(slices.Clone(def.Criteria), identified([]resource.Criteria{c}, nil)...), nil
	})
	if err != nil {
		return nil, err
	}
	return &added[len(added)-1], nil
}

// ReplaceCriteria replaces all matching criteria of a definition. Rules that
// were there before keep their ids.
func (s *Service) ReplaceCriteria(ctx context.Context, org, defID string, criteria []resource.Criteria) ([]resource.Criteria, error) {
	return s.changeCriteria(ctx, org, defID, func(_ context.Context, def *Definition) ([]resource.Criteria, error) {
		return identified(criteria, def.Criteria), nil
	})
}

// DeleteCriteria deletes one matching criterion. When active resources would
// get another definition by that, it is a conflict whose body lists them,
// unless force is true.
func (s *Service) DeleteCriteria(ctx context.Context, org, defID, id string, force bool) error {
	_, err := s.changeCriteria(ctx, org, defID, func(ctx context.Context, def *Definition) ([]resource.Criteria, error) {
		rest := slices.DeleteFunc(slices.Clone(def.Criteria), func(c resource.Criteria) bool { return c.ID == id })
		if len(rest) == len(def.Criteria) {
			return nil, NotFoundf("matching criterion %q of resource definition %q does not exist", id, defID)
		}
		if force {
			return rest, nil
		}
		changes, err := s.rematches(ctx, def, rest)
		if err != nil {
			return nil, err
		}
		changes = slices.DeleteFunc(changes, func(c DefinitionChange) bool { return c.ToDef == defID })
		if len(changes) == 0 {
			return rest, nil
		}
		conflict := Conflictf("without criterion %q %d active resources would get another definition; force deletes it all the same", id, len(changes))
		conflict.Body = changes
		return nil, conflict
	})
	return err
}

func (s *Service) changeCriteria(ctx context.Context, org, defID string, change func(ctx context.Context, def *Definition) ([]resource.Criteria, error)) ([]resource.Criteria, error) {
	if err := s.requireOrgAdmin(ctx, org, "change matching criteria"); err != nil {
		return nil, err
	}
	var criteria []resource.Criteria
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		def, err := s.findDefinition(ctx, org, defID, false)
		if err != nil {
			return err
		}
		if criteria, err = change(ctx, def); err != nil {
			return err
		}
		if err := checkCriteria(criteria); err != nil {
			return err
		}
		// Writing the row first makes two changes at once notice each other.
		def.UpdatedAt, def.UpdatedBy = s.now(), ActorFrom(ctx).UserID
		if err := stale(s.store.UpdateDefinition(ctx, def)); err != nil {
			return err
		}
		if err := s.store.PutCriteria(ctx, org, defID, criteria); err != nil {
			return err
		}
		return s.audit(ctx, updated(org, "matching-criteria", definitionObjectPath(org, defID)+"/criteria",
			map[string]any{"criteria": def.Criteria}, map[string]any{"criteria": criteria}))
	})
	return criteria, err
}

// identified gives every criterion its class and an id: that of an equal one in
// known, else a new one.
func identified(criteria, known []resource.Criteria) []resource.Criteria {
	ids := make(map[resource.Criteria]string, len(known))
	for _, c := range known {
		id := c.ID
		c.ID = ""
		ids[c] = id
	}
	out := make([]resource.Criteria, 0, len(criteria))
	for _, c := range criteria {
		c.ID = ""
		if c.Class == "" {
			c.Class = resource.DefaultClass
		}
		id, seen := ids[c]
		if !seen {
			id = newUUID()
		}
		delete(ids, c)
		c.ID = id
		out = append(out, c)
	}
	return out
}

func checkCriteria(criteria []resource.Criteria) error {
	if len(criteria) > maxCriteria {
		return Invalidf("criteria: a definition can have %d at most, these are %d", maxCriteria, len(criteria))
	}
	for i, c := range criteria {
		for _, value := range []string{c.AppID, c.EnvID, c.EnvType, c.ResID, c.Class} {
			if len(value) > maxText {
				return Invalidf("criteria[%d]: %q has %d characters; at most %d are possible", i, shorten(value), len(value), maxText)
			}
		}
	}
	return nil
}
