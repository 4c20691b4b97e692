package orchestrator

import (
	"context"
	"errors"
	"log/slog"

	"github.com/slipway-dev/slipway/engine/resource"
)

// ImpactRequest is a change of one definition to try. Exactly one of Definition,
// Patch, VersionID and Delete is given, or Criteria alone; Criteria may also come
// with Definition, Patch or VersionID.
type ImpactRequest struct {
	DefID string // may be left out with Definition
	// Definition creates the definition, or replaces it when it exists. Its
	// Criteria count only for a new one; use Criteria for the other.
	Definition *DefinitionRequest
	Patch      *DefinitionPatch
	VersionID  string               // promote
	Criteria   *[]resource.Criteria // replace all
	Delete     bool
}

// What would become of a resource.
const (
	ImpactCreate    = "create"    // it appears, or is made for the first time
	ImpactUpdate    = "update"    // its driver is called with something else; the GUResID stays
	ImpactInPlace   = "in_place"  // another definition or driver takes it over; the GUResID stays (in_place_driver_change)
	ImpactReplace   = "replace"   // a new one is made, the old one is destroyed after the deployment succeeded
	ImpactTakeBack  = "take_back" // one that was replaced, and is not destroyed yet, is taken back into use; that in its place is destroyed
	ImpactRemove    = "remove"    // nothing asks for it any more; what exists stays until it is deleted
	ImpactUnmatched = "unmatched" // no definition is left for it; the deployment would fail
	ImpactIdle      = "idle"      // it exists, the current set does not need it; needed again it would get another definition
)

// Impact is what a change of a definition would do at the next deployment of
// each environment.
type Impact struct {
	DefID        string
	Type         string
	Examined     int // environments of the organization that have been deployed to
	Environments []EnvironmentImpact
	// Hidden counts what is in applications that the caller may not see.
	HiddenEnvironments, HiddenResources int
}

// EnvironmentImpact is what would change in one environment.
type EnvironmentImpact struct {
	AppID, EnvID, EnvType string
	// Fails says that the next deployment could not be planned, and could before;
	// Repaired the other way round. Problems are those that the change brings.
	Fails, Repaired bool
	Problems        []string
	Resources       []ResourceImpact // by key
}

// ResourceImpact is what would become of one resource. From is what it has now,
// or would get without the change; To what it would get with it.
type ResourceImpact struct {
	Key      resource.Key
	Action   string
	GUResID  string // "" when it does not exist
	From, To ImpactSide
	Reason   string
}

// ImpactSide is by what a resource is made.
type ImpactSide struct{ DefID, DefVersionID, DriverType string }

// errDry rolls a transaction back that was only tried.
var errDry = errors.New("only tried")

// DefinitionImpact tells what a change of a definition would do, and does
// nothing: the graph of every environment is built with the definitions as they
// are and as they would be. Changes that would be refused are refused here, with
// the same words, but for conflicts that force overrides.
func (s *Service) DefinitionImpact(ctx context.Context, org string, req ImpactRequest) (*Impact, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	id, err := req.check()
	if err != nil {
		return nil, err
	}
	before, after, err := s.tryDefinitions(ctx, org, func(ctx context.Context) error { return s.applyTrial(ctx, org, id, req) })
	if err != nil {
		return nil, err
	}
	types, err := s.store.ListResourceTypes(ctx, org)
	if err != nil {
		return nil, err
	}
	book, err := loadRegisteredDrivers(ctx, s.store, org)
	if err != nil {
		return nil, err
	}
	defaults := book.defaults(s.drivers.Defaults)
	run := &impactRun{
		s: s, made: s.madeBy(book), defID: id, old: findByID(before, id), next: findByID(after, id), visible: map[string]bool{},
		before: newGraphSource(before, types, defaults), after: newGraphSource(after, types, defaults),
	}
	start := s.now()
	found, err := run.all(ctx, org)
	if err == nil {
		s.log.InfoContext(ctx, "impact of a definition computed", slog.String("definition", org+"/"+id), slog.Int("examined", found.Examined),
			slog.Int("changed", len(found.Environments)+found.HiddenEnvironments), slog.Duration("took", s.now().Sub(start)))
	}
	return found, err
}

