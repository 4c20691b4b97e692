package orchestrator_test

import (
	"context"
	"encoding/base64"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

// tokens exchanges keys as a cloud does: each token is another one and ends after twelve hours.
type tokens struct {
	mu    sync.Mutex
	now   func() time.Time
	given int
	fail  error
}

func (k *tokens) Exchange(_ context.Context, _ string, keys orchestrator.RegistryCredentials) (orchestrator.RegistryCredentials, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fail != nil {
		return orchestrator.RegistryCredentials{}, k.fail
	}
	k.given++
	until := k.now().Add(12 * time.Hour)
	return orchestrator.RegistryCredentials{Username: "AWS", Password: keys.Password + "-" + string(rune('0'+k.given)), Expires: &until}, nil
}

// renewing is a target whose Secrets can be renewed; there says whether it holds one.
type renewing struct {
	*capture
	there   bool
	err     error
	renewed []string // passwords, with what they are for
}

func (r *renewing) RenewSecret(_ context.Context, t orchestrator.Target, name string, data map[string]string) (bool, error) {
	if r.err != nil || !r.there {
		return false, r.err
	}
	raw, err := base64.StdEncoding.DecodeString(data[".dockerconfigjson"])
	r.renewed = append(r.renewed, t.Env.String()+" "+t.Namespace+"/"+name+" "+string(raw))
	return true, err
}

// tokenPlatform is a platform with a registry of keys, whose clock the test turns.
func tokenPlatform(t *testing.T) (p *platform, target *renewing, exchange *tokens, turn func(time.Duration)) {
	t.Helper()
	clock := time.Now()
	now := func() time.Time { return clock }
	exchange = &tokens{now: now}
	p = newPlatformWith(t, func(o *orchestrator.Options, d *orchestrator.DeployerOptions) {
		target = &renewing{capture: d.Targets["git"].(*capture), there: true}
		d.Targets["git"], d.RegistryTokens, d.Now, o.Now = target, exchange, now, now
	})
	p.registry("images", "registry.example.com", "amazon_ecr", &orchestrator.RegistryCredentials{Username: "AKIA", Password: hidden}, nil)
	return p, target, exchange, func(d time.Duration) { clock = clock.Add(d) }
}

// TestRegistryTokensAreRenewed: what a deployment brought is replaced before it ends, until nobody uses it any more.
func TestRegistryTokensAreRenewed(t *testing.T) {
	t.Parallel()
	p, target, exchange, turn := tokenPlatform(t)
	out := p.deploy(map[string]m{"api": module(nil, nil)}, nil).ok()
	require.Equal(t, []any{m{"name": "slipway-registry-images"}}, pullSecretNames(t, out))
	require.Equal(t, m{"slipway.dev/ignore-drift": "/data"}, out.object("Secret", "slipway-registry-images")["metadata"].(m)["annotations"], "a new token is no drift")
	renew := func() error { return p.deployer.RenewPullSecrets(p.ctx) }
	require.NoError(t, renew())
	turn(6*time.Hour + 59*time.Minute)
	require.NoError(t, renew())
	require.Empty(t, target.renewed, "it is good for another five hours")
	turn(2 * time.Minute)

	exchange.fail = orchestrator.Errorf(orchestrator.CodeUnavailable, "the cloud is away")
	require.ErrorContains(t, renew(), `registry "images" in environment acme/shop/development`)
	exchange.fail, target.err = nil, errors.New("the cluster is away")
	require.ErrorContains(t, renew(), "the cluster is away")
	target.err = nil
	require.NoError(t, renew())
	require.Len(t, target.renewed, 1)
	require.Contains(t, target.renewed[0], "acme/shop/development shop/slipway-registry-images")
	require.Contains(t, target.renewed[0], hidden+"-3")
	require.NoError(t, renew())
	require.Len(t, target.renewed, 1, "it is new")

	turn(11 * time.Hour)
	target.there = false
	require.NoError(t, renew())
	due, err := p.store.DuePullSecretTokens(p.ctx, time.Now().Add(1000*time.Hour), 10)
	require.NoError(t, err)
	require.Empty(t, due, "a Secret that is gone is forgotten")
}

// TestRegistryTokensOfDeployments: a Secret that is not there yet may be on its way, and what a registry is now counts.
func TestRegistryTokensOfDeployments(t *testing.T) {
	t.Parallel()
	all := func(p *platform) []orchestrator.PullSecretToken {
		due, err := p.store.DuePullSecretTokens(p.ctx, time.Now().Add(1000*time.Hour), 10)
		require.NoError(t, err)
		return due
	}
	t.Run("on its way", func(t *testing.T) {
		t.Parallel()
		p, target, _, _ := tokenPlatform(t)
		p.deploy(map[string]m{"api": module(nil, nil)}, nil).ok()
		soon := all(p)[0]
		soon.ExpiresAt = time.Now().Add(time.Hour)
		require.NoError(t, p.store.PutPullSecretToken(p.ctx, &soon))
		target.there = false
		require.NoError(t, p.deployer.RenewPullSecrets(p.ctx))
		require.Len(t, all(p), 1)
	})
	t.Run("a registry without keys by now", func(t *testing.T) {
		t.Parallel()
		p, target, _, turn := tokenPlatform(t)
		p.deploy(map[string]m{"api": module(nil, nil)}, nil).ok()
		_, err := p.service.ChangeRegistry(p.ctx, "acme", "images", orchestrator.RegistryRequest{Type: "public"})
		require.NoError(t, err)
		turn(11 * time.Hour)
		require.NoError(t, p.deployer.RenewPullSecrets(p.ctx))
		require.Empty(t, all(p))
		require.Empty(t, target.renewed)
	})
	t.Run("a registry that is gone", func(t *testing.T) {
		t.Parallel()
		p, _, _, turn := tokenPlatform(t)
		p.deploy(map[string]m{"api": module(nil, nil)}, nil).ok()
		require.NoError(t, p.service.DeleteRegistry(p.ctx, "acme", "images"))
		turn(11 * time.Hour)
		require.NoError(t, p.deployer.RenewPullSecrets(p.ctx))
		require.Empty(t, all(p))
	})
	t.Run("keys that are refused", func(t *testing.T) {
		t.Parallel()
		p, _, exchange, _ := tokenPlatform(t)
		exchange.fail = orchestrator.Errorf(orchestrator.CodeForbidden, "get a token: status 400: the keys are wrong")
		p.deploy(map[string]m{"api": module(nil, nil)}, nil).fails(`registry "images": get a token: status 400: the keys are wrong`)
	})
	t.Run("a target where nobody renews", func(t *testing.T) {
		t.Parallel()
		p := newPlatformWith(t, func(_ *orchestrator.Options, d *orchestrator.DeployerOptions) {
			d.RegistryTokens = &tokens{now: time.Now}
		})
		p.registry("images", "registry.example.com", "amazon_ecr", &orchestrator.RegistryCredentials{Username: "AKIA", Password: hidden}, nil)
		out := p.deploy(map[string]m{"api": module(nil, nil)}, nil).ok()
		require.Nil(t, pullSecretNames(t, out))
		require.Contains(t, p.logOf(out), "in this target nobody can renew them")
	})
}
