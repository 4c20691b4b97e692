package kubernetes_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	appsv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	kjson "sigs.k8s.io/json"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/drivertest"
	"github.com/slipway-dev/slipway/drivers/kubernetes"
)

const guresid = "0123456789abcdef0123456789abcdef01234567"

func run(t *testing.T, id string, r drivers.Request) (drivers.Result, error) {
	t.Helper()
	r.GUResID = guresid
	for _, d := range kubernetes.All() {
		if d.Descriptor().ID == id {
			return d.Provision(context.Background(), r)
		}
	}
	t.Fatalf("no driver %s", id)
	return drivers.Result{}, nil
}

// decode reads a manifest into its Kubernetes type and refuses fields that the type does not have.
func decode[T any](t *testing.T, m drivers.Manifest) T {
	t.Helper()
	var out T
	text, err := json.Marshal(m.Data)
	require.NoError(t, err)
	strict, err := kjson.UnmarshalStrict(text, &out)
	require.NoError(t, err)
	require.Empty(t, strict)
	return out
}

func TestAutoscaler(t *testing.T) {
	t.Parallel()
	got, err := run(t, "humanitec/hpa", drivers.Request{ID: "modules.api.externals.hpa",
		Values:   map[string]any{"minReplicas": 2.0, "maxReplicas": 5.0},
		Resource: map[string]any{"maxReplicas": 9.0}})
	require.NoError(t, err)
	h := decode[appsv2.HorizontalPodAutoscaler](t, got.Manifests[0])
	require.Equal(t, "api", h.Spec.ScaleTargetRef.Name)
	require.EqualValues(t, 2, *h.Spec.MinReplicas)
	require.EqualValues(t, 9, h.Spec.MaxReplicas)
	require.EqualValues(t, 80, *h.Spec.Metrics[0].Resource.Target.AverageUtilization)

	for name, r := range map[string]drivers.Request{
		"shared":      {ID: "shared.hpa"},
		"half a pod":  {ID: "modules.api.externals.h", Values: map[string]any{"minReplicas": 1.5}},
		"text":        {ID: "modules.api.externals.h", Values: map[string]any{"minReplicas": "2"}},
		"upside down": {ID: "modules.api.externals.h", Values: map[string]any{"minReplicas": 4.0, "maxReplicas": 2.0}},
	} {
		_, err := run(t, "humanitec/hpa", r)
		require.True(t, drivers.IsPermanent(err), name)
	}
}

func TestIngress(t *testing.T) {
	t.Parallel()
	routes := map[string]any{"host": "web.example.com", "class": "nginx", "annotations": `{"a":"b"}`, "tls_secret_name": "tls",
		"routePaths": []any{"/", "/api"}, "routePorts": []any{80.0, "http"}, "routeServices": []any{"web", "api"}}
	got, err := run(t, "humanitec/ingress", drivers.Request{Values: routes})
	require.NoError(t, err)
	i := decode[networkingv1.Ingress](t, got.Manifests[0])
	require.Equal(t, "b", i.Annotations["a"])
	require.Equal(t, "nginx", *i.Spec.IngressClassName)
	require.Equal(t, "tls", i.Spec.TLS[0].SecretName)
	paths := i.Spec.Rules[0].HTTP.Paths
	require.Len(t, paths, 2)
	require.EqualValues(t, 80, paths[0].Backend.Service.Port.Number)
	require.Equal(t, "http", paths[1].Backend.Service.Port.Name)
	require.Equal(t, networkingv1.PathTypePrefix, *paths[0].PathType)

	old, err := run(t, "humanitec/ingress", drivers.Request{Values: map[string]any{"no_tls": "true", "tls_secret_name": "x"}, Resource: map[string]any{"host": "h.example.com",
		"rules": map[string]any{"http": map[string]any{"/x": map[string]any{"name": "w", "port": 80.0, "type": "exact"}}}}})
	require.NoError(t, err)
	i = decode[networkingv1.Ingress](t, old.Manifests[0])
	require.Equal(t, networkingv1.PathTypeExact, *i.Spec.Rules[0].HTTP.Paths[0].PathType)
	require.Empty(t, i.Spec.TLS)

	none, err := run(t, "humanitec/ingress", drivers.Request{Values: map[string]any{"host": "h", "routePaths": []any{}}})
	require.NoError(t, err)
	require.Empty(t, none.Manifests, "no routes, no object")

	for name, values := range map[string]map[string]any{
		"no host":      {"routePaths": []any{"/"}, "routePorts": []any{80.0}, "routeServices": []any{"w"}},
		"odd lengths":  {"routePaths": []any{"/"}},
		"no service":   {"host": "h", "routePaths": []any{"/"}, "routePorts": []any{80.0}, "routeServices": []any{""}},
		"bad type":     {"host": "h", "path_type": "x", "routePaths": []any{"/"}, "routePorts": []any{80.0}, "routeServices": []any{"w"}},
		"bad path":     {"host": "h", "routePaths": []any{"x"}, "routePorts": []any{80.0}, "routeServices": []any{"w"}},
		"bad port":     {"host": "h", "routePaths": []any{"/"}, "routePorts": []any{nil}, "routeServices": []any{"w"}},
		"bad metadata": {"host": "h", "annotations": "{", "routePaths": []any{"/"}, "routePorts": []any{80.0}, "routeServices": []any{"w"}},
	} {
		_, err := run(t, "humanitec/ingress", drivers.Request{Values: values})
		require.True(t, drivers.IsPermanent(err), name)
	}
}

