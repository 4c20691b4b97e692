package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/resource"
)

func TestNoDefinitionMatches(t *testing.T) {
	t.Parallel()
	in := graph.Input{
		Context: qa, Implicit: nothing,
		Set:         set(map[string]m{"api": module(m{"db": external("postgres", "", nil)}, m{})}, nil),
		Definitions: []resource.Definition{{ID: "pg-prod", Type: "postgres", Criteria: []resource.Criteria{{EnvType: "production"}}}},
	}
	_, err := graph.Build(in)
	require.EqualError(t, err, `resource modules.api.externals.db: no definition of type "postgres" matches (app shop, env qa, type test, class default); closest: pg-prod (env_type: production)`)

	in.Definitions[0].Criteria = nil
	require.Equal(t, []string{`resource modules.api.externals.db: no definition of type "postgres" matches (app shop, env qa, type test, class default); closest: pg-prod (the definition has no matching criteria)`}, problems(t, in))

	in.Definitions = nil
	require.Equal(t, []string{`resource modules.api.externals.db: no definition of type "postgres" matches (app shop, env qa, type test, class default); there is no definition of type "postgres": create one whose matching criteria cover this environment`}, problems(t, in))
}

// TestClosestNamesTheRightResource guards against near misses remembered for another resource of the class.
func TestClosestNamesTheRightResource(t *testing.T) {
	t.Parallel()
	in := graph.Input{
		Context: qa, Implicit: nothing,
		Set: set(map[string]m{"a": module(m{"x": external("s3", "", nil), "y": external("s3", "", nil), "z": external("s3", "", nil)}, m{})}, nil),
		Definitions: []resource.Definition{
			{ID: "only-z", Type: "s3", Criteria: []resource.Criteria{{ResID: "modules.a.externals.z"}}},
			{ID: "prod-y", Type: "s3", Criteria: []resource.Criteria{{ResID: "modules.a.externals.y", EnvType: "production"}}},
		},
	}
	require.Equal(t, []string{
		`resource modules.a.externals.x: no definition of type "s3" matches (app shop, env qa, type test, class default); closest: only-z (res_id: modules.a.externals.z), prod-y (env_type: production, res_id: modules.a.externals.y)`,
		`resource modules.a.externals.y: no definition of type "s3" matches (app shop, env qa, type test, class default); closest: prod-y (env_type: production, res_id: modules.a.externals.y), only-z (res_id: modules.a.externals.z)`,
	}, problems(t, in))
}

