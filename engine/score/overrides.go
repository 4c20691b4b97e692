package score

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// merge changes base: objects merge key by key, null removes a key, everything else replaces what is there.
func merge(base, over map[string]any) {
	for key, value := range over {
		if value == nil {
			delete(base, key)
			continue
		}
		inner, isObject := value.(map[string]any)
		if !isObject {
			base[key] = value
			continue
		}
		existing, ok := base[key].(map[string]any)
		if !ok {
			// Merging into an empty object drops the nulls of a tree that has nothing to remove from.
			existing = map[string]any{}
			base[key] = existing
		}
		merge(existing, inner)
	}
}

// overrideProperties sets single properties by dotted path, in the order of the paths. Objects on the way are created.
func overrideProperties(spec map[string]any, properties map[string]any, found *problems) {
	for _, dotted := range slices.Sorted(maps.Keys(properties)) {
		tokens := splitDotted(dotted)
		where := below("property_overrides", dotted)
		if slices.Contains(tokens, "") {
			found.add(where, "the path has an empty part; write it like containers.main.image")
			continue
		}
		if reason := setProperty(spec, tokens, properties[dotted]); reason != "" {
			found.add(where, "%s", reason)
		}
	}
}

// setProperty returns what stands in the way, or nothing.
func setProperty(object map[string]any, tokens []string, value any) string {
	key, rest := tokens[0], tokens[1:]
	if len(rest) == 0 {
		if value == nil {
			delete(object, key)
			return ""
		}
		object[key] = value
		return ""
	}
	if object[key] == nil {
		if value == nil {
			return ""
		}
		object[key] = map[string]any{}
	}
	switch child := object[key].(type) {
	case map[string]any:
		return setProperty(child, rest, value)
	case []any:
		replaced, reason := setElement(child, key, rest, value)
		object[key] = replaced
		return reason
	}
	return strconv.Quote(key) + " is neither an object nor a list, so nothing can be set inside it"
}

func setElement(list []any, key string, tokens []string, value any) ([]any, string) {
	index, err := strconv.Atoi(tokens[0])
	if err != nil || index < 0 || index >= len(list) {
		return list, strconv.Quote(key) + " is a list of " + strconv.Itoa(len(list)) + ", it has no element " + strconv.Quote(tokens[0])
	}
	if len(tokens) == 1 {
		if value == nil {
			return slices.Delete(list, index, index+1), ""
		}
		list[index] = value
		return list, ""
	}
	switch child := list[index].(type) {
	case map[string]any:
		return list, setProperty(child, tokens[1:], value)
	case []any:
		replaced, reason := setElement(child, tokens[0], tokens[1:], value)
		list[index] = replaced
		return list, reason
	}
	return list, "element " + tokens[0] + " of " + strconv.Quote(key) + " is neither an object nor a list"
}

// splitDotted splits at dots; \. is a dot and \\ a backslash inside a part.
func splitDotted(dotted string) []string {
	var parts []string
	var part strings.Builder
	for i := 0; i < len(dotted); i++ {
		c := dotted[i]
		switch {
		case c == '\\' && i+1 < len(dotted) && (dotted[i+1] == '.' || dotted[i+1] == '\\'):
			i++
			part.WriteByte(dotted[i])
		case c == '.':
			parts = append(parts, part.String())
			part.Reset()
		default:
			part.WriteByte(c)
		}
	}
	return append(parts, part.String())
}

// setImage fills in the image of containers that leave it to whoever deploys them.
func setImage(spec map[string]any, image string, found *problems) {
	containers, _ := spec["containers"].(map[string]any)
	for name, value := range containers {
		container, ok := value.(map[string]any)
		if !ok {
			continue
		}
		current, present := container["image"]
		if present && current != nil && current != "." && current != "" {
			continue
		}
		if image == "" {
			found.add(at("containers", name, "image"),
				`the container leaves its image open (it is missing, empty or "."), and no image was given; pass the image to run`)
			container["image"] = "." // What is missing is reported; the schema need not do so again.
			continue
		}
		container["image"] = image
	}
}
