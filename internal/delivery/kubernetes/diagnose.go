package kubernetes

import (
	"context"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/slipway-dev/slipway/internal/delivery/kubernetes/health"
	"github.com/slipway-dev/slipway/orchestrator"
)

var (
	pods        = place{resource: schema.GroupVersionResource{Version: "v1", Resource: "pods"}, namespaced: true}
	events      = place{resource: schema.GroupVersionResource{Version: "v1", Resource: "events"}, namespaced: true}
	replicaSets = place{resource: schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "replicasets"}, namespaced: true}
)

// podLimit bounds how many pods of a workload, and events of an object, are looked at.
const podLimit = 200

// unremarkable is how long a pod may take to start before it is asked why.
const unremarkable = 3 * time.Second

// diagnose looks for the reason why an object is not ready: in its conditions, in its pods, in the events. It finds nothing rather
// than fail: the credentials may not be allowed to look.
func (b *batch) diagnose(ctx context.Context, u *unstructured.Unstructured) (orchestrator.RuntimeReason, bool) {
	if u.GetKind() == "Pod" && u.GetAPIVersion() == "v1" {
		return orchestrator.MainReason(health.Reasons(u, health.Owned{}, b.warnings(ctx, u.GetNamespace(), u.GetUID())))
	}
	if nested(u, "spec", "template", "spec") == nil {
		return b.warning(ctx, u)
	}
	selector := workloadSelector(u)
	if selector == "" {
		return orchestrator.RuntimeReason{}, false
	}
	all, err := b.at(pods, u.GetNamespace()).List(ctx, metav1.ListOptions{LabelSelector: selector, Limit: podLimit})
	if err != nil {
		return orchestrator.RuntimeReason{}, false
	}
	owned := health.Owned{}
	for i := range all.Items {
		owned.Pods = append(owned.Pods, asPod(&all.Items[i]))
	}
	if len(owned.Pods) == 0 && u.GetKind() == "Deployment" {
		owned.Sets = b.setsOf(ctx, u, selector)
	}
	first, found := orchestrator.MainReason(health.Reasons(u, owned, nil))
	if first.Lasting && owned.Sets == nil && u.GetKind() == "Deployment" { // it may be of an older revision
		owned.Sets = b.setsOf(ctx, u, selector)
		first, found = orchestrator.MainReason(health.Reasons(u, owned, nil))
	}
	var about []types.UID
	if !found || len(owned.Pods) == 0 {
		about = append(about, u.GetUID())
		for _, set := range owned.Sets {
			about = append(about, set.GetUID())
		}
	}
	// Only the pod in question is asked about, and not while it is only being made: a rollout may have hundreds.
	for _, pod := range owned.Pods {
		if found && pod.Name == first.Pod && (first.Lasting || time.Since(pod.CreationTimestamp.Time) > unremarkable) {
			about = append(about, pod.UID)
		}
	}
	told := b.warnings(ctx, u.GetNamespace(), about...)
	if first.Code == orchestrator.ReasonVolume {
		told = append(told, b.listEvents(ctx, u.GetNamespace(), fields.Set{"involvedObject.kind": "PersistentVolumeClaim", "type": corev1.EventTypeWarning})...)
	}
	if len(told) == 0 {
		return first, found
	}
	return orchestrator.MainReason(health.Reasons(u, owned, told))
}

// setsOf are the ReplicaSets of a Deployment, about which it is told when no pod can be made.
func (b *batch) setsOf(ctx context.Context, u *unstructured.Unstructured, selector string) []*unstructured.Unstructured {
	all, err := b.at(replicaSets, u.GetNamespace()).List(ctx, metav1.ListOptions{LabelSelector: selector, Limit: podLimit})
	if err != nil {
		return nil
	}
	var out []*unstructured.Unstructured
	for i := range all.Items {
		if o := metav1.GetControllerOfNoCopy(&all.Items[i]); o != nil && o.UID == u.GetUID() {
			out = append(out, &all.Items[i])
		}
	}
	return out
}

// workloadSelector finds the pods of a workload.
func workloadSelector(u *unstructured.Unstructured) string {
	raw := nested(u, "spec", "selector")
	if raw == nil {
		return ""
	}
	var selector metav1.LabelSelector
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(raw, &selector); err != nil {
		return ""
	}
	return metav1.FormatLabelSelector(&selector)
}

func asPod(u *unstructured.Unstructured) *corev1.Pod {
	pod := &corev1.Pod{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(u.Object, pod); err != nil {
		return &corev1.Pod{}
	}
	return pod
}

// warning is the newest warning about an object that has no pods.
func (b *batch) warning(ctx context.Context, u *unstructured.Unstructured) (orchestrator.RuntimeReason, bool) {
	if u.GetNamespace() == "" {
		return orchestrator.RuntimeReason{}, false
	}
	all := b.warnings(ctx, u.GetNamespace(), u.GetUID())
	if len(all) == 0 {
		return orchestrator.RuntimeReason{}, false
	}
	newest := slices.MaxFunc(all, func(a, z corev1.Event) int { return health.Seen(&a).Compare(health.Seen(&z)) })
	text := newest.Reason + ": " + newest.Message
	return orchestrator.RuntimeReason{Code: orchestrator.ReasonUnready, Summary: text, Message: text, Lasting: newest.Reason == "FailedCreate"}, true
}

// warnings are the warnings about objects.
func (b *batch) warnings(ctx context.Context, namespace string, about ...types.UID) []corev1.Event {
	var out []corev1.Event
	for _, uid := range about {
		out = append(out, b.listEvents(ctx, namespace, fields.Set{"involvedObject.uid": string(uid), "type": corev1.EventTypeWarning})...)
	}
	return out
}

func (b *batch) listEvents(ctx context.Context, namespace string, filter fields.Set) []corev1.Event {
	all, err := b.at(events, namespace).List(ctx, metav1.ListOptions{FieldSelector: filter.String(), Limit: podLimit})
	if err != nil {
		return nil
	}
	return asEvents(all)
}

func asEvents(all *unstructured.UnstructuredList) []corev1.Event {
	out := make([]corev1.Event, 0, len(all.Items))
	for i := range all.Items {
		var e corev1.Event
		if runtime.DefaultUnstructuredConverter.FromUnstructured(all.Items[i].Object, &e) == nil {
			out = append(out, e)
		}
	}
	return out
}
