package compat

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/charts/charttest"
)

// hush is what no answer may hold.
const hush = "compat-secret-asset"

func (s *scenario) secretStores() {
	stores := s.org + "/secretstores"
	require.Contains(s.t, s.do(200, "GET", stores, nil).values("id"), "humanitec")
	for id, kind := range map[string]object{
		"compat-vault": {"vault": object{"url": "https://vault.test:8200", "path": "kv", "auth": object{"token": hush}}},
		"compat-aws":   {"awssm": object{"region": "eu-west-1", "auth": object{"access_key_id": "id", "secret_access_key": hush}}},
		"compat-azure": {"azurekv": object{"url": "https://compat.vault.azure.net", "tenant_id": "t", "auth": object{"client_id": "c", "client_secret": hush}}},
		"compat-gcp":   {"gcpsm": object{"project_id": "p", "auth": object{"secret_access_key": hush}}},
	} {
		kind["id"], kind["primary"] = id, false
		require.NotContains(s.t, string(s.do(201, "POST", stores, kind).body), hush)
		s.do(409, "POST", stores, kind)
		require.NotContains(s.t, string(s.do(200, "GET", stores+"/"+id, nil).body), hush)
	}
	require.NotContains(s.t, string(s.do(200, "GET", stores, nil).body), hush)
	s.do(400, "POST", stores, object{"id": "compat-none", "primary": false})
	s.do(200, "PATCH", stores+"/compat-vault", object{"vault": object{"path": "other", "auth": object{"token": hush}}})
	require.Equal(s.t, true, s.do(200, "PATCH", stores+"/compat-gcp", object{"primary": true}).object()["primary"])
	s.do(200, "PATCH", stores+"/humanitec", object{"primary": true})
	s.do(403, "DELETE", stores+"/humanitec", nil)
	for _, id := range []string{"compat-vault", "compat-aws", "compat-azure", "compat-gcp"} {
		s.do(204, "DELETE", stores+"/"+id, nil)
		s.do(404, "GET", stores+"/"+id, nil)
	}
}

func (s *scenario) registries() {
	registries := s.org + "/registries"
	body := object{"id": "compat-reg", "registry": "registry.test/compat", "type": "basic", "enable_ci": true,
		"creds": object{"username": "robot", "password": hush, "expires": "2099-01-01T00:00:00Z"}}
	require.NotContains(s.t, string(s.do(201, "POST", registries, body).body), hush)
	s.do(409, "POST", registries, body)
	s.do(400, "POST", registries, object{"id": "compat-bad", "registry": "registry.test", "type": "docker"})
	registry := registries + "/compat-reg"
	require.Contains(s.t, s.do(200, "GET", registries, nil).values("id"), "compat-reg")
	require.NotContains(s.t, string(s.do(200, "GET", registry, nil).body), hush)
	require.Equal(s.t, hush, s.do(200, "GET", registry+"/creds", nil).object()["password"])
	_, ci := s.robot("Compat pipeline", "artefactContributor")
	ci.do(200, "GET", registry+"/creds", nil)
	ci.do(403, "DELETE", registry, nil)

	s.do(200, "PATCH", registry, object{"id": "compat-reg", "registry": "registry.test/compat", "type": "secret_ref", "enable_ci": false,
		"secrets": object{"*": object{"namespace": "compat", "secret": "regcred"}}})
	s.do(403, "GET", registry+"/creds", nil)
	s.do(204, "DELETE", registry, nil)
	s.do(404, "GET", registry, nil)
	s.do(404, "GET", registry+"/creds", nil)
}

