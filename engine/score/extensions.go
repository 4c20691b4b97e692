package score

import (
	"maps"
	"math"
	"slices"

	"github.com/slipway-dev/slipway/engine/deployset"
)

// ExtensionsVersion is the apiVersion of extension files.
const ExtensionsVersion = "humanitec.org/v1b1"

// extensions is what an extension file asks for.
type extensions struct {
	profile string
	spec    map[string]any
	deploy  map[string]any
	// scopes holds "shared" for the resources that the deprecated `resources` section makes shared.
	scopes map[string]string
}

func readExtensions(raw map[string]any, found *problems) extensions {
	out := extensions{profile: DefaultProfile}
	if len(raw) == 0 {
		return out
	}
	if raw["apiVersion"] != ExtensionsVersion {
		found.add(at("extensions", "apiVersion"), "expected %q", ExtensionsVersion)
	}
	copied, err := deployset.Normalize(raw)
	if err != nil {
		found.add("extensions", "%v", err)
		return out
	}
	normal, _ := copied.(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(normal)) {
		out.read(key, normal[key], found)
	}
	return out
}

func (e *extensions) read(key string, value any, found *problems) {
	where := at("extensions", key)
	if value == nil || key == "apiVersion" {
		return
	}
	if key == "profile" {
		profile, ok := value.(string)
		if !ok {
			found.add(where, "expected the name of a workload profile, as a string")
		}
		if profile != "" {
			e.profile = profile
		}
		return
	}
	if !slices.Contains([]string{"spec", "deploy", "resources"}, key) {
		found.add(where, "this is not part of an extension file; it holds apiVersion, profile, spec and deploy")
		return
	}
	object, ok := value.(map[string]any)
	if !ok {
		found.add(where, "expected an object")
		return
	}
	switch key {
	case "spec":
		e.spec = object
	case "deploy":
		e.deploy = readDeploy(where, object, found)
	case "resources":
		e.scopes = readScopes(where, object, found)
	}
}

// readDeploy checks the deploy condition {when, success, timeout}; timeout is in seconds.
func readDeploy(where string, deploy map[string]any, found *problems) map[string]any {
	allowed := map[string][]any{
		"when":    {"before", "deploy", "after"},
		"success": {"deploy", "available", "complete"},
	}
	for _, key := range slices.Sorted(maps.Keys(deploy)) {
		value, here := deploy[key], below(where, key)
		if key == "timeout" {
			seconds, ok := value.(float64)
			if !ok || seconds < 0 || seconds != math.Trunc(seconds) {
				found.add(here, "expected a whole number of seconds")
			}
			continue
		}
		choices, ok := allowed[key]
		if !ok {
			found.add(here, "expected one of the keys when, success and timeout")
			continue
		}
		if _, isText := value.(string); !isText || !slices.Contains(choices, value) {
			found.add(here, "expected one of %v", choices)
		}
	}
	return deploy
}

func readScopes(where string, resources map[string]any, found *problems) map[string]string {
	out := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(resources)) {
		entry, _ := resources[name].(map[string]any)
		switch scope := entry["scope"]; scope {
		case "shared":
			out[name] = "shared"
		case "external", "externals":
			out[name] = "external"
		default:
			found.add(below(where, name, "scope"), "expected external or shared; a Score resource with an id is shared without it")
		}
	}
	return out
}
