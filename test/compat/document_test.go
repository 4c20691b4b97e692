package compat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/stretchr/testify/require"
)

// document is an OpenAPI document and the router over its operations.
type document struct {
	doc    *openapi3.T
	router routers.Router
}

// operation names one: GET /orgs/{orgId}.
type operation struct{ method, path string }

func (o operation) String() string { return o.method + " " + o.path }

var parameter = regexp.MustCompile(`\{[^}]*\}`)

// shape is the operation whatever its path parameters are called.
func (o operation) shape() string { return o.method + " " + parameter.ReplaceAllString(o.path, "{}") }

// publishedDocument reads the published document; nil when it is not here.
func publishedDocument(t *testing.T) *document {
	t.Helper()
	path := os.Getenv("SLIPWAY_REFERENCE")
	if path == "" {
		path = "../../../shared/reference/openapi.json"
	}
	raw, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	require.NoError(t, err)
	return parseDocument(t, raw)
}

func parseDocument(t *testing.T, raw []byte) *document {
	t.Helper()
	var tree any
	require.NoError(t, json.Unmarshal(raw, &tree))
	dropForeignPatterns(tree)
	raw, err := json.Marshal(tree)
	require.NoError(t, err)
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	require.NoError(t, err)
	doc.Servers, doc.Security = nil, nil
	// Two shapes of the published document share one name; of a runtime, clients read a map of controllers, by name.
	if schema := doc.Components.Schemas["RuntimeInfoResponseV1"]; schema != nil {
		controllers := openapi3.NewObjectSchema()
		controllers.AdditionalProperties.Schema = doc.Components.Schemas["ControllerResponse"]
		schema.Value.Properties["modules"].Value.AdditionalProperties.Schema = openapi3.NewSchemaRef("", controllers)
	}
	router, err := legacy.NewRouter(doc, openapi3.DisableExamplesValidation(), openapi3.DisableSchemaDefaultsValidation())
	require.NoError(t, err)
	return &document{doc: doc, router: router}
}

// dropForeignPatterns drops regular expressions that Go does not know.
func dropForeignPatterns(node any) {
	switch node := node.(type) {
	case []any:
		for _, child := range node {
			dropForeignPatterns(child)
		}
	case map[string]any:
		pattern, ok := node["pattern"].(string)
		if _, err := regexp.Compile(pattern); ok && err != nil {
			delete(node, "pattern")
		}
		for _, child := range node {
			dropForeignPatterns(child)
		}
	}
}

// operations lists all of the document, by path.
func (d *document) operations() []operation {
	var all []operation
	for path, item := range d.doc.Paths.Map() {
		for method := range item.Operations() {
			all = append(all, operation{method, path})
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return all
}

// exchange is a request and what was answered.
type exchange struct {
	method, path string // path with its query
	requestBody  []byte
	contentType  string
	accept       string
	status       int
	header       http.Header
	body         []byte
}

func (e *exchange) request() *http.Request {
	r := httptest.NewRequest(e.method, e.path, bytes.NewReader(e.requestBody))
	r.URL.Path = r.URL.EscapedPath() // an id with %2F is one segment
	if e.contentType != "" {
		r.Header.Set("Content-Type", e.contentType)
	}
	if e.accept != "" {
		r.Header.Set("Accept", e.accept)
	}
	return r
}

// find is the operation that the exchange was with; false when the document
// knows none.
func (d *document) find(e *exchange) (operation, bool) {
	route, _, err := d.router.FindRoute(e.request())
	if err != nil {
		return operation{}, false
	}
	return operation{route.Method, route.Path}, true
}

// fault says what the document does not allow about an exchange; nil when it is
// as documented. Statuses of failures that every operation may have (bad
// token, not allowed, too large, unavailable) need no declaration, but where
// there is one, it holds.
func (d *document) fault(e *exchange) error {
	request := e.request()
	route, params, err := d.router.FindRoute(request)
	if err != nil {
		return fmt.Errorf("no such operation: %w", err)
	}
	input := &openapi3filter.RequestValidationInput{Request: request, PathParams: params, Route: route, Options: &openapi3filter.Options{
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, MultiError: true,
		ExcludeRequestBody: e.contentType != "application/json",
	}}
	if e.status < 300 {
		if err := openapi3filter.ValidateRequest(context.Background(), input); err != nil {
			return fmt.Errorf("the request of the scenario is not as documented: %w", err)
		}
	}
	declared := route.Operation.Responses.Status(e.status)
	if declared == nil && route.Operation.Responses.Default() != nil {
		declared = route.Operation.Responses.Default()
	}
	switch e.status {
	case http.StatusNoContent: // declared with a body in places
		if declared == nil || len(e.body) > 0 {
			return fmt.Errorf("status 204 is not declared, or has a body: %q", e.body)
		}
		return nil
	case 400, 401, 403, 404, 409, 413, 429, 503:
		if declared == nil || len(declared.Value.Content) == 0 {
			return nil
		}
	}
	return openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: e.status, Header: e.header,
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
		Body:    io.NopCloser(bytes.NewReader(e.body)),
	})
}

func TestTheCheckCanFail(t *testing.T) {
	t.Parallel()
	d := publishedDocument(t)
	if d == nil {
		t.Skip("the published document is not on this machine; SLIPWAY_REFERENCE names its file")
	}
	asJSON := http.Header{"Content-Type": []string{"application/json"}}
	require.Len(t, d.operations(), 221)
	for name, e := range map[string]exchange{
		"a field is missing": {method: "GET", path: "/orgs/acme/apps/shop", status: 200, header: asJSON, body: []byte(`{"id":"shop"}`)},
		"undeclared status":  {method: "GET", path: "/orgs/acme/apps/shop", status: 202, header: asJSON, body: []byte(`{}`)},
		"not JSON":           {method: "GET", path: "/orgs/acme/apps", status: 200, header: http.Header{"Content-Type": {"text/html"}}, body: []byte(`<p>`)},
		"a bad request that is called good": {method: "POST", path: "/orgs/acme/env-types", status: 201, header: asJSON,
			contentType: "application/json", requestBody: []byte(`{}`), body: []byte(`{"id":"qa","description":""}`)},
	} {
		require.Error(t, d.fault(&e), name)
	}
	fine := exchange{method: "GET", path: "/orgs/acme/env-types/qa", status: 200, header: asJSON, body: []byte(`{"id":"qa","description":""}`)}
	require.NoError(t, d.fault(&fine))
}
