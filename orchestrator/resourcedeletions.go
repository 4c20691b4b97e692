package orchestrator

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// QueueResource is the kind of queue item that destroys one active resource.
const QueueResource = "resource"

// ResourceItem is the queue item of the last order to destroy the resource. Its
// id is GUResID/n: a resource of the same name that is made later is another
// one, and each order is carried out once.
func ResourceItem(r *ActiveResource) QueueItem {
	id := r.GUResID
	if r.Deletions > 0 {
		id = fmt.Sprintf("%s/%d", r.GUResID, r.Deletions)
	}
	return QueueItem{Kind: QueueResource, ID: id, Policy: QueuePolicyQueue}
}

// orderDeletion marks a resource for its destruction, once more if it was before.
func orderDeletion(r *ActiveResource, at time.Time) {
	r.Status, r.ScheduledDeletion, r.UpdatedAt = ResourceDeleting, true, at
	r.Deletions, r.DeletionAt = r.Deletions+1, at
}

// Intervals between two orders to destroy a resource that is stuck.
const (
	firstDeletionRetry = 10 * time.Minute
	lastDeletionRetry  = 6 * time.Hour
)

// deletionRetry is how long after an order the next one follows.
func deletionRetry(r *ActiveResource) time.Duration {
	wait := firstDeletionRetry
	for n := 1; n < r.Deletions && wait < lastDeletionRetry; n++ {
		wait *= 2
	}
	return min(wait, lastDeletionRetry)
}

// DeleteActiveResource deletes the resources with that type and id: of all
// classes, unless the type names one ("postgres.large"). The id may be a GUResID,
// which names one resource, also one that was replaced. What was really made is
// destroyed through the environment's queue; then the answer is true: the
// deletion goes on. With detach the resources are only forgotten: the real
// things stay, and whoever uses them goes on doing so until the next deployment
// makes new ones.
//
// It answers CodeConflict while a deployment is unfinished, and, unless detach
// is true, while the newest deployment, what runs, or other resources need one of
// them: details.needed_by lists what does.
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
		if scheduled, err = s.deleteOrSchedule(ctx, ref, resources, detach); err != nil {
			return err
		}
		return s.auditResourceDeletion(ctx, ref, resources, detach, len(scheduled) > 0)
	})
	if err != nil {
		return false, err
	}
	for i := range scheduled {
		s.handDeletion(ctx, ref, &scheduled[i])
	}
	return len(scheduled) > 0, nil
}

// handDeletion gives the destruction of a resource to the queue. When the last
// order has been carried out in vain, it is ordered once more.
func (s *Service) handDeletion(ctx context.Context, ref EnvRef, r *ActiveResource) {
	state, err := s.workflows.State(ctx, ref, ResourceItem(r))
	if err == nil && state == WorkflowClosed {
		orderDeletion(r, s.now())
		err = s.store.UpdateActiveResource(ctx, r)
	}
	if err != nil {
		s.log.Warn("deletion not handed over; the reconciler will do it", "environment", ref.String(), "resource", r.Key.String(), "error", err)
		return
	}
	s.handOver(ctx, ref, ResourceItem(r))
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
		if detach || !holds(r) {
			if err := s.letGo(ctx, r); err != nil {
				return nil, err
			}
			if err := s.store.DeleteActiveResource(ctx, ref, r.GUResID); err != nil {
				return nil, err
			}
			s.log.InfoContext(ctx, "resource forgotten", "environment", ref.String(), "resource", r.Key.String(), "guresid", r.GUResID,
				"detached", detach, "by", ActorFrom(ctx).UserID)
			continue
		}
		if r.Status != ResourceDeleting || !r.ScheduledDeletion {
			orderDeletion(r, s.now())
			r.StatusMessage = ""
			if err := stale(s.store.UpdateActiveResource(ctx, r)); err != nil {
				return nil, err
			}
		}
		scheduled = append(scheduled, *r)
	}
	return scheduled, nil
}

// DestroyResource carries out one order to destroy a resource; item is the id of
// a ResourceItem. It has the driver destroy the resource and forgets it. Called
// again, or for a resource that is not to go any more, it does nothing; one that
// another resource still depends on waits for that. When the driver fails, the
// reason is recorded with the resource and calling it again goes on from there.
func (d *Deployer) DestroyResource(ctx context.Context, ref EnvRef, item string) error {
	guresid, _, _ := strings.Cut(item, "/")
	all, err := everything(ctx, d.store, ref)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(r ActiveResource) bool { return r.GUResID == guresid })
	if at < 0 || !all[at].ScheduledDeletion || all[at].Status != ResourceDeleting {
		return nil
	}
	r := &all[at]
	if by := dependantOf(all, guresid); by != nil {
		return d.stuckOn(ctx, r, waitingFor(by))
	}
	if err := d.destroyAndForget(ctx, ref, r); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return Wrapf(CodeUnavailable, err, "resource %s could not be destroyed", r.Key)
	}
	return nil
}

func (s *Service) auditResourceDeletion(ctx context.Context, ref EnvRef, resources []ActiveResource, detach, going bool) error {
	names := make([]any, 0, len(resources))
	for _, r := range resources {
		names = append(names, map[string]any{"resource": r.Key.String(), "guresid": r.GUResID, "def_id": r.DefID})
	}
	change := deleted(ref.OrgID, "active-resource", EnvObject(ref)+"/resources/"+resources[0].Key.Type+"/"+resources[0].Key.ID,
		map[string]any{"resources": names, "detach": detach})
	change.GoesOn = going
	return s.audit(ctx, change)
}
