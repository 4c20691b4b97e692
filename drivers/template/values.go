package template

import (
	"math"
	"strconv"
	"strings"
)

// toTemplate deep-copies a plain tree for use inside templates. Whole numbers
// become int: printing a float64 of a million gives 1e+06, and functions that
// take a count refuse floats.
func toTemplate(v any) any {
	switch t := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(t))
		for k, e := range t {
			out[k] = toTemplate(e)
		}
		return out
	case []any:
		out := make([]any, len(t))
		for i := range t {
			out[i] = toTemplate(t[i])
		}
		return out
	case float64:
		const exact = 1 << 53
		if t == math.Trunc(t) && math.Abs(t) <= exact {
			return int(t)
		}
	}
	return v
}

func orEmpty(v any) any {
	if m, ok := v.(map[string]any); ok && m != nil {
		return m
	}
	return map[string]any{}
}

func without(v any, key string) any {
	m, ok := v.(map[string]any)
	if !ok || m == nil {
		return map[string]any{}
	}
	delete(m, key)
	return m
}

func quote(s string) string { return strconv.Quote(s) }

// kindOf names the kind of a plain value for people.
func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "nothing"
	case map[string]any:
		return "a mapping"
	case []any:
		return "a list"
	case string:
		return "a text"
	case bool:
		return "true or false"
	}
	return "a number"
}

// longLeaves collects the string leaves of at least n bytes, leaving out template texts.
func longLeaves(v any, n int) []string {
	switch t := v.(type) {
	case map[string]any:
		var out []string
		for k, e := range t {
			if k != "templates" {
				out = append(out, longLeaves(e, n)...)
			}
		}
		return out
	case []any:
		var out []string
		for _, e := range t {
			out = append(out, longLeaves(e, n)...)
		}
		return out
	case string:
		if len(t) >= n {
			return []string{t}
		}
	}
	return nil
}

func containsAny(v any, needles []string) bool {
	switch t := v.(type) {
	case map[string]any:
		for _, e := range t {
			if containsAny(e, needles) {
				return true
			}
		}
	case []any:
		for _, e := range t {
			if containsAny(e, needles) {
				return true
			}
		}
	case string:
		for _, n := range needles {
			if strings.Contains(t, n) {
				return true
			}
		}
	}
	return false
}
