package manifest

import (
	"github.com/slipway-dev/slipway/engine/placeholder"
)

// Places of a spec in which a secret may stand: * is any one step, ** is everything below.
var secretPlaces = [][]string{
	{"containers", "*", "variables", "**"},
	{"containers", "*", "files", "*", "value"},
	{"containers", "*", "files", "*", "value", "**"},
	{"containers", "*", "files", "*", "binaryContent"},
	{"variables", "**"},
}

// Places of a spec in which Kubernetes expands references to variables, so that values of the running pod work.
var downwardPlaces = [][]string{
	{"containers", "*", "variables", "**"},
	{"containers", "*", "env", "*", "value"},
	{"containers", "*", "command", "*"},
	{"containers", "*", "args", "*"},
	{"schedules", "*", "containers", "*", "command", "*"},
	{"schedules", "*", "containers", "*", "args", "*"},
	{"extraContainers", "*", "env", "*", "value"},
	{"extraContainers", "*", "command", "*"},
	{"extraContainers", "*", "args", "*"},
	{"pod", "initContainers", "*", "env", "*", "value"},
	{"pod", "initContainers", "*", "command", "*"},
	{"pod", "initContainers", "*", "args", "*"},
}

// checkPlacement reports secrets and values of the running pod that stand where they cannot work, in one walk over the
// whole spec, so that no reader of a single field can forget to ask.
func checkPlacement(spec map[string]any, ps *problems) {
	for _, key := range sortedKeys(spec) {
		if key == "extraObjects" {
			continue // objects have rules of their own
		}
		checkPlace(spec[key], []string{key}, path("spec").key(key), ps)
	}
}

func checkPlace(v any, steps []string, at path, ps *problems) {
	switch v := v.(type) {
	case placeholder.Secret:
		if !matchesAny(secretPlaces, steps) {
			ps.add(at, secretNotAllowed)
		}
	case string:
		if hasDownward(v) && !matchesAny(downwardPlaces, steps) {
			ps.add(at, "pod and containers placeholders work in variables, env, command and args only")
		}
	case map[string]any:
		for _, key := range sortedKeys(v) {
			checkPlace(v[key], step(steps, key), at.key(key), ps)
		}
	case []any:
		for i := range v {
			checkPlace(v[i], step(steps, "[]"), at.index(i), ps)
		}
	}
}

func step(steps []string, next string) []string {
	return append(steps[:len(steps):len(steps)], next)
}

func matchesAny(places [][]string, steps []string) bool {
	for _, place := range places {
		if matches(place, steps) {
			return true
		}
	}
	return false
}

func matches(place, steps []string) bool {
	for i, want := range place {
		if want == "**" {
			return len(steps) > i
		}
		if i >= len(steps) || want != "*" && want != steps[i] {
			return false
		}
	}
	return len(place) == len(steps)
}
