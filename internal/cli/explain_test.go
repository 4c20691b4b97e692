package cli_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
)

const storefront = `
apiVersion: score.dev/v1b1
metadata: {name: front}
containers:
  web:
    image: nginx:1
    variables: {DB: "${resources.db.host}"}
service: {ports: {http: {port: 80, targetPort: 8080}}}
resources:
  db: {type: postgres, id: shop-db}
  dns: {type: dns, id: shop-dns}
  route: {type: route, params: {host: "${resources.dns.host}", path: /, port: 80}}
`

func newShop(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.file("score.yaml", storefront)
	w.run("create", "app", "shop").ok(t)
	w.env["SLIPWAY_APP"], w.env["SLIPWAY_ENV"] = "shop", "development"
	w.run("score", "deploy", "-f", "score.yaml", "--wait").ok(t)
	return w
}

func TestResourcesExplain(t *testing.T) {
	t.Parallel()
	w := newShop(t)
	const key = "postgres.default#shared.shop-db"
	w.run("resources", "explain").ok(t, key, "dns.default#shared.shop-dns brings it along: provision \"ingress\" of definition starter-dns",
		"selector ${resources.dns<route.outputs.path} in driver_inputs/values/routePaths of definition starter-ingress", "every environment has it")
	for _, name := range []string{"postgres", "postgres.default", "postgres#shared.shop-db", key, "#shared.shop-db"} {
		got := w.run("resources", "explain", name).ok(t, key+"  succeeded", `the set declares it as shared resource "shop-db"`,
			"made by definition starter-postgres: its criterion matches class default", "driver humanitec/template", "needed by\n    workload.default#modules.front")
		require.NotContains(t, got.out, "dns.default")
	}
	var e api.ResourceExplanations
	w.run("resources", "explain", key, "--deployment", ".", "-o", "json").into(t, &e)
	require.Len(t, e.Resources, 1)
	require.NotEmpty(t, e.Resources[0].GUResID)
	require.Equal(t, "succeeded", e.Resources[0].Status)
	require.True(t, e.Resources[0].Candidates[0].Chosen)
	require.NotEmpty(t, e.DeploymentID)
	w.run("resources", "explain", "postgres.a.b").fails(t, 2, "type.class#id")
	w.run("resources", "explain", "redis").fails(t, 1, "no resource fits redis")
	w.run("resources", "explain", "--now", "--set", "x").fails(t, 2)

	// Another definition comes: the deployment keeps its reasons, a new one would have others.
	w.file("mine.yaml", mine("postgres", "humanitec/echo", "app_id: shop"))
	w.run("apply", "-f", "mine.yaml").ok(t)
	w.run("resources", "explain", key).ok(t, "made by definition starter-postgres")
	w.run("resources", "explain", key, "--now").ok(t, "made by definition my-postgres: its criterion matches app_id shop, class default",
		"not made by", "starter-postgres (any): matches, but is less specific: my-postgres (app_id: shop) names app_id")
	w.run("resources", "explain", key, "--set", e.SetID).ok(t, "my-postgres")
	w.run("resources", "explain", "--set", "nope").fails(t, 1, "set_id", "nope")
}

func TestGraphWithReasons(t *testing.T) {
	t.Parallel()
	w := newShop(t)
	w.run("resources", "graph", "--explain").ok(t, "ASKED FOR BY", `the set declares it as shared resource "shop-db" (and 1 more)`, "${shared.shop-db.host}")
	w.run("resources", "graph", "--format", "dot").ok(t, `"postgres.default#shared.shop-db" [label="postgres.default#shared.shop-db\nstarter-postgres\nhumanitec/template"]`)
	w.run("resources", "graph", ".", "--format", "dot", "--explain").ok(t,
		`"workload.default#modules.front" -> "postgres.default#shared.shop-db" [label="${shared.shop-db.host}"]`)
	w.run("resources", "graph", "--format", "mermaid", "--explain").ok(t, `<br/>starter-postgres<br/>`, "${resources.dns#lt;route.outputs.path}")
}

// mine is a definition called my-<type>.
func mine(typ, driver, criterion string) string {
	return "apiVersion: entity.humanitec.io/v1b1\nkind: Definition\nmetadata: {id: my-" + typ + "}\nentity:\n  type: " + typ +
		"\n  driver_type: " + driver + "\n  driver_inputs: {values: {host: h, port: 1, name: n}}\n  criteria: [{" + criterion + "}]\n"
}

func TestDefinitionsImpact(t *testing.T) {
	t.Parallel()
	w := newShop(t)
	w.file("two.yaml", mine("postgres", "humanitec/echo", "app_id: shop")+"---\n"+mine("redis", "humanitec/echo", "app_id: elsewhere"))
	got := w.run("definitions", "impact", "-f", "two.yaml").ok(t,
		"definition my-postgres (postgres): 1 environment of 1 deployed environment would change (1 replace)", "shop/development",
		"postgres.default#shared.shop-db", "starter-postgres (humanitec/template)", "my-postgres (humanitec/echo)", "the old one is destroyed",
		"definition my-redis (redis): 0 environments of 1 deployed environment would change")
	require.NotContains(t, got.out, "unmatched")
	w.run("definitions", "impact", "-f", "two.yaml", "--exit-code").fails(t, 8, "replace")
	w.run("get", "definitions", "my-postgres").fails(t, 1, "does not exist")

	w.run("definitions", "impact", "starter-postgres", "--delete").ok(t, "1 unmatched", "the next deployment would fail",
		`no definition of type "postgres" matches`)
	w.run("definitions", "impact", "starter-postgres", "--delete", "--exit-code").fails(t, 8)
	var impact api.DefinitionImpact
	w.run("definitions", "impact", "starter-postgres", "--delete", "-o", "json").into(t, &impact)
	require.Equal(t, map[string]int{"unmatched": 1}, impact.Summary)

	w.file("calm.yaml", mine("postgres", "humanitec/echo", "app_id: shop, class: large"))
	w.run("definitions", "impact", "-f", "calm.yaml", "--exit-code").ok(t, "0 environments")
	w.run("definitions", "impact").fails(t, 2, "-f FILE")
	w.run("definitions", "impact", "x", "--delete", "--version", "y").fails(t, 2, "--version and --delete")
	w.run("definitions", "impact", "starter-postgres").fails(t, 2)
	w.run("definitions", "impact", "nope", "--delete").fails(t, 1, "nope")
	w.run("definitions", "impact", "starter-postgres", "--version", "nope").fails(t, 1, "nope")
	w.file("app.yaml", "apiVersion: entity.humanitec.io/v1b1\nkind: Application\nmetadata: {id: x}\n")
	w.run("definitions", "impact", "-f", "app.yaml").fails(t, 1, "no Definition")
}
