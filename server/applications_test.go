package server_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func TestApplicationLifeCycle(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	apps := "/orgs/" + org + "/apps"

	var made api.Application
	h.do("POST", apps, `{"id":"shop","name":"Shop & Co","unknown":1}`).must(http.StatusCreated, &made)
	require.Equal(t, []api.EnvironmentBase{{ID: "development", Name: "Development", Type: "development"}}, made.Envs)
	require.Equal(t, "active", made.Status)
	got := h.do("GET", apps+"/shop", "").must(http.StatusOK, nil)
	require.Contains(t, got.Body, "Shop & Co", "no HTML escapes")

	h.do("POST", apps, `{"id":"shop","name":"Again"}`).fails(http.StatusConflict, "shop")
	h.do("PATCH", apps+"/shop", `{"name":"Store"}`).must(http.StatusOK, &made)
	require.Equal(t, "Store", made.Name)
	require.Len(t, made.Envs, 1)

	var bare api.Application
	h.do("POST", apps, `{"id":"bare","name":"Bare","skip_environment_creation":true}`).must(http.StatusCreated, &bare)
	require.Equal(t, []api.EnvironmentBase{}, bare.Envs)
	h.do("POST", apps, `{"id":"own","name":"Own","env":{"id":"prod","name":"Prod","type":"production"}}`).must(http.StatusCreated, &bare)
	require.Equal(t, []api.EnvironmentBase{{ID: "prod", Name: "Prod", Type: "production"}}, bare.Envs)

	var list []api.Application
	h.do("GET", apps, "").must(http.StatusOK, &list)
	require.Len(t, list, 3)
	h.do("DELETE", apps+"/shop", "").must(http.StatusNoContent, nil)
	h.do("GET", apps+"/shop", "").fails(http.StatusNotFound, "shop")
	h.do("DELETE", apps+"/shop", "").fails(http.StatusNotFound)
	require.Empty(t, h.workflows.items(orchestrator.QueueTeardown))
}

func TestApplicationValidation(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for name, tc := range map[string]struct {
		body  string
		parts []string
	}{
		"one character":    {`{"id":"a","name":"A"}`, []string{"id", `"a"`}},
		"upper case":       {`{"id":"Shop","name":"A"}`, []string{"id", `"Shop"`}},
		"double dash":      {`{"id":"a--b","name":"A"}`, []string{"id"}},
		"trailing dash":    {`{"id":"ab-","name":"A"}`, []string{"id"}},
		"too long":         {`{"id":"` + strings.Repeat("a", 51) + `","name":"A"}`, []string{"51", "50"}},
		"no name":          {`{"id":"shop"}`, []string{"name"}},
		"no id":            {`{"name":"x"}`, []string{"id"}},
		"unknown env type": {`{"id":"shop","name":"A","env":{"id":"qa","name":"QA","type":"nope"}}`, []string{"env.type", "nope"}},
		"invalid env id":   {`{"id":"shop","name":"A","env":{"id":"q","name":"QA","type":"production"}}`, []string{"env.id"}},
		"wrong type":       {`{"id":7,"name":"A"}`, []string{"id", "expected a string, got number"}},
		"wrong shape":      {`[]`, []string{"expected an object, got array"}},
		"empty":            {"", []string{"empty"}},
		"null":             {"null", []string{"null"}},
		"truncated":        {`{"id":"shop",`, []string{"not valid JSON", "line 1"}},
		"trailing garbage": {"{\"id\":\"shop\",\n\"name\":\"A\"} x", []string{"not valid JSON", "line 2"}},
		"nul":              {`{"id":"shop","name":"a\u0000b"}`, []string{"NUL"}},
		"not utf-8":        {"{\"id\":\"shop\",\"name\":\"\xff\"}", []string{"UTF-8"}},
		"deep":             {strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000), []string{"nested"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := *h
			h.t = t
			h.do("POST", "/orgs/"+org+"/apps", tc.body).fails(http.StatusBadRequest, tc.parts...)
		})
	}
	huge := `{"id":"shop","name":"` + strings.Repeat("x", 9<<20) + `"}`
	h.do("POST", "/orgs/"+org+"/apps", huge).fails(http.StatusRequestEntityTooLarge, "8 MiB")
}