// check demands one change and gives the id of the definition that it is about.
func (r ImpactRequest) check() (string, error) {
	changes := 0
	for _, is := range []bool{r.Definition != nil, r.Patch != nil, r.VersionID != "", r.Delete} {
		changes += ordinal(is)
	}
	id := r.DefID
	if r.Definition != nil {
		if id != "" && r.Definition.ID != "" && r.Definition.ID != id {
			return "", Invalidf("def_id: %q is not the id of the definition, %q", shorten(id), shorten(r.Definition.ID))
		}
		if id == "" {
			id = r.Definition.ID
		}
	}
	switch {
	case id == "":
		return "", Invalidf("def_id: name the definition that would change, or give a definition with an id")
	case changes > 1:
		return "", Invalidf("give one of definition, patch, version_id and delete")
	case changes == 0 && r.Criteria == nil:
		return "", Invalidf("give the change to try: definition, patch, version_id, criteria or delete")
	case r.Delete && r.Criteria != nil:
		return "", Invalidf("a deleted definition has no criteria; give either delete or criteria")
	}
	return id, nil
}

// tryDefinitions makes a change in a transaction that is rolled back, and gives
// the definitions of the organization without and with it. So what is tried is
// what would be done, to the letter. It acts as Slipway itself: nothing stays.
func (s *Service) tryDefinitions(ctx context.Context, org string, change func(ctx context.Context) error) (before, after []Definition, err error) {
	err = s.inTxAgain(ctx, func(ctx context.Context) error {
		if before, err = s.store.ListDefinitions(ctx, org, false); err != nil {
			return err
		}
		if err := change(onTrial(WithActor(ctx, SystemActor))); err != nil {
			return err
		}
		if after, err = s.store.ListDefinitions(ctx, org, false); err != nil {
			return err
		}
		return errDry
	})
	if !errors.Is(err, errDry) {
		return nil, nil, err
	}
	return before, after, nil
}

// applyTrial carries the change out by the use cases that clients have.
func (s *Service) applyTrial(ctx context.Context, org, id string, req ImpactRequest) error {
	var err error
	switch {
	case req.Delete:
		return s.DeleteDefinition(ctx, org, id, true)
	case req.Definition != nil:
		err = s.applyDefinition(ctx, org, id, *req.Definition)
	case req.Patch != nil:
		patch := *req.Patch
		patch.Proposed = false // what it would do once promoted
		_, err = s.PatchDefinition(ctx, org, id, patch)
	case req.VersionID != "":
		err = s.PromoteDefinitionVersion(ctx, org, id, req.VersionID)
	}
	if err != nil || req.Criteria == nil {
		return err
	}
	_, err = s.ReplaceCriteria(ctx, org, id, *req.Criteria)
	return err
}

// applyDefinition creates a definition or replaces the one that is there.
func (s *Service) applyDefinition(ctx context.Context, org, id string, req DefinitionRequest) error {
	req.ID, req.Proposed = id, false
	old, err := s.findDefinition(ctx, org, id, false)
	if IsNotFound(err) {
		_, err = s.CreateDefinition(ctx, org, req)
		return err
	}
	if err != nil {
		return err
	}
	if req.Type != "" && req.Type != old.Type {
		return Invalidf("type: resource definition %q is of type %q, and that cannot change; delete it or use another id", id, old.Type)
	}
	_, err = s.ReplaceDefinition(ctx, org, id, req)
	return err
}

func findByID(definitions []Definition, id string) *Definition {
	for i := range definitions {
		if definitions[i].ID == id {
			return &definitions[i]
		}
	}
	return nil
}
