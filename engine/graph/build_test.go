package graph_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/resource"
)

func TestWorkloadReferences(t *testing.T) {
	t.Parallel()
	in := graph.Input{
		Context: qa, Implicit: nothing,
		Set: set(map[string]m{
			"api": module(m{"db": external("postgres", "", nil), "vol": external("volume", "", nil), "dns": external("dns", "", nil)}, m{
				"containers": m{"main": m{
					"variables": m{
						"HOST": "${externals.db.host}:${externals.db.port}", "KEY": "${values.KEY}", "ENV": "${context.env.id}",
						"OTHER": "${modules.web.service.name}", "THEIRS": "${modules.web.externals.q.url}", "CPU": "${containers.main.limits.cpu}",
						"POD": "${pod.metadata.name}", "SHELL": `$\{HOME:-x}`, "TOPIC": "${shared.topic}",
					},
					"volume_mounts": m{"/data": m{"id": "externals.vol"}, "/common": m{"id": "shared.files"}, "/tmp": m{"id": "scratch"}},
				}},
				"ingress": m{"rules": m{"externals.dns": m{}, "shared.dns": m{}}},
			}),
			"web": module(m{"q": external("sqs", "", m{"name": "${shared.topic.name}-${context.app.id}"})}, m{}),
		}, m{"topic": external("sns-topic", "", nil), "files": external("volume", "", nil), "dns": external("dns", "", m{"ref": "${modules.api.externals.db.name}"}), "idle": external("redis", "", nil)}),
		Definitions: []resource.Definition{
			define("pg", "postgres", "", nil), define("vol", "volume", "", nil), define("dns", "dns", "", nil),
			define("sqs", "sqs", "", nil), define("sns", "sns-topic", "", nil), define("redis", "redis", "", nil),
		},
	}
	g := build(t, in)
	const api = "workload.default#modules.api"
	require.Equal(t, []string{
		"dns.default#shared.dns -> postgres.default#modules.api.externals.db",
		"sqs.default#modules.web.externals.q -> sns-topic.default#shared.topic",
		api + " -> dns.default#modules.api.externals.dns",
		api + " -> dns.default#shared.dns",
		api + " -> postgres.default#modules.api.externals.db",
		api + " -> sns-topic.default#shared.topic",
		api + " -> sqs.default#modules.web.externals.q",
		api + " -> volume.default#modules.api.externals.vol",
		api + " -> volume.default#shared.files",
		"workload.default#modules.web -> sqs.default#modules.web.externals.q",
	}, edges(g))
	n := node(t, g, api)
	require.Nil(t, n.Definition, "a workload needs no definition")
	require.Equal(t, "api", n.Inputs["id"])
	require.Contains(t, n.Inputs["spec"], "containers")
	require.Equal(t, m{}, n.Inputs["spec"].(m)["pod"])
	require.NotContains(t, in.Set.Modules["api"]["spec"], "pod", "the set must not be changed")
	require.Equal(t, []resource.Key{key("volume.default#modules.api.externals.vol")}, n.References["externals.vol"].Keys)
	require.Equal(t, "host", n.References["externals.db.host"].Path.String())
	require.Empty(t, n.References["shared.topic"].Path)
	require.NotContains(t, n.References, "values.KEY")
	require.Contains(t, keys(g), "redis.default#shared.idle", "shared resources that nobody uses are there too")
}

func TestImplicitResources(t *testing.T) {
	t.Parallel()
	in := graph.Input{
		Context: qa, Set: set(map[string]m{"a": module(nil, m{})}, nil),
		Definitions: []resource.Definition{
			define("cluster", "k8s-cluster", "", m{"url": "${resources['agent#agent'].outputs.url}"}), define("agent", "agent", "", nil),
			define("namespace", "k8s-namespace", "", nil), define("base", "base-env", "", nil),
		},
	}
	g := build(t, in)
	require.Equal(t, []string{
		"agent.default#agent", "base-env.default#base-env", "k8s-cluster.default#k8s-cluster", "k8s-namespace.default#k8s-namespace",
		"workload.default#modules.a",
	}, keys(g))
	require.Equal(t, []graph.Origin{{Kind: graph.OriginReference, By: key("k8s-cluster.default#k8s-cluster"), Detail: "${resources['agent#agent'].outputs.url}"}},
		node(t, g, "agent.default#agent").Origins)

	in.Definitions = nil
	require.Equal(t, []string{
		`resource k8s-cluster: no definition of type "k8s-cluster" matches (app shop, env qa, type test, class default); there is no definition of type "k8s-cluster": create one whose matching criteria cover this environment`,
		`resource k8s-namespace: no definition of type "k8s-namespace" matches (app shop, env qa, type test, class default); there is no definition of type "k8s-namespace": create one whose matching criteria cover this environment`,
	}, problems(t, in))
}

