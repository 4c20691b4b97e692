package orchestrator_test

import (
	"encoding/base64"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers/external"
	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/internal/secretstore"
	"github.com/slipway-dev/slipway/internal/secretstore/vaulttest"
	"github.com/slipway-dev/slipway/orchestrator"
)

// withVault is a platform that knows a vault as "main".
func withVault(t *testing.T, primary bool) (*platform, *vaulttest.Server) {
	t.Helper()
	vault := vaulttest.New(t)
	networks, err := external.ParseNetworks([]string{"127.0.0.0/8"})
	require.NoError(t, err)
	backend, err := secretstore.New(secretstore.Options{Networks: networks, Now: vault.Now})
	require.NoError(t, err)
	p := newPlatformWith(t, func(s *orchestrator.Options, d *orchestrator.DeployerOptions) {
		s.Secrets, d.Secrets = backend, backend
	})
	_, err = p.service.CreateSecretStore(p.ctx, "acme", "main", primary, orchestrator.StoreSpec{
		Kind: orchestrator.StoreVault, Settings: map[string]string{"url": vault.URL}, Auth: map[string]string{"token": vaulttest.RootToken},
	})
	require.NoError(t, err)
	return p, vault
}

// databaseFrom is a definition whose password is where ref says.
func databaseFrom(ref m) orchestrator.DefinitionRequest {
	d := definition("pg-db", "postgres", "", m{"host": "h", "port": 5432, "name": "n"})
	d.DriverInputs.SecretRefs = m{"username": m{"value": "u"}, "password": ref}
	return d
}

var usesDatabase = map[string]m{"api": module(m{"db": m{"type": "postgres"}}, m{"PASSWORD": "${externals.db.password}"})}

// secretOf is the value of a variable of the workload api.
func secretOf(t *testing.T, o outcome, variable string) string {
	t.Helper()
	for _, object := range o.objects {
		if object.Kind() != "Secret" {
			continue
		}
		data, _ := object.Tree["stringData"].(m)
		if v, ok := data[variable]; ok {
			return reveal(v)
		}
		if data, _ = object.Tree["data"].(m); data[variable] != nil {
			return reveal(data[variable])
		}
	}
	require.Fail(t, "no Secret has "+variable)
	return ""
}

func TestSecretsByReference(t *testing.T) {
	t.Parallel()
	t.Run("of a definition", func(t *testing.T) {
		t.Parallel()
		p, vault := withVault(t, false)
		vault.Put("team/db", m{"password": "former"})
		vault.Put("team/db", m{"password": hidden})
		p.create(databaseFrom(m{"store": "main", "ref": "team/db#password"}))
		out := p.deploy(usesDatabase, nil).ok()
		require.Equal(t, hidden, decoded(secretOf(t, out, "PASSWORD")))
		_, err := p.service.PatchDefinition(p.ctx, "acme", "pg-db", orchestrator.DefinitionPatch{DriverInputs: &orchestrator.DriverInputsRequest{
			SecretRefs: m{"password": m{"store": "main", "ref": "team/db#password", "version": "1"}},
		}})
		require.NoError(t, err)
		require.Equal(t, "former", decoded(secretOf(t, p.deploy(usesDatabase, nil).ok(), "PASSWORD")))
	})
	t.Run("of a shared value", func(t *testing.T) {
		t.Parallel()
		p, vault := withVault(t, false)
		vault.Put("token", m{"value": hidden})
		_, err := p.service.CreateValue(p.ctx, orchestrator.EnvRef{OrgID: "acme", AppID: "shop"}, orchestrator.NewValue{
			Key: "TOKEN", SecretRef: &orchestrator.SecretRef{Store: "main", Ref: "token"},
		})
		require.NoError(t, err)
		out := p.deploy(map[string]m{"api": module(nil, m{"TOKEN": "${values.TOKEN}", "URL": "x:${values.TOKEN}"})}, nil).ok()
		require.Equal(t, hidden, decoded(secretOf(t, out, "TOKEN")))
		require.Equal(t, "x:"+hidden, decoded(secretOf(t, out, "URL")))
	})
}

