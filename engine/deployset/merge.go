package deployset

import (
	"fmt"
	"maps"
	"slices"
)

// Merge adds a delta to a stored one (PATCH of a Deployment Delta). Neither argument is changed.
//
// Applying the result gives the same set as applying stored and then incoming, whenever that is possible, with two
// intended differences: a null add in incoming takes back a removal that stored asked for, and a remove with the value
// {"scope": "delta"} takes back earlier operations of stored on that path instead of removing anything from the set.
// The merged delta may also fit sets on which stored alone fails: what was superseded is no longer attempted.
//
// An update of a module that the delta adds is executed at once; an operation that fails there is an error
// (*PatchError). Operation lists are reduced to those that still matter.
func Merge(stored, incoming Delta) (Delta, error) {
	modules, err := mergeChanges("module", stored.Modules, incoming.Modules)
	if err != nil {
		return Delta{}, err
	}
	shared, err := cloneOps("shared", slices.Concat(stored.Shared, incoming.Shared))
	if err != nil {
		return Delta{}, err
	}
	out := Delta{Modules: modules, Shared: reduce(shared)}
	if stored.Workloads == nil && incoming.Workloads == nil {
		return out, nil
	}
	workloads, err := mergeChanges("workload", orNone(stored.Workloads), orNone(incoming.Workloads))
	if err != nil {
		return Delta{}, err
	}
	out.Workloads = &workloads
	return out, nil
}

func orNone(c *Changes) Changes {
	if c == nil {
		return Changes{}
	}
	return *c
}

func mergeChanges(kind string, stored, incoming Changes) (Changes, error) {
	// Merging a delta into nothing first brings it into the shape that the rules below count on: no null adds, and no
	// updates of something that the same delta adds.
	out := Changes{Add: map[string]map[string]any{}, Remove: []string{}, Update: map[string][]Op{}}
	for _, next := range []Changes{stored, incoming} {
		if err := out.absorb(kind, next); err != nil {
			return Changes{}, err
		}
	}
	return out, nil
}

func (c *Changes) absorb(kind string, next Changes) error {
	for _, id := range next.Remove {
		delete(c.Add, id)
		delete(c.Update, id)
		if !slices.Contains(c.Remove, id) {
			c.Remove = append(c.Remove, id)
		}
	}
	for id, entry := range next.Add {
		if entry == nil {
			c.Remove = slices.DeleteFunc(c.Remove, func(removed string) bool { return removed == id })
			continue
		}
		copied, err := cloneMap(entry)
		if err != nil {
			return fmt.Errorf("%s %q: %w", kind, id, err)
		}
		c.Add[id] = copied
		delete(c.Update, id)
	}
	for _, id := range slices.Sorted(maps.Keys(next.Update)) {
		if err := c.absorbUpdate(fmt.Sprintf("%s %q", kind, id), id, next.Update[id]); err != nil {
			return err
		}
	}
	return nil
}

func (c *Changes) absorbUpdate(target, id string, ops []Op) error {
	if added, ok := c.Add[id]; ok {
		patched, err := patch(target, added, ops, false)
		if err != nil {
			return err
		}
		c.Add[id] = patched
		return nil
	}
	copied, err := cloneOps(target, ops)
	if err != nil {
		return err
	}
	pending := reduce(slices.Concat(c.Update[id], copied))
	if len(pending) == 0 {
		delete(c.Update, id)
		return nil
	}
	c.Update[id] = pending
	return nil
}

func cloneOps(target string, ops []Op) ([]Op, error) {
	out := make([]Op, len(ops))
	for i, op := range ops {
		value, err := clone(op.Value)
		if err != nil {
			return nil, &PatchError{Target: target, Index: i, Op: op.Op, Path: op.Path, Reason: "value: " + err.Error()}
		}
		op.Value = value
		out[i] = op
	}
	return out, nil
}
