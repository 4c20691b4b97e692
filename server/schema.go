package server

import (
	"reflect"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/internal/api"
)

// schemas derives JSON Schemas from Go types by their tags json, doc and enum.
type schemas struct {
	components openapi3.Schemas
}

// typeNames renames types whose Go name would be unclear outside its package.
var typeNames = map[reflect.Type]string{
	reflect.TypeFor[deployset.Changes](): "DeltaChanges",
	reflect.TypeFor[deployset.Op]():      "PatchOperation",
	reflect.TypeFor[deployset.Delta]():   "PlainDelta",
}

func newSchemas() *schemas { return &schemas{components: openapi3.Schemas{}} }

func (s *schemas) of(value any) *openapi3.SchemaRef { return s.ofType(reflect.TypeOf(value)) }

func (s *schemas) ofType(t reflect.Type) *openapi3.SchemaRef {
	if special := s.special(t); special != nil {
		return special
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.ofType(t.Elem())
	case reflect.String:
		return openapi3.NewStringSchema().NewRef()
	case reflect.Bool:
		return openapi3.NewBoolSchema().NewRef()
	case reflect.Int, reflect.Int64:
		return intSchema(64).NewRef()
	case reflect.Int8, reflect.Int16, reflect.Int32:
		return intSchema(32).NewRef()
	case reflect.Float32, reflect.Float64:
		return openapi3.NewFloat64Schema().NewRef()
	case reflect.Slice, reflect.Array:
		schema := openapi3.NewArraySchema()
		schema.Items = s.ofType(t.Elem())
		return schema.NewRef()
	case reflect.Map:
		schema := openapi3.NewObjectSchema()
		schema.AdditionalProperties = openapi3.AdditionalProperties{Schema: s.ofType(t.Elem())}
		return schema.NewRef()
	case reflect.Struct:
		return s.component(t)
	}
	return openapi3.NewSchema().NewRef() // any JSON value
}

// component registers the schema of a struct and refers to it by name.
func (s *schemas) component(t reflect.Type) *openapi3.SchemaRef {
	name := typeNames[t]
	if name == "" {
		name = t.Name()
	}
	if name == "" { // an anonymous struct stands for any JSON value
		return openapi3.NewSchema().NewRef()
	}
	ref := &openapi3.SchemaRef{Ref: "#/components/schemas/" + name}
	if _, known := s.components[name]; known {
		return ref
	}
	schema := openapi3.NewObjectSchema()
	s.components[name] = schema.NewRef() // before its fields, which may refer back
	for _, field := range reflect.VisibleFields(t) {
		s.addField(schema, field)
	}
	return ref
}

func (s *schemas) addField(schema *openapi3.Schema, field reflect.StructField) {
	name, optional := jsonName(field.Tag.Get("json"))
	if name == "" || !field.IsExported() {
		return
	}
	property := s.ofType(field.Type)
	if property.Ref == "" {
		property.Value.Description = field.Tag.Get("doc")
		property.Value.Enum = enumOf(field.Tag.Get("enum"))
		property.Value.Nullable = field.Type.Kind() == reflect.Pointer && !optional
	}
	schema.WithPropertyRef(name, property)
	if !optional {
		schema.Required = append(schema.Required, name)
	}
}

// special are the types whose wire form is not that of their fields.
func (s *schemas) special(t reflect.Type) *openapi3.SchemaRef {
	switch t {
	case reflect.TypeFor[api.Time]():
		return openapi3.NewDateTimeSchema().NewRef()
	case reflect.TypeFor[api.OptionalObject]():
		schema := openapi3.NewObjectSchema().WithAnyAdditionalProperties()
		schema.Nullable = true
		return schema.NewRef()
	case reflect.TypeFor[api.CreatedDelta]():
		schema := openapi3.NewSchema()
		schema.OneOf = openapi3.SchemaRefs{openapi3.NewStringSchema().NewRef(), s.of(api.Delta{})}
		return schema.NewRef()
	case reflect.TypeFor[api.SetOrDiff]():
		schema := openapi3.NewSchema()
		schema.OneOf = openapi3.SchemaRefs{s.of(api.Set{}), s.of(deployset.Delta{})}
		return schema.NewRef()
	case reflect.TypeFor[api.DeltaRequest]():
		schema := openapi3.NewObjectSchema()
		schema.WithPropertyRef("metadata", s.of(api.DeltaMetadataRequest{}))
		schema.WithPropertyRef("modules", s.requestedChanges())
		schema.WithPropertyRef("shared", s.of([]deployset.Op{}))
		schema.WithPropertyRef("workloads", s.requestedChanges())
		return schema.NewRef()
	case reflect.TypeFor[deployset.Op]():
		schema := openapi3.NewObjectSchema().
			WithProperty("op", openapi3.NewStringSchema().WithEnum(deployset.OpAdd, deployset.OpRemove, deployset.OpReplace)).
			WithProperty("path", openapi3.NewStringSchema()).
			WithProperty("value", openapi3.NewSchema()).
			WithProperty("from", openapi3.NewStringSchema())
		schema.Required = []string{"op", "path"}
		return schema.NewRef()
	}
	return nil
}

// requestedChanges is what a request may say of modules or workloads: the same
// as in answers, but nothing of it is required.
func (s *schemas) requestedChanges() *openapi3.SchemaRef {
	const name = "DeltaChangesRequest"
	s.of(deployset.Changes{})
	changes := *s.components["DeltaChanges"].Value
	changes.Required = nil
	s.components[name] = changes.NewRef()
	return &openapi3.SchemaRef{Ref: "#/components/schemas/" + name}
}
