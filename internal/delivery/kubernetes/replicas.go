package kubernetes

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"github.com/slipway-dev/slipway/engine/manifest"
)

// replicasManager holds the number of replicas of what an autoscaler scales, until the autoscaler changes it. Without somebody who
// holds it, the number would fall back to one in the moment in which Slipway stops giving it.
const replicasManager = FieldManager + "-replicas"

// handOverReplicas keeps the number of replicas that Slipway gave until now, when an autoscaler is about to decide it: of an object
// that gives none any more and that an autoscaler of this delivery scales.
func (b *batch) handOverReplicas(ctx context.Context, o *object) error {
	if _, given, _ := unstructured.NestedFieldNoCopy(o.Object, "spec", "replicas"); given || !b.scaled()[o.id()] {
		return nil
	}
	live, err := b.at(o.place, o.GetNamespace()).Get(ctx, o.GetName(), metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	n, has, _ := unstructured.NestedInt64(live.Object, "spec", "replicas")
	if !has || !slices.ContainsFunc(live.GetManagedFields(), givesReplicas) {
		return nil
	}
	body, err := json.Marshal(map[string]any{
		"apiVersion": o.GetAPIVersion(), "kind": o.GetKind(), "metadata": map[string]any{"name": o.GetName()},
		"spec": map[string]any{"replicas": n},
	})
	if err != nil {
		return fmt.Errorf("write the number of replicas as JSON: %w", err)
	}
	_, err = b.at(o.place, o.GetNamespace()).Patch(ctx, o.GetName(), types.ApplyPatchType, body, metav1.PatchOptions{FieldManager: replicasManager})
	if apierrors.IsConflict(err) {
		return nil // somebody else holds it, then
	}
	return err
}

// givesReplicas tells that Slipway itself has given the number of replicas.
func givesReplicas(m metav1.ManagedFieldsEntry) bool {
	return m.Manager == FieldManager && m.Operation == metav1.ManagedFieldsOperationApply && m.Subresource == "" && m.FieldsV1 != nil &&
		strings.Contains(m.FieldsV1.GetRawString(), `"f:replicas"`)
}

// scaled are the objects that an autoscaler of this delivery scales.
func (b *batch) scaled() map[id]bool {
	b.scaledOnce.Do(func() {
		var all []manifest.Object
		for _, o := range b.objects {
			all = append(all, manifest.Object{Tree: o.Object})
		}
		out := map[id]bool{}
		refs := manifest.Scaled(all)
		for _, o := range b.objects {
			if refs[(manifest.Object{Tree: o.Object}).Ref()] {
				out[o.id()] = true
			}
		}
		b.scaledIDs = out
	})
	return b.scaledIDs
}

// takesReplicasBack tells that an object is refused for its number of replicas alone, which an autoscaler that is gone decided.
func (b *batch) takesReplicasBack(o *object, err error) bool {
	var status apierrors.APIStatus
	if !apierrors.IsConflict(err) || !errors.As(err, &status) || status.Status().Details == nil || b.scaled()[o.id()] {
		return false
	}
	causes := status.Status().Details.Causes
	return len(causes) > 0 && !slices.ContainsFunc(causes, func(c metav1.StatusCause) bool {
		autoscaler := strings.Contains(c.Message, `"`+replicasManager+`"`) ||
			strings.Contains(c.Message, `"kube-controller-manager"`) && strings.Contains(c.Message, `subresource "scale"`)
		return c.Type != metav1.CauseTypeFieldManagerConflict || c.Field != ".spec.replicas" || !autoscaler
	})
}
