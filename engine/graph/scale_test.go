package graph_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/resource"
)

// large gives an input whose graph has about n nodes: workloads with databases, buckets and routes on one shared dns,
// service accounts, co-provisioned policies and an ingress that selects all routes. Definitions grow with it, among
// them many for single resources.
func large(n int) graph.Input {
	const perWorkload = 8
	modules := map[string]m{}
	definitions := []resource.Definition{
		define("dns", "dns", "", nil), define("pg", "postgres", "", m{"in": "${resources.postgres-instance#main.outputs.host}"}),
		define("instance", "postgres-instance", "", nil), define("policy", "aws-policy", "", nil), define("route", "route", "", nil),
		provisioning(define("s3", "s3", "", m{"name": "${context.app.id}-${context.res.id}"}), map[string]resource.Provision{
			"aws-policy": {MatchDependents: true, Params: m{"bucket": "${resources.s3.outputs.bucket}"}},
		}),
		define("workload", "workload", "", m{"account": "${resources.k8s-service-account.outputs.name}"}),
		define("account", "k8s-service-account", "", m{"role": "${resources.aws-role.outputs.arn}"}),
		define("role", "aws-role", "", m{"policies": "${resources.workload>aws-policy.outputs.arn}"}),
		define("ingress", "ingress", "", m{"paths": "${resources.dns<route.outputs.path}", "host": "${resources.dns.outputs.host}"}),
		define("cluster", "k8s-cluster", "", nil), define("namespace", "k8s-namespace", "", nil),
	}
	definitions[0].Provision = map[string]resource.Provision{"ingress": {}}
	for i := range n / perWorkload {
		name := fmt.Sprintf("w%05d", i)
		modules[name] = module(m{
			"db": external("postgres", "", nil), "files": external("s3", "", nil),
			"r": external("route", "", m{"host": "${shared.dns.host}", "path": "/" + name, "port": 80.0}),
			"c": external("postgres", "", nil),
		}, m{"containers": m{"main": m{"image": "x:1", "variables": m{
			"DB": "postgres://${externals.db.username}:${externals.db.password}@${externals.db.host}", "BUCKET": "${externals.files.bucket}",
			"NEXT": fmt.Sprintf("${modules.w%05d.service.name}", (i+1)%(n/perWorkload)),
		}}}})
		if i%4 == 0 {
			special := define("pg-"+name, "postgres", "", nil)
			special.Criteria = []resource.Criteria{{ResID: "modules." + name + ".externals.db"}}
			elsewhere := define("pg-else-"+name, "postgres", "", nil)
			elsewhere.Criteria = []resource.Criteria{{AppID: "app-" + name, EnvID: "e"}}
			definitions = append(definitions, special, elsewhere)
		}
	}
	types := []resource.Type{
		{ID: "postgres", InputsSchema: m{"properties": m{"extensions": m{"type": "object"}}}},
		{ID: "route", InputsSchema: m{"properties": m{"host": m{"type": "string"}, "path": m{"type": "string"}, "port": m{"type": []any{"integer", "string"}}}}},
		{ID: "workload", InputsSchema: m{"properties": m{"id": m{"type": "string"}, "spec": m{"type": "object"}}}},
	}
	for _, id := range []string{"dns", "postgres-instance", "aws-policy", "s3", "k8s-service-account", "aws-role", "ingress", "k8s-cluster", "k8s-namespace"} {
		types = append(types, resource.Type{ID: id})
	}
	return graph.Input{Context: qa, Set: set(modules, m{"dns": external("dns", "", nil)}), Definitions: definitions, Types: types}
}

func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		in := large(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				g, err := graph.Build(in)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(len(g.Nodes)), "nodes")
			}
		})
	}
}

// BenchmarkLinearity reports what a node of a graph of 10,000 costs against one of 100: 1 is linear. A hundred small graphs and
// one large one take turns, so that both see the same machine.
func BenchmarkLinearity(b *testing.B) {
	small, large := large(100), large(10_000)
	cost := func(in graph.Input, rounds int) (perNode float64) {
		start, nodes := time.Now(), 0
		for range rounds {
			nodes += len(build(b, in).Nodes)
		}
		return float64(time.Since(start)) / float64(nodes)
	}
	var few, many float64
	for b.Loop() {
		few += cost(small, 100)
		many += cost(large, 1)
	}
	b.ReportMetric(few/float64(b.N), "ns/node-of-100")
	b.ReportMetric(many/float64(b.N), "ns/node-of-10000")
	b.ReportMetric(many/few, "x")
}

func BenchmarkHash(b *testing.B) {
	g := build(b, large(10_000))
	for b.Loop() {
		_ = g.Hash()
	}
}

// TestManyProblemsStayCheap keeps the failing way from comparing everything with everything.
func TestManyProblemsStayCheap(t *testing.T) {
	in := large(8000)
	for name, content := range in.Set.Modules {
		content["spec"].(m)["x"] = "${externals." + name + ".y}"
	}
	in.Definitions = in.Definitions[2:]
	_, err := graph.Build(in)
	failure := graph.AsBuildError(err)
	require.NotNil(t, failure)
	require.Less(t, len(failure.Problems), 1001)
	require.Less(t, len(err.Error()), 20_000)
}

// TestTooManyDependencies keeps a selector that covers everything, used by everything, from taking all memory.
func TestTooManyDependencies(t *testing.T) {
	if testing.Short() {
		t.Skip("builds some million dependencies")
	}
	shared := m{"hub": external("hub", "", nil)}
	for i := range 1100 {
		shared[fmt.Sprintf("r%d", i)] = external("s3", "", m{"hub": "${shared.hub.x}"})
	}
	in := graph.Input{
		Context: qa, Implicit: nothing, Set: set(nil, shared),
		Definitions: []resource.Definition{define("hub", "hub", "", nil), define("s3", "s3", "", m{"all": "${resources.config.outputs.x}"}),
			define("config", "config", "", m{"all": "${resources['hub#shared.hub<s3'].outputs.x}"})},
	}
	_, err := graph.Build(in)
	failure := graph.AsBuildError(err)
	require.NotNil(t, failure)
	kinds := map[string]bool{}
	for _, p := range failure.Problems {
		kinds[p.Kind] = true
	}
	require.True(t, kinds[graph.ProblemLimit])
}
