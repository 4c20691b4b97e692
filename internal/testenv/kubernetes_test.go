package testenv_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/slipway-dev/slipway/internal/testenv"
)

func TestKubernetesHasNodes(t *testing.T) {
	t.Parallel()
	path := testenv.Kubernetes(t)
	require.Equal(t, path, testenv.Kubernetes(t), "one control plane for a test binary")
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Zero(t, info.Mode().Perm()&0o077, "the kubeconfig is its owner's")
	config, err := clientcmd.BuildConfigFromFlags("", path)
	require.NoError(t, err)
	client, err := dynamic.NewForConfig(config)
	require.NoError(t, err)
	nodes, err := client.Resource(schema.GroupVersionResource{Version: "v1", Resource: "nodes"}).List(t.Context(), metav1.ListOptions{})
	require.NoError(t, err)
	require.NotEmpty(t, nodes.Items)
}

// A claim without a class is bound, and its volume goes with it.
func TestKubernetesBindsClaims(t *testing.T) {
	t.Parallel()
	config, err := clientcmd.BuildConfigFromFlags("", testenv.Kubernetes(t))
	require.NoError(t, err)
	client, err := dynamic.NewForConfig(config)
	require.NoError(t, err)
	claims := client.Resource(schema.GroupVersionResource{Version: "v1", Resource: "persistentvolumeclaims"}).Namespace("default")
	volumes := client.Resource(schema.GroupVersionResource{Version: "v1", Resource: "persistentvolumes"})
	claim := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": map[string]any{"generateName": "claim-"},
		"spec": map[string]any{"accessModes": []any{"ReadWriteOnce"}, "resources": map[string]any{"requests": map[string]any{"storage": "1Gi"}}}}}
	made, err := claims.Create(t.Context(), claim, metav1.CreateOptions{})
	require.NoError(t, err)
	volume := ""
	require.Eventually(t, func() bool {
		got, err := claims.Get(t.Context(), made.GetName(), metav1.GetOptions{})
		if err != nil {
			return false
		}
		volume, _, _ = unstructured.NestedString(got.Object, "spec", "volumeName")
		phase, _, _ := unstructured.NestedString(got.Object, "status", "phase")
		return phase == "Bound"
	}, time.Minute, 50*time.Millisecond)
	require.NoError(t, claims.Delete(t.Context(), made.GetName(), metav1.DeleteOptions{}))
	require.Eventually(t, func() bool {
		_, err := volumes.Get(t.Context(), volume, metav1.GetOptions{})
		return apierrors.IsNotFound(err)
	}, time.Minute, 50*time.Millisecond)
}
