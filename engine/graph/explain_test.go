package graph_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/resource"
)

func explain(t *testing.T, in graph.Input, text string) graph.Explanation {
	t.Helper()
	// As it is stored and read again.
	raw, err := json.Marshal(build(t, in).Nodes)
	require.NoError(t, err)
	var nodes []graph.Node
	require.NoError(t, json.Unmarshal(raw, &nodes))
	for _, e := range graph.Explain(nodes) {
		if e.Node.Key == key(text) {
			return e
		}
	}
	require.Fail(t, "no node "+text)
	return graph.Explanation{}
}

func needs(e graph.Explanation) map[string][]string {
	out := map[string][]string{}
	for i, dep := range e.Node.DependsOn {
		out[dep.String()] = e.Needs[i]
	}
	return out
}

// TestExplainEveryOriginAndReason goes through all ways into a graph.
func TestExplainEveryOriginAndReason(t *testing.T) {
	t.Parallel()
	in := delegator()
	in.Implicit = []resource.Key{{Type: "k8s-cluster", ID: "k8s-cluster"}}
	in.Definitions = append(in.Definitions, define("cluster", "k8s-cluster", "", nil), define("dns", "dns", "", nil),
		define("volume", "volume", "", nil))
	in.Definitions[8].Provision = nil
	in.Set.Modules["a"]["externals"] = m{"data": external("volume", "", m{"host": "${shared.site.host}"})}
	in.Set.Shared["site"] = external("dns", "", nil)
	in.Extra = []graph.Request{{Key: key("dns.default#extra")}}

	cases := map[string]struct {
		asked []string
		needs map[string][]string
	}{
		"k8s-cluster.default#k8s-cluster": {asked: []string{"every environment has it"}, needs: map[string][]string{}},
		"dns.default#shared.site": {asked: []string{
			"volume.default#modules.a.externals.data refers to it by ${shared.site.host}", `the set declares it as shared resource "site"`,
		}, needs: map[string][]string{}},
		"dns.default#extra": {asked: []string{"the request names it"}, needs: map[string][]string{}},
		"volume.default#modules.a.externals.data": {
			asked: []string{`workload a declares it as resource "data"`},
			needs: map[string][]string{"dns.default#shared.site": {"placeholder ${shared.site.host} in externals/data/params/host"}},
		},
		"aws-policy.s3-admin#shared.main-s3": {asked: []string{
			`s3.admin#shared.main-s3 brings it along: provision "aws-policy.s3-admin" of definition s3-admin`,
			"aws-role.default#modules.a (definition role) selects it by ${resources.workload>aws-policy.outputs.arn}",
		}, needs: map[string][]string{}},
		"s3.concrete#shared.main-s3": {asked: []string{
			"s3.admin#shared.main-s3 (definition s3-admin) refers to it by ${resources['s3.concrete'].outputs.bucket}",
			"s3.read-only#shared.main-s3 (definition s3-read-only) refers to it by ${resources['s3.concrete'].outputs.bucket}",
		}, needs: map[string][]string{}},
		"workload.default#modules.a": {asked: []string{"it stands for workload a of the set"}, needs: map[string][]string{
			"aws-policy.s3-admin#shared.main-s3": {"it depends on s3.admin#shared.main-s3, whose definition s3-admin brings that one for what " +
				`depends on it (provision "aws-policy.s3-admin" with match_dependents)`},
			"k8s-service-account.default#modules.a":   {"placeholder ${resources.k8s-service-account.outputs.name} in driver_inputs/values/account of definition workload"},
			"s3.admin#shared.main-s3":                 {"placeholder ${shared.main-s3-class-admin.bucket} in spec/containers/c/variables/B"},
			"volume.default#modules.a.externals.data": {`the workload declares it as resource "data"`},
		}},
		"aws-role.default#modules.a": {
			asked: []string{"k8s-service-account.default#modules.a (definition account) refers to it by ${resources.aws-role.outputs.arn}"},
			needs: map[string][]string{"aws-policy.s3-admin#shared.main-s3": {
				"selector ${resources.workload>aws-policy.outputs.arn} in driver_inputs/values/policies of definition role"}},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := explain(t, in, name)
			require.Equal(t, tc.asked, e.Asked)
			require.Equal(t, tc.needs, needs(e))
		})
	}
	t.Run("dependents", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, []resource.Key{key("s3.admin#shared.main-s3"), key("s3.read-only#shared.main-s3")}, explain(t, in, "s3.concrete#shared.main-s3").Dependents)
	})
}

func TestExplainIsDependentAndParams(t *testing.T) {
	t.Parallel()
	in := graph.Input{
		Context: qa, Implicit: nothing, Set: set(nil, m{"b": external("s3", "", nil)}),
		Definitions: []resource.Definition{
			provisioning(define("s3", "s3", "", nil), map[string]resource.Provision{"aws-policy": {
				IsDependent: true, Params: m{"bucket": "${resources.s3.outputs.bucket}"}}}),
			define("policy", "aws-policy", "", nil),
		},
	}
	require.Equal(t, map[string][]string{"s3.default#shared.b": {
		`it was brought along by that one (provision "aws-policy" with is_dependent)`,
		`placeholder ${resources["s3.default#shared.b"].outputs.bucket} in params/bucket`,
	}}, needs(explain(t, in, "aws-policy.default#shared.b")))
}

