package kubernetes

import (
	"fmt"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/slipway-dev/slipway/engine/manifest"
)

// leastWait is what a rollout has at least when it is watched anew after a worker ended: time for one look.
const leastWait = 10 * time.Second

// patienceOf is how long an object may take to be ready: what the deploy condition of its module says, else the Deadline.
func (b *batch) patienceOf(o *object) time.Duration {
	if o.deploy == nil || o.deploy.Timeout == 0 {
		return b.options.Deadline
	}
	return time.Duration(o.deploy.Timeout) * time.Second
}

// dueOf is when an object must be ready. The time of a condition runs from the delivery, also when another worker has gone on.
func (b *batch) dueOf(o *object, now time.Time) time.Time {
	limit := b.patienceOf(o)
	if o.deploy == nil || o.deploy.Timeout == 0 || b.request.Since.IsZero() {
		return now.Add(limit)
	}
	due := b.request.Since.Add(limit)
	if least := now.Add(min(leastWait, limit)); due.Before(least) {
		return least
	}
	return due
}

// longestOf is how long to watch at most.
func longestOf(open []*waiting, now time.Time) time.Duration {
	var longest time.Duration
	for _, w := range open {
		longest = max(longest, w.due.Sub(now))
	}
	return longest
}

// overdue are those whose own time is over.
func overdue(open []*waiting, now time.Time) []*waiting {
	var late []*waiting
	for _, w := range open {
		if !now.Before(w.due) {
			late = append(late, w)
		}
	}
	return late
}

// tooLate explains what was not ready in time, with the logs of what has failed.
func (b *batch) tooLate(late []*waiting, log func(w *waiting) string) error {
	for i, w := range late {
		if i < maxLogs {
			w.message = log(w)
		}
	}
	if len(late) == 0 {
		return errTimeout
	}
	limit := b.patienceOf(late[0].object)
	asked := ""
	if late[0].deploy != nil && late[0].deploy.Timeout > 0 {
		asked = " (timeout of its deploy condition)"
	}
	return b.late(fmt.Sprintf("not ready after %s%s", limit, asked), late)
}

// met tells whether an object has come as far as its deploy condition asks; without one the state that is computed decides.
func met(w *waiting, got *unstructured.Unstructured, computed status.Status) bool {
	if w.awaited == "" || got.GetKind() != "Job" || computed == status.FailedStatus {
		return computed == status.CurrentStatus
	}
	if conditionIs(got, "Complete", "True") {
		return true
	}
	if w.awaited == manifest.SuccessComplete {
		active, _, _ := unstructured.NestedInt64(got.Object, "status", "active")
		succeeded, _, _ := unstructured.NestedInt64(got.Object, "status", "succeeded")
		w.message = fmt.Sprintf("it has not come to its end: %d pods run, %d have succeeded", active, succeeded)
		return false
	}
	ready, _, _ := unstructured.NestedInt64(got.Object, "status", "ready")
	return ready > 0
}

// repeats tells that a failure of a pod is the Job's own to judge: it makes another one as long as its backoffLimit says.
func (w *waiting) repeats(got *unstructured.Unstructured) bool {
	return got.GetKind() == "Job" && w.log != nil
}

func conditionIs(u *unstructured.Unstructured, kind, value string) bool {
	conditions, _, _ := unstructured.NestedSlice(u.Object, "status", "conditions")
	for _, item := range conditions {
		c, _ := item.(map[string]any)
		if c["type"] == kind && c["status"] == value {
			return true
		}
	}
	return false
}

// hasFailed tells that a Job which is replaced when it must change has come to a bad end: a delivery begins it anew, because what
// was wrong may have been outside of it.
func hasFailed(o *object, got *unstructured.Unstructured) bool {
	return o.GetKind() == "Job" && o.GroupVersionKind().Group == "batch" &&
		o.GetAnnotations()[manifest.AnnotationForce] == "true" && conditionIs(got, "Failed", "True")
}
