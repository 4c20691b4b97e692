package orchestrator

import (
	"context"
	"time"
)

// startTimeout bounds the hand-over to the workflow engine after the commit;
// what it misses the reconciler does.
const startTimeout = 3 * time.Second

// handOver gives committed work to the queue without failing the request.
// Deployments that were accepted before but have not been handed over yet go
// first, so that the queue's order is the order of acceptance.
func (s *Service) handOver(ctx context.Context, ref EnvRef, item QueueItem) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), startTimeout)
	defer cancel()
	items, err := s.acceptedBefore(ctx, ref, item)
	if err == nil {
		err = handOver(ctx, s.store, s.workflows, s.now, ref, append(items, item))
	}
	if err != nil {
		s.log.Warn("hand-over to the environment's queue failed; the reconciler will repeat it",
			"environment", ref.String(), "kind", item.Kind, "id", item.ID, "error", err)
	}
}

// handOver enqueues items and remembers of deployments that it did, so that
// nobody hands them over again.
func handOver(ctx context.Context, store Store, workflows Workflows, now func() time.Time, ref EnvRef, items []QueueItem) error {
	if err := workflows.Enqueue(ctx, ref, items...); err != nil {
		return err
	}
	return store.InTx(ctx, func(ctx context.Context) error {
		if _, err := store.LockEnvironment(ctx, ref); err != nil {
			return err
		}
		for _, item := range items {
			if item.Kind != QueueDeployment {
				continue
			}
			d, err := store.GetDeployment(ctx, ref, item.ID)
			if err != nil {
				return err
			}
			if d.EnqueuedAt != nil {
				continue
			}
			at := now()
			d.EnqueuedAt = &at
			if err := store.UpdateDeployment(ctx, d); err != nil {
				return err
			}
		}
		return nil
	})
}

// maxHandOver bounds how many items one hand-over carries; the reconciler does
// the rest.
const maxHandOver = 200

// acceptedBefore lists the deployments that precede the item and have not been
// handed over.
func (s *Service) acceptedBefore(ctx context.Context, ref EnvRef, item QueueItem) ([]QueueItem, error) {
	open, err := s.store.UnfinishedDeployments(ctx, ref)
	if err != nil {
		return nil, err
	}
	var out []QueueItem
	for _, d := range open {
		if item.Kind == QueueDeployment && d.ID >= item.ID || len(out) == maxHandOver {
			break
		}
		if d.EnqueuedAt != nil {
			continue
		}
		out = append(out, QueueItem{Kind: QueueDeployment, ID: d.ID, Policy: QueuePolicyQueue})
	}
	return out, nil
}

func (s *Service) handCancel(ctx context.Context, ref EnvRef, id string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), startTimeout)
	defer cancel()
	if err := s.workflows.Cancel(ctx, ref, QueueItem{Kind: QueueDeployment, ID: id}); err != nil {
		s.log.Warn("cancel did not reach the workflow; the reconciler will repeat it", "deployment", id, "error", err)
	}
}
