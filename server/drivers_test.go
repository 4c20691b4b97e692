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
		"userinfo":        {"POST", "", `{"id":"own","type":"dns","target":"https://me:hunter22@x.test/"}`, http.StatusBadRequest, []string{"target", "user or a password"}},
		"query":           {"POST", "", `{"id":"own","type":"dns","target":"https://x.test/?a=b"}`, http.StatusBadRequest, []string{"target", "prefix"}},
		"no host":         {"POST", "", `{"id":"own","type":"dns","target":"https://:80/"}`, http.StatusBadRequest, []string{"target"}},
		"account type":    {"POST", "", `{"id":"own","type":"dns","account_types":["aws",""],"target":"https://x.test"}`, http.StatusBadRequest, []string{"account_types[1]"}},
		"bad template":    {"POST", "", `{"id":"own","type":"dns","target":"driver://humanitec/static","template":"{{ if }}"}`, http.StatusBadRequest, []string{"template line 1"}},
		"bad leaf":        {"POST", "", `{"id":"own","type":"dns","target":"driver://humanitec/static","template":{"values":{"a":["{{ .x"]}}}`, http.StatusBadRequest, []string{"template.values.a[0]"}},
		"other org":       {"POST", "", `{"id":"own","type":"dns","target":"driver://rival/dns"}`, http.StatusBadRequest, []string{"rival/dns"}},
		"put unknown":     {"PUT", "/nope", `{"type":"dns","target":"https://x.test"}`, http.StatusNotFound, []string{"nope"}},
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

func TestVirtualDriversStandOnSomething(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	list := resources + "/drivers"
	driver := func(id, target string) string {
		return `{"id":"` + id + `","type":"dns","account_types":[],"inputs_schema":{},"target":"` + target + `"}`
	}
	h.do("POST", list, driver("one", "https://drivers.test/dns")).must(http.StatusOK, nil)
	for i, id := range []string{"two", "three", "four", "five", "six"} {
		below := []string{"one", "two", "three", "four", "five"}[i]
		h.do("POST", list, driver(id, "driver://acme/"+below)).must(http.StatusOK, nil)
	}
	h.do("POST", list, driver("seven", "driver://acme/six")).fails(http.StatusBadRequest, "target", "more than 5", "acme/seven -> acme/six")
	h.do("PUT", list+"/one", driver("one", "driver://acme/three")).fails(http.StatusBadRequest, "target", "built on itself")
	h.do("PUT", list+"/one", driver("one", "driver://humanitec/echo")).fails(http.StatusBadRequest, "more than 5", "acme/six")
	h.do("PUT", list+"/six", driver("six", "driver://humanitec/echo")).must(http.StatusOK, nil)
	h.do("PUT", list+"/one", driver("one", "driver://humanitec/echo")).must(http.StatusOK, nil)
}

func TestDefinitionsMatchTheSchemaOfTheirDriver(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	h.do("POST", resources+"/drivers", `{"id":"own-dns","type":"dns","account_types":["aws"],"target":"https://drivers.test/dns","inputs_schema":{
		"type":"object","additionalProperties":false,"required":["values","secrets"],"properties":{
			"values":{"type":"object","required":["zone"],"additionalProperties":false,"properties":{
				"zone":{"type":"string","pattern":"^[a-z.]+$"},"ttl":{"type":"integer","minimum":1},"tags":{"type":"array","items":{"enum":["a","b"]}}}},
			"secrets":{"type":"object","required":["key"],"properties":{"key":{"type":"string","minLength":3},"account":{"type":"object"}}}}}}`).must(http.StatusOK, nil)
	define := func(id, inputs, more string) string {
		return `{"id":"` + id + `","name":"x","type":"dns","driver_type":"acme/own-dns","driver_inputs":` + inputs + more + `}`
	}
	defs := resources + "/defs"
	for name, tc := range map[string]struct {
		inputs string
		parts  []string
	}{
		"nothing":       {`{}`, []string{"/values", "zone", "secrets"}},
		"wrong type":    {`{"values":{"zone":"x","ttl":"soon"},"secrets":{"key":"abc"}}`, []string{"/values/ttl"}},
		"wrong value":   {`{"values":{"zone":"X"},"secrets":{"key":"abc"}}`, []string{"/values/zone"}},
		"too much":      {`{"values":{"zone":"x","zune":"x"},"secrets":{"key":"abc"}}`, []string{"/values", "zune"}},
		"in a list":     {`{"values":{"zone":"x","tags":["a","c"]},"secrets":{"key":"abc"}}`, []string{"/values/tags/1"}},
		"secret absent": {`{"values":{"zone":"x"},"secrets":{"kee":"abcdef"}}`, []string{"/secrets", "key"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := *h.harness
			h.t = t
			h.do("POST", defs, define("def-"+name[:2], tc.inputs, "")).fails(http.StatusBadRequest, append(tc.parts, "acme/own-dns")...)
		})
	}
	// What a placeholder or a secret will be is not known yet.
	h.do("POST", defs, define("later", `{"values":{"zone":"${context.env.id}","ttl":"${values.TTL}","tags":["${values.TAG}","a"]},"secret_refs":{"key":{"value":"${values.KEY}"}}}`, `,"driver_account":"mine"`)).must(http.StatusOK, nil)
	h.do("POST", defs, define("good", `{"values":{"zone":"x","ttl":5},"secrets":{"key":"k"}}`, "")).must(http.StatusOK, nil)
	h.do("PATCH", defs+"/good", `{"driver_inputs":{"values":{"ttl":0}}}`).fails(http.StatusBadRequest, "/values/ttl")
	h.do("PUT", defs+"/good", `{"name":"x","driver_inputs":{"values":{"ttl":1},"secrets":{"key":"abc"}}}`).fails(http.StatusBadRequest, "zone")
	h.do("PATCH", defs+"/good", `{"driver_inputs":{"values":{"ttl":7}}}`).must(http.StatusOK, nil)
}

func TestDriverInUseListsItsUsers(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	list := resources + "/drivers"
	h.do("POST", list, `{"id":"own","type":"dns","account_types":[],"inputs_schema":{},"target":"https://drivers.test/dns"}`).must(http.StatusOK, nil)
	h.do("POST", list, `{"id":"above","type":"dns","account_types":[],"inputs_schema":{},"target":"driver://acme/own"}`).must(http.StatusOK, nil)
	h.do("POST", resources+"/defs", `{"id":"dns-a","name":"a","type":"dns","driver_type":"acme/own"}`).must(http.StatusOK, nil)
	h.do("POST", resources+"/defs", `{"id":"dns-b","name":"b","type":"dns","driver_type":"acme/own"}`).must(http.StatusOK, nil)
	h.do("DELETE", list+"/own", "").fails(http.StatusConflict, "driver above", "resource definition dns-a", "resource definition dns-b")
}

func TestWorkloadProfiles(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	profiles := "/orgs/" + org + "/workload-profiles"
	var list []api.WorkloadProfile
	h.do("GET", profiles, "").must(http.StatusOK, &list)
	require.Len(t, list, 5)
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

	first := h.do("GET", profiles+"?per_page=3", "").must(http.StatusOK, &list)
	require.Len(t, list, 3)
	next := nextPage(t, first)
	last := h.do("GET", next, "").must(http.StatusOK, &list)
	require.Len(t, list, 2)
	require.Empty(t, last.Header.Get("Link"))
	h.do("GET", profiles+"?page=nonsense", "").fails(http.StatusBadRequest, "page")
}
