package orchestrator

import (
	"context"
	"fmt"

	"github.com/slipway-dev/slipway/engine/policy"
)

// NodeGate is what the real plan of one node would do.
type NodeGate struct {
	// Fingerprint names that plan exactly; approvals count for it alone.
	Fingerprint string
	Plan        policy.Plan // what this node alone would do
	Summary     string      // one line for people, without secrets
}

// GateNode asks the policies about the plan of one node of a deployment, which
// did not exist when the deployment as a whole was approved. Called again with the
// same fingerprint it answers from the records; another one makes what was
// approved void, and people are asked anew. A caller that gets GateWaiting comes
// back after GateAnswer.Wait, or when the workflow of the deployment was told that
// something changed; one that gets anything but GatePassed must not carry the plan
// out.
func (d *Deployer) GateNode(ctx context.Context, key DeploymentKey, ordinal int, ask NodeGate) (GateAnswer, error) {
	nodes, err := d.store.ListNodes(ctx, key.OrgID, key.ID)
	if err != nil {
		return GateAnswer{}, err
	}
	if ordinal < 0 || ordinal >= len(nodes) {
		return GateAnswer{}, fmt.Errorf("deployment %s has no node %d", key.ID, ordinal)
	}
	node := nodes[ordinal].Key.String()
	asked := false
	err = d.store.InTx(ctx, func(ctx context.Context) error {
		var err error
		asked, err = d.askAboutNode(ctx, key, node, ask)
		return err
	})
	if err != nil {
		return GateAnswer{}, err
	}
	if !asked {
		return GateAnswer{State: GatePassed}, nil
	}
	return d.lookAtGate(ctx, key, node)
}

// askAboutNode stores the question, unless there are no policies to ask, or it is
// there already.
func (d *Deployer) askAboutNode(ctx context.Context, key DeploymentKey, node string, ask NodeGate) (asked bool, err error) {
	env, err := d.store.LockEnvironment(ctx, key.EnvRef)
	if err != nil {
		return false, err
	}
	dep, err := d.store.GetDeployment(ctx, key.EnvRef, key.ID)
	if err != nil {
		return false, err
	}
	proposer, err := proposerOf(ctx, d.store, dep)
	if err != nil {
		return false, err
	}
	in := policy.Input{
		Plan: ask.Plan, Env: policy.Environment{ID: env.ID, Type: env.TypeID, App: env.AppID, Org: env.OrgID},
		Proposer: policy.Proposer{ID: proposer},
	}
	g, err := d.store.GetGate(ctx, key.OrgID, key.ID, node)
	if err == nil {
		if g.Fingerprint == ask.Fingerprint || g.State.refused() || g.State == GateWithdrawn {
			return true, nil
		}
		return true, d.askAnew(ctx, g, in, ask)
	}
	if !IsNotFound(err) {
		return false, err
	}
	policies, err := d.store.ListPolicies(ctx, key.OrgID)
	if err != nil || len(policies) == 0 {
		return false, err
	}
	g = &Gate{
		OrgID: key.OrgID, AppID: key.AppID, EnvID: key.EnvID, DeploymentID: key.ID, Node: node, State: GateOpen, CreatedAt: d.now(),
		Fingerprint: ask.Fingerprint, Input: in, Summary: ask.Summary,
	}
	if dep.Gate == "" { // the first policy came after the plan
		dep.Gate = GatePassed
		if err := d.store.UpdateDeployment(ctx, dep); err != nil {
			return false, err
		}
	}
	return true, d.store.CreateGate(ctx, g)
}

// askAnew asks about another plan of the same node.
func (d *Deployer) askAnew(ctx context.Context, g *Gate, in policy.Input, ask NodeGate) error {
	given, err := d.store.ListGateApprovals(ctx, g.OrgID, g.DeploymentID)
	if err != nil {
		return err
	}
	for i := range given {
		if given[i].Node != g.Node || given[i].Void != "" {
			continue
		}
		given[i].Void = "the plan of " + g.Node + " is another one now"
		if err := d.store.UpdateGateApproval(ctx, &given[i]); err != nil {
			return err
		}
	}
	g.State, g.Fingerprint, g.Input, g.Summary = GateOpen, ask.Fingerprint, in, ask.Summary
	g.Requirements, g.Until, g.EndedAt, g.Message = nil, nil, nil, ""
	return d.store.UpdateGate(ctx, g)
}
