package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/server"
)

// fill puts ids into a route's path.
func fill(r server.Route, ids map[string]string) string {
	path := r.Path
	for name, id := range ids {
		path = strings.ReplaceAll(path, "{"+name+"}", id)
	}
	for strings.Contains(path, "{") {
		open, end := strings.Index(path, "{"), strings.Index(path, "}")
		path = path[:open] + "none" + path[end+1:]
	}
	return path
}

func TestEveryRouteOfAnotherOrganizationIsUnknown(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.app("shop")
	h.do("POST", "/orgs/"+org+"/apps/shop/values", `{"key":"KEY","description":"","value":"v"}`).must(http.StatusCreated, nil)
	ids := map[string]string{"orgId": org, "appId": "shop", "envId": "development", "envTypeId": "development", "key": "KEY", "userId": h.admin.ID, "tokenId": "local-admin"}
	for _, r := range server.Routes() {
		if len(r.Path) < 7 || !strings.Contains(r.Path, "{") {
			continue
		}
		body := ""
		if r.Request != nil {
			body = bodyOf(t, r)
		}
		got, request := h.raw(h.rival, r.Method, fill(r, ids), body)
		require.Equal(t, http.StatusNotFound, got.Status, "%s %s: %s", r.Method, r.Path, got.Body)
		checkPublished(t, request, got)
		got, _ = h.raw("", r.Method, fill(r, ids), body)
		if r.Open { // nothing is known of whom it does not know, either
			require.Equal(t, http.StatusNotFound, got.Status, "%s %s", r.Method, r.Path)
			continue
		}
		require.Equal(t, http.StatusUnauthorized, got.Status, "%s %s", r.Method, r.Path)
	}
}

// bodyOf is a body of the right type for a route, otherwise empty.
func bodyOf(t *testing.T, r server.Route) string {
	t.Helper()
	raw, err := json.Marshal(r.Request)
	require.NoError(t, err)
	if string(raw) == "null" {
		if reflect.TypeOf(r.Request).Kind() == reflect.Map {
			return "{}"
		}
		return "[]"
	}
	return string(raw)
}

func TestNoBodyIsAFaultOfTheServer(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.app("shop")
	var delta string
	h.do("POST", "/orgs/"+org+"/apps/shop/deltas", `{}`).must(http.StatusOK, &delta)
	var deploy api.Deployment
	h.do("POST", "/orgs/"+org+"/apps/shop/envs/development/deploys", `{}`).must(http.StatusCreated, &deploy)
	ids := map[string]string{"orgId": org, "appId": "shop", "envId": "development", "envTypeId": "development", "userId": h.admin.ID,
		"deltaId": delta, "setId": "0", "sourceSetId": "00", "deployId": deploy.ID}
	bodies := []string{
		"", " ", "null", "{", "[", "]", `"`, `"text"`, "7", "-1e999", "true", "[]", "{}", "[null]", "[[]]", `[{}]`, `[1,"a",null,{}]`,
		`{"id":null}`, `{"id":{},"name":[],"key":7,"value":{},"spec":"x","modules":[],"shared":{},"metadata":1}`,
		`{"modules":{"add":{"a":1},"remove":{"a":1},"update":[]}}`, `{"modules":null,"shared":null,"workloads":null}`,
		`{"metadata":{"env_id":7}}`, `{"a":1}{"b":2}`, "{} x", "\xff\xfe", `{"id":"\u0000"}`, `{"id":"\ud800"}`,
		strings.Repeat("[", 100_000), strings.Repeat(`{"a":`, 190) + "1" + strings.Repeat("}", 190),
		`{"id":"` + strings.Repeat("x", 100_000) + `","name":"n","key":"` + strings.Repeat("k", 100_000) + `","type":"static"}`,
		`{"driver_inputs":{"values":7},"criteria":[[]],"provision":{"":null},"type":"","driver_type":"/"}`,
	}
	for _, r := range server.Routes() {
		if r.OperationID == "deleteApplication" {
			continue // all others would find nothing
		}
		path := fill(r, ids)
		for _, body := range bodies {
			if r.Request == nil && body != "" {
				break
			}
			got, request := h.raw(h.token, r.Method, path, body)
			require.Less(t, got.Status, 500, "%s %s with %.60q: %s", r.Method, path, body, got.Body)
			checkPublished(t, request, got)
		}
		for _, query := range []string{"?limit=x", "?limit=-1", "?limit=99999999999999999999", "?after=%00", "?archived=7", "?%zz", "?deleted=maybe", "?per_page=x"} {
			got, _ := h.raw(h.token, r.Method, path+query, "")
			require.Less(t, got.Status, 500, "%s %s: %s", r.Method, path+query, got.Body)
		}
	}
}

func TestPathParameters(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	types := "/orgs/" + org + "/env-types/"
	for given, seen := range map[string]string{
		"my-org%2Fs3":      "my-org/s3",
		"a%20b":            "a b",
		"a+b":              "a+b",
		"100%25":           "100%",
		"my%2Forg%20x%25":  "my/org x%",
		"v1.2.3":           "v1.2.3",
		"%2E%2E":           "..",
		"caf%C3%A9":        "café",
		"a%252Fb":          "a%2Fb",
		"%22quoted%22":     `\"quoted\"`,
		"a%3Fb%23c":        "a?b#c",
		"a;b=c,d@e:f&g=$h": "a;b=c,d@e:f&g=$h",
	} {
		got := h.do("GET", types+given, "")
		got.fails(http.StatusNotFound)
		require.Contains(t, got.Body, strings.ReplaceAll(seen, `\"`, `\\\"`), given)
	}
	h.do("GET", types+"a%00b", "").fails(http.StatusBadRequest, "envTypeId", "NUL")
	h.do("GET", types+"%ff", "").fails(http.StatusBadRequest, "UTF-8")
}