func TestProblemsInTheSet(t *testing.T) {
	t.Parallel()
	types := []resource.Type{
		{ID: "postgres", Use: "direct"}, {ID: "redis", Use: "direct"}, {ID: "ingress", Use: "indirect"}, {ID: "k8s-cluster", Use: "implicit"}, {ID: "workload", Use: "implicit"},
	}
	variable := func(text string) m {
		return module(m{"db": external("postgres", "", nil)}, m{"containers": m{"main": m{"variables": m{"V": text}}}})
	}
	const at = "module api: /spec/containers/main/variables/V: "
	cases := map[string]struct {
		module m
		shared m
		want   string
	}{
		"undeclared external":     {module: variable("${externals.dbx.host}"), want: at + `${externals.dbx.host}: module api declares no external resource "dbx"; there is db`},
		"undeclared shared":       {module: variable("${shared.cache.host}"), want: at + `${shared.cache.host}: there is no shared resource "cache"; there are none`},
		"undeclared module":       {module: variable("${modules.apo.externals.x.host}"), want: at + `${modules.apo.externals.x.host}: there is no module "apo"; there is api`},
		"their external":          {module: variable("${modules.api.externals.x.host}"), want: at + `${modules.api.externals.x.host}: module api declares no external resource "x"; there is db`},
		"part of a module":        {module: variable("${modules.api.spec}"), want: at + "${modules.api.spec}: of another module only service.name and externals.<id>.<output> can be read"},
		"unknown root":            {module: variable("${HOME}"), want: at + `${HOME}: unknown root "HOME"; there is values, externals, shared, modules, context, containers, pod; write $\{ instead of ${ to keep the text as it is`},
		"unknown context":         {module: variable("${context.env.name}"), want: at + "${context.env.name}: it has no value; there is context.app.id, context.deploy.id, context.deploy.set.id, context.env.id, context.env.type, context.org.id, context.res.class, context.res.guresid, context.res.id, context.res.type"},
		"resources in a module":   {module: variable("${resources.db.host}"), want: at + "${resources.db.host}: resources.* is for resource definitions; a workload names what it declares: externals.<id>.<output> or shared.<id>.<output>"},
		"shell syntax":            {module: variable("${A:-b}"), want: at + `${A:-b} is not a placeholder: unexpected ':'; write $\{ instead of ${ to keep the text as it is`},
		"incomplete":              {module: variable("${externals}"), want: at + "${externals}: it must have the form externals.<id>.<output>"},
		"volume of nobody":        {module: module(nil, m{"containers": m{"c": m{"volume_mounts": m{"/a/b": m{"id": "externals.vol"}}}}}), want: `module api: /spec/containers/c/volume_mounts/~1a~1b/id: ${externals.vol}: module api declares no external resource "vol"; there are none`},
		"rule of nobody":          {module: module(nil, m{"ingress": m{"rules": m{"shared.dns": m{}}}}), want: `module api: /spec/ingress/rules/shared.dns: ${shared.dns}: there is no shared resource "dns"; there are none`},
		"params":                  {module: module(m{"db": external("postgres", "", m{"a": []any{"${shared.x.y}"}})}, m{}), want: `module api: /externals/db/params/a/0: ${shared.x.y}: there is no shared resource "x"; there are none`},
		"shared params":           {shared: m{"db": external("postgres", "", m{"a": "${externals.x.y}"})}, want: "shared: /db/params/a: ${externals.x.y}: externals belong to a module; here write modules.<module>.externals.<id>.<output>"},
		"pods of shared":          {shared: m{"db": external("postgres", "", m{"a": "${pod.metadata.name}"})}, want: "shared: /db/params/a: ${pod.metadata.name}: pod.* describes the pods of a module; a shared resource has none"},
		"unknown type":            {module: module(m{"db": external("postgress", "", nil)}, m{}), want: `resource modules.api.externals.db: unknown resource type "postgress"; closest: postgres, ingress, redis`},
		"custom type unknown":     {module: module(m{"db": external("x/y", "", nil)}, m{}), want: `resource modules.api.externals.db: no definition of type "x/y" matches (app shop, env qa, type test, class default); there is no definition of type "x/y": create one whose matching criteria cover this environment`},
		"indirect type":           {module: module(m{"i": external("ingress", "", nil)}, m{}), want: `resource modules.api.externals.i: type "ingress" is indirect: only resource definitions may ask for it, not a workload`},
		"implicit type":           {shared: m{"i": external("k8s-cluster", "", nil)}, want: `resource shared.i: type "k8s-cluster" is implicit: every environment has it already, a workload cannot ask for it`},
		"entry is no object":      {module: module(m{"db": "postgres"}, m{}), want: "module api: /externals/db: a resource must be an object with a type"},
		"entry without type":      {module: module(m{"db": m{}}, m{}), want: "module api: /externals/db: the resource has no type; set type to a resource type such as postgres"},
		"class of another kind":   {module: module(m{"db": m{"type": "postgres", "class": 1.0}}, m{}), want: "module api: /externals/db: class must be a string"},
		"params of another kind":  {module: module(m{"db": m{"type": "postgres", "params": []any{}}}, m{}), want: "module api: /externals/db: params must be an object"},
		"externals are no object": {module: m{"externals": []any{}}, want: "module api: /externals: it must be an object of resources"},
		"spec is no object":       {module: m{"spec": "x"}, want: "module api: /spec: it must be an object"},
		"shared twice": {shared: m{"a": m{"type": "postgres", "id": "shared.x", "params": m{"p": 1.0}}, "b": m{"type": "postgres", "id": "shared.x", "params": m{"p": 2.0}}},
			want: "resource shared.x: shared: /b/params: it is declared twice with different params; make them equal or give one another class or id"},
	}
	definitions := []resource.Definition{define("pg", "postgres", "", nil), define("i", "ingress", "", nil), define("k", "k8s-cluster", "", nil)}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := graph.Input{Context: qa, Implicit: nothing, Types: types, Definitions: definitions}
			in.Set = set(map[string]m{"api": tc.module}, tc.shared)
			require.Equal(t, []string{tc.want}, problems(t, in))
		})
	}
}

func TestWorkloadAndModuleOfOneName(t *testing.T) {
	t.Parallel()
	in := graph.Input{Implicit: nothing, Set: deployset.Set{
		Modules:   map[string]map[string]any{"a": module(nil, m{})},
		Workloads: map[string]map[string]any{"a": {"spec": m{}}, "b": {"class": 1.0}},
	}}
	require.Equal(t, []string{
		"workload a: the set has a module of the same id; rename or remove one of them", "workload b: /class: it must be a string",
	}, problems(t, in))
}

