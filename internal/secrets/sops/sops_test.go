package sops_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"github.com/slipway-dev/slipway/internal/secrets/sops"
)

const secretYAML = `apiVersion: v1
kind: Secret
metadata:
  name: db
  labels:
    data: also-encrypted-because-the-key-matches
  annotations:
    note: "2024-01-01"
    number: "007"
immutable: true
data:
  password: aHVudGVyMjI=
  empty: ""
stringData:
  multi: |
    line one
    line two
  nested:
    - first
    - 12
    - 1.25
    - true
    - null
type: Opaque
`

func newIdentity(t *testing.T) *age.X25519Identity {
	t.Helper()
	identity, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	return identity
}

func encrypt(t *testing.T, plain string, recipients ...string) []byte {
	t.Helper()
	sealed, err := sops.Encrypt([]byte(plain), sops.Options{Recipients: recipients, LastModified: time.Unix(1700000000, 0)})
	require.NoError(t, err)
	return sealed
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	alice, bob := newIdentity(t), newIdentity(t)
	sealed := encrypt(t, secretYAML, alice.Recipient().String(), bob.Recipient().String())
	for _, hidden := range []string{"aHVudGVyMjI=", "line one", "first", "also-encrypted"} {
		require.NotContains(t, string(sealed), hidden)
	}
	for _, shown := range []string{"kind: Secret", "name: db", "empty: \"\"", "immutable: true", "lastmodified: \"2023-11-14T22:13:20Z\""} {
		require.Contains(t, string(sealed), shown)
	}
	for _, identity := range []*age.X25519Identity{alice, bob} {
		plain, err := sops.Decrypt(sealed, identity.String())
		require.NoError(t, err)
		requireSameYAML(t, secretYAML, string(plain))
	}
	recipients, err := sops.Recipients(sealed)
	require.NoError(t, err)
	require.Equal(t, []string{alice.Recipient().String(), bob.Recipient().String()}, recipients)

	_, err = sops.Decrypt(sealed, newIdentity(t).String())
	require.ErrorContains(t, err, "none of the given identities")
}

func TestChangesAreNoticed(t *testing.T) {
	t.Parallel()
	identity := newIdentity(t)
	sealed := string(encrypt(t, secretYAML, identity.Recipient().String()))
	cases := map[string]func(string) string{
		"readable value": func(s string) string { return strings.Replace(s, "name: db", "name: other", 1) },
		"value removed":  func(s string) string { return strings.Replace(s, "type: Opaque\n", "", 1) },
		"values swapped": func(s string) string {
			return strings.NewReplacer("password:", "empty:", "empty:", "password:").Replace(s)
		},
		"value in clear":      func(s string) string { return strings.Replace(s, "empty: \"\"", "empty: c2VjcmV0", 1) },
		"time of the MAC":     func(s string) string { return strings.Replace(s, "2023-11-14", "2023-11-15", 1) },
		"key of the metadata": func(s string) string { return strings.Replace(s, "recipient:", "other:", 1) + "#" },
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changed := change(sealed)
			require.NotEqual(t, sealed, changed)
			_, err := sops.Decrypt([]byte(changed), identity.String())
			if name == "key of the metadata" {
				require.NoError(t, err, "the metadata itself is not part of the MAC")
				return
			}
			require.Error(t, err)
			require.NotContains(t, err.Error(), "hunter22")
		})
	}
}

func TestEncryptRefuses(t *testing.T) {
	t.Parallel()
	identity := newIdentity(t)
	good := identity.Recipient().String()
	cases := map[string]struct {
		plain      string
		recipients []string
		want       string
	}{
		"no recipient":        {secretYAML, nil, "no age recipient"},
		"not a recipient":     {secretYAML, []string{"age1nonsense"}, `"age1nonsense" is not valid`},
		"a private key":       {secretYAML, []string{identity.String()}, "is not valid"},
		"a list":              {"- a\n", []string{good}, "one YAML mapping"},
		"not YAML":            {"a: [hunter22", []string{good}, "not valid YAML"},
		"encrypted already":   {"a: b\nsops: {}\n", []string{good}, "encrypted already"},
		"an alias":            {"a: &x 1\nb: *x\n", []string{good}, "aliases are not supported"},
		"a key twice":         {"a: 1\na: 2\n", []string{good}, "twice"},
		"a key not a string":  {"data: {1: a}\n", []string{good}, "only strings can be keys"},
		"binary":              {"data: !!binary aGk=\n", []string{good}, ""},
		"an expression":       {"a: 1\n", []string{good}, ""},
		"several recipients,": {secretYAML, []string{good, "age1x"}, `"age1x" is not valid`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := sops.Encrypt([]byte(tc.plain), sops.Options{Recipients: tc.recipients})
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tc.want)
			require.NotContains(t, err.Error(), "hunter22")
			require.NotContains(t, err.Error(), identity.String())
		})
	}
}

