package cli_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
)

func TestValues(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run("create", "app", "shop").ok(t)
	w.env["SLIPWAY_APP"] = "shop"

	w.run("values", "set", "LEVEL", "info", "--description", "how much to say").ok(t, "value LEVEL set for application shop")
	w.run("values", "set", "LEVEL", "warn").ok(t, "value LEVEL changed for application shop")
	w.run("values", "set", "LEVEL", "debug", "--env", "development").ok(t, "set for environment development of application shop")
	w.run("values", "list").ok(t, "warn", "how much to say")
	w.run("values", "list", "--env", "development").ok(t, "debug")
	w.run("values", "list", "--env", "development", "--level", "app").ok(t, "warn")
	w.run("values", "set", "EMPTY", "").ok(t)
	w.run("create", "value", "LEVEL", "x").fails(t, 1, "LEVEL")

	r := w.runWith(t.Context(), "p4ssw0rd\n", "values", "set", "PASSWORD", "-", "--secret").ok(t)
	require.NotContains(t, r.out+r.err, "p4ssw0rd")
	w.run("values", "list").ok(t, "(secret)")
	w.runWith(t.Context(), "n3w", "values", "set", "PASSWORD", "-").ok(t, "changed")
	w.run("values", "set", "LEVEL", "x", "--secret").fails(t, 1, "cannot become one")

	var versions []api.ValueSetVersion
	w.run("values", "history", "LEVEL", "-o", "json").into(t, &versions)
	require.Len(t, versions, 2)
	w.run("values", "history").ok(t, "app_value_create", "PASSWORD")
	w.run("values", "restore", versions[1].ID, "LEVEL", "-m", "too quiet").ok(t, "restored")
	w.run("get", "value", "LEVEL").ok(t, "info")
	w.run("values", "purge", versions[0].ID, "LEVEL").ok(t, "erased")
	w.run("values", "unset", "LEVEL").ok(t, "value LEVEL of application shop deleted")
	w.run("get", "value", "LEVEL").fails(t, 1, "value LEVEL does not exist")
	w.run("values", "list", "--level", "org").fails(t, 2, "app or env")
	w.run("values", "set", "LEVEL").fails(t, 2, "needs VALUE")
}
