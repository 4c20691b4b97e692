package graph_test

import (
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/resource"
)

// acyclic generates inputs that always build: references of definitions and sets point in one direction.
func acyclic(t *rapid.T) graph.Input {
	in := graph.Input{Context: qa, Implicit: nothing, Set: deployset.Set{Modules: map[string]map[string]any{}, Shared: map[string]any{}}}
	for i := range rapid.IntRange(0, 5).Draw(t, "shared") {
		params := m{}
		for j := range i {
			if rapid.Bool().Draw(t, "uses") {
				params[fmt.Sprint("p", j)] = fmt.Sprintf("${shared.s%d.out}", j)
			}
		}
		in.Set.Shared[fmt.Sprint("s", i)] = external(rapid.SampledFrom([]string{"t0", "t1"}).Draw(t, "type"), "", params)
	}
	for i := range rapid.IntRange(0, 6).Draw(t, "modules") {
		externals, spec := m{}, m{}
		for j := range rapid.IntRange(0, 3).Draw(t, "externals") {
			externals[fmt.Sprint("e", j)] = external(rapid.SampledFrom([]string{"t0", "t1", "t2"}).Draw(t, "type"), "", m{"i": float64(j)})
		}
		for name := range in.Set.Shared {
			spec[name] = fmt.Sprintf("${shared.%s.out}", name)
		}
		in.Set.Modules[fmt.Sprint("m", i)] = module(externals, spec)
	}
	in.Definitions = []resource.Definition{
		define("d0", "t0", "", m{"a": "${resources.t3.outputs.x}", "b": "${resources.t4#common.outputs.x}"}),
		define("d1", "t1", "", m{"b": "${resources.t4#common.outputs.x}"}),
		provisioning(define("d2", "t2", "", nil), map[string]resource.Provision{"t3": {IsDependent: true, MatchDependents: rapid.Bool().Draw(t, "match")}, "t4": {MatchDependents: true}}),
		define("d3", "t3", "", nil), define("d4", "t4", "", nil),
	}
	return in
}

// shuffled gives equal content in another order of maps and lists.
func shuffled(in graph.Input, seed int64) graph.Input {
	out := in
	out.Definitions = slices.Clone(in.Definitions)
	r := rand.New(rand.NewSource(seed))
	r.Shuffle(len(out.Definitions), func(i, j int) { out.Definitions[i], out.Definitions[j] = out.Definitions[j], out.Definitions[i] })
	out.Set.Shared = map[string]any{}
	names := slices.Collect(maps.Keys(in.Set.Shared))
	r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	for _, name := range names {
		out.Set.Shared[name] = in.Set.Shared[name]
	}
	return out
}

func TestOrderOfInputMakesNoDifference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := acyclic(t)
		first := build(t, in)
		second := build(t, shuffled(in, rapid.Int64().Draw(t, "seed")))
		require.Equal(t, first.Nodes, second.Nodes)
		require.Equal(t, first.Hash(), second.Hash())
		requireOrdered(t, first)
	})
}

func TestUnrelatedWorkloadLeavesTheOrderOfTheOthers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := acyclic(t)
		before := keys(build(t, in))
		spec := m{}
		for name := range in.Set.Shared {
			spec[name] = fmt.Sprintf("${shared.%s.out}", name)
		}
		name := rapid.SampledFrom([]string{"a-new", "m3x", "z-new"}).Draw(t, "name")
		in.Set.Modules[name] = module(m{"e": external("t2", "", nil), "f": external("t0", "", nil)}, spec)
		g := build(t, in)
		old := map[string]bool{}
		for _, k := range before {
			old[k] = true
		}
		after := slices.DeleteFunc(keys(g), func(k string) bool { return !old[k] })
		require.Equal(t, before, after)
	})
}

func TestHashFollowsContent(t *testing.T) {
	t.Parallel()
	in := delegator()
	hash := build(t, in).Hash()
	require.Len(t, hash, 43)

	other := delegator()
	other.Context.EnvID = "staging"
	require.Equal(t, hash, build(t, other).Hash(), "the environment is no content")

	changes := map[string]func(in *graph.Input){
		"values":     func(in *graph.Input) { in.Definitions[2].Values = m{"x": 1.0} },
		"version":    func(in *graph.Input) { in.Definitions[2].VersionID = "v2" },
		"criterion":  func(in *graph.Input) { in.Definitions[2].Criteria[0].ID = "c2" },
		"inputs":     func(in *graph.Input) { in.Set.Modules["a"]["spec"].(m)["replicas"] = 2.0 },
		"new module": func(in *graph.Input) { in.Set.Modules["c"] = module(nil, m{}) },
	}
	for name, change := range changes {
		changed := delegator()
		change(&changed)
		require.NotEqual(t, hash, build(t, changed).Hash(), name)
	}
}

