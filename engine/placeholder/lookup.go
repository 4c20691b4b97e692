package placeholder

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Lookup follows path into v: names into maps, decimal indexes into arrays. An empty path gives v itself. The error
// names the first token that leads nowhere and the names that exist there, never a value.
func Lookup(v any, path Path) (any, error) {
	for i, token := range path {
		switch t := v.(type) {
		case map[string]any:
			child, ok := t[token]
			if !ok {
				return nil, fmt.Errorf("%s does not exist; there is %s", path[:i+1], nameList(t))
			}
			v = child
		case []any:
			index, err := strconv.Atoi(token)
			if err != nil || index < 0 || index >= len(t) {
				return nil, fmt.Errorf("%s does not exist; the array has %d elements, counted from 0", path[:i+1], len(t))
			}
			v = t[index]
		case Secret:
			child, err := Lookup(t.Value, path[i:])
			if err != nil {
				return nil, fmt.Errorf("%s does not exist inside a secret", path)
			}
			return Seal(child), nil
		default:
			return nil, fmt.Errorf("%s does not exist; the value before its last name has no parts", path[:i+1])
		}
	}
	return v, nil
}

// nameList gives the first names of a map for a message.
func nameList(m map[string]any) string {
	if len(m) == 0 {
		return "nothing"
	}
	names := slices.Sorted(maps.Keys(m))
	const most = 10
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}
