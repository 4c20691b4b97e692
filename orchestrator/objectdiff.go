package orchestrator

import (
	"context"
	"slices"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/objectdiff"
	"github.com/slipway-dev/slipway/engine/placeholder"
)

// openObjects reads what Render stored, with its secrets sealed again.
func openObjects(ctx context.Context, store Store, keeper Keeper, key DeploymentKey) ([]manifest.Object, error) {
	stored, err := store.GetManifests(ctx, key.OrgID, key.ID)
	if err != nil {
		return nil, err
	}
	var list []storedObject
	if err := unsealWith(keeper, manifestAD(key), stored.Sealed, &list); err != nil {
		return nil, err
	}
	out := make([]manifest.Object, 0, len(list))
	for _, o := range list {
		secret := make(map[string]bool, len(o.Secrets))
		for _, p := range o.Secrets {
			secret[p] = true
		}
		tree, _ := sealAt(o.Tree, "", secret).(map[string]any)
		out = append(out, manifest.Object{Tree: tree, From: o.From, Deploy: o.Deploy})
	}
	return out, nil
}

// States of an object between two deployments, beside ObjectChanged.
const (
	ObjectAdded   = "added"
	ObjectRemoved = "removed"
)

// ObjectsDiff is how the objects of an environment differ.
type ObjectsDiff struct {
	FromID  string // the deployment that is compared from; "" = the cluster, or nothing
	ToID    string // the deployment that is compared with
	Objects []ObjectComparison
}

// DiffDeployments tells what a deployment brought that another one had not, and
// the other way round. from "" is the newest earlier one that was rendered.
// Secrets are only said to have changed.
func (s *Service) DiffDeployments(ctx context.Context, ref EnvRef, from, to string) (*ObjectsDiff, error) {
	if _, err := s.GetDeployment(ctx, ref, to); err != nil {
		return nil, err
	}
	after, err := s.rendered(ctx, ref, to)
	if err != nil {
		return nil, err
	}
	var before []manifest.Object
	if from == "" {
		from, before, err = s.renderedBefore(ctx, ref, to)
	} else if _, err = s.store.GetDeployment(ctx, ref, from); err == nil {
		before, err = s.rendered(ctx, ref, from)
	}
	if err != nil {
		return nil, asInvalid(err, "from")
	}
	return &ObjectsDiff{FromID: from, ToID: to, Objects: diffObjects(before, after)}, nil
}

// rendered are the objects of a deployment; one that did not get as far is a conflict.
func (s *Service) rendered(ctx context.Context, ref EnvRef, id string) ([]manifest.Object, error) {
	objects, err := openObjects(ctx, s.store, s.keeper, DeploymentKey{EnvRef: ref, ID: id})
	if IsNotFound(err) {
		return nil, Conflictf("deployment %s has rendered no objects, so there is nothing to compare", id)
	}
	return objects, err
}

// renderedBefore finds the newest deployment before one that was rendered; none is no error.
func (s *Service) renderedBefore(ctx context.Context, ref EnvRef, id string) (string, []manifest.Object, error) {
	var (
		before  string
		objects []manifest.Object
	)
	err := eachDeployment(ctx, s.store, ref, func(d *Deployment) (bool, error) {
		if d.ID >= id {
			return true, nil
		}
		found, err := openObjects(ctx, s.store, s.keeper, DeploymentKey{EnvRef: ref, ID: d.ID})
		if IsNotFound(err) {
			return true, nil
		}
		before, objects = d.ID, found
		return false, err
	})
	return before, objects, err
}

// diffObjects compares what two deployments rendered, in the order of the second, then of what is gone.
func diffObjects(before, after []manifest.Object) []ObjectComparison {
	old := make(map[string]manifest.Object, len(before))
	for _, o := range before {
		old[o.Ref()] = o
	}
	out := []ObjectComparison{}
	for _, o := range after {
		was, there := old[o.Ref()]
		delete(old, o.Ref())
		if !there {
			out = append(out, comparisonOf(o, ObjectAdded))
			continue
		}
		if changes := objectdiff.Compare(was.Tree, o.Tree, objectdiff.Options{Hide: hideSealed(was, o)}); len(changes) > 0 {
			c := comparisonOf(o, ObjectChanged)
			c.Changes = changes
			out = append(out, c)
		}
	}
	for _, o := range before {
		if _, gone := old[o.Ref()]; gone {
			out = append(out, comparisonOf(o, ObjectRemoved))
		}
	}
	return out
}

