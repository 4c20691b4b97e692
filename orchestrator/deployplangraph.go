package orchestrator

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/resource"
)

// pastPlan is what a deployment was planned with.
type pastPlan struct {
	setID  string // "" when there is no such deployment
	values *ValueSetVersion
	specs  map[resource.Key][]byte // stored graph.Node, by normalized key
}

// pastPlans reads what deployments of one environment were planned with, each once.
type pastPlans struct {
	store Store
	ref   EnvRef
	plans map[string]*pastPlan
}

// of gives an empty plan for "", and for a deployment whose records are gone.
func (p *pastPlans) of(ctx context.Context, id string) (*pastPlan, error) {
	if known, ok := p.plans[id]; ok {
		return known, nil
	}
	plan := &pastPlan{specs: map[resource.Key][]byte{}}
	if id != "" {
		if err := p.load(ctx, id, plan); err != nil {
			return nil, err
		}
	}
	p.plans[id] = plan
	return plan, nil
}

func (p *pastPlans) load(ctx context.Context, id string, plan *pastPlan) error {
	dep, err := p.store.GetDeployment(ctx, p.ref, id)
	if IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	plan.setID = dep.SetID
	if dep.ValueSetVersionID != "" {
		if plan.values, err = findValueSet(ctx, p.store, p.ref, dep.ValueSetVersionID); err != nil && !IsNotFound(err) {
			return err
		}
	}
	nodes, err := p.store.ListNodes(ctx, p.ref.OrgID, id)
	if err != nil {
		return err
	}
	for i := range nodes {
		plan.specs[nodes[i].Key.Normalized()] = nodes[i].Spec
	}
	return nil
}

// node is nil when the deployment had no such resource.
func (p *pastPlan) node(key resource.Key) (*graph.Node, error) {
	spec, ok := p.specs[key.Normalized()]
	if !ok {
		return nil, nil
	}
	var n graph.Node
	if err := json.Unmarshal(spec, &n); err != nil {
		return nil, fmt.Errorf("the stored plan of %s cannot be read: %w", key, err)
	}
	return &n, nil
}

