package orchestrator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/resource"
)

// PlanResult tells the workflow whether anything is left to do.
type PlanResult struct {
	Over  bool // the deployment has its terminal status already
	Nodes int
	Gate  bool // policies have to be asked before it is carried out
}

// storedCandidates bounds how many losing definitions are kept per node as
// explanation; the closest ones are of use, hundreds are not.
const storedCandidates = 8

// Plan turns set, values and definitions into the resource graph and stores
// it: from here on the deployment no longer looks at sets or definitions, so
// that a change to those cannot tear a running deployment apart.
func (d *Deployer) Plan(ctx context.Context, key DeploymentKey) (PlanResult, error) {
	dep, err := d.begin(ctx, key)
	d.outbox.flush(ctx, key.OrgID, key.AppID)
	if err != nil || dep.Status.Terminal() {
		return PlanResult{Over: true}, err
	}
	if planned, err := d.store.ListNodes(ctx, key.OrgID, key.ID); err != nil || (dep.GraphID != "" && len(planned) > 0) {
		return PlanResult{Nodes: len(planned), Gate: dep.Gate != ""}, err
	}
	env, err := d.store.GetEnvironment(ctx, key.EnvRef)
	if err != nil {
		return PlanResult{}, err
	}
	values, err := ensureValueSet(ctx, d.store, d.now, key.EnvRef, dep.ValueSetVersionID)
	if err != nil {
		return PlanResult{}, err
	}
	set, err := d.store.GetSet(ctx, dep.OrgID, dep.AppID, dep.SetID)
	if err != nil {
		return PlanResult{}, err
	}
	if missing := missingValues(set, values, env); len(missing) > 0 {
		return PlanResult{}, d.fail(ctx, key, missing)
	}
	g, err := d.buildGraph(ctx, env, set)
	if err != nil {
		return PlanResult{}, d.planFailure(ctx, key, err)
	}
	if errs := tooLongKeys(g); errs != nil {
		return PlanResult{}, d.fail(ctx, key, errs)
	}
	gated := false
	held, err := d.heldPlan(ctx, dep, PlanInput{Env: env, Set: set, SetID: dep.SetID, Values: values, Graph: g})
	if err == nil {
		err = d.store.InTx(ctx, func(ctx context.Context) error {
			var err error
			gated, err = d.storePlan(ctx, key, env, g, values, held)
			return err
		})
	}
	var limit *planLimitError
	if errors.As(err, &limit) {
		return PlanResult{}, d.fail(ctx, key, limit.errs)
	}
	var stale *planStaleError
	if errors.As(err, &stale) {
		return PlanResult{}, d.fail(ctx, key, stale.errors())
	}
	if err != nil {
		return PlanResult{}, err
	}
	for _, warning := range g.Warnings {
		d.logLine(ctx, key.OrgID, key.ID, "", "warn", warning)
	}
	d.log.InfoContext(ctx, "deployment planned", slog.String("deployment", key.ID), slog.Int("nodes", len(g.Nodes)))
	return PlanResult{Nodes: len(g.Nodes), Gate: gated}, nil
}

// begin marks the deployment as in progress, unless it is over or cancelled.
func (d *Deployer) begin(ctx context.Context, key DeploymentKey) (*Deployment, error) {
	return d.change(ctx, key, func(ctx context.Context, dep *Deployment) error {
		if dep.Status != DeploymentPending {
			return nil
		}
		at := d.now()
		dep.Status, dep.StatusChangedAt, dep.StartedAt, dep.Phase = DeploymentInProgress, at, &at, "plan"
		return d.closer.event(ctx, dep, "deployment.status", string(DeploymentInProgress), "planning")
	})
}

// buildGraph loads what the graph depends on and builds it.
func (d *Deployer) buildGraph(ctx context.Context, env *Environment, set deployset.Set) (*graph.Graph, error) {
	book, err := loadRegisteredDrivers(ctx, d.store, env.OrgID)
	if err != nil {
		return nil, err
	}
	in, err := GraphInput(ctx, d.store, env, book.defaults(d.builtInDefaults))
	if err != nil {
		return nil, err
	}
	in.Set = set
	return buildGraph(in)
}

