package kubejobs

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/slipway-dev/slipway/orchestrator"
)

// Trouble says of which kind it is that keeps a Job from doing its work.
type Trouble int

const (
	// None says: nothing is known to be wrong.
	None Trouble = iota
	// Waiting says: the pod does not start, for a reason that rarely passes by itself (its image, a missing Secret, no pod can be made).
	Waiting
	// Unplaced says: no node takes the pod; an autoscaler may bring one.
	Unplaced
	// Moved says: the cluster took the pod away (eviction, preemption, a lost node); the same Job may succeed elsewhere.
	Moved
	// Broken says: a container ended with an error.
	Broken
)

// State is what has become of a Job.
type State struct {
	Job  *batchv1.Job // nil: there is none
	Pods []corev1.Pod // newest first
	// Ended says that the Job has reached its end, Succeeded that all went well.
	Ended, Succeeded bool
	Trouble          Trouble
	// Reason is for people, in the words of the cluster; "" without trouble.
	Reason string
	// Pending says that no container of the Job has begun to run.
	Pending bool
}

// Look reads a Job, its pods and, where those do not explain enough, its events.
func Look(ctx context.Context, client kubernetes.Interface, namespace, name string) (State, error) {
	job, err := client.BatchV1().Jobs(namespace).Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return State{Pending: true}, nil
	}
	if err != nil {
		return State{}, Failure(err, "read Job %s/%s", namespace, name)
	}
	pods, err := client.CoreV1().Pods(namespace).List(ctx, metav1.ListOptions{LabelSelector: batchv1.JobNameLabel + "=" + name})
	if err != nil {
		return State{}, Failure(err, "read the pods of Job %s/%s", namespace, name)
	}
	s := State{Job: job, Pods: pods.Items}
	slices.SortFunc(s.Pods, func(a, b corev1.Pod) int {
		return cmp.Or(b.CreationTimestamp.Compare(a.CreationTimestamp.Time), strings.Compare(a.Name, b.Name))
	})
	s.judge()
	if s.Trouble == None && s.Pending && !s.Ended {
		s.events(ctx, client)
	}
	return s, nil
}

// judge reads conditions and statuses.
func (s *State) judge() {
	s.Pending = !slices.ContainsFunc(s.Pods, begun)
	for _, c := range s.Job.Status.Conditions {
		if c.Status != corev1.ConditionTrue {
			continue
		}
		switch c.Type {
		case batchv1.JobComplete:
			s.Ended, s.Succeeded = true, true
		case batchv1.JobFailed:
			s.Ended = true
			s.Trouble, s.Reason = Broken, sentence(c.Reason, c.Message)
		}
	}
	if deadline(s.Job) { // its pods are deleted then
		s.Reason = "the Job took longer than its time limit"
		return
	}
	if s.Succeeded || len(s.Pods) == 0 {
		return
	}
	if trouble, reason := podTrouble(&s.Pods[0]); trouble != None {
		s.Trouble, s.Reason = trouble, reason
	}
}

func deadline(job *batchv1.Job) bool {
	return slices.ContainsFunc(job.Status.Conditions, func(c batchv1.JobCondition) bool {
		return c.Type == batchv1.JobFailed && c.Status == corev1.ConditionTrue && c.Reason == batchv1.JobReasonDeadlineExceeded
	})
}

func begun(p corev1.Pod) bool {
	return slices.ContainsFunc(statuses(&p), func(c corev1.ContainerStatus) bool { return c.State.Running != nil || c.State.Terminated != nil })
}

func statuses(p *corev1.Pod) []corev1.ContainerStatus {
	return append(slices.Clone(p.Status.InitContainerStatuses), p.Status.ContainerStatuses...)
}

// podTrouble finds what is wrong with a pod.
func podTrouble(p *corev1.Pod) (Trouble, string) {
	if p.Status.Reason == "Evicted" || p.Status.Reason == "NodeLost" || p.Status.Reason == "Terminated" || p.Status.Reason == "NodeShutdown" {
		return Moved, fmt.Sprintf("pod %s was taken away by the cluster: %s", p.Name, sentence(p.Status.Reason, p.Status.Message))
	}
	for _, c := range p.Status.Conditions {
		if c.Type == corev1.DisruptionTarget && c.Status == corev1.ConditionTrue {
			return Moved, fmt.Sprintf("pod %s was taken away by the cluster: %s", p.Name, sentence(c.Reason, c.Message))
		}
	}
	for _, c := range statuses(p) {
		if t := c.State.Terminated; t != nil && t.ExitCode != 0 {
			return Broken, fmt.Sprintf("container %s of pod %s %s", c.Name, p.Name, ending(t))
		}
	}
	for _, c := range statuses(p) {
		if w := c.State.Waiting; w != nil && !slices.Contains([]string{"", "ContainerCreating", "PodInitializing"}, w.Reason) {
			return Waiting, fmt.Sprintf("container %s (image %s) of pod %s does not start: %s", c.Name, c.Image, p.Name, sentence(w.Reason, w.Message))
		}
	}
	for _, c := range p.Status.Conditions {
		if c.Type == corev1.PodScheduled && c.Status == corev1.ConditionFalse {
			return Unplaced, fmt.Sprintf("no node takes pod %s: %s", p.Name, sentence(c.Reason, c.Message))
		}
	}
	return None, ""
}

// ending says how a container ended. The message of a container is what its
// program wrote, and is left out: it may be a secret.
func ending(t *corev1.ContainerStateTerminated) string {
	if t.Reason == "OOMKilled" {
		return fmt.Sprintf("was killed because it used more memory than its limit (OOMKilled, exit code %d)", t.ExitCode)
	}
	if t.Reason == "" || t.Reason == "Error" {
		return fmt.Sprintf("ended with exit code %d", t.ExitCode)
	}
	return fmt.Sprintf("ended with exit code %d (%s)", t.ExitCode, t.Reason)
}

// events asks why there is no pod, or why it is not begun. Whoever may not read events knows less.
func (s *State) events(ctx context.Context, client kubernetes.Interface) {
	kind, name := "Job", s.Job.Name
	if len(s.Pods) > 0 {
		kind, name = "Pod", s.Pods[0].Name
	}
	list, err := client.CoreV1().Events(s.Job.Namespace).List(ctx, metav1.ListOptions{
		FieldSelector: "involvedObject.kind=" + kind + ",involvedObject.name=" + name + ",type=" + corev1.EventTypeWarning,
	})
	if err != nil || len(list.Items) == 0 {
		return
	}
	newest := slices.MaxFunc(list.Items, func(a, b corev1.Event) int { return a.LastTimestamp.Compare(b.LastTimestamp.Time) })
	if newest.Reason == "FailedScheduling" {
		s.Trouble = Unplaced
	} else {
		s.Trouble = Waiting
	}
	s.Reason = fmt.Sprintf("%s %s does not start: %s", strings.ToLower(kind), name, sentence(newest.Reason, newest.Message))
}

func sentence(reason, message string) string {
	message = strings.TrimSpace(message)
	switch {
	case message == "":
		return reason
	case reason == "":
		return message
	}
	return reason + ": " + message
}

// Failure turns an error of the API server into one of the domain's. What has been
// refused for good is no CodeUnavailable.
func Failure(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	what := fmt.Sprintf(format, args...)
	if apierrors.IsForbidden(err) || apierrors.IsUnauthorized(err) || apierrors.IsInvalid(err) || apierrors.IsBadRequest(err) {
		return orchestrator.Invalidf("%s: the cluster refuses it: %v", what, err)
	}
	return orchestrator.Errorf(orchestrator.CodeUnavailable, "%s: %v", what, err)
}