func (s *scenario) resourceAccounts() {
	accounts := s.org + "/resources/accounts"
	require.Contains(s.t, s.do(200, "GET", s.org+"/resources/account-types", nil).values("type"), "aws")
	body := object{"id": "compat-aws", "name": "AWS", "type": "aws", "credentials": object{"aws_access_key_id": "AKIA", "aws_secret_access_key": hush}}
	s.do(204, "POST", accounts+"?dry_run=true&check_credential=true", body)
	account := accounts + "/compat-aws"
	s.do(404, "GET", account, nil)
	s.do(200, "POST", accounts, body)
	s.do(409, "POST", accounts, body)
	s.do(400, "POST", accounts, object{"id": "compat-bad", "name": "Bad", "type": "no-such-type", "credentials": object{}})
	require.Contains(s.t, s.do(200, "GET", accounts, nil).values("id"), "compat-aws")
	require.NotContains(s.t, string(s.do(200, "GET", account, nil).body), hush)
	require.NotEmpty(s.t, s.do(200, "POST", account+"/actions/check", nil).object()["identity_fields"])
	s.do(204, "PATCH", account+"?dry_run=true", object{"name": "Other"})
	require.Equal(s.t, "Renamed", s.do(200, "PATCH", account, object{"name": "Renamed"}).object()["name"])
	s.do(400, "PATCH", account+"?check_credential=true", object{"credentials": object{"aws_access_key_id": "AKIA"}})

	used := definition("compat-account-user")
	used["driver_account"] = "compat-aws"
	s.do(200, "POST", s.org+"/resources/defs", used)
	s.do(400, "DELETE", account, nil) // in use
	s.do(204, "DELETE", s.org+"/resources/defs/compat-account-user", nil)
	s.do(204, "DELETE", account, nil)
	s.do(404, "DELETE", account, nil)
}

// publicPEM makes a key as openssl writes it, with its fingerprint.
func publicPEM(t *testing.T) (text, fingerprint string) {
	t.Helper()
	modulus := make([]byte, 4096/8) // stands for the product of two primes, which take seconds to find: nobody decrypts
	_, _ = rand.Read(modulus)       // never fails
	modulus[0], modulus[len(modulus)-1] = modulus[0]|0x80, modulus[len(modulus)-1]|1
	der, err := x509.MarshalPKIXPublicKey(&rsa.PublicKey{N: new(big.Int).SetBytes(modulus), E: 65537})
	require.NoError(t, err)
	sum := sha256.Sum256(der)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), hex.EncodeToString(sum[:])
}

func (s *scenario) agents() {
	agents := s.org + "/agents"
	first, _ := publicPEM(s.t)
	second, fingerprint := publicPEM(s.t)
	s.do(200, "POST", agents, object{"id": "compat-agent", "description": "of the scenario", "public_key": first})
	s.do(409, "POST", agents, object{"id": "compat-agent", "description": "again", "public_key": second})
	s.do(400, "POST", agents, object{"id": "compat-bad", "public_key": "no key"})
	require.Contains(s.t, s.do(200, "GET", agents, nil).values("id"), "compat-agent")
	agent := agents + "/compat-agent"
	require.Equal(s.t, "changed", s.do(200, "PATCH", agent, object{"description": "changed"}).object()["description"])
	require.Equal(s.t, fingerprint, s.do(200, "POST", agent+"/keys", object{"public_key": second}).object()["fingerprint"])
	s.do(409, "POST", agent+"/keys", object{"public_key": second})
	require.Len(s.t, s.do(200, "GET", agent+"/keys", nil).list(), 2)
	require.Equal(s.t, array{"compat-agent"}, s.do(200, "GET", agents+"?fingerprint="+fingerprint, nil).values("id"))
	s.do(204, "DELETE", agent+"/keys/"+fingerprint, nil)
	s.do(404, "DELETE", agent+"/keys/"+fingerprint, nil)
	s.do(204, "DELETE", agent, nil)
	s.do(404, "GET", agent+"/keys", nil)
}

func (s *scenario) publicKeys() {
	keys := s.org + "/keys"
	text, fingerprint := publicPEM(s.t)
	made := s.do(200, "POST", keys, text).object()
	require.Equal(s.t, fingerprint, made["fingerprint"])
	s.do(409, "POST", keys, text)
	s.do(400, "POST", keys, "no key")
	id := made["id"].(string)
	require.Contains(s.t, s.do(200, "GET", keys, nil).values("id"), id)
	require.Equal(s.t, array{id}, s.do(200, "GET", keys+"?fingerprint="+fingerprint, nil).values("id"))
	s.do(200, "GET", keys+"/"+id, nil)
	s.do(204, "DELETE", keys+"/"+id, nil)
	s.do(404, "GET", keys+"/"+id, nil)
	s.do(200, "GET", s.org+"/humanitec-keys?active=true", nil)
}

