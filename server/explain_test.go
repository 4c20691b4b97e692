package server_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

const shopGraphs = shopResources + "/graphs/explain"

func keyOf(r api.ResourceExplanation) string { return r.Type + "." + r.Class + "#" + r.ID }

func TestExplainWithoutDeploying(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	h.app("shop")
	h.define("cluster", "k8s-cluster", `[{}]`)
	h.define("namespace", "k8s-namespace", `[{}]`)
	h.define("pg1", "postgres", `[{}]`)
	h.define("pg2", "postgres", `[{"app_id":"shop"}]`)
	h.define("pg3", "postgres", `[{"env_type":"production"}]`)
	h.do("PATCH", defs+"/pg2", `{"name":"next","proposed":true}`).must(http.StatusOK, nil)
	const set = `{"set":{"modules":{"api":{"externals":{"db":{"type":"postgres"}},"spec":{"containers":{}}}}}}`

	var got api.ResourceExplanations
	h.do("POST", shopGraphs, "").must(http.StatusOK, &got)
	require.Len(t, got.Resources, 2, "an environment without a deployment has the implicit resources")
	h.do("POST", shopGraphs+"?type=postgres", set).must(http.StatusOK, &got)
	require.Len(t, got.Resources, 1)
	r := got.Resources[0]
	require.Equal(t, "postgres.default#modules.api.externals.db", keyOf(r))
	require.Equal(t, "pg2", r.DefID)
	require.Equal(t, []api.ResourceOrigin{{Kind: "external", Detail: "db", Text: `workload api declares it as resource "db"`,
		By: &api.ResourceReferenceTo{Type: "workload", Class: "default", ID: "modules.api"}}}, r.AskedBy)
	verdicts := map[string]string{}
	for _, c := range r.Candidates {
		verdicts[c.DefID] = c.Verdict
		require.Equal(t, c.DefID == "pg2", c.Chosen)
	}
	require.Equal(t, map[string]string{
		"pg2": "matches app_id shop, class default", "pg1": "matches, but is less specific: pg2 (app_id: shop) names app_id",
		"pg3": "does not match: env_type is production, not development",
	}, verdicts)
	require.Len(t, r.Notes, 1)
	require.Contains(t, r.Notes[0], "only proposed")
	require.Equal(t, []api.ResourceReferenceTo{{Type: "workload", Class: "default", ID: "modules.api"}}, r.Dependents)
	require.Empty(t, r.GUResID)

	h.do("POST", shopGraphs, `{"delta":{"shared":[{"op":"add","path":"/r","value":{"type":"redis"}}]}}`).must(http.StatusOK, &got)
	require.Empty(t, got.Resources)
	require.Len(t, got.Problems, 1)
	require.Contains(t, got.Problems[0], `no definition of type "redis" matches`)
}

func TestExplainRefuses(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	h.app("shop")
	h.do("POST", shopGraphs, `{"set_id":"nope"}`).fails(http.StatusBadRequest, "set_id", "nope")
	h.do("POST", shopGraphs, `{"delta_id":"nope"}`).fails(http.StatusBadRequest, "delta_id", "nope")
	h.do("POST", shopGraphs, `{"delta_id":"x","set_id":"y"}`).fails(http.StatusBadRequest, "one of")
	h.do("POST", shopGraphs, `{"delta":{"modules":{"update":{"api":[{"op":"add","path":"/x","value":1}]}}}}`).fails(http.StatusBadRequest, "does not fit")
	h.do("POST", "/orgs/acme/apps/shop/envs/nope/resources/graphs/explain", "").fails(http.StatusNotFound, "nope")
	h.do("GET", "/orgs/acme/apps/shop/envs/development/deploys/nope/resources/explain", "").fails(http.StatusNotFound, "nope")
	h.as(h.rival, "POST", shopGraphs, "").fails(http.StatusNotFound)
	_, stranger := h.user("user", map[string]string{orchestrator.OrgObject(org): orchestrator.RoleMember})
	h.as(stranger, "POST", shopGraphs, "").fails(http.StatusNotFound)
	_, viewer := h.user("user", map[string]string{
		orchestrator.OrgObject(org): orchestrator.RoleMember, orchestrator.AppObject(org, "shop"): orchestrator.RoleViewer,
	})
	h.as(viewer, "POST", shopGraphs, "").must(http.StatusOK, nil)
}

// TestExplainADeploymentThatWasNotPlanned says so instead of an empty list.
func TestExplainADeploymentThatWasNotPlanned(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	h.app("shop")
	var d api.Deployment
	h.do("POST", "/orgs/acme/apps/shop/envs/development/deploys", `{}`).must(http.StatusCreated, &d)
	var got api.ResourceExplanations
	h.do("GET", "/orgs/acme/apps/shop/envs/development/deploys/"+d.ID+"/resources/explain", "").must(http.StatusOK, &got)
	require.Empty(t, got.Resources)
	require.Contains(t, got.Problems[0], "not been planned")
}

func TestDefinitionImpactOverHTTP(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	h.app("shop")
	h.define("pg1", "postgres", `[{}]`)
	h.do("POST", "/orgs/acme/apps/shop/envs/development/deploys", `{}`).must(http.StatusCreated, nil)
	const impact = defs + "/impact"
	for _, body := range []string{
		`{"definition":{"id":"pg2","name":"pg2","type":"postgres","driver_type":"humanitec/echo","criteria":[{"app_id":"shop"}]}}`,
		`{"def_id":"pg1","patch":{"driver_inputs":{"values":{"a":1}}}}`, `{"def_id":"pg1","delete":true}`, `{"def_id":"pg1","criteria":[]}`,
	} {
		var got api.DefinitionImpact
		h.do("POST", impact, body).must(http.StatusOK, &got)
		require.Equal(t, "postgres", got.Type)
		require.Equal(t, 1, got.Examined)
		require.NotNil(t, got.Environments)
	}
	h.do("GET", defs+"/pg2", "").fails(http.StatusNotFound, "pg2")
	h.do("GET", defs+"/pg1", "").must(http.StatusOK, nil)
	h.do("POST", impact, `{}`).fails(http.StatusBadRequest, "def_id")
	h.do("POST", impact, `{"def_id":"nope","delete":true}`).fails(http.StatusNotFound, "nope")
	h.as(h.rival, "POST", impact, `{"def_id":"pg1","delete":true}`).fails(http.StatusNotFound)
}
