package score

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/slipway-dev/slipway/engine/placeholder"
)

// mode says how a string of a Score file is read.
type mode struct {
	// keepDollars leaves $$ alone, which otherwise stands for $. Either way $${...} stands for ${...}.
	keepDollars bool
	// unknownIsText keeps ${...} that is neither Score's nor the Orchestrator's as literal text. Otherwise a well-formed
	// one stays a placeholder, with a warning, and another one is an error.
	unknownIsText bool
	// hint is added to that error.
	hint string
}

var (
	// expanded is for the places where Score expands placeholders: variables, file contents, volume sources, params.
	expanded     = mode{}
	expandedFile = mode{hint: ", or set noExpand: true for the file"}
	// verbatim is for commands and the like, where ${HOME} belongs to a shell inside the container.
	verbatim = mode{keepDollars: true, unknownIsText: true}
	// extension is for the extension file, which may hold both placeholders and commands.
	extension = mode{unknownIsText: true}
)

// native are the roots of placeholders that the Orchestrator itself expands in a module.
var native = []string{"values", "externals", "shared", "modules", "context", "containers", "pod"}

// nearMisses are roots that people write when they mean another one.
var nearMisses = map[string]string{
	"resource": "resources", "res": "resources", "value": "values", "external": "externals", "module": "modules", "meta": "metadata",
}

// substituter rewrites the placeholders of Score into those of a module.
type substituter struct {
	metadata  map[string]any
	resources *resourceMap
	found     *problems
	doubts    *problems
}

// params rewrites the parameters of all declared resources.
func (s *substituter) params() {
	for scope, entries := range map[string]map[string]any{"externals": s.resources.externals, "shared": s.resources.shared} {
		for id, value := range entries {
			declared, _ := value.(map[string]any)
			params, ok := declared["params"]
			if ok {
				declared["params"] = s.tree(below(s.resources.declaredAt[scope+"."+id], "params"), params, expanded)
			}
		}
	}
}

// tree rewrites every string of a JSON tree, and in extensions the keys too.
func (s *substituter) tree(where string, v any, how mode) any {
	switch v := v.(type) {
	case string:
		return s.text(where, v, how)
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = s.tree(below(where, strconv.Itoa(i)), item, how)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			here, renamed := below(where, key), key
			if how == extension && strings.Contains(key, "$") {
				renamed = s.text(here, key, how)
			}
			if _, taken := out[renamed]; taken {
				s.found.add(here, "two keys become %q", renamed)
			}
			out[renamed] = s.tree(here, v[key], how)
		}
		return out
	}
	return v
}

func (s *substituter) list(where string, items []string, how mode) []any {
	out := make([]any, len(items))
	for i, item := range items {
		out[i] = s.text(below(where, strconv.Itoa(i)), item, how)
	}
	return out
}

