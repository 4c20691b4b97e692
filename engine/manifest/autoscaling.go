package manifest

import "strings"

// LeaveReplicas takes the number of replicas out of those objects that an autoscaler among them scales, so that the two
// do not fight over it: a HorizontalPodAutoscaler, or a ScaledObject of KEDA. It returns the references of the objects
// that are scaled; the trees of those that gave a number are changed.
func LeaveReplicas(objects []Object) []string {
	scaled := Scaled(objects)
	var out []string
	for _, o := range objects {
		if !scaled[o.Ref()] {
			continue
		}
		out = append(out, o.Ref())
		if spec, ok := o.Tree["spec"].(map[string]any); ok {
			delete(spec, "replicas")
		}
	}
	return out
}

// Scaled are the references (Object.Ref) of what the autoscalers among objects scale.
func Scaled(objects []Object) map[string]bool {
	out := map[string]bool{}
	for _, o := range objects {
		if ref := scaleTarget(o); ref != "" {
			out[ref] = true
		}
	}
	return out
}

// scaleTarget is the reference (Object.Ref) of what an autoscaler scales; "" for every other object.
func scaleTarget(o Object) string {
	group := groupOf(o.APIVersion())
	hpa := o.Kind() == "HorizontalPodAutoscaler" && group == "autoscaling"
	keda := o.Kind() == "ScaledObject" && group == "keda.sh"
	if !hpa && !keda {
		return ""
	}
	spec, _ := o.Tree["spec"].(map[string]any)
	target, _ := spec["scaleTargetRef"].(map[string]any)
	kind, apiVersion := textAt(target, "kind"), textAt(target, "apiVersion")
	if keda && kind == "" {
		kind = "Deployment"
	}
	if apiVersion == "" {
		apiVersion = "apps/v1"
	}
	return strings.Join([]string{groupOf(apiVersion), kind, o.Namespace(), textAt(target, "name")}, "/")
}
