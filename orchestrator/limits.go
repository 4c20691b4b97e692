package orchestrator

import (
	"fmt"
	"strings"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/graph"
)

// What one deployment may hold. The history of a workflow in Temporal ends at 51,200 events; a heavy node takes up to 20 of them,
// with the activity in which it runs and the round of its workflow that follows, others take none.
const (
	MaxNodes      = 5000 // resources of one environment, workloads included
	MaxHeavyNodes = 2000 // of which Terraform and registered drivers make at most so many
)

// maxResourceID bounds the id of a resource in bytes: modules.<workload>.externals.<id>, with both at their longest, and more. What is
// longer does not fit into an index of PostgreSQL.
const maxResourceID = 1024

// tooLongKeys are the refusals of resources whose type, class or id is too long to be stored.
func tooLongKeys(g *graph.Graph) []DeploymentError {
	var out []DeploymentError
	for i := range g.Nodes {
		k := g.Nodes[i].Key
		if len(k.Type) > maxKey || len(k.Class) > maxKey || len(k.ID) > maxResourceID {
			out = append(out, limitError("resource %s.%s#%s: type and class may have %d characters, the id %d; choose shorter ones",
				shorten(k.Type), shorten(k.Class), shorten(k.ID), maxKey, maxResourceID)...)
		}
	}
	return out
}

// checkDeltaIDs refuses ids of workloads and shared resources that no deployment could use.
func checkDeltaIDs(d deployset.Delta) error {
	for id := range d.Modules.Add {
		if len(id) > maxKey {
			return Invalidf("modules.add: id %q has more than %d characters", shorten(id), maxKey)
		}
	}
	if d.Workloads != nil {
		for id := range d.Workloads.Add {
			if len(id) > maxKey {
				return Invalidf("workloads.add: id %q has more than %d characters", shorten(id), maxKey)
			}
		}
	}
	for _, op := range d.Shared {
		if id := strings.TrimPrefix(op.Path, "/"); op.Op == "add" && !strings.Contains(id, "/") && len(id) > maxKey {
			return Invalidf("shared: id %q has more than %d characters", shorten(id), maxKey)
		}
	}
	return nil
}

// tooManyNodes is the refusal of a plan that is larger than a deployment can carry out, nil for others.
func tooManyNodes(nodes []Node) []DeploymentError {
	heavy := 0
	for i := range nodes {
		if nodes[i].Heavy {
			heavy++
		}
	}
	switch {
	case len(nodes) > MaxNodes:
		return limitError("the deployment has %d resources; at most %d are possible in one environment: split the application", len(nodes), MaxNodes)
	case heavy > MaxHeavyNodes:
		return limitError("the deployment has %d resources that Terraform or registered drivers make; at most %d are possible in one environment: split the application",
			heavy, MaxHeavyNodes)
	}
	return nil
}

func limitError(format string, args ...any) []DeploymentError {
	text := fmt.Sprintf(format, args...)
	return []DeploymentError{{Scope: "deployment", Code: "DEP-LIMIT", ErrorType: "limit", Summary: text, Message: text}}
}

// planLimitError carries a refusal out of the transaction that would have stored the plan.
type planLimitError struct{ errs []DeploymentError }

func (l *planLimitError) Error() string { return l.errs[0].Summary }
