package deployset

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// ResourceInput is a resource that a set asks for: its id in the resource graph ("modules.api.externals.db" or
// "shared.cache"), its type, its class (empty when none is named) and its input parameters.
type ResourceInput struct {
	ID       string         `json:"id"`
	Type     string         `json:"type"`
	Class    string         `json:"class,omitempty"`
	Resource map[string]any `json:"resource,omitempty"`
}

// ResourceInputs lists what the modules and the shared map of the set ask for, sorted by id and class. A shared entry is
// known by its own `id` when it has one, and by "shared.<key>" otherwise. All malformed entries are reported at once.
func (s Set) ResourceInputs() ([]ResourceInput, error) {
	out := []ResourceInput{}
	var problems []error
	collect := func(where, id string, entry any) {
		input, err := resourceInput(id, entry)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", where, err))
			return
		}
		out = append(out, input)
	}
	for _, module := range slices.Sorted(maps.Keys(s.Modules)) {
		externals, err := objectOrNone(s.Modules[module]["externals"])
		if err != nil {
			problems = append(problems, fmt.Errorf("modules.%s.externals: %w", module, err))
		}
		for _, name := range slices.Sorted(maps.Keys(externals)) {
			id := "modules." + module + ".externals." + name
			collect(id, id, externals[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Shared)) {
		collect("shared."+name, sharedID(name, s.Shared[name]), s.Shared[name])
	}
	if err := errors.Join(problems...); err != nil {
		return nil, fmt.Errorf("deployment set: %w", err)
	}
	slices.SortStableFunc(out, func(a, b ResourceInput) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Class, b.Class))
	})
	return out, nil
}

func sharedID(key string, entry any) string {
	object, _ := entry.(map[string]any)
	if id, ok := object["id"].(string); ok && id != "" {
		return id
	}
	return "shared." + key
}

func resourceInput(id string, entry any) (ResourceInput, error) {
	object, ok := entry.(map[string]any)
	if !ok {
		return ResourceInput{}, fmt.Errorf("a resource is an object with a type, this is %s", kindOf(entry))
	}
	kind, ok := object["type"].(string)
	if !ok || kind == "" {
		return ResourceInput{}, errors.New("the resource has no type; set `type` to a resource type such as postgres")
	}
	class, ok := object["class"].(string)
	if !ok && object["class"] != nil {
		return ResourceInput{}, fmt.Errorf("`class` must be a string, this is %s", kindOf(object["class"]))
	}
	params, err := objectOrNone(object["params"])
	if err != nil {
		return ResourceInput{}, fmt.Errorf("`params`: %w", err)
	}
	return ResourceInput{ID: id, Type: kind, Class: class, Resource: params}, nil
}

func objectOrNone(v any) (map[string]any, error) {
	object, ok := v.(map[string]any)
	if !ok && v != nil {
		return nil, fmt.Errorf("must be an object, this is %s", kindOf(v))
	}
	return object, nil
}
