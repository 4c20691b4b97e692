package orchestrator

import (
	"cmp"
	"context"
	"slices"

	"github.com/slipway-dev/slipway/engine/resource"
)

// DefinitionChange says which definition an active resource would get at its
// next deployment; ToDef is empty when none matches.
type DefinitionChange struct {
	AppID   string `json:"app_id"`
	EnvID   string `json:"env_id"`
	ResID   string `json:"res_id"`
	FromDef string `json:"from_def"`
	ToDef   string `json:"to_def"`
}

// DefinitionFilter narrows ListDefinitions; empty fields do not count.
type DefinitionFilter struct {
	AppID   string
	EnvID   string
	EnvType string
	ResID   string
	ResType string
	Class   string
	Deleted bool // deleted ones as well
}

// ListDefinitions lists definitions by id. With a filter the answer holds
// everything that could match a resource of which only that much is known, by
// type and then best first: a criterion that leaves a field open could match,
// and a definition without criteria could not.
func (s *Service) ListDefinitions(ctx context.Context, org string, f DefinitionFilter) ([]Definition, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	all, err := s.store.ListDefinitions(ctx, org, f.Deleted)
	if err != nil || f == (DefinitionFilter{Deleted: f.Deleted}) {
		return all, err
	}
	if f, err = s.completeFilter(ctx, org, f); err != nil {
		return nil, err
	}
	type ranked struct {
		definition Definition
		score      int
	}
	var found []ranked
	for _, def := range all {
		if score, possible := f.rank(def); possible {
			found = append(found, ranked{def, score})
		}
	}
	slices.SortStableFunc(found, func(a, b ranked) int {
		return cmp.Or(
			cmp.Compare(a.definition.Type, b.definition.Type),
			cmp.Compare(ordinal(a.definition.IsDefault), ordinal(b.definition.IsDefault)),
			cmp.Compare(b.score, a.score),
		)
	})
	out := make([]Definition, 0, len(found))
	for _, r := range found {
		out = append(out, r.definition)
	}
	return out, nil
}

// completeFilter fills in the type of the environment that the filter names: a
// criterion for another type cannot match there.
func (s *Service) completeFilter(ctx context.Context, org string, f DefinitionFilter) (DefinitionFilter, error) {
	if f.AppID == "" || f.EnvID == "" || f.EnvType != "" {
		return f, nil
	}
	env, err := s.store.GetEnvironment(ctx, EnvRef{OrgID: org, AppID: f.AppID, EnvID: f.EnvID})
	if IsNotFound(err) {
		return f, nil
	}
	if err != nil {
		return f, err
	}
	f.EnvType = env.TypeID
	return f, nil
}

// rank is the specificity of the best criterion that could match.
func (f DefinitionFilter) rank(def Definition) (score int, possible bool) {
	if f.ResType != "" && f.ResType != def.Type {
		return 0, false
	}
	for _, c := range def.Criteria {
		if f.admits(c) {
			score, possible = max(score, c.Score()), true
		}
	}
	return score, possible
}

func (f DefinitionFilter) admits(c resource.Criteria) bool {
	agree := func(known, want string) bool { return known == "" || want == "" || known == want }
	class := c.Class
	if class == "" {
		class = resource.DefaultClass
	}
	return agree(f.AppID, c.AppID) && agree(f.EnvID, c.EnvID) && agree(f.EnvType, c.EnvType) &&
		agree(f.ResID, c.ResID) && agree(f.Class, class)
}

func ordinal(b bool) int {
	if b {
		return 1
	}
	return 0
}

// rematches lists which definition every active resource of def would get if
// def had these criteria only; nil criteria stand for its deletion.
func (s *Service) rematches(ctx context.Context, def *Definition, criteria []resource.Criteria) ([]DefinitionChange, error) {
	resources, err := s.resourcesOf(ctx, def)
	if err != nil || len(resources) == 0 {
		return nil, err
	}
	all, err := s.store.ListDefinitions(ctx, def.OrgID, false)
	if err != nil {
		return nil, err
	}
	var definitions []resource.Definition
	for _, d := range all {
		if d.ID == def.ID {
			d.Criteria = criteria
		}
		if len(d.Criteria) > 0 {
			definitions = append(definitions, matchable(d))
		}
	}
	m := newMatcher(definitions)
	changes := make([]DefinitionChange, 0, len(resources))
	for _, r := range resources {
		change := DefinitionChange{AppID: r.AppID, EnvID: r.EnvID, ResID: r.Key.ID, FromDef: def.ID}
		next := m.match(resource.Context{OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID, EnvType: r.EnvType}, r.Key)
		if next != nil {
			change.ToDef = next.ID
		}
		changes = append(changes, change)
	}
	return changes, nil
}

// matcher finds the definitions that single resources of many environments would get.
type matcher struct {
	definitions []resource.Definition
	indexes     map[resource.Context]*resource.Index
}

func newMatcher(definitions []resource.Definition) *matcher {
	return &matcher{definitions: definitions, indexes: map[resource.Context]*resource.Index{}}
}

// match gives nil when no definition matches.
func (m *matcher) match(ctx resource.Context, key resource.Key) *resource.Definition {
	if m.indexes[ctx] == nil {
		m.indexes[ctx] = resource.NewIndex(m.definitions, ctx)
	}
	next, _, _ := m.indexes[ctx].Match(key)
	return next
}

// resourcesOf lists the active resources that a definition made, without those
// that were replaced.
func (s *Service) resourcesOf(ctx context.Context, def *Definition) ([]ActiveResource, error) {
	all, err := s.store.ListActiveResourcesOf(ctx, def.OrgID, def.ID)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(r ActiveResource) bool { return !existed(r) || r.Retired }), nil
}
