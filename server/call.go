package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/slipway-dev/slipway/orchestrator"
)

// Call is one request on its way through a handler.
type Call struct {
	// Service holds the use cases.
	Service *orchestrator.Service

	echo   echo.Context
	params map[string]string
	query  url.Values
	server *Server
}

// newCall reads path and query once and refuses what no store could hold.
func newCall(s *Server, c echo.Context) (*Call, error) {
	call := &Call{Service: s.service, echo: c, server: s, params: map[string]string{}}
	// Echo hands out parameters as they are in RawPath when that is set, and
	// already decoded otherwise; decoding the latter again would break "%".
	raw := c.Request().URL.RawPath != ""
	for _, name := range c.ParamNames() {
		value := c.Param(name)
		if raw {
			decoded, err := url.PathUnescape(value)
			if err != nil {
				return nil, orchestrator.Invalidf("path parameter %s: %q is not correctly percent-encoded", name, value)
			}
			value = decoded
		}
		if err := checkText(value); err != nil {
			return nil, orchestrator.Invalidf("path parameter %s: %v", name, err)
		}
		call.params[name] = value
	}
	query, err := url.ParseQuery(c.Request().URL.RawQuery)
	if err != nil {
		return nil, orchestrator.Invalidf("the query string is not correctly encoded")
	}
	for name, values := range query {
		for _, value := range values {
			if err := checkText(value); err != nil {
				return nil, orchestrator.Invalidf("query parameter %q: %v", strings.ToValidUTF8(name, "?"), err)
			}
		}
	}
	call.query = query
	return call, nil
}

// checkText refuses what a database column of text cannot hold.
func checkText(s string) error {
	if !utf8.ValidString(s) {
		return fmt.Errorf("the value is not UTF-8")
	}
	if strings.ContainsRune(s, 0) {
		return fmt.Errorf("the value contains a NUL character")
	}
	return nil
}

// Context is the request's context; it carries the Actor.
func (c *Call) Context() context.Context { return c.echo.Request().Context() }

// Request is the HTTP request.
func (c *Call) Request() *http.Request { return c.echo.Request() }

// Header is the header of the answer.
func (c *Call) Header() http.Header { return c.echo.Response().Header() }

// Param is a path parameter, decoded.
func (c *Call) Param(name string) string { return c.params[name] }

// Query is a query parameter, "" when absent.
func (c *Call) Query(name string) string { return c.query.Get(name) }

// QueryAll lists the values of a repeated query parameter.
func (c *Call) QueryAll(name string) []string { return c.query[name] }

// QueryBool is a boolean query parameter, false when absent. A parameter
// without a value is true.
func (c *Call) QueryBool(name string) (bool, error) {
	if !c.query.Has(name) {
		return false, nil
	}
	value := c.query.Get(name)
	if value == "" {
		return true, nil
	}
	b, err := strconv.ParseBool(value)
	if err != nil {
		return false, orchestrator.Invalidf("query parameter %s: %q is neither true nor false", name, value)
	}
	return b, nil
}

// QueryInt is an integer query parameter not below 0, fallback when absent.
func (c *Call) QueryInt(name string, fallback int64) (int64, error) {
	value := c.query.Get(name)
	if value == "" {
		return fallback, nil
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n < 0 {
		return 0, orchestrator.Invalidf("query parameter %s: %q is not a whole number from 0", name, value)
	}
	return n, nil
}

// Org is the path parameter orgId.
func (c *Call) Org() string { return c.Param("orgId") }

// App is the path parameter appId.
func (c *Call) App() string { return c.Param("appId") }

// Env names the environment of the path.
func (c *Call) Env() orchestrator.EnvRef {
	return orchestrator.EnvRef{OrgID: c.Org(), AppID: c.App(), EnvID: c.Param("envId")}
}

// send writes a success. JSON is written without escaping <, > and &.
func (c *Call) send(status int, out any) error {
	switch v := out.(type) {
	case Empty:
		return c.echo.NoContent(status)
	case Deleted:
		if v.Going {
			return c.echo.NoContent(http.StatusAccepted)
		}
		return c.echo.NoContent(http.StatusNoContent)
	}
	return sendJSON(c.echo, status, out)
}

func sendJSON(c echo.Context, status int, out any) error {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(out); err != nil {
		return fmt.Errorf("encoding the answer: %w", err)
	}
	return c.Blob(status, echo.MIMEApplicationJSON, body.Bytes())
}
