package deployset

import "slices"

// pending is an operation whose path is known to be a pointer; tokens is nil when it is not.
type pending struct {
	op     Op
	tokens []string
}

// reduce drops operations that a later one makes superfluous, and carries out removes of scope delta.
//
// An operation on a path supersedes earlier ones on that path and below it. That is safe only where no token of the path
// could be an array index: an insertion may have moved what the index means. Such operations always stay.
func reduce(ops []Op) []Op {
	var kept []pending
	for _, op := range ops {
		tokens, err := parsePointer(op.Path)
		switch {
		case err != nil:
			kept = append(kept, pending{op: op})
		case isScoped(op):
			kept = without(kept, tokens)
		default:
			kept = supersede(kept, pending{op: op, tokens: tokens})
		}
	}
	return plain(kept)
}

// reduceScoped carries out removes of scope delta and leaves everything else as it is.
func reduceScoped(ops []Op) []Op {
	if !slices.ContainsFunc(ops, isScoped) {
		return ops
	}
	var kept []pending
	for _, op := range ops {
		tokens, err := parsePointer(op.Path)
		if err == nil && isScoped(op) {
			kept = without(kept, tokens)
			continue
		}
		kept = append(kept, pending{op: op, tokens: tokens})
	}
	return plain(kept)
}

// isScoped reports whether the operation takes back others of its own delta.
func isScoped(op Op) bool {
	value, ok := op.Value.(map[string]any)
	return ok && op.Op == OpRemove && value["scope"] == "delta"
}

func supersede(kept []pending, next pending) []pending {
	if slices.ContainsFunc(next.tokens, mayBeIndex) {
		return append(kept, next)
	}
	before := slices.IndexFunc(kept, func(p pending) bool { return slices.Equal(p.tokens, next.tokens) })
	if before < 0 || next.op.Op != OpReplace {
		return append(without(kept, next.tokens), next)
	}
	switch kept[before].op.Op {
	case OpAdd:
		// What was replaced existed only because this delta added it: the replacement has to add it now.
		next.op.Op = OpAdd
	case OpRemove:
		// Replacing what was removed fails, and must go on failing.
		return append(kept, next)
	}
	return append(without(kept, next.tokens), next)
}

// without drops the operations on the path and below it.
func without(kept []pending, tokens []string) []pending {
	return slices.DeleteFunc(kept, func(p pending) bool {
		return len(p.tokens) >= len(tokens) && slices.Equal(p.tokens[:len(tokens)], tokens)
	})
}

func plain(kept []pending) []Op {
	out := make([]Op, len(kept))
	for i, p := range kept {
		out[i] = p.op
	}
	return out
}
