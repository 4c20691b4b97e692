package orchestrator

import (
	"context"
	"time"
)

// toldAgain is after how long the workflow engine is told again of a delivery
// that is still pending: its workflow repeats attempts for hours, but may be gone.
const toldAgain = 10 * time.Minute

// WithBackground makes the reconciler start webhook deliveries and automation
// that were committed but not handed over.
func (r *Reconciler) WithBackground(b Background) *Reconciler {
	r.background = b
	return r
}

// deliveries hands over webhook deliveries that nobody was told of.
func (r *Reconciler) deliveries(ctx context.Context) error {
	if r.background == nil {
		return nil
	}
	now := r.now()
	stale, err := r.store.StaleDeliveries(ctx, now.Add(-reconcileGrace), now.Add(-toldAgain), reconcileBatch)
	if err != nil || len(stale) == 0 {
		return err
	}
	return outbox{store: r.store, background: r.background, now: r.now, log: r.log}.handOver(ctx, stale)
}

// pushes hands over pushed images where a deployment is admitted now.
func (r *Reconciler) pushes(ctx context.Context) error {
	if r.background == nil {
		return nil
	}
	refs, err := r.store.EnvironmentsWithPushes(ctx, r.now().Add(-reconcileGrace), reconcileBatch)
	if err != nil {
		return err
	}
	for _, ref := range refs {
		env, err := r.store.GetEnvironment(ctx, ref)
		if IsNotFound(err) {
			continue
		}
		if err != nil {
			return err
		}
		waiting, err := r.store.UnfinishedDeployments(ctx, ref)
		if err != nil {
			return err
		}
		if admissible(env, waiting, 0) != nil || refusePaused(ctx, r.store, env) != nil {
			continue // held; a later round asks again
		}
		if until, err := frozenUntil(ctx, r.store, r.now(), env); err != nil || until != nil {
			if err != nil {
				return err
			}
			continue
		}
		if err := r.background.ApplyPushes(ctx, ref, 0); err != nil {
			return err
		}
	}
	return nil
}
