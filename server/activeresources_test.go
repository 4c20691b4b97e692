package server_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

const (
	shopResources = "/orgs/" + org + "/apps/shop/envs/development/resources"
	dbPath        = shopResources + "/postgres/modules.api.externals.db"
)

func TestActiveResourcesAreListed(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	h.app("shop")
	def := h.define("pg1", "postgres", `[{}]`)
	h.do("GET", shopResources, "").must(http.StatusOK, nil)
	h.exist("shop", dbKey("default"), def)
	h.exist("shop", resource.Key{Type: "workload", Class: "default", ID: "modules.api"}, def)
	_, err := h.store.ReserveResource(t.Context(), &orchestrator.ActiveResource{
		OrgID: org, AppID: "shop", EnvID: "development", Key: dbKey("reserved"), GUResID: "r", Status: orchestrator.ResourcePending,
	})
	require.NoError(t, err)

	var list []api.ActiveResource
	h.do("GET", shopResources, "").must(http.StatusOK, &list)
	require.Len(t, list, 2, "what was never provisioned is not shown")
	require.Equal(t, "postgres", list[0].Type)
	require.Equal(t, "modules.api", list[1].ResID)
	require.Equal(t, map[string]any{"host": "h"}, list[0].Resource)
	h.do("GET", shopResources+"?scheduled_deletion=true", "").must(http.StatusOK, &list)
	require.Empty(t, list)
	h.do("GET", shopResources+"?scheduled_deletion=false", "").must(http.StatusOK, &list)
	require.Len(t, list, 2)
	h.do("GET", shopResources+"?scheduled_deletion=perhaps", "").fails(http.StatusBadRequest, "perhaps")
	h.do("GET", "/orgs/acme/apps/shop/envs/nope/resources", "").fails(http.StatusNotFound, "nope")
	h.as(h.rival, "GET", shopResources, "").fails(http.StatusNotFound)

	_, viewer := h.user("user", map[string]string{
		orchestrator.OrgObject(org): orchestrator.RoleMember, orchestrator.AppObject(org, "shop"): orchestrator.RoleViewer,
	})
	h.as(viewer, "GET", shopResources, "").must(http.StatusOK, &list)
	h.as(viewer, "DELETE", dbPath, "").fails(http.StatusForbidden)
	h.as(viewer, "POST", dbPath+"/actions/pin", `{"target_def_version_id":null}`).fails(http.StatusForbidden)
	h.as(viewer, "POST", shopResources+"/graphs", `[]`).fails(http.StatusForbidden)
}

func TestPinActiveResource(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	h.app("shop")
	def := h.define("pg1", "postgres", `[{}]`)
	h.exist("shop", dbKey("default"), def)
	pin := func(version string) answer {
		return h.do("POST", dbPath+"/actions/pin", `{"target_def_version_id":`+version+`}`)
	}
	var pinned, unpinned api.ActiveResource
	pin(`"`+def.ActiveVersionID+`"`).must(http.StatusOK, &pinned)
	require.Equal(t, def.ActiveVersionID, pinned.TargetDefVersionID)
	pin(`null`).must(http.StatusOK, &unpinned)
	require.Empty(t, unpinned.TargetDefVersionID)
	pin(`"nope"`).fails(http.StatusBadRequest, "nope", "pg1")
	h.do("PATCH", defs+"/pg1", `{"name":"next"}`).must(http.StatusOK, nil)
	h.do("POST", defs+"/pg1/versions/"+def.ActiveVersionID+"/actions/archive", `{}`).must(http.StatusNoContent, nil)
	pin(`"`+def.ActiveVersionID+`"`).fails(http.StatusBadRequest, "archived")
	h.do("POST", shopResources+"/redis/nope/actions/pin", `{"target_def_version_id":null}`).fails(http.StatusNotFound, "nope")
}

