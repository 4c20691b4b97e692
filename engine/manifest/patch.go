package manifest

import (
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/placeholder"
)

// Normalize gives the spec that a workload resource sees as its input: pod and deployment always exist as objects,
// because public definitions read their labels and annotations unguarded (semantics 3.6). The input is not changed.
func Normalize(spec map[string]any) map[string]any {
	out := maps.Clone(spec)
	if out == nil {
		out = map[string]any{}
	}
	for _, key := range []string{"pod", "deployment"} {
		if out[key] == nil {
			out[key] = map[string]any{}
		}
	}
	return out
}

// ParseUpdate reads the output `update` of a workload resource: an array of operations {op, path, value}. Absent (nil)
// means no operations.
func ParseUpdate(v any) ([]deployset.Op, error) {
	if v == nil {
		return nil, nil
	}
	items, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("update: expected array of operations, got %s", kindOf(v))
	}
	ops := make([]deployset.Op, len(items))
	for i, item := range items {
		given, ok := item.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("update[%d]: expected object with op and path, got %s", i, kindOf(item))
		}
		op, isOp := given["op"].(string)
		pointer, isPath := given["path"].(string)
		if !isOp || !isPath {
			return nil, fmt.Errorf("update[%d]: expected op and path to be strings", i)
		}
		ops[i] = deployset.Op{Op: op, Path: pointer, Value: given["value"]}
	}
	return ops, nil
}

// Patch applies the update of a workload resource to a module ({spec, deploy, ...}); objects on the way that do not exist
// are created. Only /spec and /deploy may be changed: the resources of the module are decided by then. Secrets may be
// among the values. The input is not changed.
func Patch(module map[string]any, ops []deployset.Op) (map[string]any, error) {
	for i, op := range ops {
		if !below(op.Path, "/spec") && !below(op.Path, "/deploy") {
			return nil, fmt.Errorf("update[%d] (%s %s): an update may change /spec and /deploy only", i, op.Op, op.Path)
		}
	}
	hidden := &hiding{}
	masked := make([]deployset.Op, len(ops))
	for i, op := range ops {
		masked[i] = deployset.Op{Op: op.Op, Path: op.Path, From: op.From, Value: hidden.mask(op.Value)}
	}
	document, ok := hidden.mask(module).(map[string]any)
	if !ok {
		return nil, errors.New("update: there is no module to change")
	}
	out, err := deployset.ApplyLenient(document, masked)
	if err != nil {
		return nil, fmt.Errorf("apply the update of the workload resource: %w", err)
	}
	restored, _ := hidden.unmask(out).(map[string]any)
	return restored, nil
}

func below(pointer, root string) bool {
	return pointer == root || strings.HasPrefix(pointer, root+"/")
}

// hiding replaces secrets by marks while a tree is patched, because patching knows JSON only.
type hiding struct {
	secrets []placeholder.Secret
}

const markPrefix = "\x00secret:"

func (h *hiding) mask(v any) any {
	switch v := v.(type) {
	case placeholder.Secret:
		h.secrets = append(h.secrets, v)
		return markPrefix + strconv.Itoa(len(h.secrets)-1)
	case map[string]any:
		if v == nil {
			return map[string]any{}
		}
		out := make(map[string]any, len(v))
		for key, child := range v {
			out[key] = h.mask(child)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = h.mask(v[i])
		}
		return out
	}
	return v
}

func (h *hiding) unmask(v any) any {
	switch v := v.(type) {
	case string:
		mark, ok := strings.CutPrefix(v, markPrefix)
		if !ok {
			return v
		}
		i, err := strconv.Atoi(mark)
		if err != nil || i < 0 || i >= len(h.secrets) {
			return v
		}
		return h.secrets[i]
	case map[string]any:
		for key, child := range v {
			v[key] = h.unmask(child)
		}
	case []any:
		for i := range v {
			v[i] = h.unmask(v[i])
		}
	}
	return v
}
