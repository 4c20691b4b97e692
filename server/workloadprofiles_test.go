package server_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/charts/charttest"
	"github.com/slipway-dev/slipway/orchestrator"
)

const (
	profilesPath = "/orgs/" + org + "/workload-profiles"
	chartsPath   = "/orgs/" + org + "/workload-profile-chart-versions"
)

// upload sends a chart as a form.
func (h *harness) upload(token, part string, archive []byte) answer {
	h.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile(part, "chart.tgz")
	require.NoError(h.t, err)
	_, err = file.Write(archive)
	require.NoError(h.t, err)
	require.NoError(h.t, form.Close())
	request := httptest.NewRequest(http.MethodPost, chartsPath, &body)
	request.Header.Set("Content-Type", form.FormDataContentType())
	request.Header.Set("Authorization", "Bearer "+token)
	recorder := httptest.NewRecorder()
	h.server.Handler().ServeHTTP(recorder, request)
	got := answer{t: h.t, Status: recorder.Code, Header: recorder.Header(), Body: recorder.Body.String()}
	checkPublished(h.t, request, got)
	return got
}

func TestOwnWorkloadProfiles(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	var chart map[string]any
	h.upload(h.token, "file", charttest.Chart(t, "web", "1.0.0", "a: 1")).must(http.StatusCreated, &chart)
	require.Equal(t, "web", chart["id"])
	require.Equal(t, "1.0.0", chart["version"])
	h.upload(h.token, "file", charttest.Chart(t, "web", "1.0.0", "a: 2")).fails(http.StatusConflict, "web 1.0.0")
	h.upload(h.token, "file", charttest.Chart(t, "web", "1.1.0", "a: 1")).must(http.StatusCreated, nil)
	h.upload(h.token, "file", []byte("nothing")).fails(http.StatusBadRequest, ".tgz")
	h.upload(h.token, "other", charttest.Chart(t, "web", "1.2.0", "a: 1")).fails(http.StatusBadRequest, "file")
	h.do("POST", chartsPath, `{}`).fails(http.StatusBadRequest, "multipart")
	var charts []map[string]any
	h.do("GET", chartsPath+"?id=web&version=1.1.0", "").must(http.StatusOK, &charts)
	require.Len(t, charts, 1)
	page := h.do("GET", chartsPath+"?per_page=1", "").must(http.StatusOK, &charts)
	require.Equal(t, "1.1.0", charts[0]["version"])
	require.Contains(t, page.Header.Get("Link"), `rel="next"`)

	const body = `{"id":"web","version":"v1","description":"serves","spec_definition":{"properties":{"containers":{"type":"collection","feature_name":"humanitec/containers","properties":{"image":{"type":"feature","feature_name":"humanitec/image","ui_hints":{"order":1}}}},
		"size":{"type":"schema","schema":{"type":"integer"}}},"runtime_properties":[{"type":"feature","feature_name":"humanitec/replicas"}]},"workload_profile_chart":{"id":"web","version":"latest"}}`
	var v map[string]any
	h.do("POST", profilesPath, body).must(http.StatusCreated, &v)
	require.Equal(t, "web", v["id"])
	require.Equal(t, org, v["org_id"])
	require.Contains(t, fmt.Sprint(v["spec_schema"]), "integer")
	require.Contains(t, fmt.Sprint(v["spec_definition"]), "humanitec/containers")
	h.do("POST", profilesPath, body).fails(http.StatusConflict, "web")
	for _, qid := range []string{"web", org + "%2Fweb", "humanitec%2Fdefault-module", "default-cronjob"} {
		h.do("GET", profilesPath+"/"+qid, "").must(http.StatusOK, nil)
		h.do("GET", profilesPath+"/"+qid+"/versions", "").must(http.StatusOK, nil)
		h.do("GET", profilesPath+"/"+qid+"/versions/latest", "").must(http.StatusOK, nil)
	}
	const change = `{"spec_definition":{},"deprecation_message":"use humanitec/default-module","workload_profile_chart":{"id":"web","version":"1.0.0"}}`
	h.do("PUT", profilesPath+"/"+org+"%2Fweb", change).must(http.StatusOK, &v)
	require.NotEqual(t, "v1", v["version"], "a version is made up")
	h.do("PUT", profilesPath+"/web", `{"version":"v1","spec_definition":{},"workload_profile_chart":{"id":"web","version":"1.0.0"}}`).fails(http.StatusConflict, "v1")
	var versions []map[string]any
	h.do("GET", profilesPath+"/web/versions", "").must(http.StatusOK, &versions)
	require.Len(t, versions, 2)
	require.Equal(t, v["version"], versions[0]["version"])
	require.Equal(t, "v1", versions[1]["version"])

	listed := func(query string) (ids []string) {
		var all []struct{ ID string }
		h.do("GET", profilesPath+query, "").must(http.StatusOK, &all)
		for _, p := range all {
			ids = append(ids, p.ID)
		}
		return ids
	}
	require.Equal(t, []string{"default-cronjob", "default-daemonset", "default-job", "default-module", "default-statefulset"}, listed(""), "a deprecated one is not shown")
	require.Equal(t, []string{"default-cronjob", "default-daemonset", "default-job", "default-module", "default-statefulset", "web"}, listed("?deprecated=true"))
	h.do("DELETE", profilesPath+"/web", "").must(http.StatusNoContent, nil)
	h.do("GET", profilesPath+"/web", "").fails(http.StatusNotFound, "web")
	h.do("DELETE", profilesPath+"/web", "").fails(http.StatusNotFound, "web")
}

