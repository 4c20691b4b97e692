package schema

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/slipway-dev/slipway/engine/placeholder"
)

// judge makes problems from what the validator found.
type judge struct {
	Options
	document any
	found    []Problem
}

// maxProblems bounds the list for one document.
const maxProblems = 20

func (j *judge) problems(e *jsonschema.ValidationError) []Problem {
	j.explain(e)
	slices.SortStableFunc(j.found, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Message, b.Message))
	})
	j.found = slices.Compact(j.found)
	return j.found[:min(len(j.found), maxProblems)]
}

// explain collects the leaves of a tree of errors. What combines schemas (oneOf, anyOf) is one problem of its own: the
// leaves below it contradict each other.
func (j *judge) explain(e *jsonschema.ValidationError) {
	value := valueAt(j.document, e.InstanceLocation)
	switch reason := e.ErrorKind.(type) {
	case *kind.OneOf, *kind.AnyOf, *kind.Not, *kind.Contains, *kind.MinContains, *kind.MaxContains, *kind.PropertyNames:
		j.add(e, value, combined(e))
		return
	case *kind.Required:
		if j.conditional(e) {
			return
		}
		for _, missing := range reason.Missing {
			j.at(append(slices.Clone(e.InstanceLocation), missing), "this is required and missing")
		}
		return
	case *kind.AdditionalProperties:
		for _, extra := range reason.Properties {
			j.at(append(slices.Clone(e.InstanceLocation), extra), "the schema knows no such key")
		}
		return
	}
	if len(e.Causes) > 0 {
		for _, cause := range e.Causes {
			j.explain(cause)
		}
		return
	}
	j.add(e, value, j.expectation(e, value))
}

func combined(e *jsonschema.ValidationError) string {
	switch reason := e.ErrorKind.(type) {
	case *kind.OneOf:
		if len(reason.Subschemas) > 0 {
			return "it fits more than one of the alternatives of the schema, and must fit exactly one"
		}
		return "it fits none of the alternatives of the schema (oneOf)"
	case *kind.AnyOf:
		return "it fits none of the alternatives of the schema (anyOf)"
	case *kind.PropertyNames:
		return fmt.Sprintf("the name %q is not allowed", reason.Property)
	}
	return e.ErrorKind.LocalizedString(message.NewPrinter(language.English))
}

// add reports a problem with a value, unless a placeholder in it may still become what is asked for.
func (j *judge) add(e *jsonschema.ValidationError, value any, text string) {
	if j.Early {
		_, isText := value.(string)
		_, isType := e.ErrorKind.(*kind.Type)
		if (isText || !isType) && undecided(value) {
			return
		}
		if j.conditional(e) {
			return
		}
	}
	j.at(e.InstanceLocation, text)
}

// conditional tells whether the schema asks for something only because of other values, which are not known yet.
func (j *judge) conditional(e *jsonschema.ValidationError) bool {
	if !j.Early || !undecided(j.document) {
		return false
	}
	_, fragment, _ := strings.Cut(e.SchemaURL, "#")
	for _, keyword := range []string{"/then", "/else", "/dependentSchemas", "/oneOf", "/anyOf"} {
		if strings.Contains(fragment+"/", keyword+"/") {
			return true
		}
	}
	return false
}

func (j *judge) at(location []string, text string) {
	path := ""
	for _, token := range location {
		path = placeholder.Child(path, token)
	}
	j.found = append(j.found, Problem{Path: path, Message: text})
}

// undecided tells whether any string of the value holds a placeholder or the escape for one, whose text changes when it
// is resolved.
func undecided(v any) bool {
	switch t := v.(type) {
	case string:
		return strings.Contains(t, "${") || strings.Contains(t, `$\{`)
	case map[string]any:
		for _, child := range t {
			if undecided(child) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(t, undecided)
	}
	return false
}

// expectation says in words what the schema asks for. Everything that could repeat the value is left out when it is secret.
func (j *judge) expectation(e *jsonschema.ValidationError, value any) string {
	have := ", this is " + shown(value)
	if j.Secret != nil && j.Secret(e.InstanceLocation) {
		have = ", this secret is not"
	}
	switch reason := e.ErrorKind.(type) {
	case *kind.Type:
		return "expected " + strings.Join(reason.Want, " or ") + have
	case *kind.Enum:
		return "expected one of " + list(reason.Want) + have
	case *kind.Const:
		return "expected " + shown(reason.Want) + have
	case *kind.Pattern:
		return "expected a match of " + reason.Want + have
	case *kind.Format:
		return "expected the format " + reason.Want + have
	case *kind.MinLength:
		return fmt.Sprintf("expected %d characters or more, there are %d", reason.Want, reason.Got)
	case *kind.MaxLength:
		return fmt.Sprintf("expected %d characters or fewer, there are %d", reason.Want, reason.Got)
	case *kind.MinItems:
		return fmt.Sprintf("expected %d elements or more, there are %d", reason.Want, reason.Got)
	case *kind.MaxItems:
		return fmt.Sprintf("expected %d elements or fewer, there are %d", reason.Want, reason.Got)
	case *kind.MinProperties:
		return fmt.Sprintf("expected %d keys or more, there are %d", reason.Want, reason.Got)
	case *kind.MaxProperties:
		return fmt.Sprintf("expected %d keys or fewer, there are %d", reason.Want, reason.Got)
	case *kind.Minimum:
		return "expected " + number(reason.Want) + " or more" + have
	case *kind.Maximum:
		return "expected " + number(reason.Want) + " or less" + have
	case *kind.ExclusiveMinimum:
		return "expected more than " + number(reason.Want) + have
	case *kind.ExclusiveMaximum:
		return "expected less than " + number(reason.Want) + have
	case *kind.MultipleOf:
		return "expected a multiple of " + number(reason.Want) + have
	case *kind.FalseSchema:
		return "the schema allows nothing here"
	}
	// What is left speaks of keywords and positions, such as uniqueItems, not of values.
	return "it does not meet " + strings.Join(e.ErrorKind.KeywordPath(), "/") + " of the schema"
}

func number(n interface{ Float64() (float64, bool) }) string {
	f, _ := n.Float64()
	return strconv.FormatFloat(f, 'f', -1, 64)
}

func list(values []any) string {
	const most = 20
	var out []string
	for _, v := range values[:min(len(values), most)] {
		out = append(out, shown(v))
	}
	if len(values) > most {
		out = append(out, "...")
	}
	return strings.Join(out, ", ")
}

// shown spells a value in a few characters.
func shown(v any) string {
	switch t := v.(type) {
	case nil:
		return "null"
	case map[string]any:
		return "an object"
	case []any:
		return "an array"
	case string:
		const most = 60
		if len(t) > most {
			t = strings.ToValidUTF8(t[:most], "") + "..."
		}
		return "the text " + strconv.Quote(t)
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("a %T", v)
	}
	return string(raw)
}

func valueAt(node any, location []string) any {
	for _, token := range location {
		switch parent := node.(type) {
		case map[string]any:
			node = parent[token]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(parent) {
				return nil
			}
			node = parent[i]
		default:
			return nil
		}
	}
	return node
}