func TestDeleteActiveResource(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	h.app("shop")
	ctx := t.Context()
	def := h.define("pg1", "postgres", `[{}]`)
	instance := resource.Key{Type: "postgres-instance", Class: "default", ID: "pg.main"}
	base := h.exist("shop", instance, def)
	db := h.exist("shop", dbKey("default"), def, base.GUResID)

	h.do("DELETE", shopResources+"/redis/nope", "").fails(http.StatusNotFound, "nope")
	h.do("DELETE", shopResources+"/postgres-instance/pg.main", "").fails(http.StatusConflict, "depends on it")

	var deployed api.Deployment
	h.do("POST", "/orgs/acme/apps/shop/envs/development/deploys", `{}`).must(http.StatusCreated, &deployed)
	h.do("DELETE", dbPath, "").fails(http.StatusConflict, deployed.ID, "unfinished")
	h.do("DELETE", dbPath+"?detach=true", "").fails(http.StatusConflict, deployed.ID)
	d, err := h.store.FindDeployment(ctx, deployed.ID)
	require.NoError(t, err)
	d.Status = orchestrator.DeploymentSucceeded
	require.NoError(t, h.store.UpdateDeployment(ctx, d))
	require.NoError(t, h.store.CreateNodes(ctx, []orchestrator.Node{{
		OrgID: org, AppID: "shop", EnvID: "development", DeploymentID: deployed.ID, Key: db.Key, GUResID: db.GUResID, Status: orchestrator.NodeSucceeded,
	}}))
	h.do("DELETE", dbPath, "").fails(http.StatusConflict, deployed.ID, "newest")

	h.do("DELETE", dbPath+"?detach=true", "").must(http.StatusNoContent, nil)
	require.Empty(t, h.workflows.items(orchestrator.QueueResource))
	h.do("DELETE", dbPath, "").fails(http.StatusNotFound)

	h.do("DELETE", shopResources+"/postgres-instance/pg.main", "").must(http.StatusAccepted, nil)
	require.Equal(t, []string{base.GUResID + "/1"}, h.workflows.items(orchestrator.QueueResource))
	var list []api.ActiveResource
	h.do("GET", shopResources+"?scheduled_deletion=true", "").must(http.StatusOK, &list)
	require.Len(t, list, 1)
	require.Equal(t, "deleting", list[0].Status)
	h.do("DELETE", shopResources+"/postgres-instance/pg.main", "").must(http.StatusAccepted, nil)

	_, err = h.store.ReserveResource(ctx, &orchestrator.ActiveResource{
		OrgID: org, AppID: "shop", EnvID: "development", Key: dbKey("reserved"), GUResID: "r", Status: orchestrator.ResourcePending,
	})
	require.NoError(t, err)
	h.do("DELETE", dbPath, "").must(http.StatusNoContent, nil)

	h.workflows.fail(&orchestrator.Error{Code: orchestrator.CodeUnavailable, Message: "away"})
	h.do("DELETE", dbPath, "").fails(http.StatusServiceUnavailable)
}

// fakeDriver stands for a driver that reaches outside: it records what it
// destroys and fails on request.
type fakeDriver struct {
	fail      error
	destroyed []string
}

func (f *fakeDriver) Provision(context.Context, drivers.Request) (drivers.Result, error) {
	return drivers.Result{}, errors.New("not used")
}

func (f *fakeDriver) Destroy(_ context.Context, r drivers.Request) error {
	if f.fail == nil {
		f.destroyed = append(f.destroyed, r.GUResID)
	}
	return f.fail
}

func TestDestroyResource(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	h.app("shop")
	ctx := t.Context()
	driver := &fakeDriver{fail: errors.New("the cloud says no")}
	require.NoError(t, h.registry.Register(drivers.Descriptor{ID: "humanitec/echo"}, driver))
	deployer := orchestrator.NewDeployer(orchestrator.DeployerOptions{
		Store: h.store, Keeper: h.keeper, Drivers: h.registry,
		Redactor: func(...string) func(string) string { return func(s string) string { return s } },
	})
	made := h.exist("shop", dbKey("default"), h.define("pg1", "postgres", `[{}]`))
	ref := orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "development"}

	require.NoError(t, deployer.DestroyResource(ctx, ref, made.GUResID))
	require.Empty(t, driver.destroyed, "nobody asked for it")
	h.do("DELETE", dbPath, "").must(http.StatusAccepted, nil)
	require.ErrorContains(t, deployer.DestroyResource(ctx, ref, made.GUResID), "the cloud says no")
	stuck, err := h.store.GetActiveResource(ctx, ref, made.Key)
	require.NoError(t, err)
	require.Equal(t, "the cloud says no", stuck.StatusMessage)

	driver.fail = nil
	require.NoError(t, deployer.DestroyResource(ctx, ref, made.GUResID))
	require.NoError(t, deployer.DestroyResource(ctx, ref, made.GUResID), "again does nothing")
	require.Equal(t, []string{made.GUResID}, driver.destroyed)
	var list []api.ActiveResource
	h.do("GET", shopResources, "").must(http.StatusOK, &list)
	require.Empty(t, list)
}

