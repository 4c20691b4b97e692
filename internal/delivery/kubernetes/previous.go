package kubernetes

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/orchestrator"
)

// present is an object that Slipway has applied for the environment and that is still there.
type present struct {
	object
	entry    orchestrator.InventoryEntry
	uid      types.UID
	deleting bool // somebody has asked for its end already
}

// previous looks for what the inventory says may have been brought, leaving out what is wanted. The inventory is written before
// anything is applied, so that nothing is missing from it; whether an object is still ours is asked of the cluster.
func (b *batch) previous(ctx context.Context, wanted map[id]bool) ([]*present, error) {
	var mu sync.Mutex
	var all []*present
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(b.options.Concurrency)
	seen := map[id]bool{}
	for _, entry := range b.request.Previous {
		p, err := b.recall(entry)
		if err != nil {
			return nil, err
		}
		if p == nil || wanted[p.id()] || seen[p.id()] {
			continue
		}
		seen[p.id()] = true
		group.Go(func() error {
			found, err := b.find(ctx, p)
			if err != nil || !found {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, p)
			return nil
		})
	}
	return all, group.Wait()
}

// recall makes an object of an entry; nil when the cluster does not know the kind any more: the objects went with it.
func (b *batch) recall(entry orchestrator.InventoryEntry) (*present, error) {
	version, err := schema.ParseGroupVersion(entry.APIVersion)
	if err != nil {
		return nil, fmt.Errorf("the inventory holds apiVersion %q: %w", entry.APIVersion, err)
	}
	kind := version.WithKind(entry.Kind)
	u := &unstructured.Unstructured{Object: map[string]any{}}
	u.SetGroupVersionKind(kind)
	u.SetNamespace(entry.Namespace)
	u.SetName(entry.Name)
	p := &present{object: object{Unstructured: u}, entry: entry}
	p.place, err = b.locateAny(kind)
	if meta.IsNoMatchError(err) {
		return nil, nil
	}
	if err != nil {
		return nil, &refusal{object: p.String(), err: err}
	}
	switch {
	case !p.place.namespaced:
		u.SetNamespace("")
	case entry.Namespace == "":
		u.SetNamespace(b.request.Namespace)
	}
	return p, nil
}

// find asks the cluster for an object and tells whether it is there and ours. What others have taken over is left to them.
func (b *batch) find(ctx context.Context, p *present) (bool, error) {
	got, err := b.metadataAt(p.place, p.GetNamespace()).Get(ctx, p.GetName(), metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return false, nil
	}
	if apierrors.IsForbidden(err) && p.isNamespace() {
		return false, nil // credentials for one namespace only: whoever gave them has made it
	}
	if err != nil {
		return false, &refusal{object: p.String(), err: err}
	}
	if p.isNamespace() && got.GetAnnotations()[annotationCreated] == "" {
		return false, nil // it was there before us
	}
	if why := b.foreign(got); why != "" {
		b.say("warn", "%s is left alone: %s", p, why)
		return false, nil
	}
	p.uid, p.deleting = got.UID, got.DeletionTimestamp != nil
	p.SetFinalizers(got.Finalizers)
	return true, nil
}

func (p *present) isNamespace() bool { return p.GroupVersionKind() == namespaceKind }

// foreign says why an object is not this environment's any more; "" when it is. The labels decide where there are some. Where they
// were taken off, it is ours as long as we are the manager of some of its fields.
func (b *batch) foreign(got *metav1.PartialObjectMetadata) string {
	if owner := metav1.GetControllerOfNoCopy(got); owner != nil {
		return fmt.Sprintf("it belongs to %s %q now", owner.Kind, owner.Name)
	}
	labelled := false
	for key, mine := range b.labels() {
		value, has := got.Labels[key]
		if has && value != mine {
			return fmt.Sprintf("its label %s says %q now", key, value)
		}
		labelled = labelled || has
	}
	if labelled || ours(got.ManagedFields) {
		return ""
	}
	return fmt.Sprintf("somebody else has made it anew, without the label %s and without the field manager %s", manifest.LabelEnv, FieldManager)
}

// ours tells whether Slipway has applied an object.
func ours(managers []metav1.ManagedFieldsEntry) bool {
	return slices.ContainsFunc(managers, func(m metav1.ManagedFieldsEntry) bool {
		return m.Manager == FieldManager && m.Operation == metav1.ManagedFieldsOperationApply && m.Subresource == ""
	})
}
