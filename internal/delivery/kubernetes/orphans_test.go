package kubernetes_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/slipway-dev/slipway/orchestrator"
)

// found lists what is labelled as the environment's, as "Kind name".
func (e *env) found() (all []orchestrator.ClusterObject, names []string) {
	e.t.Helper()
	list, unread, err := e.delivery.Labelled(e.t.Context(), e.request.Target)
	require.NoError(e.t, err)
	require.Empty(e.t, unread)
	for _, o := range list {
		if o.AppID == e.request.Env.AppID {
			all, names = append(all, o), append(names, o.Kind+" "+o.Name)
		}
	}
	slices.Sort(names)
	return all, names
}

func TestClusterOrphansAreFound(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	// The pods of the Deployment carry the labels too, and belong to it; so do the EndpointSlices of the Service.
	e.delivered(deployment("api", 1, ""), service, configMap("settings", "1"))
	require.NoError(t, e.delivery.Watch(t.Context(), e.request))
	all, names := e.found()
	require.Equal(t, []string{"ConfigMap settings", "Deployment api", "Namespace " + e.namespace, "Service api"}, names)
	for _, o := range all {
		require.True(t, o.Applied, o.Name)
	}

	require.NoError(t, e.resource("v1/services", e.namespace).Delete(t.Context(), "api", metav1.DeleteOptions{}))
	previous := slices.Concat(e.request.Previous, []orchestrator.InventoryEntry{{APIVersion: "gone.example.com/v1", Kind: "Widget", Namespace: "x", Name: "one"}})
	gone, err := e.delivery.Gone(t.Context(), e.request.Target, previous)
	require.NoError(t, err)
	require.Len(t, gone, 2)
	require.Equal(t, []string{"Service", "Widget"}, []string{gone[0].Kind, gone[1].Kind})

	settings := all[slices.IndexFunc(all, func(o orchestrator.ClusterObject) bool { return o.Name == "settings" })]
	other := settings
	other.UID = "made-anew"
	err = e.delivery.DeleteObject(t.Context(), e.request.Target, other)
	require.Equal(t, orchestrator.CodeConflict, orchestrator.CodeOf(err))
	require.NoError(t, e.delivery.DeleteObject(t.Context(), e.request.Target, settings))
	e.gone("v1/configmaps", e.namespace, "settings")
	require.NoError(t, e.delivery.DeleteObject(t.Context(), e.request.Target, settings), "it is gone already")
}

func TestClusterOrphansWithRightsInOneNamespace(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.narrow(documentedRights)
	e.allowed(true, "patch", "configmaps")
	e.delivered(configMap("settings", "1"))
	list, unread, err := e.delivery.Labelled(t.Context(), e.request.Target)
	require.NoError(t, err)
	require.Len(t, list, 1, "of its namespace only")
	require.Equal(t, "settings", list[0].Name)
	require.Contains(t, unread, "clusterroles.rbac.authorization.k8s.io")
	require.NotContains(t, unread, "configmaps")
}
