package orchestrator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/slipway-dev/slipway/engine/placeholder"
)

// shownProblems bounds how many mismatches one message names.
const shownProblems = 5

// partial is a tree of which some places are known only when a resource is
// made: placeholders and secrets.
type partial struct {
	tree    map[string]any
	unknown [][]string
}

func known(tree map[string]any) partial { return partial{tree: tree} }

// compileInputsSchema compiles a JSON schema that is complete in itself.
func compileInputsSchema(schema map[string]any) (*jsonschema.Schema, error) {
	raw, err := json.Marshal(schema)
	if err != nil {
		return nil, err
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	const url = "mem:///inputs_schema"
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(noLoader{})
	if err := compiler.AddResource(url, document); err != nil {
		return nil, err
	}
	return compiler.Compile(url)
}

// noLoader keeps a schema from reading files and addresses.
type noLoader struct{}

func (noLoader) Load(url string) (any, error) {
	return nil, fmt.Errorf("%s lies outside the schema, which must be complete in itself", url)
}

// checkInputsSchema validates a schema that a driver is registered with.
func checkInputsSchema(schema map[string]any) error {
	if err := checkSize("inputs_schema", schema); err != nil {
		return err
	}
	if _, err := compileInputsSchema(schema); err != nil {
		text := strings.ReplaceAll(strings.ReplaceAll(err.Error(), "mem:///inputs_schema", "inputs_schema"), "\n", " ")
		return Invalidf("inputs_schema: it is not a valid JSON schema: %s", text)
	}
	return nil
}

// schemaProblems compares {values, secrets} with a schema. Of secrets it tells
// names only. A schema that cannot be compiled, which an older version may have stored, asks for nothing.
func schemaProblems(schema map[string]any, values, secrets partial) []string {
	if len(schema) == 0 {
		return nil
	}
	compiled, err := compileInputsSchema(schema)
	if err != nil {
		return nil
	}
	instance := map[string]any{"values": asAny(values.tree)}
	if len(secrets.tree) > 0 {
		instance["secrets"] = asAny(secrets.tree)
	}
	var unknown [][]string
	for _, at := range values.unknown {
		unknown = append(unknown, append([]string{"values"}, at...))
	}
	for _, at := range secrets.unknown {
		unknown = append(unknown, append([]string{"secrets"}, at...))
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(compiled.Validate(instance), &invalid) {
		return nil
	}
	found := collectProblems(invalid, unknown)
	slices.Sort(found)
	found = slices.Compact(found)
	if len(found) > shownProblems {
		found = append(found[:shownProblems], fmt.Sprintf("and %d more", len(found)-shownProblems))
	}
	return found
}

func asAny(tree map[string]any) any {
	if tree == nil {
		return map[string]any{}
	}
	return tree
}

// collectProblems lists the leaves of a tree of schema errors. Whoever says
// that one of several must match fails with all of them, so such an error
// counts only when nothing unknown is involved.
func collectProblems(e *jsonschema.ValidationError, unknown [][]string) []string {
	switch e.ErrorKind.(type) {
	case *kind.AnyOf, *kind.OneOf, *kind.Not, *kind.Contains, *kind.MinContains, *kind.MaxContains, *kind.Enum, *kind.Const, *kind.UniqueItems:
		if touches(e.InstanceLocation, unknown) {
			return nil
		}
		return []string{problemText(e)}
	}
	if len(e.Causes) > 0 {
		var out []string
		for _, cause := range e.Causes {
			out = append(out, collectProblems(cause, unknown)...)
		}
		return out
	}
	if slices.ContainsFunc(unknown, func(at []string) bool { return isBelow(e.InstanceLocation, at) }) {
		return nil
	}
	return []string{problemText(e)}
}

// touches reports whether a place that is not known yet lies at, above or below the location.
func touches(location []string, unknown [][]string) bool {
	return slices.ContainsFunc(unknown, func(at []string) bool { return isBelow(location, at) || isBelow(at, location) })
}

func isBelow(location, base []string) bool {
	return len(location) >= len(base) && slices.Equal(location[:len(base)], base)
}

func problemText(e *jsonschema.ValidationError) string {
	where := ""
	for _, part := range e.InstanceLocation {
		where = placeholder.Child(where, part)
	}
	if where == "" {
		where = "/"
	}
	text := e.ErrorKind.LocalizedString(message.NewPrinter(language.English))
	if len(e.InstanceLocation) > 0 && e.InstanceLocation[0] == "secrets" {
		switch e.ErrorKind.(type) {
		case *kind.Required, *kind.AdditionalProperties, *kind.Type:
		default:
			text = "it does not have the form that the schema asks for (" + strings.Join(e.ErrorKind.KeywordPath(), "/") + ")"
		}
	}
	return where + ": " + shortenTo(text, 200)
}

func shortenTo(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return string(runes[:most]) + "..."
}

// checkAgainstDriver compares the inputs of a version of a definition with the
// schema of the registered driver that it names, as far as they are known.
func (s *Service) checkAgainstDriver(ctx context.Context, v *DefinitionVersion) error {
	name, own := strings.CutPrefix(v.DriverType, v.OrgID+"/")
	if !own {
		return nil
	}
	d, err := s.store.GetDriver(ctx, v.OrgID, name)
	if IsNotFound(err) {
		return nil // a built-in one, or one that is checked elsewhere
	}
	if err != nil {
		return err
	}
	in := DriverInputs{}
	if v.DriverInputs != nil {
		in = *v.DriverInputs
	}
	values := partial{tree: orEmpty(in.Values), unknown: placeholderPlaces(in.Values, nil)}
	secrets := partial{tree: map[string]any{}}
	secrets.tree, secrets.unknown = secretPlaces(in.SecretRefs, nil)
	if v.DriverAccount != "" {
		secrets.tree["account"] = map[string]any{}
		secrets.unknown = append(secrets.unknown, []string{"account"})
	}
	if problems := schemaProblems(d.InputsSchema, values, secrets); len(problems) > 0 {
		return Invalidf("driver_inputs: they do not match the inputs_schema of driver %q: %s", v.DriverType, strings.Join(problems, "; "))
	}
	return nil
}

// placeholderPlaces lists where placeholders stand.
func placeholderPlaces(tree any, at []string) [][]string {
	var out [][]string
	switch t := tree.(type) {
	case map[string]any:
		for key, child := range t {
			if refs, err := placeholder.References(key); err != nil || len(refs) > 0 {
				out = append(out, at)
			}
			out = append(out, placeholderPlaces(child, append(slices.Clone(at), key))...)
		}
	case []any:
		for i, child := range t {
			out = append(out, placeholderPlaces(child, append(slices.Clone(at), fmt.Sprint(i)))...)
		}
	case string:
		if refs, err := placeholder.References(t); err != nil || len(refs) > 0 {
			out = append(out, at)
		}
	}
	return out
}

// secretPlaces is the nesting of secrets with a text at every leaf, and where the leaves are.
func secretPlaces(refs map[string]any, at []string) (map[string]any, [][]string) {
	tree, places := map[string]any{}, [][]string{}
	for key, child := range refs {
		here := append(slices.Clone(at), key)
		m, ok := child.(map[string]any)
		if _, leaf := readSecretLeaf(m); !ok || leaf {
			tree[key] = ""
			places = append(places, here)
			continue
		}
		below, more := secretPlaces(m, here)
		tree[key] = below
		places = append(places, more...)
	}
	return tree, places
}
