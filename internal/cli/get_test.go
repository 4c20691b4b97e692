package cli_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGetEverything(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.deployHello("nginx:1")
	w.env["SLIPWAY_APP"], w.env["SLIPWAY_ENV"] = "shop", "development"
	w.run("values", "set", "A", "b", "--level", "app").ok(t)
	for command, want := range map[string]string{
		"orgs": "acme", "org acme": "Acme", "user": "Ada", "whoami": "Ada", "tokens": "static", "apps": "shop", "application shop": "development",
		"envs": d.ID, "env development": d.ID, "env-types": "staging", "environment-type staging": "staging", "queue": "queue",
		"deploys": d.ID, "deployment .": "succeeded", "sets": d.SetID, "deployment-set " + d.SetID: "hello", "deltas": d.DeltaID,
		"delta " + d.DeltaID: "hello", "deltas --archived": d.DeltaID, "values": "app", "value A": "b", "value-versions": "app_value_create",
		"defs": "postgres", "res-defs": "postgres", "types": "postgres", "resource-type s3": "s3", "active-resources": "postgres",
		"graph " + d.ID: "postgres", "graph " + d.DependencyGraphID: "postgres",
	} {
		t.Run(command, func(t *testing.T) {
			args := append([]string{"get"}, strings.Fields(command)...)
			table := w.run(args...).ok(t)
			json := w.run(append(args, "-o", "json")...).ok(t)
			yaml := w.run(append(args, "-o", "yaml")...).ok(t)
			for _, form := range []result{table, json, yaml} {
				require.Contains(t, form.out, want)
			}
			require.Regexp(t, `^[\[{]`, json.out)
			require.NotContains(t, table.out, "\x1b", "no colours in a pipe")
		})
	}
	for _, command := range []string{"drivers", "classes", "workload-profiles", "deploy-errors"} {
		w.run("get", command).ok(t)
	}
	for _, command := range []string{"app none", "env none", "deploy 0000000000000000", "type none", "class none none", "def none", "value none", "resource none", "delta none"} {
		w.run(append([]string{"get"}, strings.Fields(command)...)...).fails(t, 1, "error: ")
	}
}

func TestCreateAndDelete(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run("create", "app", "shop", "--name", "The Shop", "--first-env", "one", "--first-env-type", "staging").ok(t, "application shop created")
	w.env["SLIPWAY_APP"] = "shop"
	w.run("create", "app", "shop").fails(t, 1, "shop")
	w.run("create", "env", "two").ok(t)
	w.run("create", "env", "three", "--from", "one").fails(t, 1, "--from", "no deployment yet")
	w.run("create", "env-type", "qa", "--description", "for tests").ok(t, "environment type qa created")
	w.run("create", "value", "A", "b").ok(t, "value A created")
	w.file("delta.yaml", "modules:\n  add:\n    api: {profile: humanitec/default-module, spec: {containers: {}}}\n")
	created := w.run("create", "delta", "-f", "delta.yaml", "--name", "by hand").ok(t, "delta ")
	id := strings.Fields(created.out)[1]
	w.run("get", "delta", id).ok(t, "by hand", "api")
	w.file("nothing.yaml", "{}")
	w.run("create", "delta", "-f", "nothing.yaml").fails(t, 1, "changes nothing")
	token := w.run("create", "token", "ci", "--expires", "1h").ok(t)
	require.Len(t, strings.Fields(token.out), 1, "nothing but the token on standard output")
	w.run("get", "orgs", "--token", strings.TrimSpace(token.out)).ok(t)
	w.file("redis.yaml", redis)
	w.run("create", "def", "-f", "redis.yaml").ok(t, "definition my-redis created")

	w.run("delete", "token", "ci").ok(t, "token ci deleted")
	w.run("get", "orgs", "--token", strings.TrimSpace(token.out)).fails(t, 1, "slipway login")
	w.run("delete", "delta", id).ok(t, "archived")
	w.run("delete", "value", "A").ok(t)
	w.run("delete", "def", "my-redis", "--force").ok(t)
	w.run("delete", "env-type", "qa", "-y").ok(t)
	w.run("delete", "env-type", "staging").fails(t, 1)
	w.run("delete", "env", "two").ok(t)
	w.run("delete", "app", "shop").ok(t, "app shop deleted")
	w.run("delete", "class", "redis").fails(t, 2, "needs CLASS")
}

func TestRawRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run("api", "post", "/orgs/acme/apps", "-d", `{"id":"shop","name":"<Shop>"}`).ok(t, `"name": "<Shop>"`)
	w.file("body.json", `{"name":"Other"}`)
	w.run("api", "patch", "/orgs/acme/apps/shop", "-d", "@body.json", "-o", "yaml").ok(t, "name: Other")
	w.runWith(t.Context(), `{"name":"Third"}`, "api", "patch", "/orgs/acme/apps/shop", "-d", "-").ok(t, `"Third"`)
	w.run("api", "get", "/orgs/acme/apps").ok(t, `"Third"`)
	w.run("api", "delete", "/orgs/acme/apps/shop").ok(t)
	w.run("api", "get", "/nope").fails(t, 1, "/nope")
}
