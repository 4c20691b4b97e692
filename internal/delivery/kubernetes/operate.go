package kubernetes

import (
	"context"
	"encoding/json"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/orchestrator"
)

// operationsManager is the field manager of changes at run time. It gives every field up at once: what a person has scaled belongs
// to nobody, so that the next delivery may set it, or leave it as it is.
const operationsManager = "slipway-operations"

// AnnotationRestarted is what kubectl rollout restart writes, too.
const AnnotationRestarted = "kubectl.kubernetes.io/restartedAt"

var _ orchestrator.Cluster = (*Delivery)(nil)

// operable are the kinds whose pods go on, and which can be restarted; all but the DaemonSet can be scaled.
var operable = map[schema.GroupKind]bool{
	{Group: "apps", Kind: "Deployment"}: true, {Group: "apps", Kind: "StatefulSet"}: true, {Group: "apps", Kind: "DaemonSet"}: true,
}

// Controllers reads the Deployments, StatefulSets and DaemonSets among the entries. What somebody else has taken over is left out.
func (d *Delivery) Controllers(ctx context.Context, t orchestrator.Target, entries []orchestrator.InventoryEntry) ([]orchestrator.Controller, error) {
	b, err := d.bare(ctx, t)
	if err != nil {
		return nil, err
	}
	scalers, err := b.autoscalers(ctx)
	if err != nil {
		return nil, b.explain(err)
	}
	out := []orchestrator.Controller{}
	for _, entry := range entries {
		version, err := schema.ParseGroupVersion(entry.APIVersion)
		if err != nil || !operable[version.WithKind(entry.Kind).GroupKind()] {
			continue
		}
		p, err := b.recall(entry)
		if err != nil {
			return nil, b.explain(err)
		}
		if p == nil {
			continue
		}
		got, err := b.at(p.place, p.GetNamespace()).Get(ctx, p.GetName(), metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			continue
		}
		if err != nil {
			return nil, b.explain(&refusal{object: p.String(), err: err})
		}
		if b.foreign(headers(got)) != "" || got.GetDeletionTimestamp() != nil {
			continue
		}
		out = append(out, controllerOf(got, scalers))
	}
	return out, nil
}

func controllerOf(got *unstructured.Unstructured, scalers map[string]string) orchestrator.Controller {
	replicas, found, _ := unstructured.NestedInt64(got.Object, "spec", "replicas")
	if !found {
		replicas = 1
	}
	return orchestrator.Controller{
		APIVersion: got.GetAPIVersion(), Kind: got.GetKind(), Namespace: got.GetNamespace(), Name: got.GetName(),
		Workload: got.GetLabels()[manifest.LabelWorkload], Replicas: int(replicas),
		Autoscaler: scalers[scalerKey(got.GetNamespace(), got.GetKind(), got.GetName())],
	}
}

// bare is a batch that brings nothing.
func (d *Delivery) bare(ctx context.Context, t orchestrator.Target) (*batch, error) {
	c, err := d.cluster(ctx, t)
	if err != nil {
		return nil, err
	}
	return newBatch(c, orchestrator.DeliveryRequest{Target: t})
}

// headers are the metadata of an object.
func headers(u *unstructured.Unstructured) *metav1.PartialObjectMetadata {
	return &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{
		Name: u.GetName(), Namespace: u.GetNamespace(), Labels: u.GetLabels(), OwnerReferences: u.GetOwnerReferences(),
		ManagedFields: u.GetManagedFields(),
	}}
}

var autoscalerKind = schema.GroupVersionKind{Group: "autoscaling", Version: "v2", Kind: "HorizontalPodAutoscaler"}

