package orchestrator

import (
	"context"
	"slices"

	"github.com/slipway-dev/slipway/engine/resource"
)

// places are the resources of one environment by key: the one that each key
// stands for, and the retired ones beside it.
type places struct {
	active  map[resource.Key]*ActiveResource
	retired map[resource.Key][]*ActiveResource // oldest first
	// used are the GUResIDs that the deployment which succeeded last has used, of
	// those keys only that have a retired resource which may be it.
	used map[resource.Key]string
}

func loadPlaces(ctx context.Context, store Store, ref EnvRef) (*places, error) {
	all, err := everything(ctx, store, ref)
	if err != nil {
		return nil, err
	}
	return placesOf(ctx, store, ref, all)
}

// placesOf sorts the resources of an environment into their places; retired ones
// are in the order of their age.
func placesOf(ctx context.Context, store Store, ref EnvRef, all []ActiveResource) (*places, error) {
	p := &places{active: make(map[resource.Key]*ActiveResource, len(all)), retired: map[resource.Key][]*ActiveResource{}, used: map[resource.Key]string{}}
	for i := range all {
		r, key := &all[i], all[i].Key.Normalized()
		if r.Retired {
			p.retired[key] = append(p.retired[key], r)
		} else {
			p.active[key] = r
		}
	}
	return p, p.findUsed(ctx, store, ref)
}

// findUsed looks up what the last success has used, where that is in question.
func (p *places) findUsed(ctx context.Context, store Store, ref EnvRef) error {
	open := map[resource.Key]bool{}
	for key, retired := range p.retired {
		if slices.ContainsFunc(retired, unreplaced) {
			open[key] = true
		}
	}
	if len(open) == 0 {
		return nil
	}
	return eachDeployment(ctx, store, ref, func(d *Deployment) (bool, error) {
		if d.Status != DeploymentSucceeded {
			return true, nil
		}
		nodes, err := store.ListNodes(ctx, ref.OrgID, d.ID)
		if err != nil {
			return false, err
		}
		for i := range nodes {
			if key := nodes[i].Key.Normalized(); open[key] {
				p.used[key] = nodes[i].GUResID
				delete(open, key)
			}
		}
		return len(open) > 0, nil
	})
}

// choose decides which resource a node is, and what that means for it: one of
// ImpactCreate, ImpactUpdate, ImpactInPlace, ImpactReplace and ImpactTakeBack.
// Deployments and what foretells them ask here. It is the one that the key stands
// for, unless another definition or another driver made that: then it is a
// retired one that the same definition and driver made, else a new one, nil when
// nothing is reserved for it yet. inPlace lets the new driver take over what the
// old one made; see inPlace.
//
// Source: "Deprovisioning rules" in the behaviour reference (5.9).
func (p *places) choose(key resource.Key, inPlace bool, fits func(*ActiveResource) bool) (*ActiveResource, string) {
	key = key.Normalized()
	active, retired := p.active[key], p.retired[key]
	if inPlace {
		if chosen, action := p.inPlace(key, fits); chosen != nil {
			return chosen, action
		}
	}
	switch {
	case active == nil:
		return p.another(retired, ImpactCreate, fits)
	case !holds(active):
		// No driver has made anything: it becomes whatever fits.
		if chosen, action := p.another(retired, ImpactCreate, fits); chosen != nil && action == ImpactTakeBack {
			return chosen, action
		}
		return active, updateOf(active)
	case fits(active):
		return active, updateOf(active)
	}
	return p.another(retired, ImpactReplace, fits)
}

// updateOf is the action for a resource that stays what it is; one whose first
// call has failed is still to be made.
func updateOf(r *ActiveResource) string {
	if existed(*r) {
		return ImpactUpdate
	}
	return ImpactCreate
}

// inPlace chooses for a definition that takes over in place: what is taken over
// is what the deployment that succeeded last has used, as its data is meant. After
// a failed replacement that is the retired original, whether or not its
// successor was made. nil when nothing is there to be taken over.
func (p *places) inPlace(key resource.Key, fits func(*ActiveResource) bool) (*ActiveResource, string) {
	for _, r := range p.retired[key] {
		if r.GUResID != p.used[key] || !unreplaced(r) {
			continue
		}
		if fits(r) {
			return r, ImpactTakeBack
		}
		return r, ImpactInPlace
	}
	if active := p.active[key]; active != nil && holds(active) && !fits(active) {
		return active, ImpactInPlace
	}
	return nil, ""
}

// unreplaced reports whether a retired resource was provisioned, and no
// deployment has succeeded with the one in its place since: that success would
// have ordered its destruction.
func unreplaced(r *ActiveResource) bool {
	return r.Retired && holds(r) && r.DeployID != "" && r.DeletionAt.IsZero()
}

// another chooses what is not the one that the key stands for: a retired one that
// was provisioned by the same definition and driver, else a successor whose first
// call has failed or has not come yet, else a new one (nil).
func (p *places) another(retired []*ActiveResource, action string, fits func(*ActiveResource) bool) (*ActiveResource, string) {
	for _, r := range slices.Backward(retired) { // the newest first
		if holds(r) && r.DeployID != "" && fits(r) {
			return r, ImpactTakeBack
		}
	}
	for _, r := range slices.Backward(retired) {
		if holds(r) && fits(r) {
			return r, action
		}
	}
	for _, r := range retired {
		if !r.Attempted {
			return r, action
		}
	}
	return nil, action
}
