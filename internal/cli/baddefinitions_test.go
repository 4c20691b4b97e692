package cli_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
)

const thingType = `apiVersion: entity.humanitec.io/v1b1
kind: ResourceType
metadata: {id: acme/thing}
entity: {name: Thing, category: test, use: direct}
`

// thing is a definition of acme/thing; settings are those of another definition, config#settings, that it reads.
func thing(driver, values string) string {
	return fmt.Sprintf(`apiVersion: entity.humanitec.io/v1b1
kind: Definition
metadata: {id: bad-thing}
entity: {type: acme/thing, driver_type: %s, driver_inputs: {values: %s}, criteria: [{env_id: development}]}
`, driver, values)
}

func settings(values string) string {
	return fmt.Sprintf(`---
apiVersion: entity.humanitec.io/v1b1
kind: Definition
metadata: {id: the-settings}
entity: {type: config, driver_type: humanitec/echo, driver_inputs: {values: %s}, criteria: [{res_id: settings}]}
`, values)
}

const withThing = `apiVersion: score.dev/v1b1
metadata: {name: hello}
containers: {web: {image: "nginx:1", variables: {SIZE: "${resources.thing.size}", REDIS: "${resources.cache.host}"}}}
resources: {thing: {type: thing}, cache: {type: redis}}
`

// A bad definition gives one clear error. Branches that do not need it go on, what runs stays, other environments do not
// notice, and the next deployment after the repair works.
func TestBadDefinitions(t *testing.T) {
	t.Parallel()
	good := thing("humanitec/echo", `{size: "1"}`) + settings("{size: '1'}")
	cases := map[string]struct {
		bad string
		// want is the one error, node the resource that it names.
		want, node string
		// planned says that the graph cannot be built, so that nothing is provisioned.
		planned bool
	}{
		"a cycle": {
			bad:     thing("humanitec/echo", `{size: "${resources['config.default#settings'].outputs.size}"}`) + settings(`{size: "${resources['acme/thing.default#modules.hello.externals.thing'].outputs.size}"}`),
			want:    "modules.hello.externals.thing -> ",
			planned: true,
		},
		"a type that nobody knows": {
			bad:     thing("humanitec/echo", `{size: "${resources.postgers.outputs.host}"}`),
			want:    `unknown resource type "postgers"`,
			planned: true,
		},
		"no definition for what it needs": {
			bad:     thing("humanitec/echo", `{size: "${resources['config#other'].outputs.size}"}`),
			want:    `resource other: no definition of type "config" matches`,
			planned: true,
		},
		"an output that is missing": {
			bad:  thing("humanitec/echo", `{size: "${resources['config.default#settings'].outputs.sise}"}`) + settings("{size: '1'}"),
			want: `resource config.default#settings has no output "sise"; it has size`, node: "acme/thing.default#modules.hello.externals.thing",
		},
		"an output that the workload misses": {
			bad:  thing("humanitec/echo", `{length: "1"}`),
			want: `has no output "size"; it has length`,
		},
		"an output of a wrong type": {
			bad:  thing("humanitec/template", `{list: "${resources['config.default#settings'].outputs.size}", templates: {outputs: "size: {{ range .driver.values.list }}x{{ end }}"}}`) + settings("{size: one}"),
			want: "templates.outputs line 1: range can't iterate over one", node: "acme/thing.default#modules.hello.externals.thing",
		},
		"outputs that are no mapping": {
			bad:  thing("humanitec/template", `{templates: {outputs: "[1, 2]"}}`),
			want: "templates.outputs must give a YAML mapping of output names to values, it gave a list", node: "acme/thing.default#modules.hello.externals.thing",
		},
		"a template that cannot be parsed": {
			bad:  thing("humanitec/template", `{templates: {outputs: "size: {{ .id"}}`),
			want: "templates.outputs line 1: unclosed action", node: "acme/thing.default#modules.hello.externals.thing",
		},
		"a driver of another type": {
			bad:  thing("humanitec/dns-wildcard", `{domain: example.com}`),
			want: "driver humanitec/dns-wildcard makes resources of type dns, and the definition is of type acme/thing", node: "acme/thing.default#modules.hello.externals.thing",
		},
		"a driver that runs elsewhere": {
			bad:  thing("humanitec/s3", `{}`),
			want: `driver "humanitec/s3" is known but does not run on this server; use instead: humanitec/terraform`, node: "acme/thing.default#modules.hello.externals.thing",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.env["SLIPWAY_APP"], w.env["SLIPWAY_ENV"] = "shop", "development"
			w.file("type.yaml", thingType)
			w.file("staging.yaml", strings.NewReplacer("bad-thing", "staging-thing", "env_id: development", "env_id: staging").Replace(thing("humanitec/echo", `{size: "1"}`)))
			w.file("good.yaml", good)
			w.file("bad.yaml", c.bad)
			w.file("score.yaml", withThing)
			w.run("apply", "-f", "type.yaml", "-f", "staging.yaml", "-f", "bad.yaml").ok(t)

			failed := w.run("score", "deploy", "--wait").fails(t, 3, c.want)
			var d api.Deployment
			w.run("get", "deploy", ".", "-o", "json").into(t, &d)
			require.Equal(t, "failed", d.Status)
			var problems []api.DeploymentError
			w.run("api", "get", "/orgs/"+testOrg+"/apps/shop/envs/development/deploys/"+d.ID+"/errors").into(t, &problems)
			require.Len(t, problems, 1, "one error: %v", problems)
			require.Contains(t, problems[0].Message, c.want)
			if c.node != "" {
				require.Contains(t, failed.out, c.node+" failed")
			}
			if !c.planned {
				require.Contains(t, failed.out, "redis.default#modules.hello.externals.cache succeeded", "the other branch goes on")
			}
			w.run("create", "env", "staging", "--type", "staging").ok(t)
			w.run("score", "deploy", "--env", "staging", "--wait").ok(t)
			w.run("apply", "-f", "good.yaml").ok(t)
			w.run("deploy", "again", "--wait").ok(t, "acme/thing.default#modules.hello.externals.thing succeeded")

			// What runs stays when the definition breaks again.
			w.run("apply", "-f", "bad.yaml").ok(t)
			w.run("deploy", "again", "--wait").fails(t, 3, c.want)
			var resources []api.ActiveResource
			w.run("api", "get", "/orgs/"+testOrg+"/apps/shop/envs/development/resources").into(t, &resources)
			active := map[string]string{}
			for _, r := range resources {
				active[r.Type] = r.Status
			}
			require.Equal(t, "active", active["redis"])
			require.Equal(t, "active", active["acme/thing"])
		})
	}
}
