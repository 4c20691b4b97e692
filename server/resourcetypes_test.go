package server_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/api"
)

func TestResourceTypeLifeCycle(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	types := resources + "/types"

	var list []api.ResourceType
	h.do("GET", types, "").must(http.StatusOK, &list)
	builtin := len(list)

	var made, replaced api.ResourceType
	h.do("POST", types, `{"type":"acme/s3","use":"direct","inputs_schema":{"anything":["goes",1]}}`).must(http.StatusOK, &made)
	require.Equal(t, api.ResourceType{
		Type: "acme/s3", Name: "acme/s3", Use: "direct", InputsSchema: map[string]any{"anything": []any{"goes", 1.0}}, OutputsSchema: map[string]any{},
	}, made)
	h.do("POST", types, `{"type":"acme/s3","use":"direct"}`).fails(http.StatusConflict, "acme/s3")
	h.do("GET", types, "").must(http.StatusOK, &list)
	require.Len(t, list, builtin+1)
	h.do("GET", types+"/acme%2Fs3", "").must(http.StatusOK, &made)
	h.do("GET", types+"/postgres", "").must(http.StatusOK, nil)

	h.do("PATCH", types+"/acme%2Fs3", `{"name":"Bucket","category":null,"outputs_schema":{"type":"object"}}`).must(http.StatusOK, &made)
	require.Equal(t, "Bucket", made.Name)
	require.Len(t, made.InputsSchema, 1)
	h.do("PUT", types+"/acme%2Fs3", `{"use":"indirect","category":"storage"}`).must(http.StatusOK, &replaced)
	require.Equal(t, api.ResourceType{
		Type: "acme/s3", Name: "acme/s3", Category: "storage", Use: "indirect", InputsSchema: map[string]any{}, OutputsSchema: map[string]any{},
	}, replaced, "PUT unsets what is absent")
	h.do("PUT", types+"/acme%2Fs3", `{}`).fails(http.StatusBadRequest, "use")

	h.do("POST", types+"/acme%2Fs3/classes", `{"id":"large","description":"big ones"}`).must(http.StatusOK, nil)
	h.app("shop")
	def := h.define("bucket", "acme/s3", `[{}]`)
	h.exist("shop", resource.Key{Type: "acme/s3", Class: "default", ID: "shared.b"}, def)
	h.do("DELETE", types+"/acme%2Fs3", "").fails(http.StatusBadRequest, "in use")
	h.do("DELETE", "/orgs/"+org+"/apps/shop/envs/development/resources/acme%2Fs3/shared.b?detach=true", "").must(http.StatusNoContent, nil)
	h.do("DELETE", types+"/acme%2Fs3", "").must(http.StatusNoContent, nil)
	h.do("GET", types+"/acme%2Fs3", "").fails(http.StatusNotFound, "acme/s3")
	h.do("GET", types+"/acme%2Fs3/classes/large", "").fails(http.StatusNotFound)
}

func TestResourceTypeErrors(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	for name, tc := range map[string]struct {
		method, path, body string
		status             int
		parts              []string
	}{
		"built in":          {"POST", "", `{"type":"postgres","use":"direct"}`, http.StatusForbidden, []string{"built in", "acme/postgres"}},
		"no organization":   {"POST", "", `{"type":"bucket","use":"direct"}`, http.StatusBadRequest, []string{"acme/<name>"}},
		"other one":         {"POST", "", `{"type":"rival/s3","use":"direct"}`, http.StatusBadRequest, []string{"acme/<name>"}},
		"no name":           {"POST", "", `{"type":"acme/","use":"direct"}`, http.StatusBadRequest, []string{"type"}},
		"two slashes":       {"POST", "", `{"type":"acme/a/b","use":"direct"}`, http.StatusBadRequest, []string{"type"}},
		"dot":               {"POST", "", `{"type":"acme/a.b","use":"direct"}`, http.StatusBadRequest, []string{"type"}},
		"unknown use":       {"POST", "", `{"type":"acme/a","use":"sometimes"}`, http.StatusBadRequest, []string{"use", "sometimes"}},
		"schema no object":  {"POST", "", `{"type":"acme/a","use":"direct","inputs_schema":[]}`, http.StatusBadRequest, []string{"inputs_schema"}},
		"put built in":      {"PUT", "/s3", `{"use":"direct"}`, http.StatusForbidden, []string{"built in"}},
		"patch built in":    {"PATCH", "/s3", `{}`, http.StatusForbidden, []string{"built in"}},
		"delete built in":   {"DELETE", "/s3", "", http.StatusForbidden, []string{"built in"}},
		"put unknown":       {"PUT", "/acme%2Fnope", `{"use":"direct"}`, http.StatusNotFound, []string{"acme/nope"}},
		"delete unknown":    {"DELETE", "/acme%2Fnope", "", http.StatusNotFound, []string{"acme/nope"}},
		"class of nothing":  {"POST", "/acme%2Fnope/classes", `{"id":"ab","description":""}`, http.StatusNotFound, []string{"acme/nope"}},
		"class too short":   {"POST", "/s3/classes", `{"id":"a","description":""}`, http.StatusBadRequest, []string{"id"}},
		"class upper case":  {"POST", "/s3/classes", `{"id":"Big","description":""}`, http.StatusBadRequest, []string{"Big"}},
		"class unknown":     {"PATCH", "/s3/classes/nope", `{"description":""}`, http.StatusNotFound, []string{"nope"}},
		"class deleted yet": {"DELETE", "/s3/classes/nope", "", http.StatusNotFound, []string{"nope"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := *h.harness
			h.t = t
			h.do(tc.method, resources+"/types"+tc.path, tc.body).fails(tc.status, tc.parts...)
		})
	}
}

func TestResourceClassLifeCycle(t *testing.T) {
	t.Parallel()
	h := newPlatform(t)
	classes := resources + "/types/postgres/classes"
	var made api.ResourceClass
	h.do("POST", classes, `{"id":"ha","description":"two of them"}`).must(http.StatusOK, &made)
	require.Equal(t, "postgres", made.ResourceType)
	h.do("POST", classes, `{"id":"ha","description":"again"}`).fails(http.StatusConflict, "ha")
	h.do("PATCH", classes+"/ha", `{"description":"three"}`).must(http.StatusOK, &made)
	require.Equal(t, "three", made.Description)
	var list []api.ResourceClass
	h.do("GET", resources+"/classes", "").must(http.StatusOK, &list)
	require.Equal(t, []api.ResourceClass{made}, list)
	h.do("DELETE", classes+"/ha", "").must(http.StatusNoContent, nil)
	h.do("GET", classes+"/ha", "").fails(http.StatusNotFound)
}
