package graph

import (
	"fmt"
	"reflect"

	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/resource"
)

// expand selects a definition for every resource and follows what the definitions name, until nothing new appears.
// Vertices are handled in the order in which they were added, so one pass over the growing list is enough.
func (b *builder) expand() {
	for at := 0; at < len(b.vertices); at++ {
		if at >= maxNodes {
			b.limit(fmt.Sprintf("the resource graph has more than %d resources; look for definitions that bring each other with ever new classes and ids", maxNodes))
			return
		}
		b.selectDefinition(at)
		v := b.vertices[at]
		if v.definition == nil {
			continue
		}
		c := b.compile(v.definition, v.key)
		for _, ref := range c.references {
			b.follow(at, ref.raw, ref.location, ref.path)
		}
		for _, p := range c.provisions {
			b.provision(at, p)
		}
	}
}

func (b *builder) selectDefinition(at int) {
	v := b.vertices[at]
	if v.badType {
		return
	}
	definition, criteria, candidates := b.index.Match(v.key)
	v.candidates = candidates
	if definition != nil {
		if pin, ok := b.in.Pins[v.key]; ok && pin.ID == definition.ID {
			definition = &pin
		}
		v.definition, v.criteriaID = definition, criteria.ID
		return
	}
	if v.optional {
		return
	}
	b.problem(Problem{Node: v.key, Kind: ProblemNoDefinition, Module: moduleOf(v.key.ID), Message: b.noDefinition(v.key, candidates)})
}

// maxClosest is how many near misses a message shows.
const maxClosest = 3

func (b *builder) noDefinition(key resource.Key, candidates []resource.Candidate) string {
	ctx := b.in.Context
	text := fmt.Sprintf("resource %s: no definition of type %q matches (app %s, env %s, type %s, class %s); ",
		key.ID, key.Type, ctx.AppID, ctx.EnvID, ctx.EnvType, key.Class)
	if len(candidates) == 0 {
		return text + fmt.Sprintf("there is no definition of type %q: create one whose matching criteria cover this environment", key.Type)
	}
	return text + resource.Closest(candidates, maxClosest)
}

// follow adds the resource that a placeholder of a definition names. Selectors wait until the graph is complete.
func (b *builder) follow(at int, raw, location string, path resource.Path) {
	v := b.vertices[at]
	key := path.Steps[0].Key(v.key)
	if path.IsSelector() {
		b.selectors = append(b.selectors, pendingSelector{at: at, raw: raw, location: location, start: key, path: path})
		return
	}
	if _, again := v.references[raw]; again {
		return
	}
	v.references[raw] = Target{Keys: []resource.Key{key}, Attribute: path.Attribute, Path: path.Rest}
	text := "${" + raw + "}"
	to := b.ensure(key, Origin{Kind: OriginReference, By: v.key, Detail: text})
	b.addEdge(at, to, reason{kind: ReasonReference, detail: text, location: location})
}

// provision adds a resource that the definition of another one brings.
func (b *builder) provision(at int, p compiledProvision) {
	v := b.vertices[at]
	to := b.ensure(p.ref.Key(v.key), Origin{Kind: OriginProvision, By: v.key, Detail: p.name})
	if p.provision.IsDependent {
		b.addEdge(to, at, reason{kind: ReasonDependent, detail: p.name})
	}
	if p.provision.MatchDependents {
		v.matched = append(v.matched, match{to: to, name: p.name})
	}
	params, err := b.qualify(p.provision.Params, v.key)
	if err != nil {
		b.problem(Problem{Node: v.key, Kind: ProblemPlaceholder, Message: fmt.Sprintf("definition %s: provision %s: %v", v.definition.ID, p.name, err)})
		return
	}
	b.grant(to, params, v, p.name)
}

// grant gives a co-provisioned resource its inputs. What the set declares for it wins; two definitions must agree.
func (b *builder) grant(at int, params map[string]any, by *vertex, name string) {
	v := b.vertices[at]
	for _, field := range sortedKeys(params) {
		known, taken := v.inputs[field]
		switch {
		case !taken:
			b.take(v, field, params[field])
			b.readGranted(at, placeholder.Child("/params", field), params[field])
		case v.granted[field] && !reflect.DeepEqual(known, params[field]):
			b.problem(Problem{Node: v.key, Kind: ProblemConflict, Message: fmt.Sprintf(
				"resource %s: definition %s co-provisions it (%s) with another value of %q than a definition before; make them equal or use another class or id",
				v.key.ID, by.definition.ID, name, field)})
		}
	}
}

func (b *builder) take(v *vertex, field string, value any) {
	if v.inputs == nil {
		v.inputs = map[string]any{}
	}
	if v.granted == nil {
		v.granted = map[string]bool{}
	}
	v.inputs[field], v.granted[field] = value, true
}

// readGranted follows the references in inputs that came from a definition. They are well-formed: qualify wrote them.
func (b *builder) readGranted(at int, base string, value any) {
	_ = placeholder.Walk(value, func(location string, ref placeholder.Reference) error {
		path, isResource, err := b.definitionPath(ref)
		if err == nil && isResource {
			b.follow(at, ref.Raw, base+location, path)
		}
		return nil
	})
}
