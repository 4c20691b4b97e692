package graph_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/resource"
)

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }

// oneBucket is a workload w with a bucket b of a definition that co-provisions.
func oneBucket(provision map[string]resource.Provision, more ...resource.Definition) graph.Input {
	return graph.Input{
		Context: qa, Implicit: nothing,
		Set:         set(map[string]m{"w": module(m{"b": external("s3", "", nil)}, m{})}, nil),
		Definitions: append([]resource.Definition{provisioning(define("s3", "s3", "", nil), provision)}, more...),
	}
}

func TestProvision(t *testing.T) {
	t.Parallel()
	const w, b = "workload.default#modules.w", "s3.default#modules.w.externals.b"
	const policy, audit = "aws-policy.default#modules.w.externals.b", "config.default#audit"
	definitions := []resource.Definition{define("policy", "aws-policy", "", nil), define("audit", "config", "", nil)}
	cases := map[string]struct {
		provision map[string]resource.Provision
		more      []resource.Definition
		want      []string
	}{
		"no flags":         {map[string]resource.Provision{"aws-policy": {}}, definitions, nil},
		"is dependent":     {map[string]resource.Provision{"aws-policy": {IsDependent: true}}, definitions, []string{policy + " -> " + b}},
		"match dependents": {map[string]resource.Provision{"aws-policy": {MatchDependents: true}}, definitions, []string{w + " -> " + policy}},
		"both": {
			map[string]resource.Provision{"aws-policy": {IsDependent: true, MatchDependents: true}}, definitions,
			[]string{policy + " -> " + b, w + " -> " + policy},
		},
		"siblings make no loop": {
			map[string]resource.Provision{"aws-policy": {IsDependent: true, MatchDependents: true}, "config#audit": {IsDependent: true, MatchDependents: true}},
			definitions, []string{audit + " -> " + b, policy + " -> " + b, w + " -> " + audit, w + " -> " + policy},
		},
		"handed on": {
			map[string]resource.Provision{"aws-policy": {MatchDependents: true}},
			[]resource.Definition{
				provisioning(define("policy", "aws-policy", "", nil), map[string]resource.Provision{"config#audit": {MatchDependents: true}}),
				define("audit", "config", "", nil),
			},
			[]string{w + " -> " + audit, w + " -> " + policy},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := build(t, oneBucket(tc.provision, tc.more...))
			require.Equal(t, sorted(append(tc.want, w+" -> "+b)), edges(g))
			requireOrdered(t, g)
		})
	}
}

func TestProvisionParamsMeanTheResourceTheyComeFrom(t *testing.T) {
	t.Parallel()
	in := oneBucket(map[string]resource.Provision{"config.plain#audit": {Params: m{
		"bucket": "${resources.s3.outputs.bucket}", "all": []any{"${resources.s3<workload.outputs.x}"}, "env": "${context.env.id}",
		"name": "${context.res.id}/${context.res.type}.${context.res.class}", "uid": "${context.res.guresid}", "keep": `$\{x}`,
	}}}, define("audit", "config", "plain", nil))
	g := build(t, in)
	const b = "s3.default#modules.w.externals.b"
	n := node(t, g, "config.plain#audit")
	require.Equal(t, m{
		"bucket": `${resources["s3.default#modules.w.externals.b"].outputs.bucket}`,
		"all":    []any{`${resources["s3.default#modules.w.externals.b<workload"].outputs.x}`},
		"env":    "${context.env.id}", "name": "modules.w.externals.b/s3.default",
		"uid": `${resources["s3.default#modules.w.externals.b"].guresid}`, "keep": `$\{x}`,
	}, n.Inputs)
	require.Equal(t, []resource.Key{key(b)}, n.References[`resources["s3.default#modules.w.externals.b"].outputs.bucket`].Keys)
	require.Equal(t, []resource.Key{key("workload.default#modules.w")}, n.References[`resources["s3.default#modules.w.externals.b<workload"].outputs.x`].Keys)
	require.Equal(t, []resource.Key{key(b), key("workload.default#modules.w")}, sortedByID(n.DependsOn))
}

func sortedByID(keys []resource.Key) []resource.Key {
	out := slices.Clone(keys)
	slices.SortFunc(out, func(a, b resource.Key) int { return -a.Compare(b) })
	return out
}

