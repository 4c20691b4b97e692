package graph

import (
	"fmt"
	"maps"
	"strings"

	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/resource"
)

// readModule sets the inputs of a module's workload resource (its id and content) and reads the references in them.
func (b *builder) readModule(module string, content map[string]any) {
	at := b.workloadVertex(module)
	s := scope{what: "module " + module, module: module}
	spec, ok := object(content["spec"])
	if !ok {
		b.problem(Problem{Node: b.vertices[at].key, Kind: ProblemInvalid, Module: module, Location: "/spec", Message: s.at("/spec") + "it must be an object"})
		return
	}
	inputs := map[string]any{"id": module, "spec": normalizedSpec(spec)}
	for _, field := range []string{"profile", "deploy"} {
		if value, ok := content[field]; ok {
			inputs[field] = value
		}
	}
	b.vertices[at].inputs = inputs
	b.readInputs(at, inputs, s)
	b.readBareReferences(at, spec, s)
}

// normalizedSpec returns the spec with the objects pod and deployment in it, which definitions of workload resources
// read without looking whether the module declares them.
func normalizedSpec(spec map[string]any) map[string]any {
	out := make(map[string]any, len(spec)+2)
	maps.Copy(out, spec)
	for _, field := range []string{"pod", "deployment"} {
		if out[field] == nil {
			out[field] = map[string]any{}
		}
	}
	return out
}

// readBareReferences finds the places of a spec that name a resource without ${}: the id of a volume mount and the
// rules of an ingress.
func (b *builder) readBareReferences(at int, spec map[string]any, s scope) {
	containers, _ := object(spec["containers"])
	for _, name := range sortedKeys(containers) {
		container, _ := object(containers[name])
		mounts, _ := object(container["volume_mounts"])
		for _, path := range sortedKeys(mounts) {
			mount, _ := object(mounts[path])
			id, _ := mount["id"].(string)
			location := placeholder.Child(placeholder.Child("/spec/containers", name)+"/volume_mounts", path) + "/id"
			b.readBare(at, id, location, s)
		}
	}
	ingress, _ := object(spec["ingress"])
	rules, _ := object(ingress["rules"])
	for _, id := range sortedKeys(rules) {
		b.readBare(at, id, placeholder.Child("/spec/ingress/rules", id), s)
	}
}

func (b *builder) readBare(at int, id, location string, s scope) {
	root, name, ok := strings.Cut(id, ".")
	if !ok || (root != "externals" && root != "shared") {
		return
	}
	b.readReference(at, placeholder.Reference{Raw: id, Path: placeholder.Path{root, name}}, location, s)
}

// addGeneric adds the workload resource of a Score workload (Generic Mode). Its driver reads the Score file itself, so
// the content is passed on verbatim: placeholders in it are Score's and are escaped here.
func (b *builder) addGeneric(id string, content map[string]any) {
	class, ok := content["class"].(string)
	if !ok && content["class"] != nil {
		b.problem(Problem{Kind: ProblemInvalid, Module: id, Location: "/class", Message: fmt.Sprintf("workload %s: /class: it must be a string", id)})
		return
	}
	key := resource.Key{Type: typeWorkload, Class: class, ID: workloadID(id)}.Normalized()
	at := b.ensure(key, Origin{Kind: OriginWorkload, Detail: id})
	inputs := map[string]any{"id": id}
	for _, field := range []string{"spec", "extensions"} {
		if value, ok := content[field]; ok {
			inputs[field] = placeholder.EscapeTree(value)
		}
	}
	if _, both := b.in.Set.Modules[id]; both {
		b.problem(Problem{Node: key, Kind: ProblemConflict, Module: id,
			Message: fmt.Sprintf("workload %s: the set has a module of the same id; rename or remove one of them", id)})
		return
	}
	v := b.vertices[at]
	v.optional, v.declared, v.inputs = true, true, inputs
}
