package secrets_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/slipway-dev/slipway/internal/secrets"
)

func newKeyset(t *testing.T) (string, *secrets.Keeper) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "state", "keyset.json")
	k, err := secrets.Create(path)
	require.NoError(t, err)
	return path, k
}

func TestKeeperRoundTrip(t *testing.T) {
	t.Parallel()
	_, k := newKeyset(t)
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		place := rapid.SliceOf(rapid.Byte()).Draw(t, "place")
		sealed, err := k.Encrypt(plain, place)
		require.NoError(t, err)
		opened, err := k.Decrypt(sealed, place)
		require.NoError(t, err)
		require.Equal(t, string(plain), string(opened))

		_, err = k.Decrypt(sealed, append([]byte("x"), place...))
		require.Error(t, err, "a value must not open in another place")
		at := rapid.IntRange(0, len(sealed)-1).Draw(t, "at")
		sealed[at] ^= 0x40
		_, err = k.Decrypt(sealed, place)
		require.Error(t, err, "a changed value must not open")
	})
}

func TestCreateKeepsTheFilePrivateAndRefusesToOverwrite(t *testing.T) {
	t.Parallel()
	path, k := newKeyset(t)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())

	_, err = secrets.Create(path)
	require.ErrorIs(t, err, fs.ErrExist)
	require.Contains(t, err.Error(), "not overwritten")

	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 1, "no temporary file is left")

	again, err := secrets.Open(path)
	require.NoError(t, err)
	require.Equal(t, k.PrimaryKeyID(), again.PrimaryKeyID())
}

func TestConcurrentCreateLeavesOneKeyset(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keyset.json")
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() { _, errs[i] = secrets.Create(path) })
	}
	wg.Wait()
	created := 0
	for _, err := range errs {
		if err == nil {
			created++
			continue
		}
		require.ErrorIs(t, err, fs.ErrExist)
	}
	require.Equal(t, 1, created)
}

func TestOpenErrors(t *testing.T) {
	t.Parallel()
	good, _ := newKeyset(t)
	content, err := os.ReadFile(good)
	require.NoError(t, err)

	cases := map[string]struct {
		content []byte
		mode    fs.FileMode
		want    string
	}{
		"missing":               {want: "does not exist; create one"},
		"not JSON":              {content: []byte("hunter2-key-material"), mode: 0o600, want: "is not a keyset"},
		"empty":                 {content: []byte{}, mode: 0o600, want: "is not a keyset"},
		"newer version":         {content: []byte(`{"version":9}`), mode: 0o600, want: "version 9 is not supported"},
		"broken keys":           {content: []byte(`{"version":1,"encryption":{"hunter2":1},"mac":{}}`), mode: 0o600, want: "encryption keys cannot be read"},
		"writable by the group": {content: content, mode: 0o620, want: "can be written by others (mode 0620)"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "keyset.json")
			if tc.content != nil {
				require.NoError(t, os.WriteFile(path, tc.content, 0o600))
				require.NoError(t, os.Chmod(path, tc.mode))
			}
			_, err := secrets.Open(path)
			require.ErrorContains(t, err, tc.want)
			require.Contains(t, err.Error(), path)
			require.NotContains(t, err.Error(), "\n")
			require.NotContains(t, err.Error(), "hunter2")
		})
	}
	_, err = secrets.Open(filepath.Join(t.TempDir(), "none"))
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestRotateKeepsOldValuesReadable(t *testing.T) {
	t.Parallel()
	path, k := newKeyset(t)
	place := []byte("org-a/db")
	old, err := k.Encrypt([]byte("first"), place)
	require.NoError(t, err)
	mac := k.MAC("fingerprint", []byte("data"))
	before := k.PrimaryKeyID()

	// A second process opened the keyset before the rotation.
	other, err := secrets.Open(path)
	require.NoError(t, err)

	require.NoError(t, k.Rotate())
	require.NotEqual(t, before, k.PrimaryKeyID())
	fresh, err := k.Encrypt([]byte("second"), place)
	require.NoError(t, err)
	id, err := secrets.KeyIDOf(fresh)
	require.NoError(t, err)
	require.Equal(t, k.PrimaryKeyID(), id)
	id, err = secrets.KeyIDOf(old)
	require.NoError(t, err)
	require.Equal(t, before, id)

	reopened, err := secrets.Open(path)
	require.NoError(t, err)
	for name, keeper := range map[string]*secrets.Keeper{"rotated": k, "reopened": reopened, "opened before": other} {
		for sealed, want := range map[string]string{string(old): "first", string(fresh): "second"} {
			got, err := keeper.Decrypt([]byte(sealed), place)
			require.NoError(t, err, name)
			require.Equal(t, want, string(got), name)
		}
		require.Equal(t, mac, keeper.MAC("fingerprint", []byte("data")), "the MAC key does not rotate")
	}
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())
}