func TestProvisionedInputsThatDisagree(t *testing.T) {
	t.Parallel()
	in := oneBucket(nil, define("audit", "config", "", nil))
	in.Set.Modules["w"]["externals"] = m{"b": external("s3", "", nil), "c": external("sqs", "", nil)}
	bring := func(params m) map[string]resource.Provision {
		return map[string]resource.Provision{"config.default#audit": {Params: params}}
	}
	in.Definitions[0].Provision = bring(m{"level": "high", "a": 1.0})
	in.Definitions = append(in.Definitions, provisioning(define("sqs", "sqs", "", nil), bring(m{"level": "high", "b": 2.0})))
	g := build(t, in)
	require.Equal(t, m{"level": "high", "a": 1.0, "b": 2.0}, node(t, g, "config.default#audit").Inputs)

	in.Extra = []graph.Request{{Key: key("config.default#audit"), Inputs: m{"level": "asked"}}}
	require.Equal(t, m{"level": "asked", "a": 1.0, "b": 2.0}, node(t, build(t, in), "config.default#audit").Inputs)
	require.Equal(t, m{"level": "asked"}, in.Extra[0].Inputs, "the request must not be changed")

	in.Extra = nil
	in.Definitions[2].Provision = bring(m{"level": "low"})
	require.Equal(t, []string{
		`resource audit: definition sqs co-provisions it (config.default#audit) with another value of "level" than a definition before; make them equal or use another class or id`,
	}, problems(t, in))
}

func TestSelectors(t *testing.T) {
	t.Parallel()
	buckets := set(map[string]m{
		"a": module(m{"x": external("gcs", "", nil)}, m{"v": "${shared.common.name}"}),
		"b": module(nil, m{"v": "${shared.common.name}"}),
		"c": module(nil, m{}),
	}, m{"common": external("gcs", "", nil)})
	definitions := func(selector string) []resource.Definition {
		return []resource.Definition{
			provisioning(define("gcs", "gcs", "", nil), map[string]resource.Provision{"gcp-iam-policy-binding": {}}),
			define("binding", "gcp-iam-policy-binding", "", m{"members": selector}),
			define("workload", "workload", "", m{"account": "${resources.k8s-service-account.outputs.name}"}),
			define("account", "k8s-service-account", "", nil),
		}
	}
	cases := map[string]struct {
		selector string
		want     []string
	}{
		"chain":              {"${resources.gcs.default<workload>k8s-service-account.outputs.name}", []string{"k8s-service-account.default#modules.a", "k8s-service-account.default#modules.b"}},
		"dependents":         {"${resources.gcs<workload.outputs.x}", []string{"workload.default#modules.a", "workload.default#modules.b"}},
		"nothing matches":    {"${resources.gcs<redis.outputs.x}", []string{}},
		"start is not there": {"${resources.redis<workload.outputs.x}", []string{}},
		"selected id":        {"${resources['gcs<workload#modules.b'].outputs.x}", []string{"workload.default#modules.b"}},
		"selected class":     {"${resources['gcs<workload.other'].outputs.x}", []string{}},
		"start elsewhere":    {"${resources['workload#modules.a>gcs'].outputs.x}", []string{"gcs.default#modules.a.externals.x", "gcs.default#shared.common"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := build(t, graph.Input{Context: qa, Implicit: nothing, Set: buckets, Definitions: definitions(tc.selector)})
			n := node(t, g, "gcp-iam-policy-binding.default#shared.common")
			require.Len(t, n.References, 1)
			for _, target := range n.References {
				got := []string{}
				for _, k := range target.Keys {
					got = append(got, k.String())
				}
				require.True(t, target.List)
				require.Equal(t, tc.want, got)
				require.ElementsMatch(t, target.Keys, n.DependsOn)
			}
			requireOrdered(t, g)
		})
	}
}

func TestSelectorOfOwnDependencies(t *testing.T) {
	t.Parallel()
	g := build(t, oneBucket(map[string]resource.Provision{"aws-policy": {IsDependent: true}},
		define("policy", "aws-policy", "", m{"arns": `${resources["aws-policy>s3"].outputs.arn}`})))
	n := node(t, g, "aws-policy.default#modules.w.externals.b")
	require.Equal(t, []resource.Key{key("s3.default#modules.w.externals.b")}, n.References[`resources["aws-policy>s3"].outputs.arn`].Keys)
}
