package graph

import (
	"fmt"
	"maps"
	"slices"

	"github.com/slipway-dev/slipway/engine/resource"
)

// Limits that no sensible environment reaches. They turn an explosion of references into a message.
const (
	maxNodes = 100_000
	maxEdges = 1_000_000
)

// Build builds the resource graph of an environment. The result depends on the content of the input only, never on the
// order of its maps or lists. On failure the error is a *BuildError with every problem found; loops are in it as
// *CycleError.
func Build(in Input) (*Graph, error) {
	b := newBuilder(in)
	b.collect()
	b.expand()
	b.collectIngressRules()
	b.matchDependents()
	b.evaluateSelectors()
	b.checkInputs()
	var order []int
	if !b.limited {
		order = b.sort()
	}
	if len(b.problems) > 0 {
		return nil, &BuildError{Problems: sortProblems(b.problems)}
	}
	return b.graph(order), nil
}

// vertex is a node under construction. Other vertices are named by their position in builder.vertices.
type vertex struct {
	key        resource.Key
	definition *resource.Definition
	criteriaID string
	candidates []resource.Candidate
	inputs     map[string]any
	declared   bool            // its inputs come from the set or the request
	granted    map[string]bool // inputs that came from co-provisioning
	optional   bool            // may go without a definition
	implicit   bool
	badType    bool
	references map[string]Target
	deps       map[int]struct{}
	dependents []int
	matched    []match // co-provisioned with match_dependents
	reasons    []reason
	origins    []Origin
	originSeen map[originKey]struct{}
}

type originKey struct {
	kind string
	by   resource.Key
}

type builder struct {
	in       Input
	implicit []resource.Key
	types    typeTable
	index    *resource.Index
	names    names
	compiled map[*resource.Definition]*compiled

	vertices  []*vertex
	byKey     map[resource.Key]int
	edges     int
	reasons   int
	selectors []pendingSelector
	problems  []Problem
	warnings  map[string]bool
	limited   bool
}

func newBuilder(in Input) *builder {
	implicit := in.Implicit
	if implicit == nil {
		implicit = DefaultImplicit()
	}
	return &builder{
		in: in, implicit: implicit, types: newTypeTable(in, implicit), index: resource.NewIndex(in.Definitions, in.Context),
		compiled: map[*resource.Definition]*compiled{}, byKey: map[resource.Key]int{}, warnings: map[string]bool{},
	}
}

// ensure finds or adds the vertex of a resource and records why it is there.
func (b *builder) ensure(key resource.Key, origin Origin) int {
	at, ok := b.byKey[key]
	if !ok {
		at = len(b.vertices)
		b.byKey[key] = at
		b.vertices = append(b.vertices, &vertex{
			key: key, references: map[string]Target{}, deps: map[int]struct{}{}, originSeen: map[originKey]struct{}{},
		})
		if reason := b.unknownType(key.Type); reason != "" {
			b.vertices[at].badType = true
			b.problem(Problem{Node: key, Kind: ProblemUnknownType, Message: fmt.Sprintf("resource %s: %s", key.ID, reason)})
		}
	}
	b.explain(at, origin)
	return at
}

// explain records an origin; one for each kind and resource is enough.
func (b *builder) explain(at int, origin Origin) {
	v := b.vertices[at]
	seen := originKey{origin.Kind, origin.By}
	if _, ok := v.originSeen[seen]; ok {
		return
	}
	v.originSeen[seen] = struct{}{}
	v.origins = append(v.origins, origin)
}

// addEdge makes one resource depend on another, or adds a reason why it does, and tells whether the dependency is new.
func (b *builder) addEdge(from, to int, why reason) bool {
	v := b.vertices[from]
	if b.reasons < maxEdges {
		b.reasons++
		why.to = to
		v.reasons = append(v.reasons, why)
	}
	if _, ok := v.deps[to]; ok {
		return false
	}
	if b.edges >= maxEdges {
		b.tooManyEdges()
		return false
	}
	b.edges++
	v.deps[to] = struct{}{}
	b.vertices[to].dependents = append(b.vertices[to].dependents, from)
	return true
}

func (b *builder) tooManyEdges() {
	b.limit(fmt.Sprintf("the resource graph has more than %d dependencies; look for selectors or match_dependents that cover everything", maxEdges))
}

func (b *builder) limit(message string) {
	if b.limited {
		return
	}
	b.limited = true
	b.problems = append(b.problems, Problem{Kind: ProblemLimit, Message: message})
}

// Beyond these numbers of problems no more suggestions are computed, and no more problems kept.
const (
	maxSuggestions = 100
	maxProblems    = 1000
)

func (b *builder) problem(p Problem) {
	if len(b.problems) < maxProblems {
		b.problems = append(b.problems, p)
	}
}

func (b *builder) existing(wanted string, names []string) string {
	if len(b.problems) >= maxSuggestions {
		return fmt.Sprintf("there are %d others", len(names))
	}
	return existing(wanted, names)
}

func (b *builder) unknownType(name string) string {
	if len(b.problems) >= maxSuggestions {
		if b.types.isUnknown(name) {
			return fmt.Sprintf("unknown resource type %q", name)
		}
		return ""
	}
	return b.types.unknown(name)
}

// graph turns the sorted vertices into the result.
func (b *builder) graph(order []int) *Graph {
	g := &Graph{Nodes: make([]Node, 0, len(order)), Warnings: slices.Sorted(maps.Keys(b.warnings)), index: make(map[resource.Key]int, len(order))}
	for _, at := range order {
		v := b.vertices[at]
		dependsOn := b.dependsOn(v)
		slices.SortFunc(v.origins, compareOrigins)
		inputs := v.inputs
		if inputs == nil {
			inputs = map[string]any{}
		}
		g.index[v.key] = len(g.Nodes)
		g.Nodes = append(g.Nodes, Node{
			Key: v.key, Definition: v.definition, CriteriaID: v.criteriaID, Candidates: v.candidates, Module: moduleOf(v.key.ID),
			Inputs: inputs, References: v.references, DependsOn: dependsOn, Why: b.why(v, dependsOn), Origins: v.origins,
		})
	}
	return g
}
