// Package apidoc checks exchanges over HTTP against an OpenAPI document. Only tests use it.
package apidoc

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
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// Document is an OpenAPI document and the router over its operations.
type Document struct {
	Doc    *openapi3.T
	router routers.Router
}

// Operation names one: GET /orgs/{orgId}.
type Operation struct{ Method, Path string }

func (o Operation) String() string { return o.Method + " " + o.Path }

// Parameter matches a path parameter.
var Parameter = regexp.MustCompile(`\{[^}]*\}`)

// Shape is the operation whatever its path parameters are called.
func (o Operation) Shape() string { return o.Method + " " + Parameter.ReplaceAllString(o.Path, "{}") }

// Published reads the published document, of which SLIPWAY_REFERENCE names the file; nil when it is not on this machine.
var Published = sync.OnceValues(func() (*Document, error) {
	path := os.Getenv("SLIPWAY_REFERENCE")
	if path == "" {
		path = beside("shared/reference/openapi.json")
	}
	raw, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil //nolint:nilnil // nothing to check against is no failure
	}
	if err != nil {
		return nil, err
	}
	return Parse(raw)
})

// beside finds a file next to the folder of the module.
func beside(name string) string {
	dir, err := os.Getwd()
	for err == nil && dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(filepath.Dir(dir), name)
		}
		dir = filepath.Dir(dir)
	}
	return name
}

// Parse reads a document.
func Parse(raw []byte) (*Document, error) {
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		return nil, err
	}
	dropForeignPatterns(tree)
	raw, err := json.Marshal(tree)
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		return nil, err
	}
	// Clients of webhooks rely on null for headers and payload that were not given, which the published document forgets.
	if schema := doc.Components.Schemas["JSONFieldResponse"]; schema != nil {
		schema.Value.Nullable = true
	}
	// Two shapes of the published document share one name; of a runtime, clients read a map of controllers, by name.
	if schema := doc.Components.Schemas["RuntimeInfoResponseV1"]; schema != nil {
		controllers := openapi3.NewObjectSchema()
		controllers.AdditionalProperties.Schema = doc.Components.Schemas["ControllerResponse"]
		schema.Value.Properties["modules"].Value.AdditionalProperties.Schema = openapi3.NewSchemaRef("", controllers)
	}
	doc.Servers, doc.Security = nil, nil
	router, err := legacy.NewRouter(doc, openapi3.DisableExamplesValidation(), openapi3.DisableSchemaDefaultsValidation())
	if err != nil {
		return nil, err
	}
	return &Document{Doc: doc, router: router}, nil
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

// Operations lists all of the document, by path.
func (d *Document) Operations() []Operation {
	var all []Operation
	for path, item := range d.Doc.Paths.Map() {
		for method := range item.Operations() {
			all = append(all, Operation{method, path})
		}
	}
	slices.SortFunc(all, func(a, b Operation) int { return strings.Compare(a.Path+a.Method, b.Path+b.Method) })
	return all
}

// Exchange is a request and what was answered.
type Exchange struct {
	Method, Path string // path with its query
	RequestBody  []byte
	ContentType  string
	Accept       string
	Status       int
	Header       http.Header
	Body         []byte
}

func (e *Exchange) request() *http.Request {
	r := httptest.NewRequest(e.Method, e.Path, bytes.NewReader(e.RequestBody))
	r.URL.Path = r.URL.EscapedPath() // an id with %2F is one segment
	if e.ContentType != "" {
		r.Header.Set("Content-Type", e.ContentType)
	}
	if e.Accept != "" {
		r.Header.Set("Accept", e.Accept)
	}
	return r
}

// Find is the operation that the exchange was with; false when the document
// knows none.
func (d *Document) Find(e *Exchange) (Operation, bool) {
	route, _, err := d.router.FindRoute(e.request())
	if err != nil {
		return Operation{}, false
	}
	return Operation{route.Method, route.Path}, true
}

// Fault says what the document does not allow about an exchange, its request included; nil when it is as documented. See
// AnswerFault.
func (d *Document) Fault(e *Exchange) error {
	input, err := d.input(e)
	if err != nil {
		return err
	}
	if e.Status < 300 {
		if err := openapi3filter.ValidateRequest(context.Background(), input); err != nil {
			return fmt.Errorf("the request is not as documented: %w", err)
		}
	}
	return d.answerFault(e, input)
}

// AnswerFault says what the document does not allow about an answer. Statuses of failures that every operation may have (bad
// token, not allowed, too large, unavailable) need no declaration, but where there is one, it holds.
func (d *Document) AnswerFault(e *Exchange) error {
	input, err := d.input(e)
	if err != nil {
		return err
	}
	return d.answerFault(e, input)
}

func (d *Document) input(e *Exchange) (*openapi3filter.RequestValidationInput, error) {
	request := e.request()
	route, params, err := d.router.FindRoute(request)
	if err != nil {
		return nil, fmt.Errorf("no such operation: %w", err)
	}
	return &openapi3filter.RequestValidationInput{Request: request, PathParams: params, Route: route, Options: &openapi3filter.Options{
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, MultiError: true,
		ExcludeRequestBody: e.ContentType != "application/json",
	}}, nil
}

func (d *Document) answerFault(e *Exchange, input *openapi3filter.RequestValidationInput) error {
	responses := input.Route.Operation.Responses
	declared := responses.Status(e.Status)
	if declared == nil && responses.Default() != nil {
		declared = responses.Default()
	}
	switch e.Status {
	case http.StatusNoContent: // declared with a body in places
		if declared == nil || len(e.Body) > 0 {
			return fmt.Errorf("status 204 is not declared, or has a body: %q", e.Body)
		}
		return nil
	case 400, 401, 403, 404, 409, 413, 429, 503:
		if declared == nil || len(declared.Value.Content) == 0 {
			return nil
		}
	}
	return openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: e.Status, Header: e.Header,
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
		Body:    io.NopCloser(bytes.NewReader(e.Body)),
	})
}
