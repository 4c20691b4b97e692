package resource

import (
	"cmp"
	"slices"
)

// Candidate explains how one matching criterion of a definition fared for a resource.
type Candidate struct {
	DefinitionID string   `json:"definition_id"`
	VersionID    string   `json:"version_id"`
	Criteria     Criteria `json:"criteria"`
	Matches      bool     `json:"matches"`
	Score        int      `json:"score"`  // Criteria.Score
	Reason       string   `json:"reason"` // what matched, or what did not
	IsDefault    bool     `json:"is_default,omitempty"`
}

// Match selects the definition for a resource: the one whose matching criterion is most specific (see Criteria.Score).
// Definitions supplied with the product rank after all others; equal ones are told apart by their ids, so the outcome
// never depends on the order of defs.
//
// It returns the definition and the criterion (both nil when none matches) and every criterion of that type as a
// candidate: matching ones best first, then the others, closest first. For many resources use an Index.
func Match(defs []Definition, ctx Context, key Key) (*Definition, *Criteria, []Candidate) {
	var rows []row
	for i := range defs {
		if defs[i].Type == key.Type {
			rows = appendRows(rows, &defs[i])
		}
	}
	ranked := rank(rows, ctx, key)
	definition, criteria := best(ranked)
	return definition, criteria, candidates(ranked, ctx, key)
}

// row is one criterion of a definition; criteria is nil for a definition that has none.
type row struct {
	definition *Definition
	criteria   *Criteria
}

func appendRows(rows []row, definition *Definition) []row {
	if len(definition.Criteria) == 0 {
		return append(rows, row{definition: definition})
	}
	for i := range definition.Criteria {
		rows = append(rows, row{definition, &definition.Criteria[i]})
	}
	return rows
}

// ranked is a row with what its place among the candidates depends on.
type ranked struct {
	row
	misses int
	score  int
}

// noCriteria counts as more misses than a criterion has fields.
const noCriteria = 100

func rank(rows []row, ctx Context, key Key) []ranked {
	out := make([]ranked, 0, len(rows))
	for _, r := range rows {
		if r.criteria == nil {
			out = append(out, ranked{row: r, misses: noCriteria})
			continue
		}
		out = append(out, ranked{row: r, misses: r.criteria.misses(ctx, key), score: r.criteria.Score()})
	}
	slices.SortStableFunc(out, compareRanked)
	return out
}

func compareRanked(a, b ranked) int {
	return cmp.Or(
		cmp.Compare(a.misses, b.misses),
		compareDefault(a.definition.IsDefault, b.definition.IsDefault),
		cmp.Compare(b.score, a.score),
		cmp.Compare(a.definition.ID, b.definition.ID),
		cmp.Compare(a.definition.VersionID, b.definition.VersionID),
		compareCriteria(a.criteria, b.criteria),
	)
}

func compareDefault(a, b bool) int {
	if a == b {
		return 0
	}
	if a {
		return 1
	}
	return -1
}

func compareCriteria(a, b *Criteria) int {
	if a == nil || b == nil {
		return 0
	}
	return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.String(), b.String()))
}

func best(ranked []ranked) (*Definition, *Criteria) {
	if len(ranked) == 0 || ranked[0].misses > 0 {
		return nil, nil
	}
	return ranked[0].definition, ranked[0].criteria
}

func candidates(ranked []ranked, ctx Context, key Key) []Candidate {
	out := make([]Candidate, 0, len(ranked))
	for _, r := range ranked {
		c := Candidate{DefinitionID: r.definition.ID, VersionID: r.definition.VersionID, Score: r.score, IsDefault: r.definition.IsDefault}
		c.Reason = "the definition has no matching criteria"
		if r.criteria != nil {
			c.Criteria, c.Matches, c.Reason = *r.criteria, r.misses == 0, r.criteria.reason(ctx, key)
		}
		out = append(out, c)
	}
	return out
}
