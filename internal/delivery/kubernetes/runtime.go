package kubernetes

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/redaction"
	"github.com/slipway-dev/slipway/internal/delivery/kubernetes/health"
	"github.com/slipway-dev/slipway/orchestrator"
)

const (
	// readPage and maxRead bound what is read of one kind in a namespace.
	readPage = 500
	maxRead  = 5000
	// maxEvents bounds the events of an answer.
	maxEvents = 500
)

var _ orchestrator.RuntimeReader = (*Delivery)(nil)

// controllers are the kinds whose objects run something.
var controllers = map[string]schema.GroupVersionResource{
	"Deployment":  {Group: "apps", Version: "v1", Resource: "deployments"},
	"StatefulSet": {Group: "apps", Version: "v1", Resource: "statefulsets"},
	"DaemonSet":   {Group: "apps", Version: "v1", Resource: "daemonsets"},
	"ReplicaSet":  replicaSets.resource,
	"Job":         {Group: "batch", Version: "v1", Resource: "jobs"},
	"CronJob":     {Group: "batch", Version: "v1", Resource: "cronjobs"},
	"Pod":         pods.resource,
	"Event":       events.resource,
}

// ReadRuntime reads what runs in the namespace of an environment and was delivered for it. What the credentials may not read is
// left out and noted; without pods and Deployments there is nothing to tell.
func (d *Delivery) ReadRuntime(ctx context.Context, t orchestrator.Target, q orchestrator.RuntimeQuery) (*orchestrator.RuntimeState, error) {
	seen, err := d.observe(ctx, t, q)
	if err != nil {
		return nil, err
	}
	state := &orchestrator.RuntimeState{Namespace: t.Namespace, Notes: seen.notes}
	for _, u := range seen.roots {
		if q.Workload != "" && u.GetLabels()[manifest.LabelWorkload] != q.Workload {
			continue
		}
		state.Controllers = append(state.Controllers, health.Controller(u, seen.owned(u), seen.events))
	}
	hide(state, seen.redact)
	state.Sort()
	return state, nil
}

// observed is what was read of a namespace.
type observed struct {
	redact   *redaction.Redactor
	roots    []*unstructured.Unstructured // the environment's own
	children map[types.UID][]*unstructured.Unstructured
	events   []corev1.Event
	notes    []string
	shared   bool // others have objects in the namespace as well
}

