package manifest

import (
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// deployment renders the profile humanitec/default-module: a Deployment, and a Service when ports are declared. Without
// a number of replicas the field stays out, so that an autoscaler or a change at run time owns it.
func (r *renderer) deployment() {
	template := r.lastingTemplate("Deployment")
	var spec appsv1.DeploymentSpec
	fields := append(r.oldFields("spec.deployment", oldDeploymentKeys...), r.controllerFields("spec.deployment", "selector", "template", "paused")...)
	decode(fields, &spec, r.ps)
	spec.Selector = &metav1.LabelSelector{MatchLabels: r.selectorLabels()}
	spec.Template = template
	tree := r.add(&appsv1.Deployment{
		TypeMeta:   metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"},
		ObjectMeta: r.objectMeta(r.w.ID, "spec.deployment"),
		Spec:       spec,
	})
	if written, ok := tree["spec"].(map[string]any); ok && spec.Strategy == (appsv1.DeploymentStrategy{}) {
		delete(written, "strategy") // the type always writes it
	}
	r.service()
}

// lastingTemplate is the pod of a controller whose pods never end.
func (r *renderer) lastingTemplate(kind string) corev1.PodTemplateSpec {
	template := r.podTemplate(nil)
	if policy := template.Spec.RestartPolicy; policy != "" && policy != corev1.RestartPolicyAlways {
		r.ps.add("spec.restartPolicy", "expected Always, got %q: the pods of a %s always restart", policy, kind)
	}
	return template
}

// oldFields gives the old top-level forms of fields of a controller that its own section does not override.
func (r *renderer) oldFields(at path, keys ...string) []field {
	given := r.section(at)
	var fields []field
	for _, key := range keys {
		if _, overridden := given[key]; !overridden && r.spec[key] != nil {
			fields = append(fields, field{parent: "spec", key: key, value: r.spec[key]})
		}
	}
	return fields
}

// controllerFields gives the fields of spec.deployment, spec.job or spec.cronjob that go into the object's spec, and
// reports those that the profile sets itself.
func (r *renderer) controllerFields(at path, forbidden ...string) []field {
	var out []field
	for _, f := range fieldsOf(r.section(at), at) {
		switch {
		case f.key == "annotations" || f.key == "labels":
		case slices.Contains(forbidden, f.key):
			r.ps.add(f.at(), "cannot be set: the profile does")
		default:
			out = append(out, f)
		}
	}
	return out
}
