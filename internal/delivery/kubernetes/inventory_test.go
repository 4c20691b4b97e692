package kubernetes_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/internal/delivery/kubernetes"
	"github.com/slipway-dev/slipway/orchestrator"
)

// patch changes an object as somebody else.
func (e *env) patch(resource, name, body string) {
	e.t.Helper()
	_, err := e.resource(resource, e.namespace).Patch(e.t.Context(), name, types.MergePatchType, []byte(body), metav1.PatchOptions{FieldManager: "kubectl"})
	require.NoError(e.t, err)
}

const noLabels = `{"metadata":{"labels":{"slipway.dev/org":null,"slipway.dev/app":null,"slipway.dev/env":null}}}`

// TestPruneAsksTheCluster: the inventory says what may be ours, the cluster whether it still is.
func TestPruneAsksTheCluster(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		meanwhile func(e *env)
		stays     string // the line that says why it stays; "" when it goes
	}{
		"untouched":            {meanwhile: func(*env) {}},
		"labels were stripped": {meanwhile: func(e *env) { e.patch("v1/configmaps", "goes", noLabels) }},
		"the managers were stripped": {meanwhile: func(e *env) {
			e.patch("v1/configmaps", "goes", `{"metadata":{"managedFields":[{}]}}`)
		}},
		"another environment has it": {
			meanwhile: func(e *env) {
				e.patch("v1/configmaps", "goes", `{"metadata":{"labels":{"slipway.dev/env":"production"}}}`)
			},
			stays: `is left alone: its label slipway.dev/env says "production" now`,
		},
		"somebody has made it anew": {
			meanwhile: func(e *env) {
				require.NoError(e.t, e.resource("v1/configmaps", e.namespace).Delete(e.t.Context(), "goes", metav1.DeleteOptions{}))
				_, err := e.resource("v1/configmaps", e.namespace).Create(e.t.Context(), unstructuredOf(e.objects(configMap("goes", "theirs"))[0]), metav1.CreateOptions{})
				require.NoError(e.t, err)
			},
			stays: "is left alone: somebody else has made it anew",
		},
		"a controller has it": {
			meanwhile: func(e *env) {
				owner := e.get("apps/v1/deployments", "api")
				e.patch("v1/configmaps", "goes", fmt.Sprintf(`{"metadata":{"ownerReferences":[{"apiVersion":"apps/v1","kind":"Deployment","name":"api","uid":%q,"controller":true}]}}`, owner.GetUID()))
			},
			stays: `is left alone: it belongs to Deployment "api" now`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t)
			e.delivered(configMap("goes", "1"), deployment("api", 1, ""))
			tc.meanwhile(e)
			result := e.delivered(deployment("api", 1, ""))
			if tc.stays == "" {
				require.Equal(t, 1, result.Removed)
				e.gone("v1/configmaps", e.namespace, "goes")
				require.Empty(t, e.told())
				return
			}
			require.Zero(t, result.Removed)
			e.get("v1/configmaps", "goes")
			require.Contains(t, e.told(), `ConfigMap "goes" in namespace "`+e.namespace+`" `+tc.stays)
		})
	}
}

func TestRemoveReachesOtherNamespacesAndTheCluster(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	role := e.request.Env.AppID + "-reader"
	elsewhere := e.namespace + "-more"
	e.delivered(
		"apiVersion: v1\nkind: Namespace\nmetadata: {name: "+elsewhere+"}",
		"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: far, namespace: "+elsewhere+"}",
		"apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: "+role+"}\nrules: []",
		configMap("near", "1"),
	)
	result := e.delivered(configMap("near", "1"))
	require.Equal(t, 2, result.Removed, "the namespace stays until the end")
	e.gone("v1/configmaps", elsewhere, "far")
	e.gone("rbac.authorization.k8s.io/v1/clusterroles", "", role)
	require.Equal(t, elsewhere, result.Kept[0].Name)

	result, err := e.remove()
	require.NoError(t, err)
	require.Equal(t, 3, result.Removed)
	for _, namespace := range []string{e.namespace, elsewhere} {
		e.gone("v1/namespaces", "", namespace)
	}
}

func TestPruneKeepsWhatAFinalizerHolds(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: held, namespace: NS, finalizers: [example.com/hold]}", configMap("stays", "1"))
	for range 2 {
		result := e.delivered(configMap("stays", "1"))
		require.Equal(t, "held", result.Kept[0].Name, "it is not forgotten before it is gone")
	}
	e.patch("v1/configmaps", "held", `{"metadata":{"finalizers":null}}`)
	e.gone("v1/configmaps", e.namespace, "held")
	require.Empty(t, e.delivered(configMap("stays", "1")).Kept)
}

func TestRemoveWhenTheKindIsGone(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered(configMap("settings", "1"))
	e.request.Previous = append(e.request.Previous,
		orchestrator.InventoryEntry{APIVersion: "gone.example.com/v1", Kind: "Widget", Namespace: e.namespace, Name: "one"},
		orchestrator.InventoryEntry{APIVersion: "autoscaling/v2beta1", Kind: "HorizontalPodAutoscaler", Namespace: e.namespace, Name: "of-an-old-version"})
	result, err := e.remove()
	require.NoError(t, err)
	require.Equal(t, 2, result.Removed)
}

func TestRemoveFindsTheNamespaceOfAnOlderInventory(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.delivered(configMap("settings", "1"))
	e.request.Previous = e.request.Previous[1:]
	require.Equal(t, "ConfigMap", e.request.Previous[0].Kind)
	_, err := e.remove()
	require.NoError(t, err)
	e.gone("v1/namespaces", "", e.namespace)
}

func TestRemoveWhenTheClusterIsGone(t *testing.T) {
	t.Parallel()
	_, err := kubernetes.New(kubernetes.Options{}).Remove(t.Context(), orchestrator.DeliveryRequest{
		Target: orchestrator.Target{Type: "k8s", Values: map[string]any{"cluster_data": map[string]any{"server": "https://127.0.0.1:1"}},
			Credentials: map[string]any{"token": "some-token"}},
		Previous: []orchestrator.InventoryEntry{{APIVersion: "v1", Kind: "ConfigMap", Namespace: "a", Name: "b"}},
	})
	require.Equal(t, orchestrator.CodeUnavailable, orchestrator.CodeOf(err), "what may be there is not forgotten")
	require.ErrorContains(t, err, `ConfigMap "b" in namespace "a"`)
	require.ErrorContains(t, err, "https://127.0.0.1:1")
}

// TestRemoveTakesNothingOfANeighbour: an inventory that names what another environment has delivered since.
func TestRemoveTakesNothingOfANeighbour(t *testing.T) {
	t.Parallel()
	e, neighbour := newEnv(t), newEnv(t)
	neighbour.delivered(configMap("theirs", "1"))
	e.request.Previous = []orchestrator.InventoryEntry{{APIVersion: "v1", Kind: "ConfigMap", Namespace: neighbour.namespace, Name: "theirs"}}
	result, err := e.remove()
	require.NoError(t, err)
	require.Zero(t, result.Removed)
	require.Contains(t, e.told(), manifest.LabelApp)
	neighbour.get("v1/configmaps", "theirs")
}
