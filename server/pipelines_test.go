package server_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/pipeline"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

const pipelineText = `# a comment that stays
name: Promote
id: promote
metadata:
  team: web
on:
  pipeline_call:
  deployment_request: {}
jobs:
  a:
    steps:
    - uses: actions/humanitec/log
      with:
        message: ${{ inputs.comment }}
`

func TestPipelines(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	pipelines := h.app("shop") + "/pipelines"

	var list []api.Pipeline
	h.do("GET", pipelines, "").must(http.StatusOK, &list)
	require.Len(t, list, 1, "an application begins with a pipeline")
	require.Equal(t, pipeline.DefaultID, list[0].ID)
	h.do("GET", pipelines+"/"+pipeline.DefaultID+"/schema", "").must(http.StatusOK, nil)

	h.do("POST", pipelines+"?dry_run=true", pipelineText).must(http.StatusNoContent, nil)
	h.do("GET", pipelines+"/promote", "").fails(http.StatusNotFound, "promote")
	var made, got api.Pipeline
	answer := h.do("POST", pipelines, pipelineText).must(http.StatusCreated, &made)
	require.Equal(t, `"`+made.ETag+`"`, answer.Header.Get("ETag"))
	require.Equal(t, "promote", made.ID)
	require.Equal(t, "active", made.Status)
	require.Equal(t, []string{"deployment_request", "pipeline_call"}, made.TriggerTypes)
	require.Equal(t, map[string]string{"team": "web"}, made.Metadata)
	h.do("POST", pipelines, pipelineText).fails(http.StatusConflict, "promote")
	h.do("POST", pipelines+"?dry_run=1", pipelineText).fails(http.StatusConflict, "promote")
	item := pipelines + "/promote"
	answer = h.do("GET", item, "").must(http.StatusOK, &got)
	require.Equal(t, made, got)
	require.Equal(t, `"`+made.ETag+`"`, answer.Header.Get("ETag"))

	changed := strings.Replace(pipelineText, "name: Promote", "name: Release", 1)
	h.do("PATCH", item+"?dry_run=true", changed).must(http.StatusNoContent, nil)
	h.do("GET", item, "").must(http.StatusOK, &got)
	require.Equal(t, made, got, "a dry run changes nothing")
	var second api.Pipeline
	h.do("PATCH", item, changed).must(http.StatusOK, &second)
	require.Equal(t, "Release", second.Name)
	require.NotEqual(t, made.Version, second.Version)
	require.NotEqual(t, made.ETag, second.ETag)
	h.do("GET", item+"?version="+made.Version, "").must(http.StatusOK, &got)
	require.Equal(t, made, got, "versions stay readable")
	h.do("GET", item+"?version=none", "").fails(http.StatusNotFound, "none")
	h.do("PATCH", item, strings.Replace(changed, "id: promote", "id: other", 1)).fails(http.StatusBadRequest, "other")
	h.do("PATCH", pipelines+"/none", changed).fails(http.StatusNotFound, "none")

	var versions []api.PipelineVersion
	h.do("GET", item+"/versions", "").must(http.StatusOK, &versions)
	require.Len(t, versions, 2)
	require.Equal(t, []string{second.Version, made.Version}, []string{versions[0].ID, versions[1].ID})
	page := h.do("GET", item+"/versions?per_page=1", "").must(http.StatusOK, &versions)
	require.Len(t, versions, 1)
	require.Contains(t, page.Header.Get("Link"), `rel="next"`)
	h.do("GET", pipelines+"/none/versions", "").fails(http.StatusNotFound, "none")

	h.do("DELETE", item, "").must(http.StatusNoContent, nil)
	h.do("DELETE", item, "").fails(http.StatusNotFound, "promote")
	h.do("GET", "/orgs/"+org+"/apps/none/pipelines", "").fails(http.StatusNotFound, "none")
	h.do("POST", "/orgs/"+org+"/apps/none/pipelines", pipelineText).fails(http.StatusNotFound, "none")
}

