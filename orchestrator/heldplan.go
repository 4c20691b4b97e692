package orchestrator

import (
	"context"
	"fmt"

	"github.com/slipway-dev/slipway/engine/resource"
)

// heldPlan is the stored plan that a deployment carries out; nil is none.
type heldPlan struct {
	plan  *StoredPlan
	nodes map[resource.Key]NodePlan
}

// guresid is the one that a resource was planned with, "" for any.
func (h *heldPlan) guresid(key resource.Key) string {
	if h == nil {
		return ""
	}
	return h.nodes[key].GUResID
}

// apply gives nodes the plans that their drivers keep.
func (h *heldPlan) apply(nodes []Node) error {
	if h == nil {
		return nil
	}
	for i := range nodes {
		n := &nodes[i]
		planned, there := h.nodes[n.Key]
		if !there || planned.GUResID != n.GUResID {
			return &planStaleError{[]string{"resource " + n.Key.String() + " is another one"}}
		}
		if planned.State == NodePlanned {
			n.PlanID = planned.PlanID
		}
	}
	return nil
}

// movedDriverPlans says which plans of drivers cannot be applied any more.
func movedDriverPlans(ctx context.Context, store Store, org string, nodes []NodePlan) ([]string, error) {
	var ids []string
	for _, n := range nodes {
		if n.State == NodePlanned {
			ids = append(ids, n.PlanID)
		}
	}
	kept, err := store.DriverPlans(ctx, org, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]DriverPlan, len(kept))
	for _, p := range kept {
		byID[p.ID] = p
	}
	var moved []string
	for _, n := range nodes {
		p, there := byID[n.PlanID]
		switch none := (StateMark{}); {
		case n.State != NodePlanned:
		case !there || p.GUResID != n.GUResID:
			moved = append(moved, fmt.Sprintf("the plan of resource %s is not kept any more, as the resource has had newer ones", n.Key))
		case !p.Open:
			moved = append(moved, fmt.Sprintf("the plan of resource %s was applied already", n.Key))
		case p.Now != none && p.Now.Lineage != p.Then.Lineage:
			moved = append(moved, fmt.Sprintf("the Terraform state of resource %s is another one", n.Key))
		case p.Now != none && p.Now != p.Then: // a state in a backend of the definition's own is not known here
			moved = append(moved, fmt.Sprintf("the Terraform state of resource %s has changed: it was at serial %d and is at %d", n.Key, p.Then.Serial, p.Now.Serial))
		}
	}
	return moved, nil
}

// openForDeployment says why a stored plan cannot be deployed, in words that
// continue "since it was made,"; nil when it can.
func (p *StoredPlan) openForDeployment() []string {
	switch p.Status {
	case PlanReady:
		return nil
	case PlanExpired:
		return []string{fmt.Sprintf("it has expired: it could be deployed until %s", p.ExpiresAt.Format("2006-01-02 15:04 UTC"))}
	}
	return []string{fmt.Sprintf("it is %s: %s", p.Status, p.Message)}
}

// heldPlan reads the plan that a deployment carries out, and compares what each
// driver would be given now with what it has planned with. That finds what no
// version names: secrets in other stores, accounts, outputs.
func (d *Deployer) heldPlan(ctx context.Context, dep *Deployment, in PlanInput) (*heldPlan, error) {
	if dep.PlanID == "" {
		return nil, nil
	}
	p, err := d.store.GetDeploymentPlan(ctx, dep.Ref(), dep.PlanID)
	if IsNotFound(err) {
		return nil, &planStaleError{[]string{"plan " + dep.PlanID + " was deleted"}}
	}
	if err != nil {
		return nil, err
	}
	if closed := p.openForDeployment(); closed != nil {
		return nil, &planStaleError{closed}
	}
	// What has a name of its own is told by it.
	if err := d.holdsToPlan(ctx, DeploymentKey{EnvRef: dep.Ref(), ID: dep.ID}, in.Graph, in.Values); err != nil {
		return nil, err
	}
	content, err := p.Shown()
	if err != nil {
		return nil, err
	}
	out := &heldPlan{plan: p, nodes: make(map[resource.Key]NodePlan, len(content.Nodes))}
	for _, n := range content.Nodes {
		out.nodes[n.Key] = n
	}
	in.Known, in.Kept = content.Nodes, content.Plan.kept()
	moved, err := d.movedInputs(ctx, in, out)
	if err == nil && len(moved) > 0 {
		err = &planStaleError{moved}
	}
	return out, err
}

// movedInputs says which drivers would be given something else than they have
// planned with.
func (d *Deployer) movedInputs(ctx context.Context, in PlanInput, held *heldPlan) ([]string, error) {
	a, err := d.lookAhead(ctx, in)
	if err != nil {
		return nil, err
	}
	for {
		heavy, err := a.computeAll(ctx)
		if err != nil {
			return nil, err
		}
		if len(heavy) == 0 {
			break
		}
		for _, n := range heavy {
			if err := a.asItWasPlanned(ctx, n, held.nodes[n.Key]); err != nil {
				return nil, err
			}
		}
	}
	var moved []string
	for i := range a.nodes {
		now, then := a.nodes[i], held.nodes[a.nodes[i].Key]
		switch {
		case then.Inputs == "" || then.Inputs == now.Inputs:
		case now.Inputs == "":
			moved = append(moved, fmt.Sprintf("what resource %s is made from cannot be told any more: %s", now.Key, now.Reason))
		default:
			moved = append(moved, fmt.Sprintf("the inputs of resource %s are others: a secret, an account, or an output of another resource has changed", now.Key))
		}
	}
	return moved, nil
}

// asItWasPlanned decides a node like the plan did, without asking its driver.
func (a *ahead) asItWasPlanned(ctx context.Context, n *Node, then NodePlan) error {
	call, err := a.inputs(ctx, n)
	if err != nil || call == nil {
		return err
	}
	if then.State == NodePlanned && then.Same || then.State == NodeDeferred && then.Same {
		a.nodes[n.Ordinal].State = then.State
		return a.stays(ctx, n)
	}
	if then.State == NodeDeferred {
		return a.defers(ctx, n, then.Reason)
	}
	a.nodes[n.Ordinal].State = NodePlanned
	return nil
}

// stillKept refuses when plans of drivers have moved, in the transaction that
// stores the nodes.
func (d *Deployer) stillKept(ctx context.Context, org string, held *heldPlan) error {
	if held == nil {
		return nil
	}
	nodes := make([]NodePlan, 0, len(held.nodes))
	for _, n := range held.nodes {
		nodes = append(nodes, n)
	}
	moved, err := movedDriverPlans(ctx, d.store, org, nodes)
	if err == nil && len(moved) > 0 {
		err = &planStaleError{moved}
	}
	return err
}

// kept are the resources that a plan leaves as they are.
func (p *DeploymentPlan) kept() map[resource.Key]bool {
	out := map[resource.Key]bool{}
	for _, r := range p.Resources {
		if r.Action == PlanKeep {
			out[r.Key] = true
		}
	}
	return out
}
