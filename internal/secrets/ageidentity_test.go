package secrets_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"
	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/secrets"
)

func TestEnsureAgeIdentity(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state", "age.txt")
	var wg sync.WaitGroup
	recipients := make([]string, 6)
	errs := make([]error, len(recipients))
	for i := range recipients {
		wg.Go(func() { recipients[i], errs[i] = secrets.EnsureAgeIdentity(path) })
	}
	wg.Wait()
	for i := range recipients {
		require.NoError(t, errs[i])
		require.Equal(t, recipients[0], recipients[i])
	}
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())

	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	identities, err := age.ParseIdentities(strings.NewReader(string(raw)))
	require.NoError(t, err)
	require.Len(t, identities, 1)
	require.Equal(t, recipients[0], identities[0].(*age.X25519Identity).Recipient().String())
}

func TestEnsureAgeIdentityRefusesWhatItCannotUse(t *testing.T) {
	t.Parallel()
	identity, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	cases := map[string]struct {
		content string
		mode    fs.FileMode
		want    string
	}{
		"damaged key":        {content: identity.String()[:40], mode: 0o600, want: "no readable age identity"},
		"empty":              {content: "", mode: 0o600, want: "no readable age identity"},
		"writable by others": {content: identity.String(), mode: 0o666, want: "can be written by others"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "age.txt")
			require.NoError(t, os.WriteFile(path, []byte(tc.content), 0o600))
			require.NoError(t, os.Chmod(path, tc.mode))
			_, err := secrets.EnsureAgeIdentity(path)
			require.ErrorContains(t, err, tc.want)
			require.NotContains(t, err.Error(), "AGE-SECRET-KEY-1"+identity.String()[16:30])
			after, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, tc.content, string(after), "the file is never overwritten")
		})
	}
}
