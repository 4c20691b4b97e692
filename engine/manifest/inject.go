package manifest

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"github.com/slipway-dev/slipway/engine/placeholder"
)

// injections gives the manifests of one location, in an order that does not depend on how they were gathered.
func (r *renderer) injections(location string) []Injection {
	var out []Injection
	for _, injection := range r.w.Injected {
		switch injection.location() {
		case location:
			out = append(out, injection)
		case locationContainers, locationVolumes:
		default:
			r.ps.add(injection.place(), "expected location containers or volumes, got %q", injection.Location)
		}
	}
	slices.SortStableFunc(out, func(a, b Injection) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Name, b.Name))
	})
	return out
}

func (i Injection) place() path {
	return path(fmt.Sprintf("manifest %s of %s", i.Name, i.From))
}

// injected reads the object of an injection. A secret has no place in a container or volume.
func (r *renderer) injected(i Injection) map[string]any {
	at := i.place()
	data := i.Data
	if text, ok := data.(string); ok {
		data = nil
		if err := yaml.Unmarshal([]byte(text), &data); err != nil {
			r.ps.add(at, "not valid YAML")
			return nil
		}
	}
	tree, ok := plain(data, at, 0, r.ps).(map[string]any)
	if !ok {
		r.ps.add(at, "expected object, got %s", kindOf(data))
		return nil
	}
	reportSecrets(tree, at, r.ps)
	return tree
}

// reportSecrets reports every secret in a tree in which none is legal.
func reportSecrets(v any, at path, ps *problems) {
	switch v := v.(type) {
	case placeholder.Secret:
		ps.add(at, secretNotAllowed)
	case map[string]any:
		for _, key := range sortedKeys(v) {
			reportSecrets(v[key], at.key(key), ps)
		}
	case []any:
		for i := range v {
			reportSecrets(v[i], at.index(i), ps)
		}
	}
}

func (r *renderer) injectVolumes() {
	for _, injection := range r.injections(locationVolumes) {
		var volume corev1.Volume
		tree := r.injected(injection)
		if tree == nil {
			continue
		}
		decodeValue(tree, injection.place(), &volume, r.ps)
		r.addVolume(volume, injection.place().key("name"))
		for _, reference := range injection.References {
			if !slices.Contains(r.volumes.links[reference], volume.Name) {
				r.volumes.links[reference] = append(r.volumes.links[reference], volume.Name)
			}
		}
	}
}

// injectedContainers gives the sidecars that resources bring along. The same sidecar from several resources counts
// once. Those that restart always are native sidecars of Kubernetes, which are declared among the init containers.
func (r *renderer) injectedContainers() (sidecars, native []placed) {
	var all []placed
	for _, injection := range r.injections(locationContainers) {
		tree := r.injected(injection)
		if tree == nil {
			continue
		}
		one := placed{at: injection.place()}
		decodeValue(tree, one.at, &one.container, r.ps)
		r.ps.dnsLabel(one.container.Name, one.at.key("name"))
		same := func(other placed) bool { return reflect.DeepEqual(other.container, one.container) }
		if slices.ContainsFunc(all, same) {
			continue
		}
		all = append(all, one)
	}
	for _, one := range all {
		policy := one.container.RestartPolicy
		if policy != nil && *policy == corev1.ContainerRestartPolicyAlways {
			native = append(native, one)
			continue
		}
		sidecars = append(sidecars, one)
	}
	return sidecars, native
}
