package orchestrator

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/slipway-dev/slipway/engine/manifest"
)

// OperationApplied tells the workflow of an operation how it goes on.
type OperationApplied struct {
	Over  bool // nothing is left to do
	Watch bool // the cluster can tell when it is ready
}

// ApplyOperation carries out what an operation asks for. Repeated after a crash
// it goes on from there.
func (d *Deployer) ApplyOperation(ctx context.Context, ref EnvRef, id string) (OperationApplied, error) {
	op, err := d.beginOperation(ctx, ref, id)
	if err != nil || op == nil {
		return OperationApplied{Over: op == nil && err == nil}, err
	}
	place, err := d.placeOf(ctx, ref)
	if err != nil {
		return OperationApplied{}, err
	}
	found, err := place.controllers(ctx, op)
	if err != nil {
		return OperationApplied{}, err
	}
	switch op.Kind {
	case OperationPause:
		err = d.pause(ctx, place, op, found)
	case OperationResume:
		err = d.resume(ctx, place, op, found)
	case OperationScale:
		err = place.each(found, func(c Controller) error {
			return place.cluster.SetReplicas(ctx, place.target, c, op.Replicas[c.Workload])
		})
	case OperationRestart:
		err = place.each(found, func(c Controller) error {
			return place.cluster.Restart(ctx, place.target, c, op.CreatedAt.Format(time.RFC3339))
		})
	}
	_, watch := place.delivery.(Watcher)
	return OperationApplied{Watch: watch && len(found) > 0}, err
}

// beginOperation records that an operation has begun; nil when there is nothing to begin.
func (d *Deployer) beginOperation(ctx context.Context, ref EnvRef, id string) (*Operation, error) {
	var op *Operation
	err := d.store.InTx(ctx, func(ctx context.Context) error {
		op = nil
		env, err := d.store.LockEnvironment(ctx, ref)
		if err != nil {
			return err
		}
		found, err := d.store.GetOperation(ctx, ref, id)
		if err != nil || found.Status.Terminal() {
			return err
		}
		if env.Status == StatusDeleting {
			return endOperation(ctx, d.store, found, OperationCancelled, "the environment is being deleted", d.now())
		}
		op = found
		if op.StartedAt != nil {
			return nil
		}
		at := d.now()
		op.Status, op.StartedAt, op.StatusChangedAt = OperationInProgress, &at, at
		return d.store.UpdateOperation(ctx, op)
	})
	if IsNotFound(err) { // the environment is gone, and its records with it
		return nil, nil
	}
	return op, err
}

// place is where an environment runs, and what was brought there.
type place struct {
	target   Target
	delivery Delivery
	cluster  Cluster
	entries  []InventoryEntry
	hidden   []string // secret outputs of its resources
}

// placeOf finds where an environment runs.
func (d *Deployer) placeOf(ctx context.Context, ref EnvRef) (*place, error) {
	env, err := d.store.GetEnvironment(ctx, ref)
	if err != nil {
		return nil, err
	}
	resources, err := d.store.ListActiveResources(ctx, ref)
	if err != nil {
		return nil, err
	}
	p := &place{}
	if p.target, p.hidden, err = targetFor(d.keeper, env, resources); err != nil {
		return nil, asUnprocessable(err)
	}
	p.delivery = d.targets[p.target.Type]
	cluster, ok := p.delivery.(Cluster)
	if !ok {
		return nil, asUnprocessable(notOperable(env.ID, p.target.Type))
	}
	p.cluster = cluster
	_, url, err := p.delivery.Identify(p.target)
	if err != nil {
		return nil, err
	}
	p.entries, err = d.inventoryAt(ctx, ref, url)
	return p, err
}

// asUnprocessable makes of a conflict, which may pass, a failure that repeating does not cure.
func asUnprocessable(err error) error {
	if IsConflict(err) {
		return Errorf(CodeUnprocessable, "%s", err.Error())
	}
	return err
}

// controllers are those that an operation is about.
func (p *place) controllers(ctx context.Context, op *Operation) ([]Controller, error) {
	all, err := p.cluster.Controllers(ctx, p.target, p.entries)
	if err != nil {
		return nil, err
	}
	kinds := "Deployment, StatefulSet or DaemonSet"
	if op.Kind != OperationRestart {
		kinds = "Deployment or StatefulSet"
		all = slices.DeleteFunc(all, func(c Controller) bool { return !c.Scalable() })
	}
	wanted := op.Workloads
	if op.Kind == OperationScale {
		wanted = sortedNames(op.Replicas)
	}
	for _, workload := range wanted {
		if !slices.ContainsFunc(all, func(c Controller) bool { return c.Workload == workload }) {
			return nil, Errorf(CodeUnprocessable, "workload %q has no %s in the cluster", workload, kinds)
		}
	}
	if len(wanted) > 0 {
		all = slices.DeleteFunc(all, func(c Controller) bool { return !slices.Contains(wanted, c.Workload) })
	}
	if op.Kind == OperationRestart && len(wanted) == 0 {
		all = slices.DeleteFunc(all, func(c Controller) bool { return c.Workload == "" }) // what resources brought is theirs
	}
	for _, c := range all {
		if op.Kind == OperationScale && c.Autoscaler != "" {
			return nil, asUnprocessable(autoscaled(c))
		}
	}
	return all, nil
}

