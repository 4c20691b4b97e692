package health

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/orchestrator"
)

// Owned is what belongs to a controller.
type Owned struct {
	Pods []*corev1.Pod
	// Sets are its ReplicaSets; Jobs are those of a CronJob.
	Sets, Jobs []*unstructured.Unstructured
}

// Controller tells how a Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob or pod runs. Events may be of any objects.
func Controller(u *unstructured.Unstructured, owned Owned, events []corev1.Event) orchestrator.RuntimeController {
	c := orchestrator.RuntimeController{
		Workload: u.GetLabels()[manifest.LabelWorkload], Kind: u.GetKind(), Name: u.GetName(), Revision: Revision(u),
	}
	pods := youngest(owned.Pods)
	for _, pod := range pods {
		c.Pods = append(c.Pods, Pod(pod, podRevision(pod, owned.Sets), events))
	}
	c.Reasons = Reasons(u, Owned{Pods: pods, Sets: owned.Sets, Jobs: owned.Jobs}, events)
	switch c.Kind {
	case "Deployment", "StatefulSet", "ReplicaSet", "DaemonSet":
		serve(&c, u)
	case "Job":
		runJob(&c, u)
	case "CronJob":
		schedule(&c, u, owned, events)
	case "Pod":
		single(&c, toPod(u))
	}
	if c.Status == orchestrator.RuntimeRunning || c.Status == orchestrator.RuntimeSucceeded || c.Status == orchestrator.RuntimeStopped {
		// What was overcome is told of the pods, and is no reason any more.
		c.Reasons = slices.DeleteFunc(c.Reasons, func(r orchestrator.RuntimeReason) bool { return r.Code != orchestrator.ReasonPaused })
	}
	if main, is := orchestrator.MainReason(c.Reasons); is && c.Message == "" {
		c.Message = main.Summary
	}
	return c
}

// Reasons tells why a controller is not as it should be, the most telling first.
func Reasons(u *unstructured.Unstructured, owned Owned, events []corev1.Event) []orchestrator.RuntimeReason {
	if u.GetKind() == "Pod" {
		return PodReasons(toPod(u), events)
	}
	var out []orchestrator.RuntimeReason
	if message := condition(u, "ReplicaFailure"); message != "" {
		out = append(out, creation(message))
	} else if len(owned.Pods) == 0 || short(u) {
		out = append(out, uncreated(u, owned, events)...)
	}
	if u.GetKind() == "Job" {
		out = append(out, jobReasons(u)...)
	}
	var passing []orchestrator.RuntimeReason
	for _, pod := range youngest(current(u, owned)) {
		for _, r := range PodReasons(pod, events) {
			if r.Lasting {
				out = append(out, r)
			} else {
				passing = append(passing, r)
			}
		}
	}
	out = append(out, passing...)
	if paused(u) {
		out = append(out, reason(orchestrator.ReasonPaused, "its rollout is paused, so changes wait", "spec.paused is true", false))
	}
	return distinct(out)
}

// uncreated is why a controller makes no pods, from the warnings about it and its ReplicaSets.
func uncreated(u *unstructured.Unstructured, owned Owned, events []corev1.Event) []orchestrator.RuntimeReason {
	about := of(events, u.GetUID())
	for _, set := range owned.Sets {
		about = append(about, of(events, set.GetUID())...)
	}
	e, is := newest(about, "FailedCreate")
	if !is {
		return nil
	}
	if made, is := newest(about, "SuccessfulCreate"); is && Seen(&made).After(Seen(&e)) {
		return nil
	}
	r := creation(e.Message)
	r.Message = e.Reason + ": " + r.Message
	return []orchestrator.RuntimeReason{r}
}

// short tells whether there are fewer pods than wanted.
func short(u *unstructured.Unstructured) bool {
	if u.GetKind() == "DaemonSet" {
		return number(u, 0, "status", "currentNumberScheduled") < number(u, 0, "status", "desiredNumberScheduled")
	}
	return number(u, 0, "status", "replicas") < number(u, 1, "spec", "replicas")
}

