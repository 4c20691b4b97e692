package manifest

import (
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// statefulSet renders the profile humanitec/default-statefulset: a StatefulSet, the headless Service that names its pods
// unless spec.statefulset.serviceName gives another, and a Service when ports are declared. A mount may name a claim of
// spec.statefulset.volumeClaimTemplates.
func (r *renderer) statefulSet() {
	template := r.lastingTemplate("StatefulSet")
	var spec appsv1.StatefulSetSpec
	fields := r.oldFields("spec.statefulset", "minReadySeconds", "replicas")
	decode(append(fields, r.controllerFields("spec.statefulset", "selector", "template")...), &spec, r.ps)
	for i := range spec.VolumeClaimTemplates {
		claim := &spec.VolumeClaimTemplates[i]
		claim.TypeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "PersistentVolumeClaim"}
		at := path("spec.statefulset.volumeClaimTemplates").index(i)
		r.ps.dnsLabel(claim.Name, at.key("metadata").key("name"))
	}
	spec.Selector = &metav1.LabelSelector{MatchLabels: r.selectorLabels()}
	spec.Template = template
	own := spec.ServiceName == ""
	if own {
		spec.ServiceName = joinName(maxLabel, r.w.ID, "headless")
	}
	tree := r.add(&appsv1.StatefulSet{
		TypeMeta:   metav1.TypeMeta{APIVersion: "apps/v1", Kind: "StatefulSet"},
		ObjectMeta: r.objectMeta(r.w.ID, "spec.statefulset"),
		Spec:       spec,
	})
	dropEmpty(tree, "updateStrategy")
	dropClaimStatus(tree)
	ports := r.service()
	if own {
		dropTargetZero(r.add(&corev1.Service{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Service"},
			ObjectMeta: r.objectMeta(spec.ServiceName),
			Spec: corev1.ServiceSpec{
				ClusterIP: corev1.ClusterIPNone, PublishNotReadyAddresses: true, Selector: r.selectorLabels(), Ports: ports,
			},
		}))
	}
}

// dropClaimStatus removes the empty status that the type always writes into claims.
func dropClaimStatus(tree map[string]any) {
	spec, _ := tree["spec"].(map[string]any)
	claims, _ := spec["volumeClaimTemplates"].([]any)
	for _, claim := range claims {
		if c, ok := claim.(map[string]any); ok {
			delete(c, "status")
		}
	}
}

// claimNames are the names of the claims that each pod of a StatefulSet gets as volumes.
func (r *renderer) claimNames() []string {
	if profileOrDefault(r.w.Profile) != ProfileStatefulSet {
		return nil
	}
	section, _ := r.spec["statefulset"].(map[string]any)
	claims, _ := section["volumeClaimTemplates"].([]any)
	var names []string
	for _, claim := range claims {
		c, _ := claim.(map[string]any)
		metadata, _ := c["metadata"].(map[string]any)
		if name := textAt(metadata, "name"); name != "" {
			names = append(names, name)
		}
	}
	return names
}