func TestPipelineProblemsNameTheirPlace(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	pipelines := h.app("shop") + "/pipelines"
	for name, c := range map[string]struct{ text, want string }{
		"nothing":       {"", "empty"},
		"no object":     {"[]", "object"},
		"no YAML":       {"a: [", "line 1"},
		"unknown key":   {pipelineText + "more: 1\n", "line 15, column 1: more"},
		"no action":     {strings.Replace(pipelineText, "humanitec/log", "humanitec/lag", 1), "there is no action humanitec/lag"},
		"no such input": {strings.Replace(pipelineText, "message:", "mesage:", 1), "jobs.a.steps[0].with.mesage"},
		"NUL":           {pipelineText + "\x00", "NUL"},
		"no UTF-8":      {pipelineText + "\xff", "UTF-8"},
	} {
		got := h.do("POST", pipelines, c.text)
		got.fails(http.StatusBadRequest, c.want)
		require.NotEmpty(t, got.Body, name)
	}
}

func TestPipelineTextKeepsItsForm(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	pipelines := h.app("shop") + "/pipelines"
	h.do("POST", pipelines, pipelineText).must(http.StatusCreated, nil)
	read := func(accept string) *httptest.ResponseRecorder {
		request := httptest.NewRequest(http.MethodGet, pipelines+"/promote/schema", nil)
		request.Header.Set("Authorization", "Bearer "+h.token)
		request.Header.Set("Accept", accept)
		recorder := httptest.NewRecorder()
		h.server.Handler().ServeHTTP(recorder, request)
		return recorder
	}
	const media = "application/x.humanitec-pipelines-v1.0+yaml"
	for _, accept := range []string{"", "*/*", media, "application/json, " + media, "application/yaml"} {
		got := read(accept)
		require.Equal(t, http.StatusOK, got.Code)
		require.Equal(t, pipelineText, got.Body.String(), "Accept: %s", accept)
		require.Equal(t, media, got.Header().Get("Content-Type"))
	}
	got := read("application/json")
	require.Equal(t, "application/json", got.Header().Get("Content-Type"))
	require.JSONEq(t, `{"name":"Promote","id":"promote","metadata":{"team":"web"},"on":{"pipeline_call":null,"deployment_request":{}},
		"jobs":{"a":{"steps":[{"uses":"actions/humanitec/log","with":{"message":"${{ inputs.comment }}"}}]}}}`, got.Body.String())
	h.do("GET", pipelines+"/none/schema", "").fails(http.StatusNotFound, "none")

	var schema map[string]any
	h.do("GET", "/orgs/"+org+"/pipeline-schemas/latest", "").must(http.StatusOK, &schema)
	require.Equal(t, "Pipeline", schema["title"])
}

func TestPipelineETags(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	pipelines := h.app("shop") + "/pipelines"
	var made api.Pipeline
	h.do("POST", pipelines, pipelineText).must(http.StatusCreated, &made)
	send := func(method, tag string) int {
		request := httptest.NewRequest(method, pipelines+"/promote", strings.NewReader(pipelineText))
		request.Header.Set("Authorization", "Bearer "+h.token)
		request.Header.Set("If-Match", tag)
		recorder := httptest.NewRecorder()
		h.server.Handler().ServeHTTP(recorder, request)
		return recorder.Code
	}
	require.Equal(t, http.StatusPreconditionFailed, send("PATCH", "0123456789abcdef"))
	require.Equal(t, http.StatusPreconditionFailed, send("DELETE", `"0123456789abcdef"`))
	require.Equal(t, http.StatusOK, send("PATCH", `"`+made.ETag+`"`))
	require.Equal(t, http.StatusPreconditionFailed, send("DELETE", made.ETag), "it has changed")
	h.do("GET", pipelines+"/promote", "").must(http.StatusOK, &made)
	require.Equal(t, http.StatusOK, send("PATCH", "*"))
	h.do("GET", pipelines+"/promote", "").must(http.StatusOK, &made)
	require.Equal(t, http.StatusNoContent, send("DELETE", made.ETag))
}

