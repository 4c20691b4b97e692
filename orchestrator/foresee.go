package orchestrator

import (
	"slices"

	"github.com/slipway-dev/slipway/engine/resource"
)

// madeByDefinition reports whether a definition and the driver that does its
// work have made a resource.
type madeByDefinition func(r *ActiveResource, def *resource.Definition) bool

// madeBy is Deployer.fits before anything is deployed. The record names the
// driver that did the work; a definition may name a virtual one before it, or an alias.
func (s *Service) madeBy(book registeredDrivers) madeByDefinition {
	known := s.drivers.List()
	canonical := func(id string) string {
		for _, d := range known {
			if slices.Contains(d.Aliases, id) {
				return d.ID
			}
		}
		return id
	}
	return func(r *ActiveResource, def *resource.Definition) bool {
		to := sideOf(def)
		_, does, err := book.follow(to.DriverType)
		if err != nil {
			does = to.DriverType // as planned; the node says what is wrong when it runs
		}
		return r.DefID == to.DefID && canonical(r.DriverType) == canonical(does)
	}
}

// foresee is choose for a definition that a resource would get; nil = none.
func (p *places) foresee(key resource.Key, next *resource.Definition, made madeByDefinition) (*ActiveResource, string) {
	return p.choose(key, next != nil && next.InPlaceDriverChange, func(r *ActiveResource) bool { return made(r, next) })
}
