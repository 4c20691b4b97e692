package graph

import (
	"cmp"
	"slices"

	"github.com/slipway-dev/slipway/engine/resource"
)

// Why a resource depends on another one.
const (
	ReasonDeclared  = "declared"         // a workload declares it; the detail is its name there
	ReasonReference = "reference"        // a placeholder names it
	ReasonSelector  = "selector"         // a selector found it
	ReasonDependent = "is_dependent"     // it was co-provisioned by the other one; the detail is the provision entry
	ReasonMatch     = "match_dependents" // it depends on By, whose definition brings the other one for what depends on it
)

// Reason is one cause of a dependency.
type Reason struct {
	On       int           `json:"on"` // position in Node.DependsOn
	Kind     string        `json:"kind"`
	By       *resource.Key `json:"by,omitempty"`       // only for ReasonMatch
	Detail   string        `json:"detail,omitempty"`   // placeholder, key of the provision entry, or name where it is declared
	Location string        `json:"location,omitempty"` // JSON pointer of the placeholder in the module, definition or params
}

// reason is a Reason under construction.
type reason struct {
	to                     int
	kind, detail, location string
	by                     *resource.Key
}

// dependsOn gives the keys that a vertex depends on, sorted.
func (b *builder) dependsOn(v *vertex) []resource.Key {
	out := make([]resource.Key, 0, len(v.deps))
	for dep := range v.deps {
		out = append(out, b.vertices[dep].key)
	}
	slices.SortFunc(out, resource.Key.Compare)
	return out
}

// why gives the reasons of a vertex in the order of its dependencies.
func (b *builder) why(v *vertex, dependsOn []resource.Key) []Reason {
	if len(v.reasons) == 0 {
		return nil
	}
	out := make([]Reason, 0, len(v.reasons))
	for _, r := range v.reasons {
		on, _ := slices.BinarySearchFunc(dependsOn, b.vertices[r.to].key, resource.Key.Compare)
		out = append(out, Reason{On: on, Kind: r.kind, By: r.by, Detail: r.detail, Location: r.location})
	}
	slices.SortFunc(out, compareReasons)
	return out
}

func compareReasons(a, b Reason) int {
	return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Detail, b.Detail),
		cmp.Compare(a.Location, b.Location), compareKeys(a.By, b.By))
}

func compareKeys(a, b *resource.Key) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return a.Compare(*b)
}
