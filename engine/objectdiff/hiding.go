package objectdiff

import "strings"

// Hiding returns an Options.Hide that hides every value with one of the texts
// in it. Texts shorter than four bytes, which are in everything, hide only what
// is equal to them.
func Hiding(secrets []string) func(path string, value any) bool {
	return func(_ string, value any) bool { return contains(value, secrets) }
}

func contains(v any, secrets []string) bool {
	switch t := v.(type) {
	case string:
		for _, s := range secrets {
			if s != "" && (t == s || len(s) >= 4 && strings.Contains(t, s)) {
				return true
			}
		}
	case map[string]any:
		for name, child := range t {
			if contains(name, secrets) || contains(child, secrets) {
				return true
			}
		}
	case []any:
		for _, child := range t {
			if contains(child, secrets) {
				return true
			}
		}
	}
	return false
}
