package kubernetes

import (
	"errors"
	"fmt"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/slipway-dev/slipway/engine/manifest"
)

// holdsData are the kinds that are never deleted to be made again: content would go with them.
var holdsData = map[schema.GroupKind]bool{
	{Kind: "PersistentVolumeClaim"}: true, {Kind: "PersistentVolume"}: true, {Kind: "Namespace"}: true,
	{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"}: true,
}

// recreates tells whether an object that cannot be changed in place is deleted and made again: a Job always, unless it says
// otherwise; what holds data never; the rest when it is annotated so.
func recreates(o *object) bool {
	kind := o.GroupVersionKind().GroupKind()
	wish := o.GetAnnotations()[manifest.AnnotationForce]
	switch {
	case holdsData[kind]:
		return false
	case kind == schema.GroupKind{Group: "batch", Kind: "Job"}:
		return wish != "false"
	}
	return wish == "true"
}

// unchangeable are the words in which the API server refuses to change a field.
var unchangeable = []string{
	"field is immutable", "may not change once set", "updates to statefulset spec for fields other than", "cannot change roleRef",
	"is immutable after creation", "is immutable when", "primary clusterIP can not be unset",
}

// immutable tells whether an object was refused because something of it cannot be changed, and lists those fields.
func immutable(err error) (fields []string, yes bool) {
	if !apierrors.IsInvalid(err) && !apierrors.IsForbidden(err) {
		return nil, false
	}
	var status apierrors.APIStatus
	if !errors.As(err, &status) || status.Status().Details == nil {
		return nil, false
	}
	for _, cause := range status.Status().Details.Causes {
		if isUnchangeable(cause) {
			fields = append(fields, cause.Field)
		}
	}
	return fields, len(fields) > 0
}

func isUnchangeable(cause metav1.StatusCause) bool {
	for _, words := range unchangeable {
		if strings.Contains(cause.Message, words) {
			return true
		}
	}
	return false
}

// immutableReason says which fields cannot change, and what to do.
func immutableReason(err error, o *object) (string, bool) {
	fields, yes := immutable(err)
	if !yes {
		return "", false
	}
	text := fmt.Sprintf("Kubernetes does not let %s change: %s; ", strings.Join(fields, ", "), err.Error())
	switch {
	case o == nil:
		return text + "delete the object or give it another name", true
	case holdsData[o.GroupVersionKind().GroupKind()]:
		return text + "it holds data, so it is not replaced: keep the field as it is, give the object another name, or move the data and delete it", true
	}
	return text + "keep the field as it is, give the object another name, delete it, or annotate it with " + manifest.AnnotationForce +
		`: "true" to have it deleted and made again`, true
}
