package graph

import (
	"cmp"
	"container/heap"
	"slices"
)

// sort gives the vertices in topological order, dependencies first; of those that are ready the smallest key goes
// first, so a vertex that nothing depends on cannot change the order of the others. Loops become problems.
func (b *builder) sort() []int {
	position := b.positions()
	waiting := make([]int, len(b.vertices))
	ready := &queue{position: position}
	for at, v := range b.vertices {
		waiting[at] = len(v.deps)
		if waiting[at] == 0 {
			ready.items = append(ready.items, at)
		}
	}
	heap.Init(ready)
	order := make([]int, 0, len(b.vertices))
	for ready.Len() > 0 {
		at := heap.Pop(ready).(int)
		order = append(order, at)
		for _, dependent := range b.vertices[at].dependents {
			waiting[dependent]--
			if waiting[dependent] == 0 {
				heap.Push(ready, dependent)
			}
		}
	}
	if len(order) < len(b.vertices) {
		b.reportCycles(waiting)
	}
	return order
}

// positions ranks all vertices: implicit resources and what they need before everything else, then by key.
func (b *builder) positions() []int {
	first := make([]bool, len(b.vertices))
	var stack []int
	for at, v := range b.vertices {
		if v.implicit {
			first[at] = true
			stack = append(stack, at)
		}
	}
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for dep := range b.vertices[at].deps {
			if !first[dep] {
				first[dep] = true
				stack = append(stack, dep)
			}
		}
	}
	sorted := make([]int, len(b.vertices))
	for at := range sorted {
		sorted[at] = at
	}
	rank := func(at int) int {
		if first[at] {
			return 0
		}
		return 1
	}
	slices.SortFunc(sorted, func(x, y int) int {
		return cmp.Or(cmp.Compare(rank(x), rank(y)), b.vertices[x].key.Compare(b.vertices[y].key))
	})
	position := make([]int, len(sorted))
	for i, at := range sorted {
		position[at] = i
	}
	return position
}

// queue is a heap of vertices by position.
type queue struct {
	items    []int
	position []int
}

func (q *queue) Len() int           { return len(q.items) }
func (q *queue) Less(i, j int) bool { return q.position[q.items[i]] < q.position[q.items[j]] }
func (q *queue) Swap(i, j int)      { q.items[i], q.items[j] = q.items[j], q.items[i] }
func (q *queue) Push(x any)         { q.items = append(q.items, x.(int)) }
func (q *queue) Pop() any {
	last := q.items[len(q.items)-1]
	q.items = q.items[:len(q.items)-1]
	return last
}
