package manifest

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// podTemplate renders the pod that all profiles share. overrides changes the containers of the module (by the schedules
// of a CronJob) before they are completed.
func (r *renderer) podTemplate(overrides func([]placed)) corev1.PodTemplateSpec {
	spec := r.podSpec()
	r.moduleVariables()
	r.declaredVolumes()
	main := r.containers()
	if overrides != nil {
		overrides(main)
	}
	main = append(main, r.nativeContainers("spec.extraContainers", r.spec["extraContainers"])...)
	sidecars, nativeSidecars := r.injectedContainers()
	main = append(main, sidecars...)
	initial := slices.Concat(nativeSidecars, r.nativeContainers("spec.pod.initContainers", r.section("spec.pod")["initContainers"]))
	r.completeContainers(initial, main)
	r.checkProjections()

	spec.InitContainers, spec.Containers = unplaced(initial), unplaced(main)
	spec.Volumes = r.volumes.list
	meta := metav1.ObjectMeta{Labels: r.labels("spec", "spec.pod"), Annotations: r.annotations("spec", "spec.pod")}
	if sum := r.store.configChecksum(); sum != "" {
		meta.Annotations = with(meta.Annotations, annotationConfigChecksum, sum)
	}
	if sum := r.store.secretChecksum(r.w); sum != "" {
		meta.Annotations = with(meta.Annotations, annotationSecretChecksum, sum)
	}
	return corev1.PodTemplateSpec{ObjectMeta: meta, Spec: spec}
}

// podSpec reads the fields of the pod: spec.pod overrides the old top-level forms key by key. Containers and volumes
// are put in later.
func (r *renderer) podSpec() corev1.PodSpec {
	pod := r.section("spec.pod")
	var fields []field
	for _, key := range oldPodKeys {
		if _, overridden := pod[key]; !overridden && r.spec[key] != nil {
			fields = append(fields, field{parent: "spec", key: key, value: r.spec[key]})
		}
	}
	for _, f := range fieldsOf(pod, "spec.pod") {
		switch f.key {
		case "annotations", "labels", "volumes", "initContainers":
		case "containers":
			r.ps.add(f.at(), "containers belong into spec.containers (or spec.extraContainers in Kubernetes' own form)")
		case "ephemeralContainers":
			r.ps.add(f.at(), "ephemeral containers cannot be part of a workload")
		default:
			fields = append(fields, f)
		}
	}
	var out corev1.PodSpec
	decode(fields, &out, r.ps)
	for _, name := range r.w.PullSecrets {
		reference := corev1.LocalObjectReference{Name: name}
		if !slices.Contains(out.ImagePullSecrets, reference) {
			out.ImagePullSecrets = append(out.ImagePullSecrets, reference)
		}
	}
	return out
}

// nativeContainers reads an array of Kubernetes containers.
func (r *renderer) nativeContainers(at path, v any) []placed {
	var out []placed
	for i, container := range decodeList[corev1.Container](v, at, r.ps) {
		r.ps.dnsLabel(container.Name, at.index(i).key("name"))
		out = append(out, placed{container: container, at: at.index(i)})
	}
	return out
}

// completeContainers checks what only the whole pod can tell, and declares the variables of the running pod.
func (r *renderer) completeContainers(groups ...[]placed) {
	names := map[string]bool{}
	for _, group := range groups {
		for _, one := range group {
			if names[one.container.Name] {
				r.ps.add(one.at, "another container of this pod is named %q already", one.container.Name)
			}
			names[one.container.Name] = true
		}
	}
	known := r.volumeNames()
	for _, group := range groups {
		for i := range group {
			c, at := &group[i].container, group[i].at
			if c.Image == "" && group[i].at != path("spec.containers").key(c.Name) {
				r.ps.add(at.key("image"), "expected the reference of an image")
			}
			declareDownward(c, at, r.ps)
			r.checkMounts(c, at, known)
			for _, e := range c.Env {
				if e.ValueFrom == nil || e.ValueFrom.ResourceFieldRef == nil || names[e.ValueFrom.ResourceFieldRef.ContainerName] {
					continue
				}
				if name := e.ValueFrom.ResourceFieldRef.ContainerName; name != "" {
					r.ps.add(at, "variable %s asks for the resources of container %q, which this pod does not have", e.Name, name)
				}
			}
		}
	}
}

func (r *renderer) checkMounts(c *corev1.Container, at path, known []string) {
	paths := map[string]bool{}
	for _, mount := range c.VolumeMounts {
		if paths[mount.MountPath] {
			r.ps.add(at, "two volumes are mounted at %s", mount.MountPath)
		}
		paths[mount.MountPath] = true
		if mount.Name != "" && !slices.Contains(known, mount.Name) {
			r.ps.add(at, "mount %s refers to volume %q, which this pod does not have", mount.MountPath, mount.Name)
		}
	}
}

func unplaced(list []placed) []corev1.Container {
	var out []corev1.Container
	for _, one := range list {
		out = append(out, one.container)
	}
	return out
}
