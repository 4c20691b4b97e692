package graph

import "github.com/slipway-dev/slipway/engine/resource"

// CheckDefinition reports what is wrong with the placeholders of a definition and with what it co-provisions, in
// whatever graph it is used. Whether the resources that it names exist is known only when a graph is built.
func CheckDefinition(d resource.Definition) []Problem {
	b := newBuilder(Input{})
	b.compile(&d, resource.Key{})
	return sortProblems(b.problems)
}