func TestPipelinesOfAnOrganization(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	shop, blog := h.app("shop")+"/pipelines", h.app("blog")+"/pipelines"
	h.do("POST", shop, pipelineText).must(http.StatusCreated, nil)
	h.do("POST", blog, pipelineText).must(http.StatusCreated, nil)
	all := "/orgs/" + org + "/pipelines"
	named := func(token, query string) []string {
		var list []api.Pipeline
		h.as(token, "GET", all+query, "").must(http.StatusOK, &list)
		out := []string{}
		for _, p := range list {
			out = append(out, p.AppID+"/"+p.ID)
		}
		return out
	}
	require.Equal(t, []string{"blog/default-deployment", "blog/promote", "shop/default-deployment", "shop/promote"}, named(h.token, ""))
	require.Equal(t, []string{"shop/default-deployment", "shop/promote"}, named(h.token, "?app=shop&app=none"))
	require.Equal(t, []string{"blog/promote", "shop/promote"}, named(h.token, "?trigger=pipeline_call"))
	require.Equal(t, []string{"blog/promote", "shop/promote"}, named(h.token, "?"+url.QueryEscape("metadata[team]")+"=web"))
	require.Empty(t, named(h.token, "?"+url.QueryEscape("metadata[team]")+"=ops"))
	_, viewer := h.user("user", map[string]string{
		orchestrator.OrgObject(org): orchestrator.RoleMember, orchestrator.AppObject(org, "blog"): orchestrator.RoleViewer})
	require.Equal(t, []string{"blog/default-deployment", "blog/promote"}, named(viewer, ""))
	h.as(h.rival, "GET", all, "").fails(http.StatusNotFound)

	var first, second []api.Pipeline
	next := h.do("GET", all+"?per_page=3", "").must(http.StatusOK, &first).Header.Get("Link")
	path, _, _ := strings.Cut(strings.TrimPrefix(next, "<"), ">")
	h.do("GET", path, "").must(http.StatusOK, &second)
	require.Len(t, first, 3)
	require.Len(t, second, 1)
}

func TestNobodyGivesAPipelineRolesTheyLack(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	pipelines := h.app("shop") + "/pipelines"
	roles := map[string]string{orchestrator.OrgObject(org): orchestrator.RoleMember, orchestrator.AppObject(org, "shop"): orchestrator.RoleOwner}
	_, owner := h.user("user", roles)
	roles[orchestrator.EnvTypeObject(org, "development")] = orchestrator.RoleDeployer
	_, deployer := h.user("user", roles)
	with := func(permissions string) string {
		return strings.Replace(pipelineText, "id: promote\n", "permissions: "+permissions+"\n", 1)
	}
	for name, c := range map[string]struct {
		token, permissions string
		want               int
	}{
		"a role on the application that the owner has": {owner, "{application: owner}", http.StatusCreated},
		"roles of whoever starts it":                   {owner, "{run-as: inherit}", http.StatusCreated},
		"deployer by one who is none":                  {owner, "{application: developer, env-types: {development: deployer}}", http.StatusForbidden},
		"deployer by a deployer":                       {deployer, "{application: developer, env-types: {development: deployer}}", http.StatusCreated},
		"deployer of another type":                     {deployer, "{env-types: {production: deployer}}", http.StatusForbidden},
		"an administrator has them all":                {h.token, "{env-types: {production: deployer}}", http.StatusCreated},
	} {
		got, _ := h.raw(c.token, "POST", pipelines, with(c.permissions))
		require.Equal(t, c.want, got.Status, "%s: %s", name, got.Body)
	}
	h.do("POST", pipelines, pipelineText).must(http.StatusCreated, nil)
	h.as(owner, "PATCH", pipelines+"/promote", with("{env-types: {development: deployer}}")).fails(http.StatusForbidden, "development")
}