func TestEnvironmentLifeCycle(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")

	var env api.Environment
	h.do("POST", app+"/envs", `{"id":"staging","name":"Staging"}`).must(http.StatusCreated, &env)
	require.Equal(t, "development", env.Type)
	require.Nil(t, env.FromDeploy)
	require.Nil(t, env.LastDeploy)
	h.do("POST", app+"/envs", `{"id":"staging","name":"Again"}`).fails(http.StatusConflict)
	h.do("POST", app+"/envs", `{"id":"qa","name":"QA","type":"nope"}`).fails(http.StatusBadRequest, "type")
	h.do("POST", app+"/envs", `{"id":"qa","name":"QA","from_deploy_id":"0123456789abcdef"}`).fails(http.StatusBadRequest, "from_deploy_id")
	h.do("PATCH", app+"/envs/staging", `{"name":"Stage"}`).must(http.StatusOK, &env)
	require.Equal(t, "Stage", env.Name)

	var deployed api.Deployment
	h.do("POST", app+"/envs/staging/deploys", `{"comment":"first"}`).must(http.StatusCreated, &deployed)
	h.do("GET", app+"/envs/staging", "").must(http.StatusOK, &env)
	require.Equal(t, deployed.ID, env.LastDeploy.ID)
	require.Equal(t, deployed.ID, env.FromDeploy.ID)

	var clone api.Environment
	h.do("POST", app+"/envs", `{"id":"clone","name":"Clone","type":"production","from_deploy_id":"`+deployed.ID+`"}`).must(http.StatusCreated, &clone)
	require.Equal(t, deployed.ID, clone.FromDeploy.ID)
	require.Nil(t, clone.LastDeploy)

	h.do("PUT", app+"/envs/development/from_deploy_id", `"`+deployed.ID+`"`).must(http.StatusNoContent, nil)
	h.do("PUT", app+"/envs/development/from_deploy_id", `"feedfeedfeedfeed"`).fails(http.StatusBadRequest, "from_deploy_id")
	h.do("PUT", app+"/envs/development/from_deploy_id", `7`).fails(http.StatusBadRequest, "expected a string")
	h.do("GET", app+"/envs/development", "").must(http.StatusOK, &env)
	require.Equal(t, deployed.ID, env.FromDeploy.ID)

	var list []api.Environment
	h.do("GET", app+"/envs", "").must(http.StatusOK, &list)
	require.Len(t, list, 3)
}

func TestEnvironmentDeletion(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	h.do("DELETE", app+"/envs/development", "").fails(http.StatusBadRequest, "last one")
	h.do("POST", app+"/envs", `{"id":"qa","name":"QA"}`).must(http.StatusCreated, nil)
	h.do("DELETE", app+"/envs/qa", "").must(http.StatusNoContent, nil)
	h.do("GET", app+"/envs/qa", "").fails(http.StatusNotFound)

	h.do("POST", app+"/envs", `{"id":"qa","name":"QA"}`).must(http.StatusCreated, nil)
	h.do("POST", app+"/envs/qa/deploys", `{}`).must(http.StatusCreated, nil)
	h.workflows.fail(orchestrator.Errorf(orchestrator.CodeUnavailable, "the workflow engine is away"))
	down := h.do("DELETE", app+"/envs/qa", "")
	down.fails(http.StatusServiceUnavailable, "away")
	require.NotEmpty(t, down.Header.Get("Retry-After"))
	var env api.Environment
	h.do("GET", app+"/envs/qa", "").must(http.StatusOK, &env)
	require.Equal(t, "active", env.Status, "nothing was written while the engine was away")

	h.workflows.fail(nil)
	h.do("DELETE", app+"/envs/qa", "").must(http.StatusAccepted, nil)
	h.do("DELETE", app+"/envs/qa", "").must(http.StatusAccepted, nil)
	teardowns := h.workflows.items(orchestrator.QueueTeardown)
	require.Len(t, teardowns, 2)
	require.Equal(t, teardowns[0], teardowns[1], "asking again names the same work")
	h.do("GET", app+"/envs/qa", "").must(http.StatusOK, &env)
	require.Equal(t, "deleting", env.Status)
	h.do("POST", app+"/envs/qa/deploys", `{}`).fails(http.StatusConflict, "being deleted")
	h.do("PATCH", app+"/envs/qa", `{"name":"x"}`).fails(http.StatusConflict, "being deleted")
	h.do("DELETE", app+"/envs/development", "").fails(http.StatusBadRequest, "last one")

	h.do("DELETE", app, "").must(http.StatusAccepted, nil)
	h.do("POST", app+"/envs", `{"id":"new","name":"New"}`).fails(http.StatusConflict, "being deleted")
	require.NoError(t, h.store.DeleteEnvironment(context.Background(), orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "qa"}))
	h.do("DELETE", app, "").must(http.StatusNoContent, nil)
	h.do("GET", app, "").fails(http.StatusNotFound)
}

