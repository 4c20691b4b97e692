package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
)

const redis = `apiVersion: entity.humanitec.io/v1b1
kind: Definition
metadata:
  id: my-redis
entity:
  name: my-redis
  type: redis
  driver_type: humanitec/echo
  driver_inputs:
    values:
      host: ${context.app.id}-redis
      port: 6379
      since: 2024-01-02
      labels: {8080: web}
  criteria:
  - app_id: shop
`

func TestApplyTwiceIsUnchanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run("apply", "-f", "starter.yaml").ok(t)
	again := w.run("apply", "-f", "starter.yaml").ok(t)
	require.NotContains(t, again.out, "created")
	require.NotContains(t, again.out, "updated")

	w.file("defs/redis.yaml", redis)
	w.run("apply", "-f", "defs", "--dry-run").ok(t, "definition my-redis would be created")
	w.run("apply", "-f", "defs").ok(t, "definition my-redis created")
	w.run("apply", "-f", "defs/redis.yaml").ok(t, "definition my-redis unchanged")
	w.file("defs/redis.yaml", strings.Replace(redis, "6379", "6380", 1))
	w.run("apply", "-f", "defs", "--dry-run").ok(t, "definition my-redis would be updated (driver_inputs)")
	w.run("apply", "-f", "defs").ok(t, "definition my-redis updated (driver_inputs)")
	w.file("defs/redis.yaml", strings.NewReplacer("6379", "6380", "app_id: shop", "env_type: staging\n  - class: big").Replace(redis))
	w.run("apply", "-f", "defs").ok(t, "definition my-redis updated (criteria)")
	w.run("apply", "-f", "defs").ok(t, "definition my-redis unchanged")

	var got api.ResourceDefinition
	w.run("get", "def", "my-redis", "-o", "json").into(t, &got)
	require.Equal(t, map[string]any{"host": "${context.app.id}-redis", "port": 6380.0, "since": "2024-01-02",
		"labels": map[string]any{"8080": "web"}}, got.DriverInputs.Values)
	require.Len(t, got.Criteria, 2)
	w.run("get", "def-versions", "my-redis").ok(t, "active", "former")
}

func TestApplyKinds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	// The order in the file is the opposite of what is needed.
	w.file("all.yaml", `
apiVersion: entity.humanitec.io/v1b1
kind: Value
metadata: {id: LEVEL, app_id: fresh, env_id: qa}
entity: {value: debug}
---
apiVersion: entity.humanitec.io/v1b1
kind: Value
metadata: {id: LEVEL, app_id: fresh}
entity: {value: info, description: how much to say}
---
apiVersion: entity.humanitec.io/v1b1
kind: Environment
metadata: {id: qa, app_id: fresh}
entity: {type: test}
---
apiVersion: entity.humanitec.io/v1b1
kind: Application
metadata: {id: fresh}
---
apiVersion: core.api.humanitec.io/v1
kind: EnvironmentType
metadata: {id: test}
object: {description: for tests}
---
# only a comment
---
apiVersion: entity.humanitec.io/v1b1
kind: ResourceClass
metadata: {id: big, resource_type: redis}
entity: {description: a lot}
---
apiVersion: entity.humanitec.io/v1b1
kind: ResourceType
metadata: {id: acme/queue}
entity: {name: Queue, category: messaging, use: direct, inputs_schema: {}, outputs_schema: {type: object}}
`)
	first := w.run("apply", "-f", "all.yaml").ok(t, "value LEVEL created", "environment qa created", "application fresh created",
		"environment type test created", "resource class big created", "resource type acme/queue created")
	require.Equal(t, 7, strings.Count(first.out, "created"))
	second := w.run("apply", "-f", "all.yaml").ok(t)
	require.Equal(t, 7, strings.Count(second.out, "unchanged"), second.out)
	w.run("get", "values", "--app", "fresh", "--env", "qa").ok(t, "debug")
	w.run("get", "type", "acme/queue").ok(t, "Queue")
	w.run("get", "classes", "redis").ok(t, "big")

	w.run("delete", "-f", "all.yaml").ok(t, "resource type acme/queue deleted", "application fresh deleted")
	w.run("delete", "-f", "all.yaml").ok(t, "acme/queue is not there")
}

