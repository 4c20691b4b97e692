package orchestrator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/slipway-dev/slipway/drivers"
)

// PlanGate decides about the real plans of nodes whose plans nobody could show
// before the deployment began.
type PlanGate interface {
	// Gated reports whether plans of a deployment's nodes have to pass at all.
	Gated(ctx context.Context, key DeploymentKey) (bool, error)
	// PassNode decides about the plan of one node. It is asked again for the same plan
	// after the time that it names, and when a worker has died: the answer is its own to keep.
	PassNode(ctx context.Context, key DeploymentKey, ordinal int, plan NodePlan) (NodeVerdict, error)
}

// NodeVerdict is what becomes of a plan of a node: it passes, unless something is set.
type NodeVerdict struct {
	Denied string        // why it is never applied; the node fails with this
	Wait   time.Duration // nobody has decided; ask again after this time
}

// codeDenied is of a node whose plan did not pass.
const codeDenied = "RES-140"

// planFirst reports whether the driver of a node plans before it is called: its
// deployment carries out a stored plan in which the node was deferred, or is gated.
func (d *Deployer) planFirst(ctx context.Context, run *deploymentRun, n *Node) (bool, error) {
	if n.Status != NodePending || n.PlanID != "" && len(n.Planned) == 0 {
		return false, nil
	}
	driver, _, _ := d.drivers.Get(n.DriverType)
	if _, able := driver.(drivers.Planner); !able {
		return false, nil
	}
	if run.dep.PlanID != "" || len(n.Planned) > 0 {
		return true, nil
	}
	return d.planGate.Gated(ctx, run.key)
}

// passes has the driver of a node plan where it plans first, and the plan pass
// the gate. A wait says when to ask again; a node that does not pass has failed.
func (d *Deployer) passes(ctx context.Context, run *deploymentRun, n *Node) (wait time.Duration, err error) {
	first, err := d.planFirst(ctx, run, n)
	if err != nil || !first {
		return 0, err
	}
	return d.planNode(ctx, run, n)
}

func (d *Deployer) planNode(ctx context.Context, run *deploymentRun, n *Node) (time.Duration, error) {
	if len(n.Planned) == 0 {
		if err := d.planItself(ctx, run, n); err != nil || n.Status == NodeFailed {
			return 0, err
		}
	}
	var plan NodePlan
	if err := json.Unmarshal(n.Planned, &plan); err != nil {
		return 0, fmt.Errorf("the plan of %s cannot be read: %w", n.Key, err)
	}
	gated, err := d.planGate.Gated(ctx, run.key)
	if err != nil || !gated {
		return 0, err
	}
	if plan.idle() && plan.PlanID != "" { // what is applied is that plan, which changes nothing
		return 0, nil
	}
	verdict := NodeVerdict{Denied: "its driver cannot keep the plan, so nobody could tell that what is approved is what is done"}
	if plan.PlanID != "" {
		if verdict, err = d.planGate.PassNode(ctx, run.key, n.Ordinal, plan); err != nil {
			return 0, err
		}
	}
	if verdict.Denied != "" {
		return 0, d.nodeFailure(ctx, run, n, &drivers.Error{Code: codeDenied, Permanent: true, Message: verdict.Denied}, nil)
	}
	return verdict.Wait, nil
}

// planItself asks the driver, and keeps what it said with the node.
func (d *Deployer) planItself(ctx context.Context, run *deploymentRun, n *Node) error {
	call, err := d.prepare(ctx, run, n)
	if err != nil {
		return d.nodeFailure(ctx, run, n, err, nil)
	}
	redact := d.redactor(call.hidden()...)
	call.request.Log = func(line string) { d.logLine(ctx, n.OrgID, n.DeploymentID, n.Key.String(), "info", redact(line)) }
	planner, able := call.driver.(drivers.Planner)
	if !able { // it was exchanged meanwhile, which the call finds out
		return nil
	}
	found, err := planner.Plan(ctx, call.request.Clone())
	var known *drivers.Error
	if errors.As(err, &known) { // nothing was made, so there is no trace to keep
		err = &drivers.Error{Code: known.Code, Permanent: known.Permanent, Message: redact(known.Message)}
	}
	if err != nil {
		return d.nodeFailure(ctx, run, n, err, nil)
	}
	plan := NodePlan{Key: n.Key, GUResID: n.GUResID, Driver: n.DriverType, State: NodePlanned}
	plan.count(found, redact)
	n.PlanID = plan.PlanID
	if n.Planned, err = json.Marshal(plan); err != nil {
		return err
	}
	if err := d.store.UpdateNode(ctx, n); err != nil {
		return err
	}
	d.logLine(ctx, n.OrgID, n.DeploymentID, n.Key.String(), "info", "planned before it is applied: "+orNone(plan.Summary))
	return d.addToPlan(ctx, run.dep, plan)
}

// addToPlan shows in the stored plan what a deferred node turned out to be.
func (d *Deployer) addToPlan(ctx context.Context, dep *Deployment, node NodePlan) error {
	if dep.PlanID == "" {
		return nil
	}
	return d.store.InTx(ctx, func(ctx context.Context) error {
		if _, err := d.store.LockEnvironment(ctx, dep.Ref()); err != nil {
			return err
		}
		p, err := d.store.GetDeploymentPlan(ctx, dep.Ref(), dep.PlanID)
		if IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		content, err := p.Shown()
		if err != nil {
			return err
		}
		i := slices.IndexFunc(content.Nodes, func(other NodePlan) bool { return other.Key == node.Key })
		if i < 0 {
			return nil
		}
		node.State, node.Reason, node.New = NodeDeferred, "planned when its turn came in deployment "+dep.ID, content.Nodes[i].New
		content.Nodes[i] = node
		if err := p.show(content); err != nil {
			return err
		}
		return d.store.UpdateDeploymentPlan(ctx, p)
	})
}
