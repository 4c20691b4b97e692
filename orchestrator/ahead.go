package orchestrator

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/resource"
)

// PlanInput is a deployment that is not there yet.
type PlanInput struct {
	Env    *Environment
	Set    deployset.Set
	SetID  string
	Values *ValueSetVersion // nil = there are none yet
	Graph  *graph.Graph
	// Kept are the resources whose drivers would be called as they were called last.
	Kept map[resource.Key]bool
	// Known are nodes that were looked at before: their GUResIDs are used again.
	Known []NodePlan
	// ScanID names the look to drivers; see drivers.Request.
	ScanID string
}

// ahead is a deployment that is not there yet, as far as it can be known: the
// same nodes, with the outputs that are certain.
type ahead struct {
	d         *Deployer
	run       *deploymentRun
	in        PlanInput
	resources []*ActiveResource // by ordinal
	fresh     []bool            // by ordinal: nothing is recorded of the resource yet
	nodes     []NodePlan        // by ordinal; State "" = not decided yet
}

// unknownError says what an input needs and nobody can know yet.
type unknownError struct{ what string }

// Error names it.
func (e *unknownError) Error() string { return e.what + " is not known yet" }

func refuseUnknown(what, _ string) (any, error) { return nil, &unknownError{what} }

// lookAhead builds the nodes of a deployment that is not there yet. It stores nothing.
func (d *Deployer) lookAhead(ctx context.Context, in PlanInput) (*ahead, error) {
	if in.Values == nil {
		in.Values = &ValueSetVersion{}
	}
	a := &ahead{d: d, in: in}
	key := DeploymentKey{EnvRef: in.Env.Ref()}
	known, err := loadPlaces(ctx, d.store, key.EnvRef)
	if err != nil {
		return nil, err
	}
	before := map[resource.Key]string{}
	for _, n := range in.Known {
		before[n.Key] = n.GUResID
	}
	nodes, err := d.nodesOf(ctx, key, in.Graph, func(n *Node, inPlace bool) (string, error) {
		res, _ := known.choose(n.Key, inPlace, func(r *ActiveResource) bool { return d.fits(r, n) })
		a.fresh = append(a.fresh, res == nil)
		if res == nil {
			res = newResource(in.Env, n, d.now())
			if id := before[n.Key]; id != "" {
				res.GUResID = id
			}
		}
		a.resources = append(a.resources, res)
		return res.GUResID, nil
	})
	if err != nil {
		return nil, err
	}
	a.run = &deploymentRun{
		key: key, env: in.Env, values: in.Values, nodes: nodes, set: &in.Set, unknown: refuseUnknown,
		dep:   &Deployment{OrgID: key.OrgID, AppID: key.AppID, EnvID: key.EnvID, SetID: in.SetID},
		byKey: map[resource.Key]*Node{}, specs: map[int]*graph.Node{}, opened: map[int]sealedNode{},
	}
	a.nodes = make([]NodePlan, len(nodes))
	for i := range nodes {
		n := &a.run.nodes[i]
		a.run.byKey[n.Key] = n
		a.nodes[i] = NodePlan{Key: n.Key, GUResID: n.GUResID, Driver: n.DriverType, New: a.fresh[i]}
	}
	return a, nil
}

// unknownOutput answers for an output that is not there yet. One that the type
// calls a secret stays one.
func (s *scope) unknownOutput(n *Node, t graph.Target) (any, error) {
	v, err := s.run.unknown("an output of "+n.Key.String(), strings.Join(append([]string{n.Key.String()}, t.Path...), "."))
	if err != nil || len(t.Path) == 0 {
		return v, err
	}
	typ, err := s.run.typeOf(s.ctx, s.d, n)
	if err != nil {
		return nil, err
	}
	if isSecretOutput(typ.OutputsSchema, t.Path[0]) {
		return placeholder.Seal(v), nil
	}
	return v, nil
}

// isSecretOutput reports whether the outputs_schema of a type has an output among
// the secrets.
func isSecretOutput(schema map[string]any, name string) bool {
	secrets := mapAt(mapAt(schema, "properties"), "secrets")
	_, is := mapAt(secrets, "properties")[name]
	return is
}

// decidable reports whether all that a node depends on is decided.
func (a *ahead) decidable(n *Node) bool {
	for _, i := range n.DependsOn {
		if a.nodes[i].State == "" {
			return false
		}
	}
	return true
}

// is makes the outputs of a node known.
func (a *ahead) is(n *Node, values map[string]any, sealed sealedNode) {
	n.Status, n.Values = NodeSucceeded, orEmpty(values)
	a.run.opened[n.Ordinal] = sealed
}

