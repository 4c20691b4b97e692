package orchestrator

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/graph"
)

// ExplainFilter narrows an explanation to some resources; empty fields do not count.
type ExplainFilter struct{ Type, Class, ID string }

func (f ExplainFilter) admits(e graph.Explanation) bool {
	k := e.Node.Key
	return (f.Type == "" || f.Type == k.Type) && (f.Class == "" || f.Class == k.Class) && (f.ID == "" || f.ID == k.ID)
}

// ExplainedGraph says why the resources of a deployment are there, or would be.
type ExplainedGraph struct {
	DeploymentID string // "" when nothing was deployed for it
	SetID        string
	GraphID      string
	Resources    []ExplainedResource // dependencies first
	// Problems are why there is no graph: all that was found, in words.
	Problems []string
	Warnings []string
}

// ExplainedResource is one resource with its reasons.
type ExplainedResource struct {
	graph.Explanation
	GUResID string     // "" when it does not exist yet
	Status  NodeStatus // in the deployment; "" when nothing was deployed
	// Action is what a deployment would do now: ImpactCreate, ImpactUpdate (its
	// driver is called again), ImpactInPlace, ImpactReplace or ImpactTakeBack; ""
	// of what was deployed.
	Action string
	// Notes are about definitions and versions of the type that took no part.
	Notes []string
}

// ExplainDeployment explains the graph that a deployment was planned with:
// definitions and criteria as they were then.
func (s *Service) ExplainDeployment(ctx context.Context, ref EnvRef, id string, f ExplainFilter) (*ExplainedGraph, error) {
	dep, err := s.GetDeployment(ctx, ref, id)
	if err != nil {
		return nil, err
	}
	stored, err := s.store.ListNodes(ctx, ref.OrgID, dep.ID)
	if err != nil {
		return nil, err
	}
	out := &ExplainedGraph{DeploymentID: dep.ID, SetID: dep.SetID, GraphID: dep.GraphID, Resources: []ExplainedResource{}}
	if len(stored) == 0 {
		out.Problems, err = s.planProblems(ctx, dep)
		return out, err
	}
	nodes := make([]graph.Node, len(stored))
	for i := range stored {
		if err := json.Unmarshal(stored[i].Spec, &nodes[i]); err != nil {
			return nil, fmt.Errorf("the stored plan of %s cannot be read: %w", stored[i].Key, err)
		}
	}
	for i, e := range graph.Explain(nodes) {
		if f.admits(e) {
			out.Resources = append(out.Resources, ExplainedResource{Explanation: e, GUResID: stored[i].GUResID, Status: stored[i].Status})
		}
	}
	return out, s.addNotes(ctx, ref.OrgID, f, out)
}

// planProblems are the recorded reasons why a deployment has no graph.
func (s *Service) planProblems(ctx context.Context, dep *Deployment) ([]string, error) {
	if !dep.Status.Terminal() {
		return []string{fmt.Sprintf("deployment %s is %s and has not been planned yet", dep.ID, dep.Status)}, nil
	}
	errs, err := s.store.ListDeploymentErrors(ctx, dep.OrgID, dep.ID)
	if err != nil {
		return nil, err
	}
	out := make([]string, 0, len(errs))
	for _, e := range errs {
		out = append(out, e.Message)
	}
	return out, nil
}

// ExplainRequest says what to explain without deploying it. At most one of the
// fields may be given; none stands for the set that the next deployment builds on.
type ExplainRequest struct {
	SetID   string
	DeltaID string
	Delta   *deployset.Delta // applied to the set that the next deployment builds on
	Set     *deployset.Set
}

