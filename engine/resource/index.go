package resource

// MaxCandidates bounds the explanation that an Index gives for one resource.
const MaxCandidates = 20

// Index matches many resources of one environment without looking at every definition each time. It is not safe for
// concurrent use.
type Index struct {
	ctx    Context
	byType map[string]*typeIndex
}

// typeIndex holds the criteria of one type. Those that name a res_id concern that id only; the outcome of the others
// is the same for all resources of a class and is computed once.
type typeIndex struct {
	all     []row
	byID    map[string][]row
	general []row
	classes map[string]outcome // of general
	missing map[string]outcome // of all, for resources that nothing matches; its candidates name the first such id
}

type outcome struct {
	ranked     []ranked
	candidates []Candidate
}

// NewIndex indexes defs for an environment. The definitions must not change while the index is in use.
func NewIndex(defs []Definition, ctx Context) *Index {
	x := &Index{ctx: ctx, byType: map[string]*typeIndex{}}
	for i := range defs {
		t := x.byType[defs[i].Type]
		if t == nil {
			t = &typeIndex{byID: map[string][]row{}, classes: map[string]outcome{}, missing: map[string]outcome{}}
			x.byType[defs[i].Type] = t
		}
		t.all = appendRows(t.all, &defs[i])
	}
	for _, t := range x.byType {
		for _, r := range t.all {
			if r.criteria != nil && r.criteria.ResID != "" {
				t.byID[r.criteria.ResID] = append(t.byID[r.criteria.ResID], r)
				continue
			}
			t.general = append(t.general, r)
		}
	}
	return x
}

// Match selects like the function Match, but lists at most MaxCandidates candidates, and criteria for other res_ids
// only when nothing matches. The candidates may be shared between calls and must not be changed.
func (x *Index) Match(key Key) (*Definition, *Criteria, []Candidate) {
	key = key.Normalized()
	t := x.byType[key.Type]
	if t == nil {
		return nil, nil, nil
	}
	result := x.cached(t.classes, t.general, key)
	own := t.byID[key.ID]
	if len(own) > 0 {
		rows := make([]row, 0, len(own)+len(result.ranked))
		rows = append(rows, own...)
		for _, r := range result.ranked {
			rows = append(rows, r.row)
		}
		result = x.evaluate(rows, key)
	}
	definition, criteria := best(result.ranked)
	if definition != nil {
		return definition, criteria, result.candidates
	}
	if len(own) > 0 {
		return nil, nil, x.evaluate(t.all, key).candidates
	}
	return nil, nil, candidates(x.cached(t.missing, t.all, key).ranked, x.ctx, key)
}

// HasType tells whether any definition is of the type.
func (x *Index) HasType(id string) bool { return x.byType[id] != nil }

// cached evaluates rows that treat all ids alike once per class.
func (x *Index) cached(cache map[string]outcome, rows []row, key Key) outcome {
	known, ok := cache[key.Class]
	if !ok {
		known = x.evaluate(rows, key)
		cache[key.Class] = known
	}
	return known
}

func (x *Index) evaluate(rows []row, key Key) outcome {
	ranked := rank(rows, x.ctx, key)
	ranked = ranked[:min(len(ranked), MaxCandidates)]
	return outcome{ranked: ranked, candidates: candidates(ranked, x.ctx, key)}
}