// defers says why nobody can know yet what becomes of a node. What is called as
// it was last is taken to have the outputs it has.
func (a *ahead) defers(ctx context.Context, n *Node, why string) error {
	plan := &a.nodes[n.Ordinal]
	plan.State, plan.Reason = NodeDeferred, why
	if !a.in.Kept[n.Key] {
		return nil
	}
	return a.stays(ctx, n)
}

// stays takes over the outputs and manifests that a resource has.
func (a *ahead) stays(ctx context.Context, n *Node) error {
	res := a.resources[n.Ordinal]
	sealed, err := a.d.openResource(res)
	if err != nil {
		return err
	}
	out := sealedNode{Secrets: sealed.Secrets}
	made, err := a.d.store.ListNodes(ctx, res.OrgID, res.DeployID)
	if err != nil {
		return err
	}
	for i := range made {
		if made[i].GUResID != res.GUResID {
			continue
		}
		var was sealedNode
		if err := a.d.unseal(nodeAD(&made[i]), made[i].Sealed, &was); err != nil {
			return err
		}
		out.Manifests = was.Manifests
	}
	a.is(n, res.Values, out)
	return nil
}

// inputs prepares the call of a driver. Nothing comes back when the node is
// decided by that: because it lacks something, or because its inputs are wrong.
func (a *ahead) inputs(ctx context.Context, n *Node) (*driverCall, error) {
	call, err := a.d.prepareFor(ctx, a.run, n, a.resources[n.Ordinal])
	var unknown *unknownError
	switch {
	case err == nil:
		call.request.ScanID = a.in.ScanID
		a.nodes[n.Ordinal].Inputs, err = a.d.digest(call)
		return call, err
	case errors.As(err, &unknown):
		return nil, a.defers(ctx, n, "it is called with "+unknown.what+", which is not known before that is there")
	case ctx.Err() != nil || CodeOf(err) == CodeUnavailable:
		return nil, err
	}
	a.fails(n, err, nil)
	return nil, nil
}

func (a *ahead) fails(n *Node, err error, call *driverCall) {
	var hidden []string
	if call != nil {
		hidden = call.hidden()
	}
	plan := &a.nodes[n.Ordinal]
	plan.State, plan.Reason = NodeUnplannable, a.d.redactor(hidden...)(err.Error())
}

// compute calls a driver that only computes. It is called twice: what differs
// then, such as a password that it draws, will differ in the deployment, too.
func (a *ahead) compute(ctx context.Context, n *Node) error {
	call, err := a.inputs(ctx, n)
	if err != nil || call == nil {
		return err
	}
	var results [2]drivers.Result
	for i := range results {
		if results[i], err = call.driver.Provision(ctx, call.request.Clone()); err == nil {
			err = checkResult(results[i], call.secrets)
		}
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			a.fails(n, err, call)
			return nil
		}
	}
	if !reflect.DeepEqual(results[0].Values, results[1].Values) || !reflect.DeepEqual(results[0].Secrets, results[1].Secrets) ||
		!reflect.DeepEqual(results[0].Manifests, results[1].Manifests) {
		a.nodes[n.Ordinal].State, a.nodes[n.Ordinal].Reason = NodeDeferred, "its driver draws something at random when it is called first"
		return nil
	}
	a.nodes[n.Ordinal].State = NodeComputed
	a.is(n, results[0].Values, sealedNode{Secrets: results[0].Secrets, Manifests: results[0].Manifests})
	return nil
}

// computeAll decides all nodes that only compute, as deep as they go, and gives
// those of the others that can be decided now.
func (a *ahead) computeAll(ctx context.Context) (heavy []*Node, err error) {
	for i := range a.run.nodes { // dependencies come first
		n := &a.run.nodes[i]
		if a.nodes[i].State != "" || !a.decidable(n) {
			continue
		}
		if n.Heavy {
			heavy = append(heavy, n)
			continue
		}
		if err := a.compute(ctx, n); err != nil {
			return nil, err
		}
	}
	return heavy, nil
}

// digest recognizes the inputs of a driver without revealing them.
func (d *Deployer) digest(call *driverCall) (string, error) {
	raw, err := json.Marshal([]any{call.request.Resource, call.request.Values, call.request.Secrets})
	if err != nil {
		return "", fmt.Errorf("the inputs of the driver cannot be written as JSON: %w", err)
	}
	return hex.EncodeToString(d.keeper.MAC("planned inputs|"+call.request.OrgID+"|"+call.request.GUResID, raw)), nil
}