// ExplainPlan explains the graph that a deployment of a set would have now.
// Nothing is stored and nothing is made. A set that cannot be planned is no
// error: the answer lists its problems.
func (s *Service) ExplainPlan(ctx context.Context, ref EnvRef, req ExplainRequest, f ExplainFilter) (*ExplainedGraph, error) {
	if err := s.requireApp(ctx, ref.OrgID, ref.AppID, RoleViewer); err != nil {
		return nil, err
	}
	env, err := s.store.GetEnvironment(ctx, ref)
	if err != nil {
		return nil, err
	}
	set, err := s.setToExplain(ctx, env, req)
	if err != nil {
		return nil, err
	}
	book, err := loadRegisteredDrivers(ctx, s.store, env.OrgID)
	if err != nil {
		return nil, err
	}
	in, err := GraphInput(ctx, s.store, env, book.defaults(s.drivers.Defaults))
	if err != nil {
		return nil, err
	}
	in.Set = set
	out := &ExplainedGraph{SetID: set.ID(), Resources: []ExplainedResource{}}
	g, err := buildGraph(in)
	if build := graph.AsBuildError(err); build != nil {
		for _, p := range build.Problems {
			out.Problems = append(out.Problems, p.Message)
		}
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	out.Warnings = g.Warnings
	known, err := loadPlaces(ctx, s.store, ref)
	if err != nil {
		return nil, err
	}
	made := s.madeBy(book)
	for _, e := range graph.Explain(g.Nodes) {
		if !f.admits(e) {
			continue
		}
		found := ExplainedResource{Explanation: e}
		_, found.Action = known.foresee(e.Node.Key, e.Node.Definition, made)
		if active := known.active[e.Node.Key.Normalized()]; active != nil && existed(*active) {
			found.GUResID = active.GUResID
		}
		out.Resources = append(out.Resources, found)
	}
	return out, s.addNotes(ctx, ref.OrgID, f, out)
}

// setToExplain finds or makes the set in question, and stores nothing.
func (s *Service) setToExplain(ctx context.Context, env *Environment, req ExplainRequest) (deployset.Set, error) {
	given := 0
	for _, is := range []bool{req.SetID != "", req.DeltaID != "", req.Delta != nil, req.Set != nil} {
		given += ordinal(is)
	}
	if given > 1 {
		return deployset.Set{}, Invalidf("give one of set_id, delta_id, delta and set, or none for what the environment has")
	}
	switch {
	case req.Set != nil:
		return *req.Set, nil
	case req.SetID != "":
		set, err := s.store.GetSet(ctx, env.OrgID, env.AppID, req.SetID)
		if err != nil {
			return set, asInvalid(err, "set_id")
		}
		return set, nil
	}
	base, err := s.currentSet(ctx, env)
	if err != nil {
		return base, err
	}
	name := "the delta"
	if req.DeltaID != "" {
		stored, err := s.store.GetDelta(ctx, env.OrgID, env.AppID, req.DeltaID)
		if err != nil {
			return base, asInvalid(err, "delta_id")
		}
		name, req.Delta = "delta "+req.DeltaID, &stored.Content
	}
	if req.Delta == nil {
		return base, nil
	}
	set, err := deployset.Apply(base, *req.Delta)
	if err != nil {
		return base, Invalidf("%s does not fit the deployment set %s: %v", name, base.ID(), err)
	}
	return set, nil
}

// currentSet is the set that the next deployment of the environment builds on.
func (s *Service) currentSet(ctx context.Context, env *Environment) (deployset.Set, error) {
	id, err := s.setOfDeployment(ctx, env.OrgID, env.AppID, env.FromDeployID)
	if err != nil {
		return deployset.Set{}, err
	}
	return s.store.GetSet(ctx, env.OrgID, env.AppID, id)
}

// maxNotes bounds the notes of one type.
const maxNotes = 10

// addNotes tells, for a type that was asked for by name, which definitions and
// versions take no part today: deleted ones, proposals and archived ones.
func (s *Service) addNotes(ctx context.Context, org string, f ExplainFilter, out *ExplainedGraph) error {
	if f.Type == "" || len(out.Resources) == 0 {
		return nil
	}
	all, err := s.store.ListDefinitions(ctx, org, true)
	if err != nil {
		return err
	}
	var notes []string
	for _, def := range all {
		if def.Type != f.Type {
			continue
		}
		if def.IsDeleted {
			notes = append(notes, fmt.Sprintf("definition %s is deleted and takes no part", def.ID))
			continue
		}
		versions, err := s.store.ListDefinitionVersions(ctx, org, def.ID)
		if err != nil {
			return err
		}
		for _, v := range versions {
			switch {
			case v.Proposed:
				notes = append(notes, fmt.Sprintf("version %s of definition %s is only proposed: it takes no part until it is promoted", v.ID, def.ID))
			case v.Archived:
				notes = append(notes, fmt.Sprintf("version %s of definition %s is archived and takes no part", v.ID, def.ID))
			}
		}
	}
	notes = notes[:min(len(notes), maxNotes)]
	for i := range out.Resources {
		out.Resources[i].Notes = notes
	}
	return nil
}
