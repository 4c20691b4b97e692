package builtin_test

import (
	"bytes"
	"fmt"
	"testing"
	texttemplate "text/template"
	"time"

	"github.com/Masterminds/sprig/v3"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/slipway-dev/slipway/drivers"
)

// functions are those that the templates here call, and no more: text/template copies what it is given, so the whole of Sprig
// would make the plain way look worse than it need be.
var functions = func() texttemplate.FuncMap {
	all := sprig.TxtFuncMap()
	return texttemplate.FuncMap{"trunc": all["trunc"], "lower": all["lower"], "b64enc": all["b64enc"], "toRawJson": all["toRawJson"]}
}()

// byHand renders a template and reads the result as YAML, with nothing in between.
func byHand(b *testing.B, source string, scope map[string]any) any {
	b.Helper()
	t, err := texttemplate.New("x").Funcs(functions).Parse(source)
	require.NoError(b, err)
	var out bytes.Buffer
	require.NoError(b, t.Execute(&out, scope))
	var tree any
	require.NoError(b, yaml.Unmarshal(out.Bytes(), &tree))
	return tree
}

// BenchmarkOverhead runs each driver and plain Go code that makes the same, in turns, and reports the ratio (x).
func BenchmarkOverhead(b *testing.B) {
	all := registry(b)
	templates := map[string]any{
		"init":      "name: db-{{ .id | trunc 12 | lower }}",
		"outputs":   "host: {{ .init.name }}\nport: 5432",
		"secrets":   "password: {{ .id | b64enc }}",
		"manifests": "m:\n  location: namespace\n  data:\n    kind: Service\n    metadata: {name: {{ .init.name | toRawJson }}}",
		"cookie":    "name: {{ .init.name }}",
	}
	values := map[string]any{"host": "h", "port": 5432.0, "tags": map[string]any{"a": []any{"b", "c"}}}
	routes := map[string]any{"host": "h.example.com", "class": "nginx", "routePaths": []any{"/", "/api"}, "routePorts": []any{80.0, 8080.0}, "routeServices": []any{"web", "api"}}
	cases := []struct {
		driver string
		values map[string]any
		plain  func(b *testing.B) any
	}{
		{"humanitec/echo", values, func(*testing.B) any { return drivers.CloneMap(values) }},
		{"humanitec/template", map[string]any{"templates": templates}, func(b *testing.B) any {
			scope := map[string]any{"id": guresid, "cookie": nil, "resource": map[string]any{}}
			scope["init"] = byHand(b, templates["init"].(string), scope)
			var out []any
			for _, name := range []string{"manifests", "outputs", "secrets", "cookie"} {
				out = append(out, byHand(b, templates[name].(string), scope))
			}
			return out
		}},
		{"humanitec/dns-wildcard", map[string]any{"domain": "example.com", "template": "{{ .id | trunc 8 }}-qa"}, func(b *testing.B) any {
			return fmt.Sprint(byHand(b, "{{ .id | trunc 8 }}-qa", map[string]any{"id": guresid}), ".example.com")
		}},
		{"humanitec/ingress", routes, func(*testing.B) any { return plainIngress(routes) }},
		{"humanitec/hpa", nil, func(*testing.B) any { return plainAutoscaler("api", 2, 3, 80) }},
		{"humanitec/volume-pvc", map[string]any{"capacity": "5Gi"}, func(*testing.B) any { return plainClaim(guresid, "5Gi") }},
	}
	for _, c := range cases {
		b.Run(c.driver, func(b *testing.B) {
			driver, _, ok := all.Get(c.driver)
			require.True(b, ok)
			r := drivers.Request{GUResID: guresid, ID: "modules.api.externals.x", Class: "default", Values: c.values}
			const together = 50
			var ours, plain time.Duration
			for b.Loop() {
				start := time.Now()
				for range together {
					if _, err := driver.Provision(b.Context(), r); err != nil {
						b.Fatal(err)
					}
				}
				between := time.Now()
				for range together {
					sink = c.plain(b)
				}
				ours += between.Sub(start)
				plain += time.Since(between)
			}
			runs := float64(b.N * together)
			b.ReportMetric(float64(ours)/runs, "ns/node")
			b.ReportMetric(float64(plain)/runs, "ns/plain")
			b.ReportMetric(float64(ours)/float64(plain), "x")
		})
	}
}

// sink keeps the compiler from leaving plain code out.
var sink any

func plainIngress(values map[string]any) any {
	paths, ports, services := values["routePaths"].([]any), values["routePorts"].([]any), values["routeServices"].([]any)
	var out []any
	for i := range paths {
		out = append(out, map[string]any{"path": paths[i], "pathType": "Prefix",
			"backend": map[string]any{"service": map[string]any{"name": services[i], "port": map[string]any{"number": ports[i]}}}})
	}
	return map[string]any{"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": map[string]any{"name": "ingress-" + guresid},
		"spec": map[string]any{"ingressClassName": values["class"], "rules": []any{map[string]any{"host": values["host"], "http": map[string]any{"paths": out}}}}}
}

func plainAutoscaler(workload string, least, most, target float64) any {
	return map[string]any{"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": map[string]any{"name": workload},
		"spec": map[string]any{"scaleTargetRef": map[string]any{"apiVersion": "apps/v1", "kind": "Deployment", "name": workload}, "minReplicas": least, "maxReplicas": most,
			"metrics": []any{map[string]any{"type": "Resource", "resource": map[string]any{"name": "cpu",
				"target": map[string]any{"type": "Utilization", "averageUtilization": target}}}}}}
}

func plainClaim(id, capacity string) any {
	return []any{
		map[string]any{"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": map[string]any{"name": id + "-claim"},
			"spec": map[string]any{"accessModes": []any{"ReadWriteOnce"}, "resources": map[string]any{"requests": map[string]any{"storage": capacity}}}},
		map[string]any{"name": id + "-volume", "persistentVolumeClaim": map[string]any{"claimName": id + "-claim"}},
	}
}
