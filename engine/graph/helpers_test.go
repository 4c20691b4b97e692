package graph_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/resource"
)

type m = map[string]any

var qa = resource.Context{OrgID: "org", AppID: "shop", EnvID: "qa", EnvType: "test"}

// nothing switches implicit resources off.
var nothing = []resource.Key{}

func key(text string) resource.Key {
	var k resource.Key
	if err := k.UnmarshalText([]byte(text)); err != nil {
		panic(err)
	}
	return k
}

// define gives a definition that matches everything of the class, with the given driver values.
func define(id, typ, class string, values m) resource.Definition {
	return resource.Definition{
		ID: id, VersionID: id + "-v1", Type: typ, DriverType: "humanitec/echo", Values: values,
		Criteria: []resource.Criteria{{ID: id + "-c1", Class: class}},
	}
}

func provisioning(d resource.Definition, provision map[string]resource.Provision) resource.Definition {
	d.Provision = provision
	return d
}

func module(externals m, spec m) m {
	return m{"profile": "humanitec/default-module", "spec": spec, "externals": externals}
}

func external(typ, class string, params m) m {
	return m{"type": typ, "class": class, "params": params}
}

func build(t require.TestingT, in graph.Input) *graph.Graph {
	g, err := graph.Build(in)
	require.NoError(t, err)
	return g
}

// edges gives "a -> b" for every dependency of the graph, without the implicit resources.
func edges(g *graph.Graph) []string {
	out := []string{}
	for _, n := range g.Nodes {
		for _, dep := range n.DependsOn {
			out = append(out, n.Key.String()+" -> "+dep.String())
		}
	}
	slices.Sort(out)
	return out
}

func keys(g *graph.Graph) []string {
	out := []string{}
	for _, n := range g.Nodes {
		out = append(out, n.Key.String())
	}
	return out
}

func node(t require.TestingT, g *graph.Graph, text string) *graph.Node {
	n, ok := g.Node(key(text))
	require.True(t, ok, "no node %s", text)
	return n
}

// problems gives the messages of a failed build.
func problems(t *testing.T, in graph.Input) []string {
	_, err := graph.Build(in)
	failure := graph.AsBuildError(err)
	require.NotNil(t, failure, "the build must fail")
	var out []string
	for _, p := range failure.Problems {
		require.NotEmpty(t, p.Kind)
		out = append(out, p.Message)
	}
	return out
}

func set(modules map[string]m, shared m) deployset.Set {
	plain := map[string]map[string]any{}
	maps.Copy(plain, modules)
	return deployset.Set{Modules: plain, Shared: shared}
}

// requireOrdered checks that every dependency exists and stands before its dependent.
func requireOrdered(t require.TestingT, g *graph.Graph) {
	seen := map[resource.Key]bool{}
	for _, n := range g.Nodes {
		require.False(t, seen[n.Key])
		for _, dep := range n.DependsOn {
			require.True(t, seen[dep], "%s stands before its dependency %s", n.Key, dep)
		}
		seen[n.Key] = true
	}
}
