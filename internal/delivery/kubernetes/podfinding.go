package kubernetes

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// stuck are the reasons for which a container waits that rarely pass by themselves.
var stuck = map[string]bool{
	"ImagePullBackOff": true, "ErrImagePull": true, "ErrImageNeverPull": true, "InvalidImageName": true, "RegistryUnavailable": true,
	"CrashLoopBackOff": true, "CreateContainerConfigError": true, "CreateContainerError": true, "RunContainerError": true,
}

// podFinding tells what is wrong with a pod; empty when nothing is.
func podFinding(pod *corev1.Pod) finding {
	if pod.Name == "" || pod.DeletionTimestamp != nil || pod.Status.Phase == corev1.PodSucceeded {
		return finding{}
	}
	prefix := fmt.Sprintf("pod %q: ", pod.Name)
	for _, c := range pod.Status.Conditions {
		if c.Type == corev1.PodScheduled && c.Status == corev1.ConditionFalse {
			unscheduled := c.Reason == corev1.PodReasonUnschedulable
			return finding{text: prefix + c.Reason + ": " + c.Message, lasting: unscheduled, unscheduled: unscheduled}
		}
	}
	for _, list := range [][]corev1.ContainerStatus{pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses} {
		for i := range list {
			if found := containerFinding(&list[i]); found.text != "" {
				found.text = prefix + found.text
				if found.log != nil {
					found.log.namespace, found.log.pod = pod.Namespace, pod.Name
				}
				return found
			}
		}
	}
	if pod.Status.Phase == corev1.PodFailed {
		return finding{text: prefix + pod.Status.Reason + ": " + pod.Status.Message, lasting: true}
	}
	for i := range pod.Status.ContainerStatuses {
		if c := &pod.Status.ContainerStatuses[i]; !c.Ready && c.State.Running != nil {
			return finding{text: fmt.Sprintf("%scontainer %q runs but is not ready", prefix, c.Name)}
		}
	}
	return finding{}
}

func containerFinding(c *corev1.ContainerStatus) finding {
	name := fmt.Sprintf("container %q: ", c.Name)
	if w := c.State.Waiting; w != nil && w.Reason != "" && w.Reason != "PodInitializing" {
		text := name + w.Reason
		if t := c.LastTerminationState.Terminated; t != nil {
			text += fmt.Sprintf(": exit code %d (%s) after %d restarts", t.ExitCode, t.Reason, c.RestartCount)
			if t.Message != "" {
				text += ": " + t.Message
			}
			return finding{text: text, lasting: stuck[w.Reason], log: &logRef{container: c.Name, previous: true}}
		}
		if w.Message != "" {
			text += ": " + w.Message
		}
		return finding{text: text, lasting: stuck[w.Reason]}
	}
	if t := c.State.Terminated; t != nil && t.ExitCode != 0 {
		text := strings.TrimSpace(fmt.Sprintf("%sended with exit code %d (%s) %s", name, t.ExitCode, t.Reason, t.Message))
		return finding{text: text, log: &logRef{container: c.Name}}
	}
	return finding{}
}