// TestEveryDependencyHasAReason is a law of all graphs.
func TestEveryDependencyHasAReason(t *testing.T) {
	t.Parallel()
	for _, e := range graph.Explain(build(t, large(400)).Nodes) {
		for i, dep := range e.Node.DependsOn {
			require.NotEmpty(t, e.Needs[i], "%s -> %s", e.Node.Key, dep)
		}
		require.NotEmpty(t, e.Asked, e.Node.Key)
	}
}

// TestExplainMatching says for every candidate why it won or lost.
func TestExplainMatching(t *testing.T) {
	t.Parallel()
	with := func(id string, isDefault bool, criteria ...resource.Criteria) resource.Definition {
		return resource.Definition{ID: id, VersionID: id + "-v1", Type: "postgres", Criteria: criteria, IsDefault: isDefault}
	}
	in := graph.Input{
		Context: qa, Implicit: nothing, Set: set(nil, m{"db": external("postgres", "", nil)}),
		Definitions: []resource.Definition{
			with("pg-app", false, resource.Criteria{AppID: "shop"}, resource.Criteria{}), with("pg-type", false, resource.Criteria{EnvType: "test"}),
			with("pg-prod", false, resource.Criteria{EnvType: "production"}), with("pg-large", false, resource.Criteria{Class: "large", ResID: "shared.db"}),
			with("pg-starter", true, resource.Criteria{ResID: "shared.db"}), with("pg-none", false), with("pg-zapp", false, resource.Criteria{AppID: "shop"}),
		},
	}
	e := explain(t, in, "postgres.default#shared.db")
	require.Equal(t, "definition pg-app: its criterion matches app_id shop, class default", e.Chosen)
	got := map[string]string{}
	for i, c := range e.Node.Candidates {
		got[c.Name()] = e.Verdicts[i]
	}
	require.Equal(t, map[string]string{
		"pg-app (app_id: shop)":                             "matches app_id shop, class default",
		"pg-app (any)":                                      "matches, but is less specific: pg-app (app_id: shop) names app_id",
		"pg-zapp (app_id: shop)":                            "matches just as well; the smaller definition id wins, which is pg-app",
		"pg-type (env_type: test)":                          "matches, but is less specific: pg-app (app_id: shop) names app_id",
		"pg-prod (env_type: production)":                    "does not match: env_type is production, not test",
		"pg-starter (res_id: shared.db)":                    "matches, but what is supplied with Slipway ranks after every other definition",
		"pg-large (res_id: shared.db, class: large)":        "does not match: class is large, not default",
		"pg-none (the definition has no matching criteria)": "does not match: the definition has no matching criteria",
	}, got)
	in.Pins = map[resource.Key]resource.Definition{key("postgres.default#shared.db"): with("pg-app", false)}
	in.Pins[key("postgres.default#shared.db")] = resource.Definition{ID: "pg-app", VersionID: "old", Type: "postgres"}
	require.Contains(t, explain(t, in, "postgres.default#shared.db").Chosen, "pinned to version old, the active one is pg-app-v1")
}

func TestInputsAgainstTheirSchema(t *testing.T) {
	t.Parallel()
	in := graph.Input{
		Context: qa, Implicit: nothing,
		Set: set(map[string]m{"w": module(m{"v": external("volume", "", m{"size": 3.0, "mode": "${values.MODE}"})}, m{})}, m{"u": external("volume", "", nil)}),
		Types: []resource.Type{
			{ID: "volume", InputsSchema: m{"type": "object", "required": []any{"size"}, "properties": m{"size": m{"type": "string"}, "mode": m{"enum": []any{"a"}}}}},
			{ID: "s3"}, {ID: "workload", InputsSchema: m{"properties": m{"spec": m{"required": []any{"containers"}}}}},
			{ID: "broken", InputsSchema: m{"type": "text"}},
		},
		Definitions: []resource.Definition{
			provisioning(define("v", "volume", "", m{"x": "${resources['volume#free'].outputs.x}"}), map[string]resource.Provision{"volume#given": {Params: m{"size": 1.0}}}),
			define("broken", "broken", "", nil),
		},
	}
	require.Equal(t, []string{
		`resource free: its inputs do not fit the inputs_schema of type "volume": /size: this is required and missing; volume.default#modules.w.externals.v asks for it by ` +
			"${resources['volume#free'].outputs.x} only, which gives no inputs: declare it with params, or let a definition co-provision it",
		`resource given: its inputs do not fit the inputs_schema of type "volume": /size: expected string, this is 1; give the params in provision["volume#given"] of the definition of volume.default#modules.w.externals.v`,
		`resource shared.u: its inputs do not fit the inputs_schema of type "volume": /size: this is required and missing; correct the params where the resource is declared`,
		`resource modules.w.externals.v: its inputs do not fit the inputs_schema of type "volume": /size: expected string, this is 3; correct the params where the resource is declared`,
		`resource modules.w: its inputs do not fit the inputs_schema of type "workload": /spec/containers: this is required and missing; correct the workload`,
	}, withoutCycles(problems(t, in)))
	in.Set = set(nil, m{"b": external("broken", "", nil)})
	require.Contains(t, build(t, in).Warnings[0], `inputs_schema of type "broken" is not held`)
}

func withoutCycles(messages []string) []string {
	var out []string
	for _, text := range messages {
		if len(text) > 9 && text[:9] == "resource " {
			out = append(out, text)
		}
	}
	return out
}