func TestConcurrentRotationsLoseNoKey(t *testing.T) {
	t.Parallel()
	path, _ := newKeyset(t)
	const rotators = 6
	sealed := make([][]byte, rotators)
	errs := make([]error, rotators)
	var wg sync.WaitGroup
	for i := range rotators {
		wg.Go(func() {
			k, err := secrets.Open(path)
			if err != nil {
				errs[i] = err
				return
			}
			if errs[i] = k.Rotate(); errs[i] == nil {
				sealed[i], errs[i] = k.Encrypt([]byte("value"), nil)
			}
		})
	}
	wg.Wait()
	final, err := secrets.Open(path)
	require.NoError(t, err)
	ids := map[string]bool{}
	for i := range rotators {
		require.NoError(t, errs[i])
		got, err := final.Decrypt(sealed[i], nil)
		require.NoError(t, err)
		require.Equal(t, "value", string(got))
		id, err := secrets.KeyIDOf(sealed[i])
		require.NoError(t, err)
		ids[id] = true
	}
	require.Len(t, ids, rotators)
}

func TestFromJSON(t *testing.T) {
	t.Parallel()
	path, k := newKeyset(t)
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	require.True(t, json.Valid(raw))
	fromEnv, err := secrets.FromJSON(raw)
	require.NoError(t, err)
	sealed, err := fromEnv.Encrypt([]byte("value"), nil)
	require.NoError(t, err)
	got, err := k.Decrypt(sealed, nil)
	require.NoError(t, err)
	require.Equal(t, "value", string(got))
	require.ErrorContains(t, fromEnv.Rotate(), "was not read from a file")

	require.NoError(t, k.Rotate())
	sealed, err = k.Encrypt([]byte("value"), nil)
	require.NoError(t, err)
	_, err = fromEnv.Decrypt(sealed, nil)
	require.ErrorIs(t, err, secrets.ErrUnknownKey)
}

func TestMACSeparatesPurposesAndKeysets(t *testing.T) {
	t.Parallel()
	_, a := newKeyset(t)
	_, b := newKeyset(t)
	require.Len(t, a.MAC("p", nil), 32)
	first, again := a.MAC("p", []byte("x")), a.MAC("p", []byte("x"))
	require.Equal(t, first, again)
	require.NotEqual(t, a.MAC("p", []byte("x")), a.MAC("q", []byte("x")))
	require.NotEqual(t, a.MAC("ab", []byte("c")), a.MAC("a", []byte("bc")))
	require.NotEqual(t, a.MAC("p", []byte("x")), b.MAC("p", []byte("x")))
}

func TestKeyIDOfRefusesOtherBytes(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string][]byte{"nil": nil, "short": {1, 2, 3}, "text": []byte("postgres://user:password@host/database")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := secrets.KeyIDOf(raw)
			require.Error(t, err)
		})
	}
}

func FuzzDecrypt(f *testing.F) {
	k, err := secrets.Create(filepath.Join(f.TempDir(), "keyset.json"))
	require.NoError(f, err)
	sealed, err := k.Encrypt([]byte("value"), nil)
	require.NoError(f, err)
	f.Add(sealed)
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, raw []byte) {
		if got, err := k.Decrypt(raw, nil); err == nil {
			require.Equal(t, "value", string(got))
		}
	})
}
