package graph

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/engine/resource"
)

// pendingSelector is a placeholder that selects a list of resources.
type pendingSelector struct {
	at       int // vertex whose placeholder it is
	raw      string
	location string
	start    resource.Key
	path     resource.Path
}

// evaluateSelectors finds what each selector stands for and makes the selecting resource depend on all of it.
//
// All selectors see the same graph, the one before any of their own edges, so their order makes no difference. A step
// follows direct dependencies only. A selector whose first resource does not exist selects nothing.
func (b *builder) evaluateSelectors() {
	if b.limited {
		return
	}
	cache := map[string]selection{}
	found := make([]selection, 0, len(b.selectors))
	total := 0
	for _, s := range b.selectors {
		id := selectorID(s)
		selected, ok := cache[id]
		if !ok {
			selected = b.selectAll(s)
			cache[id] = selected
			total += len(selected.vertices)
		}
		if total > maxEdges {
			b.tooManyEdges()
			return
		}
		found = append(found, selected)
	}
	for i, s := range b.selectors {
		if b.limited {
			return
		}
		b.applySelector(s, found[i])
	}
}

// selection is what a selector found, sorted by key. Placeholders that select the same share it.
type selection struct {
	vertices []int
	keys     []resource.Key
}

func (b *builder) applySelector(s pendingSelector, found selection) {
	v := b.vertices[s.at]
	if _, again := v.references[s.raw]; again {
		return
	}
	text := "${" + s.raw + "}"
	for _, at := range found.vertices {
		b.explain(at, Origin{Kind: OriginSelector, By: v.key, Detail: text})
		b.addEdge(s.at, at, reason{kind: ReasonSelector, detail: text, location: s.location})
	}
	v.references[s.raw] = Target{List: true, Attribute: s.path.Attribute, Path: s.path.Rest, Keys: found.keys}
}

// selectorID is equal for selectors that select the same, whatever they read of it.
func selectorID(s pendingSelector) string {
	var id strings.Builder
	fmt.Fprintf(&id, "%s", s.start)
	for _, step := range s.path.Steps[1:] {
		fmt.Fprintf(&id, " %c %s", step.Direction, step.Ref)
	}
	return id.String()
}

func (b *builder) selectAll(s pendingSelector) selection {
	start, ok := b.byKey[s.start]
	if !ok {
		return selection{keys: []resource.Key{}}
	}
	current := []int{start}
	for _, step := range s.path.Steps[1:] {
		seen := map[int]bool{}
		var next []int
		visit := func(at int) {
			if !seen[at] && step.Selects(b.vertices[at].key) {
				seen[at] = true
				next = append(next, at)
			}
		}
		for _, at := range current {
			b.neighbours(at, step.Direction, visit)
		}
		current = next
	}
	slices.SortFunc(current, func(x, y int) int { return b.vertices[x].key.Compare(b.vertices[y].key) })
	out := selection{vertices: current, keys: make([]resource.Key, 0, len(current))}
	for _, at := range current {
		out.keys = append(out.keys, b.vertices[at].key)
	}
	return out
}

func (b *builder) neighbours(at int, direction byte, visit func(int)) {
	if direction == '<' {
		for _, from := range b.vertices[at].dependents {
			visit(from)
		}
		return
	}
	for to := range b.vertices[at].deps {
		visit(to)
	}
}