func TestAnyDocumentComesBack(t *testing.T) {
	t.Parallel()
	identity := newIdentity(t)
	rapid.Check(t, func(t *rapid.T) {
		doc := map[string]any{"kind": "Secret"}
		values := rapid.MapOfN(rapid.StringMatching(`[a-zA-Z0-9_.-]{1,8}`), rapid.String(), 0, 5)
		doc["data"] = values.Draw(t, "data")
		doc["metadata"] = map[string]any{"labels": values.Draw(t, "labels")}
		plain := jsonOf(t, doc)
		sealed, err := sops.Encrypt(plain, sops.Options{Recipients: []string{identity.Recipient().String()}})
		require.NoError(t, err)
		opened, err := sops.Decrypt(sealed, identity.String())
		require.NoError(t, err)
		requireSameYAML(t, string(plain), string(opened))
	})
}

// The YAML library writes these texts in ways that it cannot read itself.
func TestTextsThatAreHardToWrite(t *testing.T) {
	t.Parallel()
	identity := newIdentity(t)
	for _, text := range []string{"\t\n", " \n", "\n\n x", "\u2028\n", "\x7f", "\u0080\n", "\ufeff\n", " a\n  b\n"} {
		values := map[string]any{"a": text}
		plain := jsonOf(t, map[string]any{"kind": "Secret", "data": values, "metadata": map[string]any{"labels": values}})
		sealed, err := sops.Encrypt(plain, sops.Options{Recipients: []string{identity.Recipient().String()}})
		require.NoError(t, err, "%q", text)
		opened, err := sops.Decrypt(sealed, identity.String())
		require.NoError(t, err, "%q", text)
		requireSameYAML(t, string(plain), string(opened))
	}
}

// jsonOf writes a document as JSON, with an escape for what a YAML parser does not accept as it is. The YAML library
// cannot write every text so that it reads it back.
func jsonOf(t require.TestingT, doc any) []byte {
	raw, err := json.Marshal(doc)
	require.NoError(t, err)
	var out bytes.Buffer
	for _, r := range string(raw) {
		if r < 0x7f || r > 0xffff {
			out.WriteRune(r)
			continue
		}
		fmt.Fprintf(&out, "\\u%04x", r)
	}
	return out.Bytes()
}

// The file was written by the official library (v3.13.3) to the identity beside it, which protects nothing else.
func TestOpensAFileOfTheOfficialLibrary(t *testing.T) {
	t.Parallel()
	sealed, err := os.ReadFile("testdata/official.yaml")
	require.NoError(t, err)
	identity, err := os.ReadFile("testdata/identity.txt")
	require.NoError(t, err)
	plain, err := sops.Decrypt(sealed, string(identity))
	require.NoError(t, err)
	requireSameYAML(t, secretYAML, string(plain))
}

func FuzzDecrypt(f *testing.F) {
	identity, err := age.GenerateX25519Identity()
	require.NoError(f, err)
	sealed, err := sops.Encrypt([]byte(secretYAML), sops.Options{Recipients: []string{identity.Recipient().String()}})
	require.NoError(f, err)
	f.Add(sealed)
	f.Add([]byte("a: &a [*a]\nsops: {age: [{}], encrypted_regex: '('}"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		_, _ = sops.Decrypt(raw, identity.String())
		_, _ = sops.Recipients(raw)
		_, _ = sops.Encrypt(raw, sops.Options{Recipients: []string{identity.Recipient().String()}})
	})
}

func requireSameYAML(t require.TestingT, want, got string) {
	var a, b any
	require.NoError(t, yaml.Unmarshal([]byte(want), &a))
	require.NoError(t, yaml.Unmarshal([]byte(got), &b))
	require.Equal(t, a, b)
}
