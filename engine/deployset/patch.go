package deployset

import (
	"errors"
	"fmt"
	"slices"
)

// PatchError says which operation of a delta could not be applied, to what, and why.
type PatchError struct {
	// Target is what was patched: `module "api"`, `workload "api"`, `shared` or `document`.
	Target string
	// Index is the position of the operation in its list, from 0.
	Index int
	Op    string
	Path  string
	// Reason says what was wrong, in words for the author of the delta.
	Reason string
}

func (e *PatchError) Error() string {
	return fmt.Sprintf("%s: operation %d (%s %s): %s", e.Target, e.Index, e.Op, e.Path, e.Reason)
}

// ApplyLenient applies operations the way the output `update` of a workload resource needs it: parent objects that do
// not exist are created for `add`. Everything else is as in Apply; doc is not changed.
func ApplyLenient(doc map[string]any, ops []Op) (map[string]any, error) {
	return patch("document", doc, ops, true)
}

// patch runs operations in order on a copy of doc. The semantics are those of a Deployment Delta, which differ from
// RFC 6902: removing a key that an object does not have is no error.
func patch(target string, doc map[string]any, ops []Op, createParents bool) (map[string]any, error) {
	out, err := cloneMap(doc)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", target, err)
	}
	for i, op := range ops {
		if err := patchOne(out, op, createParents); err != nil {
			return nil, &PatchError{Target: target, Index: i, Op: op.Op, Path: op.Path, Reason: err.Error()}
		}
	}
	return out, nil
}

func patchOne(doc map[string]any, op Op, createParents bool) error {
	if op.Op != OpAdd && op.Op != OpRemove && op.Op != OpReplace {
		return fmt.Errorf("operation %q is not supported; use add, remove or replace", op.Op)
	}
	tokens, err := parsePointer(op.Path)
	if err != nil {
		return err
	}
	var value any
	if op.Op != OpRemove {
		value, err = clone(op.Value)
		if err != nil {
			return fmt.Errorf("value: %w", err)
		}
	}
	if len(tokens)+depthOf(value) > MaxDepth {
		return tooDeep()
	}
	return change(doc, tokens, 0, op.Op, value, createParents && op.Op == OpAdd)
}

// change walks down from an object and changes what the last token names.
func change(object map[string]any, tokens []string, at int, op string, value any, createParents bool) error {
	key := tokens[at]
	if at == len(tokens)-1 {
		return changeKey(object, key, op, value)
	}
	child, ok := object[key]
	if !ok && createParents {
		child = map[string]any{}
		object[key] = child
		ok = true
	}
	if !ok {
		return fmt.Errorf("%s does not exist", formatPointer(tokens[:at+1]))
	}
	replaced, err := descend(child, tokens, at+1, op, value, createParents)
	if err != nil {
		return err
	}
	object[key] = replaced
	return nil
}

// descend changes something inside node and returns node, or the array that takes its place.
func descend(node any, tokens []string, at int, op string, value any, createParents bool) (any, error) {
	switch node := node.(type) {
	case map[string]any:
		return node, change(node, tokens, at, op, value, createParents)
	case []any:
		return changeArray(node, tokens, at, op, value, createParents)
	}
	return nil, fmt.Errorf("%s is %s, neither an object nor an array", formatPointer(tokens[:at]), kindOf(node))
}

func changeKey(object map[string]any, key, op string, value any) error {
	_, exists := object[key]
	switch {
	case op == OpRemove:
		delete(object, key)
	case op == OpReplace && !exists:
		return errors.New("there is nothing to replace; use add to create it")
	default:
		object[key] = value
	}
	return nil
}

func changeArray(list []any, tokens []string, at int, op string, value any, createParents bool) ([]any, error) {
	token, last := tokens[at], at == len(tokens)-1
	if last && op == OpAdd && token == "-" {
		return append(list, value), nil
	}
	index, ok := parseIndex(token)
	if !ok {
		return nil, fmt.Errorf("%s is an array and %q is not an index", formatPointer(tokens[:at]), token)
	}
	end := len(list)
	if last && op == OpAdd {
		end++
	}
	if index >= end {
		return nil, fmt.Errorf("%s has %d elements, there is no index %d", formatPointer(tokens[:at]), len(list), index)
	}
	if !last {
		replaced, err := descend(list[index], tokens, at+1, op, value, createParents)
		if err != nil {
			return nil, err
		}
		list[index] = replaced
		return list, nil
	}
	switch op {
	case OpAdd:
		return slices.Insert(list, index, value), nil
	case OpRemove:
		return slices.Delete(list, index, index+1), nil
	}
	list[index] = value
	return list, nil
}
