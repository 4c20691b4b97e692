package kubernetes

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/slipway-dev/slipway/orchestrator"
)

// prune deletes what the environment no longer has. It returns how much that was, and what stays in the inventory because it is not
// gone: namespaces stay until the environment is removed, as there may be in them what others have put there, and so does what a
// finalizer holds.
func (b *batch) prune(ctx context.Context) (removed int, kept []orchestrator.InventoryEntry, err error) {
	wanted := map[id]bool{{kind: namespaceKind.GroupKind(), name: b.request.Namespace}: true}
	for _, o := range b.objects {
		wanted[o.id()] = true
	}
	all, err := b.previous(ctx, wanted)
	if err != nil {
		return 0, nil, err
	}
	var stale []*present
	for _, p := range all {
		if p.isNamespace() || len(p.GetFinalizers()) > 0 {
			kept = append(kept, p.entry)
		}
		if !p.isNamespace() && !p.deleting {
			stale = append(stale, p)
		}
	}
	for stage := stages - 1; stage >= 0; stage-- {
		if err := b.deleteAll(ctx, inStage(stale, stage)); err != nil {
			return 0, nil, err
		}
	}
	return len(stale), kept, nil
}

// removeAll deletes everything, the last stage first, and returns when all is gone. Namespaces that were there before us stay.
func (b *batch) removeAll(ctx context.Context) (int, error) {
	if b.request.Namespace != "" {
		b.request.Previous = append(slices.Clone(b.request.Previous), orchestrator.InventoryEntry{
			APIVersion: namespaceKind.Version, Kind: namespaceKind.Kind, Name: b.request.Namespace,
		})
	}
	all, err := b.previous(ctx, nil)
	if err != nil {
		return 0, err
	}
	removed := 0
	for stage := stages - 1; stage >= 0; stage-- {
		some := inStage(all, stage)
		if err := b.deleteAll(ctx, some); err != nil {
			return removed, err
		}
		if err := b.awaitGone(ctx, some); err != nil {
			return removed, err
		}
		removed += len(some)
	}
	return removed, nil
}

func inStage(all []*present, stage int) []*present {
	var out []*present
	for _, p := range all {
		if stageOf(&p.object) == stage {
			out = append(out, p)
		}
	}
	return out
}

// deleteAll deletes objects that do not need each other. One that was replaced since it was looked at is not deleted.
func (b *batch) deleteAll(ctx context.Context, some []*present) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(b.options.Concurrency)
	policy := metav1.DeletePropagationBackground
	for _, p := range some {
		group.Go(func() error {
			err := b.at(p.place, p.GetNamespace()).Delete(ctx, p.GetName(), metav1.DeleteOptions{
				Preconditions: &metav1.Preconditions{UID: &p.uid}, PropagationPolicy: &policy,
			})
			if err == nil || apierrors.IsNotFound(err) || apierrors.IsConflict(err) {
				return nil
			}
			return &refusal{object: p.String(), err: fmt.Errorf("delete: %w", err)}
		})
	}
	return group.Wait()
}

// awaitGone returns when the objects have ended; what holds one up is named.
func (b *batch) awaitGone(ctx context.Context, some []*present) error {
	for _, p := range some {
		var last *unstructured.Unstructured
		err := until(ctx, b.options.RemoveTimeout, func(ctx context.Context) (bool, error) {
			got, err := b.at(p.place, p.GetNamespace()).Get(ctx, p.GetName(), metav1.GetOptions{})
			if apierrors.IsNotFound(err) || (err == nil && got.GetUID() != p.uid) {
				return true, nil
			}
			if err == nil {
				last = got
			}
			return false, transient(err)
		})
		if errors.Is(err, errTimeout) {
			return orchestrator.Errorf(orchestrator.CodeUnavailable, "%s", lingering(p, last))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// lingering explains why a deleted object is still there.
func lingering(p *present, last *unstructured.Unstructured) string {
	if last == nil {
		return p.String() + " was deleted, but the cluster does not say whether it is gone"
	}
	if p.isNamespace() && last.GetDeletionTimestamp() != nil {
		return terminating(last)
	}
	return fmt.Sprintf("%s was deleted but is not gone; its finalizers are %q: whoever set them must end their work", p, last.GetFinalizers())
}