// jobReasons is how a Job has failed.
func jobReasons(u *unstructured.Unstructured) []orchestrator.RuntimeReason {
	for _, c := range conditions(u) {
		if c["type"] != "Failed" || c["status"] != "True" {
			continue
		}
		message, _ := c["message"].(string)
		why, _ := c["reason"].(string)
		if why == "DeadlineExceeded" {
			limit := number(u, 0, "spec", "activeDeadlineSeconds")
			return []orchestrator.RuntimeReason{reason(orchestrator.ReasonDeadline, fmt.Sprintf("the Job took longer than the %d seconds it may", limit), why+": "+message, true)}
		}
		return []orchestrator.RuntimeReason{reason(orchestrator.ReasonJob, "the Job has failed: "+message, why+": "+message, true)}
	}
	if suspended(u) {
		return []orchestrator.RuntimeReason{reason(orchestrator.ReasonPaused, "the Job is suspended", "spec.suspend is true", false)}
	}
	return nil
}

// serve is the state of what keeps pods running.
func serve(c *orchestrator.RuntimeController, u *unstructured.Unstructured) {
	c.Desired = number(u, 1, "spec", "replicas")
	c.Replicas, c.Ready = number(u, 0, "status", "replicas"), number(u, 0, "status", "readyReplicas")
	updated := number(u, c.Desired, "status", "updatedReplicas")
	switch c.Kind {
	case "DaemonSet":
		c.Desired, c.Replicas = number(u, 0, "status", "desiredNumberScheduled"), number(u, 0, "status", "currentNumberScheduled")
		c.Ready, updated = number(u, 0, "status", "numberReady"), number(u, 0, "status", "updatedNumberScheduled")
	case "Deployment":
		updated = number(u, 0, "status", "updatedReplicas")
	}
	c.Paused = paused(u)
	seen := int64(number(u, 0, "status", "observedGeneration")) >= u.GetGeneration()
	lasting := hasLasting(c.Reasons)
	switch {
	case c.Desired == 0 && seen:
		c.Status, c.Message = orchestrator.RuntimeStopped, "it has no replicas"
		if c.Kind == "DaemonSet" {
			c.Message = "no node is meant for it"
		}
	case seen && c.Ready >= c.Desired && updated >= c.Desired && c.Replicas <= max(c.Desired, c.Ready):
		c.Status = orchestrator.RuntimeRunning
	case c.Paused && c.Ready >= c.Desired:
		c.Status = orchestrator.RuntimeRunning
	case lasting || stalled(u):
		c.Status = orchestrator.RuntimeFailed
		if c.Ready > 0 {
			c.Status = orchestrator.RuntimePartiallySucceeded
		}
		if stalled(u) && len(c.Reasons) == 0 {
			c.Reasons = append(c.Reasons, reason(orchestrator.ReasonDeadline, "its rollout makes no progress", "the progress deadline is exceeded", true))
		}
	default:
		c.Status = orchestrator.RuntimeStarting
	}
}

// stalled tells whether a Deployment has given up waiting for progress.
func stalled(u *unstructured.Unstructured) bool {
	for _, c := range conditions(u) {
		if c["type"] == "Progressing" && c["status"] == "False" {
			return true
		}
	}
	return false
}

func runJob(c *orchestrator.RuntimeController, u *unstructured.Unstructured) {
	c.Desired = number(u, 1, "spec", "completions")
	c.Ready, c.Replicas = number(u, 0, "status", "ready"), number(u, 0, "status", "active")
	c.Paused = suspended(u)
	lasting := hasLasting(c.Reasons)
	switch {
	case holds(u, "Complete"):
		c.Status = orchestrator.RuntimeSucceeded
	case holds(u, "Failed"):
		c.Status = orchestrator.RuntimeFailed
	case c.Paused:
		c.Status = orchestrator.RuntimeStopped
	case lasting:
		c.Status = orchestrator.RuntimeFailed
	case c.Ready > 0:
		c.Status = orchestrator.RuntimeRunning
	default:
		c.Status = orchestrator.RuntimeStarting
	}
}

