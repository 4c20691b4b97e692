package cli_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
)

func TestVersionsPinsAndDetach(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deployHello("nginx:1")
	w.env["SLIPWAY_APP"], w.env["SLIPWAY_ENV"] = "shop", "development"
	var resources []api.ActiveResource
	w.run("get", "resources", "-o", "json").into(t, &resources)
	var db api.ActiveResource
	for _, r := range resources {
		if r.Type == "postgres" {
			db = r
		}
	}
	require.NotEmpty(t, db.DefID)
	first := db.DefVersionID
	w.run("api", "patch", "/orgs/acme/resources/defs/"+db.DefID, "-d", `{"name":"next","proposed":true}`).ok(t)
	var versions []api.ResourceDefinitionVersion
	w.run("get", "definition-versions", db.DefID, "-o", "json").into(t, &versions)
	require.True(t, versions[0].Proposed)

	w.run("resources", "promote", db.DefID, versions[0].ID).ok(t, "is active")
	w.run("resources", "pin", "postgres", db.ResID, first).ok(t, first, "from the next deployment on")
	w.run("describe", "resource", db.GUResID).ok(t, "pinned to", first)
	w.run("resources", "unpin", "postgres", db.ResID).ok(t, "active version")
	w.run("resources", "archive", db.DefID, first).ok(t, "is archived")
	w.run("get", "definition-versions", db.DefID).ok(t, "archived")
	w.run("resources", "pin", "postgres", db.ResID, first).fails(t, 1, "archived")
	w.run("resources", "archive", db.DefID, first, "--undo").ok(t, "no longer")

	w.run("delete", "resource", "postgres", db.ResID, "-y").fails(t, 1, "newest")
	w.run("delete", "resource", "postgres", db.GUResID, "--detach", "-y").ok(t, "deleted")
	w.run("get", "resource", db.GUResID).fails(t, 1, db.GUResID)
}
