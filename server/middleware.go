package server

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/slipway-dev/slipway/orchestrator"
)

var requestIDPattern = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// withRequestID takes over the caller's request id when it is harmless and
// makes one otherwise.
func withRequestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := c.Request().Header.Get(echo.HeaderXRequestID)
		if !requestIDPattern.MatchString(id) {
			id = uuid.NewString()
		}
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		return next(c)
	}
}

func requestID(c echo.Context) string { return c.Response().Header().Get(echo.HeaderXRequestID) }

// routeOf is the pattern of the route, which is safe to log and to count by.
func routeOf(c echo.Context) string {
	if path := c.Path(); path != "" {
		return path
	}
	return "unmatched"
}

// withAccessLog writes one line per request and counts it. Neither headers nor
// bodies nor the query string are logged: they may hold secrets.
func (s *Server) withAccessLog(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		err := next(c)
		if err != nil {
			c.Error(err) // writes the answer now, so that the status is known
		}
		took, status := time.Since(start), c.Response().Status
		s.metrics.observe(c.Request().Method, routeOf(c), strconv.Itoa(status), took)
		level := slog.LevelInfo
		if isProbe(c) {
			level = slog.LevelDebug
		}
		s.log.LogAttrs(c.Request().Context(), level, "request",
			slog.String("method", c.Request().Method), slog.String("route", routeOf(c)),
			slog.String("path", loggedPath(c.Request())), slog.Int("status", status),
			slog.Duration("duration", took), slog.String("request_id", requestID(c)),
			slog.String("user", orchestrator.ActorFrom(c.Request().Context()).UserID))
		return nil
	}
}

func isProbe(c echo.Context) bool {
	switch c.Path() {
	case "/healthz", "/readyz", "/metrics":
		return true
	}
	return false
}

// withRecovery turns a panic into an error that says nothing to the client.
func (s *Server) withRecovery(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if abort, ok := p.(error); ok && errors.Is(abort, http.ErrAbortHandler) {
				panic(p)
			}
			s.log.ErrorContext(c.Request().Context(), "panic in a handler", slog.Any("panic", p),
				slog.String("route", routeOf(c)), slog.String("request_id", requestID(c)),
				slog.String("stack", string(debug.Stack())))
			err = orchestrator.Wrapf(orchestrator.CodeInternal, fmt.Errorf("panic: %v", p), "Unexpected error")
		}()
		return next(c)
	}
}

// withSecurityHeaders sets what browsers should know. There is no CORS header
// (but for the codec server): pages of other origins have no business here.
func withSecurityHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Cache-Control", "no-store")
		return next(c)
	}
}

// withAuthentication lets only requests with a valid token, or the
// cookie of a session, pass, and puts the
// Actor into the context.
func (s *Server) withAuthentication(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx, err := s.authenticated(c)
		if orchestrator.CodeOf(err) == orchestrator.CodeUnauthenticated {
			if limited := s.limits.stranger(c.RealIP()); limited != nil {
				return limited
			}
		}
		if err != nil {
			return err
		}
		c.SetRequest(c.Request().WithContext(ctx))
		if err := s.limits.user(orchestrator.ActorFrom(ctx).UserID); err != nil {
			return err
		}
		return next(c)
	}
}
