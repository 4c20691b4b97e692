package graph

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/engine/resource"
)

// CycleError reports resources that depend on each other in a loop.
type CycleError struct {
	Path []resource.Key // each depends on the next; the first is repeated at the end
}

// Error implements error.
func (e *CycleError) Error() string {
	names := make([]string, 0, len(e.Path))
	for _, key := range e.Path {
		names = append(names, key.String())
	}
	return fmt.Sprintf("no cycles allowed: %s; break the loop with a resource of its own (type config) that these can depend on", strings.Join(names, " -> "))
}

// maxCycles bounds the loops reported at once.
const maxCycles = 10

// reportCycles finds loops among the vertices that could not be sorted: one for each group that is not connected to
// another loop already found, always the shortest through its smallest member. Vertices that merely depend on a loop
// are left out.
func (b *builder) reportCycles(waiting []int) {
	for range maxCycles {
		b.shrink(waiting)
		start := -1
		for at := range b.vertices {
			if waiting[at] > 0 && (start < 0 || b.vertices[at].key.Compare(b.vertices[start].key) < 0) {
				start = at
			}
		}
		if start < 0 {
			return
		}
		loop := b.findLoop(start, waiting)
		err := &CycleError{}
		for _, at := range loop {
			err.Path = append(err.Path, b.vertices[at].key)
			waiting[at] = 0
		}
		err.Path = append(err.Path, err.Path[0])
		b.problem(Problem{Node: err.Path[0], Kind: ProblemCycle, Message: err.Error(), Err: err})
	}
}

// shrink clears every vertex from which no loop can be reached, and every one that no loop reaches, until all that is
// left lies on a loop or between two of them.
func (b *builder) shrink(waiting []int) {
	var gone []int
	out, in := make([]int, len(waiting)), make([]int, len(waiting))
	for at, v := range b.vertices {
		if waiting[at] == 0 {
			continue
		}
		for dep := range v.deps {
			if waiting[dep] > 0 {
				out[at]++
				in[dep]++
			}
		}
	}
	for at := range waiting {
		if waiting[at] > 0 && (out[at] == 0 || in[at] == 0) {
			gone = append(gone, at)
		}
	}
	for len(gone) > 0 {
		at := gone[len(gone)-1]
		gone = gone[:len(gone)-1]
		if waiting[at] == 0 {
			continue
		}
		waiting[at] = 0
		for dep := range b.vertices[at].deps {
			if in[dep]--; waiting[dep] > 0 && in[dep] == 0 {
				gone = append(gone, dep)
			}
		}
		for _, from := range b.vertices[at].dependents {
			if out[from]--; waiting[from] > 0 && out[from] == 0 {
				gone = append(gone, from)
			}
		}
	}
}

// findLoop gives a loop among the vertices left, through start if there is one, else one that can be reached from it.
// Every vertex left has a dependency left, so walking on always ends in a loop.
func (b *builder) findLoop(start int, waiting []int) []int {
	if loop := b.shortestLoop(start, waiting); loop != nil {
		return loop
	}
	seen := map[int]bool{}
	at := start
	for !seen[at] {
		seen[at] = true
		at = b.left(at, waiting)[0]
	}
	return b.shortestLoop(at, waiting)
}

// shortestLoop searches breadth-first for the way from start back to start.
func (b *builder) shortestLoop(start int, waiting []int) []int {
	from := map[int]int{}
	queue := []int{start}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, dep := range b.left(at, waiting) {
			if dep == start {
				return unwind(from, start, at)
			}
			if _, seen := from[dep]; !seen {
				from[dep] = at
				queue = append(queue, dep)
			}
		}
	}
	return nil
}

func unwind(from map[int]int, start, at int) []int {
	path := []int{at}
	for at != start {
		at = from[at]
		path = append(path, at)
	}
	slices.Reverse(path)
	return path
}

// left lists the dependencies of a vertex that are still in question, smallest key first.
func (b *builder) left(at int, waiting []int) []int {
	var out []int
	for dep := range b.vertices[at].deps {
		if waiting[dep] > 0 {
			out = append(out, dep)
		}
	}
	slices.SortFunc(out, func(x, y int) int { return b.vertices[x].key.Compare(b.vertices[y].key) })
	return out
}
