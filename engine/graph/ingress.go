package graph

import (
	"fmt"

	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/resource"
)

const (
	typeDNS     = "dns"
	typeIngress = "ingress"
)

// collectIngressRules gives the rules of an ingress in the older form, spec.ingress.rules, to the ingress resource that the
// definition of the dns they name co-provisions (of the same class and id), as its inputs: rules.http.<path>.{name, type,
// port}, name being that of the workload's Service, and host (semantics 5.8).
func (b *builder) collectIngressRules() {
	for _, module := range sortedKeys(b.in.Set.Modules) {
		spec, _ := object(b.in.Set.Modules[module]["spec"])
		ingress, _ := object(spec["ingress"])
		rules, _ := object(ingress["rules"])
		for _, id := range sortedKeys(rules) {
			rule, _ := object(rules[id])
			http, _ := object(rule["http"])
			if at, ok := b.ingressOf(module, id); ok && len(http) > 0 {
				b.addRules(at, module, http)
			}
		}
	}
}

// ingressOf finds the ingress of the dns that a bare reference (externals.x, shared.x) of a module names.
func (b *builder) ingressOf(module, id string) (int, bool) {
	path, err := placeholder.ParsePath(id)
	if err != nil || len(path) < 2 {
		return 0, false
	}
	var dns resource.Key
	switch path[0] {
	case "externals":
		dns = b.names.externals[module][path[1]]
	case "shared":
		dns = b.names.shared[path[1]]
	}
	if dns.Type != typeDNS {
		return 0, false
	}
	at, ok := b.byKey[resource.Key{Type: typeIngress, Class: dns.Class, ID: dns.ID}]
	return at, ok
}

func (b *builder) addRules(at int, module string, http map[string]any) {
	v := b.vertices[at]
	all, _ := object(v.inputs["rules"])
	paths, _ := object(all["http"])
	merged := map[string]any{}
	for path, rule := range paths {
		merged[path] = rule
	}
	for _, path := range sortedKeys(http) {
		given, _ := object(http[path])
		if _, taken := merged[path]; taken {
			b.problem(Problem{Node: v.key, Kind: ProblemConflict, Module: module, Location: "/spec/ingress/rules",
				Message: fmt.Sprintf("module %s: another rule leads the path %q of the same host somewhere already; choose another path", module, path)})
			continue
		}
		rule := map[string]any{"name": module, "type": "prefix"}
		for _, field := range []string{"type", "port"} {
			if given[field] != nil {
				rule[field] = given[field]
			}
		}
		merged[path] = rule
	}
	b.take(v, "rules", map[string]any{"http": merged})
	if _, given := v.inputs["host"]; !given {
		host := "${resources['" + typeDNS + "." + v.key.Class + "#" + v.key.ID + "'].outputs.host}"
		b.take(v, "host", host)
		b.readGranted(at, "/params/host", host)
	}
}
