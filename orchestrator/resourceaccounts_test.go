package orchestrator_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/orchestrator"
)

// seen records what a driver elsewhere was given.
type seen struct {
	mu                   sync.Mutex
	provision, destroyed map[string]any // its secrets
}

func (s *seen) Driver(string) drivers.Driver { return s }

func (s *seen) Provision(_ context.Context, r drivers.Request) (drivers.Result, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.provision = r.Secrets
	return drivers.Result{Values: map[string]any{"host": "h", "port": 1, "name": "n"}, Secrets: map[string]any{"username": "u", "password": "p"}}, nil
}

func (s *seen) Destroy(_ context.Context, r drivers.Request) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.destroyed = r.Secrets
	return nil
}

// withAccounts is a platform with a driver that takes accounts of AWS, one
// virtual driver on it, and an account.
func withAccounts(t *testing.T) (*platform, *seen) {
	t.Helper()
	driver := &seen{}
	p := newPlatformWith(t, func(_ *orchestrator.Options, d *orchestrator.DeployerOptions) { d.Remote = driver })
	for _, d := range []orchestrator.DriverDefinition{
		{ID: "cloud", Type: "postgres", Target: "https://cloud.test", AccountTypes: []string{"aws", "acme-cloud"}},
		{ID: "small", Type: "postgres", Target: "driver://acme/cloud", Template: m{"values": m{"size": "small"}, "secrets": m{"key": "{{ .driver.secrets.account.SecretAccessKey }}"}}},
		{ID: "plain", Type: "postgres", Target: "https://plain.test"},
	} {
		_, err := p.service.CreateDriver(p.ctx, "acme", d)
		require.NoError(t, err)
	}
	p.account("aws-dev", "aws", m{"aws_access_key_id": "AKIA", "aws_secret_access_key": hidden})
	return p, driver
}

func (p *platform) account(id, typ string, credentials m) {
	p.t.Helper()
	_, err := p.service.CreateResourceAccount(p.ctx, "acme", orchestrator.ResourceAccount{ID: id, Name: id, Type: typ}, credentials, orchestrator.AccountOptions{})
	require.NoError(p.t, err)
}

func ofDriver(driver, account string) orchestrator.DefinitionRequest {
	d := definition("pg-def", "postgres", "", m{})
	d.DriverType, d.DriverAccount = driver, account
	return d
}

var wantsDatabase = m{"db": m{"type": "postgres"}}

func TestDriversGetTheAccount(t *testing.T) {
	t.Parallel()
	want := m{"aws_access_key_id": "AKIA", "aws_secret_access_key": hidden, "AccessKeyId": "AKIA", "SecretAccessKey": hidden}
	t.Run("of the definition", func(t *testing.T) {
		t.Parallel()
		p, driver := withAccounts(t)
		p.create(ofDriver("acme/cloud", "aws-dev"))
		out := p.deploy(nil, wantsDatabase).ok()
		require.Equal(t, m{"account": want}, driver.provision)
		require.Equal(t, "aws-dev", out.node("postgres.default#shared.db").DriverAccount)
	})
	t.Run("through a virtual driver", func(t *testing.T) {
		t.Parallel()
		p, driver := withAccounts(t)
		p.create(ofDriver("acme/small", "aws-dev"))
		p.deploy(nil, wantsDatabase).ok()
		require.Equal(t, m{"account": want, "key": hidden}, driver.provision)
	})
	t.Run("not when the driver takes none", func(t *testing.T) {
		t.Parallel()
		p, driver := withAccounts(t)
		p.create(ofDriver("acme/plain", "no-such-account"))
		p.deploy(nil, wantsDatabase).ok()
		require.Empty(t, driver.provision)
	})
	t.Run("as it is now when the resource is destroyed", func(t *testing.T) {
		t.Parallel()
		p, driver := withAccounts(t)
		p.create(ofDriver("acme/cloud", "aws-dev"))
		p.deploy(nil, wantsDatabase).ok()
		_, err := p.service.ChangeResourceAccount(p.ctx, "acme", "aws-dev", nil, m{"aws_access_key_id": "AKIB", "aws_secret_access_key": "rotated"}, orchestrator.AccountOptions{})
		require.NoError(t, err)
		_, err = p.deployer.Teardown(p.ctx, p.env)
		require.NoError(t, err)
		require.Equal(t, "rotated", driver.destroyed["account"].(m)["SecretAccessKey"])
	})
}

func TestAccountsThatADriverCannotUse(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		account string
		want    []string
	}{
		"unknown":    {"no-such-account", []string{`no resource account "no-such-account"`}},
		"other type": {"gcp-dev", []string{"of the type gcp", "aws, acme-cloud"}},
		"incomplete": {"aws-empty", []string{"aws-empty", "aws_secret_access_key"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, driver := withAccounts(t)
			p.account("gcp-dev", "gcp", m{"client_email": "a@b", "private_key": hidden})
			p.account("aws-empty", "aws", m{"aws_access_key_id": hidden})
			p.create(ofDriver("acme/cloud", c.account))
			p.deploy(nil, wantsDatabase).fails(c.want...)
			require.Nil(t, driver.provision)
		})
	}
}
