package orchestrator

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/slipway-dev/slipway/engine/policy"
	"github.com/slipway-dev/slipway/engine/resource"
)

// policyGate has the plans of nodes that were deferred pass the policies, when
// their deployment is asked about at all.
type policyGate struct{ d *Deployer }

var _ PlanGate = policyGate{}

func (g policyGate) Gated(ctx context.Context, key DeploymentKey) (bool, error) {
	dep, err := g.d.store.GetDeployment(ctx, key.EnvRef, key.ID)
	return err == nil && dep.Gate != "", err
}

// PassNode lets a plan that changes nothing pass unasked.
func (g policyGate) PassNode(ctx context.Context, key DeploymentKey, ordinal int, plan NodePlan) (NodeVerdict, error) {
	if plan.idle() {
		return NodeVerdict{}, nil
	}
	nodes, err := g.d.store.ListNodes(ctx, key.OrgID, key.ID)
	if err != nil {
		return NodeVerdict{}, err
	}
	if ordinal < 0 || ordinal >= len(nodes) {
		return NodeVerdict{}, fmt.Errorf("deployment %s has no node %d", key.ID, ordinal)
	}
	whole, err := g.d.store.GetGate(ctx, key.OrgID, key.ID, "")
	if IsNotFound(err) { // the first policy came after the plan
		whole, err = &Gate{}, nil
	}
	if err != nil {
		return NodeVerdict{}, err
	}
	ask := NodeGate{Fingerprint: plan.PlanID, Summary: orNone(plan.Summary)}
	addNodePlan(&ask.Plan, whole.Input.Plan, policyResource(plan, nodes[ordinal].DefID), plan)
	answer, err := g.d.GateNode(ctx, key, ordinal, ask)
	switch {
	case err != nil:
		return NodeVerdict{}, err
	case answer.State == GatePassed:
		return NodeVerdict{}, nil
	case answer.State == GateWaiting:
		return NodeVerdict{Wait: max(answer.Wait, time.Second)}, nil
	case answer.Message == "": // without a reason it would have passed
		answer.Message = "nobody has agreed to its plan: " + string(answer.State)
	}
	return NodeVerdict{Denied: answer.Message}, nil
}

// idle reports whether the driver would change nothing.
func (n *NodePlan) idle() bool {
	if n.New {
		return false
	}
	for action, count := range n.Counts {
		if action != "read" && count > 0 {
			return false
		}
	}
	return true
}

func policyResource(n NodePlan, def string) policy.Resource {
	return policy.Resource{Type: n.Key.Type, Class: n.Key.Class, ID: n.Key.ID, Def: def, Driver: n.Driver}
}

// addNodePlan adds what a driver would do to what policies see. whole is what they
// see of the deployment: what is made for the first time, or anew by another
// driver, is so for its own plan, too. A resource of which something is deleted or
// replaced counts as destroyed: what a policy protects is in its objects.
func addNodePlan(to *policy.Plan, whole policy.Plan, r policy.Resource, n NodePlan) {
	if n.idle() {
		return
	}
	same := func(other policy.Resource) bool {
		return other.Type == r.Type && other.Class == r.Class && other.ID == r.ID
	}
	put := func(list *[]policy.Resource) {
		if !slices.ContainsFunc(*list, same) {
			*list = append(*list, r)
		}
	}
	if n.Counts["delete"]+n.Counts["replace"] > 0 {
		put(&to.Destroyed)
	}
	switch {
	case slices.ContainsFunc(whole.Replaced, same):
		put(&to.Replaced)
	case n.New || slices.ContainsFunc(whole.Created, same):
		put(&to.Created)
	default:
		put(&to.Changed)
	}
}

// addDriverPlans adds what drivers have planned to what policies see of a
// deployment.
func addDriverPlans(to *policy.Plan, nodes []NodePlan, plan *DeploymentPlan) {
	defs := make(map[resource.Key]string, len(plan.Resources))
	for _, r := range plan.Resources {
		defs[r.Key] = r.To.DefID
	}
	for _, n := range nodes {
		if n.State == NodePlanned {
			addNodePlan(to, *to, policyResource(n, defs[n.Key]), n)
		}
	}
}

func (h *heldPlan) list() []NodePlan {
	if h == nil {
		return nil
	}
	return slices.SortedFunc(maps.Values(h.nodes), func(a, b NodePlan) int { return a.Key.Compare(b.Key) })
}
