package orchestrator

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/slipway-dev/slipway/engine/resource"
)

// reserve decides which resource a node of a deployment is, and stores its
// GUResID before anybody uses it. A resource that was to be destroyed is not any
// more: should the deployment fail, it is still there for the next one.
//
// guresid is the one that a new resource was planned with, "" for any.
func (d *Deployer) reserve(ctx context.Context, p *places, env *Environment, n *Node, inPlace bool, guresid string) (*ActiveResource, error) {
	chosen, _ := p.choose(n.Key, inPlace, func(r *ActiveResource) bool { return d.fits(r, n) })
	if chosen != nil {
		return chosen, d.withdrawDeletion(ctx, chosen)
	}
	next := newResource(env, n, d.now())
	if guresid != "" {
		next.GUResID = guresid
	}
	if p.active[n.Key.Normalized()] == nil {
		return d.store.ReserveResource(ctx, next)
	}
	return next, d.store.AddRetiredResource(ctx, next)
}

// withdrawDeletion takes back the order to destroy a resource. One that is
// retired is ordered again by the next deployment that succeeds without it.
func (d *Deployer) withdrawDeletion(ctx context.Context, r *ActiveResource) error {
	if r.Status != ResourceDeleting {
		return nil
	}
	r.Status, r.StatusMessage, r.ScheduledDeletion, r.UpdatedAt = ResourceActive, "", r.Retired, d.now()
	if r.DeployID == "" {
		r.Status = ResourcePending
	}
	return d.store.UpdateActiveResource(ctx, r)
}

// fits reports whether a resource can be updated by the node as it is planned
// now. What no driver ever made fits everything.
func (d *Deployer) fits(r *ActiveResource, n *Node) bool {
	if !holds(r) {
		return true
	}
	return r.DefID == n.DefID && d.sameDriver(r.DriverType, n.DriverType)
}

// sameDriver sees through aliases.
func (d *Deployer) sameDriver(a, b string) bool {
	if a == b {
		return true
	}
	_, one, known := d.drivers.Get(a)
	_, other, alsoKnown := d.drivers.Get(b)
	return known && alsoKnown && one.ID == other.ID
}

// settle stores a resource that was just provisioned as the one that its key
// stands for, and returns the one that it has replaced, nil when there is none.
// The replaced one is kept with all that its destruction needs, because the
// workloads that run still use it: it goes when this deployment, or a later
// one, has succeeded, unless that takes it back into use.
func (d *Deployer) settle(ctx context.Context, res *ActiveResource) (replaced *ActiveResource, err error) {
	if !res.Retired {
		return nil, d.store.UpdateActiveResource(ctx, res)
	}
	ref := EnvRef{OrgID: res.OrgID, AppID: res.AppID, EnvID: res.EnvID}
	former, err := d.store.GetActiveResource(ctx, ref, res.Key)
	if err != nil && !IsNotFound(err) {
		return nil, err
	}
	if err == nil {
		if former.DefID == res.DefID {
			// A pin belongs to key and definition.
			res.TargetDefVersionID, former.TargetDefVersionID = former.TargetDefVersionID, ""
		}
		if err := d.retire(ctx, ref, former); err != nil {
			return nil, err
		}
		if holds(former) {
			replaced = former
		}
	}
	res.Retired = false
	return replaced, d.store.UpdateActiveResource(ctx, res)
}

func (d *Deployer) retire(ctx context.Context, ref EnvRef, r *ActiveResource) error {
	if !holds(r) {
		return d.store.DeleteActiveResource(ctx, ref, r.GUResID)
	}
	r.Retired, r.ScheduledDeletion, r.UpdatedAt = true, true, d.now()
	return d.store.UpdateActiveResource(ctx, r)
}

// sayReplaced tells people and operators that a resource took the place of another.
func (d *Deployer) sayReplaced(ctx context.Context, n *Node, replaced *ActiveResource) {
	if replaced == nil {
		return
	}
	d.logLine(ctx, n.OrgID, n.DeploymentID, n.Key.String(), "info", fmt.Sprintf(
		"%s takes the place of %s, which definition %s made with %s; that one is destroyed once a deployment has succeeded",
		n.GUResID, replaced.GUResID, orNone(replaced.DefID), orNone(replaced.DriverType)))
	d.log.InfoContext(ctx, "resource replaced", slog.String("deployment", n.DeploymentID), slog.String("resource", n.Key.String()),
		slog.String("guresid", n.GUResID), slog.String("replaced", replaced.GUResID), slog.String("definition", replaced.DefID))
	d.observe("resource", replaced.DriverType, "retired")
}

// scheduleRetired orders the destruction of what is retired in an environment, at
// the end of a deployment that has succeeded with the resources in its place; what
// was stuck is due again. Where the deployment has not asked for the key at all,
// nothing has moved over: what a rollback would find stays. The reconciler hands
// the work to the queue. It runs in the transaction that ends the deployment.
func (d *Deployer) scheduleRetired(ctx context.Context, key DeploymentKey) error {
	retired, err := d.store.ListRetiredResources(ctx, key.EnvRef)
	if err != nil || len(retired) == 0 {
		return err
	}
	nodes, err := d.store.ListNodes(ctx, key.OrgID, key.ID)
	if err != nil {
		return err
	}
	deployed := make(map[resource.Key]bool, len(nodes))
	for i := range nodes {
		deployed[nodes[i].Key.Normalized()] = true
	}
	for i := range retired {
		r := &retired[i]
		if !holds(r) {
			if err := d.store.DeleteActiveResource(ctx, key.EnvRef, r.GUResID); err != nil {
				return err
			}
			continue
		}
		if r.Status != ResourceDeleting && !deployed[r.Key.Normalized()] {
			continue
		}
		orderDeletion(r, d.now())
		if err := d.store.UpdateActiveResource(ctx, r); err != nil {
			return err
		}
	}
	return nil
}
