package resource

// Definition says how resources of one type are provisioned and which needs it meets.
type Definition struct {
	ID, VersionID string
	Type          string
	DriverType    string // such as humanitec/template
	DriverAccount string // may hold a placeholder
	// Values and SecretRefs are the driver's inputs with their placeholders. A leaf of SecretRefs is a map with store,
	// ref and version, or with value.
	Values, SecretRefs map[string]any
	// Provision names resources to create beside one of this definition; keys have the form type[.class][#id].
	Provision map[string]Provision
	// Criteria without an element never match.
	Criteria            []Criteria
	IsDefault           bool // supplied with the product; ranks after every other one
	InPlaceDriverChange bool
}

// Provision is one co-provisioned resource of a definition.
type Provision struct {
	IsDependent     bool           // it depends on the resource that brings it
	MatchDependents bool           // whatever depends on that resource depends on it as well
	Params          map[string]any // its resource inputs
}