func TestEnvironmentTypes(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	types := "/orgs/" + org + "/env-types"
	var made api.EnvironmentType
	h.do("POST", types, `{"id":"qa","description":"quality"}`).must(http.StatusCreated, &made)
	h.do("POST", types, `{"id":"qa"}`).fails(http.StatusConflict)
	h.do("POST", types, `{"id":"Q"}`).fails(http.StatusBadRequest, "id")
	h.do("PATCH", types+"/qa", `{"description":"checks"}`).must(http.StatusOK, &made)
	require.Equal(t, api.EnvironmentType{ID: "qa", Description: "checks"}, made)
	h.do("PATCH", types+"/qa", `{"description":null}`).must(http.StatusOK, &made)
	require.Equal(t, "checks", made.Description)

	app := h.app("shop")
	h.do("POST", app+"/envs", `{"id":"qa","name":"QA","type":"qa"}`).must(http.StatusCreated, nil)
	var users []map[string]any
	require.NoError(t, json.Unmarshal([]byte(h.do("DELETE", types+"/qa", "").must(http.StatusConflict, nil).Body), &users))
	require.Len(t, users, 1)
	require.Equal(t, "shop", users[0]["app_id"])
	h.do("DELETE", app+"/envs/qa", "").must(http.StatusNoContent, nil)
	h.do("DELETE", types+"/qa", "").must(http.StatusNoContent, nil)
	h.do("GET", types+"/qa", "").fails(http.StatusNotFound)
}

func TestRolesDecide(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	h.app("secret")
	_, viewer := h.user("user", map[string]string{
		orchestrator.OrgObject(org): orchestrator.RoleMember, orchestrator.AppObject(org, "shop"): orchestrator.RoleViewer})
	_, developer := h.user("user", map[string]string{
		orchestrator.OrgObject(org): orchestrator.RoleMember, orchestrator.AppObject(org, "shop"): orchestrator.RoleDeveloper})
	_, manager := h.user("user", map[string]string{orchestrator.OrgObject(org): orchestrator.RoleManager})

	var list []api.Application
	h.as(viewer, "GET", "/orgs/"+org+"/apps", "").must(http.StatusOK, &list)
	require.Len(t, list, 1)
	h.as(viewer, "GET", "/orgs/"+org+"/apps/secret", "").fails(http.StatusNotFound)
	h.as(viewer, "POST", app+"/values", `{"key":"A","description":"","value":"1"}`).fails(http.StatusForbidden, "developer")
	h.as(viewer, "POST", "/orgs/"+org+"/apps", `{"id":"mine","name":"M"}`).fails(http.StatusForbidden)
	h.as(developer, "POST", app+"/values", `{"key":"A","description":"","value":"1"}`).must(http.StatusCreated, nil)
	h.as(developer, "POST", app+"/envs/development/deploys", `{}`).fails(http.StatusForbidden, "deployer")
	h.as(developer, "POST", "/orgs/"+org+"/env-types", `{"id":"qa"}`).fails(http.StatusForbidden)
	h.as(developer, "DELETE", app, "").fails(http.StatusForbidden, "owner")

	h.as(manager, "POST", "/orgs/"+org+"/apps", `{"id":"mine","name":"Mine"}`).must(http.StatusCreated, nil)
	h.as(manager, "PATCH", "/orgs/"+org+"/apps/mine", `{"name":"Ours"}`).must(http.StatusOK, nil)
}
