package drivers

import (
	"fmt"
	"sort"
	"strings"
	"sync"
)

// Registry holds the drivers that really run on this server, beside the
// catalogue of those that are known by name only. It is safe for concurrent use.
type Registry struct {
	mu        sync.RWMutex
	drivers   map[string]registered
	aliases   map[string]string
	catalogue map[string]Descriptor
}

type registered struct {
	descriptor Descriptor
	driver     Driver
}

// NewRegistry returns a registry with the public catalogue and no driver that runs.
func NewRegistry() *Registry {
	r := &Registry{
		drivers:   map[string]registered{},
		aliases:   map[string]string{},
		catalogue: map[string]Descriptor{},
	}
	for _, d := range publicCatalogue() {
		r.catalogue[d.ID] = d
	}
	return r
}

// Register makes a driver available under its id and aliases. An id or alias
// that already runs something is an error.
func (r *Registry) Register(d Descriptor, drv Driver) error {
	if d.ID == "" || drv == nil {
		return fmt.Errorf("register driver %q: an id and an implementation are needed", d.ID)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, name := range append([]string{d.ID}, d.Aliases...) {
		if owner, taken := r.aliases[name]; taken {
			return fmt.Errorf("register driver %q: the name %q already belongs to %q", d.ID, name, owner)
		}
	}
	for _, name := range append([]string{d.ID}, d.Aliases...) {
		r.aliases[name] = d.ID
	}
	r.drivers[d.ID] = registered{descriptor: d.clone(), driver: drv}
	return nil
}

// Get returns the driver that runs under an id or alias.
func (r *Registry) Get(id string) (Driver, Descriptor, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	reg, ok := r.drivers[r.aliases[id]]
	if !ok {
		return nil, Descriptor{}, false
	}
	return reg.driver, reg.descriptor.clone(), true
}

// Resolve is Get with the error to show: permanent, naming the id, what is
// available, and, for an id that is not in the catalogue either, the closest spelling.
func (r *Registry) Resolve(id string) (Driver, Descriptor, error) {
	if drv, d, ok := r.Get(id); ok {
		return drv, d, nil
	}
	return nil, Descriptor{}, r.unavailable(id)
}

// List returns the drivers that run here, sorted by id.
func (r *Registry) List() []Descriptor {
	r.mu.RLock()
	defer r.mu.RUnlock()
	out := make([]Descriptor, 0, len(r.drivers))
	for _, reg := range r.drivers {
		out = append(out, reg.descriptor.clone())
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}

// Known reports whether a definition may name this id: it runs here or is in the catalogue.
func (r *Registry) Known(id string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if _, ok := r.aliases[id]; ok {
		return true
	}
	_, ok := r.catalogue[id]
	return ok
}

// Catalogue returns every known driver, also those that do not run here, sorted by id.
func (r *Registry) Catalogue() []Descriptor {
	r.mu.RLock()
	defer r.mu.RUnlock()
	byID := make(map[string]Descriptor, len(r.catalogue)+len(r.drivers))
	for id, d := range r.catalogue {
		byID[id] = d.clone()
	}
	for id, reg := range r.drivers {
		byID[id] = reg.descriptor.clone()
	}
	out := make([]Descriptor, 0, len(byID))
	for id, d := range byID {
		if owner, isAlias := r.aliases[id]; isAlias && owner != id {
			continue
		}
		out = append(out, d)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}

// CheckKnown returns nil for a known id and otherwise the error that points to
// the closest spelling. It is what validation of a definition uses.
func (r *Registry) CheckKnown(id string) error {
	if r.Known(id) {
		return nil
	}
	return r.unavailable(id)
}

func (r *Registry) unavailable(id string) *Error {
	available := ids(r.List())
	here := strings.Join(available, ", ")
	if here == "" {
		here = "none"
	}
	if r.Known(id) {
		r.mu.RLock()
		instead := r.catalogue[id].Instead
		r.mu.RUnlock()
		if instead != "" {
			return &Error{Code: CodeNotAvailable, Permanent: true, Message: fmt.Sprintf(
				"driver %q is known but does not run on this server; use instead: %s. Drivers here: %s", id, instead, here)}
		}
		return &Error{Code: CodeNotAvailable, Permanent: true, Message: fmt.Sprintf(
			"driver %q is known but does not run on this server; drivers here: %s. Enable it or let the definition use another driver", id, here)}
	}
	msg := fmt.Sprintf("driver %q is not known", id)
	if near := Closest(id, ids(r.Catalogue())); near != "" {
		msg += fmt.Sprintf("; did you mean %q?", near)
	}
	return &Error{Code: CodeNotAvailable, Permanent: true, Message: msg + "; drivers here: " + here}
}

func ids(ds []Descriptor) []string {
	out := make([]string, 0, len(ds))
	for _, d := range ds {
		out = append(out, d.ID)
		out = append(out, d.Aliases...)
	}
	return out
}
