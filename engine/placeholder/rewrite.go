package placeholder

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Rewrite returns a deep copy of v in which the text of every placeholder is replaced by what fn returns: usually
// another placeholder with its ${ and }, or escaped text. Everything else, escapes included, stays as written. It
// stops at the first error; text that is not well-formed gives an *Error with its location.
func Rewrite(v any, fn func(location string, ref Reference) (string, error)) (any, error) {
	return rewrite("", v, fn)
}

func rewrite(location string, v any, fn func(string, Reference) (string, error)) (any, error) {
	switch t := v.(type) {
	case string:
		return rewriteText(location, t, fn)
	case map[string]any:
		out := make(map[string]any, len(t))
		for _, key := range slices.Sorted(maps.Keys(t)) {
			child, err := rewrite(Child(location, key), t[key], fn)
			if err != nil {
				return nil, err
			}
			out[key] = child
		}
		return out, nil
	case []any:
		out := make([]any, len(t))
		for i := range t {
			child, err := rewrite(Child(location, strconv.Itoa(i)), t[i], fn)
			if err != nil {
				return nil, err
			}
			out[i] = child
		}
		return out, nil
	}
	return v, nil
}

func rewriteText(location, s string, fn func(string, Reference) (string, error)) (string, error) {
	segments, err := split(s)
	if err != nil {
		return "", located(err, location)
	}
	var b strings.Builder
	for _, part := range segments {
		if part.ref == nil {
			b.WriteString(part.source)
			continue
		}
		text, err := fn(location, *part.ref)
		if err != nil {
			return "", err
		}
		b.WriteString(text)
	}
	return b.String(), nil
}
