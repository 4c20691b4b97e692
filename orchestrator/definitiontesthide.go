package orchestrator

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/engine/redaction"
)

// hider hides the values of secrets in what is answered.
type hider struct {
	known    map[string]bool
	redactor *redaction.Redactor
}

// newHider knows the secrets that are given, also those in the draft itself.
func newHider(given map[string]any, in *DriverInputsRequest) *hider {
	h := &hider{known: map[string]bool{}}
	h.add(given)
	if in != nil {
		h.add(in.Secrets)
		h.add(onlyValues(in.SecretRefs))
	}
	return h
}

// onlyValues keeps of references those secrets that are given in place; a placeholder is none.
func onlyValues(refs map[string]any) map[string]any {
	out := map[string]any{}
	for name, child := range refs {
		level, ok := child.(map[string]any)
		if !ok {
			continue
		}
		if leaf, isLeaf := readSecretLeaf(level); !isLeaf {
			out[name] = onlyValues(level)
		} else if text, isText := leaf.value.(string); isText && !strings.Contains(text, "${") {
			out[name] = text
		}
	}
	return out
}

func (h *hider) add(tree map[string]any) {
	for _, leaf := range stringLeaves(tree) {
		if leaf != "" {
			h.known[leaf] = true
		}
	}
	h.redactor = redaction.New(slices.Collect(maps.Keys(h.known))...)
}

func (h *hider) text(s string) string {
	if h.known[s] {
		return redaction.Redacted
	}
	return h.redactor.String(s)
}

func (h *hider) result(r TrialResult) TrialResult {
	r.Init, r.Cookie = h.tree(hideNamed(r.Init)), h.tree(hideNamed(r.Cookie))
	r.Values, _ = h.tree(r.Values).(map[string]any)
	r.Secrets, _ = hideAll(r.Secrets).(map[string]any)
	manifests := make(map[string]drivers.Manifest, len(r.Manifests))
	for name, m := range r.Manifests {
		manifests[h.text(name)] = drivers.Manifest{Location: m.Location, Data: h.tree(hideSecretObject(m.Data))}
	}
	r.Manifests = manifests
	if r.Inputs != nil {
		inputs := TrialInputs{}
		inputs.Resource, _ = h.tree(r.Inputs.Resource).(map[string]any)
		inputs.Values, _ = h.tree(r.Inputs.Values).(map[string]any)
		inputs.Secrets, _ = hideAll(r.Inputs.Secrets).(map[string]any)
		r.Inputs = &inputs
	}
	r.Notes, r.WouldRun = h.lines(r.Notes), h.lines(r.WouldRun)
	return r
}

func (h *hider) lines(of []string) []string {
	out := make([]string, 0, len(of))
	for _, line := range of {
		out = append(out, h.text(line))
	}
	return out
}

// tree hides known values wherever they are in a tree, in the names, too.
func (h *hider) tree(v any) any {
	switch t := v.(type) {
	case string:
		return h.text(t)
	case map[string]any:
		out := make(map[string]any, len(t))
		for name, child := range t {
			out[h.text(name)] = h.tree(child)
		}
		return out
	case []any:
		out := make([]any, 0, len(t))
		for _, child := range t {
			out = append(out, h.tree(child))
		}
		return out
	case nil, bool:
		return v
	}
	if h.known[fmt.Sprint(v)] {
		return redaction.Redacted
	}
	return v
}

// hideAll keeps names only.
func hideAll(v any) any {
	switch t := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(t))
		for name, child := range t {
			out[name] = hideAll(child)
		}
		return out
	case nil:
		return nil
	}
	return redaction.Redacted
}

var secretName = regexp.MustCompile(`(?i)pass|secret|token|key|cred|connection|dsn|salt`)

// hideNamed hides what templates keep for themselves under names that say that it is secret.
func hideNamed(v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	out := make(map[string]any, len(m))
	for name, child := range m {
		if secretName.MatchString(name) {
			out[name] = hideAll(child)
			continue
		}
		out[name] = hideNamed(child)
	}
	return out
}

// hideSecretObject hides the content of a Kubernetes Secret.
func hideSecretObject(v any) any {
	m, ok := v.(map[string]any)
	if !ok || m["kind"] != "Secret" {
		return v
	}
	out := maps.Clone(m)
	for _, field := range []string{"data", "stringData"} {
		if content, there := out[field]; there {
			out[field] = hideAll(content)
		}
	}
	return out
}
