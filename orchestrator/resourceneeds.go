package orchestrator

import (
	"context"
	"slices"
)

// need is something that uses a resource.
type need struct {
	Type    string `json:"type"`
	Class   string `json:"class"`
	ResID   string `json:"res_id"`
	GUResID string `json:"gu_res_id"`
}

// checkNotNeeded refuses what the newest deployment has in its graph, what the
// workloads that run were deployed with, and what other resources were made with.
func (s *Service) checkNotNeeded(ctx context.Context, env *Environment, resources []ActiveResource) error {
	leaving := map[string]bool{}
	for _, r := range resources {
		leaving[r.GUResID] = true
	}
	inUse, err := s.deploymentsInUse(ctx, env.Ref())
	if err != nil {
		return err
	}
	for i, deployed := range inUse {
		for _, n := range deployed {
			if leaving[n.GUResID] {
				return deployedWith(env.ID, n, deployed, i == 0)
			}
		}
	}
	all, err := everything(ctx, s.store, env.Ref())
	if err != nil {
		return err
	}
	needs := []need{}
	for _, r := range all {
		if leaving[r.GUResID] || !holds(&r) {
			continue
		}
		if slices.ContainsFunc(r.DependsOn, func(id string) bool { return leaving[id] }) {
			needs = append(needs, need{Type: r.Key.Type, Class: r.Key.Class, ResID: r.Key.ID, GUResID: r.GUResID})
		}
	}
	if len(needs) == 0 {
		return nil
	}
	first := needs[0]
	conflict := Conflictf("resource %s.%s#%s still depends on it; delete that one first", first.Type, first.Class, first.ResID)
	conflict.Details = map[string]any{"needed_by": needs}
	return conflict
}

// dependantNodes lists what a deployment has that depends on one of its nodes.
func dependantNodes(nodes []Node, ordinal int) []need {
	out := []need{}
	for _, n := range nodes {
		if slices.Contains(n.DependsOn, ordinal) && n.Ordinal != ordinal {
			out = append(out, need{Type: n.Key.Type, Class: n.Key.Class, ResID: n.Key.ID, GUResID: n.GUResID})
		}
	}
	return out
}

// deployedWith is the conflict about a resource that a deployment uses.
func deployedWith(env string, n Node, deployed []Node, newest bool) error {
	conflict := Conflictf("resource %s is part of deployment %s, the newest of environment %q; remove it from the set and deploy first",
		n.Key, n.DeploymentID, env)
	if !newest {
		conflict = Conflictf("resource %s (%s) is used by what deployment %s has delivered to environment %q, and no deployment has succeeded "+
			"without it since; deploy successfully first, then it is destroyed by itself or can be deleted", n.Key, n.GUResID, n.DeploymentID, env)
	}
	conflict.Details = map[string]any{"deployment_id": n.DeploymentID, "needed_by": dependantNodes(deployed, n.Ordinal)}
	return conflict
}

// deploymentsInUse are the nodes of the deployments whose objects may be in the
// target, the newest first: the newest that got as far as a graph, the one
// that succeeded last, and those between that may have been delivered, as all that
// they need was provisioned.
func (s *Service) deploymentsInUse(ctx context.Context, ref EnvRef) ([][]Node, error) {
	var out [][]Node
	err := eachDeployment(ctx, s.store, ref, func(d *Deployment) (bool, error) {
		nodes, err := s.store.ListNodes(ctx, ref.OrgID, d.ID)
		if err != nil || len(nodes) == 0 { // it was never planned
			return true, err
		}
		succeeded := d.Status == DeploymentSucceeded
		if len(out) == 0 || succeeded || allProvisioned(nodes) {
			out = append(out, nodes)
		}
		return !succeeded, nil
	})
	return out, err
}

func allProvisioned(nodes []Node) bool {
	return !slices.ContainsFunc(nodes, func(n Node) bool { return n.Status != NodeSucceeded })
}
