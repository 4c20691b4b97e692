package orchestrator

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/engine/graph"
)

// ReasonPlanStale is the error code of a deployment that was asked for with a
// plan which is no longer true.
const ReasonPlanStale = "PLAN-STALE"

// planWorld is all that a plan depends on, each part in a text that differs when
// the part does. Deployments and plans make it from the same things.
type planWorld struct{ base, set, values, graph, resources string }

// worldOf describes what a deployment would be planned from: the deployment that
// is its base, its set, its values, its graph with the content of all definitions
// that are in it, and the resources that exist.
func worldOf(baseID, setID string, values *ValueSetVersion, g *graph.Graph, resources []ActiveResource) planWorld {
	w := planWorld{base: baseID, set: setID, graph: g.Hash(), resources: stateOf(resources)}
	// The first version of all is stored with the first deployment and is empty.
	if values != nil && len(values.Values) > 0 {
		w.values = values.ID
	}
	return w
}

func (v *lookAhead) world() planWorld {
	return worldOf(v.env.FromDeployID, v.set.ID(), v.values, v.graph, v.resources)
}

// stateOf names the state of the resources: which there are, by what they were
// made, and by which deployment last. What was only reserved is no state.
func stateOf(resources []ActiveResource) string {
	states := []string{}
	for i := range resources {
		r := &resources[i]
		if !existed(*r) && !r.Attempted {
			continue
		}
		state, _ := json.Marshal([]any{ //nolint:errchkjson // strings, numbers and booleans only
			r.GUResID, r.Key, r.DefID, r.DefVersionID, r.TargetDefVersionID, r.DriverType, r.DriverAccount,
			r.DeployID, r.Status, r.Attempted, r.Retired, r.Deletions,
		})
		states = append(states, string(state))
	}
	slices.Sort(states)
	return strings.Join(states, "\n")
}

// fingerprintVersion begins a fingerprint; another one means other parts.
const fingerprintVersion = "p1"

// worldParts name the parts of a fingerprint in their order, as errors tell them.
var worldParts = []string{
	"the base of the deployment is another one", "the deployment set is another one", "shared values have changed",
	"definitions, their matching, or what resources ask for have changed", "resources of the environment have changed",
}

// fingerprint is short, and tells later which part is another one.
func (w planWorld) fingerprint() string {
	parts := []string{fingerprintVersion}
	for _, text := range []string{w.base, w.set, w.values, w.graph, w.resources} {
		sum := sha256.Sum256([]byte(text))
		parts = append(parts, base64.RawURLEncoding.EncodeToString(sum[:12]))
	}
	return strings.Join(parts, ".")
}

// checkFingerprint refuses what no plan can have given.
func checkFingerprint(fingerprint string) error {
	parts := strings.Split(fingerprint, ".")
	if len(parts) != len(worldParts)+1 || parts[0] != fingerprintVersion {
		return Invalidf("plan: %q is not the fingerprint of a plan; take it from the answer that shows the plan", shorten(fingerprint))
	}
	return nil
}

// moved says what is no longer as it was when the plan with this fingerprint was
// made; empty when all is.
func (w planWorld) moved(fingerprint string) []string {
	then, now := strings.Split(fingerprint, "."), strings.Split(w.fingerprint(), ".")
	if len(then) != len(now) || then[0] != now[0] {
		return []string{"the plan is of another release of Slipway"}
	}
	var out []string
	for i, part := range worldParts {
		if then[i+1] != now[i+1] {
			out = append(out, part)
		}
	}
	return out
}

// staleText is what people are told about a plan that is void.
func staleText(moved []string) string {
	return fmt.Sprintf("the plan is void, and nothing was done: since it was made, %s; look at a new plan", strings.Join(moved, ", and "))
}
