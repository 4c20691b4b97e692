package orchestrator

import (
	"context"
	"log/slog"
)

// resources brings the destruction of resources forward: dependants first, one
// order at a time, those that are stuck at growing intervals. Teardown takes
// care of those of an environment that goes as a whole.
func (r *Reconciler) resources(ctx context.Context) error {
	deleting, err := r.store.DeletingResources(ctx, reconcileBatch)
	if err != nil {
		return err
	}
	all := map[EnvRef][]ActiveResource{}
	for i := range deleting {
		res := &deleting[i]
		ref := EnvRef{OrgID: res.OrgID, AppID: res.AppID, EnvID: res.EnvID}
		if _, seen := all[ref]; !seen {
			if all[ref], err = r.resourcesOf(ctx, ref); err != nil {
				r.log.Warn("resource deletions not reconciled", "environment", ref.String(), "error", err)
			}
		}
		if err := r.resource(ctx, ref, all[ref], res); err != nil {
			r.log.Warn("resource deletion not reconciled", "environment", ref.String(), "resource", res.Key.String(), "error", err)
		}
	}
	return nil
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

// resource hands over the order to destroy one resource, unless it is with the
// queue already, and orders it again when the last order came to nothing.
func (r *Reconciler) resource(ctx context.Context, ref EnvRef, all []ActiveResource, res *ActiveResource) error {
	if len(all) == 0 {
		return nil
	}
	if by := dependantOf(all, res.GUResID); by != nil {
		if why := waitingFor(by); res.StatusMessage != why {
			res.StatusMessage, res.UpdatedAt = why, r.now()
			return ignoreStale(r.store.UpdateActiveResource(ctx, res))
		}
		return nil
	}
	state, err := r.workflows.State(ctx, ref, ResourceItem(res))
	if err != nil || state == WorkflowQueued || state == WorkflowRunning {
		return err
	}
	if state == WorkflowClosed {
		if r.now().Sub(res.DeletionAt) < deletionRetry(res) {
			return nil
		}
		orderDeletion(res, r.now())
		if err := r.store.UpdateActiveResource(ctx, res); err != nil {
			return ignoreStale(err) // somebody else was here
		}
	}
	r.log.InfoContext(ctx, "starting the destruction of a resource", slog.String("environment", ref.String()),
		slog.String("resource", res.Key.String()), slog.String("guresid", res.GUResID), slog.Int("order", res.Deletions))
	return r.workflows.Enqueue(ctx, ref, ResourceItem(res))
}

// ignoreStale takes it for no error that a row was changed or removed meanwhile.
func ignoreStale(err error) error {
	if IsConflict(err) || IsNotFound(err) {
		return nil
	}
	return err
}
