package orchestrator

import (
	"context"
	"slices"
	"time"
)

// startTimeout bounds the hand-over to the workflow engine after the commit;
// what it misses the reconciler does.
const startTimeout = 3 * time.Second

// handOver gives committed work to the queue without failing the request.
func (s *Service) handOver(ctx context.Context, ref EnvRef, item QueueItem) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), startTimeout)
	defer cancel()
	h := handover{store: s.store, workflows: s.workflows, now: s.now}
	if err := h.give(ctx, ref, item); err != nil {
		s.log.Warn("hand-over to the environment's queue failed; the reconciler will repeat it",
			"environment", ref.String(), "kind", item.Kind, "id", item.ID, "error", err)
	}
	if item.Policy == QueuePolicySupersede {
		s.wakeSuperseded(ctx, ref, item.ID)
	}
}

// wakeSuperseded tells those that waited for people, and were superseded by the
// deployment with that id, that they are over. What is not told looks by itself.
func (s *Service) wakeSuperseded(ctx context.Context, ref EnvRef, by string) {
	recent, err := s.store.ListDeployments(ctx, ref, 16)
	for i := range recent {
		if d := &recent[i]; d.ID < by && d.Outcome == OutcomeSuperseded && d.StartedAt != nil && err == nil {
			err = s.background.WakeDeployment(ctx, DeploymentKey{EnvRef: ref, ID: d.ID})
		}
	}
	if err != nil {
		s.log.Warn("superseded deployments were not told; they look by themselves", "environment", ref.String(), "error", err)
	}
}

// handover gives committed work to the queue of its environment. Use cases and
// the reconciler share it, so that a queue that has to be started anew, whoever
// starts it, knows everything that runs and waits.
type handover struct {
	store     Store
	workflows Workflows
	now       func() time.Time
}

// maxHandOver bounds how many deployments one hand-over carries; the reconciler
// does the rest.
const maxHandOver = 200

// give hands items over. Deployments that were accepted and have not been handed
// over yet go along in their order, so that the queue's order is the order of
// acceptance; a queue that is not running also gets what was handed over before.
func (h handover) give(ctx context.Context, ref EnvRef, items ...QueueItem) error {
	running, err := h.runningDeletions(ctx, ref)
	if err != nil {
		return err
	}
	operations, err := h.operationItems(ctx, ref)
	if err != nil {
		return err
	}
	running = append(running, operations...)
	open, err := h.store.UnfinishedDeployments(ctx, ref)
	if err != nil {
		return err
	}
	all, fresh := deploymentItems(open, items)
	for _, item := range items {
		if item.Kind != QueueDeployment {
			all, fresh = append(all, item), fresh+1
		}
	}
	if fresh == 0 {
		return nil // over meanwhile
	}
	all = append(running, all...)
	if err := h.workflows.Enqueue(ctx, ref, all...); err != nil {
		return err
	}
	return h.remember(ctx, ref, all)
}

// deploymentItems lists what is unfinished as items, in the order of acceptance,
// and counts those that the queue has to be told of in any case.
func deploymentItems(open []Deployment, given []QueueItem) (items []QueueItem, fresh int) {
	for i := range open {
		d := &open[i]
		item := QueueItem{Kind: QueueDeployment, ID: d.ID, Policy: QueuePolicyQueue, Follow: d.StartedAt != nil}
		at := slices.IndexFunc(given, func(g QueueItem) bool { return g.Kind == QueueDeployment && g.ID == d.ID })
		if at >= 0 {
			item.Policy = given[at].Policy
		}
		item.Again = item.Follow || d.EnqueuedAt != nil && at < 0 || fresh == maxHandOver
		if !item.Again {
			fresh++
		}
		items = append(items, item)
	}
	return items, fresh
}

// runningDeletions lists the destructions of resources that run, which a new
// queue has to wait for as well.
func (h handover) runningDeletions(ctx context.Context, ref EnvRef) ([]QueueItem, error) {
	deleting, err := h.store.DeletingResources(ctx, 0)
	if err != nil {
		return nil, err
	}
	var out []QueueItem
	for i := range deleting {
		r := &deleting[i]
		if r.OrgID != ref.OrgID || r.AppID != ref.AppID || r.EnvID != ref.EnvID || r.Deletions == 0 {
			continue
		}
		item := ResourceItem(r)
		state, err := h.workflows.State(ctx, ref, item)
		if err != nil {
			return nil, err
		}
		if state == WorkflowRunning {
			item.Again, item.Follow = true, true
			out = append(out, item)
		}
	}
	return out, nil
}

// remember notes which deployments have been handed over, so that nobody does
// it again.
func (h handover) remember(ctx context.Context, ref EnvRef, items []QueueItem) error {
	fresh := slices.DeleteFunc(slices.Clone(items), func(i QueueItem) bool { return i.Kind != QueueDeployment || i.Again })
	if len(fresh) == 0 {
		return nil
	}
	return h.store.InTx(ctx, func(ctx context.Context) error {
		if _, err := h.store.LockEnvironment(ctx, ref); err != nil {
			return err
		}
		for _, item := range fresh {
			d, err := h.store.GetDeployment(ctx, ref, item.ID)
			if err != nil {
				return err
			}
			if d.EnqueuedAt != nil {
				continue
			}
			at := h.now()
			d.EnqueuedAt = &at
			if err := h.store.UpdateDeployment(ctx, d); err != nil {
				return err
			}
		}
		return nil
	})
}

// Waiting lists unfinished deployments of an environment that were accepted
// after the one with id after, in their order, at most limit; more says that
// there are later ones. It is how a queue that holds a part of them goes on.
func (d *Deployer) Waiting(ctx context.Context, ref EnvRef, after string, limit int) (items []QueueItem, more bool, err error) {
	open, err := d.store.UnfinishedDeployments(ctx, ref)
	if err != nil {
		return nil, false, err
	}
	open = slices.DeleteFunc(open, func(o Deployment) bool { return o.ID <= after })
	if more = limit > 0 && len(open) > limit; more {
		open = open[:limit]
	}
	for _, o := range open {
		items = append(items, QueueItem{Kind: QueueDeployment, ID: o.ID, Policy: QueuePolicyQueue, Follow: o.StartedAt != nil})
	}
	return items, more, nil
}

func (s *Service) handCancel(ctx context.Context, ref EnvRef, id string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), startTimeout)
	defer cancel()
	if err := s.workflows.Cancel(ctx, ref, QueueItem{Kind: QueueDeployment, ID: id}); err != nil {
		s.log.Warn("cancel did not reach the workflow; the reconciler will repeat it", "deployment", id, "error", err)
	}
}
