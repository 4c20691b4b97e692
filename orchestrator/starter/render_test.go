package starter_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	kjson "sigs.k8s.io/json"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/builtin"
	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/orchestrator/starter"
)

const guresid = "0123456789abcdef0123456789abcdef01234567"

// resolved is what the placeholders of the starter definitions stand for in these tests.
var resolved = map[string]any{
	"context.app.id":                      "shop",
	"context.env.id":                      "dev",
	"context.res.id":                      "modules.web.externals.x",
	"resources.dns.outputs.host":          "shop-dev.localhost",
	"resources.route>dns.outputs.host":    []any{"shop-dev.localhost"},
	"resources.dns<route.outputs.path":    []any{"/", "/api"},
	"resources.dns<route.outputs.port":    []any{80.0, 8080.0},
	"resources.dns<route.outputs.service": []any{"web", "api"},
}

// request builds a driver call for a definition. overrides replace placeholders.
func request(t *testing.T, d starter.Definition, overrides map[string]any) drivers.Request {
	t.Helper()
	v, err := placeholder.Resolve(d.Entity.DriverInputs.Values, func(ref placeholder.Reference) (any, error) {
		if v, ok := overrides[ref.Raw]; ok {
			return v, nil
		}
		v, ok := resolved[ref.Raw]
		if !ok {
			return nil, fmt.Errorf("no value for ${%s}", ref.Raw)
		}
		return v, nil
	})
	require.NoError(t, err, d.Metadata.ID)
	values, _ := v.(map[string]any)
	r := drivers.Request{GUResID: guresid, Type: d.Entity.Type, Class: "default", ID: "modules.web.externals.x", Values: values}
	switch d.Entity.Type {
	case "route":
		r.Resource = map[string]any{"host": "shop-dev.localhost", "path": "/", "port": 80.0}
	case "postgres":
		r.Resource = map[string]any{"extensions": map[string]any{"uuid-ossp": map[string]any{}, "citext": nil}}
	}
	return r
}

func provision(t *testing.T, d starter.Definition, r drivers.Request) (drivers.Result, error) {
	t.Helper()
	registry := drivers.NewRegistry()
	require.NoError(t, builtin.Register(registry))
	driver, _, err := registry.Resolve(d.Entity.DriverType)
	require.NoError(t, err)
	return driver.Provision(context.Background(), r)
}

func mustProvision(t *testing.T, opts starter.Options, id string, overrides map[string]any) drivers.Result {
	t.Helper()
	d := find(t, opts, id)
	got, err := provision(t, d, request(t, d, overrides))
	require.NoError(t, err)
	return got
}

// decode reads a manifest into its Kubernetes type and refuses fields that the type does not have.
func decode(t *testing.T, m drivers.Manifest) any {
	t.Helper()
	tree := m.Data.(map[string]any)
	kinds := map[string]func() any{
		"v1/Namespace":                           func() any { return &corev1.Namespace{} },
		"v1/Secret":                              func() any { return &corev1.Secret{} },
		"v1/ConfigMap":                           func() any { return &corev1.ConfigMap{} },
		"v1/Service":                             func() any { return &corev1.Service{} },
		"v1/ServiceAccount":                      func() any { return &corev1.ServiceAccount{} },
		"v1/PersistentVolumeClaim":               func() any { return &corev1.PersistentVolumeClaim{} },
		"apps/v1/Deployment":                     func() any { return &appsv1.Deployment{} },
		"networking.k8s.io/v1/Ingress":           func() any { return &networkingv1.Ingress{} },
		"autoscaling/v2/HorizontalPodAutoscaler": func() any { return &autoscalingv2.HorizontalPodAutoscaler{} },
	}
	out := any(&corev1.Volume{})
	if m.Location != drivers.LocationVolumes {
		build, ok := kinds[fmt.Sprintf("%v/%v", tree["apiVersion"], tree["kind"])]
		require.True(t, ok, "%v/%v", tree["apiVersion"], tree["kind"])
		out = build()
	}
	text, err := json.Marshal(tree)
	require.NoError(t, err)
	strict, err := kjson.UnmarshalStrict(text, out)
	require.NoError(t, err)
	require.Empty(t, strict)
	return out
}

