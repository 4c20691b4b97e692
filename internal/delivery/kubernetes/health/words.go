package health

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/slipway-dev/slipway/orchestrator"
)

var (
	nodesFound   = regexp.MustCompile(`^0/(\d+) nodes are available: `)
	insufficient = regexp.MustCompile(`(\d+) Insufficient (\S+)`)
	taint        = regexp.MustCompile(`(\d+) node\(s\) had untolerated taint(?:\(s\)| (\{[^}]*\}))?`)
	tooMany      = regexp.MustCompile(`(\d+) Too many pods`)
)

// unscheduled is a pod that no node takes.
func unscheduled(c corev1.PodCondition) orchestrator.RuntimeReason {
	text := c.Reason + ": " + c.Message
	if c.Reason != corev1.PodReasonUnschedulable {
		return reason(orchestrator.ReasonStarting, "it is not placed on a node yet: "+text, text, false)
	}
	lower := strings.ToLower(c.Message)
	for _, sign := range []string{"persistentvolumeclaim", "volume node affinity conflict", "persistent volumes to bind", "max volume count"} {
		if strings.Contains(lower, sign) {
			return reason(orchestrator.ReasonVolume, "no node takes the pod because of a volume: "+unscheduledWords(c.Message), text, true)
		}
	}
	return reason(orchestrator.ReasonUnschedulable, "no node takes the pod: "+unscheduledWords(c.Message), text, true)
}

// unscheduledWords says what the scheduler counts.
func unscheduledWords(message string) string {
	if strings.Contains(message, "no nodes available") || strings.HasPrefix(message, "0/0 ") {
		return "the cluster has no nodes"
	}
	message, _, _ = strings.Cut(message, " preemption:")
	total := nodesFound.FindStringSubmatch(message)
	if total == nil {
		return message
	}
	var words []string
	for _, m := range insufficient.FindAllStringSubmatch(message, -1) {
		words = append(words, fmt.Sprintf("%s of %s nodes have not enough %s left", m[1], total[1], strings.TrimRight(m[2], ".,")))
	}
	for _, m := range taint.FindAllStringSubmatch(message, -1) {
		words = append(words, strings.TrimSpace(fmt.Sprintf("%s of %s nodes have a taint that the pod does not tolerate %s", m[1], total[1], m[2])))
	}
	for _, m := range tooMany.FindAllStringSubmatch(message, -1) {
		words = append(words, fmt.Sprintf("%s of %s nodes have as many pods as they may", m[1], total[1]))
	}
	if strings.Contains(message, "didn't match Pod's node affinity/selector") {
		words = append(words, "nodes do not have the labels that the node selector or affinity asks for")
	}
	if len(words) == 0 {
		return strings.TrimPrefix(message, total[0])
	}
	return strings.Join(words, ", ")
}

// claimWords is what the newest warnings about the claims of a pod say.
func claimWords(pod *corev1.Pod, events []corev1.Event) string {
	var out strings.Builder
	for _, v := range pod.Spec.Volumes {
		if v.PersistentVolumeClaim == nil {
			continue
		}
		about := slices.DeleteFunc(slices.Clone(events), func(e corev1.Event) bool {
			return e.InvolvedObject.Kind != "PersistentVolumeClaim" || e.InvolvedObject.Name != v.PersistentVolumeClaim.ClaimName
		})
		if e, is := newest(about, "ProvisioningFailed", "FailedBinding", "WaitForPodScheduled", "ExternalProvisioning"); is {
			_, _ = fmt.Fprintf(&out, "; claim %q: %s: %s", v.PersistentVolumeClaim.ClaimName, e.Reason, e.Message)
		}
	}
	return out.String()
}

// creation is why a controller cannot make its pods.
func creation(message string) orchestrator.RuntimeReason {
	lower := strings.ToLower(message)
	switch {
	case strings.Contains(lower, "exceeded quota"), strings.Contains(lower, "failed quota"), strings.Contains(lower, "maximum ") && strings.Contains(lower, " usage per "),
		strings.Contains(lower, "minimum ") && strings.Contains(lower, " usage per "):
		return reason(orchestrator.ReasonQuota, "pods cannot be made because of a quota or limit: "+message, message, true)
	case strings.Contains(lower, "forbidden"), strings.Contains(lower, "denied"), strings.Contains(lower, "admission webhook"):
		return reason(orchestrator.ReasonAdmission, "pods cannot be made because a policy forbids them: "+message, message, true)
	}
	return reason(orchestrator.ReasonCreate, "pods cannot be made: "+message, message, true)
}

// of are the events about one object.
func of(events []corev1.Event, uid types.UID) []corev1.Event {
	var out []corev1.Event
	for _, e := range events {
		if uid != "" && e.InvolvedObject.UID == uid {
			out = append(out, e)
		}
	}
	return out
}

// newest is the youngest event with one of the reasons.
func newest(events []corev1.Event, reasons ...string) (corev1.Event, bool) {
	var found corev1.Event
	is := false
	for _, e := range events {
		if slices.Contains(reasons, e.Reason) && (!is || Seen(&e).After(Seen(&found))) {
			found, is = e, true
		}
	}
	return found, is
}

// Seen is when an event was last seen.
func Seen(e *corev1.Event) time.Time {
	switch {
	case e.Series != nil && !e.Series.LastObservedTime.IsZero():
		return e.Series.LastObservedTime.Time
	case !e.LastTimestamp.IsZero():
		return e.LastTimestamp.Time
	case !e.EventTime.IsZero():
		return e.EventTime.Time
	}
	return e.CreationTimestamp.Time
}

// unhealthy are the events about one kind of probe of a container.
func unhealthy(events []corev1.Event, container, probe string) []corev1.Event {
	return slices.DeleteFunc(slices.Clone(events), func(e corev1.Event) bool {
		about := e.InvolvedObject.FieldPath
		return !strings.HasPrefix(e.Message, probe+" probe") || about != "" && about != "spec.containers{"+container+"}" && about != "spec.initContainers{"+container+"}"
	})
}

// pulls are the events about an image; a node says Failed of other things, too.
func pulls(events []corev1.Event) []corev1.Event {
	return slices.DeleteFunc(slices.Clone(events), func(e corev1.Event) bool {
		return !strings.Contains(e.Message, "pull") || strings.HasPrefix(e.Message, "Error: ")
	})
}
