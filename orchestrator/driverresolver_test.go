package orchestrator

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
)

// faked is a driver that does nothing; its target tells it apart.
type faked struct{ target string }

func (faked) Provision(context.Context, drivers.Request) (drivers.Result, error) {
	return drivers.Result{}, nil
}
func (faked) Destroy(context.Context, drivers.Request) error { return nil }

type fakeRemote struct{}

func (fakeRemote) Driver(target string) drivers.Driver { return faked{target} }

func book(list ...DriverDefinition) registeredDrivers {
	out := registeredDrivers{}
	for _, d := range list {
		d.OrgID = "acme"
		out[driverType(d)] = d
	}
	return out
}

func TestResolve(t *testing.T) {
	t.Parallel()
	registry := drivers.NewRegistry()
	require.NoError(t, registry.Register(drivers.Descriptor{ID: "humanitec/light"}, faked{"light"}))
	require.NoError(t, registry.Register(drivers.Descriptor{ID: "humanitec/heavy", Kind: drivers.Heavy}, faked{"heavy"}))
	known := book(
		DriverDefinition{ID: "remote", Target: "https://x.test/a"},
		DriverDefinition{ID: "on-remote", Target: "driver://acme/remote"},
		DriverDefinition{ID: "on-on-remote", Target: "driver://acme/on-remote"},
		DriverDefinition{ID: "on-light", Target: "driver://humanitec/light"},
		DriverDefinition{ID: "on-heavy", Target: "driver://humanitec/heavy"},
		DriverDefinition{ID: "on-gone", Target: "driver://acme/gone"},
		DriverDefinition{ID: "on-rival", Target: "driver://rival/driver"},
		DriverDefinition{ID: "ring-a", Target: "driver://acme/ring-b"},
		DriverDefinition{ID: "ring-b", Target: "driver://acme/ring-a"},
	)
	cases := map[string]struct {
		last   string
		target string
		kind   drivers.Kind
		fails  string
	}{
		"humanitec/light":   {"humanitec/light", "light", drivers.InProcess, ""},
		"acme/remote":       {"acme/remote", "https://x.test/a", drivers.Heavy, ""},
		"acme/on-remote":    {"acme/remote", "https://x.test/a", drivers.Heavy, ""},
		"acme/on-on-remote": {"acme/remote", "https://x.test/a", drivers.Heavy, ""},
		"acme/on-light":     {"humanitec/light", "light", drivers.InProcess, ""},
		"acme/on-heavy":     {"humanitec/heavy", "heavy", drivers.Heavy, ""},
		"acme/gone":         {fails: `driver "acme/gone" is not registered; register it again`},
		"acme/on-gone":      {fails: `driver "acme/gone" is not registered; register it again`},
		"acme/on-rival":     {fails: `driver "rival/driver" is not known`},
		"rival/remote":      {fails: `driver "rival/remote" is not known`},
		"acme/ring-a":       {fails: "acme/ring-a -> acme/ring-b -> acme/ring-a"},
	}
	for id, c := range cases {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			d := &Deployer{drivers: registry, remote: fakeRemote{}}
			got, err := d.resolveAmong(known, "acme", id)
			if c.fails != "" {
				require.ErrorContains(t, err, c.fails)
				require.True(t, drivers.IsPermanent(err))
				return
			}
			require.NoError(t, err)
			require.Equal(t, faked{c.target}, got.driver)
			require.Equal(t, c.last, got.id)
			require.Equal(t, c.kind, got.descriptor.Kind)
		})
	}
	_, err := (&Deployer{drivers: registry}).resolveAmong(known, "acme", "acme/on-remote")
	require.ErrorContains(t, err, "calls no such drivers")
}

func TestExpand(t *testing.T) {
	t.Parallel()
	schema := map[string]any{"properties": map[string]any{
		"values":  map[string]any{"properties": map[string]any{"size": map[string]any{"type": "integer"}}},
		"secrets": map[string]any{"properties": map[string]any{"key": map[string]any{"pattern": "^k"}}, "required": []any{"key"}},
	}}
	template := "values: {n: {{ .driver.values.size }}}\nsecrets: {token: t-{{ .driver.secrets.key }}}"
	cases := map[string]struct {
		size  any
		key   string
		fails []string
	}{
		"good":         {3.0, "k-hunter22", nil},
		"wrong value":  {"three", "k-hunter22", []string{`driver "acme/top"`, "/values/size"}},
		"wrong secret": {3.0, "hunter22", []string{"/secrets/key", "this secret is not"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := &resolvedDriver{
				descriptor: drivers.Descriptor{Defaults: map[string]any{"host": "${...}", "n": 1}},
				way: []DriverDefinition{
					{OrgID: "acme", ID: "top", Target: "driver://acme/low", Template: template, InputsSchema: schema},
					{OrgID: "acme", ID: "low", Target: "https://x.test"},
				},
			}
			in := drivers.Request{GUResID: "a1", Values: map[string]any{"size": c.size, "host": "h.test"}, Secrets: map[string]any{"key": c.key}}
			out, err := target.expand(context.Background(), in)
			for _, part := range c.fails {
				require.ErrorContains(t, err, part)
				require.NotContains(t, err.Error(), "hunter22")
			}
			if c.fails != nil {
				return
			}
			require.NoError(t, err)
			require.Equal(t, map[string]any{"n": 3.0, "host": "h.test"}, out.Values, "what the last driver asks for by itself is handed through")
			require.Equal(t, map[string]any{"token": "t-k-hunter22"}, out.Secrets)
			require.Equal(t, map[string]any{"size": 3.0, "host": "h.test"}, in.Values)
		})
	}
}

func TestSchemaWithUnknownPlaces(t *testing.T) {
	t.Parallel()
	schema := map[string]any{"properties": map[string]any{"values": map[string]any{
		"properties": map[string]any{
			"size": map[string]any{"type": "integer"},
			"mode": map[string]any{"enum": []any{"a", "b"}},
			"pair": map[string]any{"oneOf": []any{map[string]any{"required": []any{"x"}}, map[string]any{"properties": map[string]any{"y": map[string]any{"const": "z"}}, "required": []any{"y"}}}},
			"list": map[string]any{"uniqueItems": true},
		}, "required": []any{"size"},
	}}}
	cases := map[string]struct {
		values map[string]any
		found  int
	}{
		"placeholders everywhere":  {map[string]any{"size": "${values.A}", "mode": "${values.B}", "pair": map[string]any{"y": "${values.C}"}, "list": []any{"${values.D}", "${values.D}"}}, 0},
		"escaped changes its text": {map[string]any{"size": `$\{values.A}`}, 0},
		"known beside unknown":     {map[string]any{"size": "x", "mode": "${values.B}"}, 1},
		"required stays":           {map[string]any{"mode": "${values.B}"}, 1},
		"all wrong":                {map[string]any{"size": "x", "mode": "c", "pair": map[string]any{}, "list": []any{1.0, 1.0}}, 4},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Len(t, driverInputProblems(schema, c.values, nil, true), c.found)
		})
	}
}