// each goes through controllers and stops at the first that fails.
func (p *place) each(all []Controller, do func(c Controller) error) error {
	for _, c := range all {
		if err := do(c); err != nil {
			return err
		}
	}
	return nil
}

// pause remembers how many replicas there are, then scales everything to nothing.
// What was remembered once is not overwritten: an earlier attempt may have
// scaled some already.
func (d *Deployer) pause(ctx context.Context, p *place, op *Operation, all []Controller) error {
	err := d.store.InTx(ctx, func(ctx context.Context) error {
		if _, err := d.store.LockEnvironment(ctx, op.Ref()); err != nil {
			return err
		}
		pause, err := d.store.GetPause(ctx, op.Ref())
		if err != nil {
			return err
		}
		if pause.Replicas == nil {
			pause.Replicas = map[string]int{}
		}
		for _, c := range all {
			if _, known := pause.Replicas[c.ID()]; !known {
				pause.Replicas[c.ID()] = c.Replicas
			}
		}
		pause.Applied = true
		return d.store.UpdatePause(ctx, pause)
	})
	if err != nil {
		return err
	}
	return p.each(all, func(c Controller) error { return p.cluster.SetReplicas(ctx, p.target, c, 0) })
}

// resume brings back what there was. What was deployed first while the
// environment was paused gets what it asks for.
func (d *Deployer) resume(ctx context.Context, p *place, op *Operation, all []Controller) error {
	pause, err := d.store.GetPause(ctx, op.Ref())
	if IsNotFound(err) {
		return nil // an earlier attempt came to its end
	}
	if err != nil {
		return err
	}
	asked, err := d.askedReplicas(ctx, op.Ref(), p.entries)
	if err != nil {
		return err
	}
	err = p.each(all, func(c Controller) error {
		n, known := pause.Replicas[c.ID()]
		if !known {
			n = asked[c.ID()]
		}
		if !known && n == 0 {
			n = max(c.Replicas, 1)
		}
		return p.cluster.SetReplicas(ctx, p.target, c, n)
	})
	if err != nil {
		return err
	}
	if err := d.store.DeletePause(ctx, op.Ref()); err != nil && !IsNotFound(err) {
		return err
	}
	return nil
}

// askedReplicas are the numbers that the objects delivered last ask for, by
// Controller.ID; those that ask for none are left out.
func (d *Deployer) askedReplicas(ctx context.Context, ref EnvRef, entries []InventoryEntry) (map[string]int, error) {
	out := map[string]int{}
	objects, _, err := d.deliveredObjects(ctx, ref, entries)
	if err != nil {
		return nil, err
	}
	for _, o := range objects {
		spec, _ := o.Tree["spec"].(map[string]any)
		if n, ok := asInt(spec["replicas"]); ok && isScalable(o) {
			out[Controller{Kind: o.Kind(), Namespace: o.Namespace(), Name: o.Name()}.ID()] = n
		}
	}
	return out, nil
}

// deliveredObjects are what the newest deployment that reached the target
// rendered, and its id; none when nothing was delivered.
func (d *Deployer) deliveredObjects(ctx context.Context, ref EnvRef, entries []InventoryEntry) ([]manifest.Object, string, error) {
	id := newestDelivered(entries)
	if id == "" {
		return nil, "", nil
	}
	objects, err := d.loadObjects(ctx, DeploymentKey{EnvRef: ref, ID: id})
	if IsNotFound(err) {
		return nil, id, nil
	}
	return objects, id, err
}

func newestDelivered(entries []InventoryEntry) string {
	id := ""
	for _, e := range entries {
		id = max(id, e.DeploymentID)
	}
	return id
}

func asInt(v any) (int, bool) {
	switch n := v.(type) {
	case int:
		return n, true
	case int64:
		return int(n), true
	case float64:
		return int(n), true
	}
	return 0, false
}

// isScalable reports whether an object has replicas of its own.
func isScalable(o manifest.Object) bool {
	return o.APIVersion() == "apps/v1" && (o.Kind() == "Deployment" || o.Kind() == "StatefulSet")
}

// holdPaused lets what is delivered to a paused environment have no replicas. It
// concerns deployments that were accepted before the pause and run after it.
func holdPaused(ctx context.Context, store OperateStore, ref EnvRef, objects []manifest.Object) error {
	pause, err := store.GetPause(ctx, ref)
	if IsNotFound(err) || err == nil && !pause.Applied {
		return nil
	}
	if err != nil {
		return err
	}
	for _, o := range objects {
		spec, ok := o.Tree["spec"].(map[string]any)
		if ok && isScalable(o) && !o.Kept {
			spec["replicas"] = 0
		}
	}
	return nil
}

