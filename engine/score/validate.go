package score

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"github.com/score-spec/score-go/schema"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// compiled gives the published Score schema, compiled once. Everything that it refers to is inside it.
var compiled = sync.OnceValues(func() (*jsonschema.Schema, error) {
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(schema.ScoreSchemaV1b1))
	if err != nil {
		return nil, fmt.Errorf("reading the Score schema: %w", err)
	}
	const url = "https://score.dev/schemas/score"
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(url, document); err != nil {
		return nil, fmt.Errorf("loading the Score schema: %w", err)
	}
	return compiler.Compile(url)
})

// validate checks a Score document in today's form against the schema and adds everything that is wrong. The error is
// about the schema itself.
func validate(spec map[string]any, found *problems) error {
	score, err := compiled()
	if err != nil {
		return err
	}
	err = score.Validate(spec)
	if err == nil {
		return nil
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return fmt.Errorf("checking against the Score schema: %w", err)
	}
	explain(invalid, spec, found)
	return nil
}

// explain collects the leaves of a tree of schema errors.
func explain(e *jsonschema.ValidationError, spec any, found *problems) {
	where := at(e.InstanceLocation...)
	if _, ok := e.ErrorKind.(*kind.OneOf); ok {
		found.add(where, "expected exactly one of content, binaryContent and source")
		return
	}
	if names, ok := e.ErrorKind.(*kind.PropertyNames); ok {
		for _, place := range holders(spec, e.SchemaURL, names.Property) {
			for _, cause := range e.Causes {
				found.add(below(place, names.Property), "the name %q is not allowed: %s", names.Property, expectation(cause.ErrorKind, names.Property))
			}
		}
		return
	}
	if len(e.Causes) > 0 {
		for _, cause := range e.Causes {
			explain(cause, spec, found)
		}
		return
	}
	switch reason := e.ErrorKind.(type) {
	case *kind.Required:
		for _, missing := range reason.Missing {
			found.add(below(where, missing), "this is required")
		}
	case *kind.AdditionalProperties:
		for _, extra := range reason.Properties {
			found.add(below(where, extra), "Score has no such key here")
		}
	default:
		found.add(where, "%s", expectation(e.ErrorKind, valueAt(spec, e.InstanceLocation)))
	}
}

// expectation says in words what the schema asks for.
func expectation(reason jsonschema.ErrorKind, value any) string {
	switch reason := reason.(type) {
	case *kind.Type:
		return fmt.Sprintf("expected %s, this is %s", strings.Join(articles(reason.Want), " or "), describe(value, reason.Want))
	case *kind.Enum:
		return fmt.Sprintf("expected one of %v, this is %q", reason.Want, fmt.Sprint(reason.Got))
	case *kind.Pattern:
		return fmt.Sprintf("%q has the wrong form%s", reason.Got, formOf(reason.Want))
	case *kind.MinLength:
		return fmt.Sprintf("expected at least %d characters, there are %d", reason.Want, reason.Got)
	case *kind.MaxLength:
		return fmt.Sprintf("expected at most %d characters, there are %d", reason.Want, reason.Got)
	case *kind.MinProperties:
		return fmt.Sprintf("expected at least %d entry, there are %d", reason.Want, reason.Got)
	case *kind.Minimum:
		want, _ := reason.Want.Float64()
		return fmt.Sprintf("expected %v or more, this is %v", want, value)
	case *kind.Maximum:
		want, _ := reason.Want.Float64()
		return fmt.Sprintf("expected %v or less, this is %v", want, value)
	}
	return reason.LocalizedString(message.NewPrinter(language.English))
}

// formOf explains the patterns of the schema that people meet; the others are shown as they are.
func formOf(pattern string) string {
	known := map[string]string{
		`^score\.dev/v1b1$`:                          `; expected "score.dev/v1b1"`,
		`^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$`:          "; expected 2 to 63 of a-z, 0-9 and '-', with a letter or digit at both ends",
		`^[A-Za-z0-9][A-Za-z0-9-]{0,61}[A-Za-z0-9]$`: "; expected 2 to 63 letters, digits and '-', with a letter or digit at both ends",
		`^[1-9]\d*(K|M|G|T|Ki|Mi|Gi|Ti)?$`:           "; expected an amount of memory such as 512Mi or 1G",
		`^\d*(?:m|\.\d+)?$`:                          "; expected an amount of CPU such as 250m or 0.5",
		`^0?[0-7]{3}$`:                               "; expected an octal file mode such as 0644",
	}
	if text, ok := known[pattern]; ok {
		return text
	}
	return "; expected a match of " + pattern
}

func articles(types []string) []string {
	out := make([]string, len(types))
	for i, name := range types {
		out[i] = "a " + name
		if strings.ContainsRune("aeiou", rune(name[0])) {
			out[i] = "an " + name
		}
	}
	return out
}

func describe(value any, want []string) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case string:
		return "the text " + strconv.Quote(value)
	case map[string]any:
		return "an object"
	case []any:
		return "an array"
	case bool, float64:
		text := fmt.Sprint(value)
		if slices.Contains(want, "string") {
			return text + "; put it in quotes"
		}
		return text
	}
	return fmt.Sprintf("%T", value)
}

func valueAt(node any, location []string) any {
	for _, token := range location {
		switch parent := node.(type) {
		case map[string]any:
			node = parent[token]
		case []any:
			index, err := strconv.Atoi(token)
			if err != nil || index < 0 || index >= len(parent) {
				return nil
			}
			node = parent[index]
		default:
			return nil
		}
	}
	return node
}
