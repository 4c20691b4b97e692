package deployset

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"unicode/utf8"
)

// MaxDepth is how deep objects and arrays may nest below a module, a shared resource, or the value of an operation.
// Real modules stay below 15; the limit keeps hostile input from growing a set without end.
const MaxDepth = 100

// treeError says what is wrong with a JSON tree, and where (a JSON pointer).
type treeError struct {
	pointer string
	reason  string
}

func (e *treeError) Error() string {
	if e.pointer == "" {
		return e.reason
	}
	return e.pointer + ": " + e.reason
}

func prefix(where string, err error) error {
	var tree *treeError
	if !errors.As(err, &tree) {
		return fmt.Errorf("%s: %w", where, err)
	}
	return &treeError{pointer: where + tree.pointer, reason: tree.reason}
}

// Normalize copies a JSON tree and brings it into the shape that sets are made of: every number is a float64, nil maps
// and slices are empty ones. It fails on what JSON cannot express (NaN, other Go types, text that is not UTF-8) and on
// trees that nest deeper than MaxDepth; the error starts with a JSON pointer to the place.
func Normalize(v any) (any, error) {
	return clone(v)
}

// clone copies a tree and brings it into JSON's own shape: numbers become float64, nil maps and slices become empty.
func clone(v any) (any, error) {
	return cloneBelow(v, 0)
}

func cloneMap(m map[string]any) (map[string]any, error) {
	return cloneObject(m, 0)
}

func cloneBelow(v any, depth int) (any, error) {
	switch v := v.(type) {
	case map[string]any:
		return cloneObject(v, depth)
	case []any:
		return cloneArray(v, depth)
	case string:
		if !utf8.ValidString(v) {
			return nil, &treeError{reason: "the text is not valid UTF-8"}
		}
		return v, nil
	case nil, bool:
		return v, nil
	}
	return cloneNumber(v)
}

func cloneObject(m map[string]any, depth int) (map[string]any, error) {
	if depth >= MaxDepth {
		return nil, tooDeep()
	}
	out := make(map[string]any, len(m))
	for key, value := range m {
		if !utf8.ValidString(key) {
			return nil, &treeError{reason: fmt.Sprintf("the key %q is not valid UTF-8", key)}
		}
		copied, err := cloneBelow(value, depth+1)
		if err != nil {
			return nil, prefix("/"+escapeToken(key), err)
		}
		out[key] = copied
	}
	return out, nil
}

func cloneArray(list []any, depth int) ([]any, error) {
	if depth >= MaxDepth {
		return nil, tooDeep()
	}
	out := make([]any, len(list))
	for i, value := range list {
		copied, err := cloneBelow(value, depth+1)
		if err != nil {
			return nil, prefix(fmt.Sprintf("/%d", i), err)
		}
		out[i] = copied
	}
	return out, nil
}

func cloneNumber(v any) (any, error) {
	var number float64
	switch v := v.(type) {
	case float64:
		number = v
	case int:
		number = float64(v)
	case int64:
		number = float64(v)
	case int32:
		number = float64(v)
	case uint64:
		number = float64(v)
	case float32:
		number = float64(v)
	case json.Number:
		parsed, err := v.Float64()
		if err != nil {
			return nil, &treeError{reason: fmt.Sprintf("the number %s is out of range", v)}
		}
		number = parsed
	default:
		return nil, &treeError{reason: fmt.Sprintf("a value of type %T is not JSON", v)}
	}
	if math.IsNaN(number) || math.IsInf(number, 0) {
		return nil, &treeError{reason: "NaN and infinity are not JSON numbers"}
	}
	return number, nil
}

func tooDeep() error {
	return &treeError{reason: fmt.Sprintf("nested deeper than %d levels", MaxDepth)}
}

// depthOf counts the levels of objects and arrays: 0 for a scalar, 1 for {} and [].
func depthOf(v any) int {
	deepest := 0
	switch v := v.(type) {
	case map[string]any:
		for _, value := range v {
			deepest = max(deepest, depthOf(value))
		}
		return deepest + 1
	case []any:
		for _, value := range v {
			deepest = max(deepest, depthOf(value))
		}
		return deepest + 1
	}
	return 0
}

// equal compares two trees by content.
func equal(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && equalMaps(a, b)
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, equal)
	}
	switch b.(type) {
	case map[string]any, []any:
		return false
	}
	return a == b
}

func equalMaps(a, b map[string]any) bool {
	if len(a) != len(b) {
		return false
	}
	for key, value := range a {
		other, ok := b[key]
		if !ok || !equal(value, other) {
			return false
		}
	}
	return true
}

func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case map[string]any:
		return "an object"
	case []any:
		return "an array"
	case string:
		return "a string"
	case bool:
		return "a boolean"
	}
	return "a number"
}
