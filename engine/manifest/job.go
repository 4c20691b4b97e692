package manifest

import (
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// job renders the profile humanitec/default-job: a Job that runs when it is deployed. A Job cannot be changed in place,
// so it is marked to be replaced when it has to change (AnnotationForce).
func (r *renderer) job() {
	object := &batchv1.Job{
		TypeMeta:   metav1.TypeMeta{APIVersion: "batch/v1", Kind: "Job"},
		ObjectMeta: r.objectMeta(r.w.ID, "spec.job"),
		Spec:       r.jobSpec(r.podTemplate(nil)),
	}
	object.Annotations = with(object.Annotations, AnnotationForce, "true")
	r.add(object)
}

// jobSpec reads spec.job around a pod. Pods of a Job do not restart on their own unless the spec says OnFailure, so that
// the logs of each attempt stay readable.
func (r *renderer) jobSpec(template corev1.PodTemplateSpec) batchv1.JobSpec {
	switch template.Spec.RestartPolicy {
	case "":
		template.Spec.RestartPolicy = corev1.RestartPolicyNever
	case corev1.RestartPolicyAlways:
		r.ps.add("spec.restartPolicy", "expected Never or OnFailure, got %q: a Job ends", corev1.RestartPolicyAlways)
	}
	var spec batchv1.JobSpec
	decode(r.controllerFields("spec.job", "selector", "template", "manualSelector"), &spec, r.ps)
	spec.Template = template
	return spec
}