// changedValues are the keys whose values are others now, sorted.
func (p *pastPlan) changedValues(now *ValueSetVersion) []string {
	old, next := map[string]Value{}, map[string]Value{}
	if p.values != nil {
		old = p.values.Values
	}
	if now != nil {
		next = now.Values
	}
	out := []string{}
	for key, value := range old {
		if is, still := next[key]; !still || !sameValue(value, is) {
			out = append(out, key)
		}
	}
	for key := range next {
		if _, was := old[key]; !was {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	return out
}

// compare tells for each resource of the graph, and for each that was in the last
// one, what a deployment would do with it.
func (v *lookAhead) compare(ctx context.Context, past *pastPlans) ([]PlannedResource, error) {
	out, moving := []PlannedResource{}, map[resource.Key]bool{}
	for i := range v.graph.Nodes {
		planned, err := v.plannedNode(ctx, past, &v.graph.Nodes[i], moving)
		if err != nil {
			return nil, err
		}
		moving[planned.Key] = planned.Action != PlanKeep
		out = append(out, planned)
	}
	removed, err := v.removed(ctx, past)
	return append(out, removed...), err
}

// plannedNode asks the places what becomes of a node, as Deployer.reserve does;
// moving are the nodes before it that are not kept.
func (v *lookAhead) plannedNode(ctx context.Context, past *pastPlans, n *graph.Node, moving map[resource.Key]bool) (PlannedResource, error) {
	chosen, action := v.places.foresee(n.Key, n.Definition, v.made)
	out := PlannedResource{Key: n.Key, Action: action, To: sideOf(n.Definition), Destroys: v.destroyed(n.Key, chosen)}
	from := chosen
	if action == ImpactReplace {
		from = v.places.active[n.Key.Normalized()]
	}
	if from != nil && existed(*from) {
		out.GUResID, out.From = from.GUResID, madeBy(from)
	}
	switch action {
	case ImpactCreate:
		out.Reason = asked(v.graph, n)
	case ImpactReplace:
		out.Reason = instead(out.From, out.To) + "; a new one is made, the old one is destroyed after the deployment succeeded"
	case ImpactInPlace:
		out.Reason = instead(out.From, out.To) + "; the new definition takes it over in place"
	case ImpactTakeBack:
		out.Reason = chosen.GUResID + ", which had been replaced and still exists, is taken back into use"
	case ImpactUpdate:
		reasons, err := v.changes(ctx, past, chosen, n, moving)
		if err != nil {
			return out, err
		}
		if out.Reason = strings.Join(reasons, "; "); out.Reason == "" {
			out.Action = PlanKeep
		}
	}
	return out, nil
}

func instead(from, to ImpactSide) string {
	if from.DefID != to.DefID {
		return fmt.Sprintf("definition %s instead of %s", to.DefID, from.DefID)
	}
	return fmt.Sprintf("driver %s instead of %s", to.DriverType, from.DriverType)
}

// destroyed are the resources of a key that a success with the chosen one destroys.
func (v *lookAhead) destroyed(key resource.Key, chosen *ActiveResource) []DestroyedResource {
	key = key.Normalized()
	var out []DestroyedResource
	beside := v.places.retired[key]
	if active := v.places.active[key]; active != nil && (chosen == nil || chosen.Retired) {
		beside = append(slices.Clone(beside), active)
	}
	for _, r := range beside {
		if r != chosen && holds(r) && r.Deletions == 0 {
			out = append(out, DestroyedResource{GUResID: r.GUResID, By: madeBy(r)})
		}
	}
	return out
}

// changes are the reasons why a driver is called with something else than last time.
func (v *lookAhead) changes(ctx context.Context, past *pastPlans, r *ActiveResource, n *graph.Node, moving map[resource.Key]bool) ([]string, error) {
	plan, err := past.of(ctx, r.DeployID)
	if err != nil {
		return nil, err
	}
	old, err := plan.node(n.Key)
	if err != nil {
		return nil, err
	}
	if old == nil {
		return []string{"what it was made with is not known any more"}, nil
	}
	reasons := differences(old, n)
	if r.Status != ResourceActive {
		reasons = append(reasons, "it is "+r.Status)
	}
	used := valuesUsedBy(n)
	for _, key := range plan.changedValues(v.values) {
		if used[key] {
			reasons = append(reasons, "shared value "+key+" changes")
		}
	}
	for _, dep := range n.DependsOn {
		if moving[dep] {
			reasons = append(reasons, "it may change with "+dep.String())
		}
	}
	return reasons, nil
}

// valuesUsedBy are the keys of Shared Values that a node or its definition names.
func valuesUsedBy(n *graph.Node) map[string]bool {
	used := map[string]bool{}
	note := func(_ string, ref placeholder.Reference) error {
		if ref.Path[0] == "values" {
			used[strings.Join(ref.Path[1:], ".")] = true
		}
		return nil
	}
	trees := []any{n.Inputs}
	if n.Definition != nil {
		trees = append(trees, n.Definition.Values, n.Definition.SecretRefs)
	}
	for _, tree := range trees {
		_ = placeholder.Walk(tree, note) // what cannot be read is the node's error when it runs
	}
	return used
}

// removed are resources that one of the last deployments had, and that nothing
// asks for any more. What was left over earlier does not change.
func (v *lookAhead) removed(ctx context.Context, past *pastPlans) ([]PlannedResource, error) {
	last, err := past.of(ctx, v.last)
	if err != nil {
		return nil, err
	}
	touched, err := past.of(ctx, v.touched)
	if err != nil {
		return nil, err
	}
	var out []PlannedResource
	for _, key := range slices.SortedFunc(maps.Keys(v.places.active), resource.Key.Compare) {
		active := v.places.active[key]
		_, stays := v.graph.Node(active.Key)
		_, had := last.specs[key]
		_, made := touched.specs[key]
		if stays || !had && !made || !existed(*active) {
			continue
		}
		out = append(out, PlannedResource{
			Key: active.Key, Action: ImpactRemove, GUResID: active.GUResID, From: madeBy(active),
			Reason: "nothing asks for it any more; it stays until it is deleted",
		})
	}
	return out, nil
}
