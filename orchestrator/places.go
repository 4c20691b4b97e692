package orchestrator

import (
	"context"

	"github.com/slipway-dev/slipway/engine/resource"
)

// places are the resources of one environment by key: the one that each key
// stands for, and the retired ones beside it.
type places struct {
	active  map[resource.Key]*ActiveResource
	retired map[resource.Key][]*ActiveResource // oldest first
}

func loadPlaces(ctx context.Context, store Store, ref EnvRef) (*places, error) {
	all, err := everything(ctx, store, ref)
	if err != nil {
		return nil, err
	}
	return placesOf(all), nil
}

// placesOf sorts resources into their places; retired ones are in the order of
// their age.
func placesOf(all []ActiveResource) *places {
	p := &places{active: make(map[resource.Key]*ActiveResource, len(all)), retired: map[resource.Key][]*ActiveResource{}}
	for i := range all {
		r, key := &all[i], all[i].Key.Normalized()
		if r.Retired {
			p.retired[key] = append(p.retired[key], r)
		} else {
			p.active[key] = r
		}
	}
	return p
}

// choose decides which resource a node is, and what that means for it: one of
// ImpactCreate, ImpactUpdate, ImpactInPlace, ImpactReplace and ImpactTakeBack.
// Deployments and what foretells them ask here. It is the one that the key stands
// for, unless another definition or another driver made that: then it is a
// retired one that the same definition and driver made, else a new one, nil when
// nothing is reserved for it yet. inPlace lets the new driver take over what the
// old one made.
//
// Source: "Deprovisioning rules" in the behaviour reference (5.9).
func (p *places) choose(key resource.Key, inPlace bool, fits func(*ActiveResource) bool) (*ActiveResource, string) {
	key = key.Normalized()
	active, retired := p.active[key], p.retired[key]
	if active != nil && holds(active) {
		switch {
		case fits(active) && existed(*active):
			return active, ImpactUpdate
		case fits(active):
			return active, ImpactCreate // its first call has failed
		case inPlace:
			return active, ImpactInPlace
		}
	}
	for i := len(retired) - 1; i >= 0; i-- {
		if holds(retired[i]) && fits(retired[i]) {
			return retired[i], ImpactTakeBack
		}
	}
	switch {
	case active == nil:
		return nil, ImpactCreate
	case !holds(active) && existed(*active):
		return active, ImpactUpdate // no driver has made anything
	case !holds(active):
		return active, ImpactCreate
	}
	for _, r := range retired {
		if !r.Attempted {
			return r, ImpactReplace
		}
	}
	return nil, ImpactReplace
}
