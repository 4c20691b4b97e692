package orchestrator

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/resource"
)

// comparison tells what differs between two graphs of one environment, and what
// that means for the resources that exist. A graph is nil when it has problems.
type comparison struct {
	made                         madeByDefinition
	defID, typ                   string
	env                          *Environment
	matcher                      *matcher                         // of the changed definitions
	active                       map[resource.Key]*ActiveResource // those that exist and stand for their keys
	places                       *places
	before, then                 *graph.Graph
	problemsBefore, problemsThen []graph.Problem
	out                          EnvironmentImpact
}

// impact is nil when nothing would change.
func (c *comparison) impact() *EnvironmentImpact {
	known := map[string]bool{}
	for _, p := range c.problemsBefore {
		known[p.Message] = true
	}
	for _, p := range c.problemsThen {
		if !known[p.Message] {
			c.out.Problems = append(c.out.Problems, p.Message)
		}
	}
	c.out.Fails = c.before != nil && c.then == nil
	c.out.Repaired = c.before == nil && c.then != nil
	switch {
	case c.before != nil && c.then != nil:
		c.compareGraphs()
	case c.then == nil:
		c.matchAlone()
	default:
		c.compareWithActive()
	}
	c.addIdle()
	return c.result()
}

// idleOnly is the impact where the current set needs nothing of the type.
func (c *comparison) idleOnly() *EnvironmentImpact {
	c.then = c.before
	c.addIdle()
	return c.result()
}

func (c *comparison) result() *EnvironmentImpact {
	if len(c.out.Resources) == 0 && len(c.out.Problems) == 0 && !c.out.Repaired {
		return nil
	}
	c.out.AppID, c.out.EnvID, c.out.EnvType = c.env.AppID, c.env.ID, c.env.TypeID
	slices.SortFunc(c.out.Resources, func(a, b ResourceImpact) int { return a.Key.Compare(b.Key) })
	return &c.out
}

// compareGraphs goes through the nodes of both graphs.
func (c *comparison) compareGraphs() {
	for i := range c.then.Nodes {
		next := &c.then.Nodes[i]
		if old, ok := c.before.Node(next.Key); ok {
			c.compareNodes(old, next)
			continue
		}
		c.add(next.Key, ImpactCreate, ImpactSide{}, sideOf(next.Definition), asked(c.then, next))
	}
	for i := range c.before.Nodes {
		old := &c.before.Nodes[i]
		if _, stays := c.then.Node(old.Key); !stays {
			c.add(old.Key, ImpactRemove, sideOf(old.Definition), ImpactSide{}, "nothing asks for it any more; what exists stays until it is deleted")
		}
	}
}

// compareNodes finds out whether a deployment would treat a resource differently.
func (c *comparison) compareNodes(old, next *graph.Node) {
	reasons := differences(old, next)
	if len(reasons) == 0 {
		reasons = c.takenOverOtherwise(old, next)
	}
	if len(reasons) == 0 || c.stays(old, next) {
		return
	}
	c.addMatched(next.Key, sideOf(old.Definition), next.Definition, strings.Join(reasons, "; "))
}

// takenOverOtherwise is the reason why a resource is treated differently although
// its driver is called with the same: a replacement that is still to come, or has
// failed, becomes one in place, or the other way round.
func (c *comparison) takenOverOtherwise(old, next *graph.Node) []string {
	a, b := old.Definition, next.Definition
	if a == nil || b == nil || a.InPlaceDriverChange == b.InPlaceDriverChange {
		return nil
	}
	before, was := c.places.foresee(next.Key, a, c.made)
	then, will := c.places.foresee(next.Key, b, c.made)
	if before == then && was == will {
		return nil
	}
	return []string{fmt.Sprintf("in_place_driver_change becomes %t", b.InPlaceDriverChange)}
}

// addMatched adds a resource that has a definition, or needs none. What exists
// decides: made by another definition or driver, it is replaced, unless the new
// definition takes it over in place, or what was replaced by it is still there.
func (c *comparison) addMatched(key resource.Key, from ImpactSide, next *resource.Definition, reason string) {
	chosen, action := c.places.foresee(key, next, c.made)
	active, to := c.active[key], sideOf(next)
	if active != nil {
		from = madeBy(active)
	}
	switch action {
	case ImpactInPlace:
		reason += "; the new definition takes it over in place"
		if chosen.Retired {
			reason += fmt.Sprintf(", that is %s, which the last successful deployment used; what has replaced it is destroyed after the deployment succeeded", chosen.GUResID)
		}
	case ImpactReplace:
		reason += "; a new one is made, the old one is destroyed after the deployment succeeded"
	case ImpactTakeBack:
		reason += fmt.Sprintf("; %s, which that one had replaced, is taken back into use, and that one is destroyed after the deployment succeeded", chosen.GUResID)
	}
	c.add(key, action, from, to, reason)
}

// stays reports whether the next deployment calls the driver of a resource as it
// was called last: a definition that had come between is away again.
func (c *comparison) stays(old, next *graph.Node) bool {
	active := c.active[next.Key]
	return active != nil && old.Definition != nil && next.Definition != nil && old.Definition.ID != next.Definition.ID &&
		active.DefVersionID != "" && active.DefVersionID == next.Definition.VersionID && c.made(active, next.Definition) &&
		len(changedKeys(old.Inputs, next.Inputs)) == 0
}

