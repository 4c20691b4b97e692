package secrets_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/secrets"
)

func TestStageRotatePrune(t *testing.T) {
	t.Parallel()
	path, k := newKeyset(t)
	first := k.PrimaryKeyID()
	old, err := k.Encrypt([]byte("v"), nil)
	require.NoError(t, err)

	require.NoError(t, k.Stage())
	require.NoError(t, k.Stage(), "one is enough")
	keys, err := k.Keys()
	require.NoError(t, err)
	require.Len(t, keys, 2)
	require.Equal(t, secrets.Key{ID: first, Primary: true}, keys[0])
	require.True(t, keys[1].Staged)
	require.Equal(t, first, k.PrimaryKeyID(), "a staged key does not encrypt")

	require.NoError(t, k.Rotate())
	require.Equal(t, keys[1].ID, k.PrimaryKeyID(), "the staged key encrypts now")
	keys, err = k.Keys()
	require.NoError(t, err)
	require.Len(t, keys, 2)
	require.WithinDuration(t, time.Now(), keys[0].RetiredAt, time.Minute)
	require.False(t, keys[1].Staged)

	unused := func(string) bool { return false }
	removed, err := k.Prune(time.Now().Add(-time.Hour), unused)
	require.NoError(t, err)
	require.Empty(t, removed, "it stopped encrypting only now")
	removed, err = k.Prune(time.Now().Add(time.Hour), func(id string) bool { return id == first })
	require.NoError(t, err)
	require.Empty(t, removed, "it is in use")
	removed, err = k.Prune(time.Now().Add(time.Hour), unused)
	require.NoError(t, err)
	require.Equal(t, []string{first}, removed)
	fresh, err := secrets.Open(path)
	require.NoError(t, err)
	_, err = fresh.Decrypt(old, nil)
	require.ErrorIs(t, err, secrets.ErrUnknownKey)
	require.Equal(t, k.MAC("p", []byte("x")), fresh.MAC("p", []byte("x")))
}

func TestKeeperFollowsItsFile(t *testing.T) {
	t.Parallel()
	path, k := newKeyset(t)
	other, err := secrets.Open(path)
	require.NoError(t, err)
	require.NoError(t, k.Rotate())
	require.Eventually(t, func() bool {
		sealed, err := other.Encrypt([]byte("v"), nil)
		require.NoError(t, err)
		id, err := secrets.KeyIDOf(sealed)
		require.NoError(t, err)
		return id == k.PrimaryKeyID()
	}, 30*time.Second, 100*time.Millisecond, "a process that only encrypts sees the new key by itself")
}
