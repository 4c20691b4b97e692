package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/slipway-dev/slipway/internal/api"
)

const (
	mediaJSON = "application/json"
	mediaForm = "multipart/form-data"
)

// OpenAPI is the OpenAPI 3 document of the API, as GET /openapi.json answers it; version is what it says of itself.
func OpenAPI(version string) ([]byte, error) { return openAPI(Routes(), version) }

// openAPI writes the OpenAPI 3 document of the routes.
func openAPI(routes []Route, version string) ([]byte, error) {
	schemas := newSchemas()
	doc := &openapi3.T{
		OpenAPI: "3.0.3",
		Info: &openapi3.Info{
			Title: "Slipway", Version: version,
			Description: "The API of the Slipway Platform Orchestrator. A request carries a token, Authorization: Bearer <token>, unless its operation has an empty list of security requirements.",
		},
		Paths:    openapi3.NewPaths(),
		Security: openapi3.SecurityRequirements{{"token": []string{}}},
	}
	seen := map[string]bool{}
	for _, r := range routes {
		if !seen[r.Tag] {
			seen[r.Tag] = true
			doc.Tags = append(doc.Tags, &openapi3.Tag{Name: r.Tag})
		}
		doc.AddOperation(r.Path, r.Method, operation(r, schemas))
	}
	schemas.of(api.Error{})
	components := openapi3.NewComponents()
	components.Schemas = schemas.components
	components.SecuritySchemes = openapi3.SecuritySchemes{
		"token": &openapi3.SecuritySchemeRef{Value: openapi3.NewSecurityScheme().WithType("http").WithScheme("bearer")},
	}
	doc.Components = &components
	raw, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("writing the OpenAPI document: %w", err)
	}
	return raw, nil
}

func operation(r Route, schemas *schemas) *openapi3.Operation {
	op := openapi3.NewOperation()
	op.OperationID, op.Summary, op.Tags = r.OperationID, r.Summary, []string{r.Tag}
	if r.Open {
		op.Security = openapi3.NewSecurityRequirements()
	}
	for _, name := range r.pathParams() {
		op.AddParameter(openapi3.NewPathParameter(name).WithSchema(openapi3.NewStringSchema()))
	}
	for _, q := range r.Query {
		schema := openapi3.NewStringSchema()
		if q.Type != "" {
			schema.Type = &openapi3.Types{q.Type}
		}
		op.AddParameter(openapi3.NewQueryParameter(q.Name).WithDescription(q.Doc).WithSchema(schema))
	}
	if r.Request != nil {
		media := []string{mediaJSON}
		if r.FormToo {
			media = append(media, mediaForm)
		}
		body := openapi3.NewRequestBody().WithRequired(!r.BodyOptional).
			WithContent(openapi3.NewContentWithSchemaRef(schemas.of(r.Request), media))
		op.RequestBody = &openapi3.RequestBodyRef{Value: body}
	}
	if r.YAML {
		op.RequestBody = &openapi3.RequestBodyRef{Value: openapi3.NewRequestBody().WithRequired(true).
			WithContent(openapi3.NewContentWithSchema(openapi3.NewObjectSchema(), []string{mediaYAML}))}
	}
	if r.Multipart {
		form := openapi3.NewObjectSchema().WithProperty("file", openapi3.NewStringSchema().WithFormat("binary"))
		op.RequestBody = &openapi3.RequestBodyRef{Value: openapi3.NewRequestBody().WithRequired(true).
			WithContent(openapi3.NewContentWithSchema(form, []string{"multipart/form-data"}))}
	}
	op.Responses = openapi3.NewResponsesWithCapacity(4)
	for _, status := range append([]int{r.Status}, r.AlsoStatus...) {
		op.AddResponse(status, success(r, status, schemas))
	}
	if r.TextNotFound {
		op.AddResponse(http.StatusNotFound, openapi3.NewResponse().WithDescription("Not found: what is missing").
			WithContent(openapi3.NewContentWithSchema(openapi3.NewStringSchema(), []string{mediaJSON})))
	}
	var body any = api.Error{}
	if r.PlainError {
		body = api.PlainError{}
	}
	failure := openapi3.NewResponse().WithDescription("The request did not succeed").
		WithContent(openapi3.NewContentWithSchemaRef(schemas.of(body), []string{mediaJSON}))
	op.Responses.Set("default", &openapi3.ResponseRef{Value: failure})
	return op
}

func success(r Route, status int, schemas *schemas) *openapi3.Response {
	response := openapi3.NewResponse().WithDescription(http.StatusText(status))
	if r.Response == nil {
		return response
	}
	if body, other := r.AlsoBodies[status]; other {
		return response.WithContent(openapi3.NewContentWithSchemaRef(schemas.of(body), []string{mediaJSON}))
	}
	content := openapi3.NewContentWithSchemaRef(schemas.of(r.Response), []string{mediaJSON})
	if r.ContentType != "" {
		content[r.ContentType] = openapi3.NewMediaType().WithSchema(openapi3.NewStringSchema())
	}
	for media, also := range r.Also {
		content[media] = openapi3.NewMediaType().WithSchemaRef(schemas.of(also))
	}
	return response.WithContent(content)
}

// enumOf splits a struct tag like "a,b" into the values of an enumeration.
func enumOf(tag string) []any {
	if tag == "" {
		return nil
	}
	var values []any
	for value := range strings.SplitSeq(tag, ",") {
		values = append(values, value)
	}
	return values
}

// jsonName is the wire name of a field and whether it may be absent; "" for a
// field that does not travel.
func jsonName(tag string) (name string, optional bool) {
	name, rest, _ := strings.Cut(tag, ",")
	if name == "-" {
		return "", false
	}
	return name, strings.Contains(rest, "omitempty") || strings.Contains(rest, "omitzero")
}

func intSchema(bits int) *openapi3.Schema {
	schema := openapi3.NewIntegerSchema()
	schema.Format = "int" + strconv.Itoa(max(bits, 32))
	return schema
}
