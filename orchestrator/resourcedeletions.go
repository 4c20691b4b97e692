package orchestrator

import (
	"context"
	"slices"
)

// QueueResource is the kind of queue item that destroys one active resource.
const QueueResource = "resource"

// ResourceItem is the queue item that destroys the resource. Its id is the
// GUResID: a resource of the same name that is made later is another one.
func ResourceItem(r *ActiveResource) QueueItem {
	return QueueItem{Kind: QueueResource, ID: r.GUResID, Policy: QueuePolicyQueue}
}

// DeleteActiveResource deletes the resources of all classes with that type and
// id. What was really made is destroyed through the environment's queue; then
// the answer is true: the deletion goes on. With detach the resources are only
// forgotten: the real things stay, and whoever uses them goes on doing so until
// the next deployment makes new ones.
//
// It answers CodeConflict while a deployment is unfinished, and, unless detach
// is true, while the newest deployment or another resource needs one of them.
func (s *Service) DeleteActiveResource(ctx context.Context, ref EnvRef, resourceType, id string, detach bool) (going bool, err error) {
	if err := s.requireEnvDeployer(ctx, ref); err != nil {
		return false, err
	}
	if err := s.workflows.Ready(ctx); err != nil {
		return false, err
	}
	var scheduled []ActiveResource
	err = s.inTxAgain(ctx, func(ctx context.Context) error {
		scheduled = nil
		env, err := s.lockForDeletion(ctx, ref)
		if err != nil {
			return err
		}
		resources, err := s.resourcesNamed(ctx, ref, resourceType, id)
		if err != nil {
			return err
		}
		if len(resources) == 0 {
			return noResource(resourceType, id)
		}
		if !detach {
			if err := s.checkNotNeeded(ctx, env, resources); err != nil {
				return err
			}
		}
		scheduled, err = s.deleteOrSchedule(ctx, ref, resources, detach)
		return err
	})
	if err != nil {
		return false, err
	}
	for i := range scheduled {
		s.handOver(ctx, ref, ResourceItem(&scheduled[i]))
	}
	return len(scheduled) > 0, nil
}

// lockForDeletion locks an environment in which nothing goes on.
func (s *Service) lockForDeletion(ctx context.Context, ref EnvRef) (*Environment, error) {
	env, err := s.store.LockEnvironment(ctx, ref)
	if err != nil {
		return nil, err
	}
	if env.Status == StatusDeleting {
		return nil, Conflictf("environment %q is being deleted", ref.EnvID)
	}
	open, err := s.store.UnfinishedDeployments(ctx, ref)
	if err != nil {
		return nil, err
	}
	if len(open) > 0 {
		return nil, Conflictf("deployment %s of environment %q is unfinished; wait for its end or cancel it", open[0].ID, ref.EnvID)
	}
	return env, nil
}

// deleteOrSchedule forgets what does not exist, or shall be detached, and marks
// the rest for its destruction.
func (s *Service) deleteOrSchedule(ctx context.Context, ref EnvRef, resources []ActiveResource, detach bool) ([]ActiveResource, error) {
	var scheduled []ActiveResource
	for i := range resources {
		r := &resources[i]
		if detach || !r.Attempted {
			if err := s.store.DeleteActiveResource(ctx, ref, r.Key); err != nil {
				return nil, err
			}
			continue
		}
		r.Status, r.StatusMessage, r.ScheduledDeletion, r.UpdatedAt = ResourceDeleting, "", true, s.now()
		if err := stale(s.store.UpdateActiveResource(ctx, r)); err != nil {
			return nil, err
		}
		scheduled = append(scheduled, *r)
	}
	return scheduled, nil
}

// checkNotNeeded refuses what the newest deployment has in its graph, and what
// another resource was made with.
func (s *Service) checkNotNeeded(ctx context.Context, env *Environment, resources []ActiveResource) error {
	deployed, err := s.newestNodes(ctx, env.Ref())
	if err != nil {
		return err
	}
	all, err := s.store.ListActiveResources(ctx, env.Ref())
	if err != nil {
		return err
	}
	leaving := map[string]bool{}
	for _, r := range resources {
		leaving[r.GUResID] = true
	}
	for _, n := range deployed {
		if leaving[n.GUResID] {
			return Conflictf("resource %s is part of deployment %s, the newest of environment %q; remove it from the set and deploy first",
				n.Key, n.DeploymentID, env.ID)
		}
	}
	for _, r := range all {
		if leaving[r.GUResID] || !existed(r) {
			continue
		}
		needed := slices.IndexFunc(r.DependsOn, func(id string) bool { return leaving[id] })
		if needed >= 0 {
			return Conflictf("resource %s still depends on it; delete that one first", r.Key)
		}
	}
	return nil
}

// newestNodes are the nodes of the newest deployment that got as far as a graph.
func (s *Service) newestNodes(ctx context.Context, ref EnvRef) ([]Node, error) {
	const lookBack = 50 // deployments in a row without a graph
	deployments, err := s.store.ListDeployments(ctx, ref, lookBack)
	if err != nil {
		return nil, err
	}
	for _, d := range deployments {
		nodes, err := s.store.ListNodes(ctx, ref.OrgID, d.ID)
		if err != nil || len(nodes) > 0 {
			return nodes, err
		}
	}
	return nil, nil
}

// DestroyResource carries out what DeleteActiveResource scheduled: it has the
// driver destroy the resource with that GUResID and forgets it. Called again,
// or for a resource that is not scheduled any more, it does nothing. When the
// driver fails, the reason is recorded with the resource and calling it again
// goes on from there.
func (d *Deployer) DestroyResource(ctx context.Context, ref EnvRef, guresid string) error {
	all, err := d.store.ListActiveResources(ctx, ref)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(r ActiveResource) bool { return r.GUResID == guresid })
	if at < 0 || !all[at].ScheduledDeletion || all[at].Status != ResourceDeleting {
		return nil
	}
	r := &all[at]
	if err := d.destroy(ctx, r); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		r.StatusMessage, r.UpdatedAt = err.Error(), d.now()
		if storeErr := d.store.UpdateActiveResource(ctx, r); storeErr != nil {
			return storeErr
		}
		d.observe("resource", r.DriverType, "stuck")
		return Wrapf(CodeUnavailable, err, "resource %s could not be destroyed", r.Key)
	}
	if err := d.store.DeleteActiveResource(ctx, ref, r.Key); err != nil && !IsNotFound(err) {
		return err
	}
	d.observe("resource", r.DriverType, "destroyed")
	return nil
}