func TestProblemsInDefinitions(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		definition resource.Definition
		want       string
	}{
		"unknown root":   {resource.Definition{Values: m{"a": m{"b": "${values.X}"}}}, `/driver_inputs/values/a/b: ${values.X}: unknown root "values"; in definitions there is context and resources; write $\{ instead of ${ to keep the text as it is`},
		"no attribute":   {resource.Definition{Values: m{"a": "${resources.config.x}"}}, "/driver_inputs/values/a: placeholder ${resources.config.x}: after the resource it must name outputs, values, guresid or account"},
		"terraform":      {resource.Definition{Values: m{"a": "${aws_x[0].y}"}}, `/driver_inputs/values/a: ${aws_x[0].y} is not a placeholder: brackets need a quoted name, such as ["x"]; write $\{ instead of ${ to keep the text as it is`},
		"account":        {resource.Definition{DriverAccount: "${context.x}"}, "/driver_account: ${context.x}: it has no value"},
		"secret text":    {resource.Definition{SecretRefs: m{"p": m{"value": "hun${ter2"}}}, "/driver_inputs/secret_refs/p/value: a secret holds a placeholder"},
		"secret name":    {resource.Definition{SecretRefs: m{"p": m{"value": "hun${hunter2}"}}}, "/driver_inputs/secret_refs/p/value: a secret holds a placeholder"},
		"provision key":  {resource.Definition{Provision: map[string]resource.Provision{"a/b/c": {}}}, `/provision/a~1b~1c: read resource reference "a/b/c"`},
		"provision text": {resource.Definition{Provision: map[string]resource.Provision{"config": {Params: m{"x": "${shared.y}"}}}}, `/provision/config/params/x: ${shared.y}: unknown root "shared"`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := tc.definition
			d.ID, d.Type, d.Criteria = "pg", "postgres", []resource.Criteria{{}}
			in := graph.Input{Implicit: nothing, Definitions: []resource.Definition{d}}
			in.Set = set(map[string]m{"a": module(m{"x": external("postgres", "", nil), "y": external("postgres", "", nil)}, m{})}, nil)
			got := problems(t, in)
			require.Len(t, got, 1, "a faulty definition is reported once")
			require.Contains(t, got[0], "definition pg (used by modules.a.externals.x): "+tc.want)
			require.NotContains(t, got[0], "ter2")
		})
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	modules := map[string]m{}
	for i := range 30 {
		modules[fmt.Sprintf("m%02d", i)] = module(nil, m{"a": "${externals.x.y}", "b": "${nope}"})
	}
	_, err := graph.Build(graph.Input{Implicit: nothing, Set: set(modules, nil)})
	failure := graph.AsBuildError(err)
	require.Len(t, failure.Problems, 60)
	require.Equal(t, "m00", failure.Problems[0].Module)
	require.Equal(t, "/spec/a", failure.Problems[0].Location)
	require.Contains(t, err.Error(), "the resource graph has 60 problems:\n- module m00: /spec/a")
	require.Contains(t, err.Error(), "\n- and 40 more")
	require.Len(t, strings.Split(err.Error(), "\n"), 22)
}

// Workloads that are deployed one after the other may name each other's Service.
func TestServiceOfAModuleThatIsNotThereYet(t *testing.T) {
	t.Parallel()
	in := graph.Input{
		Context: qa, Implicit: []resource.Key{},
		Set: deployset.Set{Modules: map[string]map[string]any{"web": module(nil, m{"containers": m{"c": m{"variables": m{"U": "http://${modules.api.service.name}"}}}})}},
	}
	g, err := graph.Build(in)
	require.NoError(t, err)
	require.Equal(t, []string{`${modules.api.service.name}: there is no module "api" yet; there is web`}, g.Warnings)
}

// A pinned version stands in for its definition, and for no other one.
func TestPinnedVersion(t *testing.T) {
	t.Parallel()
	key := resource.Key{Type: "s3", Class: "default", ID: "shared.a"}
	version := func(id, version string) resource.Definition {
		return resource.Definition{ID: id, VersionID: version, Type: "s3", Criteria: []resource.Criteria{{}}}
	}
	cases := map[string]struct {
		pin  resource.Definition
		want string
	}{
		"of the selected definition": {pin: version("buckets", "old"), want: "old"},
		"of another definition":      {pin: version("others", "old"), want: "new"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, err := graph.Build(graph.Input{
				Context: qa, Implicit: []resource.Key{}, Definitions: []resource.Definition{version("buckets", "new")},
				Set:  deployset.Set{Shared: map[string]any{"a": m{"type": "s3"}, "b": m{"type": "s3"}}},
				Pins: map[resource.Key]resource.Definition{key: tc.pin},
			})
			require.NoError(t, err)
			pinned, _ := g.Node(key)
			require.Equal(t, tc.want, pinned.Definition.VersionID)
			free, _ := g.Node(resource.Key{Type: "s3", ID: "shared.b"})
			require.Equal(t, "new", free.Definition.VersionID)
		})
	}
}
