package kubernetes

import (
	"context"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/slipway-dev/slipway/orchestrator"
)

// annotationCreated is on namespaces that did not exist before: only such a one is deleted with its environment.
const annotationCreated = "slipway.dev/created"

var (
	namespaceKind = schema.GroupVersionKind{Version: "v1", Kind: "Namespace"}
	namespaces    = place{resource: schema.GroupVersionResource{Version: "v1", Resource: "namespaces"}}
)

// prepareNamespaces sees to it that the environment's namespace is among the objects when it must be made, that a namespace which
// Slipway makes is marked as such, and that none is just being deleted.
func (b *batch) prepareNamespaces(ctx context.Context) error {
	declared := false
	for _, o := range b.objects {
		if o.GroupVersionKind() != namespaceKind {
			continue
		}
		declared = declared || o.GetName() == b.request.Namespace
		found, err := b.awaitNamespace(ctx, o.GetName())
		if err != nil {
			return err
		}
		b.markCreated(o, found)
	}
	if declared || b.request.Namespace == "" || len(b.objects) == 0 {
		return nil
	}
	found, err := b.awaitNamespace(ctx, b.request.Namespace)
	if err != nil {
		return err
	}
	if found != nil && found.GetAnnotations()[annotationCreated] == "" {
		return nil // somebody else's: used as it is
	}
	o := &object{Unstructured: &unstructured.Unstructured{Object: map[string]any{}}, from: "the environment"}
	o.SetGroupVersionKind(namespaceKind)
	o.SetName(b.request.Namespace)
	b.label(o.Unstructured)
	b.markCreated(o, found)
	b.objects = append([]*object{o}, b.objects...)
	return nil
}

func (b *batch) markCreated(o *object, found *unstructured.Unstructured) {
	if found != nil && found.GetAnnotations()[annotationCreated] == "" {
		return
	}
	annotations := o.GetAnnotations()
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations[annotationCreated] = "true"
	o.SetAnnotations(annotations)
}

// awaitNamespace returns a namespace, nil when there is none. One that is being deleted accepts nothing: its end is waited for.
func (b *batch) awaitNamespace(ctx context.Context, name string) (*unstructured.Unstructured, error) {
	var found *unstructured.Unstructured
	err := until(ctx, b.options.TerminatingTimeout, func(ctx context.Context) (bool, error) {
		got, err := b.at(namespaces, "").Get(ctx, name, metav1.GetOptions{})
		found = nil
		if apierrors.IsNotFound(err) {
			return true, nil
		}
		if apierrors.IsForbidden(err) {
			// Credentials for one namespace only: whoever gave them has made it.
			found = &unstructured.Unstructured{}
			return true, nil
		}
		if err != nil {
			return false, err
		}
		found = got
		return got.GetDeletionTimestamp() == nil, nil
	})
	if err != nil && found != nil && ctx.Err() == nil {
		return nil, orchestrator.Errorf(orchestrator.CodeUnavailable, "%s", terminating(found))
	}
	return found, err
}

// terminating explains what keeps a namespace from ending.
func terminating(namespace *unstructured.Unstructured) string {
	text := fmt.Sprintf("namespace %q is being deleted since %s and accepts nothing until that is done",
		namespace.GetName(), namespace.GetDeletionTimestamp().UTC().Format(time.RFC3339))
	conditions, _, _ := unstructured.NestedSlice(namespace.Object, "status", "conditions")
	for _, c := range conditions {
		condition, _ := c.(map[string]any)
		kind, _ := condition["type"].(string)
		message, _ := condition["message"].(string)
		if condition["status"] == "True" && (kind == "NamespaceContentRemaining" || kind == "NamespaceFinalizersRemaining" ||
			kind == "NamespaceDeletionContentFailure") {
			text += "; " + message
		}
	}
	return text
}
