package server_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/orchestrator/starter"
	"github.com/slipway-dev/slipway/server"
)

// platform is a harness with the built-in resource types and the real catalogue
// of drivers.
type platform struct {
	*harness
	keeper   *secrets.Keeper
	registry *drivers.Registry
}

func newPlatform(t *testing.T) *platform {
	t.Helper()
	return newPlatformOn(t, newHarness(t))
}

func newPlatformOn(t *testing.T, base *harness) *platform {
	t.Helper()
	h := &platform{harness: base, registry: drivers.NewRegistry()}
	var err error
	h.keeper, err = secrets.Create(filepath.Join(t.TempDir(), "platform-keys.json"))
	require.NoError(t, err)
	log := slog.New(slog.NewJSONHandler(h.logs, nil))
	h.service = orchestrator.New(orchestrator.Options{
		Store: h.store, Workflows: h.workflows, Keeper: h.keeper, Drivers: registryCatalogue{h.registry}, Registry: h.registry, Log: log,
	})
	seed := orchestrator.Seed{OrgID: org, OrgName: org}
	for _, s := range starter.Types() {
		seed.Types = append(seed.Types, orchestrator.ResourceType{
			ID: s.Type, Name: s.Name, Category: s.Category, Use: s.Use, InputsSchema: s.InputsSchema, OutputsSchema: s.OutputsSchema,
		})
	}
	_, err = h.service.Seed(context.Background(), seed)
	require.NoError(t, err)
	h.server = server.New(server.Options{Service: h.service, Log: log, Version: "test", Heartbeat: time.Second})
	return h
}

// registryCatalogue shows a registry of drivers as the use cases want it.
type registryCatalogue struct{ *drivers.Registry }

func (r registryCatalogue) Defaults(string) map[string]any { return nil }

func (r registryCatalogue) List() []orchestrator.DriverInfo {
	var out []orchestrator.DriverInfo
	for _, d := range r.Catalogue() {
		out = append(out, orchestrator.DriverInfo{ID: d.ID, Type: d.ResourceType})
	}
	return out
}

const resources = "/orgs/" + org + "/resources"

// define creates a definition of the echo driver with these criteria (JSON).
func (p *platform) define(id, resType, criteria string) api.ResourceDefinition {
	p.t.Helper()
	var made api.ResourceDefinition
	p.do("POST", resources+"/defs", `{"id":"`+id+`","name":"`+id+`","type":"`+resType+`","driver_type":"humanitec/echo",
		"driver_inputs":{"values":{"host":"`+id+`"}},"criteria":`+criteria+`}`).must(http.StatusOK, &made)
	return made
}

// exist records an active resource as a deployment leaves it.
func (p *platform) exist(app string, key resource.Key, def api.ResourceDefinition, dependsOn ...string) orchestrator.ActiveResource {
	p.t.Helper()
	ctx := context.Background()
	now := time.Now().UTC()
	r, err := p.store.ReserveResource(ctx, &orchestrator.ActiveResource{
		OrgID: org, AppID: app, EnvID: "development", EnvType: "development", Key: key, CreatedAt: now, UpdatedAt: now,
		GUResID: url.PathEscape(key.Type+key.Class+key.ID) + "-1", Status: orchestrator.ResourcePending, DefID: def.ID,
	})
	require.NoError(p.t, err)
	r.DefID, r.DefVersionID, r.DriverType, r.DependsOn = def.ID, def.ActiveVersionID, def.DriverType, dependsOn
	r.Status, r.Attempted, r.DeployID = orchestrator.ResourceActive, true, "17609cfafa5d5cb8"
	r.Values, r.SecretRefs = map[string]any{"host": "h"}, map[string]any{}
	require.NoError(p.t, p.store.UpdateActiveResource(ctx, r))
	return *r
}

// reveal decrypts what a secret reference names.
func (p *platform) reveal(ref string, version int) string {
	p.t.Helper()
	stored, err := p.store.GetSecret(context.Background(), org, ref, version)
	require.NoError(p.t, err)
	plain, err := p.keeper.Decrypt(stored.Sealed, []byte("secret|"+org+"|"+ref))
	require.NoError(p.t, err)
	return string(plain)
}

// dbKey is the key of an external resource of the workload api.
func dbKey(class string) resource.Key {
	return resource.Key{Type: "postgres", Class: class, ID: "modules.api.externals.db"}
}

func TestPlatformIsForAdministrators(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	h.define("pg1", "postgres", `[]`)
	_, member := h.user("user", map[string]string{orchestrator.OrgObject(org): orchestrator.RoleMember})
	writes := map[string][2]string{
		"type":           {"POST /types", `{"type":"acme/x","use":"direct"}`},
		"put type":       {"PUT /types/acme%2Fx", `{"use":"direct"}`},
		"patch type":     {"PATCH /types/acme%2Fx", `{}`},
		"delete type":    {"DELETE /types/acme%2Fx", ""},
		"class":          {"POST /types/postgres/classes", `{"id":"big","description":""}`},
		"driver":         {"POST /drivers", `{"id":"own","type":"dns","target":"https://x.test"}`},
		"definition":     {"POST /defs", `{"id":"own","name":"own","type":"dns","driver_type":"humanitec/echo"}`},
		"put def":        {"PUT /defs/pg1", `{"name":"x"}`},
		"patch def":      {"PATCH /defs/pg1", `{"name":"x"}`},
		"delete def":     {"DELETE /defs/pg1", ""},
		"criteria":       {"POST /defs/pg1/criteria", `{}`},
		"put criteria":   {"PUT /defs/pg1/criteria", `[]`},
		"drop criteria":  {"DELETE /defs/pg1/criteria/x", ""},
		"promote":        {"POST /defs/pg1/versions/x/actions/promote", ""},
		"archive":        {"POST /defs/pg1/versions/x/actions/archive", `{}`},
		"delete driver":  {"DELETE /drivers/own", ""},
		"replace driver": {"PUT /drivers/own", `{"type":"dns","target":"https://x.test"}`},
	}
	for name, write := range writes {
		t.Run(name, func(t *testing.T) {
			h := *h.harness
			h.t = t
			method, path := cut(write[0])
			h.as(member, method, resources+path, write[1]).fails(http.StatusForbidden, "administrator")
			h.as(h.rival, method, resources+path, write[1]).fails(http.StatusNotFound, org)
		})
	}
	for _, path := range []string{"/types", "/types/postgres", "/classes", "/drivers", "/drivers/echo", "/defs", "/defs/pg1", "/defs/pg1/versions", "/defs/pg1/resources"} {
		h.as(member, "GET", resources+path, "").must(http.StatusOK, nil)
		h.as(h.rival, "GET", resources+path, "").fails(http.StatusNotFound, org)
	}
	// What the other organization asks for by the same name is its own.
	h.as(h.rival, "GET", "/orgs/"+otherOrg+"/resources/defs/pg1", "").fails(http.StatusNotFound, "pg1")
}

func cut(s string) (method, path string) {
	for i := range s {
		if s[i] == ' ' {
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}
