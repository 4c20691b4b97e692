package manifest

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/engine/placeholder"
)

// kindOf names the JSON type of a value for messages.
func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "nothing"
	case string:
		return "string"
	case bool:
		return "boolean"
	case map[string]any:
		return "object"
	case []any:
		return "array"
	case placeholder.Secret:
		return "secret"
	}
	return "number"
}

func isSecret(v any) bool {
	_, ok := v.(placeholder.Secret)
	return ok
}

// maxDepth bounds how deep objects and arrays may nest; real modules stay below 20.
const maxDepth = 128

// plain copies a tree and brings it into JSON's shape: every number a float64. What is not JSON is reported.
func plain(v any, at path, depth int, ps *problems) any {
	if depth > maxDepth {
		ps.add(at, "nested deeper than %d levels", maxDepth)
		return nil
	}
	switch v := v.(type) {
	case nil, string, bool, placeholder.Secret:
		return v
	case map[string]any:
		out := make(map[string]any, len(v))
		for _, key := range sortedKeys(v) {
			out[key] = plain(v[key], at.key(key), depth+1, ps)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = plain(v[i], at.index(i), depth+1, ps)
		}
		return out
	}
	number, ok := asFloat(v)
	if !ok {
		ps.add(at, "a value of Go type %T is not JSON", v)
		return nil
	}
	return number
}

func asFloat(v any) (float64, bool) {
	var number float64
	switch v := v.(type) {
	case float64:
		number = v
	case int:
		number = float64(v)
	case int32:
		number = float64(v)
	case int64:
		number = float64(v)
	case json.Number:
		parsed, err := v.Float64()
		if err != nil {
			return 0, false
		}
		number = parsed
	default:
		return 0, false
	}
	return number, !math.IsNaN(number) && !math.IsInf(number, 0)
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}

// text is the string that stands for a value in an environment variable or file: strings as they are, everything else
// as JSON (semantics 4.3). secret says that some part of the value was a secret, and so is all of the text.
func text(v any) (s string, secret bool, err error) {
	secret = placeholder.ContainsSecret(v)
	if secret {
		v = placeholder.Reveal(v)
	}
	if s, ok := v.(string); ok {
		return s, secret, nil
	}
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return "", secret, fmt.Errorf("value cannot be written as JSON")
	}
	return strings.TrimSuffix(out.String(), "\n"), secret, nil
}

// object reads an object; an absent one (nil) is empty.
func (ps *problems) object(v any, at path) map[string]any {
	if v == nil || isSecret(v) {
		return nil
	}
	m, ok := v.(map[string]any)
	if !ok {
		ps.add(at, "expected object, got %s", kindOf(v))
	}
	return m
}

// list reads an array; an absent one (nil) is empty.
func (ps *problems) list(v any, at path) []any {
	if v == nil || isSecret(v) {
		return nil
	}
	l, ok := v.([]any)
	if !ok {
		ps.add(at, "expected array, got %s", kindOf(v))
	}
	return l
}

// str reads a string; an absent one (nil) is empty.
func (ps *problems) str(v any, at path) string {
	if v == nil || isSecret(v) {
		return ""
	}
	s, ok := v.(string)
	if !ok {
		ps.add(at, "expected string, got %s", kindOf(v))
	}
	return s
}

// scalar reads a string where a placeholder may have put a number or boolean: both become their text.
func (ps *problems) scalar(v any, at path) string {
	switch v := v.(type) {
	case nil, placeholder.Secret:
		return ""
	case string:
		return v
	case map[string]any, []any:
		ps.add(at, "expected string, got %s", kindOf(v))
		return ""
	}
	s, _, err := text(v)
	if err != nil {
		ps.add(at, "%s", err)
	}
	return s
}

// scalars reads an array of scalars as strings; nil when absent.
func (ps *problems) scalars(v any, at path) []string {
	items := ps.list(v, at)
	if items == nil {
		return nil
	}
	out := make([]string, len(items))
	for i, item := range items {
		if item == nil {
			ps.add(at.index(i), "expected string, got nothing")
		}
		out[i] = ps.scalar(item, at.index(i))
	}
	return out
}

// known reports keys of m that are not in the list.
func (ps *problems) known(m map[string]any, at path, keys ...string) {
	for _, key := range sortedKeys(m) {
		if !slices.Contains(keys, key) {
			ps.unknown(at, key, keys)
		}
	}
}
