package kubejobs

import (
	"encoding/json"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"sigs.k8s.io/yaml"
)

// ParseTemplate reads a pod template, {metadata, spec}, as YAML or JSON. "" is none.
func ParseTemplate(text string) (map[string]any, error) {
	var tree map[string]any
	if err := yaml.Unmarshal([]byte(text), &tree); err != nil {
		return nil, fmt.Errorf("the pod template is no YAML object: %w", err)
	}
	return tree, nil
}

// Merge lays a user's pod template over ours, as `kubectl patch` does: lists of
// containers, volumes and the like are merged by name. Fields that a pod template
// does not have are refused.
func Merge(ours corev1.PodTemplateSpec, theirs map[string]any) (corev1.PodTemplateSpec, error) {
	if len(theirs) == 0 {
		return ours, nil
	}
	patch, err := json.Marshal(theirs)
	if err != nil {
		return ours, fmt.Errorf("the pod template cannot be written as JSON: %w", err)
	}
	var shape corev1.PodTemplateSpec
	if err := yaml.UnmarshalStrict(patch, &shape); err != nil {
		return ours, fmt.Errorf("the pod template is not one: %w", err)
	}
	base, err := json.Marshal(ours)
	if err != nil {
		return ours, fmt.Errorf("write the pod template as JSON: %w", err)
	}
	merged, err := strategicpatch.StrategicMergePatch(base, patch, corev1.PodTemplateSpec{})
	if err != nil {
		return ours, fmt.Errorf("the pod template cannot be merged: %w", err)
	}
	var out corev1.PodTemplateSpec
	if err := json.Unmarshal(merged, &out); err != nil {
		return ours, fmt.Errorf("the pod template cannot be merged: %w", err)
	}
	return out, nil
}
