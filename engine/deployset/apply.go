package deployset

import (
	"fmt"
	"maps"
	"slices"
)

// Apply returns the set that a delta makes out of s. Modules change in the order remove, add, update; then the shared
// resources, then Generic Mode workloads. Neither argument is changed, and the result shares nothing with them.
//
// Removing a module that does not exist is no error. Updating one that does not exist after remove and add is, as is an
// operation whose target is missing; those come back as *PatchError and mean that the delta does not fit the set.
func Apply(s Set, d Delta) (Set, error) {
	out, err := s.clone()
	if err != nil {
		return Set{}, fmt.Errorf("deployment set: %w", err)
	}
	if err := applyChanges(out.Modules, "module", d.Modules); err != nil {
		return Set{}, err
	}
	out.Shared, err = patch("shared", out.Shared, reduceScoped(d.Shared), false)
	if err != nil {
		return Set{}, err
	}
	if d.Workloads == nil {
		return out, nil
	}
	if err := applyChanges(out.Workloads, "workload", *d.Workloads); err != nil {
		return Set{}, err
	}
	return out, nil
}

// applyChanges changes entries in place.
func applyChanges(entries map[string]map[string]any, kind string, c Changes) error {
	for _, id := range c.Remove {
		if added, ok := c.Add[id]; ok && added == nil {
			continue // A null add takes the removal back, as it does in Merge.
		}
		delete(entries, id)
	}
	for id, entry := range c.Add {
		if entry == nil {
			continue
		}
		copied, err := cloneMap(entry)
		if err != nil {
			return fmt.Errorf("%s %q: %w", kind, id, err)
		}
		entries[id] = copied
	}
	for _, id := range slices.Sorted(maps.Keys(c.Update)) {
		target, ops := fmt.Sprintf("%s %q", kind, id), c.Update[id]
		if c.Add[id] == nil {
			ops = reduceScoped(ops)
		}
		entry, ok := entries[id]
		if len(ops) == 0 {
			continue
		}
		if !ok {
			return &PatchError{Target: target, Op: ops[0].Op, Path: ops[0].Path,
				Reason: "the " + kind + " does not exist in the deployment set; add it first"}
		}
		patched, err := patch(target, entry, ops, false)
		if err != nil {
			return err
		}
		entries[id] = patched
	}
	return nil
}
