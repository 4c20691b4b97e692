package server_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

const agentsPath = "/orgs/" + org + "/agents"

// rsaKeys are the public halves of two keys. Nobody decrypts with them, so a number of the right length stands for the product
// of two primes, which take seconds to find.
var rsaKeys = sync.OnceValue(func() [2]*rsa.PublicKey {
	var out [2]*rsa.PublicKey
	for i := range out {
		modulus := make([]byte, 4096/8)
		_, _ = rand.Read(modulus) // never fails
		modulus[0] |= 0x80
		modulus[len(modulus)-1] |= 1
		out[i] = &rsa.PublicKey{N: new(big.Int).SetBytes(modulus), E: 65537}
	}
	return out
})

// publicPEM is a key as openssl writes it, with its fingerprint.
func publicPEM(t *testing.T, key any) (text, fingerprint string) {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	require.NoError(t, err)
	sum := sha256.Sum256(der)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), hex.EncodeToString(sum[:])
}

// quoted is a JSON string.
func quoted(s string) string {
	raw, _ := json.Marshal(s) // a string always can
	return string(raw)
}

func TestAgents(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	first, print1 := publicPEM(t, rsaKeys()[0])
	second, print2 := publicPEM(t, rsaKeys()[1])
	var agent map[string]any
	h.do("POST", agentsPath, `{"id":"tunnel","description":"to the cluster","public_key":`+quoted(first)+`}`).must(http.StatusOK, &agent)
	require.Equal(t, "to the cluster", agent["description"])
	h.do("POST", agentsPath, `{"id":"tunnel","public_key":`+quoted(second)+`}`).fails(http.StatusConflict, "tunnel")
	h.do("POST", agentsPath, `{"id":"other","public_key":`+quoted(first)+`}`).fails(http.StatusConflict, print1)
	var all []map[string]any
	h.do("GET", agentsPath, "").must(http.StatusOK, &all)
	require.Len(t, all, 1, "what could not have its key was not registered")

	var key map[string]any
	h.do("POST", agentsPath+"/tunnel/keys", `{"public_key":`+quoted(second)+`}`).must(http.StatusOK, &key)
	require.Equal(t, second, key["public_key"], "byte for byte")
	require.Equal(t, print2, key["fingerprint"])
	require.Equal(t, true, key["is_authorized"])
	created, err := time.Parse(time.RFC3339, key["created_at"].(string))
	require.NoError(t, err)
	expired, err := time.Parse(time.RFC3339, key["expired_at"].(string))
	require.NoError(t, err)
	require.Equal(t, created.AddDate(2, 0, 0), expired)
	h.do("POST", agentsPath+"/tunnel/keys", `{"public_key":`+quoted(second)+`}`).fails(http.StatusConflict, print2)
	h.do("GET", agentsPath+"/tunnel/keys", "").must(http.StatusOK, &all)
	require.Len(t, all, 2)
	h.do("GET", agentsPath+"?fingerprint="+print2, "").must(http.StatusOK, &all)
	require.Len(t, all, 1)
	h.do("GET", agentsPath+"?fingerprint=00", "").must(http.StatusOK, &all)
	require.Empty(t, all)

	h.do("PATCH", agentsPath+"/tunnel", `{"description":""}`).must(http.StatusOK, &agent)
	require.Empty(t, agent["description"])
	h.do("PATCH", agentsPath+"/tunnel", `{}`).fails(http.StatusBadRequest, "description")
	h.do("DELETE", agentsPath+"/tunnel/keys/"+print1, "").must(http.StatusNoContent, nil)
	h.do("DELETE", agentsPath+"/tunnel/keys/"+print1, "").fails(http.StatusNotFound)
	h.do("DELETE", agentsPath+"/tunnel", "").must(http.StatusNoContent, nil)
	for _, path := range []string{"/tunnel/keys"} {
		h.do("GET", agentsPath+path, "").fails(http.StatusNotFound, "tunnel")
	}
	h.do("POST", agentsPath, `{"id":"again","public_key":`+quoted(second)+`}`).must(http.StatusOK, nil) // its keys went with it
}

