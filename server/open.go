package server

import (
	"context"
	"embed"
	"io/fs"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// readyTimeout bounds a readiness probe, so that a hanging database shows as
// not ready instead of as a hanging probe.
const readyTimeout = 3 * time.Second

//go:embed docs
var docsFiles embed.FS

// openRoutes registers what needs no token.
func (s *Server) openRoutes(e *echo.Echo) {
	e.GET("/healthz", func(c echo.Context) error {
		return sendJSON(c, http.StatusOK, map[string]string{"status": "ok", "version": s.version})
	})
	e.GET("/readyz", s.ready)
	e.GET("/metrics", echo.WrapHandler(promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{})))
	e.GET("/openapi.json", func(c echo.Context) error {
		return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, s.document())
	})

	files, err := fs.Sub(docsFiles, "docs")
	if err != nil { // impossible: the folder is part of the binary
		s.log.Error("the documentation page is missing", "error", err)
		return
	}
	serve := http.StripPrefix("/docs/", http.FileServerFS(files))
	e.GET("/docs", func(c echo.Context) error { return c.Redirect(http.StatusMovedPermanently, "/docs/") })
	e.GET("/docs/*", func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; "+
			"connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		serve.ServeHTTP(c.Response(), c.Request())
		return nil
	})
}

// ready says whether requests can be served: database and workflow engine answer.
func (s *Server) ready(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), readyTimeout)
	defer cancel()
	if err := s.service.Ready(ctx); err != nil {
		return err
	}
	return sendJSON(c, http.StatusOK, map[string]string{"status": "ready"})
}
