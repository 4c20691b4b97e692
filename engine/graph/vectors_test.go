package graph_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/resource"
)

// TestB6Propagate is vector B6 of the behaviour reference.
func TestB6Propagate(t *testing.T) {
	t.Parallel()
	g := build(t, graph.Input{
		Context: qa, Implicit: nothing,
		Set: set(map[string]m{"w": module(m{"b": external("s3", "one", nil)}, m{})}, nil),
		Definitions: []resource.Definition{
			define("s3-one", "s3", "one", m{"bucket": "${resources.config#example.outputs.name}"}),
			define("s3-two", "s3", "two", m{"bucket": "${resources.config#example.outputs.name}"}),
			define("config-one", "config", "one", nil),
			define("workload", "workload", "", m{"account": "${resources.k8s-service-account.outputs.name}"}),
			define("account", "k8s-service-account", "", nil),
		},
	})
	require.ElementsMatch(t, []string{
		"workload.default#modules.w", "s3.one#modules.w.externals.b", "config.one#example", "k8s-service-account.default#modules.w",
	}, keys(g))
	require.Equal(t, []string{
		"s3.one#modules.w.externals.b -> config.one#example",
		"workload.default#modules.w -> k8s-service-account.default#modules.w",
		"workload.default#modules.w -> s3.one#modules.w.externals.b",
	}, edges(g))
	require.Equal(t, graph.Target{
		Keys: []resource.Key{key("config.one#example")}, Attribute: "outputs", Path: placeholder.Path{"name"},
	}, node(t, g, "s3.one#modules.w.externals.b").References["resources.config#example.outputs.name"])
	requireOrdered(t, g)
}

// delegator is the situation of vector B7, with a role for every workload that collects the policies.
func delegator() graph.Input {
	delegate := func(class string) resource.Definition {
		return provisioning(define("s3-"+class, "s3", class, m{"bucket": "${resources['s3.concrete'].outputs.bucket}"}),
			map[string]resource.Provision{"aws-policy.s3-" + class: {MatchDependents: true}})
	}
	return graph.Input{
		Context: qa, Implicit: nothing,
		Set: set(map[string]m{
			"a": module(nil, m{"containers": m{"c": m{"variables": m{"B": "${shared.main-s3-class-admin.bucket}"}}}}),
			"b": module(nil, m{"containers": m{"c": m{"variables": m{"B": "${shared.main-s3-class-read-only.bucket}"}}}}),
		}, m{
			"main-s3-class-admin":     m{"type": "s3", "class": "admin", "id": "shared.main-s3"},
			"main-s3-class-read-only": m{"type": "s3", "class": "read-only", "id": "shared.main-s3"},
		}),
		Definitions: []resource.Definition{
			delegate("admin"), delegate("read-only"), define("s3-concrete", "s3", "concrete", nil),
			define("policy-admin", "aws-policy", "s3-admin", nil), define("policy-read-only", "aws-policy", "s3-read-only", nil),
			define("workload", "workload", "", m{"account": "${resources.k8s-service-account.outputs.name}"}),
			define("account", "k8s-service-account", "", m{"role": "${resources.aws-role.outputs.arn}"}),
			define("role", "aws-role", "", m{"policies": "${resources.workload>aws-policy.outputs.arn}"}),
		},
	}
}

// TestB7Delegator is vector B7 of the behaviour reference.
func TestB7Delegator(t *testing.T) {
	t.Parallel()
	in := delegator()
	g := build(t, in)
	require.Equal(t, []string{
		"aws-role.default#modules.a -> aws-policy.s3-admin#shared.main-s3",
		"aws-role.default#modules.b -> aws-policy.s3-read-only#shared.main-s3",
		"k8s-service-account.default#modules.a -> aws-role.default#modules.a",
		"k8s-service-account.default#modules.b -> aws-role.default#modules.b",
		"s3.admin#shared.main-s3 -> s3.concrete#shared.main-s3",
		"s3.read-only#shared.main-s3 -> s3.concrete#shared.main-s3",
		"workload.default#modules.a -> aws-policy.s3-admin#shared.main-s3",
		"workload.default#modules.a -> k8s-service-account.default#modules.a",
		"workload.default#modules.a -> s3.admin#shared.main-s3",
		"workload.default#modules.b -> aws-policy.s3-read-only#shared.main-s3",
		"workload.default#modules.b -> k8s-service-account.default#modules.b",
		"workload.default#modules.b -> s3.read-only#shared.main-s3",
	}, edges(g))
	require.Equal(t, graph.Target{
		Keys: []resource.Key{key("aws-policy.s3-admin#shared.main-s3")}, List: true, Attribute: "outputs", Path: placeholder.Path{"arn"},
	}, node(t, g, "aws-role.default#modules.a").References["resources.workload>aws-policy.outputs.arn"])
	requireOrdered(t, g)

	in.Definitions = in.Definitions[:6]
	in.Definitions[5].Values = nil
	require.ElementsMatch(t, []string{
		"workload.default#modules.a", "workload.default#modules.b", "s3.admin#shared.main-s3", "s3.read-only#shared.main-s3",
		"s3.concrete#shared.main-s3", "aws-policy.s3-admin#shared.main-s3", "aws-policy.s3-read-only#shared.main-s3",
	}, keys(build(t, in)))
}

// TestB8Networking is vector B8 of the behaviour reference.
func TestB8Networking(t *testing.T) {
	t.Parallel()
	route := func(path string) m {
		return external("route", "default", m{"host": "${externals.api-dns.host}", "path": path, "port": 80.0})
	}
	g := build(t, graph.Input{
		Context: qa, Implicit: nothing,
		Set: set(map[string]m{"w": module(m{"api-dns": external("dns", "default", nil), "r1": route("/1"), "r2": route("/2")}, m{})}, nil),
		Definitions: []resource.Definition{
			provisioning(define("dns", "dns", "", nil), map[string]resource.Provision{"ingress": {}}),
			define("route", "route", "", nil),
			define("ingress", "ingress", "", m{
				"host": "${resources.dns.outputs.host}", "tls": "${resources.tls-cert.outputs.tls_secret_name}",
				"paths": "${resources.dns<route.outputs.path}", "ports": "${resources.dns<route.outputs.port}",
				"services": "${resources.dns<route.outputs.service}",
			}),
			define("cert", "tls-cert", "", m{"host": "${resources.dns.outputs.host}"}),
		},
	})
	const w, dns, ingress, cert = "workload.default#modules.w", "dns.default#modules.w.externals.api-dns",
		"ingress.default#modules.w.externals.api-dns", "tls-cert.default#modules.w.externals.api-dns"
	const r1, r2 = "route.default#modules.w.externals.r1", "route.default#modules.w.externals.r2"
	require.ElementsMatch(t, []string{w, dns, ingress, cert, r1, r2}, keys(g))
	require.ElementsMatch(t, []string{
		r1 + " -> " + dns, r2 + " -> " + dns, ingress + " -> " + dns, ingress + " -> " + cert, cert + " -> " + dns,
		ingress + " -> " + r1, ingress + " -> " + r2, w + " -> " + dns, w + " -> " + r1, w + " -> " + r2,
	}, edges(g))
	references := node(t, g, ingress).References
	for _, output := range []string{"path", "port", "service"} {
		require.Equal(t, graph.Target{
			Keys: []resource.Key{key(r1), key(r2)}, List: true, Attribute: "outputs", Path: placeholder.Path{output},
		}, references["resources.dns<route.outputs."+output])
	}
	require.Equal(t, "w", node(t, g, ingress).Module)
	requireOrdered(t, g)
}
