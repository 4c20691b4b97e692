package orchestrator

import (
	"maps"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/engine/resource"
)

// configInput is the driver input that a driver's defaults fill with the outputs of
// a config resource, values as a reference and secrets by withConfigSecrets.
const configInput = "config"

// What stands around the id of a config resource in such a default.
const (
	configBefore = "${resources['config.default#"
	configAfter  = "'].values}"
)

// configID reads the id of the config resource that driver input values ask for.
func configID(values map[string]any) (string, bool) {
	text, _ := values[configInput].(string)
	id, begins := strings.CutPrefix(text, configBefore)
	id, ends := strings.CutSuffix(id, configAfter)
	return id, begins && ends
}

// withConfigs is the source's definitions, and pins, for one environment: a driver
// asks for its config resource only where a definition matches that very id, and the
// definition that uses the driver says nothing about the cluster itself.
func (g *graphSource) withConfigs(at resource.Context, pins map[resource.Key]resource.Definition) ([]resource.Definition, map[resource.Key]resource.Definition) {
	there := map[string]bool{}
	decide := func(def resource.Definition) (resource.Definition, bool) {
		id, asks := configID(def.Values)
		if !asks {
			return def, false
		}
		if _, known := there[id]; !known {
			there[id] = g.hasConfig(at, id)
		}
		if _, given := def.Values["cluster"]; !given && there[id] {
			return def, false
		}
		def.Values = maps.Clone(def.Values)
		delete(def.Values, configInput)
		return def, true
	}
	definitions := g.definitions
	for i := range g.definitions {
		def, changed := decide(g.definitions[i])
		if !changed {
			continue
		}
		if &definitions[0] == &g.definitions[0] {
			definitions = slices.Clone(g.definitions)
		}
		definitions[i] = def
	}
	out := maps.Clone(pins)
	for key, pin := range pins {
		out[key], _ = decide(pin)
	}
	return definitions, out
}

// hasConfig reports whether a definition gives the config resource by its id.
func (g *graphSource) hasConfig(at resource.Context, id string) bool {
	key := resource.Key{Type: "config", Class: resource.DefaultClass, ID: id}
	_, criteria, _ := resource.Match(g.definitions, at, key)
	return criteria != nil && criteria.ResID == id
}

// withConfigSecrets adds the secret outputs of the config resource that the
// definition's driver asks for.
func (s *scope) withConfigSecrets(secrets map[string]any) (map[string]any, error) {
	id, asks := configID(s.planned.Definition.Values)
	if !asks {
		return secrets, nil
	}
	n, ok := s.run.byKey[resource.Key{Type: "config", Class: resource.DefaultClass, ID: id}]
	if _, given := secrets[configInput]; given || !ok {
		return secrets, nil
	}
	sealed, err := s.run.sealed(s.d, n)
	if err != nil || len(sealed.Secrets) == 0 {
		return secrets, err
	}
	out := maps.Clone(secrets)
	if out == nil {
		out = map[string]any{}
	}
	out[configInput] = drivers.CloneMap(sealed.Secrets)
	return out, nil
}

// withoutConfig leaves the config resource out that nobody has given a value for.
func withoutConfig(values map[string]any, given func(placeholder string) bool) map[string]any {
	if _, asks := configID(values); !asks {
		return values
	}
	text, _ := values[configInput].(string)
	if given(strings.TrimSuffix(strings.TrimPrefix(text, "${"), "}")) {
		return values
	}
	out := maps.Clone(values)
	delete(out, configInput)
	return out
}
