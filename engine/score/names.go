package score

import (
	"maps"
	"slices"
	"strings"
)

// holders finds the objects that the given part of the schema describes and that have the key.
//
// The schema library reports names that are not allowed, but not reliably where: the location in such an error is
// overwritten while validation goes on. Which part of the schema was violated is reliable, and a name that is not
// allowed in one object of a kind is not allowed in any other either.
func holders(spec any, schemaURL, key string) []string {
	_, fragment, _ := strings.Cut(schemaURL, "#/")
	nodes := map[string]any{"": spec}
	tokens := strings.Split(fragment, "/")
	for i := 0; i+1 < len(tokens); i += 2 {
		switch keyword, name := tokens[i], tokens[i+1]; {
		case keyword == "properties":
			nodes = children(nodes, name)
		case keyword == "$defs" && name == "container":
			nodes = children(children(nodes, "containers"), "")
		case keyword == "$defs" && name == "resource":
			nodes = children(children(nodes, "resources"), "")
		}
	}
	var out []string
	for _, place := range slices.Sorted(maps.Keys(nodes)) {
		object, _ := nodes[place].(map[string]any)
		if _, ok := object[key]; ok {
			out = append(out, place)
		}
	}
	return out
}

// children goes one level down: to the child of that name, or to all children when the name is empty.
func children(nodes map[string]any, name string) map[string]any {
	out := map[string]any{}
	for place, node := range nodes {
		object, _ := node.(map[string]any)
		for key, child := range object {
			if name == "" || key == name {
				out[below(place, key)] = child
			}
		}
	}
	return out
}
