package orchestrator

import (
	"context"
	"slices"
)

// ActiveResourceFilter narrows the active resources of an organization; empty
// parts mean all.
type ActiveResourceFilter struct {
	Apps       []string // nil = all
	EnvID      string
	EnvType    string
	Type       string
	Class      string
	Driver     string
	Definition string
	Status     string
	// Text is what the id, type, class, GUResID, application, environment or
	// definition has somewhere in it, whatever its case.
	Text string
	// ScheduledDeletion says whether it is to be deleted; nil = either.
	ScheduledDeletion *bool
	After             *ActiveResourcePlace // of the last one before
	Limit             int
}

// ActiveResourcePlace is where a resource stands in the list of an organization.
type ActiveResourcePlace struct{ AppID, EnvID, GUResID string }

// OrgResourceStore reads active resources over all environments.
type OrgResourceStore interface {
	// ListActiveResourcesIn lists what existed once, retired ones included, by application,
	// environment and GUResID, at most f.Limit, without what is sealed.
	ListActiveResourcesIn(ctx context.Context, org string, f ActiveResourceFilter) ([]ActiveResource, error)
}

// ListOrgResources lists a page of the active resources of an organization, of
// applications that the one who asks may see. more says that there are others:
// go on with After = the place of the last one.
func (s *Service) ListOrgResources(ctx context.Context, org string, f ActiveResourceFilter) (page []ActiveResource, more bool, err error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, false, err
	}
	if len(f.Text) > maxText {
		return nil, false, Invalidf("text: at most %d bytes, got %d", maxText, len(f.Text))
	}
	seen, _ := s.seenApps(ctx, org)
	f.Apps = bothLists(seen, f.Apps)
	limit := f.Limit
	f.Limit++
	found, err := s.store.ListActiveResourcesIn(ctx, org, f)
	if err != nil || len(found) <= limit {
		return found, false, err
	}
	return found[:limit], true, nil
}

// bothLists are the names that are in two lists, of which nil has all.
func bothLists(a, b []string) []string {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return slices.DeleteFunc(slices.Clone(b), func(name string) bool {
		_, found := slices.BinarySearch(a, name)
		return !found
	})
}