func TestApplyGoesOnAfterErrors(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.file("mixed.yaml", strings.Join([]string{
		"kind: [unclosed",
		"apiVersion: entity.humanitec.io/v1b1\nkind: Definitoin\nmetadata: {id: a}",
		"apiVersion: entity.humanitec.io/v1b1\nkind: Definition\nmetadata: {}",
		"apiVersion: apps/v1\nkind: Deployment",
		"apiVersion: score.dev/v1b1\nmetadata: {name: x}",
		"just text",
		"apiVersion: entity.humanitec.io/v1b1\nkind: Definition\nmetadata: {id: no-driver}\nentity: {type: redis, driver_type: acme/none}",
		"apiVersion: entity.humanitec.io/v1b1\nkind: Definition\nmetadata: {id: twice}\nentity: {type: redis, type: s3}",
		"apiVersion: entity.humanitec.io/v1b1\nkind: Environment\nmetadata: {id: qa}\nentity: {type: development}",
		redis,
	}, "\n---\n"))
	got := w.run("apply", "-f", "mixed.yaml").fails(t, 1,
		"definition my-redis created",
		"mixed.yaml, document 1 (line 1)", "not valid YAML",
		"document 2 (line 2)", `did you mean "Definition"?`,
		"document 3 (line 6)", "metadata.id is missing",
		"document 4 (line 10)", `apiVersion is "apps/v1"`,
		"document 5 (line 13)", "slipway score deploy -f mixed.yaml",
		"document 6 (line 16)", "must be an object",
		"document 7 (line 18)", "acme/none",
		"document 8 (line 23)", `"type" already defined`,
		"document 9", "no application: add metadata.app_id, or --app",
		"9 of 10 documents failed")
	require.NotContains(t, got.out, "error")
	require.Contains(t, got.err, "line 27", "the parser's own line numbers count from the start of the file")

	var results []map[string]any
	r := w.run("apply", "-f", "mixed.yaml", "-o", "json").fails(t, 1)
	require.NoError(t, json.Unmarshal([]byte(r.out), &results))
	require.Len(t, results, 10)

	w.file("moved.yaml", strings.Replace(redis, "type: redis", "type: s3", 1))
	w.run("apply", "-f", "moved.yaml").fails(t, 1, "type is redis and cannot become s3")
	w.run("apply").fails(t, 2, "-f")
	w.run("apply", "-f", "none").fails(t, 1, "none does not exist")
	w.file("empty/readme.txt", "")
	w.run("apply", "-f", "empty").fails(t, 1, "no .yaml")
	w.run("create", "-f", "mixed.yaml").fails(t, 1, "it exists already; change it with: slipway apply")
}

func TestApplySecretsAndStdin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secret := strings.Replace(redis, "  criteria:", "    secrets: {password: s3cret-value}\n  criteria:", 1)
	r := w.runWith(t.Context(), secret, "apply", "-f", "-").ok(t, "created")
	require.NotContains(t, r.out+r.err, "s3cret-value")
	r = w.run("get", "def", "my-redis", "-o", "json").ok(t, "secret_refs")
	require.NotContains(t, r.out, "s3cret-value")
	// Secrets never come back, so they are written each time.
	w.runWith(t.Context(), secret, "apply", "-f", "-").ok(t, "updated (driver_inputs)")
	w.runWith(t.Context(), secret, "delete", "-f", "-", "--yes").ok(t, "definition my-redis deleted")
}

// Every file with definitions that people have published can be applied, and is unchanged when it is applied again.
func TestApplyCorpus(t *testing.T) {
	t.Parallel()
	root := os.Getenv("SLIPWAY_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	folder, err := filepath.Abs(filepath.Join(root, "definitions"))
	require.NoError(t, err)
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	require.NoError(t, err)
	if len(files) == 0 {
		t.Skip("no published definitions to look at; set SLIPWAY_CORPUS to the folder that holds definitions/")
	}
	w := newWorld(t)
	w.run("delete", "-f", "starter.yaml").ok(t) // their criteria would be in the way
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		w.run("apply", "-f", file).ok(t, "created")
		again := w.run("apply", "-f", file).ok(t)
		// Secrets never come back, so they count as different.
		if !strings.Contains(string(raw), "secrets:") && !strings.Contains(string(raw), "secret_refs:") {
			require.Contains(t, again.out, "unchanged", file)
		}
		w.run("delete", "-f", file).ok(t, "deleted")
	}
	t.Logf("%d files", len(files))
}
