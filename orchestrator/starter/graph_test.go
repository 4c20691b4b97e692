package starter_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/builtin"
	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator/starter"
)

// engineDefinitions turns the manifests into what the engine takes.
func engineDefinitions(opts starter.Options) []resource.Definition {
	var out []resource.Definition
	for _, d := range starter.Definitions(opts) {
		def := resource.Definition{ID: d.Metadata.ID, Type: d.Entity.Type, DriverType: d.Entity.DriverType,
			Values: d.Entity.DriverInputs.Values, Provision: map[string]resource.Provision{}}
		for key, p := range d.Entity.Provision {
			def.Provision[key] = resource.Provision{IsDependent: p.IsDependent, MatchDependents: p.MatchDependents, Params: p.Params}
		}
		for i, c := range d.Entity.Criteria {
			def.Criteria = append(def.Criteria, resource.Criteria{ID: fmt.Sprint(d.Metadata.ID, i), Class: c.Class})
		}
		out = append(out, def)
	}
	return out
}

// rollOut provisions a graph in its order, the way a deployment does, and returns the results.
func rollOut(t *testing.T, g *graph.Graph, ctx resource.Context) map[resource.Key]drivers.Result {
	t.Helper()
	registry := drivers.NewRegistry()
	require.NoError(t, builtin.Register(registry))
	results := map[resource.Key]drivers.Result{}
	for i, n := range g.Nodes {
		output := func(k resource.Key, path placeholder.Path) (any, error) {
			return placeholder.Lookup(results[k].Values, path)
		}
		resolve := func(ref placeholder.Reference) (any, error) {
			switch ref.Raw {
			case "context.app.id":
				return ctx.AppID, nil
			case "context.env.id":
				return ctx.EnvID, nil
			case "context.res.id":
				return n.Key.ID, nil
			}
			target, ok := n.References[ref.Raw]
			if !ok {
				return nil, fmt.Errorf("nothing is known of %s", ref.Raw)
			}
			if !target.List {
				return output(target.Keys[0], target.Path)
			}
			list := []any{}
			for _, k := range target.Keys {
				v, err := output(k, target.Path)
				if err != nil {
					return nil, err
				}
				list = append(list, v)
			}
			return list, nil
		}
		values, err := placeholder.Resolve(n.Definition.Values, resolve)
		require.NoError(t, err, n.Key)
		r := drivers.Request{GUResID: fmt.Sprintf("%040x", i+1), Type: n.Key.Type, Class: n.Key.Class, ID: n.Key.ID}
		r.Values, _ = values.(map[string]any)
		if n.Key.Type != "workload" {
			inputs, err := placeholder.Resolve(n.Inputs, resolve)
			require.NoError(t, err, n.Key)
			r.Resource, _ = inputs.(map[string]any)
		}
		d, _, err := registry.Resolve(n.Definition.DriverType)
		require.NoError(t, err)
		results[n.Key], err = d.Provision(context.Background(), r)
		require.NoError(t, err, n.Key)
	}
	return results
}

// A workload with a host, two routes and a database deploys with the starter definitions alone.
func TestNetworkingTrio(t *testing.T) {
	t.Parallel()
	var set deployset.Set
	require.NoError(t, json.Unmarshal([]byte(`{"modules": {"web": {"profile": "humanitec/default-module",
		"externals": {
			"host": {"type": "dns", "class": "default"},
			"home": {"type": "route", "class": "default", "params": {"host": "${externals.host.host}", "path": "/", "port": 80}},
			"api":  {"type": "route", "class": "default", "params": {"host": "${externals.host.host}", "path": "/api", "port": 8080}},
			"db":   {"type": "postgres", "class": "default"},
			"tmp":  {"type": "volume", "class": "ephemeral"}
		},
		"spec": {"containers": {"c": {"id": "c", "image": "x:1", "variables": {"DB": "${externals.db.host}", "URL": "${externals.host.url}"}}},
			"service": {"ports": {"a": {"service_port": 80}, "b": {"service_port": 8080}}}}}}}`), &set))
	ctx := resource.Context{OrgID: "acme", AppID: "shop", EnvID: "dev", EnvType: "development"}
	types := []resource.Type{}
	for _, ty := range starter.Types() {
		types = append(types, resource.Type{ID: ty.Type, Use: ty.Use, InputsSchema: ty.InputsSchema, OutputsSchema: ty.OutputsSchema})
	}
	g, err := graph.Build(graph.Input{Context: ctx, Set: set, Definitions: engineDefinitions(starter.Options{}), Types: types})
	require.NoError(t, err)

	results := rollOut(t, g, ctx)
	host := resource.Key{Type: "dns", Class: "default", ID: "modules.web.externals.host"}
	ingress := resource.Key{Type: "ingress", Class: "default", ID: host.ID}
	require.Contains(t, results, ingress)
	require.Len(t, results[ingress].Manifests, 1)
	object := decode(t, results[ingress].Manifests[0]).(*networkingv1.Ingress)
	require.Equal(t, results[host].Values["host"], object.Spec.Rules[0].Host)
	ports := map[string]int32{}
	for _, p := range object.Spec.Rules[0].HTTP.Paths {
		require.Equal(t, "web", p.Backend.Service.Name)
		ports[p.Path] = p.Backend.Service.Port.Number
	}
	require.Equal(t, map[string]int32{"/": 80, "/api": 8080}, ports)
	namespace := resource.Key{Type: "k8s-namespace", Class: "default", ID: "k8s-namespace"}
	require.Equal(t, "shop-dev", results[namespace].Values["namespace"])
}
