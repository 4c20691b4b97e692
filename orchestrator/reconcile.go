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

	keepSchedules bool              // somebody keeps the schedules here
	scheduled     time.Time         // when all of them were compared with the records
	pipelines     PipelineWorkflows // nil = nobody carries out runs of pipelines here
	service       *Service          // with schedules and pipelines

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
	// All of them: one long queue must not hide the others.
	open, err := r.store.AllUnfinishedDeployments(ctx, r.now().Add(-reconcileGrace), 0)
	if err != nil {
		return err
	}
	queues := map[EnvRef][]Deployment{}
	for _, d := range open {
		queues[d.Ref()] = append(queues[d.Ref()], d)
	}
	for ref, deployments := range queues {
		r.queue(ctx, ref, deployments)
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
	return errors.Join(r.resources(ctx), r.operations(ctx), r.schedules(ctx), r.orders(ctx), r.received(ctx), r.deliveries(ctx), r.lifetimes(ctx), r.spinUps(ctx),
		r.promotions(ctx), r.plans(ctx), r.runs(ctx), r.pushes(ctx))
}

// queue brings the deployments of one environment right, oldest first. Of those
// that wait it asks for the first and the last only: a queue that knows both
// knows those between, and asking for each would cost more than the queue.
func (r *Reconciler) queue(ctx context.Context, ref EnvRef, open []Deployment) {
	known := false
	for i := range open {
		d := &open[i]
		if known && d.StartedAt == nil && d.EnqueuedAt != nil && i < len(open)-1 {
			continue
		}
		waits, err := r.deployment(ctx, d)
		if err != nil {
			r.log.Warn("deployment not reconciled", "environment", ref.String(), "deployment", d.ID, "error", err)
			continue
		}
		known = known || waits
	}
}

// deployment brings one deployment right; waits says that the queue has it and
// has not begun with it.
func (r *Reconciler) deployment(ctx context.Context, d *Deployment) (waits bool, err error) {
	item := QueueItem{Kind: QueueDeployment, ID: d.ID, Policy: QueuePolicyQueue}
	state, err := r.workflows.State(ctx, d.Ref(), item)
	if err != nil {
		return false, err
	}
	switch {
	case state == WorkflowRunning && d.CancelRequestedAt != nil:
		return false, r.workflows.Cancel(ctx, d.Ref(), item)
	case state == WorkflowQueued || state == WorkflowRunning:
		return state == WorkflowQueued && d.StartedAt == nil, nil
	case d.StartedAt == nil:
		r.log.Info("starting a deployment that was committed and is not with the queue", "environment", d.Ref().String(), "deployment", d.ID)
		return true, r.handover().give(ctx, d.Ref(), item)
	case r.now().Sub(d.StatusChangedAt) < lostGrace:
		return false, nil
	}
	return false, r.closeLost(ctx, d, state)
}

func (r *Reconciler) handover() handover {
	return handover{store: r.store, workflows: r.workflows, now: r.now}
}

// closeLost ends a deployment whose workflow was terminated or forgotten: as
// cancelled when that was asked for, otherwise as failed.
func (r *Reconciler) closeLost(ctx context.Context, listed *Deployment, state WorkflowState) error {
	return r.store.InTx(ctx, func(ctx context.Context) error {
		if _, err := r.store.LockEnvironment(ctx, listed.Ref()); err != nil {
			return err
		}
		d, err := r.store.GetDeployment(ctx, listed.Ref(), listed.ID)
		if err != nil || d.Status.Terminal() {
			return err
		}
		outcome, errs := OutcomeFailed, []DeploymentError{lostError()}
		if d.CancelRequestedAt != nil {
			outcome, errs = OutcomeCancelled, []DeploymentError{cancelledError(), lostError()}
		}
		r.log.Warn("closing a deployment whose workflow is gone", "deployment", d.ID, "workflow", state, "outcome", outcome)
		if err := r.closer.skipOpenNodes(ctx, DeploymentKey{EnvRef: d.Ref(), ID: d.ID}); err != nil {
			return err
		}
		d.Phase = "done"
		return r.closer.close(ctx, d, outcome, errs)
	})
}

func lostError() DeploymentError {
	return DeploymentError{
		Scope: "deployment", Code: "DEP-LOST", ErrorType: "internal",
		Summary: "the workflow of this deployment is gone",
		Message: "the workflow ended without a result (terminated by hand, or Temporal lost its data); what it had made is recorded, deploy again to go on",
	}
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
	return r.handover().give(ctx, env.Ref(), item)
}

// TeardownItem is the queue item that takes the environment down. There is one
// teardown of an environment at a time; the time of its creation tells it from
// a later environment with the same id.
func TeardownItem(env *Environment) QueueItem {
	id := fmt.Sprintf("%s-%x", env.Ref(), env.CreatedAt.UnixNano())
	return QueueItem{Kind: QueueTeardown, ID: id, Policy: QueuePolicyQueue}
}