func TestPipelineCriteria(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	app := h.app("shop")
	pipelines, all := app+"/pipelines", app+"/pipeline-criteria"
	h.do("POST", pipelines, pipelineText).must(http.StatusCreated, nil)
	criteria := pipelines + "/promote/criteria"

	var list []api.PipelineCriteria
	h.do("GET", all, "").must(http.StatusOK, &list)
	require.Len(t, list, 1)
	require.Equal(t, pipeline.DefaultID, list[0].PipelineID)
	require.Equal(t, "Default deployment", list[0].PipelineName)
	h.do("POST", criteria, `{"trigger":"deployment_request"}`).fails(http.StatusConflict, pipeline.DefaultID)
	h.do("POST", criteria, `{"trigger":"deployment_request","env_id":"*","env_type":"*"}`).fails(http.StatusConflict, pipeline.DefaultID)

	var made, got api.PipelineCriteria
	h.do("POST", criteria, `{"trigger":"deployment_request","env_id":"not-there-yet","deployment_type":"re-deploy","app_id":"shop"}`).must(http.StatusCreated, &made)
	require.Equal(t, "re-deploy", made.DeploymentType, "as it was given")
	require.Equal(t, "Promote", made.PipelineName)
	h.do("GET", criteria+"/"+made.ID, "").must(http.StatusOK, &got)
	require.Equal(t, made, got)
	h.do("POST", criteria, `{"trigger":"deployment_request","env_id":"not-there-yet","deployment_type":"redeploy"}`).fails(http.StatusConflict, made.ID)
	h.do("POST", criteria, `{"trigger":"deployment_request","env_type":"production"}`).must(http.StatusCreated, nil)
	for query, want := range map[string]int{
		"": 3, "?pipeline=promote": 2, "?" + url.QueryEscape("match[env_type]") + "=production": 1, "?pipeline=none": 0,
	} {
		h.do("GET", all+query, "").must(http.StatusOK, &list)
		require.Len(t, list, want, query)
	}
	h.do("GET", all+"?"+url.QueryEscape("match[colour]")+"=red", "").fails(http.StatusBadRequest, "colour")

	for body, want := range map[string]string{
		`{}`:                     "trigger",
		`{"trigger":"artefact"}`: "trigger",
		`{"trigger":"deployment_request","app_id":"other"}`:         "app_id",
		`{"trigger":"deployment_request","deployment_type":"undo"}`: "deployment_type",
		`{"trigger":"deployment_request","env_id":"No Such"}`:       "env_id",
	} {
		h.do("POST", criteria, body).fails(http.StatusBadRequest, want)
	}
	h.do("POST", pipelines+"/none/criteria", `{"trigger":"deployment_request"}`).fails(http.StatusNotFound, "none")
	h.do("GET", pipelines+"/"+pipeline.DefaultID+"/criteria/"+made.ID, "").fails(http.StatusNotFound, made.ID)
	h.do("DELETE", pipelines+"/"+pipeline.DefaultID+"/criteria/"+made.ID, "").fails(http.StatusNotFound, made.ID)

	without := strings.Replace(pipelineText, "  deployment_request: {}\n", "", 1)
	h.do("PATCH", pipelines+"/promote", without).fails(http.StatusConflict, "criteria")
	h.do("DELETE", criteria+"/"+made.ID, "").must(http.StatusNoContent, nil)
	h.do("DELETE", criteria+"/"+made.ID, "").fails(http.StatusNotFound, made.ID)
	var other api.Pipeline
	h.do("POST", pipelines, strings.Replace(without, "id: promote", "id: called", 1)).must(http.StatusCreated, &other)
	h.do("POST", pipelines+"/called/criteria", `{"trigger":"deployment_request","env_id":"x"}`).fails(http.StatusBadRequest, "trigger")
	h.do("DELETE", pipelines+"/promote", "").must(http.StatusNoContent, nil)
	h.do("GET", all, "").must(http.StatusOK, &list)
	require.Len(t, list, 1, "criteria go with their pipeline")
}