func TestResourceGraphs(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	h.app("shop")
	graphs := shopResources + "/graphs"
	h.do("POST", resources+"/drivers", `{"id":"own-dns","type":"dns","account_types":[],"inputs_schema":{},"target":"https://drivers.test/dns"}`).must(http.StatusOK, nil)
	h.do("POST", defs, `{"id":"dns","name":"dns","type":"dns","driver_type":"acme/own-dns","criteria":[{}]}`).must(http.StatusOK, nil)
	h.do("POST", defs, `{"id":"pg1","name":"pg","type":"postgres","driver_type":"humanitec/echo","criteria":[{"app_id":"shop"}],
		"driver_inputs":{"values":{"h":"${resources.dns.outputs.host}"},"secrets":{"p":"s3cr3t"}}}`).must(http.StatusOK, nil)
	existing := h.exist("shop", dbKey("default"), api.ResourceDefinition{ID: "pg1"})

	body := `[{"id":"modules.api.externals.db","type":"postgres","resource":{"size":1}}]`
	var stored, again, got api.DependencyGraph
	answered := h.do("POST", graphs, body).must(http.StatusOK, &stored)
	require.NotContains(t, answered.Body, "s3cr3t")
	require.Len(t, stored.Nodes, 2)
	dns, db := stored.Nodes[0], stored.Nodes[1]
	require.Equal(t, []string{"dns", "postgres"}, []string{dns.Type, db.Type}, "dependencies first")
	require.Equal(t, existing.GUResID, db.GUResID)
	require.Equal(t, []string{dns.GUResID}, db.DependsOn)
	require.Regexp(t, `^[0-9a-f]{40}$`, dns.GUResID)
	require.Equal(t, "https://drivers.test/dns", dns.Target)
	require.Equal(t, map[string]any{"size": 1.0}, db.Resource)
	require.NotEmpty(t, db.CriteriaID)
	require.Contains(t, db.ResourceSchema["properties"], "values")

	h.do("POST", graphs, body).must(http.StatusOK, &again)
	require.Equal(t, stored.ID, again.ID, "equal graphs are stored once")
	h.do("GET", graphs+"/"+stored.ID, "").must(http.StatusOK, &got)
	require.Equal(t, stored.Nodes, got.Nodes)
	h.do("GET", graphs+"/nope", "").fails(http.StatusNotFound, "nope")
	h.as(h.rival, "GET", graphs+"/"+stored.ID, "").fails(http.StatusNotFound)
	var nodes []api.GraphNode
	h.do("POST", shopResources+"/graph", body).must(http.StatusOK, &nodes)
	require.Equal(t, stored.Nodes, nodes)
	h.do("POST", graphs, `[]`).must(http.StatusOK, nil)
}

func TestResourceGraphErrors(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	h.app("shop")
	h.define("pg1", "postgres", `[{"env_type":"production"}]`)
	for name, tc := range map[string]struct {
		body  string
		parts []string
	}{
		"no definition":  {`[{"id":"modules.a.externals.db","type":"postgres"}]`, []string{"postgres", "pg1"}},
		"unknown type":   {`[{"id":"x","type":"postgrse"}]`, []string{"postgrse"}},
		"no type":        {`[{"id":"x"}]`, []string{"type"}},
		"no id":          {`[{"type":"postgres"}]`, []string{"id"}},
		"id with spaces": {`[{"id":"a b","type":"postgres"}]`, []string{"a b"}},
		"no list":        {`{}`, []string{"array"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := *h.harness
			h.t = t
			h.do("POST", shopResources+"/graphs", tc.body).fails(http.StatusBadRequest, tc.parts...)
			h.do("POST", shopResources+"/graph", tc.body).fails(http.StatusBadRequest, tc.parts...)
		})
	}
	var fault api.Error
	h.do("POST", shopResources+"/graphs", `[{"id":"a","type":"redis"},{"id":"b","type":"postgres"}]`).must(http.StatusBadRequest, &fault)
	require.Len(t, fault.Details["problems"], 2, "all problems at once")
	h.do("POST", "/orgs/acme/apps/shop/envs/nope/resources/graphs", `[]`).fails(http.StatusNotFound, "nope")
}
