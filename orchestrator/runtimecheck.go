package orchestrator

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/graph"
)

// ClusterCheckRequest names the context whose cluster is checked. Application
// and environment need not exist.
type ClusterCheckRequest struct {
	AppID, EnvID, EnvType string
	Expected              []ExpectedDefinition
}

// ExpectedDefinition is a definition that has to be chosen for a resource of its type.
type ExpectedDefinition struct{ Type, ID string }

// States of a condition.
const (
	ConditionTrue    = "True"
	ConditionFalse   = "False"
	ConditionUnknown = "Unknown" // it cannot be checked
)

// ClusterCheck is what a check of a cluster's connection found.
type ClusterCheck struct {
	Resources  []CheckedResource
	Conditions []CheckCondition
}

// CheckedResource is a resource of the graph that leads to the cluster.
type CheckedResource struct {
	Node      *graph.Node
	GUResID   string   // "" when it does not exist
	DependsOn []string // GUResIDs, as far as they exist
}

// CheckCondition is one thing that was checked.
type CheckCondition struct{ Type, Status, Message string }

// Success reports whether everything could be checked and holds.
func (c *ClusterCheck) Success() bool {
	return !slices.ContainsFunc(c.Conditions, func(one CheckCondition) bool { return one.Status != ConditionTrue })
}

func (c *ClusterCheck) found(kind, status, format string, args ...any) {
	c.Conditions = append(c.Conditions, CheckCondition{kind, status, fmt.Sprintf(format, args...)})
}

// CheckCluster tells which definitions give a context its cluster and, where an
// environment has resolved that cluster already, whether it answers and takes
// the credentials. Nothing is provisioned: a cluster that no deployment has
// resolved is Unknown.
func (s *Service) CheckCluster(ctx context.Context, org string, req ClusterCheckRequest) (*ClusterCheck, error) {
	if err := s.requireOrgPerm(ctx, org, PermPlatformWrite); err != nil {
		return nil, err
	}
	for name, value := range map[string]string{"app_id": req.AppID, "env_id": req.EnvID, "env_type": req.EnvType} {
		if value == "" {
			return nil, Invalidf("%s: give one", name)
		}
	}
	env := &Environment{OrgID: org, AppID: req.AppID, ID: req.EnvID, TypeID: req.EnvType}
	if known, err := s.store.GetEnvironment(ctx, env.Ref()); err == nil && known.TypeID != req.EnvType {
		return nil, Invalidf("env_type: environment %s has type %q", env.Ref(), known.TypeID)
	} else if err != nil && !IsNotFound(err) {
		return nil, err
	}
	out := &ClusterCheck{}
	nodes, err := s.checkGraph(ctx, env, out)
	if err != nil || nodes == nil {
		return out, err
	}
	checkExpected(nodes, req.Expected, out)
	return out, s.checkAnswer(ctx, env.Ref(), nodes, out)
}

// checkGraph builds the graph of the context without workloads; nil when there is none.
func (s *Service) checkGraph(ctx context.Context, env *Environment, out *ClusterCheck) ([]graph.Node, error) {
	book, err := loadRegisteredDrivers(ctx, s.store, env.OrgID)
	if err != nil {
		return nil, err
	}
	in, err := GraphInput(ctx, s.store, env, book.defaults(s.drivers.Defaults))
	if err != nil {
		return nil, err
	}
	in.Set = deployset.Set{}
	g, err := graph.Build(in)
	if build := graph.AsBuildError(err); build != nil {
		var words []string
		for _, p := range build.Problems {
			words = append(words, p.Message)
		}
		out.found("GraphCanProvision", ConditionFalse, "%s", strings.Join(words, "; "))
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	active, err := s.store.ListActiveResources(ctx, env.Ref())
	if err != nil {
		return nil, err
	}
	ids := map[string]string{}
	for _, r := range active {
		ids[r.Key.Normalized().String()] = r.GUResID
	}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		r := CheckedResource{Node: n, GUResID: ids[n.Key.Normalized().String()]}
		for _, on := range n.DependsOn {
			if id := ids[on.Normalized().String()]; id != "" {
				r.DependsOn = append(r.DependsOn, id)
			}
		}
		out.Resources = append(out.Resources, r)
	}
	out.found("GraphCanProvision", ConditionTrue, "all resources of the context have a definition")
	return g.Nodes, nil
}

func checkExpected(nodes []graph.Node, expected []ExpectedDefinition, out *ClusterCheck) {
	if len(expected) == 0 {
		return
	}
	var missing []string
	for _, want := range expected {
		if !slices.ContainsFunc(nodes, func(n graph.Node) bool {
			return n.Key.Type == want.Type && n.Definition != nil && n.Definition.ID == want.ID
		}) {
			missing = append(missing, fmt.Sprintf("no resource of type %s is given by definition %s", want.Type, want.ID))
		}
	}
	if len(missing) > 0 {
		out.found("DefinitionsMatch", ConditionFalse, "%s", strings.Join(missing, "; "))
		return
	}
	out.found("DefinitionsMatch", ConditionTrue, "the expected definitions match")
}

// checkAnswer asks the cluster that the environment has, if it is still the one of the graph.
func (s *Service) checkAnswer(ctx context.Context, ref EnvRef, nodes []graph.Node, out *ClusterCheck) error {
	_, err := s.store.GetEnvironment(ctx, ref)
	if IsNotFound(err) {
		out.found("ClusterKnown", ConditionUnknown, "environment %s does not exist, so no driver has told address and credentials of its cluster; create and deploy it, and check again", ref)
		return nil
	}
	if err != nil {
		return err
	}
	at, why, err := RuntimeClusterOf(ctx, s.store, s.keeper, ref)
	if err != nil {
		return err
	}
	if at == nil {
		out.found("ClusterKnown", ConditionUnknown, "%s", why)
		return nil
	}
	reader, ok := s.logs[at.Target.Type].(RuntimeReader)
	if !ok {
		out.found("ClusterKnown", ConditionFalse, "this server cannot talk to a cluster of type %q", at.Target.Type)
		return nil
	}
	for _, n := range nodes {
		if n.Key.ID != at.Resource || n.Key.Type != clusterType || n.Definition == nil {
			continue
		}
		for _, r := range out.Resources {
			if r.Node.Key == n.Key && r.GUResID == "" {
				out.found("ClusterKnown", ConditionUnknown, "definition %s gives another cluster than the last deployment had; deploy, and check again", n.Definition.ID)
				return nil
			}
		}
	}
	out.found("ClusterKnown", ConditionTrue, "the last deployment of %s resolved %s", ref, at.Resource)
	asking, cancel := context.WithTimeout(ctx, runtimeTimeout)
	defer cancel()
	version, err := reader.Ping(asking, at.Target)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		out.found("ClusterAnswers", ConditionFalse, "%s", cannotTell(err))
		return nil
	}
	out.found("ClusterAnswers", ConditionTrue, "the cluster answers: Kubernetes %s", version)
	return nil
}
