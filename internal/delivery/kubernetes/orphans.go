package kubernetes

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/discovery"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/orchestrator"
)

var _ orchestrator.Clusters = (*Delivery)(nil)

const (
	listPage = 500
	// maxFound bounds the objects of one kind that are looked at.
	maxFound = 10000
)

// copied are kinds to which Kubernetes copies the labels of what they stand for.
var copied = map[schema.GroupKind]bool{
	{Kind: "Endpoints"}: true, {Group: "discovery.k8s.io", Kind: "EndpointSlice"}: true, {Kind: "Event"}: true, {Group: "events.k8s.io", Kind: "Event"}: true,
}

// Labelled asks for the objects of every kind that can be listed and deleted, in the whole cluster or, where the credentials are for
// less, in the namespace of the target. Only their metadata is read.
func (d *Delivery) Labelled(ctx context.Context, t orchestrator.Target) (found []orchestrator.ClusterObject, unread []string, err error) {
	b, err := d.bare(ctx, t)
	if err != nil {
		return nil, nil, err
	}
	kinds, err := b.kinds()
	if err != nil {
		return nil, nil, b.explain(err)
	}
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(b.options.Concurrency)
	for kind, at := range kinds {
		group.Go(func() error {
			some, err := b.labelled(ctx, kind, at)
			mu.Lock()
			defer mu.Unlock()
			if apierrors.IsForbidden(err) {
				unread = append(unread, at.resource.GroupResource().String())
				return nil
			}
			// A kind whose server does not answer, or that has just gone, says nothing of the others.
			if apierrors.IsNotFound(err) || apierrors.IsMethodNotSupported(err) {
				return nil
			}
			found = append(found, some...)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, nil, b.explain(err)
	}
	slices.Sort(unread)
	return found, unread, nil
}

// kinds lists what the cluster serves in the version that it prefers, but for subresources.
func (b *batch) kinds() (map[schema.GroupVersionKind]place, error) {
	lists, err := b.discovery.ServerPreferredResources()
	if err != nil && !discovery.IsGroupDiscoveryFailedError(err) {
		return nil, err
	}
	out := map[schema.GroupVersionKind]place{}
	for _, list := range lists {
		version, err := schema.ParseGroupVersion(list.GroupVersion)
		if err != nil {
			continue
		}
		for _, r := range list.APIResources {
			if !slices.Contains(r.Verbs, "list") || !slices.Contains(r.Verbs, "delete") || copied[schema.GroupKind{Group: version.Group, Kind: r.Kind}] {
				continue
			}
			out[version.WithKind(r.Kind)] = place{resource: version.WithResource(r.Name), namespaced: r.Namespaced}
		}
	}
	return out, nil
}

// labelled lists the objects of one kind.
func (b *batch) labelled(ctx context.Context, kind schema.GroupVersionKind, at place) ([]orchestrator.ClusterObject, error) {
	out, err := b.pages(ctx, kind, at, "")
	if apierrors.IsForbidden(err) && at.namespaced && b.request.Namespace != "" {
		return b.pages(ctx, kind, at, b.request.Namespace)
	}
	return out, err
}

func (b *batch) pages(ctx context.Context, kind schema.GroupVersionKind, at place, namespace string) ([]orchestrator.ClusterObject, error) {
	o := metav1.ListOptions{LabelSelector: labels.Set{manifest.LabelOrg: b.request.Env.OrgID}.String(), Limit: listPage}
	var out []orchestrator.ClusterObject
	for len(out) < maxFound {
		list, err := b.metadataAt(at, namespace).List(ctx, o)
		if err != nil {
			return nil, err
		}
		for i := range list.Items {
			item := &list.Items[i]
			if metav1.GetControllerOfNoCopy(item) != nil || item.DeletionTimestamp != nil {
				continue
			}
			out = append(out, orchestrator.ClusterObject{
				AppID: item.Labels[manifest.LabelApp], EnvID: item.Labels[manifest.LabelEnv], APIVersion: kind.GroupVersion().String(), Kind: kind.Kind,
				Namespace: item.Namespace, Name: item.Name, UID: string(item.UID), Applied: ours(item.ManagedFields), CreatedAt: item.CreationTimestamp.Time,
			})
		}
		if o.Continue = list.Continue; o.Continue == "" {
			break
		}
	}
	return out, nil
}

// Gone asks for each entry. One whose kind the cluster does not know any more is gone; one that may not be asked for is not.
func (d *Delivery) Gone(ctx context.Context, t orchestrator.Target, entries []orchestrator.InventoryEntry) ([]orchestrator.InventoryEntry, error) {
	b, err := d.bare(ctx, t)
	if err != nil {
		return nil, err
	}
	gone := make([]bool, len(entries))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(b.options.Concurrency)
	for i, entry := range entries {
		group.Go(func() error {
			p, err := b.recall(entry)
			if err != nil || p == nil {
				gone[i] = p == nil && err == nil
				return err
			}
			if p.place.namespaced && entry.Namespace == "" {
				return nil // the namespace is that of its environment, which may be another than the target's
			}
			_, err = b.metadataAt(p.place, p.GetNamespace()).Get(ctx, p.GetName(), metav1.GetOptions{})
			gone[i] = apierrors.IsNotFound(err)
			if gone[i] || apierrors.IsForbidden(err) {
				return nil
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, b.explain(err)
	}
	var out []orchestrator.InventoryEntry
	for i, is := range gone {
		if is {
			out = append(out, entries[i])
		}
	}
	return out, nil
}

// DeleteObject looks once more before it deletes.
func (d *Delivery) DeleteObject(ctx context.Context, t orchestrator.Target, o orchestrator.ClusterObject) error {
	b, err := d.bare(ctx, t)
	if err != nil {
		return err
	}
	p, err := b.recall(orchestrator.InventoryEntry{APIVersion: o.APIVersion, Kind: o.Kind, Namespace: o.Namespace, Name: o.Name})
	if err != nil || p == nil {
		return b.explain(err)
	}
	got, err := b.metadataAt(p.place, p.GetNamespace()).Get(ctx, o.Name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return b.explain(&refusal{object: p.String(), err: err})
	}
	if string(got.UID) != o.UID || got.Labels[manifest.LabelOrg] != t.Env.OrgID || got.Labels[manifest.LabelApp] != o.AppID || got.Labels[manifest.LabelEnv] != o.EnvID {
		return orchestrator.Conflictf("%s has changed hands since it was found", p)
	}
	if p.isNamespace() && got.Annotations[annotationCreated] == "" {
		return orchestrator.Conflictf("%s was not made by Slipway: delete it with kubectl", p)
	}
	uid, policy := types.UID(o.UID), metav1.DeletePropagationBackground
	err = b.metadataAt(p.place, p.GetNamespace()).Delete(ctx, o.Name, metav1.DeleteOptions{
		Preconditions: &metav1.Preconditions{UID: &uid, ResourceVersion: &got.ResourceVersion}, PropagationPolicy: &policy,
	})
	switch {
	case err == nil || apierrors.IsNotFound(err):
		return nil
	case apierrors.IsConflict(err):
		return orchestrator.Conflictf("%s has changed since it was found", p)
	}
	return b.explain(&refusal{object: p.String(), err: fmt.Errorf("delete: %w", err)})
}