func comparisonOf(o manifest.Object, state string) ObjectComparison {
	return ObjectComparison{
		From: o.From, APIVersion: o.APIVersion(), Kind: o.Kind(), Namespace: o.Namespace(), Name: o.Name(), State: state,
	}
}

// hideSealed hides what is sealed in either object, and what repeats it.
func hideSealed(objects ...manifest.Object) func(string, any) bool {
	var texts []string
	for _, o := range objects {
		texts = append(texts, sealedTexts(o.Tree)...)
	}
	repeats := objectdiff.Hiding(texts)
	return func(path string, v any) bool { return len(sealedTexts(v)) > 0 || repeats(path, v) }
}

// sealedTexts lists the secrets below v.
func sealedTexts(v any) []string {
	var out []string
	switch t := v.(type) {
	case placeholder.Secret:
		texts := stringLeaves(map[string]any{"": placeholder.Reveal(t)})
		return append(texts, "") // that there is one counts, too
	case map[string]any:
		for _, child := range t {
			out = append(out, sealedTexts(child)...)
		}
	case []any:
		for _, child := range t {
			out = append(out, sealedTexts(child)...)
		}
	}
	return out
}

// DiffLive tells what delivering a deployment again would change in the cluster:
// what somebody changed there by hand, and for an earlier deployment also what
// has been deployed since. id "" is the deployment that was delivered last.
func (s *Service) DiffLive(ctx context.Context, ref EnvRef, id string) (*ObjectsDiff, error) {
	if err := s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	env, err := s.store.GetEnvironment(ctx, ref)
	if err != nil {
		return nil, err
	}
	resources, err := s.store.ListActiveResources(ctx, ref)
	if err != nil {
		return nil, err
	}
	target, hidden, err := targetFor(s.keeper, env, resources)
	if err != nil {
		return nil, err
	}
	cluster := s.clusters[target.Type]
	if cluster == nil {
		return nil, Conflictf("environment %q is delivered to a target of type %q, which cannot be asked what is there", ref.EnvID, target.Type)
	}
	entries, err := s.store.ListInventory(ctx, ref)
	if err != nil {
		return nil, err
	}
	if id == "" {
		id = newestDelivered(entries)
	}
	if id == "" {
		return nil, Conflictf("nothing was delivered to environment %q yet", ref.EnvID)
	}
	if _, err := s.store.GetDeployment(ctx, ref, id); err != nil {
		return nil, err
	}
	objects, err := s.rendered(ctx, ref, id)
	if err != nil {
		return nil, err
	}
	if hidden, err = s.hiddenValues(ctx, ref, hidden); err != nil {
		return nil, err
	}
	if err := holdPaused(ctx, s.store, ref, objects); err != nil {
		return nil, err
	}
	found, err := cluster.Compare(ctx, CompareRequest{Target: target, Objects: objects, Secrets: hidden})
	if err != nil {
		return nil, err
	}
	return &ObjectsDiff{ToID: id, Objects: append(found, superfluous(objects, entries)...)}, nil
}

// superfluous is what was brought and is not among the objects: a delivery would
// remove it. Namespaces, and what holds data, stay.
func superfluous(objects []manifest.Object, entries []InventoryEntry) []ObjectComparison {
	var out []ObjectComparison
	for _, e := range entries {
		o := manifest.Object{Tree: map[string]any{
			"apiVersion": e.APIVersion, "kind": e.Kind, "metadata": map[string]any{"name": e.Name, "namespace": e.Namespace},
		}}
		wanted := slices.ContainsFunc(objects, func(w manifest.Object) bool {
			return w.Kind() == e.Kind && w.APIVersion() == e.APIVersion && w.Name() == e.Name && (w.Namespace() == e.Namespace || w.Namespace() == "")
		})
		if !wanted && e.Kind != "Namespace" && !manifest.HoldsData(o) {
			out = append(out, comparisonOf(o, ObjectRemoved))
		}
	}
	return out
}
