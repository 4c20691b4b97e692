package server

import (
	"net/http"
	"reflect"
	"strings"
)

// Route is one operation of the API.
type Route struct {
	Method      string
	Path        string // OpenAPI spelling: /orgs/{orgId}/apps
	OperationID string
	Tag         string
	Summary     string
	Query       []Query // query parameters, for the document
	Status      int     // of a success; 0 = 200, or 204 when nothing is answered
	AlsoStatus  []int   // further successes, for the document
	// AlsoBodies are the answers of those that are not Response, for the document.
	AlsoBodies map[int]any
	// Open needs no token; the use case checks what comes instead of it.
	Open bool
	// BodyOptional accepts a request without a body.
	BodyOptional bool
	// FormToo says, for the document, that the same fields may come as parts of a form.
	FormToo bool
	// TextNotFound answers 404 with a bare JSON string instead of the error
	// body, as the published API does for deltas and sets.
	TextNotFound bool
	// Multipart says that the request is multipart/form-data with a part "file".
	Multipart bool
	// YAML says that the request is a YAML document, which the handler reads.
	YAML bool
	// PlainError answers every error with {error: text}, as the published API
	// does for registries.
	PlainError bool
	// Request and Response are values of the types that travel, nil for none.
	// The adapters answer, accept and stream fill them in.
	Request  any
	Response any

	// ContentType of the answer in the document; "" = application/json.
	ContentType string
	// Also are further shapes of the answer, by the media type that asks for them.
	Also map[string]any

	handler func(c *Call) error
}

// Query describes a query parameter.
type Query struct {
	Name string
	Type string // string | boolean | integer
	Doc  string
}

// Empty is the answer without a body.
type Empty struct{}

// Deleted is the answer to a deletion: 204 when it is done, 202 when it goes on.
type Deleted struct{ Going bool }

// answer builds a Route whose requests have no body.
func answer[Resp any](r Route, fn func(c *Call) (Resp, error)) Route {
	describe[Resp](&r)
	r.handler = func(c *Call) error {
		out, err := fn(c)
		if err != nil {
			return err
		}
		return c.send(r.Status, out)
	}
	return r
}

// accept builds a Route whose requests have a body of type Req.
func accept[Req, Resp any](r Route, fn func(c *Call, in Req) (Resp, error)) Route {
	describe[Resp](&r)
	r.Request = *new(Req)
	r.handler = func(c *Call) error {
		var in Req
		if err := c.decode(&in, r.BodyOptional); err != nil {
			return err
		}
		out, err := fn(c, in)
		if err != nil {
			return err
		}
		return c.send(r.Status, out)
	}
	return r
}

// stream builds a Route whose handler writes the answer itself.
func stream[Resp any](r Route, fn func(c *Call) error) Route {
	describe[Resp](&r)
	r.handler = fn
	return r
}

func describe[Resp any](r *Route) {
	var zero Resp
	switch any(zero).(type) {
	case Empty:
		r.Status = orDefault(r.Status, http.StatusNoContent)
	case Deleted:
		r.Status, r.AlsoStatus = http.StatusNoContent, []int{http.StatusAccepted}
	default:
		r.Status = orDefault(r.Status, http.StatusOK)
		r.Response = zero
		if reflect.TypeFor[Resp]().Kind() == reflect.Interface {
			r.Response = struct{}{}
		}
	}
}

func orDefault(status, fallback int) int {
	if status == 0 {
		return fallback
	}
	return status
}

// echoPath is the route's path as Echo spells it: /orgs/:orgId/apps.
func (r Route) echoPath() string {
	return strings.NewReplacer("{", ":", "}", "").Replace(r.Path)
}

// pathParams lists the names of the route's path parameters in order.
func (r Route) pathParams() []string {
	var names []string
	for segment := range strings.SplitSeq(r.Path, "/") {
		if strings.HasPrefix(segment, "{") {
			names = append(names, strings.Trim(segment, "{}"))
		}
	}
	return names
}
