package orchestrator

import (
	"context"
	"fmt"
	"slices"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/engine/manifest"
)

// A resource that nothing asks for any more, or that another one has replaced, is
// kept until it is destroyed. What it brought to the target as manifests leaves
// with the next delivery, but for objects that hold data: those stay as long as it
// exists, so that a rollback finds the data, and a deployment that fails after its
// delivery has taken nothing away for good.

// dataManifests are those manifests of a resource that bring an object which
// holds data. One that is no legal manifest is reported when it is rendered.
func dataManifests(all []drivers.Manifest) []drivers.Manifest {
	return slices.DeleteFunc(slices.Clone(all), func(m drivers.Manifest) bool {
		objects, err := objectsOf(m, "", "")
		return err != nil || !slices.ContainsFunc(objects, manifest.HoldsData)
	})
}

// objectsOf are the objects that a manifest brings to namespace or cluster.
func objectsOf(m drivers.Manifest, from, namespace string) ([]manifest.Object, error) {
	if m.Location != "namespace" && m.Location != "cluster" {
		return nil, nil
	}
	return manifest.FromResource(manifest.Manifest{Location: m.Location, Data: m.Data, From: from}, namespace)
}

// keptObjects are the objects that hold the data of resources which are no part of
// the deployment and still exist. Only what was brought to this target is there
// to be kept, in the namespace that it was brought to, and what the deployment
// brings itself comes first.
func (d *Deployer) keptObjects(ctx context.Context, run *deploymentRun, request DeliveryRequest) ([]manifest.Object, error) {
	taken, deployed := map[string]bool{}, map[string]bool{}
	for _, o := range request.Objects {
		taken[o.Ref()] = true
	}
	for i := range run.nodes {
		deployed[run.nodes[i].GUResID] = true
	}
	all, err := everything(ctx, d.store, run.key.EnvRef)
	if err != nil {
		return nil, err
	}
	var out []manifest.Object
	for i := range all {
		r := &all[i]
		if !holds(r) || deployed[r.GUResID] {
			continue
		}
		sealed, err := d.openResource(r)
		if err != nil {
			return nil, err
		}
		objects, err := sealed.dataObjects(r)
		if err != nil { // it was never delivered like that either
			d.logLine(ctx, run.dep.OrgID, run.dep.ID, r.Key.String(), "warn", "what holds its data cannot be read: "+err.Error())
		}
		for _, o := range objects {
			for _, e := range request.Previous {
				if kept := o.as(e); kept != nil && !taken[kept.Ref()] {
					taken[kept.Ref()] = true
					out = append(out, *kept)
				}
			}
		}
	}
	return append(out, keptNamespaces(out, taken, request.Previous)...), nil
}

// keptNamespaces are the namespaces that objects are kept in and that the
// deployment does not bring: a repository without them would take them away, and
// what is in them.
func keptNamespaces(kept []manifest.Object, taken map[string]bool, previous []InventoryEntry) []manifest.Object {
	var out []manifest.Object
	for _, o := range kept {
		for _, e := range previous {
			if e.APIVersion != "v1" || e.Kind != "Namespace" || e.Name != o.Namespace() {
				continue
			}
			namespace := manifest.Object{From: o.From, Kept: true, Tree: map[string]any{
				"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": e.Name}}}
			if !taken[namespace.Ref()] {
				taken[namespace.Ref()] = true
				out = append(out, namespace)
			}
		}
	}
	return out
}

// dataObject is an object that holds data; one without a namespace goes to that
// of the environment, or belongs to the cluster.
type dataObject struct{ manifest.Object }

// is reports whether an entry of the inventory may be this object.
func (o dataObject) is(e InventoryEntry) bool {
	return o.APIVersion() == e.APIVersion && o.Kind() == e.Kind && o.Name() == e.Name && (o.Namespace() == "" || o.Namespace() == e.Namespace)
}

// as is the object that an entry of the inventory names, nil when it is another.
func (o dataObject) as(e InventoryEntry) *manifest.Object {
	if !o.is(e) {
		return nil
	}
	tree := drivers.CloneMap(o.Tree)
	if metadata, ok := tree["metadata"].(map[string]any); ok && e.Namespace != "" {
		metadata["namespace"] = e.Namespace
	}
	return &manifest.Object{Tree: tree, From: o.From, Kept: true}
}

// dataObjects are the objects that hold the data of a resource.
func (s sealedResource) dataObjects(r *ActiveResource) ([]dataObject, error) {
	var out []dataObject
	for _, m := range s.Manifests {
		objects, err := objectsOf(m, r.Key.String(), "")
		if err != nil {
			return nil, err
		}
		for _, o := range objects {
			if manifest.HoldsData(o) {
				out = append(out, dataObject{o})
			}
		}
	}
	return out, nil
}

// keepData adds to a delivery what holds the data of resources that are kept.
func (d *Deployer) keepData(ctx context.Context, run *deploymentRun, request *DeliveryRequest) error {
	kept, err := d.keptObjects(ctx, run, *request)
	if err != nil || len(kept) == 0 {
		return err
	}
	for _, o := range kept {
		d.logLine(ctx, run.dep.OrgID, run.dep.ID, o.From, "info", fmt.Sprintf(
			"%s %s stays with the data of %s, which is no part of this deployment and is not destroyed yet", o.Kind(), o.Name(), o.From))
	}
	request.Objects = append(request.Objects, kept...)
	manifest.Sort(request.Objects)
	return nil
}

// letGo forgets what holds the data of a resource that is detached: it is left
// where it is, in a cluster that Slipway delivers to itself. What cannot be
// read holds up nobody who wants to get rid of the record.
func (s *Service) letGo(ctx context.Context, r *ActiveResource) error {
	sealed, err := openSealed(s.keeper, r)
	var objects []dataObject
	if err == nil {
		objects, err = sealed.dataObjects(r)
	}
	if err != nil {
		s.log.WarnContext(ctx, "what holds the data of a detached resource cannot be read", "resource", r.Key.String(), "guresid", r.GUResID, "error", err)
		return nil
	}
	inventory, err := s.store.ListInventory(ctx, EnvRef{OrgID: r.OrgID, AppID: r.AppID, EnvID: r.EnvID})
	if err != nil {
		return err
	}
	left := slices.DeleteFunc(inventory, func(e InventoryEntry) bool {
		return !slices.ContainsFunc(objects, func(o dataObject) bool { return o.is(e) })
	})
	if len(left) == 0 {
		return nil
	}
	return s.store.DeleteInventory(ctx, left)
}
