package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/stretchr/testify/require"
)

// published is the router over the published API's own document; nil when the
// document is not on this machine.
var published = sync.OnceValue(func() routers.Router {
	path := os.Getenv("SLIPWAY_REFERENCE")
	if path == "" {
		path = "../../shared/reference/openapi.json"
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	doc, err := openapi3.NewLoader().LoadFromData(withoutForeignPatterns(raw))
	if err != nil {
		panic("the published document cannot be read: " + err.Error())
	}
	// Clients of webhooks rely on null for headers and payload that were not given, which the document forgets.
	if schema := doc.Components.Schemas["JSONFieldResponse"]; schema != nil {
		schema.Value.Nullable = true
	}
	// Two shapes share one name there; what clients read is a map of controllers, by name.
	if schema := doc.Components.Schemas["RuntimeInfoResponseV1"]; schema != nil {
		controllers := openapi3.NewObjectSchema()
		controllers.AdditionalProperties.Schema = doc.Components.Schemas["ControllerResponse"]
		schema.Value.Properties["modules"].Value.AdditionalProperties.Schema = openapi3.NewSchemaRef("", controllers)
	}
	doc.Servers = nil
	doc.Security = nil
	router, err := legacy.NewRouter(doc, openapi3.DisableExamplesValidation(), openapi3.DisableSchemaDefaultsValidation())
	if err != nil {
		panic("the published document cannot be used: " + err.Error())
	}
	return router
})

// withoutForeignPatterns drops regular expressions that Go does not know.
func withoutForeignPatterns(raw []byte) []byte {
	var doc any
	if err := json.Unmarshal(raw, &doc); err != nil {
		panic(err)
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, child := range v {
				walk(child)
			}
		case map[string]any:
			pattern, ok := v["pattern"].(string)
			if _, err := regexp.Compile(pattern); ok && err != nil {
				delete(v, "pattern")
			}
			for _, child := range v {
				walk(child)
			}
		}
	}
	walk(doc)
	out, err := json.Marshal(doc)
	if err != nil {
		panic(err)
	}
	return out
}

func requirePublished(t testing.TB) routers.Router {
	t.Helper()
	if published() == nil {
		t.Skip("the published OpenAPI document is not on this machine; set SLIPWAY_REFERENCE to its path")
	}
	return published()
}

// checkPublished fails when an answer has a status or shape that the published
// API does not declare for the operation. Statuses that every operation may
// have are not declared there.
func checkPublished(t testing.TB, request *http.Request, got answer) {
	t.Helper()
	if published() == nil {
		return
	}
	require.NoError(t, publishedFault(request, got), "%s %s answered %d: %s", request.Method, request.URL.Path, got.Status, got.Body)
}

func publishedFault(request *http.Request, got answer) error {
	bare := httptest.NewRequest(request.Method, request.URL.RequestURI(), nil)
	bare.URL.Path = bare.URL.EscapedPath() // ids with %2F are one segment
	route, params, err := published().FindRoute(bare)
	if err != nil {
		return nil //nolint:nilerr // an operation of our own
	}
	declared := route.Operation.Responses.Status(got.Status)
	switch got.Status {
	case 204: // its declaration has a body in places
		if declared == nil || got.Header.Get("Content-Type") != "" || got.Body != "" {
			return errors.New("204 is not declared, or has a body")
		}
		return nil
	case 400, 401, 403, 404, 409, 413, 429, 503:
		if declared == nil || len(declared.Value.Content) == 0 {
			return nil // in the list of statuses for all operations
		}
	}
	return openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: bare, PathParams: params, Route: route},
		Status:                 got.Status, Header: got.Header,
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
		Body:    readCloser(got.Body),
	})
}

func TestTheCheckAgainstThePublishedAPICanFail(t *testing.T) {
	t.Parallel()
	requirePublished(t)
	request := httptest.NewRequest(http.MethodGet, "/orgs/acme/apps/shop", nil)
	asJSON := http.Header{"Content-Type": []string{"application/json"}}
	require.Error(t, publishedFault(request, answer{Status: 200, Header: asJSON, Body: `{"id":"shop"}`}))
	require.Error(t, publishedFault(request, answer{Status: 201, Header: asJSON, Body: `{}`}))
	require.Error(t, publishedFault(request, answer{Status: 404, Header: asJSON, Body: `"gone"`}))
	deltas := httptest.NewRequest(http.MethodGet, "/orgs/acme/apps/shop/deltas/1", nil)
	require.Error(t, publishedFault(deltas, answer{Status: 404, Header: asJSON, Body: `{"error":"x","message":"y"}`}))
	require.NoError(t, publishedFault(deltas, answer{Status: 404, Header: asJSON, Body: `"gone"`}))
}

type stringBody struct{ *strings.Reader }

func (stringBody) Close() error { return nil }

func readCloser(s string) stringBody { return stringBody{strings.NewReader(s)} }
