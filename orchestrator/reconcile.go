package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Reconciler keeps records and workflows in step. It starts what was committed
// while the workflow engine was away, orders the destruction of resources that
// are stuck again, repeats cancel requests that did not get
// through, and closes rows whose workflow is gone. Any number of processes may
// run it: everything it does is harmless when done twice.
type Reconciler struct {
	store     Store
	workflows Workflows
	now       func() time.Time
	log       *slog.Logger
	closer    closer

	background Background // nil = nobody starts webhooks and automation here
}

// NewReconciler builds a Reconciler; now and log may be nil.
func NewReconciler(store Store, workflows Workflows, now func() time.Time, log *slog.Logger) *Reconciler {
	if now == nil {
		now = time.Now
	}
	if log == nil {
		log = slog.Default()
	}
	utc := func() time.Time { return now().UTC() }
	return &Reconciler{store: store, workflows: workflows, now: utc, log: log, closer: closer{store: store, now: utc}}
}

const (
	reconcileGrace = 5 * time.Second  // younger rows are still being handed over
	lostGrace      = 30 * time.Second // how long a started row may be without a workflow
	reconcileBatch = 500
)

// Run reconciles every interval until ctx ends. The first round is immediate.
func (r *Reconciler) Run(ctx context.Context, interval time.Duration) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		if err := r.Once(ctx); err != nil && ctx.Err() == nil {
			r.log.Warn("reconciling failed; the next round tries again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Once does one round.
func (r *Reconciler) Once(ctx context.Context) error {
	if err := r.workflows.Ready(ctx); err != nil {
		return err
	}
	open, err := r.store.AllUnfinishedDeployments(ctx, r.now().Add(-reconcileGrace), reconcileBatch)
	if err != nil {
		return err
	}
	for i := range open {
		if err := r.deployment(ctx, &open[i]); err != nil {
			r.log.Warn("deployment not reconciled", "deployment", open[i].ID, "error", err)
		}
	}
	deleting, err := r.store.DeletingEnvironments(ctx, reconcileBatch)
	if err != nil {
		return err
	}
	for i := range deleting {
		if err := r.teardown(ctx, &deleting[i]); err != nil {
			r.log.Warn("environment deletion not reconciled", "environment", deleting[i].Ref().String(), "error", err)
		}
	}
	return errors.Join(r.resources(ctx), r.deliveries(ctx), r.pushes(ctx))
}

func (r *Reconciler) deployment(ctx context.Context, d *Deployment) error {
	item := QueueItem{Kind: QueueDeployment, ID: d.ID, Policy: QueuePolicyQueue}
	state, err := r.workflows.State(ctx, d.Ref(), item)
	if err != nil {
		return err
	}
	switch {
	case state == WorkflowRunning && d.CancelRequestedAt != nil:
		return r.workflows.Cancel(ctx, d.Ref(), item)
	case state == WorkflowQueued || state == WorkflowRunning:
		return nil
	case d.StartedAt == nil:
		r.log.Info("starting a deployment that was committed but not handed over", "deployment", d.ID)
		return handOver(ctx, r.store, r.workflows, r.now, d.Ref(), []QueueItem{item})
	case r.now().Sub(d.StatusChangedAt) < lostGrace:
		return nil
	}
	return r.closeLost(ctx, d, state)
}

// closeLost ends a deployment whose workflow was terminated or forgotten.
func (r *Reconciler) closeLost(ctx context.Context, d *Deployment, state WorkflowState) error {
	return r.store.InTx(ctx, func(ctx context.Context) error {
		if _, err := r.store.LockEnvironment(ctx, d.Ref()); err != nil {
			return err
		}
		now, err := r.store.GetDeployment(ctx, d.Ref(), d.ID)
		if err != nil || now.Status.Terminal() {
			return err
		}
		r.log.Warn("closing a deployment whose workflow is gone", "deployment", d.ID, "workflow", state)
		return r.closer.close(ctx, now, OutcomeFailed, []DeploymentError{{
			Scope: "deployment", Code: "DEP-LOST", ErrorType: "internal",
			Summary: "the workflow of this deployment is gone",
			Message: "the workflow ended without a result (terminated by hand, or Temporal lost its data); what it had made is recorded, deploy again to go on",
		}})
	})
}

func (r *Reconciler) teardown(ctx context.Context, env *Environment) error {
	if r.now().Sub(env.StatusChangedAt) < reconcileGrace {
		return nil
	}
	item := TeardownItem(env)
	state, err := r.workflows.State(ctx, env.Ref(), item)
	if err != nil || state == WorkflowQueued || state == WorkflowRunning {
		return err
	}
	r.log.Info("starting the deletion of an environment again", "environment", env.Ref().String(), "workflow", state)
	return r.workflows.Enqueue(ctx, env.Ref(), item)
}

// TeardownItem is the queue item that takes the environment down. There is one
// teardown of an environment at a time; the time of its creation tells it from
// a later environment with the same id.
func TeardownItem(env *Environment) QueueItem {
	id := fmt.Sprintf("%s-%x", env.Ref(), env.CreatedAt.UnixNano())
	return QueueItem{Kind: QueueTeardown, ID: id, Policy: QueuePolicyQueue}
}
