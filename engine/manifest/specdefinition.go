package manifest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/engine/schema"
)

// Kinds of properties of a spec definition (published API).
const (
	propertyFeature    = "feature"
	propertyCollection = "collection"
	propertySchema     = "schema"
)

// maxProperties bounds how many properties a spec definition has on all levels.
const maxProperties = 1000

// SchemaOfDefinition computes the JSON schema of a spec from its definition, and judges the definition: its properties
// are features that exist, collections of them, or schemas of their own. A definition without properties describes a
// spec that may hold anything.
func SchemaOfDefinition(definition map[string]any) (map[string]any, error) {
	r := &definitionReader{}
	if v := definition["runtime_properties"]; v != nil {
		if err := r.runtime(v, "spec_definition"); err != nil {
			return nil, err
		}
	}
	given, ok := definition["properties"].(map[string]any)
	if definition["properties"] != nil && !ok {
		return nil, fmt.Errorf("spec_definition.properties: expected an object")
	}
	if len(given) == 0 {
		return map[string]any{"type": "object"}, nil
	}
	properties, err := r.properties(given, "spec_definition.properties")
	if err != nil {
		return nil, err
	}
	return closedObject(properties), nil
}

type definitionReader struct{ count int }

func (r *definitionReader) properties(given map[string]any, at string) (map[string]any, error) {
	out := map[string]any{}
	for _, name := range sortedKeys(given) {
		where := at + "." + name
		if r.count++; r.count > maxProperties {
			return nil, fmt.Errorf("%s: more than %d properties", where, maxProperties)
		}
		property, ok := given[name].(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%s: expected an object", where)
		}
		made, err := r.property(property, where)
		if err != nil {
			return nil, err
		}
		out[name] = made
	}
	return out, nil
}

func (r *definitionReader) property(property map[string]any, at string) (map[string]any, error) {
	if v := property["runtime_properties"]; v != nil {
		if err := r.runtime(v, at); err != nil {
			return nil, err
		}
	}
	switch property["type"] {
	case propertyFeature:
		return featureSchema(property, at)
	case propertySchema:
		document, ok := property["schema"].(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%s.schema: a property of the type schema needs one, an object", at)
		}
		if _, err := schema.Compile(document); err != nil {
			return nil, fmt.Errorf("%s.schema: %w", at, err)
		}
		return maps.Clone(document), nil
	case propertyCollection:
		children, ok := property["properties"].(map[string]any)
		if property["properties"] != nil && !ok {
			return nil, fmt.Errorf("%s.properties: expected an object", at)
		}
		if len(children) == 0 {
			return map[string]any{"type": "object", "additionalProperties": openObject()}, nil
		}
		made, err := r.properties(children, at+".properties")
		if err != nil {
			return nil, err
		}
		made["id"] = map[string]any{"type": "string"} // which members of collections carry
		return map[string]any{"type": "object", "additionalProperties": closedObject(made)}, nil
	}
	return nil, fmt.Errorf("%s.type: expected feature, collection or schema", at)
}

func featureSchema(property map[string]any, at string) (map[string]any, error) {
	name, _ := property["feature_name"].(string)
	schemas := featureSchemas()
	found, ok := schemas[strings.TrimPrefix(name, "humanitec/")]
	if !ok || !strings.HasPrefix(name, "humanitec/") {
		names := slices.Sorted(maps.Keys(schemas))
		return nil, fmt.Errorf("%s.feature_name: %q is no feature; there are: humanitec/%s", at, name, strings.Join(names, ", humanitec/"))
	}
	return found, nil
}

func (r *definitionReader) runtime(v any, at string) error {
	list, ok := v.([]any)
	if !ok {
		return fmt.Errorf("%s.runtime_properties: expected an array", at)
	}
	for i, item := range list {
		property, _ := item.(map[string]any)
		if property["type"] != propertyFeature && property["type"] != propertyCollection {
			return fmt.Errorf("%s.runtime_properties[%d].type: expected feature or collection", at, i)
		}
	}
	return nil
}