// planFailure records every problem the graph builder found.
func (d *Deployer) planFailure(ctx context.Context, key DeploymentKey, err error) error {
	var build *graph.BuildError
	var cycle *graph.CycleError
	switch {
	case errors.As(err, &build):
		var errs []DeploymentError
		for _, p := range build.Problems {
			errs = append(errs, DeploymentError{
				Scope: "resource", Code: "DEP-GRAPH", ErrorType: p.Kind, ObjectID: p.Node.ID,
				Summary: p.Message, Message: p.Message,
			})
		}
		return d.fail(ctx, key, errs)
	case errors.As(err, &cycle):
		return d.fail(ctx, key, []DeploymentError{{
			Scope: "deployment", Code: "DEP-CYCLE", ErrorType: "cycle", Summary: cycle.Error(), Message: cycle.Error(),
		}})
	case CodeOf(err) == CodeUnavailable || ctx.Err() != nil:
		return err
	}
	return d.fail(ctx, key, []DeploymentError{{
		Scope: "deployment", Code: "DEP-PLAN", ErrorType: "internal", Summary: err.Error(), Message: err.Error(),
	}})
}

// storePlan reserves a GUResID for every node and stores nodes, graph, and what
// policies have to be asked, if there are any (gated).
func (d *Deployer) storePlan(ctx context.Context, key DeploymentKey, env *Environment, g *graph.Graph, values *ValueSetVersion, held *heldPlan) (gated bool, err error) {
	// Two runs of this step at once must not reserve for the same node twice.
	if _, err := d.store.LockEnvironment(ctx, key.EnvRef); err != nil {
		return false, err
	}
	if planned, err := d.store.ListNodes(ctx, key.OrgID, key.ID); err != nil {
		return false, err
	} else if len(planned) > 0 {
		dep, err := d.store.GetDeployment(ctx, key.EnvRef, key.ID)
		return err == nil && dep.Gate != "", err
	}
	if err := d.holdsToPlan(ctx, key, g, values); err != nil {
		return false, err
	}
	gate, err := d.gateFor(ctx, key, env, g, values, held)
	if err != nil {
		return false, err
	}
	if err := d.stillKept(ctx, key.OrgID, held); err != nil {
		return false, err
	}
	nodes, err := d.planNodes(ctx, key, env, g, held)
	if err != nil {
		return false, err
	}
	if errs := tooManyNodes(nodes); errs != nil {
		return false, &planLimitError{errs}
	}
	if err := d.store.CreateNodes(ctx, nodes); err != nil {
		return false, err
	}
	record := &GraphRecord{
		OrgID: key.OrgID, AppID: key.AppID, EnvID: key.EnvID, ID: newUUID(), Hash: g.Hash(),
		CreatedAt: d.now(), UsedAt: d.now(), Nodes: shownNodes(g, nodes),
	}
	graphID, err := d.store.PutGraph(ctx, record)
	if err != nil {
		return false, err
	}
	if gate != nil {
		if err := d.storeGate(ctx, gate, g, values); err != nil {
			return false, err
		}
	}
	_, err = d.change(ctx, key, func(ctx context.Context, dep *Deployment) error {
		dep.GraphID, dep.ValueSetVersionID, dep.Phase = graphID, values.ID, "provision"
		if gate != nil {
			dep.Gate = gate.State
		}
		return d.closer.event(ctx, dep, "deployment.phase", "provision", fmt.Sprintf("%d resources", len(nodes)))
	})
	return gate != nil, err
}

func (d *Deployer) planNodes(ctx context.Context, key DeploymentKey, env *Environment, g *graph.Graph, held *heldPlan) ([]Node, error) {
	known, err := loadPlaces(ctx, d.store, key.EnvRef)
	if err != nil {
		return nil, err
	}
	nodes, err := d.nodesOf(ctx, key, g, func(n *Node, inPlace bool) (string, error) {
		reserved, err := d.reserve(ctx, known, env, n, inPlace, held.guresid(n.Key))
		if err != nil {
			return "", err
		}
		return reserved.GUResID, nil
	})
	if err != nil {
		return nil, err
	}
	return nodes, held.apply(nodes)
}