func TestWorkloadProfilesThatAreRefused(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.upload(h.token, "file", charttest.Chart(t, "web", "1.0.0", "a: 1")).must(http.StatusCreated, nil)
	with := func(definition string) string {
		return `{"id":"web","spec_definition":` + definition + `,"workload_profile_chart":{"id":"web","version":"1.0.0"}}`
	}
	for name, c := range map[string]struct {
		body string
		want []string
	}{
		"bad id":           {`{"id":"W","spec_definition":{},"workload_profile_chart":{"id":"web","version":"1.0.0"}}`, []string{"id"}},
		"no definition":    {`{"id":"web","workload_profile_chart":{"id":"web","version":"1.0.0"}}`, []string{"spec_definition"}},
		"no chart":         {`{"id":"web","spec_definition":{}}`, []string{"workload_profile_chart"}},
		"unknown chart":    {`{"id":"web","spec_definition":{},"workload_profile_chart":{"id":"other","version":"latest"}}`, []string{"other"}},
		"unknown version":  {`{"id":"web","spec_definition":{},"workload_profile_chart":{"id":"web","version":"9.9.9"}}`, []string{"9.9.9"}},
		"reserved version": {`{"id":"web","version":"latest","spec_definition":{},"workload_profile_chart":{"id":"web","version":"1.0.0"}}`, []string{"version"}},
		"unknown feature":  {with(`{"properties":{"a":{"type":"feature","feature_name":"humanitec/none"}}}`), []string{"spec_definition.properties.a.feature_name", "humanitec/image"}},
		"unknown type":     {with(`{"properties":{"a":{"type":"thing"}}}`), []string{"a.type"}},
		"no schema":        {with(`{"properties":{"a":{"type":"schema"}}}`), []string{"a.schema"}},
		"broken schema":    {with(`{"properties":{"a":{"type":"schema","schema":{"type":"nothing"}}}}`), []string{"a.schema"}},
		"deep inside":      {with(`{"properties":{"a":{"type":"collection","properties":{"b":{"type":"x"}}}}}`), []string{"a.properties.b.type"}},
		"runtime":          {with(`{"runtime_properties":[{"type":"schema"}]}`), []string{"runtime_properties[0]"}},
		"a list":           {with(`{"properties":[]}`), []string{"properties"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := h.do("POST", profilesPath, c.body)
			got.t = t
			got.fails(http.StatusBadRequest, c.want...)
		})
	}
	h.do("PUT", profilesPath+"/humanitec%2Fdefault-module", with(`{}`)).fails(http.StatusBadRequest, "another organization")
	h.do("DELETE", profilesPath+"/default-module", "").fails(http.StatusBadRequest, "another organization")
	h.do("DELETE", profilesPath+"/"+otherOrg+"%2Fweb", "").fails(http.StatusNotFound)
}

func TestWhoManagesWorkloadProfiles(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	_, member := h.user("user", map[string]string{orchestrator.OrgObject(org): orchestrator.RoleManager})
	archive := charttest.Chart(t, "web", "1.0.0", "a: 1")
	h.upload(member, "file", archive).fails(http.StatusForbidden)
	h.upload(h.rival, "file", archive).fails(http.StatusNotFound)
	h.upload(h.token, "file", archive).must(http.StatusCreated, nil)
	const body = `{"id":"web","spec_definition":{},"workload_profile_chart":{"id":"web","version":"1.0.0"}}`
	h.as(member, "POST", profilesPath, body).fails(http.StatusForbidden)
	h.do("POST", profilesPath, body).must(http.StatusCreated, nil)
	h.as(member, "GET", profilesPath+"/web", "").must(http.StatusOK, nil)
	h.as(member, "PUT", profilesPath+"/web", body).fails(http.StatusForbidden)
	h.as(member, "DELETE", profilesPath+"/web", "").fails(http.StatusForbidden)
	h.as(h.rival, "GET", profilesPath+"/web", "").fails(http.StatusNotFound)
	h.as(h.rival, "GET", chartsPath, "").fails(http.StatusNotFound)
}
