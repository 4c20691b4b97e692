package starter

import (
	_ "embed"

	"sigs.k8s.io/yaml"
)

// Type is a built-in resource type in the shape of the public API.
type Type struct {
	Type     string `json:"type"`
	Name     string `json:"name"`
	Category string `json:"category"`
	// Use is direct, indirect or implicit.
	Use string `json:"use"`
	// InputsSchema is flat; OutputsSchema has the properties values and secrets. Both are open.
	InputsSchema  map[string]any `json:"inputs_schema"`
	OutputsSchema map[string]any `json:"outputs_schema"`
}

//go:embed types.yaml
var typesYAML []byte

// Types returns all built-in resource types, sorted by type. Every call gives a fresh copy.
func Types() []Type {
	var out []Type
	// The embedded text is checked by the tests; a text that cannot be read gives no types.
	if err := yaml.UnmarshalStrict(typesYAML, &out); err != nil {
		return nil
	}
	return out
}
