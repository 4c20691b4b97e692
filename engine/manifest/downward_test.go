package manifest_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/placeholder"
)

func TestDownwardThroughResolution(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		value string
		want  []corev1.EnvVar
	}{
		"whole": {value: "${pod.metadata.name}", want: []corev1.EnvVar{
			{Name: "_DOWNWARD_API_pod.metadata.name", ValueFrom: field("metadata.name")},
			{Name: "A", Value: "$(_DOWNWARD_API_pod.metadata.name)"},
		}},
		"mixed": {value: "http://${pod.status.podIP}:80/$(HOME)$x", want: []corev1.EnvVar{
			{Name: "_DOWNWARD_API_pod.status.podIP", ValueFrom: field("status.podIP")},
			{Name: "A", Value: "http://$(_DOWNWARD_API_pod.status.podIP):80/$$(HOME)$$x"},
		}},
		"label": {value: `${pod.metadata.labels["app.kubernetes.io/name"]}`, want: []corev1.EnvVar{
			{Name: "_DOWNWARD_API_pod.metadata.labels.app_2Ekubernetes_2Eio_2Fname", ValueFrom: field("metadata.labels['app.kubernetes.io/name']")},
			{Name: "A", Value: "$(_DOWNWARD_API_pod.metadata.labels.app_2Ekubernetes_2Eio_2Fname)"},
		}},
		"twice": {value: "${pod.metadata.uid}${pod.metadata.uid}", want: []corev1.EnvVar{
			{Name: "_DOWNWARD_API_pod.metadata.uid", ValueFrom: field("metadata.uid")},
			{Name: "A", Value: "$(_DOWNWARD_API_pod.metadata.uid)$(_DOWNWARD_API_pod.metadata.uid)"},
		}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resolved, err := placeholder.Resolve(tc.value, func(ref placeholder.Reference) (any, error) {
				require.True(t, manifest.IsDownward(ref.Path))
				return manifest.Downward(ref.Path)
			})
			require.NoError(t, err)
			w := module(t, "containers: {c: {image: i}}")
			w.Spec["containers"].(map[string]any)["c"].(map[string]any)["variables"] = map[string]any{"A": resolved}
			env := deploymentOf(t, w).Spec.Template.Spec.Containers[0].Env
			require.Equal(t, tc.want, env)
			for _, e := range env {
				require.Empty(t, validation.IsEnvVarName(e.Name))
			}
		})
	}
}

func field(path string) *corev1.EnvVarSource {
	return &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: path}}
}

func TestDownwardRefusesWhatAContainerCannotSee(t *testing.T) {
	t.Parallel()
	for _, p := range []placeholder.Path{
		{}, {"pod"}, {"pod", "spec", "priority"}, {"pod", "metadata", "labels"}, {"pod", "metadata", "labels", "it's"},
		{"containers", "c", "limits"}, {"containers", "c", "limits", "nvidia.com/gpu"}, {"containers", "", "limits", "cpu"},
		{"containers", "c", "image", "cpu"}, {"values", "a", "b"},
	} {
		_, err := manifest.Downward(p)
		require.Error(t, err, p)
	}
	_, err := manifest.Downward(placeholder.Path{"containers", "c", "requests", "hugepages-2Mi"})
	require.NoError(t, err)
}

func TestForgedDownwardTextIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"$(_DOWNWARD_API_)", "$(_DOWNWARD_API_pod.metadata.name_)", "$(_DOWNWARD_API_pod_ZZ)", "$(_DOWNWARD_API_values.x)"} {
		_, err := manifest.Render(module(t, "containers: {c: {image: i, args: ['"+text+"']}}"))
		require.ErrorContains(t, err, "spec.containers.c: ", text)
	}
}