func TestReferencesThatLeadNowhere(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		ref   m
		setup func(p *platform, vault *vaulttest.Server)
		want  []string
	}{
		"unknown store":  {ref: m{"store": "other", "ref": "x"}, want: []string{`"other"`, "secret_refs.password", "x"}},
		"unknown secret": {ref: m{"store": "main", "ref": "no/such"}, want: []string{`"main"`, `"no/such"`, "does not exist"}},
		"unknown key":    {ref: m{"store": "main", "ref": "db#pass"}, want: []string{`"db#pass"`, `no key "pass"`}},
		"refused": {ref: m{"store": "main", "ref": "db"}, want: []string{"permission denied"},
			setup: func(_ *platform, vault *vaulttest.Server) { vault.Deny("secret/data/db") }},
		"a store that is not built": {ref: m{"store": "cloud", "ref": "db"}, want: []string{`"cloud"`, "awssm", "cannot read"},
			setup: func(p *platform, _ *vaulttest.Server) {
				_, err := p.service.CreateSecretStore(p.ctx, "acme", "cloud", false, orchestrator.StoreSpec{
					Kind: orchestrator.StoreAWSSM, Settings: map[string]string{"region": "eu-west-1"},
				})
				require.NoError(p.t, err)
			}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, vault := withVault(t, false)
			vault.Put("db", m{"value": hidden})
			if c.setup != nil {
				c.setup(p, vault)
			}
			p.create(databaseFrom(c.ref))
			p.deploy(usesDatabase, nil).fails(c.want...)
		})
	}
}

// A store that is away is no reason to give a node up: the step is repeated.
func TestAStoreThatIsAwayIsAskedAgain(t *testing.T) {
	t.Parallel()
	p, vault := withVault(t, false)
	vault.Put("db", m{"value": hidden})
	p.create(databaseFrom(m{"store": "main", "ref": "db"}))
	vault.Seal(true)
	id, err := p.store.PutSet(p.ctx, "acme", "shop", p.set(usesDatabase, nil))
	require.NoError(t, err)
	d, err := p.service.CreateDeployment(p.ctx, p.env, orchestrator.DeploymentRequest{SetID: id})
	require.NoError(t, err)
	key := orchestrator.DeploymentKey{EnvRef: p.env, ID: d.ID}
	err = p.steps(key)
	require.Equal(t, orchestrator.CodeUnavailable, orchestrator.CodeOf(err), "%v", err)
	require.ErrorContains(t, err, "sealed")
	vault.Seal(false)
	require.NoError(t, p.steps(key))
}

