package graph

import "github.com/slipway-dev/slipway/engine/resource"

// Graph is the resource graph of an environment.
//
// Nodes are in topological order, dependencies first. The order is stable: a node that nothing else depends on does not
// change the order of the others. Implicit resources and what they need come first.
type Graph struct {
	Nodes []Node
	// Warnings say what is legal but may not be meant, sorted: a reference to the Service of a module that is not in the
	// set, such as one that is going to be deployed later. They are no part of the hash.
	Warnings []string

	index map[resource.Key]int
}

// Node finds a node by its key.
func (g *Graph) Node(k resource.Key) (*Node, bool) {
	k = k.Normalized()
	if g.index != nil {
		i, ok := g.index[k]
		if !ok {
			return nil, false
		}
		return &g.Nodes[i], true
	}
	for i := range g.Nodes {
		if g.Nodes[i].Key == k {
			return &g.Nodes[i], true
		}
	}
	return nil, false
}
