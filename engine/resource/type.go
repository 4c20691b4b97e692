package resource

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
}