// FuzzBuild holds against panics and against results that break the laws, on any set and any definitions.
func FuzzBuild(f *testing.F) {
	f.Add([]byte("resources and externals"))
	f.Add([]byte{1, 2, 3, 250, 7, 7, 7, 90, 4})
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		g, err := graph.Build(wild(t))
		if err != nil {
			var failure *graph.BuildError
			require.ErrorAs(t, err, &failure)
			require.NotEmpty(t, failure.Problems)
			require.NotEmpty(t, err.Error())
			return
		}
		requireOrdered(t, g)
		require.Len(t, g.Hash(), 43)
		for _, n := range g.Nodes {
			for raw, target := range n.References {
				for _, k := range target.Keys {
					require.Contains(t, n.DependsOn, k, raw)
				}
			}
		}
	}))
}

func TestWildInputs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := wild(t)
		first, firstErr := graph.Build(in)
		second, secondErr := graph.Build(in)
		require.Equal(t, firstErr, secondErr)
		require.Equal(t, first, second)
	})
}

// wild generates inputs that are wrong in every way, and sometimes right.
func wild(t *rapid.T) graph.Input {
	types := []string{"s3", "dns", "workload", "config", "org/s3", "k8s-cluster", ""}
	texts := rapid.SampledFrom([]string{
		"plain", "${externals.a.x}", "${shared.a.x}", "${shared.b}", "${modules.a.externals.a.x}", "${modules.b.service.name}", "${values.K}",
		"${context.res.id}", "${resources.s3.outputs.x}", "${resources.config#c.outputs.x}", "${resources.s3<workload.outputs.x}",
		"${resources['dns.large#c>s3'].values}", "${resources.dns.guresid}", "${", "${A:-x}", `$\{x}`, "${externals}", "${modules}", "${resources}",
	})
	value := rapid.OneOf(texts.AsAny(), rapid.Just[any](nil), rapid.Just[any](1.0), rapid.SliceOfN(texts.AsAny(), 0, 2).AsAny())
	tree := rapid.MapOfN(rapid.SampledFrom([]string{"x", "y", "containers", "ingress", "volume_mounts"}), value, 0, 3)
	class := rapid.SampledFrom([]string{"", "default", "large"})
	declared := rapid.OneOf(rapid.Just[any]("junk"), rapid.Custom(func(t *rapid.T) any {
		return m{"type": rapid.SampledFrom(types).Draw(t, "type"), "class": class.Draw(t, "class"), "params": tree.Draw(t, "params")}
	}))
	resources := rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c"}), declared, 0, 3)
	definitions := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) resource.Definition {
		d := define(rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "id"), rapid.SampledFrom(types).Draw(t, "type"), class.Draw(t, "class"), tree.Draw(t, "values"))
		d.SecretRefs, d.DriverAccount = tree.Draw(t, "secrets"), texts.Draw(t, "account")
		d.Provision = map[string]resource.Provision{
			rapid.SampledFrom([]string{"s3", "dns.large", "config#c", "workload", "#", "x y"}).Draw(t, "provision"): {
				IsDependent: rapid.Bool().Draw(t, "dependent"), MatchDependents: rapid.Bool().Draw(t, "match"), Params: tree.Draw(t, "params"),
			},
		}
		return d
	}), 0, 6)
	modules := rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", ""}), rapid.Custom(func(t *rapid.T) map[string]any {
		return m{"externals": resources.Draw(t, "externals"), "spec": tree.Draw(t, "spec")}
	}), 0, 3)
	in := graph.Input{
		Context: qa, Definitions: definitions.Draw(t, "definitions"),
		Set: deployset.Set{Modules: modules.Draw(t, "modules"), Shared: resources.Draw(t, "shared"), Workloads: modules.Draw(t, "workloads")},
	}
	if rapid.Bool().Draw(t, "typed") {
		in.Types = []resource.Type{{ID: "s3", Use: "direct"}, {ID: "dns", Use: "indirect"}, {ID: "org/s3"}, {ID: "workload", Use: "implicit"}}
	}
	if rapid.Bool().Draw(t, "implicit") {
		in.Implicit = nothing
	}
	if rapid.Bool().Draw(t, "extra") {
		in.Extra = []graph.Request{{Key: resource.Key{Type: "s3", ID: "modules.a.externals.z"}, Inputs: tree.Draw(t, "inputs")}, {Key: resource.Key{Type: "workload", ID: "modules.q"}}}
	}
	return in
}
