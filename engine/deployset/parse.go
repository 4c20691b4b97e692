package deployset

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// MaxSize is the largest JSON text, in bytes, that ParseSet and ParseDelta read.
const MaxSize = 16 << 20

// ParseSet reads a set from JSON. Missing and null maps are empty; unknown fields (id, version) are ignored; a module
// must be an object. Numbers are IEEE 754 doubles, as RFC 8785 has it: one that does not fit is an error.
func ParseSet(raw []byte) (Set, error) {
	top, err := parseObject("deployment set", raw)
	if err != nil {
		return Set{}, err
	}
	var out Set
	if out.Modules, err = entries("modules", top["modules"], false); err != nil {
		return Set{}, fmt.Errorf("deployment set: %w", err)
	}
	if out.Workloads, err = entries("workloads", top["workloads"], false); err != nil {
		return Set{}, fmt.Errorf("deployment set: %w", err)
	}
	shared, err := objectOrNone(top["shared"])
	if err != nil {
		return Set{}, fmt.Errorf("deployment set: shared: %w", err)
	}
	out.Shared = shared
	out, err = out.clone()
	if err != nil {
		return Set{}, fmt.Errorf("deployment set: %w", err)
	}
	return out, nil
}

// ParseDelta reads a delta from JSON. It tolerates what clients send beside it (id, metadata, url) and null in place of
// any map or list. Operations must be add, remove or replace, on a path that starts with '/'.
func ParseDelta(raw []byte) (Delta, error) {
	top, err := parseObject("deployment delta", raw)
	if err != nil {
		return Delta{}, err
	}
	out := Delta{}
	if out.Modules, err = changes("modules", top["modules"]); err != nil {
		return Delta{}, fmt.Errorf("deployment delta: %w", err)
	}
	if out.Shared, err = operations("shared", top["shared"]); err != nil {
		return Delta{}, fmt.Errorf("deployment delta: %w", err)
	}
	if top["workloads"] == nil {
		return out, nil
	}
	workloads, err := changes("workloads", top["workloads"])
	if err != nil {
		return Delta{}, fmt.Errorf("deployment delta: %w", err)
	}
	out.Workloads = &workloads
	return out, nil
}

func parseObject(what string, raw []byte) (map[string]any, error) {
	if len(raw) > MaxSize {
		return nil, fmt.Errorf("%s: %d bytes are more than the %d that are allowed", what, len(raw), MaxSize)
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	var top any
	if err := decoder.Decode(&top); err != nil {
		return nil, fmt.Errorf("%s: not valid JSON: %w", what, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: there is more text after the JSON object", what)
	}
	object, ok := top.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s: must be a JSON object, this is %s", what, kindOf(top))
	}
	return object, nil
}

// entries reads a map of modules or workloads; null entries stay nil where they are allowed.
func entries(where string, v any, allowNull bool) (map[string]map[string]any, error) {
	object, err := objectOrNone(v)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", where, err)
	}
	out := make(map[string]map[string]any, len(object))
	for id, entry := range object {
		if entry == nil && allowNull {
			out[id] = nil
			continue
		}
		asObject, ok := entry.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%s/%s: must be an object, this is %s", where, escapeToken(id), kindOf(entry))
		}
		if out[id], err = cloneMap(asObject); err != nil {
			return nil, fmt.Errorf("%s/%s: %w", where, escapeToken(id), err)
		}
	}
	return out, nil
}

func changes(where string, v any) (Changes, error) {
	object, err := objectOrNone(v)
	if err != nil {
		return Changes{}, fmt.Errorf("%s: %w", where, err)
	}
	out := Changes{Remove: []string{}, Update: map[string][]Op{}}
	if out.Add, err = entries(where+"/add", object["add"], true); err != nil {
		return Changes{}, err
	}
	removed, err := list(where+"/remove", object["remove"])
	if err != nil {
		return Changes{}, err
	}
	for i, id := range removed {
		name, ok := id.(string)
		if !ok {
			return Changes{}, fmt.Errorf("%s/remove/%d: must be an id, this is %s", where, i, kindOf(id))
		}
		out.Remove = append(out.Remove, name)
	}
	updates, err := objectOrNone(object["update"])
	if err != nil {
		return Changes{}, fmt.Errorf("%s/update: %w", where, err)
	}
	for id, ops := range updates {
		if out.Update[id], err = operations(where+"/update/"+escapeToken(id), ops); err != nil {
			return Changes{}, err
		}
	}
	return out, nil
}

func list(where string, v any) ([]any, error) {
	items, ok := v.([]any)
	if !ok && v != nil {
		return nil, fmt.Errorf("%s: must be a list, this is %s", where, kindOf(v))
	}
	return items, nil
}

func operations(where string, v any) ([]Op, error) {
	items, err := list(where, v)
	if err != nil {
		return nil, err
	}
	out := make([]Op, 0, len(items))
	for i, item := range items {
		op, err := operation(item)
		if err != nil {
			return nil, fmt.Errorf("%s/%d: %w", where, i, err)
		}
		out = append(out, op)
	}
	return out, nil
}

func operation(v any) (Op, error) {
	object, ok := v.(map[string]any)
	if !ok {
		return Op{}, fmt.Errorf("an operation is an object with op and path, this is %s", kindOf(v))
	}
	var out Op
	for key, target := range map[string]*string{"op": &out.Op, "path": &out.Path, "from": &out.From} {
		text, ok := object[key].(string)
		if !ok && object[key] != nil {
			return Op{}, fmt.Errorf("%s must be a string, this is %s", key, kindOf(object[key]))
		}
		*target = text
	}
	if out.Op != OpAdd && out.Op != OpRemove && out.Op != OpReplace {
		return Op{}, fmt.Errorf("operation %q is not supported; use add, remove or replace", out.Op)
	}
	if _, err := parsePointer(out.Path); err != nil {
		return Op{}, err
	}
	value, err := clone(object["value"])
	if err != nil {
		return Op{}, fmt.Errorf("value: %w", err)
	}
	out.Value = value
	return out, nil
}
