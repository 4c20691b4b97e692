package secretstore_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers/external"
	"github.com/slipway-dev/slipway/internal/secretstore"
	"github.com/slipway-dev/slipway/internal/secretstore/vaulttest"
	"github.com/slipway-dev/slipway/orchestrator"
)

// backend may reach loopback and signs in to Kubernetes roles with the JWT of the fake.
func backend(t *testing.T, vault *vaulttest.Server, timeout time.Duration) *secretstore.Backend {
	t.Helper()
	networks, err := external.ParseNetworks([]string{"127.0.0.0/8", "::1"})
	require.NoError(t, err)
	jwt := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(jwt, []byte(vaulttest.JWT+"\n"), 0o600))
	b, err := secretstore.New(secretstore.Options{Networks: networks, Timeout: timeout, KubernetesToken: jwt, Now: vault.Now})
	require.NoError(t, err)
	return b
}

func access(vault *vaulttest.Server, auth map[string]string) orchestrator.StoreAccess {
	return orchestrator.StoreAccess{Auth: auth, Store: orchestrator.SecretStore{
		OrgID: "acme", ID: "main", Kind: orchestrator.StoreVault, Settings: map[string]string{"url": vault.URL},
	}}
}

var (
	byToken      = map[string]string{"token": vaulttest.RootToken}
	byAppRole    = map[string]string{"role_id": vaulttest.RoleID, "secret_id": vaulttest.SecretID}
	byKubernetes = map[string]string{"role": vaulttest.Role}
)

func TestReadAndWrite(t *testing.T) {
	t.Parallel()
	for name, auth := range map[string]map[string]string{"token": byToken, "app role": byAppRole, "kubernetes": byKubernetes} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			vault := vaulttest.New(t)
			b, at := backend(t, vault, 0), access(vault, auth)
			version, err := b.Write(t.Context(), at, "orgs--acme--db password", "one")
			require.NoError(t, err)
			require.Equal(t, "1", version)
			version, err = b.Write(t.Context(), at, "orgs--acme--db password", "two")
			require.NoError(t, err)
			require.Equal(t, "2", version)
			for asked, want := range map[string]string{"": "two", "1": "one", "2": "two"} {
				got, err := b.Read(t.Context(), at, "orgs--acme--db password", asked)
				require.NoError(t, err)
				require.Equal(t, want, got, "version %q", asked)
			}
			vault.Put("team/db", map[string]any{"value": "v", "password": "p"})
			got, err := b.Read(t.Context(), at, "team/db#password", "")
			require.NoError(t, err)
			require.Equal(t, "p", got)
			at.Store.Settings["path"] = "secret/data/team"
			got, err = b.Read(t.Context(), at, "db", "")
			require.NoError(t, err)
			require.Equal(t, "v", got)
		})
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	vault := vaulttest.New(t)
	vault.Put("gone", map[string]any{"value": "x"})
	vault.Delete("gone", 1)
	vault.Put("shape", map[string]any{"user": "u", "port": 5432, "list": []any{"hidden-text"}})
	vault.Put("denied", map[string]any{"value": "x"})
	vault.Deny("secret/data/denied")
	b := backend(t, vault, 0)
	cases := map[string]struct {
		ref, version string
		change       func(at *orchestrator.StoreAccess)
		want         []string
	}{
		"missing":          {ref: "nothing", want: []string{`"main"`, `"nothing"`, "does not exist"}},
		"missing version":  {ref: "shape#user", version: "9", want: []string{`"shape#user"`, "does not exist"}},
		"bad version":      {ref: "shape#user", version: "latest", want: []string{"whole number"}},
		"deleted":          {ref: "gone", want: []string{"deleted"}},
		"denied":           {ref: "denied", want: []string{"permission denied", "policy"}},
		"no such key":      {ref: "shape", want: []string{`no key "value"`, "list, port, user"}},
		"no text":          {ref: "shape#list", want: []string{"no text"}},
		"out of the mount": {ref: "../../sys/mounts", want: []string{"no path"}},
		"empty":            {ref: "", want: []string{"no path"}},
		"another mount":    {ref: "x", change: func(at *orchestrator.StoreAccess) { at.Store.Settings["path"] = "kv" }, want: []string{"does not exist", "version 2"}},
		"wrong token":      {ref: "shape#user", change: func(at *orchestrator.StoreAccess) { at.Auth = map[string]string{"token": "s.wrong"} }, want: []string{"permission denied"}},
		"wrong secret id": {ref: "shape#user", change: func(at *orchestrator.StoreAccess) {
			at.Auth = map[string]string{"role_id": "r", "secret_id": "very-secret"}
		}, want: []string{"sign in", "refused"}},
		"no credentials":     {ref: "shape#user", change: func(at *orchestrator.StoreAccess) { at.Auth = nil }, want: []string{"no credentials"}},
		"a store of a cloud": {ref: "x", change: func(at *orchestrator.StoreAccess) { at.Store.Kind = orchestrator.StoreAWSSM }, want: []string{"awssm", "cannot read"}},
		"an address elsewhere": {ref: "x", change: func(at *orchestrator.StoreAccess) { at.Store.Settings["url"] = "http://169.254.169.254/" },
			want: []string{"169.254.169.254", "--secret-store-networks"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := access(vault, byToken)
			if c.change != nil {
				c.change(&at)
			}
			_, err := b.Read(t.Context(), at, c.ref, c.version)
			require.Equal(t, orchestrator.CodeInvalid, orchestrator.CodeOf(err), "%v", err)
			for _, part := range c.want {
				require.ErrorContains(t, err, part)
			}
			for _, secret := range []string{"hidden-text", "very-secret", vaulttest.RootToken} {
				require.NotContains(t, err.Error(), secret)
			}
		})
	}
}

func TestNamesThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	vault := vaulttest.New(t)
	for _, ref := range []string{"a#b", "a/../b", "", "a//b"} {
		_, err := backend(t, vault, 0).Write(t.Context(), access(vault, byToken), ref, "the-value")
		require.Equal(t, orchestrator.CodeInvalid, orchestrator.CodeOf(err), ref)
		require.NotContains(t, err.Error(), "the-value")
	}
	require.Zero(t, vault.Count("write"))
}

func TestAStoreThatIsAway(t *testing.T) {
	t.Parallel()
	t.Run("sealed", func(t *testing.T) {
		t.Parallel()
		vault := vaulttest.New(t)
		vault.Put("db", map[string]any{"value": "x"})
		vault.Seal(true)
		b, at := backend(t, vault, 0), access(vault, byToken)
		_, err := b.Read(t.Context(), at, "db", "")
		require.Equal(t, orchestrator.CodeUnavailable, orchestrator.CodeOf(err))
		require.ErrorContains(t, err, "sealed")
		vault.Seal(false)
		got, err := b.Read(t.Context(), at, "db", "")
		require.NoError(t, err)
		require.Equal(t, "x", got)
	})
	t.Run("too slow", func(t *testing.T) {
		t.Parallel()
		vault := vaulttest.New(t)
		vault.Slow(time.Hour)
		start := time.Now()
		_, err := backend(t, vault, 300*time.Millisecond).Read(t.Context(), access(vault, byToken), "db", "")
		require.Equal(t, orchestrator.CodeUnavailable, orchestrator.CodeOf(err), "%v", err)
		require.ErrorContains(t, err, "300ms")
		require.Less(t, time.Since(start), 20*time.Second)
	})
	t.Run("not listening", func(t *testing.T) {
		t.Parallel()
		vault := vaulttest.New(t)
		at := access(vault, byToken)
		vault.Close()
		_, err := backend(t, vault, 5*time.Second).Read(t.Context(), at, "db", "")
		require.Equal(t, orchestrator.CodeUnavailable, orchestrator.CodeOf(err), "%v", err)
	})
	t.Run("nobody waits any more", func(t *testing.T) {
		t.Parallel()
		vault := vaulttest.New(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := backend(t, vault, 0).Read(ctx, access(vault, byToken), "db", "")
		require.ErrorIs(t, err, context.Canceled)
	})
}

func TestTokensOfLogins(t *testing.T) {
	t.Parallel()
	start := func(t *testing.T) (*vaulttest.Server, func()) {
		t.Helper()
		vault := vaulttest.New(t)
		vault.Put("db", map[string]any{"value": "x"})
		b, at := backend(t, vault, 0), access(vault, byAppRole)
		return vault, func() {
			got, err := b.Read(t.Context(), at, "db", "")
			require.NoError(t, err)
			require.Equal(t, "x", got)
		}
	}
	t.Run("one login serves many, and is renewed in time", func(t *testing.T) {
		t.Parallel()
		vault, read := start(t)
		read()
		read()
		vault.Advance(50 * time.Second) // of 60
		read()
		require.Equal(t, 1, vault.Count("renew"))
		vault.Advance(30 * time.Second) // over the end of the first lease
		read()
		require.Equal(t, 1, vault.Count("login"))
	})
	t.Run("one that ended is replaced", func(t *testing.T) {
		t.Parallel()
		vault, read := start(t)
		read()
		vault.Advance(time.Hour)
		read()
		require.Equal(t, 2, vault.Count("login"))
		require.Zero(t, vault.Count("renew"))
	})
	t.Run("one that cannot be renewed is replaced before it ends", func(t *testing.T) {
		t.Parallel()
		vault, read := start(t)
		vault.NotRenewable()
		read()
		vault.Advance(50 * time.Second)
		read()
		require.Equal(t, 2, vault.Count("login"))
	})
	t.Run("one that was revoked is replaced", func(t *testing.T) {
		t.Parallel()
		vault, read := start(t)
		read()
		vault.RevokeAll()
		read()
		require.Equal(t, 2, vault.Count("login"))
	})
	t.Run("what is denied is not tried for ever", func(t *testing.T) {
		t.Parallel()
		vault, read := start(t)
		read()
		vault.Deny("secret/data/db")
		b, at := backend(t, vault, 0), access(vault, byAppRole)
		_, err := b.Read(t.Context(), at, "db", "")
		require.ErrorContains(t, err, "permission denied")
		require.LessOrEqual(t, vault.Count("login"), 3)
	})
}

// A process that runs in a shell that is signed in to a vault lends its token to nobody.
func TestTheEnvironmentIsNotUsed(t *testing.T) {
	vault := vaulttest.New(t)
	for _, prefix := range []string{"VAULT_", "BAO_"} {
		t.Setenv(prefix+"TOKEN", vaulttest.RootToken)
		t.Setenv(prefix+"ADDR", vault.URL)
	}
	vault.Put("db", map[string]any{"value": "x"})
	at := access(vault, nil)
	_, err := backend(t, vault, 0).Read(t.Context(), at, "db", "")
	require.ErrorContains(t, err, "no credentials")
	at.Auth = map[string]string{"token": "s.other"}
	_, err = backend(t, vault, 0).Read(t.Context(), at, "db", "")
	require.ErrorContains(t, err, "permission denied")
}

func TestKubernetesRolesNeedTheSetting(t *testing.T) {
	t.Parallel()
	vault := vaulttest.New(t)
	networks, err := external.ParseNetworks([]string{strings.Split(strings.TrimPrefix(vault.URL, "http://"), ":")[0]})
	require.NoError(t, err)
	b, err := secretstore.New(secretstore.Options{Networks: networks})
	require.NoError(t, err)
	_, err = b.Read(t.Context(), access(vault, byKubernetes), "db", "")
	require.ErrorContains(t, err, "--secret-store-kubernetes-token")
}
