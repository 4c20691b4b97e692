package manifest

import (
	"reflect"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// volumes are the volumes of a pod while it is put together.
type volumes struct {
	list []corev1.Volume
	// links leads from a resource's reference (externals.data) to the volumes that the resource brought along.
	links map[string][]string
	// own are the volumes that pick from the module's own ConfigMap and Secret, by their place.
	own []ownVolume
}

// addVolume adds a volume unless the same one is there already; two different ones under one name are a problem.
func (r *renderer) addVolume(v corev1.Volume, at path) {
	r.ps.dnsLabel(v.Name, at)
	for _, existing := range r.volumes.list {
		if existing.Name != v.Name {
			continue
		}
		if !reflect.DeepEqual(existing, v) {
			r.ps.add(at, "another volume of this pod is named %q already", v.Name)
		}
		return
	}
	r.volumes.list = append(r.volumes.list, v)
}

// declaredVolumes reads the volumes that do not depend on containers: spec.volumes, spec.extraVolumes, spec.pod.volumes
// and those that resources bring along.
func (r *renderer) declaredVolumes() {
	r.volumes = volumes{links: map[string][]string{}}
	at := path("spec.volumes")
	given := r.ps.object(r.spec["volumes"], at)
	for _, name := range sortedKeys(given) {
		r.addVolume(corev1.Volume{Name: name, VolumeSource: r.volumeSource(given[name], at.key(name))}, at.key(name))
	}
	pod := r.section("spec.pod")
	for _, list := range []field{
		{parent: "spec", key: "extraVolumes", value: r.spec["extraVolumes"]},
		{parent: "spec.pod", key: "volumes", value: pod["volumes"]},
	} {
		for i, volume := range decodeList[corev1.Volume](list.value, list.at(), r.ps) {
			r.addVolume(volume, list.at().index(i))
		}
	}
	r.injectVolumes()
}

// volumeFor finds the volume that the id of a mount means: a volume of the pod, or the one that a resource brings along.
func (r *renderer) volumeFor(id string, at path) (string, bool) {
	switch linked := r.volumes.links[id]; len(linked) {
	case 0:
	case 1:
		return linked[0], true
	default:
		r.ps.add(at, "resource %s brings %d volumes (%s); name the one to mount", id, len(linked), strings.Join(linked, ", "))
		return "", false
	}
	names := r.volumeNames()
	if slices.Contains(names, id) {
		return id, true
	}
	if strings.HasPrefix(id, "externals.") || strings.HasPrefix(id, "shared.") {
		r.ps.add(at, "resource %s brings no volume: it needs a definition whose manifests have one with location volumes", id)
		return "", false
	}
	known := slices.Concat(names, sortedKeys(r.volumes.links))
	if len(known) == 0 {
		r.ps.add(at, "no volume %q; this workload has none", id)
		return "", false
	}
	r.ps.add(at, "no volume %q; known here: %s", id, strings.Join(known, ", "))
	return "", false
}

func (r *renderer) volumeNames() []string {
	names := make([]string, len(r.volumes.list), len(r.volumes.list)+1)
	for i, volume := range r.volumes.list {
		names[i] = volume.Name
	}
	return append(names, r.claimNames()...)
}
