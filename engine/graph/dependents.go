package graph

import "slices"

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
		if slices.Contains(matched, e.from) {
			continue
		}
		for _, brought := range matched {
			if b.addEdge(e.from, brought) && len(b.vertices[brought].matched) > 0 {
				queue = append(queue, edge{e.from, brought})
			}
		}
	}
}
