package score

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/score-spec/score-go/types"

	"github.com/slipway-dev/slipway/engine/placeholder"
)

// resourceIDAnnotation is how Score files named a shared resource before Score had resource ids.
const resourceIDAnnotation = "score.humanitec.io/resId"

// target is what ${resources.<name>} stands for.
type target struct {
	// bare is the reference by itself, as a volume mount names it: externals.db, shared.cache, values, modules.other.
	bare string
	// path leads to the outputs.
	path placeholder.Path
	// singleKey says that what follows the path is one key, dots and all: shared values have no structure.
	singleKey bool
}

// reference gives the module's spelling of an attribute of the resource, or of the resource itself.
func (t target) reference(rest placeholder.Path) string {
	if len(rest) == 0 {
		return t.bare
	}
	if t.singleKey {
		rest = placeholder.Path{joinDots(rest)}
	}
	return "${" + slices.Concat(t.path, rest).String() + "}"
}

// resourceMap holds the declared resources of a workload: where references lead, and what the set has to declare.
type resourceMap struct {
	targets   map[string]target
	externals map[string]any
	shared    map[string]any
	// declaredAt is the place in the Score file of what externals and shared hold; by map and key.
	declaredAt map[string]string
}

// convertResources maps the resources of a workload. scopes is the older way to make one shared, from the extensions.
func convertResources(declared types.WorkloadResources, aliases, scopes map[string]string, found *problems) *resourceMap {
	out := &resourceMap{
		targets: map[string]target{}, externals: map[string]any{}, shared: map[string]any{}, declaredAt: map[string]string{},
	}
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		resource := declared[name]
		if alias := aliases[resource.Type]; alias != "" {
			resource.Type = alias
		}
		out.convert(name, resource, scopes[name], found)
	}
	for _, name := range slices.Sorted(maps.Keys(scopes)) {
		if _, ok := declared[name]; !ok {
			found.add(at("extensions", "resources", name), "the workload has no such resource; it declares: %s", listed(declared))
		}
	}
	return out
}

func (m *resourceMap) convert(name string, resource types.Resource, scope string, found *problems) {
	where := at("resources", name)
	if resource.Type == "environment" {
		m.targets[name] = target{bare: "values", path: placeholder.Path{"values"}, singleKey: true}
		return
	}
	if resource.Type == "service" {
		module := name
		if resource.Id != nil {
			module = *resource.Id
		}
		m.targets[name] = target{bare: "modules." + module, path: placeholder.Path{"modules", module, "service"}}
		return
	}
	if resource.Id != nil {
		id := *resource.Id
		if rest, ok := trimmedPrefix(id, "shared."); ok {
			id = rest
		}
		m.share(where, name, id, resource, found)
		return
	}
	resID, annotated := annotatedID(resource)
	switch {
	case annotated:
		m.convertAnnotated(where, name, resID, resource, found)
	case scope == "shared":
		m.share(where, name, name, resource, found)
	default:
		m.keepPrivate(where, name, name, resource, found)
	}
}

func annotatedID(resource types.Resource) (string, bool) {
	annotations, _ := resource.Metadata["annotations"].(map[string]any)
	id, ok := annotations[resourceIDAnnotation].(string)
	return id, ok
}

func (m *resourceMap) convertAnnotated(where, name, resID string, resource types.Resource, found *problems) {
	if id, ok := trimmedPrefix(resID, "shared."); ok {
		m.share(where, name, id, resource, found)
		return
	}
	if id, ok := trimmedPrefix(resID, "externals."); ok {
		m.keepPrivate(where, name, id, resource, found)
		return
	}
	other, err := placeholder.ParsePath(resID)
	if err == nil && len(other) >= 2 && other[0] == "modules" {
		m.targets[name] = target{bare: resID, path: other}
		return
	}
	found.add(below(where, "metadata", "annotations", resourceIDAnnotation),
		"%q must be shared.<id>, externals.<id> or modules.<module>.externals.<id>", resID)
}

func (m *resourceMap) keepPrivate(where, name, id string, resource types.Resource, found *problems) {
	m.targets[name] = target{bare: "externals." + id, path: placeholder.Path{"externals", id}}
	m.declare(where, "externals", id, entry(resource), found)
}

// share declares a resource for the whole Application. Several classes of one id live side by side: all but the default
// one get a key of their own and say which id they mean.
func (m *resourceMap) share(where, name, id string, resource types.Resource, found *problems) {
	key, declared := id, entry(resource)
	if class := classOf(resource); class != "default" {
		key = id + "-class-" + class
		declared["id"] = "shared." + id
	}
	m.targets[name] = target{bare: "shared." + key, path: placeholder.Path{"shared", key}}
	m.declare(where, "shared", key, declared, found)
}

func entry(resource types.Resource) map[string]any {
	out := map[string]any{"type": resource.Type, "class": classOf(resource)}
	if resource.Params != nil {
		out["params"] = map[string]any(resource.Params)
	}
	return out
}

func classOf(resource types.Resource) string {
	if resource.Class == nil {
		return "default"
	}
	return *resource.Class
}

// declare adds an entry. Two names for one resource are fine as long as they do not contradict each other: parameters
// may be given at one of them only.
func (m *resourceMap) declare(where, scope, id string, declared map[string]any, found *problems) {
	entries := m.shared
	if scope == "externals" {
		entries = m.externals
	}
	if existing, taken := entries[id].(map[string]any); taken {
		fillParams(declared, existing)
		fillParams(existing, declared)
		if !reflect.DeepEqual(existing, declared) {
			found.add(where, "this and %s are the same resource %s.%s, but differ in type, class or params",
				m.declaredAt[scope+"."+id], scope, id)
			return
		}
	}
	entries[id] = declared
	m.declaredAt[scope+"."+id] = where
}

func fillParams(entry, from map[string]any) {
	if _, ok := entry["params"]; !ok && from["params"] != nil {
		entry["params"] = from["params"]
	}
}

func trimmedPrefix(text, prefix string) (string, bool) {
	rest, ok := strings.CutPrefix(text, prefix)
	return rest, ok && rest != ""
}
