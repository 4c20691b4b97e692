package server_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

const templatesPath = "/orgs/" + org + "/workload-templates"

const ownTemplate = `{"id":"own-api","name":"API","parameters":{"required":["name"],"properties":{"name":{"type":"string"},"port":{"type":"integer","default":80}}},
	"score":"apiVersion: score.dev/v1b1\nmetadata: {name: '${params.name}'}\ncontainers:\n  main: {image: x}\nservice:\n  ports:\n    web:\n      port: ${params.port}\nresources:\n  db: {type: postgres, class: small}\n"}`

func TestWorkloadTemplates(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ids := func() (out []string) {
		var all []struct {
			ID    string
			OrgID string `json:"org_id"`
		}
		h.do("GET", templatesPath, "").must(http.StatusOK, &all)
		for _, v := range all {
			out = append(out, v.OrgID+"/"+v.ID)
		}
		return out
	}
	builtin := []string{"humanitec/cron-job", "humanitec/service-with-postgres", "humanitec/web-service", "humanitec/worker-with-queue"}
	require.Equal(t, builtin, ids())
	var v struct {
		Resources []map[string]string
		Name      string
	}
	h.do("POST", templatesPath, ownTemplate).must(http.StatusCreated, &v)
	require.Equal(t, []map[string]string{{"id": "db", "type": "postgres", "class": "small"}}, v.Resources)
	h.do("POST", templatesPath, ownTemplate).fails(http.StatusConflict, "own-api")
	require.Equal(t, append(builtin, org+"/own-api"), ids())
	var made struct{ Score, Extensions string }
	h.do("POST", templatesPath+"/own-api/actions/instantiate", `{"parameters":{"name":"shop"}}`).must(http.StatusOK, &made)
	require.Contains(t, made.Score, "name: 'shop'")
	require.Contains(t, made.Score, "port: 80")
	h.do("POST", templatesPath+"/humanitec%2Fcron-job/actions/instantiate", `{"parameters":{"name":"report","schedule":"@daily"}}`).must(http.StatusOK, &made)
	require.Contains(t, made.Extensions, "humanitec/default-cronjob")
	h.do("POST", templatesPath+"/own-api/actions/instantiate", `{"parameters":{"name":5,"port":"x"}}`).fails(http.StatusBadRequest, "name", "port")
	h.do("POST", templatesPath+"/none/actions/instantiate", `{}`).fails(http.StatusNotFound, "none")

	h.do("PUT", templatesPath+"/own-api", `{"name":"Other","score":"apiVersion: score.dev/v1b1\nmetadata: {name: fixed}\ncontainers: {main: {image: x}}\n"}`).must(http.StatusOK, &v)
	require.Equal(t, "Other", v.Name)
	require.Empty(t, v.Resources)
	h.do("PUT", templatesPath+"/own-api", `{"name":"Other","score":"x"}`).fails(http.StatusBadRequest, "score")
	h.do("PUT", templatesPath+"/web-service", ownTemplate).fails(http.StatusForbidden, "built in")
	h.do("DELETE", templatesPath+"/web-service", "").fails(http.StatusForbidden, "built in")
	h.do("DELETE", templatesPath+"/own-api", "").must(http.StatusNoContent, nil)
	h.do("GET", templatesPath+"/own-api", "").fails(http.StatusNotFound, "own-api")
}

func TestWhoManagesWorkloadTemplates(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	_, member := h.user("user", map[string]string{orchestrator.OrgObject(org): orchestrator.RoleMember})
	h.as(member, "POST", templatesPath, ownTemplate).fails(http.StatusForbidden)
	h.do("POST", templatesPath, ownTemplate).must(http.StatusCreated, nil)
	h.as(member, "POST", templatesPath+"/own-api/actions/instantiate", `{"parameters":{"name":"shop"}}`).must(http.StatusOK, nil)
	h.as(member, "PUT", templatesPath+"/own-api", ownTemplate).fails(http.StatusForbidden)
	h.as(member, "DELETE", templatesPath+"/own-api", "").fails(http.StatusForbidden)
	h.as(h.rival, "GET", templatesPath+"/own-api", "").fails(http.StatusNotFound)
}
