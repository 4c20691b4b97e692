package e2e

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// canary is a random string that is told apart from anything else.
func canary(t *testing.T) string {
	t.Helper()
	raw := make([]byte, 16)
	_, err := rand.Read(raw)
	require.NoError(t, err)
	return "canary" + hex.EncodeToString(raw)
}

// spellings are the forms in which a secret could stand somewhere: as it is, in
// hex, and in base64 at each of the three alignments, without the characters
// that depend on the neighbours.
func spellings(secret string) [][]byte {
	out := [][]byte{[]byte(secret), []byte(hex.EncodeToString([]byte(secret)))}
	for pad, drop := range []int{0, 2, 3} {
		text := base64.RawStdEncoding.EncodeToString(append(make([]byte, pad), secret...))
		if (pad+len(secret))%3 != 0 {
			text = text[:len(text)-1]
		}
		out = append(out, []byte(text[drop:]))
	}
	return out
}

// sightings searches content for secrets, by their names.
func sightings(content []byte, secrets map[string]string) []string {
	var found []string
	for name, secret := range secrets {
		for _, spelling := range spellings(secret) {
			if bytes.Contains(content, spelling) {
				found = append(found, name)
				break
			}
		}
	}
	slices.Sort(found)
	return found
}

func TestSpellings(t *testing.T) {
	t.Parallel()
	const secret = "canary0123456789"
	for name, text := range map[string]string{
		"plain": "a " + secret + " b", "hex": hex.EncodeToString([]byte("x" + secret + "y")),
		"base64": base64.StdEncoding.EncodeToString([]byte(secret)), "base64 after one": base64.StdEncoding.EncodeToString([]byte("x" + secret + "yz")),
		"base64 after two": base64.StdEncoding.EncodeToString([]byte("xy" + secret + "abc")), "url base64": base64.URLEncoding.EncodeToString([]byte("u:" + secret)),
	} {
		require.NotEmpty(t, sightings([]byte(text), map[string]string{"s": secret}), name)
	}
	require.Empty(t, sightings([]byte("nothing"), map[string]string{"s": secret}))
}

// requireCanaries searches every file of the home. Git keeps its objects
// compressed: they are searched in a clone.
func requireCanaries(t *testing.T, home, public string, secrets map[string]string) {
	t.Helper()
	seen := searchFiles(t, home, public, secrets, nil)
	require.True(t, seen["slipway.db"] || seen["slipway.db-wal"], "the search sees the database: %v", seen)
	for _, file := range []string{"logs/slipway.log", "temporal.db"} {
		info, err := os.Stat(filepath.Join(home, file))
		require.NoError(t, err)
		require.Positive(t, info.Size(), "%s was searched", file)
	}
}

// searchFiles fails for every secret in a file where it does not belong, and
// says in which files it has seen the public text.
func searchFiles(t *testing.T, folder, public string, secrets map[string]string, belongs map[string][]string) (seen map[string]bool) {
	t.Helper()
	seen = map[string]bool{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) { // a temporary file that is gone by now
			return nil
		}
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(folder, path)
		seen[name] = seen[name] || bytes.Contains(raw, []byte(public))
		for _, found := range sightings(raw, secrets) {
			if !slices.Contains(belongs[found], name) {
				t.Errorf("%s in %s", found, name)
			}
		}
		return nil
	})
	require.NoError(t, err)
	return seen
}
