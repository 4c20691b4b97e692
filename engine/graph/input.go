package graph

import (
	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/resource"
)

// Input is everything a graph is built from. Build does not change it, and the nodes share parts of it.
type Input struct {
	Context     resource.Context
	Set         deployset.Set
	Definitions []resource.Definition
	// Types are the resource types known to the organization, built-in ones included. Without any, types are not
	// checked.
	Types []resource.Type
	// Pins are versions that single resources are pinned to: such a version stands in for the definition with its id when
	// that one is selected. Keys are normalized.
	Pins map[resource.Key]resource.Definition
	// Extra are resources to resolve beside those of the set.
	Extra []Request
	// Implicit are the resources that every environment has. Nil means DefaultImplicit. Those of the types base-env,
	// logging and workload are left out when no definition matches; the others are required.
	Implicit []resource.Key
}

// Request names a resource and its inputs. Placeholders in the inputs are those of resource inputs in a set; for an id
// modules.<workload>.externals.<id> they are read in the scope of that workload.
type Request struct {
	Key    resource.Key
	Inputs map[string]any
}

// DefaultImplicit lists the implicit resources of an environment.
func DefaultImplicit() []resource.Key {
	var keys []resource.Key
	for _, name := range []string{"k8s-cluster", "k8s-namespace", "base-env", "logging"} {
		keys = append(keys, resource.Key{Type: name, Class: resource.DefaultClass, ID: name})
	}
	return keys
}

// typeWorkload is the type of the resource that stands for a workload.
const typeWorkload = "workload"

// isOptional tells whether an implicit resource of the type may go without a definition.
func isOptional(typ string) bool {
	return typ == "base-env" || typ == "logging" || typ == typeWorkload
}