// WatchOperation waits until what an operation changed is ready.
func (d *Deployer) WatchOperation(ctx context.Context, ref EnvRef, id string) error {
	op, err := d.store.GetOperation(ctx, ref, id)
	if err != nil {
		return err
	}
	place, err := d.placeOf(ctx, ref)
	if err != nil {
		return err
	}
	watcher, ok := place.delivery.(Watcher)
	if !ok {
		return nil
	}
	found, err := place.controllers(ctx, op)
	if err != nil {
		return err
	}
	request := DeliveryRequest{Target: place.target, DeploymentID: op.ID, Secrets: place.hidden}
	for _, c := range found {
		request.Objects = append(request.Objects, c.object())
	}
	if err := watcher.Watch(ctx, request); err != nil {
		if CodeOf(err) == CodeUnavailable || ctx.Err() != nil {
			return err
		}
		return Errorf(CodeUnprocessable, "it was changed, but is not ready: %s", err.Error())
	}
	return nil
}

// FinishOperation gives an operation its terminal status. Called again it does nothing.
func (d *Deployer) FinishOperation(ctx context.Context, ref EnvRef, id string, status OperationStatus, failure string) error {
	var op *Operation
	err := d.store.InTx(ctx, func(ctx context.Context) error {
		if _, err := d.store.LockEnvironment(ctx, ref); err != nil {
			return err
		}
		var err error
		if op, err = d.store.GetOperation(ctx, ref, id); err != nil || op.Status.Terminal() {
			return err
		}
		message := failure
		switch status {
		case OperationSucceeded:
			message = ""
		case OperationCancelled:
			message = "cancelled; what it had changed by then stays"
		}
		return endOperation(ctx, d.store, op, status, message, d.now())
	})
	if IsNotFound(err) {
		return nil // the environment went away meanwhile, and its records with it
	}
	if err != nil {
		return err
	}
	d.outbox.flush(ctx, ref.OrgID, ref.AppID)
	d.observe("operation", string(op.Kind), string(op.Status))
	d.log.InfoContext(ctx, "operation finished", slog.String("environment", ref.String()), slog.String("operation", op.ID),
		slog.String("what", op.describe()), slog.String("status", string(op.Status)), slog.String("message", op.Message))
	return nil
}

// operationItems lists the operations of an environment that run, which a new
// queue has to wait for.
func (h handover) operationItems(ctx context.Context, ref EnvRef) ([]QueueItem, error) {
	open, err := h.store.UnfinishedOperations(ctx, ref)
	if err != nil {
		return nil, err
	}
	var out []QueueItem
	for i := range open {
		if open[i].StartedAt == nil {
			continue
		}
		item := open[i].item()
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

// operations brings operations forward that nobody has told the queue of, and
// closes those whose workflow is gone.
func (r *Reconciler) operations(ctx context.Context) error {
	open, err := r.store.AllUnfinishedOperations(ctx, r.now().Add(-reconcileGrace), reconcileBatch)
	if err != nil {
		return err
	}
	for i := range open {
		if err := r.operation(ctx, &open[i]); err != nil {
			r.log.Warn("operation not reconciled", "environment", open[i].Ref().String(), "operation", open[i].ID, "error", err)
		}
	}
	return nil
}

func (r *Reconciler) operation(ctx context.Context, op *Operation) error {
	state, err := r.workflows.State(ctx, op.Ref(), op.item())
	if err != nil {
		return err
	}
	switch {
	case state == WorkflowRunning && op.CancelRequestedAt != nil:
		return r.workflows.Cancel(ctx, op.Ref(), op.item())
	case state == WorkflowQueued || state == WorkflowRunning:
		return nil
	case op.StartedAt == nil && state == WorkflowUnknown:
		r.log.Info("starting an operation that was committed and is not with the queue", "environment", op.Ref().String(), "operation", op.ID)
		return r.handover().give(ctx, op.Ref(), op.item())
	case r.now().Sub(op.StatusChangedAt) < lostGrace:
		return nil
	}
	return r.store.InTx(ctx, func(ctx context.Context) error {
		if _, err := r.store.LockEnvironment(ctx, op.Ref()); err != nil {
			return err
		}
		fresh, err := r.store.GetOperation(ctx, op.Ref(), op.ID)
		if err != nil || fresh.Status.Terminal() {
			return err
		}
		status := OperationFailed
		if fresh.CancelRequestedAt != nil {
			status = OperationCancelled
		}
		r.log.Warn("closing an operation whose workflow is gone", "operation", op.ID, "workflow", state)
		return endOperation(ctx, r.store, fresh, status,
			fmt.Sprintf("its workflow ended without a result (%s); what it had changed by then stays", state), r.now())
	})
}