func TestUnknownPathsAndMethods(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("GET", "/nothing/here", "").fails(http.StatusNotFound, "/nothing/here")
	h.do("DELETE", "/orgs", "").fails(http.StatusMethodNotAllowed, "DELETE")
	h.do("GET", "/orgs/", "").fails(http.StatusNotFound)
}

func TestContentTypeDoesNotMatter(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	request := httptest.NewRequest(http.MethodPost, "/orgs/"+org+"/env-types", strings.NewReader(`{"id":"qa"}`))
	request.Header.Set("Authorization", "bearer "+h.token)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	recorder := httptest.NewRecorder()
	h.server.Handler().ServeHTTP(recorder, request)
	require.Equal(t, http.StatusCreated, recorder.Code, recorder.Body)
}

func TestHeadersOfAnswers(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	got := h.do("GET", "/orgs", "")
	require.Equal(t, "nosniff", got.Header.Get("X-Content-Type-Options"))
	require.Equal(t, "no-store", got.Header.Get("Cache-Control"))
	require.NotEmpty(t, got.Header.Get(echo.HeaderXRequestID))
	require.Empty(t, got.Header.Get("Access-Control-Allow-Origin"))
	require.Equal(t, "application/json", got.Header.Get("Content-Type"))
}

func TestOpenEndpoints(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.as("", "GET", "/healthz", "").must(http.StatusOK, nil)
	h.as("", "GET", "/readyz", "").must(http.StatusOK, nil)
	h.workflows.fail(orchestrator.Errorf(orchestrator.CodeUnavailable, "the workflow engine is away"))
	h.as("", "GET", "/readyz", "").fails(http.StatusServiceUnavailable, "away")
	h.as("", "GET", "/healthz", "").must(http.StatusOK, nil)
	h.do("GET", "/orgs/"+org+"/env-types/none", "")
	metrics := h.as("", "GET", "/metrics", "").must(http.StatusOK, nil).Body
	require.Contains(t, metrics, `slipway_http_requests_total{method="GET",route="/orgs/:orgId/env-types/:envTypeId",status="404"} 1`)
	require.Contains(t, metrics, "slipway_http_request_duration_seconds_bucket")

	page := h.as("", "GET", "/docs/", "").must(http.StatusOK, nil)
	require.Contains(t, page.Header.Get("Content-Security-Policy"), "script-src 'self'")
	require.NotContains(t, page.Body, "http://")
	require.NotContains(t, page.Body, "https://")
	h.as("", "GET", "/docs/docs.js", "").must(http.StatusOK, nil)
	h.as("", "GET", "/docs/docs.css", "").must(http.StatusOK, nil)
	h.as("", "GET", "/docs", "").must(http.StatusMovedPermanently, nil)
	h.as("", "GET", "/docs/nope", "").must(http.StatusNotFound, nil)
	h.as("", "GET", "/docs/%2e%2e/server.go", "").must(http.StatusNotFound, nil)
}

func TestOpenAPIDocument(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	body := h.as("", "GET", "/openapi.json", "").must(http.StatusOK, nil).Body
	doc, err := openapi3.NewLoader().LoadFromData([]byte(body))
	require.NoError(t, err)
	require.NoError(t, doc.Validate(t.Context()))
	operations, ids := 0, map[string]bool{}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			operations++
			require.NotEmpty(t, op.Summary, "%s %s", method, path)
			require.NotEmpty(t, op.Tags, "%s %s", method, path)
			require.False(t, ids[op.OperationID], op.OperationID)
			ids[op.OperationID] = true
		}
	}
	require.Equal(t, len(server.Routes()), operations, "every route is in the document once")
	for name, schema := range doc.Components.Schemas {
		for field, property := range schema.Value.Properties {
			if property.Ref == "" && property.Value.Description == "" && name != "PatchOperation" && name != "PlainDelta" && !strings.HasPrefix(name, "DeltaChanges") {
				t.Errorf("%s.%s has no description", name, field)
			}
		}
	}
	for _, r := range server.Routes() {
		op := doc.Paths.Value(r.Path).GetOperation(r.Method)
		require.Equal(t, r.Open, op.Security != nil && len(*op.Security) == 0, "%s says whether it needs a token", r.OperationID)
		want := "#/components/schemas/Error"
		if r.PlainError {
			want = "#/components/schemas/PlainError"
		}
		require.Equal(t, want, op.Responses.Default().Value.Content.Get("application/json").Schema.Ref, r.OperationID)
	}
	require.Equal(t, []any{"app", "env"}, doc.Components.Schemas["Value"].Value.Properties["source"].Value.Enum)
	require.True(t, doc.Components.Schemas["Value"].Value.Properties["secret_key"].Value.Nullable)
}

func TestNothingSecretIsLogged(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.do("GET", "/orgs?token="+h.token, "")
	h.do("POST", "/orgs/"+org+"/apps", `{"id":"s","name":"not-for-logs"}`)
	require.NotContains(t, h.logs.String(), h.token)
	require.NotContains(t, h.logs.String(), "not-for-logs")
	require.Contains(t, h.logs.String(), `"route":"/orgs"`)
	require.Contains(t, h.logs.String(), fmt.Sprintf(`"user":%q`, h.admin.ID))
}
