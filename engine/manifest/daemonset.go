package manifest

import (
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// daemonSet renders the profile humanitec/default-daemonset: a DaemonSet, and a Service when ports are declared.
func (r *renderer) daemonSet() {
	template := r.lastingTemplate("DaemonSet")
	if r.spec["replicas"] != nil {
		r.ps.add("spec.replicas", "a DaemonSet has one pod on each node; choose nodes with nodeSelector or affinity")
	}
	var spec appsv1.DaemonSetSpec
	fields := r.oldFields("spec.daemonset", "minReadySeconds")
	decode(append(fields, r.controllerFields("spec.daemonset", "selector", "template")...), &spec, r.ps)
	spec.Selector = &metav1.LabelSelector{MatchLabels: r.selectorLabels()}
	spec.Template = template
	tree := r.add(&appsv1.DaemonSet{
		TypeMeta:   metav1.TypeMeta{APIVersion: "apps/v1", Kind: "DaemonSet"},
		ObjectMeta: r.objectMeta(r.w.ID, "spec.daemonset"),
		Spec:       spec,
	})
	dropEmpty(tree, "updateStrategy")
	r.service()
}

// dropEmpty removes an empty object of the spec that the type always writes.
func dropEmpty(tree map[string]any, key string) {
	spec, _ := tree["spec"].(map[string]any)
	if empty, ok := spec[key].(map[string]any); ok && len(empty) == 0 {
		delete(spec, key)
	}
}