// autoscalers lists what decides about replicas in the environment's namespace, by what it scales. Credentials that may not list
// autoscalers see none: whoever gave them has left scaling to Slipway.
func (b *batch) autoscalers(ctx context.Context) (map[string]string, error) {
	at, err := b.locateAny(autoscalerKind)
	if err != nil {
		return nil, err
	}
	list, err := b.at(at, b.request.Namespace).List(ctx, metav1.ListOptions{})
	if apierrors.IsForbidden(err) || apierrors.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list the HorizontalPodAutoscalers of namespace %q: %w", b.request.Namespace, err)
	}
	out := map[string]string{}
	for _, one := range list.Items {
		ref, _, _ := unstructured.NestedStringMap(one.Object, "spec", "scaleTargetRef")
		out[scalerKey(one.GetNamespace(), ref["kind"], ref["name"])] = one.GetName()
	}
	return out, nil
}

func scalerKey(namespace, kind, name string) string { return namespace + "/" + kind + "/" + name }

// SetReplicas scales one controller.
func (d *Delivery) SetReplicas(ctx context.Context, t orchestrator.Target, c orchestrator.Controller, replicas int) error {
	return d.modify(ctx, t, c, map[string]any{"spec": map[string]any{"replicas": replicas}})
}

// Restart has all pods of a controller replaced, by an annotation of their template.
func (d *Delivery) Restart(ctx context.Context, t orchestrator.Target, c orchestrator.Controller, at string) error {
	annotations := map[string]any{"annotations": map[string]any{AnnotationRestarted: at}}
	return d.modify(ctx, t, c, map[string]any{"spec": map[string]any{"template": map[string]any{"metadata": annotations}}})
}

// modify merges a patch into a controller that is still there and still ours, and gives its fields up.
func (d *Delivery) modify(ctx context.Context, t orchestrator.Target, c orchestrator.Controller, patch map[string]any) error {
	b, err := d.bare(ctx, t)
	if err != nil {
		return err
	}
	p, err := b.recall(orchestrator.InventoryEntry{APIVersion: c.APIVersion, Kind: c.Kind, Namespace: c.Namespace, Name: c.Name})
	if err != nil {
		return b.explain(err)
	}
	if p == nil {
		return orchestrator.Invalidf("the cluster at %s does not know the kind %s any more", b.url, c.Kind)
	}
	if err := b.patchAndRelease(ctx, p, patch); err != nil {
		return b.explain(&refusal{object: p.String(), err: err})
	}
	return nil
}

func (b *batch) patchAndRelease(ctx context.Context, p *present, patch map[string]any) error {
	body, err := json.Marshal(patch)
	if err != nil {
		return fmt.Errorf("write as JSON: %w", err)
	}
	objects := b.at(p.place, p.GetNamespace())
	got, err := objects.Patch(ctx, p.GetName(), types.MergePatchType, body, metav1.PatchOptions{FieldManager: operationsManager})
	for tries := 0; err == nil; tries++ {
		release, failed := releasing(got)
		if failed != nil || release == nil {
			return failed
		}
		_, err = objects.Patch(ctx, p.GetName(), types.JSONPatchType, release, metav1.PatchOptions{FieldManager: operationsManager})
		if err == nil || !apierrors.IsConflict(err) && !apierrors.IsInvalid(err) || tries == 5 {
			return err
		}
		got, err = objects.Get(ctx, p.GetName(), metav1.GetOptions{}) // somebody wrote in between: the entry may have moved
	}
	return err
}

// releasing is the JSON patch that takes the entry of operationsManager out of the managed fields; nil when there is none. It holds
// only for the version of the object that was looked at.
func releasing(got *unstructured.Unstructured) ([]byte, error) {
	for i, m := range got.GetManagedFields() {
		if m.Manager != operationsManager {
			continue
		}
		raw, err := json.Marshal([]map[string]string{
			{"op": "test", "path": "/metadata/resourceVersion", "value": got.GetResourceVersion()},
			{"op": "remove", "path": fmt.Sprintf("/metadata/managedFields/%d", i)},
		})
		if err != nil {
			return nil, fmt.Errorf("write as JSON: %w", err)
		}
		return raw, nil
	}
	return nil, nil
}
