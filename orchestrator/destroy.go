package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/slipway-dev/slipway/drivers"
)

// destroyAtOnce bounds how many resources of an environment are destroyed in
// parallel.
const destroyAtOnce = 8

// everything lists all resources of an environment, retired ones last.
func everything(ctx context.Context, store Store, ref EnvRef) ([]ActiveResource, error) {
	active, err := store.ListActiveResources(ctx, ref)
	if err != nil {
		return nil, err
	}
	retired, err := store.ListRetiredResources(ctx, ref)
	if err != nil {
		return nil, err
	}
	return append(active, retired...), nil
}

// dependantOf finds a resource that was made with the one of that GUResID, nil
// when none is left: dependants are destroyed first. A record that no driver
// stands behind, such as that of a workload, does not hold up anything.
func dependantOf(all []ActiveResource, guresid string) *ActiveResource {
	for i := range all {
		r := &all[i]
		if r.GUResID != guresid && holds(r) && slices.Contains(r.DependsOn, guresid) {
			return r
		}
	}
	return nil
}

// holds reports whether something real may stand behind a record.
func holds(r *ActiveResource) bool { return r.Attempted && r.DriverType != "" }

// destroy calls the driver that made the resource; one that no driver was ever
// called for is only forgotten. Drivers that were to take it over in place and
// failed come first, the last one before the others: each is called with its own
// inputs and cookie, and what one has destroyed is not asked of it again.
func (d *Deployer) destroy(ctx context.Context, res *ActiveResource) error {
	if !holds(res) {
		return nil
	}
	sealed, err := d.openResource(res)
	if err != nil {
		return err
	}
	for _, a := range slices.Backward(sealed.Attempts) {
		if err := d.destroyBy(ctx, res, a.Driver, a.driverTrace); err != nil {
			return fmt.Errorf("what driver %s had begun: %w", a.Driver, err)
		}
		d.log.InfoContext(ctx, "failed takeover destroyed", slog.String("resource", res.Key.String()),
			slog.String("guresid", res.GUResID), slog.String("driver", a.Driver))
		if err := d.forgetAttempt(ctx, res, a.Driver); err != nil {
			return err
		}
	}
	return d.destroyBy(ctx, res, res.DriverType, sealed.driverTrace)
}

// destroyBy has one driver destroy what it made of a resource: the one that the
// record names, never one that was put in its place.
func (d *Deployer) destroyBy(ctx context.Context, res *ActiveResource, driver string, trace driverTrace) error {
	target, err := d.resolveDriver(ctx, res.OrgID, driver)
	if err != nil {
		return err
	}
	if !d.sameDriver(target.id, driver) {
		return &drivers.Error{Code: drivers.CodeChanged, Permanent: true, Message: fmt.Sprintf(
			"driver %s has made it, and %s would destroy it now; give %s the address that it had, or detach the resource", driver, target.id, driver)}
	}
	secrets, err := d.refreshAccount(ctx, res, target, trace.DriverSecrets)
	if err != nil {
		return err
	}
	request := drivers.Request{
		GUResID: res.GUResID, Type: res.Key.Type, Class: res.Key.Class, ID: res.Key.ID,
		Resource: trace.Inputs, Values: trace.DriverValues, Secrets: secrets, Cookie: trace.Cookie,
		OrgID: res.OrgID, AppID: res.AppID, EnvID: res.EnvID, EnvType: res.EnvType, DeploymentID: res.DeployID,
	}
	request.Keep = func(cookie string) error { return d.keepCookie(ctx, res, driver, request, cookie) }
	if err = target.driver.Destroy(ctx, request); err == nil {
		return nil
	}
	redact := d.redactor(append(append(stringLeaves(trace.DriverSecrets), stringLeaves(secrets)...), trace.Cookie)...)
	return errors.New(redact(err.Error()))
}

// destroyAndForget destroys one resource and forgets it, or records with it
// what it is stuck on. Nothing is forgotten before it is gone.
func (d *Deployer) destroyAndForget(ctx context.Context, ref EnvRef, r *ActiveResource) error {
	if err := d.destroy(ctx, r); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		d.observe("resource", r.DriverType, "stuck")
		d.log.WarnContext(ctx, "resource could not be destroyed", slog.String("environment", ref.String()),
			slog.String("resource", r.Key.String()), slog.String("guresid", r.GUResID), slog.String("driver", r.DriverType), slog.Any("error", err))
		return errors.Join(err, d.stuckOn(ctx, r, err.Error()))
	}
	if err := d.store.DeleteActiveResource(ctx, ref, r.GUResID); err != nil && !IsNotFound(err) {
		return err
	}
	d.observe("resource", r.DriverType, "destroyed")
	d.log.InfoContext(ctx, "resource destroyed", slog.String("environment", ref.String()),
		slog.String("resource", r.Key.String()), slog.String("guresid", r.GUResID), slog.Bool("retired", r.Retired))
	return nil
}