func TestEveryDefinitionRenders(t *testing.T) {
	t.Parallel()
	for _, opts := range []starter.Options{{}, {Storage: starter.StorageEphemeral, GitURL: "https://git.example.com/r", IngressClass: "nginx"}} {
		for _, d := range starter.Definitions(opts) {
			t.Run(d.Metadata.ID+opts.Storage, func(t *testing.T) {
				t.Parallel()
				r := request(t, d, nil)
				first, err := provision(t, d, r)
				require.NoError(t, err)
				for _, m := range first.Manifests {
					inspect(t, m, opts, first)
				}
				r.Cookie = first.Cookie
				second, err := provision(t, d, r)
				require.NoError(t, err)
				require.Equal(t, first, second, "the cookie keeps names and passwords")
				documented(t, d.Entity.Type, first)
			})
		}
	}
}

// documented checks the outputs that the type names, where the definition has any of its own.
func documented(t *testing.T, typ string, got drivers.Result) {
	t.Helper()
	for _, ty := range starter.Types() {
		if ty.Type != typ || typ == "k8s-cluster" { // what a cluster tells depends on its kind
			continue
		}
		properties := ty.OutputsSchema["properties"].(map[string]any)
		for part, outputs := range map[string]map[string]any{"values": got.Values, "secrets": got.Secrets} {
			named, _ := properties[part].(map[string]any)["properties"].(map[string]any)
			for name := range named {
				require.Contains(t, outputs, name, "%s of %s", part, typ)
				require.NotEmpty(t, fmt.Sprint(outputs[name]))
			}
		}
	}
}

func inspect(t *testing.T, m drivers.Manifest, opts starter.Options, result drivers.Result) {
	t.Helper()
	switch o := decode(t, m).(type) {
	case *corev1.Namespace:
		require.Equal(t, drivers.LocationCluster, m.Location)
	case *corev1.Service:
		require.Empty(t, validation.IsDNS1035Label(o.Name))
		if host, named := result.Values["host"]; named {
			require.Equal(t, o.Name, host, "the host is the service")
		}
	case *corev1.PersistentVolumeClaim:
		require.Empty(t, opts.Storage)
	case *appsv1.Deployment:
		require.Empty(t, validation.IsDNS1123Label(o.Name))
		require.Equal(t, o.Spec.Selector.MatchLabels["app.kubernetes.io/name"], o.Spec.Template.Labels["app.kubernetes.io/name"])
		inspectPod(t, o.Spec.Template.Spec, result)
	}
}

func inspectPod(t *testing.T, pod corev1.PodSpec, result drivers.Result) {
	t.Helper()
	require.NotNil(t, pod.AutomountServiceAccountToken)
	require.False(t, *pod.EnableServiceLinks)
	volumes := map[string]bool{}
	for _, v := range pod.Volumes {
		volumes[v.Name] = true
	}
	for _, c := range append(append([]corev1.Container{}, pod.InitContainers...), pod.Containers...) {
		_, tag, tagged := strings.Cut(c.Image[strings.LastIndex(c.Image, "/")+1:], ":")
		require.True(t, tagged && tag != "latest", "%s is not pinned", c.Image)
		require.False(t, *c.SecurityContext.AllowPrivilegeEscalation)
		for _, list := range []corev1.ResourceList{c.Resources.Requests, c.Resources.Limits} {
			require.Contains(t, list, corev1.ResourceCPU)
			require.Contains(t, list, corev1.ResourceMemory)
		}
		require.LessOrEqual(t, c.Resources.Requests.Memory().Value(), c.Resources.Limits.Memory().Value())
		for _, e := range c.Env {
			for name, secret := range result.Secrets {
				if secret == "test" {
					continue
				}
				require.NotEqual(t, secret, e.Value, "%s is the plain secret %s", e.Name, name)
			}
		}
		for _, mount := range c.VolumeMounts {
			require.True(t, volumes[mount.Name], mount.Name)
		}
	}
	for _, c := range pod.Containers {
		require.NotNil(t, c.ReadinessProbe)
		require.NotEmpty(t, c.Ports)
	}
}

func TestNamespaceNamesFit(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("abcdefghi-", 5)[:49]
	a := mustProvision(t, starter.Options{}, "starter-k8s-namespace", map[string]any{"context.app.id": long, "context.env.id": long + "1"}).Values["namespace"].(string)
	b := mustProvision(t, starter.Options{}, "starter-k8s-namespace", map[string]any{"context.app.id": long, "context.env.id": long + "2"}).Values["namespace"].(string)
	require.Empty(t, validation.IsDNS1123Label(a))
	require.NotEqual(t, a, b)
	for _, id := range []string{"12", "0x", "1e3"} {
		odd := mustProvision(t, starter.Options{}, "starter-k8s-namespace", map[string]any{"context.app.id": id, "context.env.id": "77"})
		require.Equal(t, id+"-77", odd.Values["namespace"], "names that look like numbers stay texts")
	}
	require.Equal(t, "shop-dev", mustProvision(t, starter.Options{}, "starter-k8s-namespace", nil).Values["namespace"])
}

