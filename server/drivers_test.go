package server_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
)

func TestDriverLifeCycle(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	list := resources + "/drivers"

	var made, replaced api.Driver
	body := `{"id":"own-dns","type":"dns","account_types":["aws"],"inputs_schema":{"a":1},"target":"driver://humanitec/static","template":{"x":["{{ .y }}",2]}}`
	h.do("POST", list, body).must(http.StatusOK, &made)
	require.Equal(t, map[string]any{"x": []any{"{{ .y }}", 2.0}}, made.Template)
	require.Equal(t, org, made.OrgID)
	h.do("POST", list, body).fails(http.StatusConflict, "own-dns")
	h.do("PUT", list+"/own-dns", `{"type":"dns","account_types":[],"inputs_schema":{},"target":"https://drivers.test/dns/"}`).must(http.StatusOK, &replaced)
	require.Nil(t, replaced.Template)
	require.Equal(t, "https://drivers.test/dns/", replaced.Target)

	var all []api.Driver
	h.do("GET", list, "").must(http.StatusOK, &all)
	require.Equal(t, "own-dns", all[0].ID, "own ones first")
	require.Greater(t, len(all), 20)
	h.do("GET", list+"/own-dns", "").must(http.StatusOK, &made)
	h.do("GET", list+"/template", "").must(http.StatusOK, &made)
	require.Equal(t, "humanitec", made.OrgID)
	h.do("GET", list+"/humanitec%2Ftemplate", "").must(http.StatusOK, nil)

	h.do("POST", resources+"/defs", `{"id":"dns","name":"dns","type":"dns","driver_type":"acme/own-dns"}`).must(http.StatusOK, nil)
	h.do("DELETE", list+"/own-dns", "").fails(http.StatusConflict, "resource definition dns")
	h.do("DELETE", resources+"/defs/dns", "").must(http.StatusNoContent, nil)
	h.do("POST", list, `{"id":"second","type":"dns","account_types":[],"inputs_schema":{},"target":"driver://acme/own-dns"}`).must(http.StatusOK, nil)
	h.do("DELETE", list+"/own-dns", "").fails(http.StatusConflict, "driver second")
	h.do("DELETE", list+"/second", "").must(http.StatusNoContent, nil)
	h.do("DELETE", list+"/own-dns", "").must(http.StatusNoContent, nil)
	h.do("GET", list+"/own-dns", "").fails(http.StatusNotFound, "own-dns")
}

func TestDriverErrors(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	for name, tc := range map[string]struct {
		method, path, body string
		status             int
		parts              []string
	}{
		"short id":        {"POST", "", `{"id":"ab","type":"dns","target":"https://x.test"}`, http.StatusBadRequest, []string{"id"}},
		"no target":       {"POST", "", `{"id":"own","type":"dns"}`, http.StatusBadRequest, []string{"target"}},
		"file target":     {"POST", "", `{"id":"own","type":"dns","target":"file:///etc/passwd"}`, http.StatusBadRequest, []string{"target"}},
		"unknown virtual": {"POST", "", `{"id":"own","type":"dns","target":"driver://humanitec/statik"}`, http.StatusBadRequest, []string{"humanitec/static"}},
		"on itself":       {"POST", "", `{"id":"own","type":"dns","target":"driver://acme/own"}`, http.StatusBadRequest, []string{"itself"}},
		"no type":         {"POST", "", `{"id":"own","target":"https://x.test"}`, http.StatusBadRequest, []string{"type"}},
		"typo in type":    {"POST", "", `{"id":"own","type":"postgrse","target":"https://x.test"}`, http.StatusBadRequest, []string{"postgres"}},
		"put built in":    {"PUT", "/echo", `{"type":"dns","target":"https://x.test"}`, http.StatusForbidden, []string{"built in"}},
		"delete built in": {"DELETE", "/echo", "", http.StatusForbidden, []string{"built in"}},
		"delete unknown":  {"DELETE", "/nope", "", http.StatusNotFound, []string{"nope"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := *h.harness
			h.t = t
			h.do(tc.method, resources+"/drivers"+tc.path, tc.body).fails(tc.status, tc.parts...)
		})
	}
}

func TestWorkloadProfiles(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	profiles := "/orgs/" + org + "/workload-profiles"
	var list []api.WorkloadProfile
	h.do("GET", profiles, "").must(http.StatusOK, &list)
	require.Len(t, list, 3)
	var one api.WorkloadProfile
	for _, name := range []string{"humanitec%2Fdefault-module", "default-module"} {
		h.do("GET", profiles+"/"+name, "").must(http.StatusOK, &one)
		require.Equal(t, "default-module", one.ID)
		require.Contains(t, one.SpecDefinition["properties"], "containers")
	}
	h.do("GET", profiles+"/nope", "").fails(http.StatusNotFound, "nope")
	var versions []api.WorkloadProfileVersion
	h.do("GET", profiles+"/humanitec%2Fdefault-job/versions", "").must(http.StatusOK, &versions)
	require.Len(t, versions, 1)
	var latest api.WorkloadProfileVersion
	h.do("GET", profiles+"/humanitec%2Fdefault-job/versions/latest", "").must(http.StatusOK, &latest)
	require.Equal(t, versions[0], latest)
	var features []api.WorkloadProfileFeature
	h.do("GET", "/orgs/"+org+"/workload-profile-features", "").must(http.StatusOK, &features)
	require.NotEmpty(t, features)
	h.as(h.rival, "GET", profiles, "").fails(http.StatusNotFound, org)

	first := h.do("GET", profiles+"?per_page=2", "").must(http.StatusOK, &list)
	require.Len(t, list, 2)
	next := nextPage(t, first)
	last := h.do("GET", next, "").must(http.StatusOK, &list)
	require.Len(t, list, 1)
	require.Empty(t, last.Header.Get("Link"))
	h.do("GET", profiles+"?page=nonsense", "").fails(http.StatusBadRequest, "page")
}