func TestThePrimaryStore(t *testing.T) {
	t.Parallel()
	t.Run("gets the secrets of definitions", func(t *testing.T) {
		t.Parallel()
		p, vault := withVault(t, true)
		d := definition("pg-db", "postgres", "", m{"host": "h", "port": 5432, "name": "n"})
		d.DriverInputs.Secrets = m{"username": "u", "password": hidden}
		p.create(d)
		const ref = "orgs--acme--resources--defs--pg-db--driver_secrets--password"
		require.Equal(t, m{"value": hidden}, vault.Stored(ref))
		got, err := p.service.GetDefinition(p.ctx, "acme", "pg-db", false)
		require.NoError(t, err)
		require.Equal(t, m{"store": "main", "ref": ref, "version": "1"}, got.Active.DriverInputs.Shown().SecretRefs["password"])
		require.Equal(t, hidden, decoded(secretOf(t, p.deploy(usesDatabase, nil).ok(), "PASSWORD")))
		_, err = p.service.PatchDefinition(p.ctx, "acme", "pg-db", orchestrator.DefinitionPatch{DriverInputs: &orchestrator.DriverInputsRequest{Secrets: m{"password": "next"}}})
		require.NoError(t, err)
		require.Equal(t, "next", decoded(secretOf(t, p.deploy(usesDatabase, nil).ok(), "PASSWORD")))
		_, err = p.store.GetSecret(p.ctx, "acme", ref, 0)
		require.True(t, orchestrator.IsNotFound(err), "the built-in store has nothing")
	})
	t.Run("gets the secrets of values, on each level", func(t *testing.T) {
		t.Parallel()
		p, vault := withVault(t, true)
		app, secret, next := orchestrator.EnvRef{OrgID: "acme", AppID: "shop"}, hidden, "next"
		v, err := p.service.CreateValue(p.ctx, app, orchestrator.NewValue{Key: "T", IsSecret: true, Value: &secret})
		require.NoError(t, err)
		require.Equal(t, []string{"main", "orgs--acme--apps--shop--secret_values--T", "1"}, []string{v.SecretStore, v.SecretKey, v.SecretVer})
		v, err = p.service.CreateValue(p.ctx, p.env, orchestrator.NewValue{Key: "T", SecretRef: &orchestrator.SecretRef{Value: &secret}})
		require.NoError(t, err)
		require.Equal(t, m{"value": hidden}, vault.Stored(v.SecretKey))
		v, err = p.service.PatchValue(p.ctx, p.env, "T", orchestrator.ValueUpdate{Value: &next})
		require.NoError(t, err)
		require.Equal(t, "2", v.SecretVer)
		out := p.deploy(map[string]m{"api": module(nil, m{"T": "${values.T}"})}, nil).ok()
		require.Equal(t, "next", decoded(secretOf(t, out, "T")))
		plain, err := p.service.CreateValue(p.ctx, app, orchestrator.NewValue{Key: "P", Value: &next})
		require.NoError(t, err)
		require.Equal(t, "next", plain.Value, "what is no secret stays here")
	})
	t.Run("that is away is a 503 with nothing written", func(t *testing.T) {
		t.Parallel()
		p, vault := withVault(t, true)
		vault.Seal(true)
		app, secret := orchestrator.EnvRef{OrgID: "acme", AppID: "shop"}, hidden
		_, err := p.service.CreateValue(p.ctx, app, orchestrator.NewValue{Key: "T", IsSecret: true, Value: &secret})
		require.Equal(t, orchestrator.CodeUnavailable, orchestrator.CodeOf(err))
		require.NotContains(t, err.Error(), hidden)
		d := databaseFrom(m{"value": hidden})
		_, err = p.service.CreateDefinition(p.ctx, "acme", d)
		require.Equal(t, orchestrator.CodeUnavailable, orchestrator.CodeOf(err))
		values, err := p.service.ListValues(p.ctx, app)
		require.NoError(t, err)
		require.Empty(t, values)
		_, err = p.service.GetDefinition(p.ctx, "acme", "pg-db", false)
		require.True(t, orchestrator.IsNotFound(err))
	})
	t.Run("is not written to by a trial", func(t *testing.T) {
		t.Parallel()
		p, vault := withVault(t, true)
		d := databaseFrom(m{"value": hidden})
		_, err := p.service.DefinitionImpact(p.ctx, "acme", orchestrator.ImpactRequest{Definition: &d})
		require.NoError(t, err)
		require.Zero(t, vault.Count("write"))
	})
}

func TestTheBuiltInStoreCanHaveAnotherName(t *testing.T) {
	t.Parallel()
	p := newPlatformWith(t, func(s *orchestrator.Options, d *orchestrator.DeployerOptions) {
		s.BuiltinStore, d.BuiltinStore = "slipway", "slipway"
	})
	app, secret := orchestrator.EnvRef{OrgID: "acme", AppID: "shop"}, hidden
	v, err := p.service.CreateValue(p.ctx, app, orchestrator.NewValue{Key: "T", IsSecret: true, Value: &secret})
	require.NoError(t, err)
	require.Equal(t, "slipway", v.SecretStore)
	stores, err := p.service.ListSecretStores(p.ctx, "acme")
	require.NoError(t, err)
	require.Equal(t, "slipway", stores[0].ID)
	out := p.deploy(map[string]m{"api": module(nil, m{"T": "${values.T}"})}, nil).ok()
	require.Equal(t, hidden, decoded(secretOf(t, out, "T")))
	for _, id := range []string{"slipway", "humanitec"} {
		_, err = p.service.CreateSecretStore(p.ctx, "acme", id, false, orchestrator.StoreSpec{Kind: orchestrator.StoreGCPSM, Settings: map[string]string{"project_id": "p"}})
		require.True(t, orchestrator.IsConflict(err), id)
	}
}

// What reaches a database outside of ciphertexts never holds a credential.
func TestCredentialsOfStoresAreSealed(t *testing.T) {
	t.Parallel()
	p, _ := withVault(t, false)
	v, err := p.store.GetSecretStore(p.ctx, "acme", "main")
	require.NoError(t, err)
	require.NotEmpty(t, v.Sealed)
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	require.NotContains(t, string(raw), vaulttest.RootToken)
	require.NotContains(t, string(v.Sealed), vaulttest.RootToken)
}

// reveal is the text of a secret leaf of an object.
func reveal(v any) string {
	text, _ := placeholder.Reveal(v).(string)
	return text
}

// decoded is a text, or what it encodes.
func decoded(text string) string {
	if raw, err := base64.StdEncoding.DecodeString(text); err == nil {
		return string(raw)
	}
	return text
}
