package orchestrator

import (
	"cmp"
	"context"
	"slices"

	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/resource"
)

// impactRun compares, for all environments of an organization, the graphs
// without and with a changed definition.
type impactRun struct {
	s             *Service
	made          madeByDefinition
	defID         string
	old, next     *Definition // nil: new, deleted
	before, after *graphSource
	visible       map[string]bool // applications that the caller may see
}

func (r *impactRun) all(ctx context.Context, org string) (*Impact, error) {
	out := &Impact{DefID: r.defID, Type: r.resourceType(), Environments: []EnvironmentImpact{}}
	environments, err := r.environments(ctx, org)
	if err != nil {
		return nil, err
	}
	for i := range environments {
		env := &environments[i]
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out.Examined++
		if !r.concerns(env) {
			continue
		}
		found, err := r.environment(ctx, env)
		if err != nil {
			return nil, err
		}
		if found == nil {
			continue
		}
		shown, err := r.sees(ctx, env)
		if err != nil {
			return nil, err
		}
		if !shown {
			out.HiddenEnvironments++
			out.HiddenResources += len(found.Resources)
			continue
		}
		out.Environments = append(out.Environments, *found)
	}
	return out, nil
}

func (r *impactRun) resourceType() string {
	if r.next != nil {
		return r.next.Type
	}
	return r.old.Type
}

// environments lists those that have been deployed to and are not going away.
func (r *impactRun) environments(ctx context.Context, org string) ([]Environment, error) {
	types, err := r.s.store.ListEnvironmentTypes(ctx, org)
	if err != nil {
		return nil, err
	}
	var out []Environment
	for _, t := range types {
		list, err := r.s.store.ListEnvironmentsOfType(ctx, org, t.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	out = slices.DeleteFunc(out, func(e Environment) bool { return e.LastDeployID == "" || e.Status == StatusDeleting })
	slices.SortFunc(out, func(a, b Environment) int { return cmp.Or(cmp.Compare(a.AppID, b.AppID), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

// concerns tells whether the definition could match anything in the environment,
// as it is or as it would be. Where it could not, nothing changes, and nothing
// has to be read.
func (r *impactRun) concerns(env *Environment) bool {
	f := DefinitionFilter{AppID: env.AppID, EnvID: env.ID, EnvType: env.TypeID}
	for _, def := range []*Definition{r.old, r.next} {
		if def != nil && slices.ContainsFunc(def.Criteria, f.admits) {
			return true
		}
	}
	return false
}

func (r *impactRun) sees(ctx context.Context, env *Environment) (bool, error) {
	seen, known := r.visible[env.AppID]
	if known {
		return seen, nil
	}
	err := r.s.requireApp(ctx, env.OrgID, env.AppID, RoleViewer)
	if err != nil && !IsNotFound(err) && CodeOf(err) != CodeForbidden {
		return false, err
	}
	r.visible[env.AppID] = err == nil
	return err == nil, nil
}

// environment compares the two graphs of one environment; nil when they are
// equal in all that a deployment would do.
func (r *impactRun) environment(ctx context.Context, env *Environment) (*EnvironmentImpact, error) {
	set, err := r.s.currentSet(ctx, env)
	if err != nil {
		return nil, err
	}
	resources, err := everything(ctx, r.s.store, env.Ref())
	if err != nil {
		return nil, err
	}
	pins, err := r.before.pinsOf(ctx, r.s.store, resources)
	if err != nil {
		return nil, err
	}
	now, then := r.before.input(env, pins), r.after.input(env, pins)
	now.Set, then.Set = set, set
	known, err := placesOf(ctx, r.s.store, env.Ref(), resources)
	if err != nil {
		return nil, err
	}
	c := &comparison{made: r.made, defID: r.defID, typ: r.resourceType(), env: env, matcher: newMatcher(r.after.definitions),
		active: map[resource.Key]*ActiveResource{}, places: known}
	for key, active := range c.places.active {
		if existed(*active) {
			c.active[key] = active
		}
	}
	g, err := buildGraph(now)
	if c.before, c.problemsBefore = g, problemsOf(err); err != nil && c.problemsBefore == nil {
		return nil, err
	}
	if g != nil && !slices.ContainsFunc(g.Nodes, func(n graph.Node) bool { return n.Key.Type == c.typ }) {
		// No resource of the type: the graph cannot differ.
		return c.idleOnly(), nil
	}
	g, err = buildGraph(then)
	if c.then, c.problemsThen = g, problemsOf(err); err != nil && c.problemsThen == nil {
		return nil, err
	}
	return c.impact(), nil
}

func problemsOf(err error) []graph.Problem {
	if build := graph.AsBuildError(err); build != nil {
		return build.Problems
	}
	return nil
}
