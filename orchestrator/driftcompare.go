package orchestrator

import (
	"context"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/engine/objectdiff"
)

// compareForDrift fills in what a scan finds.
func (s *Service) compareForDrift(ctx context.Context, env *Environment, scan *DriftScan, ignored []IgnoredField, ask ResourceDrift) error {
	if err := s.requireAtRest(ctx, env.Ref()); err != nil {
		return err
	}
	entries, err := s.store.ListInventory(ctx, env.Ref())
	if err != nil {
		return err
	}
	scan.BaseID = newestDelivered(entries)
	scan.Checked, scan.Drifted, scan.Results, scan.Message = 0, 0, nil, ""
	refused := s.compareDelivered(ctx, env, scan, ignored)
	if refused != nil && (CodeOf(refused) != CodeUnprocessable || scan.BaseID == "" || ask == nil) {
		return refused
	}
	asked, err := s.compareResources(ctx, scan, ignored, ask)
	if err != nil {
		return err
	}
	if refused != nil && !asked {
		return refused
	}
	if err := s.requireAtRest(ctx, env.Ref()); err != nil { // what began meanwhile may be what was found
		return err
	}
	if slices.ContainsFunc(scan.Results, func(r DriftResult) bool { return r.State == DriftStateUnknown }) {
		scan.Message = "some resources could not be looked at; each says why"
	}
	if refused != nil {
		scan.Message = strings.TrimSuffix("only resources were looked at: "+refused.Error()+"; "+scan.Message, "; ")
	}
	return nil
}

// compareDelivered asks the cluster about what was delivered to it.
func (s *Service) compareDelivered(ctx context.Context, env *Environment, scan *DriftScan, ignored []IgnoredField) error {
	resources, err := s.store.ListActiveResources(ctx, env.Ref())
	if err != nil {
		return err
	}
	target, hidden, err := targetFor(s.keeper, env, resources)
	if err != nil {
		return asUnprocessable(err)
	}
	cluster := s.clusters[target.Type]
	if cluster == nil {
		return Errorf(CodeUnprocessable, "environment %q is delivered to a target of type %q, which cannot be asked what is there", env.ID, target.Type)
	}
	if scan.BaseID == "" {
		return Errorf(CodeUnprocessable, "nothing was delivered to environment %q yet", env.ID)
	}
	objects, err := s.expectedObjects(ctx, env.Ref(), scan.BaseID)
	if err != nil {
		return asUnprocessable(err)
	}
	if hidden, err = s.hiddenValues(ctx, env.Ref(), hidden); err != nil {
		return err
	}
	found, err := cluster.Compare(ctx, CompareRequest{Target: target, Objects: objects, Secrets: hidden})
	if err != nil {
		return err
	}
	scan.Checked += len(objects)
	for _, c := range found {
		scan.add("kubernetes", c, ignored)
	}
	return nil
}

// add records what was found of an object, unless all of it is to be ignored.
func (s *DriftScan) add(source string, c ObjectComparison, ignored []IgnoredField) {
	result, drifted := driftOf(c, ignored)
	if result == nil {
		return
	}
	result.Source = source
	s.Results = append(s.Results, *result)
	if drifted {
		s.Drifted++
	}
}

// driftOf is what a scan records of an object, nil when all its differences are
// to be ignored; drifted is false when it could not be looked at.
func driftOf(c ObjectComparison, ignored []IgnoredField) (result *DriftResult, drifted bool) {
	if ignoredWhole(c, ignored) {
		return nil, false
	}
	out := &DriftResult{
		From: c.From, APIVersion: c.APIVersion, Kind: c.Kind, Namespace: c.Namespace, Name: c.Name,
		State: c.State, Message: c.Message,
	}
	if c.State != ObjectChanged {
		return out, c.State == ObjectMissing
	}
	for _, change := range c.Changes {
		if !ignoredField(c, change, ignored) {
			out.Changes = append(out.Changes, change)
		}
	}
	if len(out.Changes) == 0 {
		return nil, false
	}
	return out, true
}

func ignoredWhole(c ObjectComparison, ignored []IgnoredField) bool {
	for _, i := range ignored {
		if i.Path == "" && (i.Kind == "" || i.Kind == c.Kind) && (i.Name == "" || i.Name == c.Name) {
			return true
		}
	}
	return false
}

func ignoredField(c ObjectComparison, change objectdiff.Change, ignored []IgnoredField) bool {
	if c.Autoscaled && change.Path == "/spec/replicas" {
		return true
	}
	for _, path := range c.IgnoredPaths {
		if objectdiff.Under(change.Path, path) {
			return true
		}
	}
	for _, i := range ignored {
		if i.Path != "" && (i.Kind == "" || i.Kind == c.Kind) && (i.Name == "" || i.Name == c.Name) && objectdiff.Under(change.Path, i.Path) {
			return true
		}
	}
	return false
}