func TestVolumes(t *testing.T) {
	t.Parallel()
	got, err := run(t, "humanitec/volume-pvc", drivers.Request{Values: map[string]any{"access_modes": "ReadWriteMany", "capacity": "5Gi", "storage_class_name": "fast"}})
	require.NoError(t, err)
	claim := decode[corev1.PersistentVolumeClaim](t, got.Manifests[0])
	volume := decode[corev1.Volume](t, got.Manifests[1])
	require.Equal(t, guresid+"-claim", claim.Name)
	require.Equal(t, claim.Name, volume.PersistentVolumeClaim.ClaimName)
	require.Equal(t, "fast", *claim.Spec.StorageClassName)
	require.Equal(t, map[string]any{"volumeName": guresid + "-volume", "pvcName": guresid + "-claim"}, got.Values)

	nfs, err := run(t, "humanitec/volume-nfs", drivers.Request{Values: map[string]any{"server": "s", "path": "/x"}})
	require.NoError(t, err)
	require.Equal(t, "/x", decode[corev1.Volume](t, nfs.Manifests[0]).NFS.Path)

	for name, c := range map[string]struct {
		id     string
		values map[string]any
	}{
		"capacity": {"humanitec/volume-pvc", map[string]any{"capacity": "lots"}},
		"mode":     {"humanitec/volume-pvc", map[string]any{"access_modes": []any{"Sometimes"}}},
		"no modes": {"humanitec/volume-pvc", map[string]any{"access_modes": []any{}}},
		"path":     {"humanitec/volume-nfs", map[string]any{"server": "s", "path": "x"}},
		"server":   {"humanitec/volume-nfs", map[string]any{"path": "/x"}},
	} {
		_, err := run(t, c.id, drivers.Request{Values: c.values})
		require.True(t, drivers.IsPermanent(err), name)
	}
}

func TestConformance(t *testing.T) {
	good := map[string]drivers.Request{
		"humanitec/hpa":        {ID: "modules.api.externals.hpa"},
		"humanitec/ingress":    {Values: map[string]any{"host": "h", "labels": map[string]any{"a": "b"}, "routePaths": []any{"/"}, "routePorts": []any{80.0}, "routeServices": []any{"w"}}},
		"humanitec/volume-pvc": {Values: map[string]any{"access_modes": []any{"ReadWriteOnce"}}},
		"humanitec/volume-nfs": {Values: map[string]any{"server": "s", "path": "/x"}},
	}
	for _, d := range kubernetes.All() {
		r, ok := good[d.Descriptor().ID]
		require.True(t, ok, d.Descriptor().ID)
		r.GUResID = guresid
		t.Run(d.Descriptor().ID, func(t *testing.T) {
			drivertest.Run(t, func() drivers.Driver { return d }, drivertest.Case{Name: "good", Request: r})
		})
	}
}
