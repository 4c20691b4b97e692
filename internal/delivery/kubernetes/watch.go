package kubernetes

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"golang.org/x/sync/errgroup"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/orchestrator"
)

// instant are kinds that are ready as soon as they are there.
var instant = map[schema.GroupKind]bool{
	{Kind: "ConfigMap"}: true, {Kind: "Secret"}: true, {Kind: "ServiceAccount"}: true, {Kind: "LimitRange"}: true, {Kind: "ResourceQuota"}: true,
	{Group: "rbac.authorization.k8s.io", Kind: "Role"}: true, {Group: "rbac.authorization.k8s.io", Kind: "RoleBinding"}: true,
	{Group: "rbac.authorization.k8s.io", Kind: "ClusterRole"}: true, {Group: "rbac.authorization.k8s.io", Kind: "ClusterRoleBinding"}: true,
	{Group: "networking.k8s.io", Kind: "NetworkPolicy"}: true, {Group: "networking.k8s.io", Kind: "Ingress"}: true,
	{Group: "batch", Kind: "CronJob"}: true,
	// A claim may wait for the first pod that uses it. The pod is what is watched, and says so when it gets no volume.
	{Kind: "PersistentVolumeClaim"}: true,
}

// maxLogs bounds of how many objects the logs are read when the time is over.
const maxLogs = 3

// waiting is an object that is not ready yet.
type waiting struct {
	*object
	awaited string    // what its deploy condition asks for; "" = that it is ready
	due     time.Time // when it must be ready
	message string    // why, as far as known
	failing time.Time // since when a failure shows that rarely passes by itself; zero when none does
	reason  orchestrator.RuntimeReason
	log     *logRef // of the container that is the reason
	lost    string  // what has become of it when it is not going to be ready; "" = it may be
}

// watch polls what is not ready until nothing is left, an object has failed, or the deadline is over.
func (b *batch) watch(ctx context.Context) error {
	var open []*waiting
	now := time.Now()
	for _, o := range b.objects {
		awaited := o.deploy.Awaited(manifest.Object{Tree: o.Object})
		if instant[o.GroupVersionKind().GroupKind()] || awaited == manifest.SuccessDeploy {
			continue
		}
		if err := b.settle(o); err != nil {
			return refused(o, err)
		}
		open = append(open, &waiting{object: o, awaited: awaited, due: b.dueOf(o, now)})
	}
	var late []*waiting
	err := until(ctx, longestOf(open, now), func(ctx context.Context) (bool, error) {
		var err error
		open, err = b.look(ctx, open)
		if late = overdue(open, time.Now()); err == nil && len(late) > 0 {
			err = errTimeout
		}
		return len(open) == 0, err
	})
	if !errors.Is(err, errTimeout) {
		return err
	}
	if len(late) == 0 {
		late = open
	}
	return b.tooLate(late, func(w *waiting) string { return b.withLog(ctx, w) })
}

// late is the error about what was not ready in time, object by object; lead says how long it had.
func (b *batch) late(lead string, open []*waiting) error {
	var causes []orchestrator.DeploymentError
	for _, w := range open[:min(len(open), maxProblems)] {
		cause := b.cause(w, orchestrator.ReasonTime)
		cause.Message = lead + ": " + cause.Message
		causes = append(causes, cause)
	}
	return orchestrator.WithDeploymentErrors(orchestrator.Invalidf("%s: %s", lead, list(open)), causes)
}

// hopeless is the error about objects that are not going to be ready, nil when there are none. What fails beside them in a way that
// rarely passes by itself is told as well: otherwise the next deployment would find it out, one after the other.
func (b *batch) hopeless(ctx context.Context, open []*waiting) error {
	var told []string
	var causes []orchestrator.DeploymentError
	given := slices.ContainsFunc(open, func(w *waiting) bool { return w.lost != "" })
	for _, w := range open {
		if !given || (w.lost == "" && w.failing.IsZero()) || len(causes) == maxProblems {
			continue
		}
		if w.lost == "" {
			w.lost = " is not becoming ready: "
		}
		if len(causes) < maxLogs {
			w.message = b.withLog(ctx, w)
		}
		told = append(told, w.String()+w.lost+w.message)
		causes = append(causes, b.cause(w, orchestrator.ReasonUnready))
	}
	if len(causes) == 0 {
		return nil
	}
	return orchestrator.WithDeploymentErrors(orchestrator.Invalidf("%s", strings.Join(told, "; ")), causes)
}

const wasDeleted = "was deleted while its rollout was watched"

