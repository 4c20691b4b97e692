package deployset

import (
	"maps"
	"slices"
)

// Diff returns the delta that turns source into target: Apply(source, Diff(target, source)) equals target. Objects are
// compared key by key; arrays are replaced whole. Equal sets give an empty delta. The result shares no data with either set
// and is the same for equal input, with operations sorted by path.
//
// Sets put together by hand must hold JSON trees; a value that is none is left out of the delta as if it were null.
func Diff(target, source Set) Delta {
	target, source = normal(target), normal(source)
	out := Delta{
		Modules: diffEntries(target.Modules, source.Modules),
		Shared:  diffObjects(nil, []Op{}, target.Shared, source.Shared),
	}
	workloads := diffEntries(target.Workloads, source.Workloads)
	if !workloads.IsEmpty() {
		out.Workloads = &workloads
	}
	return out
}

func normal(s Set) Set {
	copied, err := s.clone()
	if err != nil {
		return s
	}
	return copied
}

func diffEntries(target, source map[string]map[string]any) Changes {
	out := Changes{Add: map[string]map[string]any{}, Remove: []string{}, Update: map[string][]Op{}}
	for _, id := range slices.Sorted(maps.Keys(source)) {
		if _, ok := target[id]; !ok {
			out.Remove = append(out.Remove, id)
		}
	}
	for id, entry := range target {
		before, ok := source[id]
		if !ok {
			out.Add[id] = entry
			continue
		}
		if ops := diffObjects(nil, nil, entry, before); len(ops) > 0 {
			out.Update[id] = ops
		}
	}
	return out
}

// diffObjects appends the operations that turn source into target, both being at the given path.
func diffObjects(path []string, ops []Op, target, source map[string]any) []Op {
	keys := slices.AppendSeq(slices.Collect(maps.Keys(source)), maps.Keys(target))
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		here := append(slices.Clip(path), key)
		after, wanted := target[key]
		before, present := source[key]
		switch {
		case !wanted:
			ops = append(ops, Op{Op: OpRemove, Path: formatPointer(here)})
		case !present:
			ops = append(ops, Op{Op: OpAdd, Path: formatPointer(here), Value: after})
		default:
			ops = diffValues(here, ops, after, before)
		}
	}
	return ops
}

func diffValues(path []string, ops []Op, after, before any) []Op {
	target, isObject := after.(map[string]any)
	source, wasObject := before.(map[string]any)
	if isObject && wasObject {
		return diffObjects(path, ops, target, source)
	}
	if equal(after, before) {
		return ops
	}
	return append(ops, Op{Op: OpReplace, Path: formatPointer(path), Value: after})
}
