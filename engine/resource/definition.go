package resource

// Definition says how resources of one type are provisioned and which needs it meets.
type Definition struct {
	ID            string `json:"id"`
	VersionID     string `json:"version_id"`
	Type          string `json:"type"`
	DriverType    string `json:"driver_type"`              // such as humanitec/template
	DriverAccount string `json:"driver_account,omitempty"` // may hold a placeholder
	// Values and SecretRefs are the driver's inputs with their placeholders. A leaf of SecretRefs is a map with store,
	// ref and version, or with value.
	Values     map[string]any `json:"values,omitempty"`
	SecretRefs map[string]any `json:"secret_refs,omitempty"`
	// Provision names resources to create beside one of this definition; keys have the form type[.class][#id].
	Provision map[string]Provision `json:"provision,omitempty"`
	// Criteria without an element never match.
	Criteria            []Criteria `json:"criteria,omitempty"`
	IsDefault           bool       `json:"is_default,omitempty"` // supplied with the product; ranks after every other one
	InPlaceDriverChange bool       `json:"in_place_driver_change,omitempty"`
}

// Provision is one co-provisioned resource of a definition.
type Provision struct {
	IsDependent     bool           `json:"is_dependent"`               // it depends on the resource that brings it
	MatchDependents bool           `json:"match_dependents,omitempty"` // whatever depends on that resource depends on it as well
	Params          map[string]any `json:"params,omitempty"`           // its resource inputs
}