// observe lists all kinds at once. Children are found by their owners and not by labels: what a resource brings labels its pods as
// it likes.
func (d *Delivery) observe(ctx context.Context, t orchestrator.Target, q orchestrator.RuntimeQuery) (*observed, error) {
	seen := &observed{redact: redaction.New(append(secretLines(q.Hidden), q.Hidden...)...), children: map[types.UID][]*unstructured.Unstructured{}}
	if len(validation.IsValidLabelValue(q.Workload)) > 0 {
		return nil, orchestrator.NotFoundf("workload %q does not exist", q.Workload)
	}
	c, err := d.cluster(ctx, t)
	if err != nil {
		return nil, redacted(err, seen.redact)
	}
	mine := labels.Set{manifest.LabelOrg: t.Env.OrgID, manifest.LabelApp: t.Env.AppID, manifest.LabelEnv: t.Env.EnvID}.AsSelector()
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(len(controllers) + 1)
	group.Go(func() error {
		// What ends is worth a line; credentials for one namespace only may not look.
		got, err := c.at(namespaces, "").Get(ctx, t.Namespace, metav1.GetOptions{})
		if err == nil && got.GetDeletionTimestamp() != nil {
			mu.Lock()
			defer mu.Unlock()
			seen.notes = append(seen.notes, terminating(got))
		}
		return nil
	})
	for kind, resource := range controllers {
		group.Go(func() error {
			all, more, err := c.listAll(ctx, resource, t.Namespace)
			if apierrors.IsForbidden(err) && kind != "Pod" && kind != "Deployment" {
				err, more = nil, false
				mu.Lock()
				seen.notes = append(seen.notes, fmt.Sprintf("the credentials of the cluster may not list %s, so what they tell is missing", resource.Resource))
				mu.Unlock()
			}
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			if more {
				seen.notes = append(seen.notes, fmt.Sprintf("namespace %s has more than %d %s; the rest is left out", t.Namespace, maxRead, resource.Resource))
			}
			if kind == "Event" {
				seen.events = asEvents(&unstructured.UnstructuredList{Items: all})
				return nil
			}
			seen.add(kind, all, mine)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, runtimeError(c, err, seen.redact)
	}
	slices.Sort(seen.notes)
	return seen, nil
}

func (o *observed) add(kind string, all []unstructured.Unstructured, mine labels.Selector) {
	for i := range all {
		u := &all[i]
		u.SetKind(kind)
		if owner := metav1.GetControllerOfNoCopy(u); owner != nil {
			o.children[owner.UID] = append(o.children[owner.UID], u)
			continue
		}
		if mine.Matches(labels.Set(u.GetLabels())) {
			o.roots = append(o.roots, u)
		} else {
			o.shared = true
		}
	}
}

// owned collects what belongs to a controller, over ReplicaSets and Jobs.
func (o *observed) owned(u *unstructured.Unstructured) health.Owned {
	var out health.Owned
	for _, child := range o.children[u.GetUID()] {
		switch child.GetKind() {
		case "Pod":
			out.Pods = append(out.Pods, asPod(child))
			continue
		case "ReplicaSet":
			out.Sets = append(out.Sets, child)
		case "Job":
			out.Jobs = append(out.Jobs, child)
		}
		out.Pods = append(out.Pods, o.owned(child).Pods...)
	}
	return out
}

// listAll lists a kind page by page; more says that there are more than are read. A namespace that is not there is empty.
func (c *cluster) listAll(ctx context.Context, resource schema.GroupVersionResource, namespace string) (out []unstructured.Unstructured, more bool, err error) {
	options := metav1.ListOptions{Limit: readPage}
	for {
		page, err := c.dynamic.Resource(resource).Namespace(namespace).List(ctx, options)
		if apierrors.IsNotFound(err) {
			return out, false, nil
		}
		if err != nil {
			return nil, false, err
		}
		out = append(out, page.Items...)
		if options.Continue = page.GetContinue(); options.Continue == "" || len(out) >= maxRead {
			return out, options.Continue != "", nil
		}
	}
}

// runtimeError says what a cluster that does not tell has to do with it.
func runtimeError(c *cluster, err error, redact *redaction.Redactor) error {
	if apierrors.IsForbidden(err) || apierrors.IsUnauthorized(err) {
		return orchestrator.Invalidf("the cluster at %s does not let its credentials see what runs; they need list on pods, events, deployments, replicasets, statefulsets, daemonsets, jobs and cronjobs: %s",
			c.url, redact.String(err.Error()))
	}
	return orchestrator.Errorf(orchestrator.CodeUnavailable, "the cluster at %s does not answer: %s", c.url, redact.String(err.Error()))
}

// hide takes secrets out of all that a cluster says in words.
func hide(state *orchestrator.RuntimeState, redact *redaction.Redactor) {
	reasons := func(all []orchestrator.RuntimeReason) {
		for i := range all {
			all[i].Summary, all[i].Message = redact.String(all[i].Summary), redact.String(all[i].Message)
		}
	}
	ends := func(e *orchestrator.ContainerEnd) {
		if e != nil {
			e.Message = redact.String(e.Message)
		}
	}
	for i := range state.Controllers {
		c := &state.Controllers[i]
		c.Message = redact.String(c.Message)
		reasons(c.Reasons)
		for j := range c.Pods {
			reasons(c.Pods[j].Reasons)
			for k := range c.Pods[j].Containers {
				one := &c.Pods[j].Containers[k]
				ends(one.Ended)
				ends(one.Last)
				if one.Waiting != nil {
					one.Waiting.Message = redact.String(one.Waiting.Message)
				}
			}
		}
	}
	for i := range state.Notes {
		state.Notes[i] = redact.String(state.Notes[i])
	}
}

// ReadEvents reads the events about the objects of an environment: those that were delivered for it, and what belongs to them.
func (d *Delivery) ReadEvents(ctx context.Context, t orchestrator.Target, q orchestrator.RuntimeQuery) ([]orchestrator.RuntimeEvent, error) {
	seen, err := d.observe(ctx, t, q)
	if err != nil {
		return nil, err
	}
	workloads := map[types.UID]string{}
	for _, u := range seen.roots {
		seen.mark(u, u.GetLabels()[manifest.LabelWorkload], workloads)
	}
	names := ownNames(seen.roots)
	out := []orchestrator.RuntimeEvent{}
	for i := range seen.events {
		e := &seen.events[i]
		workload, known := workloads[e.InvolvedObject.UID]
		if !known && !seen.shared {
			// A pod that is gone has left its events; its name begins as its controller's. Where others have objects, it may be theirs.
			workload, known = names.of(e.InvolvedObject.Name)
		}
		if !known || q.Workload != "" && workload != q.Workload {
			continue
		}
		out = append(out, orchestrator.RuntimeEvent{
			At: health.Seen(e).UTC(), Source: "kubernetes", Type: e.Type, Reason: e.Reason, Kind: e.InvolvedObject.Kind, Object: e.InvolvedObject.Name,
			Workload: workload, Count: max(1, int(e.Count)), Message: seen.redact.String(e.Message),
		})
	}
	slices.SortStableFunc(out, func(a, b orchestrator.RuntimeEvent) int { return b.At.Compare(a.At) })
	return out[:min(len(out), maxEvents)], nil
}

func (o *observed) mark(u *unstructured.Unstructured, workload string, into map[types.UID]string) {
	into[u.GetUID()] = workload
	for _, child := range o.children[u.GetUID()] {
		o.mark(child, workload, into)
	}
}

// prefixes are the names of controllers, the longest first, with their workloads.
type prefixes []struct{ name, workload string }

func ownNames(roots []*unstructured.Unstructured) prefixes {
	var out prefixes
	for _, u := range roots {
		out = append(out, struct{ name, workload string }{u.GetName(), u.GetLabels()[manifest.LabelWorkload]})
	}
	slices.SortFunc(out, func(a, b struct{ name, workload string }) int { return cmp.Compare(len(b.name), len(a.name)) })
	return out
}

func (p prefixes) of(name string) (string, bool) {
	for _, one := range p {
		if name == one.name || len(name) > len(one.name) && name[:len(one.name)+1] == one.name+"-" {
			return one.workload, true
		}
	}
	return "", false
}

// Ping asks for the version, which tells whether the cluster answers, and for a list of pods, which tells whether the credentials count.
func (d *Delivery) Ping(ctx context.Context, t orchestrator.Target) (string, error) {
	redact := redaction.New(texts(t.Credentials)...)
	c, err := d.cluster(ctx, t)
	if err != nil {
		return "", redacted(err, redact)
	}
	if _, err := c.dynamic.Resource(pods.resource).Namespace(cmp.Or(t.Namespace, metav1.NamespaceDefault)).List(ctx, metav1.ListOptions{Limit: 1}); err != nil {
		return "", runtimeError(c, err, redact)
	}
	version, err := c.discovery.ServerVersion()
	if err != nil {
		return "", runtimeError(c, err, redact)
	}
	return version.GitVersion, nil
}