// nodesOf makes the nodes of a graph; guresid says which resource each of them is.
func (d *Deployer) nodesOf(ctx context.Context, key DeploymentKey, g *graph.Graph, guresid func(n *Node, inPlace bool) (string, error)) ([]Node, error) {
	book, err := loadRegisteredDrivers(ctx, d.store, key.OrgID)
	if err != nil {
		return nil, err
	}
	ordinal := make(map[resource.Key]int, len(g.Nodes))
	nodes := make([]Node, 0, len(g.Nodes))
	for i := range g.Nodes {
		planned := g.Nodes[i]
		ordinal[planned.Key] = i
		n := Node{
			OrgID: key.OrgID, AppID: key.AppID, EnvID: key.EnvID, DeploymentID: key.ID,
			Ordinal: i, Key: planned.Key, CriteriaID: planned.CriteriaID, Status: NodePending,
		}
		inPlace := false
		if def := planned.Definition; def != nil {
			inPlace = def.InPlaceDriverChange
			n.DefID, n.DefVersionID, n.DriverType, n.DriverAccount = def.ID, def.VersionID, def.DriverType, def.DriverAccount
			// A virtual driver appears as the one that does the work. What cannot be
			// resolved is the node's error when it runs.
			if target, err := d.resolveAmong(book, key.OrgID, def.DriverType); err == nil {
				n.DriverType, n.Heavy = target.id, target.descriptor.Kind == drivers.Heavy
			}
		}
		for _, dep := range planned.DependsOn {
			n.DependsOn = append(n.DependsOn, ordinal[dep])
		}
		if n.GUResID, err = guresid(&n, inPlace); err != nil {
			return nil, err
		}
		if len(planned.Candidates) > storedCandidates {
			planned.Candidates = planned.Candidates[:storedCandidates]
		}
		if n.Spec, err = json.Marshal(planned); err != nil {
			return nil, fmt.Errorf("storing the plan of %s: %w", planned.Key, err)
		}
		nodes = append(nodes, n)
	}
	return nodes, nil
}

// newResource is what is reserved for a node that never existed.
func newResource(env *Environment, n *Node, at time.Time) *ActiveResource {
	return &ActiveResource{
		OrgID: env.OrgID, AppID: env.AppID, EnvID: env.ID, EnvType: env.TypeID, Key: n.Key,
		GUResID: randomHex(20), DefID: n.DefID, DefVersionID: n.DefVersionID, CriteriaID: n.CriteriaID,
		DriverType: n.DriverType, DriverAccount: n.DriverAccount, Status: ResourcePending,
		CreatedAt: at, UpdatedAt: at,
	}
}

// shownNodes is the graph as the API shows it: without the cluster, namespace
// and logging, which every environment has.
func shownNodes(g *graph.Graph, nodes []Node) []GraphNode {
	out := []GraphNode{}
	for i := range g.Nodes {
		planned, n := g.Nodes[i], nodes[i]
		if t := planned.Key.Type; t == "k8s-cluster" || t == "k8s-namespace" || t == "logging" {
			continue
		}
		shown := GraphNode{
			Type: planned.Key.Type, Class: planned.Key.Class, ID: planned.Key.ID, DefID: n.DefID, DefVersionID: n.DefVersionID,
			CriteriaID: n.CriteriaID, DriverType: n.DriverType, DriverAccount: n.DriverAccount,
			Driver: map[string]any{}, Resource: planned.Inputs, ResourceSchema: map[string]any{}, GUResID: n.GUResID, DependsOn: []string{},
		}
		if planned.Definition != nil {
			shown.Driver = map[string]any{"values": planned.Definition.Values, "secret_refs": shownSecretRefs(planned.Definition.SecretRefs)}
			shown.DriverType, shown.InPlaceDriverChange = planned.Definition.DriverType, planned.Definition.InPlaceDriverChange
		}
		for _, dep := range n.DependsOn {
			shown.DependsOn = append(shown.DependsOn, nodes[dep].GUResID)
		}
		out = append(out, shown)
	}
	return out
}
