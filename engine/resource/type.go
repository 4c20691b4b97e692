package resource

import "github.com/slipway-dev/slipway/engine/schema"

// How a resource type may be asked for.
const (
	UseDirect   = "direct"   // by workloads and by definitions
	UseIndirect = "indirect" // by definitions only
	UseImplicit = "implicit" // created on every deployment
)

// Type is a resource type: built-in ("s3") or custom ("my-org/s3").
type Type struct {
	ID            string
	Use           string // UseDirect, UseIndirect or UseImplicit
	InputsSchema  map[string]any
	OutputsSchema map[string]any
	// Inputs and Outputs are the schemas, kept compiled by whoever builds many graphs; nil: compiled on demand.
	Inputs, Outputs *schema.Lazy
}
