package orchestrator

import (
	"context"
	"log/slog"
)

// queuedDeletions bounds how many destructions of resources wait in the queue of
// one environment; the others follow when those are done.
const queuedDeletions = 50

// resources brings the destruction of resources forward: dependants first, one
// order at a time, those that are stuck at growing intervals. Teardown takes
// care of those of an environment that goes as a whole.
func (r *Reconciler) resources(ctx context.Context) error {
	deleting, err := r.store.DeletingResources(ctx, reconcileBatch)
	if err != nil {
		return err
	}
	byEnv := map[EnvRef][]*ActiveResource{}
	for i := range deleting {
		ref := EnvRef{OrgID: deleting[i].OrgID, AppID: deleting[i].AppID, EnvID: deleting[i].EnvID}
		byEnv[ref] = append(byEnv[ref], &deleting[i])
	}
	for ref, resources := range byEnv {
		if err := r.deletions(ctx, ref, resources); err != nil {
			r.log.Warn("resource deletions not reconciled", "environment", ref.String(), "error", err)
		}
	}
	return nil
}

// deletions hands over the orders of one environment that are not with its queue.
func (r *Reconciler) deletions(ctx context.Context, ref EnvRef, deleting []*ActiveResource) error {
	all, err := r.resourcesOf(ctx, ref)
	if err != nil || len(all) == 0 {
		return err
	}
	queued := 0
	var items []QueueItem
	for _, res := range deleting {
		if queued+len(items) >= queuedDeletions {
			break
		}
		state, err := r.resource(ctx, ref, all, res)
		switch {
		case err != nil:
			r.log.Warn("resource deletion not reconciled", "environment", ref.String(), "resource", res.Key.String(), "error", err)
		case state == WorkflowQueued || state == WorkflowRunning:
			queued++
		case state == WorkflowUnknown:
			items = append(items, ResourceItem(res))
		}
	}
	if len(items) == 0 {
		return nil
	}
	return r.handover().give(ctx, ref, items...)
}

// resourcesOf lists all resources of an environment, none when it goes as a whole.
func (r *Reconciler) resourcesOf(ctx context.Context, ref EnvRef) ([]ActiveResource, error) {
	env, err := r.store.GetEnvironment(ctx, ref)
	if IsNotFound(err) || err == nil && env.Status == StatusDeleting {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return everything(ctx, r.store, ref)
}

// resource tells what became of the order to destroy one resource, and orders it
// again when that came to nothing: WorkflowUnknown means that the order has to
// be handed over, WorkflowClosed that there is nothing to do now.
func (r *Reconciler) resource(ctx context.Context, ref EnvRef, all []ActiveResource, res *ActiveResource) (WorkflowState, error) {
	if by := dependantOf(all, res.GUResID); by != nil {
		if why := waitingFor(by); res.StatusMessage != why {
			res.StatusMessage, res.UpdatedAt = why, r.now()
			return WorkflowClosed, ignoreStale(r.store.UpdateActiveResource(ctx, res))
		}
		return WorkflowClosed, nil
	}
	state, err := r.workflows.State(ctx, ref, ResourceItem(res))
	if err != nil || state == WorkflowQueued || state == WorkflowRunning {
		return state, err
	}
	if state == WorkflowClosed {
		if r.now().Sub(res.DeletionAt) < deletionRetry(res) {
			return state, nil
		}
		orderDeletion(res, r.now())
		if err := r.store.UpdateActiveResource(ctx, res); err != nil {
			return WorkflowClosed, ignoreStale(err) // somebody else was here
		}
	}
	r.log.InfoContext(ctx, "starting the destruction of a resource", slog.String("environment", ref.String()),
		slog.String("resource", res.Key.String()), slog.String("guresid", res.GUResID), slog.Int("order", res.Deletions))
	return WorkflowUnknown, nil
}

// ignoreStale takes it for no error that a row was changed or removed meanwhile.
func ignoreStale(err error) error {
	if IsConflict(err) || IsNotFound(err) {
		return nil
	}
	return err
}
