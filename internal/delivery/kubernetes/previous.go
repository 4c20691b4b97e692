package kubernetes

import (
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/discovery"
)

// present is an object that Slipway has applied for the environment and that is still there.
type present struct {
	object
	uid      types.UID
	deleting bool // somebody has asked for its end already
}

// derived are kinds that the cluster keeps itself and that repeat the labels of what they are derived from.
var derived = map[string]bool{
	"Event": true, "Endpoints": true, "EndpointSlice": true, "ControllerRevision": true, "Lease": true,
	"PodMetrics": true, "NodeMetrics": true, "ComponentStatus": true,
}

// previous finds everything that was applied for the environment by its labels, in all namespaces. Objects that only repeat the
// labels, such as the pods of a Deployment or the volume claims of a StatefulSet, are not ours and not among them.
func (b *batch) previous(ctx context.Context) ([]*present, error) {
	kinds, err := b.kinds()
	if err != nil {
		return nil, err
	}
	var mu sync.Mutex
	var all []*present
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(b.options.Concurrency)
	for kind, at := range kinds {
		group.Go(func() error {
			some, err := b.listOurs(ctx, kind, at)
			mu.Lock()
			defer mu.Unlock()
			all = append(all, some...)
			return err
		})
	}
	return all, group.Wait()
}

// kinds are those that can be listed and deleted, each in the version that the cluster prefers.
func (b *batch) kinds() (map[schema.GroupVersionKind]place, error) {
	lists, err := discovery.ServerPreferredResources(b.discovery)
	if err != nil && !discovery.IsGroupDiscoveryFailedError(err) {
		return nil, err
	}
	kinds := map[schema.GroupVersionKind]place{}
	for _, list := range lists {
		version, err := schema.ParseGroupVersion(list.GroupVersion)
		if err != nil {
			continue
		}
		for _, r := range list.APIResources {
			if derived[r.Kind] || !slices.Contains(r.Verbs, "list") || !slices.Contains(r.Verbs, "delete") || !slices.Contains(r.Verbs, "patch") {
				continue
			}
			kinds[version.WithKind(r.Kind)] = place{resource: version.WithResource(r.Name), namespaced: r.Namespaced}
		}
	}
	return kinds, nil
}

func (b *batch) listOurs(ctx context.Context, kind schema.GroupVersionKind, at place) ([]*present, error) {
	options := metav1.ListOptions{LabelSelector: labels.SelectorFromSet(b.labels()).String()}
	list, err := b.metadata.Resource(at.resource).List(ctx, options)
	if apierrors.IsForbidden(err) && at.namespaced && b.request.Namespace != "" {
		list, err = b.metadata.Resource(at.resource).Namespace(b.request.Namespace).List(ctx, options)
	}
	if apierrors.IsForbidden(err) || apierrors.IsNotFound(err) || apierrors.IsMethodNotSupported(err) {
		return nil, nil // what we may not see we have not made
	}
	if err != nil {
		return nil, &refusal{object: "list of " + at.resource.Resource, err: err}
	}
	var out []*present
	for i := range list.Items {
		item := &list.Items[i]
		if !ours(item.ManagedFields) || metav1.GetControllerOfNoCopy(item) != nil {
			continue
		}
		u := &unstructured.Unstructured{Object: map[string]any{}}
		u.SetGroupVersionKind(kind)
		u.SetNamespace(item.Namespace)
		u.SetName(item.Name)
		u.SetAnnotations(item.Annotations)
		out = append(out, &present{object: object{Unstructured: u, place: at}, uid: item.UID, deleting: item.DeletionTimestamp != nil})
	}
	return out, nil
}

// ours tells whether Slipway has applied an object. Labels do not: they are copied.
func ours(managers []metav1.ManagedFieldsEntry) bool {
	return slices.ContainsFunc(managers, func(m metav1.ManagedFieldsEntry) bool {
		return m.Manager == FieldManager && m.Operation == metav1.ManagedFieldsOperationApply && m.Subresource == ""
	})
}