// schedule is the state of a CronJob: that of its last run.
func schedule(c *orchestrator.RuntimeController, u *unstructured.Unstructured, owned Owned, events []corev1.Event) {
	c.Paused, c.Replicas = suspended(u), len(owned.Jobs)
	if c.Paused {
		c.Status, c.Message = orchestrator.RuntimeStopped, "its schedule is suspended"
		return
	}
	if len(owned.Jobs) == 0 {
		spec, _, _ := unstructured.NestedString(u.Object, "spec", "schedule")
		c.Status, c.Message = orchestrator.RuntimeRunning, "it has not run yet; schedule "+spec
		return
	}
	last := slices.MaxFunc(owned.Jobs, func(a, b *unstructured.Unstructured) int {
		return cmp.Or(a.GetCreationTimestamp().Compare(b.GetCreationTimestamp().Time), cmp.Compare(a.GetName(), b.GetName()))
	})
	var pods []*corev1.Pod
	for _, pod := range owned.Pods {
		if owner(pod) == last.GetUID() {
			pods = append(pods, pod)
		}
	}
	run := Controller(last, Owned{Pods: pods}, events)
	c.Status, c.Ready, c.Reasons = run.Status, run.Ready, run.Reasons
	c.Message = run.Message
	if c.Message != "" {
		c.Message = "its last run " + last.GetName() + ": " + c.Message
	}
}

// single is the state of a pod of its own.
func single(c *orchestrator.RuntimeController, pod *corev1.Pod) {
	c.Desired, c.Replicas = 1, 1
	c.Pods = []orchestrator.RuntimePod{Pod(pod, 0, nil)}
	c.Pods[0].Reasons = c.Reasons
	lasting := hasLasting(c.Reasons)
	switch {
	case pod.Status.Phase == corev1.PodSucceeded:
		c.Status = orchestrator.RuntimeSucceeded
	case pod.Status.Phase == corev1.PodFailed || lasting:
		c.Status = orchestrator.RuntimeFailed
	case isReady(pod):
		c.Status, c.Ready = orchestrator.RuntimeRunning, 1
	default:
		c.Status = orchestrator.RuntimeStarting
	}
}

func hasLasting(reasons []orchestrator.RuntimeReason) bool {
	r, is := orchestrator.MainReason(reasons)
	return is && r.Lasting
}

// maxReasons bounds the reasons of one controller.
const maxReasons = 10

// distinct leaves out what several pods have in common.
func distinct(all []orchestrator.RuntimeReason) []orchestrator.RuntimeReason {
	var out []orchestrator.RuntimeReason
	seen := map[string]bool{}
	for _, r := range all {
		key := string(r.Code) + "/" + r.Container + "/" + r.Summary
		if seen[key] || len(out) == maxReasons {
			continue
		}
		seen[key] = true
		out = append(out, r)
	}
	return out
}

// Revision is the number of the revision of a controller or ReplicaSet; 0 when it has none.
func Revision(u *unstructured.Unstructured) int {
	n, err := strconv.Atoi(u.GetAnnotations()["deployment.kubernetes.io/revision"])
	if err != nil {
		return 0
	}
	return n
}

func podRevision(pod *corev1.Pod, sets []*unstructured.Unstructured) int {
	for _, set := range sets {
		if set.GetUID() == owner(pod) {
			return Revision(set)
		}
	}
	return 0
}

// current are the pods that tell how a rollout goes: of a Deployment whose ReplicaSets are known those of its newest revision.
// Older ones go when it has succeeded, whatever is wrong with them, and often it is what the rollout mends.
func current(u *unstructured.Unstructured, owned Owned) []*corev1.Pod {
	newest := Revision(u)
	if u.GetKind() != "Deployment" || newest == 0 {
		return owned.Pods
	}
	return slices.DeleteFunc(slices.Clone(owned.Pods), func(pod *corev1.Pod) bool {
		of := podRevision(pod, owned.Sets)
		return of != 0 && of < newest
	})
}

// youngest are the pods, the youngest first: those of the revision that is being rolled out.
func youngest(pods []*corev1.Pod) []*corev1.Pod {
	out := slices.Clone(pods)
	slices.SortStableFunc(out, func(a, b *corev1.Pod) int {
		return cmp.Or(b.CreationTimestamp.Compare(a.CreationTimestamp.Time), cmp.Compare(a.Name, b.Name))
	})
	return out
}

func toPod(u *unstructured.Unstructured) *corev1.Pod {
	pod := &corev1.Pod{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(u.Object, pod); err != nil {
		return &corev1.Pod{}
	}
	return pod
}
