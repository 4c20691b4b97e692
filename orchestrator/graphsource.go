package orchestrator

import (
	"context"
	"maps"

	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/resource"
)

// graphSource is what all graphs of an organization are built from: its
// definitions and types. Graphs that are built from one source agree.
type graphSource struct {
	definitions []resource.Definition
	types       []resource.Type
	runtimes    []resource.Definition // those that give a k8s-cluster-runtime
	defaults    func(driver string) map[string]any
}

// newGraphSource prepares definitions and types for the graph builder. defaults
// gives the values that a driver takes where a definition gives none
// (DriverCatalogue.Defaults).
func newGraphSource(definitions []Definition, types []ResourceType, defaults func(driver string) map[string]any) *graphSource {
	g := &graphSource{types: matchableTypes(types), defaults: defaults}
	for _, def := range definitions {
		g.definitions = append(g.definitions, g.complete(def))
	}
	g.runtimes = runtimeDefinitions(g.definitions)
	return g
}

// loadGraphSource reads the source of an organization as it is now.
func loadGraphSource(ctx context.Context, store Store, org string, defaults func(driver string) map[string]any) (*graphSource, error) {
	definitions, err := store.ListDefinitions(ctx, org, false)
	if err != nil {
		return nil, err
	}
	types, err := store.ListResourceTypes(ctx, org)
	if err != nil {
		return nil, err
	}
	return newGraphSource(definitions, types, defaults), nil
}

// complete is a definition with what its driver takes where it gives nothing.
func (g *graphSource) complete(def Definition) resource.Definition {
	m := matchable(def)
	m.Values = withDefaults(m.Values, g.defaults(m.DriverType))
	return m
}

// input is the source for one environment; the set is left to the caller.
func (g *graphSource) input(env *Environment, pins map[resource.Key]resource.Definition) graph.Input {
	at := contextOf(env)
	definitions, pins := g.withConfigs(at, pins)
	return graph.Input{Context: at, Definitions: definitions, Types: g.types, Pins: pins, Implicit: g.implicitResources(at)}
}

func contextOf(env *Environment) resource.Context {
	return resource.Context{OrgID: env.OrgID, AppID: env.AppID, EnvID: env.ID, EnvType: env.TypeID}
}

// pinsOf loads the versions that resources of an environment are pinned to. A
// retired resource keeps its pin for the time when its definition matches again;
// where several have one, the first of the list counts.
func (g *graphSource) pinsOf(ctx context.Context, store Store, resources []ActiveResource) (map[resource.Key]resource.Definition, error) {
	pins := map[resource.Key]resource.Definition{}
	for _, r := range resources {
		if _, decided := pins[r.Key]; r.TargetDefVersionID == "" || decided {
			continue
		}
		v, err := store.GetDefinitionVersion(ctx, r.OrgID, r.DefID, r.TargetDefVersionID)
		if IsNotFound(err) {
			continue // the definition was replaced; its successor has other versions
		}
		if err != nil {
			return nil, err
		}
		pins[r.Key] = g.complete(Definition{ID: r.DefID, Type: v.Type, Active: *v})
	}
	return pins, nil
}

// GraphInput loads the definitions and types of the environment's organization
// as the graph builder wants them, and what its resources are pinned to; the set
// is left to the caller. For defaults see DriverCatalogue.Defaults.
func GraphInput(ctx context.Context, store Store, env *Environment, defaults func(driver string) map[string]any) (graph.Input, error) {
	source, err := loadGraphSource(ctx, store, env.OrgID, defaults)
	if err != nil {
		return graph.Input{}, err
	}
	resources, err := everything(ctx, store, env.Ref())
	if err != nil {
		return graph.Input{}, err
	}
	pins, err := source.pinsOf(ctx, store, resources)
	if err != nil {
		return graph.Input{}, err
	}
	return source.input(env, pins), nil
}

// matchable is a definition with its active version as the engine sees it.
func matchable(def Definition) resource.Definition {
	v := def.Active
	out := resource.Definition{
		ID: def.ID, VersionID: v.ID, Type: def.Type, DriverType: v.DriverType, DriverAccount: v.DriverAccount,
		Provision: v.Provision, Criteria: def.Criteria, IsDefault: def.IsDefault, InPlaceDriverChange: v.InPlaceDriverChange,
	}
	if v.DriverInputs != nil {
		out.Values, out.SecretRefs = v.DriverInputs.Values, v.DriverInputs.SecretRefs
	}
	return out
}

// withDefaults puts a driver's own values under those of a definition.
func withDefaults(values, defaults map[string]any) map[string]any {
	if len(defaults) == 0 {
		return values
	}
	out := maps.Clone(defaults)
	maps.Copy(out, values)
	return out
}
