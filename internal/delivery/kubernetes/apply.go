package kubernetes

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/metadata"
)

const (
	// AnnotationConflicts with the value "overwrite" lets Slipway take fields of the object over from other field managers.
	AnnotationConflicts = "slipway.dev/conflicts"

	// establishTimeout is how long a new kind may take to be served.
	establishTimeout = 60 * time.Second
	// maxProblems bounds how many refused objects an error names.
	maxProblems = 10
)

// apply brings all objects to the cluster, stage by stage, and tells how many were written.
func (b *batch) apply(ctx context.Context) (written int, err error) {
	if err := b.prepareNamespaces(ctx); err != nil {
		return 0, err
	}
	for _, o := range b.objects {
		if o.kept {
			_ = b.settle(o) // a kind that the cluster does not know any more has no objects to keep
		}
	}
	before := b.revision(ctx)
	for stage := range stages {
		var some []*object
		for _, o := range b.objects {
			if stageOf(o) == stage && !o.kept {
				some = append(some, o)
			}
		}
		n, err := b.applyStage(ctx, some, before)
		written += n
		if err != nil {
			return written, err
		}
		if stage == stageDefinitions {
			if err := b.awaitDefinitions(ctx, some); err != nil {
				return written, err
			}
		}
	}
	return written, nil
}

// applyStage applies objects that do not need each other. All are tried, so that one look shows all that is refused.
func (b *batch) applyStage(ctx context.Context, some []*object, before uint64) (int, error) {
	b.recognize(ctx, some)
	var written atomic.Int64
	problems := make([]error, len(some))
	var group errgroup.Group
	group.SetLimit(b.options.Concurrency)
	for i, o := range some {
		group.Go(func() error {
			got, err := b.applyOne(ctx, o)
			if err != nil {
				problems[i] = refused(o, err)
				return nil // kept in problems; the others go on
			}
			if revisionOf(got) > before {
				written.Add(1)
			}
			return nil
		})
	}
	_ = group.Wait()
	var named []error
	for _, err := range problems {
		if err != nil && len(named) < maxProblems {
			named = append(named, err)
		}
	}
	return int(written.Load()), errors.Join(named...)
}

// applyOne is one server-side apply. An object that cannot be changed in place and is marked for it is deleted and made again.
func (b *batch) applyOne(ctx context.Context, o *object) (*unstructured.Unstructured, error) {
	if err := b.settle(o); err != nil {
		return nil, err
	}
	if err := b.mayApply(ctx, o); err != nil {
		return nil, err
	}
	if err := b.handOverReplicas(ctx, o); err != nil {
		return nil, err
	}
	got, err := b.patch(ctx, o)
	_, fixed := immutable(err)
	if again := fixed && recreates(o) || err == nil && hasFailed(o, got); !again {
		return got, err
	}
	if err := b.replaceable(ctx, o); err != nil {
		return nil, err
	}
	return b.patch(ctx, o)
}

// settle finds out where the object goes, and gives it the environment's namespace when it needs one and names none.
func (b *batch) settle(o *object) error {
	at, err := b.locate(o.GroupVersionKind())
	if err != nil {
		return err
	}
	o.place = at
	if !at.namespaced {
		o.SetNamespace("")
		return nil
	}
	if o.GetNamespace() == "" {
		o.SetNamespace(b.request.Namespace)
	}
	if o.GetNamespace() == "" {
		return errors.New("it names no namespace, and the environment has none")
	}
	return nil
}

func (b *batch) patch(ctx context.Context, o *object) (*unstructured.Unstructured, error) {
	body, err := json.Marshal(o.Object)
	if err != nil {
		return nil, fmt.Errorf("write as JSON: %w", err)
	}
	force := o.GetAnnotations()[AnnotationConflicts] == "overwrite"
	options := metav1.PatchOptions{FieldManager: FieldManager, Force: &force, FieldValidation: metav1.FieldValidationStrict}
	got, err := b.at(o.place, o.GetNamespace()).Patch(ctx, o.GetName(), types.ApplyPatchType, body, options)
	if b.takesReplicasBack(o, err) {
		force = true
		return b.at(o.place, o.GetNamespace()).Patch(ctx, o.GetName(), types.ApplyPatchType, body, options)
	}
	return got, err
}

// replaceable deletes an object and returns when it is gone, with all that depended on it.
func (b *batch) replaceable(ctx context.Context, o *object) error {
	objects := b.at(o.place, o.GetNamespace())
	found, err := objects.Get(ctx, o.GetName(), metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if !ours(found.GetManagedFields()) {
		return errors.New("it must be replaced, but it was not made by Slipway: delete it first")
	}
	uid, policy := found.GetUID(), metav1.DeletePropagationForeground
	err = objects.Delete(ctx, o.GetName(), metav1.DeleteOptions{Preconditions: &metav1.Preconditions{UID: &uid}, PropagationPolicy: &policy})
	if err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("delete it to make it again: %w", err)
	}
	return until(ctx, b.options.RemoveTimeout, func(ctx context.Context) (bool, error) {
		now, err := objects.Get(ctx, o.GetName(), metav1.GetOptions{})
		if apierrors.IsNotFound(err) || (err == nil && now.GetUID() != uid) {
			return true, nil
		}
		return false, transient(err)
	})
}

// revision is the newest revision of the cluster: what has a higher one afterwards was written. Zero, when it cannot be told,
// counts everything as written. Credentials for one namespace may list the pods in it, but no namespaces.
func (b *batch) revision(ctx context.Context) uint64 {
	for _, objects := range []metadata.ResourceInterface{b.metadataAt(namespaces, ""), b.metadataAt(pods, b.request.Namespace)} {
		list, err := objects.List(ctx, metav1.ListOptions{Limit: 1})
		if err != nil {
			continue
		}
		n, _ := strconv.ParseUint(list.GetResourceVersion(), 10, 64)
		return n
	}
	return 0
}

func revisionOf(o *unstructured.Unstructured) uint64 {
	n, err := strconv.ParseUint(o.GetResourceVersion(), 10, 64)
	if err != nil {
		return ^uint64(0)
	}
	return n
}
