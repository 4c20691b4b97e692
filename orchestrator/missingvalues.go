package orchestrator

import (
	"fmt"
	"strings"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/placeholder"
)

// missingValues finds placeholders of Shared Values that do not exist, before
// anything is made for a deployment that could not end well. Placeholders that
// cannot be read are left to the graph builder, which reports them.
func missingValues(set deployset.Set, values *ValueSetVersion, env *Environment) []DeploymentError {
	var out []DeploymentError
	check := func(scope, id string, tree any) {
		seen := map[string]bool{}
		_ = placeholder.Walk(tree, func(location string, ref placeholder.Reference) error {
			key := strings.Join(ref.Path[1:], ".")
			if ref.Path[0] != "values" || seen[key] {
				return nil
			}
			seen[key] = true
			if _, ok := values.Values[key]; !ok {
				text := fmt.Sprintf("%s %s: %s: shared value %q does not exist in application %q or environment %q; create it, or correct the name",
					scope, id, location, key, env.AppID, env.ID)
				out = append(out, DeploymentError{Scope: scope, Code: "DEP-VALUE", ErrorType: "placeholder", ObjectID: id, Summary: text, Message: text})
			}
			return nil
		})
	}
	for _, id := range sortedNames(set.Modules) {
		check("workload", id, set.Modules[id])
	}
	for _, id := range sortedNames(set.Shared) {
		check("resource", "shared."+id, set.Shared[id])
	}
	return out
}
