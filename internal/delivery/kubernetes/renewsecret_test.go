package kubernetes_test

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const pullSecret = `apiVersion: v1
kind: Secret
metadata: {name: slipway-registry-images, namespace: NS, annotations: {slipway.dev/ignore-drift: /data}}
type: kubernetes.io/dockerconfigjson
data: {.dockerconfigjson: e30=}`

// TestRenewSecret: a Secret that was delivered gets a new value, which is no drift and no conflict for the next delivery. None is made.
func TestRenewSecret(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	const name = "slipway-registry-images"
	renew := func(value string) bool {
		t.Helper()
		found, err := e.delivery.RenewSecret(t.Context(), e.request.Target, name, map[string]string{
			".dockerconfigjson": base64.StdEncoding.EncodeToString([]byte(value)),
		})
		require.NoError(t, err)
		return found
	}
	require.False(t, renew(`{}`), "there is not even a namespace")
	e.delivered(configMap("other", "x"))
	require.False(t, renew(`{}`), "it was not delivered")
	e.delivered(pullSecret)
	require.True(t, renew(`{"auths":{"a":{}}}`))
	secret := e.get("v1/secrets", name)
	data, _, err := unstructured.NestedString(secret.Object, "data", ".dockerconfigjson")
	require.NoError(t, err)
	require.Equal(t, base64.StdEncoding.EncodeToString([]byte(`{"auths":{"a":{}}}`)), data)
	for _, m := range secret.GetManagedFields() {
		require.NotEqual(t, "slipway-operations", m.Manager, "the field is given up")
	}
	for _, c := range e.compare() {
		require.Equal(t, []string{"/data"}, c.IgnoredPaths)
	}
	e.delivered(pullSecret)
	data, _, err = unstructured.NestedString(e.get("v1/secrets", name).Object, "data", ".dockerconfigjson")
	require.NoError(t, err)
	require.Equal(t, "e30=", data, "a delivery sets it")

	_, err = e.delivery.RenewSecret(t.Context(), e.request.Target, name, map[string]string{".dockerconfigjson": "bm90IEpTT04="})
	require.ErrorContains(t, err, name, "the cluster refuses what is no configuration")
	require.NotContains(t, err.Error(), "bm90IEpTT04=")

	e.byHand("v1/secrets", name, `{"metadata":{"labels":{"slipway.dev/env":"another"}}}`)
	require.False(t, renew(`{}`), "another environment has it now")
	require.NoError(t, e.resource("v1/secrets", e.namespace).Delete(t.Context(), name, metav1.DeleteOptions{}))
	require.False(t, renew(`{}`), "what is gone stays away")
}