func TestGenericWorkload(t *testing.T) {
	t.Parallel()
	score := m{"resources": m{"db": m{"type": "postgres"}}, "containers": m{"c": m{"variables": m{"H": "${resources.db.host}"}}}}
	g := build(t, graph.Input{
		Context: qa, Implicit: nothing,
		Set: deployset.Set{
			Modules:   map[string]map[string]any{"a": module(nil, m{"x": "${modules.run.service.name}"})},
			Workloads: map[string]map[string]any{"run": {"class": "cloud-run", "spec": score}},
		},
		Definitions: []resource.Definition{define("run", "workload", "cloud-run", nil)},
	})
	n := node(t, g, "workload.cloud-run#modules.run")
	require.Equal(t, "run", n.Definition.ID)
	require.Equal(t, `$\{resources.db.host}`, n.Inputs["spec"].(m)["containers"].(m)["c"].(m)["variables"].(m)["H"])
	require.Empty(t, n.References)
	require.Equal(t, "run", n.Module)
}

func TestCustomTypeOverridesBuiltIn(t *testing.T) {
	t.Parallel()
	in := graph.Input{
		Context: qa, Implicit: nothing,
		Set: set(map[string]m{"a": module(m{"b": external("s3", "", nil), "d": external("dns", "", nil)}, m{})}, nil),
		Types: []resource.Type{
			{ID: "s3", Use: "direct"}, {ID: "org/s3", Use: "direct"}, {ID: "other/dns", Use: "direct"}, {ID: "dns", Use: "direct"},
			{ID: "workload", Use: "implicit"}, {ID: "org/workload", Use: "direct"}, {ID: "ingress", Use: "indirect"},
		},
		Definitions: []resource.Definition{
			define("builtin", "s3", "", nil), define("own", "org/s3", "", nil),
			provisioning(define("dns", "dns", "", m{"bucket": "${resources['s3#modules.a.externals.b'].outputs.name}", "all": "${resources['workload#modules.a>s3'].outputs.name}"}),
				map[string]resource.Provision{"s3": {}}),
		},
	}
	g := build(t, in)
	require.Equal(t, []string{
		"dns.default#modules.a.externals.d", "org/s3.default#modules.a.externals.b", "org/s3.default#modules.a.externals.d", "workload.default#modules.a",
	}, sorted(keys(g)))
	selected := node(t, g, "dns.default#modules.a.externals.d").References["resources['workload#modules.a>s3'].outputs.name"]
	require.Equal(t, []resource.Key{key("org/s3.default#modules.a.externals.b")}, selected.Keys, "implicit types cannot be overridden")
	require.Equal(t, "own", node(t, g, "org/s3.default#modules.a.externals.b").Definition.ID)
}

func TestAttributesOfReferences(t *testing.T) {
	t.Parallel()
	d := define("s3", "s3", "", m{"all": "${resources['k8s-cluster.default#k8s-cluster'].values}", "id": "${resources['base-env.default#quota'].guresid}"})
	d.DriverAccount = "${resources.config#tf-backend.account}"
	d.SecretRefs = m{"password": m{"value": "${resources.config#tf-backend.outputs.password}"}, "stored": m{"store": "s", "ref": "r"}}
	g := build(t, graph.Input{
		Context: qa, Implicit: nothing, Extra: []graph.Request{{Key: resource.Key{Type: "s3", ID: "shared.b"}}},
		Definitions: []resource.Definition{d, define("c", "config", "", nil), define("k", "k8s-cluster", "", nil), define("b", "base-env", "", nil)},
	})
	n := node(t, g, "s3.default#shared.b")
	attributes := map[string]string{}
	for raw, target := range n.References {
		require.False(t, target.List)
		attributes[raw] = target.Keys[0].String() + " " + target.Attribute + " " + target.Path.String()
	}
	require.Equal(t, map[string]string{
		"resources['k8s-cluster.default#k8s-cluster'].values": "k8s-cluster.default#k8s-cluster values ",
		"resources['base-env.default#quota'].guresid":         "base-env.default#quota guresid ",
		"resources.config#tf-backend.account":                 "config.default#tf-backend account ",
		"resources.config#tf-backend.outputs.password":        "config.default#tf-backend outputs password",
	}, attributes)
	require.Len(t, n.DependsOn, 3)
	require.Equal(t, []graph.Origin{{Kind: graph.OriginRequest, Detail: "shared.b"}}, n.Origins)
}

func TestRequestedResourcesReadEachOther(t *testing.T) {
	t.Parallel()
	request := func(text string, inputs m) graph.Request { return graph.Request{Key: key(text), Inputs: inputs} }
	in := graph.Input{
		Context: qa, Implicit: nothing,
		Extra: []graph.Request{
			request("route.default#modules.w.externals.r", m{"host": "${externals.d.host}", "s": "${modules.other.service.name}"}),
			request("dns.default#modules.w.externals.d", nil),
			request("s3.admin#shared.b", m{"from": "${modules.w.externals.d.host}"}),
			request("sqs.default#shared.q", m{"from": "${shared.b-class-admin.name}"}),
		},
		Definitions: []resource.Definition{define("r", "route", "", nil), define("d", "dns", "", nil), define("s", "s3", "admin", nil), define("q", "sqs", "", nil)},
	}
	require.Equal(t, []string{
		"route.default#modules.w.externals.r -> dns.default#modules.w.externals.d",
		"s3.admin#shared.b -> dns.default#modules.w.externals.d",
		"sqs.default#shared.q -> s3.admin#shared.b",
	}, edges(build(t, in)))
}