// matchAlone tells for the resources of the type which definition each would
// get, where the rest of the graph cannot be told.
func (c *comparison) matchAlone() {
	keys := map[resource.Key]*resource.Definition{}
	if c.before != nil {
		for i := range c.before.Nodes {
			keys[c.before.Nodes[i].Key] = c.before.Nodes[i].Definition
		}
	}
	for key, old := range keys {
		if key.Type != c.typ {
			continue
		}
		next := c.match(key)
		switch {
		case next == nil && old == nil:
		case next == nil:
			from := sideOf(old)
			if active := c.active[key]; active != nil {
				from = madeBy(active)
			}
			c.add(key, ImpactUnmatched, from, ImpactSide{}, "no definition is left that matches it")
		default:
			if reasons := differences(&graph.Node{Definition: old}, &graph.Node{Definition: next}); len(reasons) > 0 {
				c.addMatched(key, sideOf(old), next, strings.Join(reasons, "; "))
			}
		}
	}
}

// compareWithActive is for environments that could not be planned before: what
// exists is compared with what would be.
func (c *comparison) compareWithActive() {
	for i := range c.then.Nodes {
		next := &c.then.Nodes[i]
		if next.Key.Type != c.typ {
			continue
		}
		active := c.active[next.Key]
		if active != nil && (!holds(active) || c.made(active, next.Definition)) {
			continue
		}
		c.addMatched(next.Key, ImpactSide{}, next.Definition, "the environment could not be planned before")
	}
}

// addIdle adds what the definition made and the current set does not need.
func (c *comparison) addIdle() {
	for key, active := range c.active {
		if active.DefID != c.defID || c.inGraphs(key) {
			continue
		}
		next := c.match(key)
		if to := sideOf(next); to.DefID != active.DefID {
			reason := "the current set does not need it; it stays as it is"
			if next == nil {
				reason += ", and could not be deployed again"
			}
			c.add(key, ImpactIdle, madeBy(active), to, reason)
		}
	}
}

func (c *comparison) inGraphs(key resource.Key) bool {
	for _, g := range []*graph.Graph{c.before, c.then} {
		if g == nil {
			continue
		}
		if _, ok := g.Node(key); ok {
			return true
		}
	}
	return c.before == nil // nobody knows what the set needs
}

func (c *comparison) match(key resource.Key) *resource.Definition {
	return c.matcher.match(contextOf(c.env), key)
}

func (c *comparison) add(key resource.Key, action string, from, to ImpactSide, reason string) {
	found := ResourceImpact{Key: key, Action: action, From: from, To: to, Reason: reason}
	if active := c.active[key]; active != nil {
		found.GUResID = active.GUResID
	}
	c.out.Resources = append(c.out.Resources, found)
}

func sideOf(def *resource.Definition) ImpactSide {
	if def == nil {
		return ImpactSide{}
	}
	return ImpactSide{DefID: def.ID, DefVersionID: def.VersionID, DriverType: def.DriverType}
}

func madeBy(r *ActiveResource) ImpactSide {
	return ImpactSide{DefID: r.DefID, DefVersionID: r.DefVersionID, DriverType: r.DriverType}
}

// asked says who brings a new node.
func asked(g *graph.Graph, n *graph.Node) string {
	e := graph.ExplainNode(g, n.Key)
	if len(e.Asked) == 0 {
		return ""
	}
	return e.Asked[0]
}

// differences lists in words what a deployment would do differently for a
// resource. The version of the definition alone is no difference.
func differences(old, next *graph.Node) []string {
	var out []string
	a, b := old.Definition, next.Definition
	switch {
	case a == nil && b == nil:
	case a == nil:
		out = append(out, "definition "+b.ID+" matches it")
	case b == nil:
		out = append(out, "definition "+a.ID+" no longer matches it, and it can go without")
	case a.ID != b.ID:
		out = append(out, fmt.Sprintf("definition %s instead of %s", b.ID, a.ID))
	default:
		out = append(out, contentDifferences(a, b)...)
	}
	if keys := changedKeys(old.Inputs, next.Inputs); len(keys) > 0 {
		out = append(out, "its params change: "+strings.Join(keys, ", "))
	}
	if a != nil && b != nil && a.ID != b.ID {
		return out // other dependencies are the other definition's
	}
	for _, dep := range next.DependsOn {
		if !slices.Contains(old.DependsOn, dep) {
			out = append(out, "it also depends on "+dep.String())
		}
	}
	for _, dep := range old.DependsOn {
		if !slices.Contains(next.DependsOn, dep) {
			out = append(out, "it no longer depends on "+dep.String())
		}
	}
	return out
}

// contentDifferences compares two states of one definition as far as its driver
// sees them.
func contentDifferences(a, b *resource.Definition) []string {
	var out []string
	if a.DriverType != b.DriverType {
		out = append(out, fmt.Sprintf("driver %s instead of %s", b.DriverType, a.DriverType))
	}
	if a.DriverAccount != b.DriverAccount {
		out = append(out, "another driver account")
	}
	if keys := changedKeys(a.Values, b.Values); len(keys) > 0 {
		out = append(out, "driver_inputs.values change: "+strings.Join(keys, ", "))
	}
	if keys := changedKeys(a.SecretRefs, b.SecretRefs); len(keys) > 0 {
		out = append(out, "driver_inputs secrets change: "+strings.Join(keys, ", "))
	}
	return out
}

// changedKeys are the top-level keys whose values differ; values are not shown.
func changedKeys(a, b map[string]any) []string {
	all := maps.Clone(orEmpty(a))
	maps.Copy(all, b)
	var out []string
	for _, key := range sortedNames(all) {
		x, inA := a[key]
		y, inB := b[key]
		if inA != inB || !sameJSON(x, y) {
			out = append(out, key)
		}
	}
	return out
}

func sameJSON(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}
