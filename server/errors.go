package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// statusOf is the only place where an error becomes an HTTP status.
var statusOf = map[orchestrator.Code]int{
	orchestrator.CodeInvalid:         http.StatusBadRequest,
	orchestrator.CodeUnauthenticated: http.StatusUnauthorized,
	orchestrator.CodeForbidden:       http.StatusForbidden,
	orchestrator.CodeNotFound:        http.StatusNotFound,
	orchestrator.CodeConflict:        http.StatusConflict,
	orchestrator.CodePrecondition:    http.StatusPreconditionFailed,
	orchestrator.CodeTooLarge:        http.StatusRequestEntityTooLarge,
	orchestrator.CodeUnprocessable:   http.StatusUnprocessableEntity,
	orchestrator.CodeLimited:         http.StatusTooManyRequests,
	orchestrator.CodeUnavailable:     http.StatusServiceUnavailable,
	orchestrator.CodeCancelled:       http.StatusConflict,
	orchestrator.CodeInternal:        http.StatusInternalServerError,
}

// retryAfter is what a 503 advises, in seconds.
const retryAfter = "5"

// statusClientGone is what the access log shows when nobody waits for the
// answer any more; it is never seen by a client.
const statusClientGone = 499

const (
	keyTextNotFound = "text-not-found"
	keyPlainError   = "plain-error"
)

// withErrorShape notes how the published API spells the errors of a route.
func withErrorShape(r Route) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if r.TextNotFound {
				c.Set(keyTextNotFound, true)
			}
			if r.PlainError {
				c.Set(keyPlainError, true)
			}
			return next(c)
		}
	}
}

// handleError writes the answer to every request that did not succeed.
func (s *Server) handleError(err error, c echo.Context) {
	if c.Response().Committed { // a stream that ended early
		if c.Request().Context().Err() == nil { // and not because the client has gone
			s.log.WarnContext(c.Request().Context(), "an answer ended early", slog.Any("error", err),
				slog.String("route", routeOf(c)), slog.String("request_id", requestID(c)))
		}
		return
	}
	gone := endOfContext(err) && errors.Is(c.Request().Context().Err(), context.Canceled)
	if tookTooLong(c) {
		gone = false
		err = orchestrator.Wrapf(orchestrator.CodeUnavailable, err, "no answer within %s: the database or the workflow engine hangs, or the request is too much at once; try again", s.timeout)
	}
	if gone {
		_ = c.NoContent(statusClientGone)
		return
	}
	status, body := s.errorAnswer(err, c)
	switch status {
	case http.StatusServiceUnavailable:
		c.Response().Header().Set("Retry-After", retryAfter)
	case http.StatusTooManyRequests:
		c.Response().Header().Set("Retry-After", "1")
	case http.StatusUnauthorized:
		c.Response().Header().Set("WWW-Authenticate", "Bearer")
	}
	if writeErr := sendJSON(c, status, body); writeErr != nil {
		s.log.WarnContext(c.Request().Context(), "an error answer could not be written", slog.Any("error", writeErr))
	}
}

func (s *Server) errorAnswer(err error, c echo.Context) (int, any) {
	var fault *orchestrator.Error
	if !errors.As(err, &fault) {
		fault = fromEcho(err, c)
	}
	if fault.Code == orchestrator.CodeInternal && endOfContext(err) { // out of time, not at fault
		fault = orchestrator.Wrapf(orchestrator.CodeUnavailable, err, "the request took longer than the server allows; try again")
	}
	status, known := statusOf[fault.Code]
	if !known {
		status = http.StatusInternalServerError
	}
	if he := (*echo.HTTPError)(nil); errors.As(err, &he) && he.Code == http.StatusMethodNotAllowed {
		status = he.Code
	}
	if status >= http.StatusInternalServerError {
		s.log.ErrorContext(c.Request().Context(), "request failed", slog.Any("error", err),
			slog.String("route", routeOf(c)), slog.String("request_id", requestID(c)))
	}
	if fault.Body != nil {
		return status, fault.Body
	}
	if status == http.StatusNotFound && c.Get(keyTextNotFound) != nil {
		return status, fault.Message
	}
	body := api.Error{Code: fault.Reason, Message: fault.Message, Details: fault.Details}
	if status == http.StatusInternalServerError {
		body = api.Error{Message: "Unexpected error"}
	}
	if c.Get(keyPlainError) != nil {
		return status, api.PlainError{Error: body.Message}
	}
	if body.Code == "" {
		body.Code = fmt.Sprintf("HTTP-%d", status)
	}
	return status, body
}

// endOfContext reports whether something ended because its context did.
func endOfContext(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// fromEcho turns what the router reports, and anything unknown, into our error.
func fromEcho(err error, c echo.Context) *orchestrator.Error {
	var he *echo.HTTPError
	if !errors.As(err, &he) {
		return orchestrator.Wrapf(orchestrator.CodeInternal, err, "Unexpected error")
	}
	path := c.Request().URL.Path
	switch he.Code {
	case http.StatusNotFound:
		return orchestrator.NotFoundf("no operation has the path %q", path)
	case http.StatusMethodNotAllowed:
		return orchestrator.Invalidf("%s is not possible on %q", c.Request().Method, path)
	}
	return orchestrator.Wrapf(orchestrator.CodeInternal, err, "Unexpected error")
}
