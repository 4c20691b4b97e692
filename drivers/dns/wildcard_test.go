package dns_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/dns"
	"github.com/slipway-dev/slipway/drivers/drivertest"
)

func request(values map[string]any) drivers.Request {
	return drivers.Request{GUResID: "0123456789abcdef", AppID: "shop", EnvID: "dev", Values: values}
}

func TestProvision(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		values    map[string]any
		host, err string
	}{
		"template":        {map[string]any{"domain": "example.com", "template": `{{ index (splitList "." "modules.web.externals.dns") 1 }}-dev-shop`}, "web-dev-shop.example.com", ""},
		"plain template":  {map[string]any{"domain": "example.com", "template": "dev-shop"}, "dev-shop.example.com", ""},
		"id":              {map[string]any{"domain": ".example.com.", "template": "{{ .id }}"}, "0123456789abcdef.example.com", ""},
		"default":         {map[string]any{"domain": "example.com"}, "shop-dev-01234567.example.com", ""},
		"no domain":       {map[string]any{}, "", "values.domain"},
		"illegal label":   {map[string]any{"domain": "example.com", "template": "a_b"}, "", "a_b.example.com"},
		"empty label":     {map[string]any{"domain": "example.com", "template": "{{ .resource.x | default \"\" }}"}, "", "the name is empty"},
		"broken template": {map[string]any{"domain": "example.com", "template": "{{ nope }}"}, "", "values.template line 1"},
		"too long":        {map[string]any{"domain": strings.Repeat("a.", 130) + "com"}, "", "253"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := dns.Wildcard{}.Provision(context.Background(), request(c.values))
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				require.True(t, drivers.IsPermanent(err))
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.host, got.Values["host"])
		})
	}
}

func TestConformance(t *testing.T) {
	drivertest.Run(t, func() drivers.Driver { return dns.Wildcard{} },
		drivertest.Case{Name: "good", Request: request(map[string]any{"domain": "example.com", "template": "{{ .id }}"})},
		drivertest.Case{Name: "bad", Request: request(nil), Fails: true},
	)
}