func TestPublicKeys(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	const path = "/orgs/" + org + "/keys"
	text, fingerprint := publicPEM(t, rsaKeys()[0])
	var key map[string]any
	h.do("POST", path, quoted(text)).must(http.StatusOK, &key)
	require.Equal(t, text, key["key"])
	require.Equal(t, fingerprint, key["fingerprint"])
	id := key["id"].(string)
	h.do("POST", path, quoted(text)).fails(http.StatusConflict, id)
	h.do("POST", path, `{"key":"x"}`).fails(http.StatusBadRequest, "a string")
	var all []map[string]any
	h.do("GET", path+"?fingerprint="+fingerprint, "").must(http.StatusOK, &all)
	require.Len(t, all, 1)
	h.do("GET", path+"?fingerprint=00", "").must(http.StatusOK, &all)
	require.Empty(t, all)
	h.do("GET", path+"/"+id, "").must(http.StatusOK, &key)
	h.do("DELETE", path+"/"+id, "").must(http.StatusNoContent, nil)
	h.do("GET", path+"/"+id, "").fails(http.StatusNotFound)
	h.do("DELETE", path+"/"+id, "").fails(http.StatusNotFound)
	h.do("GET", "/orgs/"+org+"/humanitec-keys?active=true", "").must(http.StatusOK, &all)
	require.Empty(t, all)
	h.as(h.rival, "GET", "/orgs/"+org+"/humanitec-keys", "").fails(http.StatusNotFound)
}

func TestKeysThatAreRefused(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	require.NoError(t, err)
	short, _ := publicPEM(t, &small.PublicKey)
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	elliptic, _ := publicPEM(t, &curve.PublicKey)
	good, _ := publicPEM(t, rsaKeys()[0])
	private := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(small)}))
	pkcs1 := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(&small.PublicKey)}))
	for name, c := range map[string]struct{ key, want string }{
		"nothing":    {"", "PEM"},
		"no PEM":     {"ssh-rsa AAAA", "PEM"},
		"too short":  {short, "1024 bits"},
		"no RSA":     {elliptic, "RSA"},
		"private":    {private, "private key"},
		"PKCS#1":     {pkcs1, "openssl"},
		"two keys":   {good + good, "one key"},
		"broken DER": {"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "no public key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for path, body := range map[string]string{
				agentsPath:               `{"id":"tunnel","public_key":` + quoted(c.key) + `}`,
				"/orgs/" + org + "/keys": quoted(c.key),
			} {
				got := h.do("POST", path, body)
				got.t = t
				got.fails(http.StatusBadRequest, c.want)
			}
		})
	}
}

func TestWhoManagesAgentsAndKeys(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	text, fingerprint := publicPEM(t, rsaKeys()[0])
	_, member := h.user("user", map[string]string{orchestrator.OrgObject(org): orchestrator.RoleManager})
	h.do("POST", agentsPath, `{"id":"tunnel","public_key":`+quoted(text)+`}`).must(http.StatusOK, nil)
	for _, c := range [][3]string{
		{"POST", agentsPath, `{"id":"mine","public_key":"x"}`}, {"PATCH", agentsPath + "/tunnel", `{"description":"x"}`}, {"DELETE", agentsPath + "/tunnel", ""},
		{"POST", agentsPath + "/tunnel/keys", `{"public_key":"x"}`}, {"DELETE", agentsPath + "/tunnel/keys/" + fingerprint, ""},
		{"POST", "/orgs/" + org + "/keys", `"x"`}, {"DELETE", "/orgs/" + org + "/keys/x", ""},
	} {
		h.as(member, c[0], c[1], c[2]).fails(http.StatusForbidden)
		h.as(h.rival, c[0], c[1], c[2]).fails(http.StatusNotFound)
	}
	h.as(member, "GET", agentsPath+"/tunnel/keys", "").must(http.StatusOK, nil)
	h.as(h.rival, "GET", agentsPath+"/tunnel/keys", "").fails(http.StatusNotFound)
	h.as(h.rival, "GET", agentsPath, "").fails(http.StatusNotFound)
}
