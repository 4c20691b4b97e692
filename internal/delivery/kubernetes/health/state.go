package health

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"github.com/slipway-dev/slipway/orchestrator"
)

// States of pods and containers, in the words of the published API.
const (
	success = "Success"
	failure = "Failure"
	pending = "Pending"
	unknown = "Unknown"
)

// Pod shows one pod.
func Pod(pod *corev1.Pod, revision int, events []corev1.Event) orchestrator.RuntimePod {
	out := orchestrator.RuntimePod{
		Name: pod.Name, Phase: string(pod.Status.Phase), Revision: revision, Node: pod.Spec.NodeName, Reasons: PodReasons(pod, events),
	}
	if pod.Status.StartTime != nil {
		out.StartedAt = pod.Status.StartTime.UTC()
	}
	if out.Phase == "" {
		out.Phase = string(corev1.PodPending)
	}
	for i := range pod.Status.InitContainerStatuses {
		out.Containers = append(out.Containers, container(&pod.Status.InitContainerStatuses[i], true))
	}
	for i := range pod.Status.ContainerStatuses {
		out.Containers = append(out.Containers, container(&pod.Status.ContainerStatuses[i], false))
	}
	lasting := hasLasting(out.Reasons)
	switch {
	case pod.Status.Phase == corev1.PodUnknown:
		out.Status = unknown
	case pod.Status.Phase == corev1.PodFailed || lasting:
		out.Status = failure
	case pod.Status.Phase == corev1.PodSucceeded || isReady(pod):
		out.Status = success
	default:
		out.Status = pending
	}
	return out
}

func container(c *corev1.ContainerStatus, init bool) orchestrator.RuntimeContainer {
	out := orchestrator.RuntimeContainer{
		Name: c.Name, Image: c.Image, Init: init, Ready: c.Ready, Restarts: int(c.RestartCount), Status: pending,
		Ended: ended(c.State.Terminated), Last: ended(c.LastTerminationState.Terminated),
	}
	switch {
	case c.State.Waiting != nil:
		out.Waiting = &orchestrator.ContainerWaiting{Reason: c.State.Waiting.Reason, Message: c.State.Waiting.Message}
		if stuck[c.State.Waiting.Reason] != "" {
			out.Status = failure
		}
	case c.State.Running != nil:
		since := c.State.Running.StartedAt.UTC()
		out.Running = &since
		if c.Ready {
			out.Status = success
		}
	case c.State.Terminated != nil:
		out.Status = success
		if c.State.Terminated.ExitCode != 0 {
			out.Status = failure
		}
	default:
		out.Status = unknown
	}
	return out
}

func ended(t *corev1.ContainerStateTerminated) *orchestrator.ContainerEnd {
	if t == nil {
		return nil
	}
	return &orchestrator.ContainerEnd{
		ExitCode: int(t.ExitCode), Signal: int(t.Signal), Reason: t.Reason, Message: t.Message,
		StartedAt: t.StartedAt.UTC(), FinishedAt: t.FinishedAt.UTC(), ContainerID: t.ContainerID,
	}
}

func isReady(pod *corev1.Pod) bool {
	for _, c := range pod.Status.Conditions {
		if c.Type == corev1.PodReady {
			return c.Status == corev1.ConditionTrue
		}
	}
	return false
}

// owner is the controller of a pod; "" when it has none.
func owner(pod *corev1.Pod) types.UID {
	if o := metav1.GetControllerOfNoCopy(pod); o != nil {
		return o.UID
	}
	return ""
}

func conditions(u *unstructured.Unstructured) []map[string]any {
	list, _, _ := unstructured.NestedSlice(u.Object, "status", "conditions")
	var out []map[string]any
	for _, c := range list {
		if m, ok := c.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// condition gives the message of a condition that is true.
func condition(u *unstructured.Unstructured, kind string) string {
	for _, c := range conditions(u) {
		if c["type"] == kind && c["status"] == "True" {
			message, _ := c["message"].(string)
			return message
		}
	}
	return ""
}

func holds(u *unstructured.Unstructured, kind string) bool {
	for _, c := range conditions(u) {
		if c["type"] == kind && c["status"] == "True" {
			return true
		}
	}
	return false
}

func paused(u *unstructured.Unstructured) bool {
	is, _, _ := unstructured.NestedBool(u.Object, "spec", "paused")
	return is
}

func suspended(u *unstructured.Unstructured) bool {
	is, _, _ := unstructured.NestedBool(u.Object, "spec", "suspend")
	return is
}

func number(u *unstructured.Unstructured, fallback int, path ...string) int {
	value, _, _ := unstructured.NestedFieldNoCopy(u.Object, path...)
	switch n := value.(type) {
	case int64:
		return int(n)
	case float64:
		return int(n)
	}
	return fallback
}
