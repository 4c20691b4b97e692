package kubernetes

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/slipway-dev/slipway/engine/manifest"
)

// AnnotationAdopt with the value "true" lets Slipway take an object into the environment that is in the cluster already and that it
// did not make: one of a person, of another tool, or of another environment. Fields that others have given other values stay a
// conflict; AnnotationConflicts takes those over, and the object with them.
const AnnotationAdopt = "slipway.dev/adopt"

// foreignError is an object that is in the cluster already and is not the environment's.
type foreignError struct{ whose string }

func (f *foreignError) Error() string {
	return fmt.Sprintf("it exists already, and %s; deploy it under another name, delete the one in the cluster, or annotate it with %s: \"true\" "+
		"to have it changed now and deleted with the environment", f.whose, AnnotationAdopt)
}

// mayApply refuses to change what is not the environment's, unless that is asked for. A namespace is used whoever has made it.
// Credentials that may write and not look leave the decision to the API server.
func (b *batch) mayApply(ctx context.Context, o *object) error {
	annotations := o.GetAnnotations()
	if o.GroupVersionKind() == namespaceKind || annotations[AnnotationAdopt] == "true" || annotations[AnnotationConflicts] == "overwrite" {
		return nil
	}
	if b.known[o.id()] {
		return nil
	}
	got, err := b.metadataAt(o.place, o.GetNamespace()).Get(ctx, o.GetName(), metav1.GetOptions{})
	if apierrors.IsNotFound(err) || apierrors.IsForbidden(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if whose := b.stranger(got); whose != "" {
		return &foreignError{whose: whose}
	}
	return nil
}

// fewToList is from how many objects of a kind on one list is asked for, in place of each of them.
const fewToList = 4

// recognize lists the objects of kinds that a stage has several of: what carries the environment's labels is its own and need not
// be asked for one by one. It finds nothing rather than fail.
func (b *batch) recognize(ctx context.Context, some []*object) {
	type where struct {
		at        place
		namespace string
	}
	several := map[where][]*object{}
	for _, o := range some {
		if b.settle(o) == nil {
			at := where{o.place, o.GetNamespace()}
			several[at] = append(several[at], o)
		}
	}
	mine := metav1.ListOptions{LabelSelector: labels.Set(b.labels()).String()}
	for at, objects := range several {
		if len(objects) < fewToList {
			continue
		}
		list, err := b.metadataAt(at.at, at.namespace).List(ctx, mine)
		if err != nil {
			continue
		}
		there := map[string]bool{}
		for i := range list.Items {
			there[list.Items[i].Name] = true
		}
		for _, o := range objects {
			if there[o.GetName()] {
				b.known[o.id()] = true
			}
		}
	}
}

// stranger says whose an object is; "" when it is this environment's. Labels decide where they name an environment. Where they do
// not, it is ours when we have applied it: they were taken off.
func (b *batch) stranger(got *metav1.PartialObjectMetadata) string {
	env := b.request.Env
	org, app, name := got.Labels[manifest.LabelOrg], got.Labels[manifest.LabelApp], got.Labels[manifest.LabelEnv]
	applied := ours(got.ManagedFields)
	switch {
	case app == env.AppID && name == env.EnvID && (org == env.OrgID || org == ""):
		return ""
	case app != "" && name != "" && applied:
		return fmt.Sprintf("environment %q of application %q has delivered it", name, app)
	case applied:
		return ""
	}
	if owner := metav1.GetControllerOfNoCopy(got); owner != nil {
		return fmt.Sprintf("it belongs to %s %q", owner.Kind, owner.Name)
	}
	for _, m := range got.ManagedFields {
		if m.Subresource == "" {
			return fmt.Sprintf("Slipway has not made it (field manager %q has)", m.Manager)
		}
	}
	return "Slipway has not made it"
}
