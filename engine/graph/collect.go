package graph

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/resource"
)

// entry is a resource as a set or a request declares it.
type entry struct {
	key      resource.Key
	params   map[string]any
	origin   Origin
	scope    scope
	workload int // vertex that owns it, or -1
}

// collect adds what the set, the request and the environment itself ask for. All names are learnt before any
// placeholder is read, as they may point in any direction.
func (b *builder) collect() {
	set := b.in.Set
	b.names = names{
		workloads: map[string]bool{}, externals: map[string]map[string]resource.Key{}, shared: map[string]resource.Key{},
		open: len(set.Modules)+len(set.Workloads) == 0,
	}
	var entries []entry
	for _, id := range sortedKeys(set.Modules) {
		b.names.workloads[id] = true
		entries = append(entries, b.moduleEntries(id, set.Modules[id])...)
	}
	entries = append(entries, b.sharedEntries()...)
	for _, id := range sortedKeys(set.Workloads) {
		b.names.workloads[id] = true
		b.addGeneric(id, set.Workloads[id])
	}
	entries = append(entries, b.requestEntries()...)
	for _, key := range b.implicit {
		b.addImplicit(key.Normalized())
	}
	for _, id := range sortedKeys(set.Modules) {
		b.readModule(id, set.Modules[id])
	}
	for _, e := range entries {
		b.addEntry(e)
	}
}

// addImplicit adds a resource that every environment has.
func (b *builder) addImplicit(key resource.Key) {
	if definition, _, _ := b.index.Match(key); definition == nil && isOptional(key.Type) {
		return
	}
	b.vertices[b.ensure(key, Origin{Kind: OriginImplicit})].implicit = true
}

// moduleEntries adds the vertex of a module and gives the entries of its externals.
func (b *builder) moduleEntries(module string, content map[string]any) []entry {
	key := resource.Key{Type: typeWorkload, Class: resource.DefaultClass, ID: workloadID(module)}
	at := b.ensure(key, Origin{Kind: OriginWorkload, Detail: module})
	b.vertices[at].optional, b.vertices[at].declared = true, true
	externals, ok := object(content["externals"])
	if !ok {
		b.problem(Problem{Node: key, Kind: ProblemInvalid, Module: module, Location: "/externals",
			Message: fmt.Sprintf("module %s: /externals: it must be an object of resources", module)})
		return nil
	}
	var out []entry
	for _, name := range sortedKeys(externals) {
		s := scope{what: "module " + module, module: module, base: placeholder.Child("/externals", name)}
		e, ok := b.decode(externals[name], externalID(module, name), s)
		if !ok {
			continue
		}
		e.origin, e.workload = Origin{Kind: OriginExternal, By: key, Detail: name}, at
		b.names.addExternal(module, name, e.key)
		out = append(out, e)
	}
	return out
}

func (b *builder) sharedEntries() []entry {
	var out []entry
	for _, name := range sortedKeys(b.in.Set.Shared) {
		id := "shared." + name
		if fields, ok := b.in.Set.Shared[name].(map[string]any); ok {
			if own, ok := fields["id"].(string); ok && own != "" {
				id = own
			}
		}
		e, ok := b.decode(b.in.Set.Shared[name], id, scope{what: "shared", base: placeholder.Child("", name)})
		if !ok {
			continue
		}
		e.origin, e.workload = Origin{Kind: OriginShared, Detail: name}, -1
		b.names.addShared(name, e.key)
		out = append(out, e)
	}
	return out
}

// requestEntries gives the entries of Input.Extra, sorted so that their order makes no difference.
func (b *builder) requestEntries() []entry {
	requests := slices.Clone(b.in.Extra)
	slices.SortStableFunc(requests, func(x, y Request) int { return x.Key.Compare(y.Key) })
	var out []entry
	for _, request := range requests {
		key := request.Key.Normalized()
		key.Type = b.types.actual(key.Type)
		if key.Type == "" || key.ID == "" {
			b.problem(Problem{Node: key, Kind: ProblemInvalid, Message: fmt.Sprintf("requested resource %s: it needs a type and an id", key)})
			continue
		}
		b.names.addRequest(key)
		e := entry{key: key, params: request.Inputs, workload: -1, origin: Origin{Kind: OriginRequest, Detail: key.ID}}
		e.scope = scope{what: "resource " + key.ID, module: moduleOf(key.ID)}
		if _, _, external := splitExternalID(key.ID); external {
			e.workload = b.workloadVertex(e.scope.module)
		}
		out = append(out, e)
	}
	return out
}

// workloadVertex finds the workload of a module in the set; -1 when there is none.
func (b *builder) workloadVertex(module string) int {
	at, ok := b.byKey[resource.Key{Type: typeWorkload, Class: resource.DefaultClass, ID: workloadID(module)}]
	if !ok {
		return -1
	}
	return at
}

// decode reads {type, class, params} of a declared resource.
func (b *builder) decode(v any, id string, s scope) (entry, bool) {
	invalid := func(message string) (entry, bool) {
		b.problem(Problem{Kind: ProblemInvalid, Module: s.module, Location: s.base, Message: s.at("") + message})
		return entry{}, false
	}
	fields, ok := v.(map[string]any)
	if !ok {
		return invalid("a resource must be an object with a type")
	}
	typ, ok := fields["type"].(string)
	if !ok || typ == "" {
		return invalid("the resource has no type; set type to a resource type such as postgres")
	}
	class, ok := fields["class"].(string)
	if !ok && fields["class"] != nil {
		return invalid("class must be a string")
	}
	params, ok := object(fields["params"])
	if !ok {
		return invalid("params must be an object")
	}
	key := resource.Key{Type: b.types.actual(typ), Class: class, ID: id}.Normalized()
	if reason := b.types.refused(key.Type); reason != "" {
		b.problem(Problem{Node: key, Kind: ProblemNotRequested, Module: s.module, Location: s.base,
			Message: fmt.Sprintf("resource %s: %s", id, reason)})
	}
	s.base += "/params"
	return entry{key: key, params: params, scope: s}, true
}

// addEntry adds a declared resource with its inputs and reads their placeholders.
func (b *builder) addEntry(e entry) {
	at := b.ensure(e.key, e.origin)
	v := b.vertices[at]
	if e.key.Type == typeWorkload && e.origin.Kind == OriginRequest {
		v.optional = true
	}
	if e.workload >= 0 {
		b.addEdge(e.workload, at, reason{kind: ReasonDeclared, detail: e.origin.Detail})
	}
	switch {
	case !v.declared:
		v.declared, v.inputs = true, maps.Clone(e.params)
	case e.origin.Kind == OriginRequest:
		return // the set has said it already
	case len(e.params)+len(v.inputs) > 0 && !reflect.DeepEqual(e.params, v.inputs):
		b.problem(Problem{Node: e.key, Kind: ProblemConflict, Location: e.scope.base, Message: fmt.Sprintf(
			"resource %s: %sit is declared twice with different params; make them equal or give one another class or id", e.key.ID, e.scope.at(""))})
		return
	}
	b.readInputs(at, e.params, e.scope)
}

// object reads an optional object: null and absent are an empty one.
func object(v any) (map[string]any, bool) {
	m, ok := v.(map[string]any)
	return m, ok || v == nil
}