// stuckOn records why a resource that is to go is still there.
func (d *Deployer) stuckOn(ctx context.Context, r *ActiveResource, why string) error {
	if r.Status == ResourceDeleting && r.StatusMessage == why {
		return nil
	}
	r.Status, r.StatusMessage, r.ScheduledDeletion, r.UpdatedAt = ResourceDeleting, why, true, d.now()
	return d.store.UpdateActiveResource(ctx, r)
}

// demolition is the destruction of all resources of an environment.
type demolition struct {
	left  map[string]*ActiveResource
	order []string // of the list, so that the outcome does not depend on timing
	stuck []string // GUResIDs, in the order in which they failed
	why   map[string]error
}

// destroyResources destroys in reverse dependency order, branches that do not
// depend on each other in parallel, and returns how many are left. One that
// cannot be destroyed holds up only what it was made with.
func (d *Deployer) destroyResources(ctx context.Context, ref EnvRef) (int, error) {
	all, err := everything(ctx, d.store, ref)
	if err != nil {
		return 0, err
	}
	work := &demolition{left: make(map[string]*ActiveResource, len(all)), why: map[string]error{}}
	for i := range all {
		work.left[all[i].GUResID] = &all[i]
		work.order = append(work.order, all[i].GUResID)
	}
	type end struct {
		id  string
		err error
	}
	ended, running := make(chan end, destroyAtOnce), map[string]bool{}
	for {
		for _, id := range work.ready(running) {
			if ctx.Err() != nil || len(running) == destroyAtOnce {
				break
			}
			running[id] = true
			go func(r *ActiveResource) { ended <- end{r.GUResID, d.destroyAndForget(ctx, ref, r)} }(work.left[id])
		}
		if len(running) == 0 {
			break
		}
		e := <-ended
		delete(running, e.id)
		if e.err == nil {
			delete(work.left, e.id)
			continue
		}
		work.stuck, work.why[e.id] = append(work.stuck, e.id), e.err
	}
	if err := ctx.Err(); err != nil {
		return len(work.left), err
	}
	return len(work.left), errors.Join(work.failure(), d.sayWaiting(ctx, work))
}

// ready lists what can be destroyed now: what nothing depends on that is left.
// Records of different deployments may disagree and form a loop; then, when
// nothing else goes on, the first that does not wait for a stuck one is it.
func (w *demolition) ready(running map[string]bool) []string {
	var out, loop []string
	for _, id := range w.order {
		if w.left[id] == nil || running[id] || w.why[id] != nil {
			continue
		}
		if w.dependant(id) == nil {
			out = append(out, id)
		} else if !w.waitsForStuck(id) {
			loop = append(loop, id)
		}
	}
	if len(out) == 0 && len(running) == 0 && len(loop) > 0 {
		return loop[:1]
	}
	return out
}

// dependant is the first resource left that was made with the one of that id.
func (w *demolition) dependant(id string) *ActiveResource {
	for _, other := range w.order {
		r := w.left[other]
		if r == nil || other == id {
			continue
		}
		if slices.Contains(r.DependsOn, id) {
			return r
		}
	}
	return nil
}

// waitsForStuck reports whether a stuck resource was made with the one of that
// id, directly or through others.
func (w *demolition) waitsForStuck(id string) bool {
	held, todo := map[string]bool{}, append([]string(nil), w.stuck...)
	for len(todo) > 0 {
		next := todo[0]
		todo = todo[1:]
		if held[next] || w.left[next] == nil {
			continue
		}
		held[next] = true
		todo = append(todo, w.left[next].DependsOn...)
	}
	return held[id]
}

// failure sums up what is stuck, nil when nothing is.
func (w *demolition) failure() error {
	if len(w.stuck) == 0 {
		return nil
	}
	first := w.left[w.stuck[0]]
	err := fmt.Errorf("resource %s (%s): %w", first.Key.ID, first.Key.Type, w.why[first.GUResID])
	if len(w.left) > 1 {
		return fmt.Errorf("%w; %d resources are left in all, each says why", err, len(w.left))
	}
	return err
}

// sayWaiting records with each resource that is left for the sake of a stuck
// one what it waits for.
func (d *Deployer) sayWaiting(ctx context.Context, w *demolition) error {
	var errs []error
	for _, id := range w.order {
		r := w.left[id]
		if r == nil || w.why[id] != nil {
			continue
		}
		if by := w.dependant(id); by != nil {
			errs = append(errs, d.stuckOn(ctx, r, waitingFor(by)))
		}
	}
	return errors.Join(errs...)
}

func waitingFor(r *ActiveResource) string {
	return fmt.Sprintf("waits for %s (%s), which depends on it", r.Key, r.GUResID)
}
