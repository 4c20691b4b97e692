package orchestrator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
)

// TestIngressRulesOfTheOlderForm: spec.ingress.rules of all workloads of a host come together in one Ingress.
func TestIngressRulesOfTheOlderForm(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	dns := definition("dns", "dns", "", m{"host": "shop.example.com"})
	dns.Provision = map[string]resource.Provision{"ingress": {}}
	p.create(dns)
	ingress := definition("ingress", "ingress", "", nil)
	ingress.DriverType = "humanitec/ingress"
	p.create(ingress)
	web := func(rules m) m {
		out := module(nil, nil)
		out["spec"].(m)["service"] = m{"ports": m{"http": m{"service_port": 80.0}}}
		out["spec"].(m)["ingress"] = m{"rules": m{"shared.host": m{"http": rules}}}
		return out
	}
	shared := m{"host": m{"type": "dns"}}
	out := p.deploy(map[string]m{
		"api": web(m{"/api": m{"type": "exact", "port": 80.0}}), "web": web(m{"/": m{"port": 80.0}}),
	}, shared).ok()
	var found m
	for _, o := range out.objects {
		if o.Kind() == "Ingress" {
			found = o.Tree["spec"].(m)
		}
	}
	backend := func(name string) m {
		return m{"service": m{"name": name, "port": m{"number": 80.0}}}
	}
	require.Equal(t, []any{m{"host": "shop.example.com", "http": m{"paths": []any{
		m{"path": "/", "pathType": "Prefix", "backend": backend("web")},
		m{"path": "/api", "pathType": "Exact", "backend": backend("api")},
	}}}}, found["rules"])

	p.deploy(map[string]m{"api": web(m{"/": m{"port": 80.0}}), "web": web(m{"/": m{"port": 80.0}})}, shared).
		fails(`another rule leads the path "/" of the same host somewhere already`)
}
