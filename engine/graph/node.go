package graph

import (
	"cmp"

	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/resource"
)

// Why a resource is in the graph.
const (
	OriginWorkload  = "workload"  // it stands for a workload of the set
	OriginShared    = "shared"    // declared as shared resource of the set
	OriginExternal  = "external"  // declared by a workload
	OriginImplicit  = "implicit"  // every environment has it
	OriginRequest   = "request"   // named in Input.Extra
	OriginReference = "reference" // a placeholder names it
	OriginProvision = "provision" // a definition co-provisions it
	OriginSelector  = "selector"  // a selector found it
)

// Origin is one reason for a node to be in the graph.
type Origin struct {
	Kind   string       `json:"kind"`
	By     resource.Key `json:"by"`               // the node that brings it; the zero key for declared and implicit ones
	Detail string       `json:"detail,omitempty"` // id in the set, placeholder, or key of the provision entry
}

// Target is what a placeholder of a node points at.
type Target struct {
	Keys      []resource.Key   `json:"keys"`           // one; for a list any number, sorted
	List      bool             `json:"list,omitempty"` // a selector: the value is an array with one element for each key
	Attribute string           `json:"attribute"`      // resource.AttributeOutputs and so on
	Path      placeholder.Path `json:"path,omitempty"` // inside the outputs
}

// Node is one resource of the graph.
type Node struct {
	Key        resource.Key         `json:"key"`
	Definition *resource.Definition `json:"definition,omitempty"` // nil only for a workload that no definition matches
	CriteriaID string               `json:"criteria_id,omitempty"`
	Candidates []resource.Candidate `json:"candidates,omitempty"` // how the definition was selected, best first
	Module     string               `json:"module,omitempty"`     // workload the node belongs to by its id; "" for shared and free ids
	Inputs     map[string]any       `json:"inputs,omitempty"`     // unresolved
	// References tells, by the text between ${ and }, what the placeholders in Inputs and in the definition point at
	// when they name a resource. The bare references of volume mounts and ingress rules (externals.x) are in it too.
	References map[string]Target `json:"references,omitempty"`
	DependsOn  []resource.Key    `json:"depends_on,omitempty"` // sorted
	Why        []Reason          `json:"why,omitempty"`        // reasons of DependsOn, in its order; at least one each in a graph of sensible size
	Origins    []Origin          `json:"origins,omitempty"`    // sorted
}

func compareOrigins(a, b Origin) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), a.By.Compare(b.By), cmp.Compare(a.Detail, b.Detail))
}
