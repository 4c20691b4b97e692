package orchestrator

import (
	"context"
	"slices"

	"github.com/slipway-dev/slipway/engine/policy"
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
	nodes, err := g.d.store.ListNodes(ctx, key.OrgID, key.ID)
	if err != nil {
		return NodeVerdict{}, err
	}
	if ordinal < 0 || ordinal >= len(nodes) || plan.idle() {
		return NodeVerdict{}, nil
	}
	ask := NodeGate{Fingerprint: plan.PlanID, Summary: orNone(plan.Summary)}
	addNodePlan(&ask.Plan, policyResource(plan, nodes[ordinal].DefID), plan)
	answer, err := g.d.GateNode(ctx, key, ordinal, ask)
	switch {
	case err != nil:
		return NodeVerdict{}, err
	case answer.State == GatePassed:
		return NodeVerdict{}, nil
	case answer.State == GateWaiting:
		return NodeVerdict{Wait: answer.Wait}, nil
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

// addNodePlan adds what a driver would do to what policies see. A resource of
// which something is deleted or replaced counts as destroyed: what a policy
// protects is in its objects.
func addNodePlan(to *policy.Plan, r policy.Resource, n NodePlan) {
	if n.idle() {
		return
	}
	put := func(list *[]policy.Resource) {
		same := func(other policy.Resource) bool {
			return other.Type == r.Type && other.Class == r.Class && other.ID == r.ID
		}
		if !slices.ContainsFunc(*list, same) {
			*list = append(*list, r)
		}
	}
	if n.Counts["delete"]+n.Counts["replace"] > 0 {
		put(&to.Destroyed)
	}
	if n.New {
		put(&to.Created)
		return
	}
	put(&to.Changed)
}

// addDriverPlans adds what drivers have planned to what policies see of a
// deployment.
func addDriverPlans(to *policy.Plan, nodes []NodePlan, plan *DeploymentPlan) {
	for _, n := range nodes {
		if n.State != NodePlanned {
			continue
		}
		def := ""
		for _, r := range plan.Resources {
			if r.Key == n.Key {
				def = r.To.DefID
			}
		}
		r := policyResource(n, def)
		if slices.ContainsFunc(to.Replaced, func(o policy.Resource) bool { return o.Type == r.Type && o.Class == r.Class && o.ID == r.ID }) {
			continue // its new side is in Replaced, its old one in Destroyed
		}
		addNodePlan(to, r, n)
	}
}

func (h *heldPlan) list() []NodePlan {
	if h == nil {
		return nil
	}
	out := make([]NodePlan, 0, len(h.nodes))
	for _, n := range h.nodes {
		out = append(out, n)
	}
	slices.SortFunc(out, func(a, b NodePlan) int { return a.Key.Compare(b.Key) })
	return out
}
