package kubernetes

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// finding is why an object is not ready.
type finding struct {
	text    string
	lasting bool // it rarely passes by itself
	// unscheduled says that there is no node for the pod, yet.
	unscheduled bool
	log         *logRef // of the container that has ended, if that is the reason
}

var (
	pods   = place{resource: schema.GroupVersionResource{Version: "v1", Resource: "pods"}, namespaced: true}
	events = place{resource: schema.GroupVersionResource{Version: "v1", Resource: "events"}, namespaced: true}
)

// podLimit bounds how many pods of a workload are looked at.
const podLimit = 200

// diagnose looks for the reason: in the conditions of the object, in its pods, in the events. It finds nothing rather than fail:
// the credentials may not be allowed to look.
func (b *batch) diagnose(ctx context.Context, u *unstructured.Unstructured) finding {
	if message := condition(u, "ReplicaFailure"); message != "" {
		return finding{text: message, lasting: true}
	}
	if u.GetKind() == "Pod" && u.GetAPIVersion() == "v1" {
		return podFinding(toPod(u))
	}
	if nested(u, "spec", "template", "spec") == nil {
		return b.warning(ctx, u)
	}
	selector := workloadSelector(u)
	if selector == "" {
		return finding{}
	}
	all, err := b.at(pods, u.GetNamespace()).List(ctx, metav1.ListOptions{LabelSelector: selector, Limit: podLimit})
	if err != nil {
		return finding{}
	}
	// The newest first: the pods of the revision that is being rolled out.
	slices.SortFunc(all.Items, func(a, z unstructured.Unstructured) int {
		return cmp.Or(z.GetCreationTimestamp().Compare(a.GetCreationTimestamp().Time), cmp.Compare(a.GetName(), z.GetName()))
	})
	var first finding
	for i := range all.Items {
		found := podFinding(toPod(&all.Items[i]))
		if found.lasting {
			return found
		}
		if first.text == "" {
			first = found
		}
	}
	if len(all.Items) == 0 {
		return b.warning(ctx, u)
	}
	return first
}

// condition gives the message of a condition that is true.
func condition(u *unstructured.Unstructured, kind string) string {
	conditions, _, _ := unstructured.NestedSlice(u.Object, "status", "conditions")
	for _, c := range conditions {
		m, _ := c.(map[string]any)
		if m["type"] == kind && m["status"] == "True" {
			message, _ := m["message"].(string)
			return message
		}
	}
	return ""
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

func toPod(u *unstructured.Unstructured) *corev1.Pod {
	pod := &corev1.Pod{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(u.Object, pod); err != nil {
		return &corev1.Pod{}
	}
	return pod
}

// warning is the newest warning about an object, which tells for instance of a quota that lets no pod be made.
func (b *batch) warning(ctx context.Context, u *unstructured.Unstructured) finding {
	if u.GetNamespace() == "" {
		return finding{}
	}
	all, err := b.at(events, u.GetNamespace()).List(ctx, metav1.ListOptions{FieldSelector: fields.Set{
		"involvedObject.uid": string(u.GetUID()), "type": corev1.EventTypeWarning,
	}.String(), Limit: podLimit})
	if err != nil || len(all.Items) == 0 {
		return finding{}
	}
	newest := slices.MaxFunc(all.Items, func(a, z unstructured.Unstructured) int { return cmp.Compare(eventTime(a), eventTime(z)) })
	reason, _, _ := unstructured.NestedString(newest.Object, "reason")
	message, _, _ := unstructured.NestedString(newest.Object, "message")
	return finding{text: fmt.Sprintf("%s: %s", reason, message), lasting: reason == "FailedCreate"}
}

// eventTime is when an event was last seen, as text that sorts.
func eventTime(event unstructured.Unstructured) string {
	if seen, _, _ := unstructured.NestedString(event.Object, "lastTimestamp"); seen != "" {
		return seen
	}
	seen, _, _ := unstructured.NestedString(event.Object, "eventTime")
	return seen
}
