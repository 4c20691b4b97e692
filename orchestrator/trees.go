package orchestrator

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// stringLeaves lists every scalar of a tree as text.
func stringLeaves(v any) []string {
	switch t := v.(type) {
	case map[string]any:
		var out []string
		for _, child := range t {
			out = append(out, stringLeaves(child)...)
		}
		return out
	case []any:
		var out []string
		for _, child := range t {
			out = append(out, stringLeaves(child)...)
		}
		return out
	case nil, bool:
		return nil
	}
	return []string{fmt.Sprint(v)}
}

// shortestSecret is the length below which a value is too common to search for.
const shortestSecret = 6

// findSecret returns the path of the first string that contains one of the secrets.
func findSecret(v any, secrets []string, path string) string {
	switch t := v.(type) {
	case map[string]any:
		for _, k := range sortedNames(t) {
			if p := findSecret(t[k], secrets, strings.TrimPrefix(path+"."+k, ".")); p != "" {
				return p
			}
		}
	case []any:
		for i, child := range t {
			if p := findSecret(child, secrets, fmt.Sprintf("%s[%d]", path, i)); p != "" {
				return p
			}
		}
	case string:
		for _, s := range secrets {
			if len(s) >= shortestSecret && strings.Contains(t, s) {
				return path
			}
		}
	}
	return ""
}

// sortedNames lists the keys of a map in order.
func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}
