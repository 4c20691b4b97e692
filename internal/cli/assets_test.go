package cli_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/charts/charttest"
)

// assets are manifests of everything that platform engineers bring along.
const assets = `apiVersion: entity.humanitec.io/v1b1
kind: SecretStore
metadata: {id: main}
entity: {primary: true, vault: {url: "https://vault.test:8200"}}
---
apiVersion: entity.humanitec.io/v1b1
kind: ResourceAccount
metadata: {id: aws-dev}
entity: {name: AWS, type: aws, credentials: {aws_access_key_id: AKIA, aws_secret_access_key: very-secret}}
---
apiVersion: entity.humanitec.io/v1b1
kind: Registry
metadata: {id: images}
entity: {registry: registry.test, type: basic, enable_ci: true, creds: {username: robot, password: very-secret}}
---
apiVersion: entity.humanitec.io/v1b1
kind: WorkloadProfile
metadata: {id: worker}
entity: {description: works, spec_definition: {}, workload_profile_chart: {id: worker, version: latest}}
---
apiVersion: entity.humanitec.io/v1b1
kind: WorkloadTemplate
metadata: {id: own-api}
entity:
  description: An API
  parameters: {required: [name], properties: {name: {type: string}, port: {type: integer, default: 80}}}
  score: |
    apiVersion: score.dev/v1b1
    metadata: {name: "${params.name}"}
    containers:
      main: {image: nginx}
    service:
      ports:
        web:
          port: ${params.port}
`