// ownProfiles uploads a chart and makes a profile of it.
func (s *scenario) ownProfiles() {
	charts, profiles := s.org+"/workload-profile-chart-versions", s.org+"/workload-profiles"
	chart := func(version, template string) map[string][2]string {
		return map[string][2]string{"file": {"chart.tgz", string(charttest.Chart(s.t, "compat-web", version, template))}}
	}
	require.Equal(s.t, "1.0.0", s.upload(201, charts, nil, chart("1.0.0", "a: 1")).object()["version"])
	s.upload(409, charts, nil, chart("1.0.0", "a: 2"))
	s.upload(201, charts, nil, chart("1.1.0", "a: 1"))
	s.upload(400, charts, nil, map[string][2]string{"file": {"chart.tgz", "no chart"}})
	require.Equal(s.t, array{"1.1.0"}, s.do(200, "GET", charts+"?id=compat-web&version=1.1.0", nil).values("version"))
	require.Contains(s.t, s.do(200, "GET", charts+"?per_page=1", nil).header.Get("Link"), `rel="next"`)

	spec := object{
		"properties": object{
			"containers": object{"type": "collection", "feature_name": "humanitec/containers", "properties": object{
				"image": object{"type": "feature", "feature_name": "humanitec/image", "ui_hints": object{"order": 1}},
			}},
			"size": object{"type": "schema", "schema": object{"type": "integer"}},
		},
		"runtime_properties": array{object{"type": "feature", "feature_name": "humanitec/replicas"}},
	}
	reference := object{"id": "compat-web", "version": "latest"}
	body := object{"id": "compat-web", "version": "v1", "description": "serves", "spec_definition": spec, "workload_profile_chart": reference}
	s.do(201, "POST", profiles, body)
	s.do(409, "POST", profiles, body)
	s.do(400, "POST", profiles, object{"id": "compat-bad", "spec_definition": spec, "workload_profile_chart": object{"id": "nothere", "version": "latest"}})
	profile := profiles + "/" + url.PathEscape("demo/compat-web")
	require.Equal(s.t, "v1", s.do(200, "GET", profile, nil).object()["version"])
	require.Contains(s.t, s.do(200, "GET", profiles, nil).values("id"), "compat-web")
	changed := object{"id": "compat-web", "version": "v2", "deprecation_message": "of old", "spec_definition": object{}, "workload_profile_chart": reference}
	s.do(200, "PUT", profile, changed)
	s.do(409, "PUT", profile, changed)
	require.NotContains(s.t, s.do(200, "GET", profiles, nil).values("id"), "compat-web")
	require.Contains(s.t, s.do(200, "GET", profiles+"?deprecated=true", nil).values("id"), "compat-web")
	require.Equal(s.t, array{"v2", "v1"}, s.do(200, "GET", profile+"/versions", nil).values("version"))
	require.Equal(s.t, "v2", s.do(200, "GET", profile+"/versions/latest", nil).object()["version"])
	s.do(204, "DELETE", profile, nil)
	s.do(404, "GET", profile, nil)
	s.do(404, "DELETE", profile, nil)
}

// workloadTemplates walks the catalogue, which the published API does not have.
func (s *scenario) workloadTemplates() {
	templates := s.org + "/workload-templates"
	require.Contains(s.t, s.do(200, "GET", templates, nil).values("id"), "web-service")
	body := object{
		"id": "compat-api", "name": "API", "parameters": object{"required": array{"name"}, "properties": object{"name": object{"type": "string"}}},
		"score": "apiVersion: score.dev/v1b1\nmetadata: {name: '${params.name}'}\ncontainers:\n  main: {image: x}\nresources:\n  db: {type: postgres}\n",
	}
	s.do(201, "POST", templates, body)
	s.do(409, "POST", templates, body)
	item := templates + "/compat-api"
	require.Equal(s.t, "API", s.do(200, "GET", item, nil).object()["name"])
	made := s.do(200, "POST", item+"/actions/instantiate", object{"parameters": object{"name": "compat"}}).object()
	require.Contains(s.t, made["score"], "compat")
	s.do(400, "POST", item+"/actions/instantiate", object{"parameters": object{"name": 5}})
	body["name"] = "Other"
	require.Equal(s.t, "Other", s.do(200, "PUT", item, body).object()["name"])
	s.do(403, "DELETE", templates+"/web-service", nil)
	s.do(204, "DELETE", item, nil)
	s.do(404, "GET", item, nil)
}
