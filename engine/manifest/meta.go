package manifest

import (
	"maps"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

// Labels and annotations that this package writes.
const (
	LabelOrg      = "slipway.dev/org"
	LabelApp      = "slipway.dev/app"
	LabelEnv      = "slipway.dev/env"
	LabelSchedule = "slipway.dev/schedule"
	// LabelWorkload is on every object of a workload. Public definitions select by it (a ServiceMonitor, for one).
	LabelWorkload = "humanitec.io/workload"

	// AnnotationForce marks objects that Kubernetes does not let change in place (a Job): when applying fails for that
	// reason, the object is to be deleted and created again.
	AnnotationForce = "slipway.dev/force"

	// AnnotationKeep says whether an object that a resource brings stays in the target for as long as the resource exists,
	// although nothing asks for the resource any more: "true" or "false". Without it only claims and volumes stay.
	AnnotationKeep = "slipway.dev/keep"

	labelName      = "app.kubernetes.io/name"
	labelInstance  = "app.kubernetes.io/instance"
	labelManagedBy = "app.kubernetes.io/managed-by"

	annotationConfigChecksum = "checksum/config"
	annotationSecretChecksum = "checksum/secrets"

	// maxAnnotations is the limit of the API server on the size of all annotations of an object, in bytes.
	maxAnnotations = 256 * 1024
)

// selectorLabels find the pods of a workload. They must never change: the selector of a Deployment is immutable.
func (r *renderer) selectorLabels() map[string]string {
	return map[string]string{labelName: r.w.ID, labelInstance: r.w.ID}
}

// commonLabels are on every object that this package makes for a workload.
func (r *renderer) commonLabels() map[string]string {
	labels := r.selectorLabels()
	labels[labelManagedBy] = "slipway"
	labels[LabelWorkload] = r.w.ID
	for key, value := range map[string]string{LabelOrg: r.w.OrgID, LabelApp: r.w.AppID, LabelEnv: r.w.EnvID} {
		if value != "" {
			labels[key] = value
		}
	}
	return labels
}

// objectMeta gives the metadata of an object that the given sections of the spec (spec.deployment, spec.service, ...) may
// add labels and annotations to; a later section overrides an earlier one key by key.
func (r *renderer) objectMeta(name string, sections ...path) metav1.ObjectMeta {
	return metav1.ObjectMeta{
		Name:        name,
		Namespace:   r.w.Namespace,
		Labels:      r.labels(sections...),
		Annotations: r.annotations(sections...),
	}
}

// section finds an object of the spec by the first key below spec; "spec" is the spec itself.
func (r *renderer) section(at path) map[string]any {
	if at == "spec" {
		return r.spec
	}
	return r.ps.object(r.spec[strings.TrimPrefix(string(at), "spec.")], at)
}

func (r *renderer) labels(sections ...path) map[string]string {
	labels := r.commonLabels()
	fixed := r.selectorLabels()
	for _, at := range sections {
		given := r.ps.object(r.section(at)["labels"], at.key("labels"))
		for _, key := range sortedKeys(given) {
			place := at.key("labels").key(key)
			value := r.ps.scalar(given[key], place)
			if given[key] == nil {
				continue
			}
			r.ps.label(key, value, place)
			if want, ok := fixed[key]; ok && value != want {
				r.ps.add(place, "this label selects the pods of the workload and is always %q", want)
				continue
			}
			labels[key] = value
		}
	}
	return labels
}

func (r *renderer) annotations(sections ...path) map[string]string {
	annotations := map[string]string{}
	for _, at := range sections {
		given := r.ps.object(r.section(at)["annotations"], at.key("annotations"))
		for _, key := range sortedKeys(given) {
			place := at.key("annotations").key(key)
			if given[key] == nil {
				continue
			}
			r.ps.annotationKey(key, place)
			annotations[key] = r.ps.scalar(given[key], place)
		}
	}
	size := 0
	for key, value := range annotations {
		size += len(key) + len(value)
	}
	if size > maxAnnotations {
		r.ps.add(sections[0].key("annotations"), "annotations take %d bytes, at most %d are allowed", size, maxAnnotations)
	}
	return annotations
}

func (ps *problems) label(key, value string, at path) {
	if len(validation.IsQualifiedName(key)) > 0 {
		ps.add(at, "not a valid label key: "+keySyntax)
	}
	if len(validation.IsValidLabelValue(value)) > 0 && !hasDownward(value) {
		ps.add(at, "not a valid label value: at most 63 letters, digits, -, _ and ., beginning and ending with a letter or digit")
	}
}

const keySyntax = "at most 63 letters, digits, -, _ and ., beginning and ending with a letter or digit, after an optional DNS name and /"

func (ps *problems) annotationKey(key string, at path) {
	if len(validation.IsQualifiedName(strings.ToLower(key))) > 0 {
		ps.add(at, "not a valid annotation key: "+keySyntax)
	}
}

func with(labels map[string]string, key, value string) map[string]string {
	out := maps.Clone(labels)
	if out == nil {
		out = map[string]string{}
	}
	out[key] = value
	return out
}
