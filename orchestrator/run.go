package orchestrator

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/resource"
)

// deploymentRun is a deployment as a step sees it: its nodes with what was
// committed so far.
type deploymentRun struct {
	key     DeploymentKey
	dep     *Deployment
	env     *Environment
	values  *ValueSetVersion
	nodes   []Node
	byKey   map[resource.Key]*Node
	specs   map[int]*graph.Node
	opened  map[int]sealedNode
	changed bool
	types   map[string]resource.Type // read when first needed
	set     *deployset.Set
	secrets revealed

	// unknown answers for what only a deployment will tell; nil in a deployment.
	unknown func(what, name string) (any, error)
}

func (d *Deployer) loadRun(ctx context.Context, key DeploymentKey) (*deploymentRun, error) {
	dep, err := d.store.GetDeployment(ctx, key.EnvRef, key.ID)
	if err != nil {
		return nil, err
	}
	env, err := d.store.GetEnvironment(ctx, key.EnvRef)
	if err != nil {
		return nil, err
	}
	nodes, err := d.store.ListNodes(ctx, key.OrgID, key.ID)
	if err != nil {
		return nil, err
	}
	values, err := ensureValueSet(ctx, d.store, d.now, key.EnvRef, dep.ValueSetVersionID)
	if err != nil {
		return nil, err
	}
	run := &deploymentRun{
		key: key, dep: dep, env: env, values: values, nodes: nodes, changed: dep.Changed,
		byKey: make(map[resource.Key]*Node, len(nodes)), specs: map[int]*graph.Node{}, opened: map[int]sealedNode{},
	}
	for i := range nodes {
		run.byKey[nodes[i].Key] = &run.nodes[i]
	}
	return run, nil
}

// spec decodes the planned node once.
func (r *deploymentRun) spec(n *Node) (*graph.Node, error) {
	if s, ok := r.specs[n.Ordinal]; ok {
		return s, nil
	}
	s := &graph.Node{}
	if err := json.Unmarshal(n.Spec, s); err != nil {
		return nil, fmt.Errorf("the stored plan of %s cannot be read: %w", n.Key, err)
	}
	r.specs[n.Ordinal] = s
	return s, nil
}

// sealed decrypts the secrets and manifests of a node once.
func (r *deploymentRun) sealed(d *Deployer, n *Node) (sealedNode, error) {
	if s, ok := r.opened[n.Ordinal]; ok {
		return s, nil
	}
	var s sealedNode
	if err := d.unseal(nodeAD(n), n.Sealed, &s); err != nil {
		return s, err
	}
	r.opened[n.Ordinal] = s
	return s, nil
}

// due reports whether a node has to be run, or anew: an in-process one that runs
// in the records is one whose step was interrupted, because one step runs them all.
// A heavy one that runs has a step of its own.
func (n *Node) due() bool {
	return n.Status == NodePending || n.Status == NodeRunning && !n.Heavy
}

// settled reports whether every dependency has ended, one way or the other.
func (r *deploymentRun) settled(n *Node) bool {
	for _, i := range n.DependsOn {
		if s := r.nodes[i].Status; s == NodePending || s == NodeRunning {
			return false
		}
	}
	return true
}

// failedDependency is the first dependency that did not succeed, nil when all did.
func (r *deploymentRun) failedDependency(n *Node) *Node {
	for _, i := range n.DependsOn {
		if s := r.nodes[i].Status; s == NodeFailed || s == NodeSkipped {
			return &r.nodes[i]
		}
	}
	return nil
}

func (r *deploymentRun) guresids(ordinals []int) []string {
	out := make([]string, 0, len(ordinals))
	for _, i := range ordinals {
		out = append(out, r.nodes[i].GUResID)
	}
	return out
}

// advanceResult sums up where the nodes stand.
func (r *deploymentRun) advanceResult() AdvanceResult {
	out := AdvanceResult{Done: true}
	for i := range r.nodes {
		n := &r.nodes[i]
		switch n.Status {
		case NodeFailed:
			out.Failed = true
		case NodeRunning:
			out.Done = false
			if len(out.Heavy) < MaxHeavy {
				out.Heavy = append(out.Heavy, n.Ordinal)
			}
		case NodePending:
			out.Done = false
			if n.Heavy && r.settled(n) && len(out.Heavy) < MaxHeavy {
				out.Heavy = append(out.Heavy, n.Ordinal)
			}
		case NodeSucceeded, NodeSkipped:
		}
	}
	return out
}
