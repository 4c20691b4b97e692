package graph

import "slices"

// match is a resource that another one brings for whatever depends on it.
type match struct {
	to   int
	name string // key of the provision entry
}

// matchDependents applies match_dependents: whatever depends on a resource also depends on what that resource brings.
// An edge added here may in turn call for others, so edges are handled until none is left.
//
// Resources that one definition brings side by side do not count as dependents for each other; otherwise two of them
// that both depend on their common origin would form a loop.
func (b *builder) matchDependents() {
	type edge struct{ from, to int }
	var queue []edge
	for to, v := range b.vertices {
		if len(v.matched) == 0 {
			continue
		}
		for _, from := range v.dependents {
			queue = append(queue, edge{from, to})
		}
	}
	for len(queue) > 0 {
		e := queue[0]
		queue = queue[1:]
		matched := b.vertices[e.to].matched
		if slices.ContainsFunc(matched, func(m match) bool { return m.to == e.from }) {
			continue
		}
		for _, brought := range matched {
			why := reason{kind: ReasonMatch, detail: brought.name, by: &b.vertices[e.to].key}
			if b.addEdge(e.from, brought.to, why) && len(b.vertices[brought.to].matched) > 0 {
				queue = append(queue, edge{e.from, brought.to})
			}
		}
	}
}
