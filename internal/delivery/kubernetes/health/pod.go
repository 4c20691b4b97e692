package health

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/slipway-dev/slipway/orchestrator"
)

// PodReasons tells what keeps a pod from its work, the most telling first; none when nothing does, or when its end is wanted. Events
// may be of any objects; they add what the state does not tell, such as the answer of a registry or of a probe.
func PodReasons(pod *corev1.Pod, events []corev1.Event) []orchestrator.RuntimeReason {
	if pod.Name == "" || pod.DeletionTimestamp != nil || pod.Status.Phase == corev1.PodSucceeded {
		return nil
	}
	found := podReasons(pod, of(events, pod.UID))
	for i := range found {
		r := &found[i]
		r.Pod = pod.Name
		r.Message = fmt.Sprintf("pod %q: %s", pod.Name, r.Message)
		if r.Code == orchestrator.ReasonVolume {
			r.Message += claimWords(pod, events)
		}
	}
	return found
}

func podReasons(pod *corev1.Pod, events []corev1.Event) []orchestrator.RuntimeReason {
	if pod.Status.Phase == corev1.PodFailed && pod.Status.Reason != "" {
		return []orchestrator.RuntimeReason{failedPod(pod)}
	}
	for _, c := range pod.Status.Conditions {
		if c.Type == corev1.PodScheduled && c.Status == corev1.ConditionFalse {
			return []orchestrator.RuntimeReason{unscheduled(c)}
		}
	}
	var out []orchestrator.RuntimeReason
	for _, list := range [][]corev1.ContainerStatus{pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses} {
		for i := range list {
			if r, is := containerReason(&list[i], events); is {
				r.Container = list[i].Name
				r.Message = fmt.Sprintf("container %q: %s", list[i].Name, r.Message)
				r.Summary = fmt.Sprintf("container %s: %s", list[i].Name, r.Summary)
				out = append(out, r)
			}
		}
		if len(out) > 0 {
			break // what comes after an init container waits for it
		}
	}
	// A container that is only being made says nothing; why may be told about the pod.
	if trouble, is := mounting(events); is && !slices.ContainsFunc(out, func(r orchestrator.RuntimeReason) bool { return r.Lasting }) && waiting(pod) {
		return append([]orchestrator.RuntimeReason{trouble}, out...)
	}
	if len(out) == 0 && pod.Status.Phase == corev1.PodFailed {
		return []orchestrator.RuntimeReason{failedPod(pod)}
	}
	slices.SortStableFunc(out, func(a, b orchestrator.RuntimeReason) int { return cmp.Compare(rank(a), rank(b)) })
	return out
}

func rank(r orchestrator.RuntimeReason) int {
	switch {
	case r.Lasting:
		return 0
	case r.Code == orchestrator.ReasonRestarted:
		return 2
	}
	return 1
}

func waiting(pod *corev1.Pod) bool {
	if pod.Status.Phase != corev1.PodPending {
		return false
	}
	for _, c := range pod.Status.ContainerStatuses {
		if c.State.Waiting == nil || c.State.Waiting.Reason != "ContainerCreating" && c.State.Waiting.Reason != "PodInitializing" {
			return false
		}
	}
	return true
}

// failedPod is a pod that has ended as a whole.
func failedPod(pod *corev1.Pod) orchestrator.RuntimeReason {
	s := pod.Status
	text := strings.TrimSuffix(strings.TrimSpace(s.Reason+": "+s.Message), ":")
	switch s.Reason {
	case "Evicted", "Preempting", "NodeShutdown", "Terminated":
		return reason(orchestrator.ReasonEvicted, "the node has thrown the pod out: "+s.Message, text, true)
	case "DeadlineExceeded":
		return reason(orchestrator.ReasonDeadline, "the pod took longer than it may", text, true)
	case "":
		return reason(orchestrator.ReasonExited, "the pod has failed", "the pod has failed", true)
	}
	return reason(orchestrator.ReasonExited, "the pod has failed: "+text, text, true)
}

// mounting is what keeps a node from making the containers of a pod.
func mounting(events []corev1.Event) (orchestrator.RuntimeReason, bool) {
	e, is := newest(events, "FailedMount", "FailedAttachVolume", "FailedMapVolume", "FailedCreatePodSandBox", "NetworkNotReady")
	if !is {
		return orchestrator.RuntimeReason{}, false
	}
	if strings.Contains(e.Reason, "Volume") || e.Reason == "FailedMount" {
		return reason(orchestrator.ReasonVolume, "a volume cannot be mounted: "+oneLine(e.Message), e.Reason+": "+e.Message, true), true
	}
	return reason(orchestrator.ReasonStart, "the node cannot prepare the pod: "+oneLine(e.Message), e.Reason+": "+e.Message, true), true
}

func reason(code orchestrator.ReasonCode, summary, message string, lasting bool) orchestrator.RuntimeReason {
	return orchestrator.RuntimeReason{Code: code, Summary: oneLine(summary), Message: message, Lasting: lasting}
}

func oneLine(text string) string {
	line, _, more := strings.Cut(strings.TrimSpace(text), "\n")
	if more {
		line += " ..."
	}
	return line
}