func TestAssets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.file("assets.yaml", assets)
	w.run("apply", "-f", "assets.yaml").fails(t, 1, `no chart "worker"`)
	require.NoError(t, os.WriteFile(filepath.Join(w.dir, "worker.tgz"),
		charttest.Chart(t, "worker", "1.0.0", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"), 0o600))
	w.run("create", "chart", "worker.tgz").ok(t, "chart worker 1.0.0 uploaded")
	w.run("create", "chart", "worker.tgz").fails(t, 1, "worker 1.0.0")
	w.run("apply", "-f", "assets.yaml").ok(t, "workload profile worker created", "resource account aws-dev updated (credentials)", "registry images updated (creds)", "secret store main unchanged")
	for command, want := range map[string]string{
		"secret-stores": "https://vault.test:8200", "store main": "vault", "accounts": "aws-dev", "resource-account aws-dev": "AWS", "account-types": "azure",
		"account-type gcp": "private_key", "registries": "registry.test", "registry images": "basic", "registry-creds images": "robot", "charts": "1.0.0", "chart worker": "1.0.0",
		"workload-profiles": "acme/worker", "profile-versions worker": "worker latest", "templates": "humanitec/cron-job", "workload-template own-api": "name, port",
	} {
		shown := w.run(append([]string{"get"}, strings.Fields(command)...)...).ok(t, want)
		if !strings.HasPrefix(command, "registry-creds") {
			require.NotContains(t, shown.out, "very-secret", command)
		}
	}
	w.run("delete", "registry", "images", "-y").ok(t)
	w.run("delete", "account", "aws-dev", "-y").ok(t)
	w.run("delete", "secret-store", "main", "-y").ok(t)
	w.run("delete", "workload-profile", "worker", "-y").ok(t)
	w.run("delete", "template", "own-api", "-y").ok(t)
	w.run("delete", "template", "web-service", "-y").fails(t, 1, "built in")
}

func TestAgentsAndKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	modulus := make([]byte, 4096/8) // stands for the product of two primes, which take seconds to find: nobody decrypts
	_, _ = rand.Read(modulus)       // never fails
	modulus[0], modulus[len(modulus)-1] = modulus[0]|0x80, modulus[len(modulus)-1]|1
	der, err := x509.MarshalPKIXPublicKey(&rsa.PublicKey{N: new(big.Int).SetBytes(modulus), E: 65537})
	require.NoError(t, err)
	w.file("key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})))
	w.run("create", "agent", "tunnel").fails(t, 2, "--key")
	w.run("create", "agent", "tunnel", "--key", "key.pem", "--description", "of the cluster").ok(t, "agent tunnel registered")
	w.run("create", "agent-key", "tunnel", "--key", "key.pem").fails(t, 1, "already")
	w.run("get", "agents").ok(t, "of the cluster")
	w.run("get", "agent", "tunnel").ok(t, "tunnel")
	fingerprint := strings.Fields(strings.Split(w.run("get", "agent-keys", "tunnel").ok(t).out, "\n")[1])[0]
	w.run("delete", "agent-key", "tunnel", fingerprint, "-y").ok(t)
	w.run("delete", "agent", "tunnel", "-y").ok(t)
	w.run("create", "public-key", "key.pem").ok(t, "public key added")
	id := strings.Fields(strings.Split(w.run("get", "public-keys").ok(t, fingerprint).out, "\n")[1])[0]
	w.run("delete", "public-key", id, "-y").ok(t)
}

func TestValuesRefer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run("create", "app", "shop").ok(t)
	w.env["SLIPWAY_APP"] = "shop"
	w.run("values", "refer", "TOKEN", "main", "team/token#key", "--version", "3", "--level", "app").ok(t, "value TOKEN set")
	w.run("get", "value", "TOKEN", "-o", "json").ok(t, `"secret_key": "team/token#key"`, `"secret_store_id": "main"`, `"secret_version": "3"`)
	w.run("values", "refer", "TOKEN", "main", "team/other").ok(t, "value TOKEN changed")
	w.run("get", "value", "TOKEN", "-o", "json").ok(t, `"secret_key": "team/other"`)
	w.run("values", "refer", "TOKEN", "humanitec", "x").fails(t, 1, "built-in")
}

func TestScoreInit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.file("assets.yaml", assets[strings.LastIndex(assets, "---\n"):])
	w.run("apply", "-f", "assets.yaml").ok(t)
	read := func(name string) string {
		raw, err := os.ReadFile(filepath.Join(w.dir, name))
		require.NoError(t, err)
		return string(raw)
	}
	w.run("score", "init").fails(t, 2, "--template", "web-service")
	w.run("score", "init", "--template", "own-api", "--set", "name=orders", "--set", "port=8080").ok(t, "score.yaml written", "slipway score deploy -f score.yaml")
	require.Contains(t, read("score.yaml"), "port: 8080")
	w.run("score", "init", "--template", "own-api", "--set", "name=orders").fails(t, 1, "--force")
	w.run("score", "init", "--template", "own-api", "--set", "name=orders", "--force").ok(t)
	require.Contains(t, read("score.yaml"), "port: 80\n")
	w.run("score", "init", "--template", "own-api", "--set", "name=orders", "--set", "port=x", "--force").fails(t, 1, "port")
	w.run("score", "init", "--template", "own-api", "--set", "colour=red").fails(t, 1, "colour", "name, port")
	w.run("score", "init", "--template", "own-api", "--force").fails(t, 1, "name")
	w.run("score", "init", "--template", "none").fails(t, 1, "none")

	w.run("score", "init", "--template", "cron-job", "--set", "name=report", "--set", "schedule=@daily", "-f", "jobs/score.yaml").ok(t, "humanitec.score.yaml written", "--extensions humanitec.score.yaml")
	w.run("score", "validate", "jobs/score.yaml", "--extensions", "humanitec.score.yaml").ok(t, "valid")
	w.env["SLIPWAY_APP"], w.env["SLIPWAY_ENV"] = "shop", "development"
	w.run("score", "deploy", "-f", "jobs/score.yaml", "--extensions", "humanitec.score.yaml", "--image", "nginx:1", "--wait").ok(t, "succeeded")

	delete(w.env, "SLIPWAY_URL") // the built-in ones need no server
	w.run("score", "init", "--template", "web-service", "--set", "name=web", "-f", "web.yaml").ok(t)
	require.Contains(t, read("web.yaml"), "name: web")
	w.run("score", "init", "--template", "own-api", "--set", "name=web", "-f", "x.yaml").fails(t, 1, "no built-in template")
}
