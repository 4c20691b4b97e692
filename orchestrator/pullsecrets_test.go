package orchestrator_test

import (
	"encoding/base64"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/orchestrator"
)

// noSecrets is a target that takes none.
type noSecrets struct{ *capture }

func (noSecrets) TakesSecrets(orchestrator.Target) bool { return false }

func (p *platform) registry(id, registry, typ string, creds *orchestrator.RegistryCredentials, secrets map[string]orchestrator.ClusterSecret) {
	p.t.Helper()
	_, err := p.service.CreateRegistry(p.ctx, "acme", orchestrator.RegistryRequest{ID: id, Registry: registry, Type: typ, Creds: creds, Secrets: secrets})
	require.NoError(p.t, err)
}

func (p *platform) logOf(out outcome) string {
	p.t.Helper()
	lines, err := p.store.ListLog(p.ctx, "acme", out.id, "", 0, 100)
	require.NoError(p.t, err)
	text := ""
	for _, l := range lines {
		text += l.Text + "\n"
	}
	return text
}

func pullSecretNames(t *testing.T, out outcome) any {
	t.Helper()
	pod := out.object("Deployment", "api")["spec"].(m)["template"].(m)["spec"].(m)
	return pod["imagePullSecrets"]
}

func TestRegistriesBecomePullSecrets(t *testing.T) {
	t.Parallel()
	creds := &orchestrator.RegistryCredentials{Username: "ada", Password: hidden}
	past := time.Now().Add(-time.Hour)
	cases := map[string]struct {
		with  func(p *platform)
		names []string
		made  bool
		log   string
	}{
		"one that an image is of": {
			with: func(p *platform) { p.registry("images", "registry.example.com", "basic", creds, nil) }, names: []string{"slipway-registry-images"}, made: true,
		},
		"one that no image is of": {with: func(p *platform) { p.registry("images", "ghcr.io", "basic", creds, nil) }},
		"the closest": {
			with: func(p *platform) {
				p.registry("all", "registry.example.com", "public", nil, nil)
				p.registry("images", "registry.example.com/x", "google_gcr", creds, nil)
			},
			names: []string{"slipway-registry-images"}, made: true,
		},
		"a Secret of the namespace": {
			with: func(p *platform) {
				p.registry("images", "registry.example.com", "secret_ref", nil, map[string]orchestrator.ClusterSecret{"*": {Namespace: "shop", Secret: "there"}})
			},
			names: []string{"there"},
		},
		"a Secret of this cluster": {
			with: func(p *platform) {
				p.registry("images", "registry.example.com", "secret_ref", nil, map[string]orchestrator.ClusterSecret{
					"*": {Namespace: "shop", Secret: "any"}, "c": {Namespace: "shop", Secret: "mine"}})
			},
			names: []string{"mine"},
		},
		"a Secret of another namespace": {
			with: func(p *platform) {
				p.registry("images", "registry.example.com", "secret_ref", nil, map[string]orchestrator.ClusterSecret{"*": {Namespace: "other", Secret: "there"}})
			},
			log: `registry "images" gives no pull secret for registry.example.com/x:1: it names no Secret in namespace "shop"`,
		},
		"keys of a cloud": {
			with: func(p *platform) { p.registry("images", "registry.example.com", "amazon_ecr", creds, nil) },
			log:  "this worker exchanges no keys for tokens",
		},
		"a token of a cloud": {
			with: func(p *platform) {
				p.registry("images", "registry.example.com", "amazon_ecr", &orchestrator.RegistryCredentials{Username: "AWS", Password: hidden, Expires: &past}, nil)
			},
			names: []string{"slipway-registry-images"}, made: true, log: `the credentials of registry "images" have expired`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlatform(t)
			c.with(p)
			out := p.deploy(map[string]m{"api": module(nil, nil)}, nil).ok()
			if c.names == nil {
				require.Nil(t, pullSecretNames(t, out))
			} else {
				var want []any
				for _, n := range c.names {
					want = append(want, m{"name": n})
				}
				require.Equal(t, want, pullSecretNames(t, out))
			}
			if c.made {
				secret := out.object("Secret", "slipway-registry-images")
				require.Equal(t, "kubernetes.io/dockerconfigjson", secret["type"])
				leaf := secret["data"].(m)[".dockerconfigjson"].(placeholder.Secret)
				raw, err := base64.StdEncoding.DecodeString(leaf.Value.(string))
				require.NoError(t, err)
				require.Contains(t, string(raw), hidden)
			}
			require.Contains(t, p.logOf(out), c.log)
			for _, o := range out.objects {
				shown, err := json.Marshal(placeholder.Redact(o.Tree))
				require.NoError(t, err)
				require.NotContains(t, string(shown), hidden)
			}
		})
	}
}

func TestNoPullSecretWhereTheTargetTakesNone(t *testing.T) {
	t.Parallel()
	p := newPlatformWith(t, func(_ *orchestrator.Options, d *orchestrator.DeployerOptions) {
		d.Targets["git"] = noSecrets{d.Targets["git"].(*capture)}
	})
	p.registry("images", "registry.example.com", "basic", &orchestrator.RegistryCredentials{Username: "ada", Password: hidden}, nil)
	out := p.deploy(map[string]m{"api": module(nil, nil)}, nil).ok()
	require.Nil(t, pullSecretNames(t, out))
	require.Contains(t, p.logOf(out), "the target takes no Secrets")
}
