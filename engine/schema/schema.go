package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/slipway-dev/slipway/engine/placeholder"
)

// Schema is a compiled JSON schema (draft 2020-12 unless $schema says otherwise). Nil accepts everything. It is safe
// for concurrent use.
type Schema struct {
	compiled *jsonschema.Schema
}

// address is what a schema calls itself when it has no $id.
const address = "slipway:schema"

// Compile reads a schema. An empty one accepts everything and gives nil. The error says where in the schema the
// fault is.
func Compile(document map[string]any) (*Schema, error) {
	if len(document) == 0 {
		return nil, nil
	}
	plain, err := encoded(document)
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(refuse{})
	if err := compiler.AddResource(address, plain); err != nil {
		return nil, fmt.Errorf("it is no JSON schema: %w", err)
	}
	compiled, err := compiler.Compile(address)
	if err != nil {
		return nil, compileError(err)
	}
	return &Schema{compiled}, nil
}

// refuse loads nothing: a schema of one organization must not read files or addresses of the server.
type refuse struct{}

func (refuse) Load(url string) (any, error) {
	return nil, fmt.Errorf("it refers to %s; a schema can refer only to its own parts, such as #/$defs/name", url)
}

// compileError shortens what the library says to what a person can act on.
func compileError(err error) error {
	var invalid *jsonschema.SchemaValidationError
	var cause *jsonschema.ValidationError
	if errors.As(err, &invalid) && errors.As(invalid.Err, &cause) {
		var parts []string
		for _, p := range (&judge{}).problems(cause) {
			parts = append(parts, p.String())
		}
		return fmt.Errorf("it is no JSON schema: %s", strings.Join(parts, "; "))
	}
	var load *jsonschema.LoadURLError
	if errors.As(err, &load) {
		return load.Err
	}
	return fmt.Errorf("it is no JSON schema: %s", strings.ReplaceAll(err.Error(), address, ""))
}

// Options say what of a document cannot be judged or shown.
type Options struct {
	// Early keeps values that hold placeholders from being judged.
	Early bool
	// Secret reports that the value at a place (tokens of a JSON pointer) must not be shown; nil shows all.
	Secret func(location []string) bool
}

// Problem is one thing that is wrong with a document.
type Problem struct {
	Path    string // JSON pointer into the document; "" for the document itself
	Message string // what was expected, and what there is unless it is secret
}

// String gives path and message.
func (p Problem) String() string {
	if p.Path == "" {
		return p.Message
	}
	return p.Path + ": " + p.Message
}

// Check gives everything that is wrong with a document, in a stable order; nil when nothing is.
func (s *Schema) Check(document any, o Options) []Problem {
	if s == nil {
		return nil
	}
	if placeholder.ContainsSecret(document) {
		document = placeholder.Redact(document)
	}
	plain, err := normal(document)
	if err != nil {
		return []Problem{{Message: err.Error()}}
	}
	var invalid *jsonschema.ValidationError
	err = s.compiled.Validate(plain)
	if err == nil {
		return nil
	}
	if !errors.As(err, &invalid) {
		return []Problem{{Message: "it cannot be checked against its schema"}}
	}
	return (&judge{document: plain, Options: o}).problems(invalid)
}

// normal gives the tree as JSON has it, whatever Go types drivers used. Most trees came from JSON and stay as they are.
func normal(v any) (any, error) {
	if isPlain(v) {
		return v, nil
	}
	return encoded(v)
}

func encoded(v any) (any, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, errors.New("it cannot be written as JSON")
	}
	return jsonschema.UnmarshalJSON(bytes.NewReader(raw))
}

func isPlain(v any) bool {
	switch t := v.(type) {
	case nil, string, bool:
		return true
	case float64:
		return !math.IsNaN(t) && !math.IsInf(t, 0)
	case map[string]any:
		for _, child := range t {
			if !isPlain(child) {
				return false
			}
		}
		return true
	case []any:
		for _, child := range t {
			if !isPlain(child) {
				return false
			}
		}
		return true
	}
	return false
}