// cause records why one object is not ready. fallback is the code where nobody says why.
func (b *batch) cause(w *waiting, fallback orchestrator.ReasonCode) orchestrator.DeploymentError {
	code, summary := w.reason.Code, w.reason.Summary
	if code == "" {
		code, summary = fallback, w.message
	}
	text := w.String() + ": " + w.message
	if try := code.Advice(); try != "" {
		text += "\ntry: " + try
	}
	out := b.deploymentError(w.from, text, "RUN-"+string(code))
	out.Summary = b.redact.String(fmt.Sprintf("%s %q: %s", w.GetKind(), w.GetName(), summary))
	return out
}

// look asks for the state of all that is open and returns what still is. It fails when an object is not going to be ready.
func (b *batch) look(ctx context.Context, open []*waiting) ([]*waiting, error) {
	ready := make([]bool, len(open))
	group, asking := errgroup.WithContext(ctx)
	group.SetLimit(b.options.Concurrency)
	for i, w := range open {
		group.Go(func() (err error) {
			ready[i], err = b.examine(asking, w)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return open, err
	}
	var still []*waiting
	for i, w := range open {
		if !ready[i] {
			still = append(still, w)
		}
	}
	return still, b.hopeless(ctx, still)
}

// examine tells whether one object is ready; lost says that it is not going to be.
func (b *batch) examine(ctx context.Context, w *waiting) (bool, error) {
	got, err := b.at(w.place, w.GetNamespace()).Get(ctx, w.GetName(), metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		w.lost, w.message, w.reason, w.log = " ", wasDeleted, orchestrator.RuntimeReason{}, nil
		return false, nil
	}
	if err != nil {
		w.message = "its state cannot be asked for: " + err.Error()
		if transient(err) == nil {
			return false, nil
		}
		return false, refused(w.object, err)
	}
	result, err := status.Compute(got)
	if err != nil {
		w.message = "its state cannot be read: " + err.Error()
		return false, nil //nolint:nilerr // told as the reason when the time is over
	}
	w.message = result.Message
	if met(w, got, result.Status) {
		return true, nil
	}
	w.log, w.reason = nil, orchestrator.RuntimeReason{}
	found, known := b.diagnose(ctx, got)
	if known {
		w.reason, w.message = found, found.Message
		if found.Log {
			w.log = &logRef{namespace: got.GetNamespace(), pod: found.Pod, container: found.Container, previous: found.Previous}
		}
	}
	switch {
	case result.Status == status.FailedStatus:
		w.lost = " failed: "
	case !found.Lasting || w.repeats(got) || !seen(got):
		w.failing = time.Time{}
	case w.failing.IsZero():
		w.failing = time.Now()
	case time.Since(w.failing) >= b.patience(found):
		w.lost = " is not becoming ready: "
	}
	return false, nil
}

// seen tells whether its controller has looked at what was applied. Until then its pods are those of what was there before.
func seen(got *unstructured.Unstructured) bool {
	generation, told, _ := unstructured.NestedInt64(got.Object, "status", "observedGeneration")
	return !told || generation >= got.GetGeneration()
}

// patience is longer with what an autoscaler cures, which brings a node within minutes, and with volumes.
func (b *batch) patience(r orchestrator.RuntimeReason) time.Duration {
	if r.Code == orchestrator.ReasonUnschedulable || r.Code == orchestrator.ReasonVolume {
		return unscheduledPatience * b.options.Patience
	}
	return b.options.Patience
}

// unscheduledPatience multiplies the patience with pods for which there is no node; by default that makes six minutes.
const unscheduledPatience = 8

// awaitDefinitions returns when the new kinds of a stage are served.
func (b *batch) awaitDefinitions(ctx context.Context, some []*object) error {
	var open []*waiting
	for _, o := range some {
		if o.GetKind() == "CustomResourceDefinition" {
			open = append(open, &waiting{object: o})
		}
	}
	if len(open) == 0 {
		return nil
	}
	err := until(ctx, establishTimeout, func(ctx context.Context) (bool, error) {
		var err error
		open, err = b.look(ctx, open)
		return len(open) == 0, err
	})
	if errors.Is(err, errTimeout) {
		return b.late(fmt.Sprintf("not served after %s", establishTimeout), open)
	}
	b.mapper.Reset()
	return err
}

// list names what is open and why.
func list(open []*waiting) string {
	var parts []string
	for i, w := range open {
		if i == maxProblems {
			parts = append(parts, fmt.Sprintf("and %d more", len(open)-i))
			break
		}
		parts = append(parts, fmt.Sprintf("%s: %s", w, w.message))
	}
	return strings.Join(parts, "; ")
}

// nested reads a map deep in an object; nil when it is not there.
func nested(u *unstructured.Unstructured, path ...string) map[string]any {
	m, _, _ := unstructured.NestedMap(u.Object, path...)
	return m
}
