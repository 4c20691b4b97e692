package cli_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
)

func TestArtefactsAndRules(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deployHello("registry.test/hello:1")
	w.env["SLIPWAY_APP"], w.env["SLIPWAY_ENV"] = "shop", "development"
	w.run("create", "rule", "--ref", "^refs/heads/main$", "--only", "registry.test/hello").ok(t, "environment development follows ref ^refs/heads/main$ of registry.test/hello")
	w.run("create", "rule", "--only", "a", "--except", "b").fails(t, 2, "--except")
	w.run("create", "rule", "--ref", "(").fails(t, 1, "match_ref")
	w.run("push", "image", "registry.test/hello").fails(t, 2, "NAME:TAG")
	w.run("push", "image", "registry.test/hello:2", "--branch", "main", "--tag", "v2").fails(t, 2, "--branch")
	w.run("push", "image", "registry.test/hello:2", "--branch", "main", "--commit", "884bcca").ok(t, "image registry.test/hello:2 registered")
	w.run("get", "pushes").ok(t, "registry.test/hello:2", "refs/heads/main", "pending")
	w.run("get", "artefacts").ok(t, "registry.test/hello")
	w.run("get", "artefact", "registry.test/hello").ok(t, "container")
	w.run("get", "artefact", "none").fails(t, 1, "none")
	w.run("get", "images").ok(t, "registry.test/hello:2", "main")
	var versions []api.ArtefactVersion
	w.run("get", "artefact-versions", "-o", "json").into(t, &versions)
	require.Equal(t, "884bcca", versions[0].Commit)
	w.run("get", "artefact-version", versions[0].ID).ok(t, "refs/heads/main")

	w.file("score.yaml", "apiVersion: score.dev/v1b1\nmetadata:\n  name: job\ncontainers:\n  main:\n    image: .\n")
	w.run("push", "workload", "--version", "1").fails(t, 1, "image")
	w.run("push", "workload", "--version", "1", "--image", "busybox:1", "--tag", "v1").ok(t, "workload job registered")
	w.run("get", "artefact", "job").ok(t, "workload")

	var rules []api.AutomationRule
	w.run("get", "rules", "-o", "json").into(t, &rules)
	w.run("get", "rules").ok(t, rules[0].ID, "registry.test/hello")
	w.run("delete", "rule", rules[0].ID, "--yes").ok(t, "deleted")
	w.run("get", "rule", rules[0].ID).fails(t, 1)
	w.run("delete", "artefact", versions[0].ArtefactID, "--yes").ok(t, "deleted")
}

func TestWebhooks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run("create", "app", "shop").ok(t)
	w.env["SLIPWAY_APP"] = "shop"
	w.runWith(t.Context(), "k3y\n", "create", "webhook", "chat", "https://a.test/x", "--on", "environment.created", "--header", "X-Key: v4lue", "--secret-stdin").
		ok(t, "webhook chat created")
	w.run("create", "webhook", "bad", "https://a.test", "--on", "deployment").fails(t, 2, "scope.type")
	w.run("create", "webhook", "bad", "https://a.test", "--on", "deployment.gone").fails(t, 1, "environment created")
	w.run("create", "webhook", "bad", "https://a.test", "--header", "s3cr3t").fails(t, 2)
	w.run("get", "webhooks").ok(t, "chat", "environment created", "active", "true")
	w.run("get", "webhook-events").ok(t, "deployment", "finished", "set_id")
	w.run("create", "env", "qa").ok(t)
	var deliveries []api.WebhookDelivery
	w.run("get", "webhook-deliveries", "chat", "-o", "json").into(t, &deliveries)
	require.Len(t, deliveries, 1)
	w.run("get", "deliveries", "chat", deliveries[0].ID).ok(t, "environment.created", "qa", "pending")
	w.run("push", "webhook", "chat", deliveries[0].ID).fails(t, 1, "on its way")

	w.file("hook.yaml", `apiVersion: entity.humanitec.io/v1b1
kind: Webhook
metadata: {id: other, app_id: shop}
entity:
  url: https://b.test/y
  triggers: [{scope: deployment, type: finished}]
  payload: {text: "${status}"}
`)
	w.run("apply", "-f", "hook.yaml").ok(t, "other")
	w.run("apply", "-f", "hook.yaml").ok(t, "unchanged")
	var hook api.Webhook
	w.run("get", "webhook", "other", "-o", "json").into(t, &hook)
	require.Equal(t, map[string]any{"text": "${status}"}, *hook.Payload)
	require.Nil(t, hook.Headers)
	w.run("delete", "-f", "hook.yaml", "--yes").ok(t)
	w.run("delete", "webhook", "chat", "--yes").ok(t, "deleted")
	w.run("get", "webhooks").ok(t)
}
