package namespace_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/drivertest"
	"github.com/slipway-dev/slipway/drivers/namespace"
)

const guresid = "0123456789abcdef0123456789abcdef01234567"

func TestProvision(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		values map[string]any
		name   string
		object map[string]any
		err    string
	}{
		"named": {values: map[string]any{"namespace": "shop-dev"}, name: "shop-dev",
			object: map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": "shop-dev"}}},
		"by the other key, with labels": {values: map[string]any{"name": "shop", "labels": map[string]any{"team": "a"}}, name: "shop",
			object: map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": "shop", "labels": map[string]any{"team": "a"}}}},
		"existing":           {values: map[string]any{"namespace": "shop", "existing": true}, name: "shop"},
		"without a name":     {name: "ns-" + guresid, object: map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": "ns-" + guresid}}},
		"upper case":         {values: map[string]any{"namespace": "Shop"}, err: "lower-case"},
		"too long":           {values: map[string]any{"namespace": strings.Repeat("a", 64)}, err: "64 characters"},
		"not a text":         {values: map[string]any{"namespace": 5.0}, err: "must be a text"},
		"label not a text":   {values: map[string]any{"namespace": "a", "labels": map[string]any{"x": 1.0}}, err: "values.labels.x"},
		"labels not a group": {values: map[string]any{"namespace": "a", "annotations": "x"}, err: "values.annotations"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := namespace.Driver{}.Provision(context.Background(), drivers.Request{GUResID: guresid, Values: c.values})
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, map[string]any{"namespace": c.name}, got.Values)
			if c.object == nil {
				require.Empty(t, got.Manifests)
				return
			}
			require.Equal(t, []drivers.Manifest{{Location: "cluster", Data: c.object}}, got.Manifests)
		})
	}
}

func TestConformance(t *testing.T) {
	drivertest.Run(t, func() drivers.Driver { return namespace.Driver{} },
		drivertest.Case{Name: "good", Request: drivers.Request{GUResID: guresid, Values: map[string]any{"namespace": "x", "labels": map[string]any{"a": "b"}}}},
		drivertest.Case{Name: "bad", Request: drivers.Request{GUResID: guresid, Values: map[string]any{"namespace": "X", "labels": map[string]any{"b": 1.0, "a": 2.0}}}, Fails: true},
	)
}