// text rewrites one string. Only well-formed placeholders of the Orchestrator are left as ${...} in the result.
func (s *substituter) text(where, text string, how mode) string {
	var out strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "$")
		out.WriteString(before)
		if !ok {
			return out.String()
		}
		written, remaining := s.dollar(where, rest, how)
		out.WriteString(written)
		if strings.HasSuffix(written, "$") && strings.HasPrefix(remaining, "{") {
			out.WriteString(`\`) // Two pieces of literal text must not make a placeholder.
		}
		text = remaining
	}
}

// dollar rewrites what a dollar sign begins. rest is the text after it, remaining what is still to be read.
func (s *substituter) dollar(where, rest string, how mode) (written, remaining string) {
	if inner, after, ok := braced(rest); ok {
		return s.placeholder(where, inner, how), after
	}
	if inner, after, ok := braced(strings.TrimPrefix(rest, "$")); ok {
		return passThrough(inner), after
	}
	switch {
	case strings.HasPrefix(rest, "{"):
		return placeholder.Escape("${"), rest[len("{"):]
	case strings.HasPrefix(rest, "${"):
		return placeholder.Escape("${"), rest[len("${"):]
	case strings.HasPrefix(rest, "$") && how.keepDollars:
		return "$$", rest[len("$"):]
	case strings.HasPrefix(rest, "$"):
		return "$", rest[len("$"):]
	}
	return "$", rest
}

// braced splits {inner}after.
func braced(text string) (inner, after string, ok bool) {
	body, ok := strings.CutPrefix(text, "{")
	if !ok {
		return "", "", false
	}
	return strings.Cut(body, "}")
}

// passThrough gives what $${inner} stands for: a placeholder of the Orchestrator where it is one, and otherwise the
// literal text, for a shell in the container.
func passThrough(inner string) string {
	ref, err := parseReference(inner)
	if err == nil && (isNative(ref) || isRooted(ref, "resources")) {
		return "${" + inner + "}"
	}
	return placeholder.Escape("${" + inner + "}")
}

// placeholder rewrites ${inner}.
func (s *substituter) placeholder(where, inner string, how mode) string {
	literal := placeholder.Escape("${" + inner + "}")
	ref, err := parseReference(inner)
	switch {
	case err != nil: // no placeholder at all
	case isRooted(ref, "metadata"):
		return s.metadataText(where, inner, ref[1:])
	case isRooted(ref, "resources"):
		return s.resource(where, inner, ref[1:])
	case isNative(ref):
		s.checkExternal(where, inner, ref)
		return "${" + ref.String() + "}"
	case len(ref) > 1 && nearMisses[ref[0]] != "":
		s.doubts.add(where, "placeholder ${%s} starts with %q; did you mean %q?", inner, ref[0], nearMisses[ref[0]])
		if how.unknownIsText {
			return literal
		}
		return "${" + ref.String() + "}"
	case !how.unknownIsText:
		s.doubts.add(where, "placeholder ${%s} is neither ${metadata.<key>} nor ${resources.<name>.<output>}; "+
			"write $${%s} for literal text%s", inner, inner, how.hint)
		return "${" + ref.String() + "}"
	}
	if !how.unknownIsText {
		s.found.add(where, "placeholder ${%s} is neither ${metadata.<key>} nor ${resources.<name>.<output>}; "+
			"write $${%s} for literal text%s", inner, inner, how.hint)
	}
	return literal
}

// parseReference reads the text of a Score placeholder: names with dots between them, where \. is a dot inside a name
// and ["x"] is a name of any characters.
func parseReference(inner string) (placeholder.Path, error) {
	if !strings.Contains(inner, `\`) {
		return placeholder.ParsePath(inner)
	}
	ref := placeholder.Path(splitDotted(inner))
	return placeholder.ParsePath(ref.String())
}

func isRooted(ref placeholder.Path, root string) bool {
	return len(ref) > 1 && ref[0] == root
}

func isNative(ref placeholder.Path) bool {
	return len(ref) > 1 && slices.Contains(native, ref[0])
}

func (s *substituter) metadataText(where, inner string, keys placeholder.Path) string {
	value, ok := lookup(s.metadata, keys)
	if !ok {
		s.found.add(where, "placeholder ${%s}: the metadata of the Score file has no such key; it has: %s", inner, listed(s.metadata))
		return ""
	}
	if text, ok := value.(string); ok {
		return placeholder.Escape(text)
	}
	raw, err := json.Marshal(value)
	if err != nil {
		s.found.add(where, "placeholder ${%s}: %v", inner, err)
		return ""
	}
	return placeholder.Escape(string(raw))
}

// lookup follows keys into an object. A key of the object may contain dots, as those of annotations do, and then takes
// up several of the given ones.
func lookup(node any, keys placeholder.Path) (any, bool) {
	if len(keys) == 0 {
		return node, true
	}
	object, ok := node.(map[string]any)
	if !ok {
		return nil, false
	}
	for n := range keys {
		value, ok := object[joinDots(keys[:n+1])]
		if !ok {
			continue
		}
		if found, ok := lookup(value, keys[n+1:]); ok {
			return found, true
		}
	}
	return nil, false
}

func joinDots(keys placeholder.Path) string {
	return strings.Join(keys, ".")
}

func (s *substituter) resource(where, inner string, ref placeholder.Path) string {
	resource, ok := s.resources.targets[ref[0]]
	if !ok {
		s.found.add(where, "placeholder ${%s}: the workload declares no resource %q; it declares: %s", inner, ref[0], listed(s.resources.targets))
		return ""
	}
	return resource.reference(ref[1:])
}

// checkExternal reports a private resource that will never exist: nothing but the Score file can declare one.
func (s *substituter) checkExternal(where, inner string, ref placeholder.Path) {
	if ref[0] != "externals" || s.resources.externals[ref[1]] != nil {
		return
	}
	s.found.add(where, "placeholder ${%s}: the workload has no private resource %q; it has: %s", inner, ref[1], listed(s.resources.externals))
}
