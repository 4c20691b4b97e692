package score

import (
	"fmt"
	"strconv"
	"strings"
)

// upgrade brings deprecated forms that are still in use into today's: files and volumes as lists, file content as a list
// of lines, and read_only for readOnly. The schema knows only the new forms.
func upgrade(spec map[string]any, found *problems) {
	containers, _ := spec["containers"].(map[string]any)
	for name, value := range containers {
		container, ok := value.(map[string]any)
		if !ok {
			continue
		}
		for _, kind := range []string{"files", "volumes"} {
			where := at("containers", name, kind)
			if items, ok := container[kind].([]any); ok {
				container[kind] = byTarget(where, items, found)
			}
			entries, _ := container[kind].(map[string]any)
			for _, entry := range entries {
				upgradeEntry(entry)
			}
		}
	}
}

// byTarget turns a list of objects that each name their target into an object by target.
func byTarget(where string, items []any, found *problems) map[string]any {
	out := map[string]any{}
	for i, item := range items {
		here := below(where, strconv.Itoa(i))
		entry, ok := item.(map[string]any)
		if !ok {
			found.add(here, "expected an object with a target")
			continue
		}
		target, ok := entry["target"].(string)
		if !ok || target == "" {
			found.add(below(here, "target"), "expected the path in the container, as a string")
			continue
		}
		if _, taken := out[target]; taken {
			found.add(below(here, "target"), "%q is the target of an earlier entry too", target)
			continue
		}
		delete(entry, "target")
		out[target] = entry
	}
	return out
}

func upgradeEntry(value any) {
	entry, ok := value.(map[string]any)
	if !ok {
		return
	}
	if readOnly, ok := entry["read_only"].(bool); ok && entry["readOnly"] == nil {
		delete(entry, "read_only")
		entry["readOnly"] = readOnly
	}
	if lines, ok := entry["content"].([]any); ok {
		text := make([]string, len(lines))
		for i, line := range lines {
			text[i] = fmt.Sprint(line)
		}
		entry["content"] = strings.Join(text, "\n")
	}
}
