package manifest

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// Fields of a container that the profiles define themselves (semantics 3.2).
var containerKeys = []string{
	"args", "command", "env", "envFrom", "files", "id", "image", "lifecycle", "liveness_probe", "readiness_probe",
	"resources", "startup_probe", "variables", "volumeMounts", "volume_mounts",
}

// Fields of a container that are copied to the Kubernetes container as they are. ports, resizePolicy and restartPolicy
// are more than the original profile takes.
var passedKeys = []string{
	"imagePullPolicy", "ports", "resizePolicy", "restartPolicy", "securityContext", "stdin", "stdinOnce",
	"terminationMessagePath", "terminationMessagePolicy", "tty", "volumeDevices", "workingDir",
}

// placed is a container of the pod together with the place it comes from.
type placed struct {
	container corev1.Container
	at        path
}

// containers renders spec.containers in the order of their ids.
func (r *renderer) containers() []placed {
	at := path("spec.containers")
	given := r.ps.object(r.spec["containers"], at)
	out := make([]placed, 0, len(given))
	for _, id := range sortedKeys(given) {
		r.ps.dnsLabel(id, at.key(id))
		out = append(out, placed{container: r.container(id, r.ps.object(given[id], at.key(id)), at.key(id)), at: at.key(id)})
	}
	return out
}

func (r *renderer) container(id string, c map[string]any, at path) corev1.Container {
	r.ps.known(c, at, append(append([]string{}, containerKeys...), passedKeys...)...)
	var out corev1.Container
	var passed []field
	for _, key := range passedKeys {
		if value, ok := c[key]; ok {
			passed = append(passed, field{parent: at, key: key, value: value})
		}
	}
	decode(passed, &out, r.ps)
	out.Name = id
	out.Image = r.image(c["image"], at.key("image"))
	out.Command = r.ps.scalars(c["command"], at.key("command"))
	out.Args = r.ps.scalars(c["args"], at.key("args"))
	out.Env, out.EnvFrom = r.environment(id, c, at)
	out.Resources = r.resources(c["resources"], at.key("resources"))
	out.LivenessProbe = r.probe(c["liveness_probe"], at.key("liveness_probe"))
	out.ReadinessProbe = r.probe(c["readiness_probe"], at.key("readiness_probe"))
	out.StartupProbe = r.probe(c["startup_probe"], at.key("startup_probe"))
	out.Lifecycle = r.lifecycle(c["lifecycle"], at.key("lifecycle"))
	out.VolumeMounts = r.mounts(id, c, at)
	return out
}

func (r *renderer) image(v any, at path) string {
	image := r.ps.str(v, at)
	_, isText := v.(string)
	switch {
	case v != nil && !isText: // reported
	case image == "":
		r.ps.add(at, "expected the reference of an image")
	case image == ".":
		r.ps.add(at, `"." stands for an image that is given when deploying, and none was given`)
	case strings.TrimSpace(image) != image || strings.ContainsAny(image, " \t\n"):
		r.ps.add(at, "%q is not the reference of an image: it holds white space", image)
	}
	return image
}

// resources reads limits and requests; without any, the defaults of the original profiles apply (semantics 3.2).
func (r *renderer) resources(v any, at path) corev1.ResourceRequirements {
	if len(r.ps.object(v, at)) == 0 {
		return corev1.ResourceRequirements{
			Limits: corev1.ResourceList{
				corev1.ResourceCPU: resource.MustParse("250m"), corev1.ResourceMemory: resource.MustParse("256Mi"),
			},
			Requests: corev1.ResourceList{
				corev1.ResourceCPU: resource.MustParse("25m"), corev1.ResourceMemory: resource.MustParse("64Mi"),
			},
		}
	}
	var out corev1.ResourceRequirements
	decodeValue(v, at, &out, r.ps)
	for name, request := range out.Requests {
		limit, ok := out.Limits[name]
		if ok && request.Cmp(limit) > 0 {
			r.ps.add(at.key("requests").key(string(name)), "%s is more than the limit %s", request.String(), limit.String())
		}
	}
	return out
}

// mounts gives the volume mounts of a container: volume_mounts by path, files by path, native volumeMounts as listed.
func (r *renderer) mounts(id string, c map[string]any, at path) []corev1.VolumeMount {
	given := r.ps.object(c["volume_mounts"], at.key("volume_mounts"))
	var out []corev1.VolumeMount
	for _, target := range sortedKeys(given) {
		if mount, ok := r.mount(target, given[target], at.key("volume_mounts").key(target)); ok {
			out = append(out, mount)
		}
	}
	native := decodeList[corev1.VolumeMount](c["volumeMounts"], at.key("volumeMounts"), r.ps)
	outside := append(append([]corev1.VolumeMount{}, out...), native...)
	volume, files := r.files(id, c, at)
	if volume != nil {
		r.addVolume(*volume, at.key("files"))
	}
	for _, file := range files {
		for _, mount := range outside {
			if strings.HasPrefix(file.MountPath, strings.TrimSuffix(mount.MountPath, "/")+"/") {
				r.ps.add(at.key("files").key(file.MountPath), "a file cannot lie inside the volume that is mounted at %s", mount.MountPath)
			}
		}
	}
	return append(append(out, files...), native...)
}

func (r *renderer) mount(target string, v any, at path) (corev1.VolumeMount, bool) {
	given := r.ps.object(v, at)
	r.ps.known(given, at, "id", "sub_path", "read_only")
	if !strings.HasPrefix(target, "/") || strings.Contains(target, ":") {
		r.ps.add(at, "expected an absolute path without :")
	}
	// Score files write sub paths with a leading slash too, which Kubernetes refuses.
	subPath := strings.TrimLeft(r.ps.scalar(given["sub_path"], at.key("sub_path")), "/")
	if slices.Contains(strings.Split(subPath, "/"), "..") {
		r.ps.add(at.key("sub_path"), "expected a path inside the volume, without ..")
	}
	readOnly, ok := asBool(given["read_only"])
	if !ok && given["read_only"] != nil && given["read_only"] != "" {
		r.ps.add(at.key("read_only"), "expected boolean, got %s", kindOf(given["read_only"]))
	}
	id := r.ps.str(given["id"], at.key("id"))
	if id == "" {
		r.ps.add(at.key("id"), "expected the name of a volume or a resource such as externals.data")
		return corev1.VolumeMount{}, false
	}
	name, ok := r.volumeFor(id, at.key("id"))
	return corev1.VolumeMount{Name: name, MountPath: target, SubPath: subPath, ReadOnly: readOnly}, ok
}