func TestHostsAreLegal(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("abcdefghi-", 5)[:49]
	got := mustProvision(t, starter.Options{Domain: "apps.example.com"}, "starter-dns", map[string]any{"context.app.id": long, "context.env.id": long})
	require.Empty(t, validation.IsDNS1123Subdomain(got.Values["host"].(string)))
	require.True(t, strings.HasSuffix(got.Values["host"].(string), ".apps.example.com"))
	for _, label := range strings.Split(got.Values["host"].(string), ".") {
		require.Empty(t, validation.IsDNS1123Label(label))
	}
	d := find(t, starter.Options{Domain: "other.example.com"}, "starter-dns")
	r := request(t, d, nil)
	r.Cookie = `{"host":"kept.other.example.com"}`
	kept, err := provision(t, d, r)
	require.NoError(t, err)
	require.Equal(t, "kept.other.example.com", kept.Values["host"])
}

func TestIngressWithoutRoutes(t *testing.T) {
	t.Parallel()
	none := map[string]any{"resources.dns<route.outputs.path": []any{}, "resources.dns<route.outputs.port": []any{}, "resources.dns<route.outputs.service": []any{}}
	require.Empty(t, mustProvision(t, starter.Options{}, "starter-ingress", none).Manifests)

	d := find(t, starter.Options{}, "starter-ingress")
	r := request(t, d, none)
	r.Resource = map[string]any{"rules": map[string]any{"http": map[string]any{"/x": map[string]any{"type": "exact", "name": "web", "port": 80.0}}}}
	old, err := provision(t, d, r)
	require.NoError(t, err)
	i := decode(t, old.Manifests[0]).(*networkingv1.Ingress)
	require.Equal(t, networkingv1.PathTypeExact, *i.Spec.Rules[0].HTTP.Paths[0].PathType)
}

func TestIngressHasEveryRoute(t *testing.T) {
	t.Parallel()
	got := mustProvision(t, starter.Options{IngressClass: "nginx"}, "starter-ingress", nil)
	i := decode(t, got.Manifests[0]).(*networkingv1.Ingress)
	require.Equal(t, "nginx", *i.Spec.IngressClassName)
	require.Equal(t, "shop-dev.localhost", i.Spec.Rules[0].Host)
	require.Len(t, i.Spec.Rules[0].HTTP.Paths, 2)
	require.Equal(t, "api", i.Spec.Rules[0].HTTP.Paths[1].Backend.Service.Name)
	require.EqualValues(t, 8080, i.Spec.Rules[0].HTTP.Paths[1].Backend.Service.Port.Number)
}

func TestRouteSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	d := find(t, starter.Options{}, "starter-route")
	r := request(t, d, nil)
	r.Resource = map[string]any{"path": "/"}
	_, err := provision(t, d, r)
	require.ErrorContains(t, err, "has no port")
	_, err = provision(t, d, request(t, d, map[string]any{"context.res.id": "shared.r"}))
	require.ErrorContains(t, err, "shared.r belongs to no workload")
}

// A route that no dns resource stands for is served by an Ingress of its own.
func TestRouteWithoutDNS(t *testing.T) {
	t.Parallel()
	d := find(t, starter.Options{}, "starter-route")
	cases := map[string]struct {
		params map[string]any
		host   string
	}{
		"every host":        {params: map[string]any{"path": "/api", "port": 8080.0}},
		"a host of its own": {params: map[string]any{"path": "/api", "port": 8080.0, "host": "api.example.com"}, host: "api.example.com"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := request(t, d, map[string]any{"resources.route>dns.outputs.host": []any{}})
			r.Resource = c.params
			got, err := provision(t, d, r)
			require.NoError(t, err)
			i := decode(t, got.Manifests[0]).(*networkingv1.Ingress)
			require.Equal(t, c.host, i.Spec.Rules[0].Host)
			require.Equal(t, "/api", i.Spec.Rules[0].HTTP.Paths[0].Path)
			require.Equal(t, "web", i.Spec.Rules[0].HTTP.Paths[0].Backend.Service.Name)
			require.EqualValues(t, 8080, i.Spec.Rules[0].HTTP.Paths[0].Backend.Service.Port.Number)
			require.Equal(t, c.host, got.Values["host"])
		})
	}
	withDNS, err := provision(t, d, request(t, d, nil))
	require.NoError(t, err)
	require.Empty(t, withDNS.Manifests, "the ingress of the dns serves it")
}
