package server

import (
	"context"
	"crypto/subtle"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/slipway-dev/slipway/orchestrator"
)

// CodecServer lets Temporal's Web UI and CLI show payloads in the clear, by
// Temporal's codec protocol: POST /temporal/codec/decode and /encode.
//
// Source: https://github.com/temporalio/samples-go/blob/main/codec-server/protocol.md
type CodecServer struct {
	// Origins of the Web UI (scheme://host[:port]). Pages of any other origin are
	// refused. Programs that are no browsers send none.
	Origins []string
	// Door is a path segment that stands in for a token: the Web UI of `slipway
	// dev` has none to send. It opens only to connections from this machine, and
	// is never logged. Empty for none.
	Door string
}

const (
	codecPath = "/temporal/codec"
	// maxPayloads is what Temporal takes in one message.
	maxPayloads = 4 << 20
	// codecHeaders are those that the Web UI may send along.
	codecHeaders = "Authorization, Authorization-Extras, Content-Type, X-Namespace"
)

// DoorPath is the path below which the codec server answers without a token.
func (o CodecServer) DoorPath() string { return codecPath + "/" + o.Door }

// codecUser is what the access log shows for those who came through the door.
var codecUser = orchestrator.Actor{UserID: "temporal-ui", Type: "system", System: true}

// codecRoutes registers the codec server. It is no part of the API: the paths
// and bodies are Temporal's.
func (s *Server) codecRoutes(e *echo.Echo) {
	if s.codec == nil {
		return
	}
	for operation, fn := range map[string]echo.HandlerFunc{
		"/decode": s.translate(s.service.DecodePayloads),
		"/encode": s.translate(s.service.EncodePayloads),
	} {
		e.POST(codecPath+operation, fn, s.withCodecOrigin, s.withAuthentication)
		e.OPTIONS(codecPath+operation, preflight, s.withCodecOrigin)
		if s.codec.Door != "" {
			e.POST(codecPath+"/:door"+operation, fn, s.withDoor, s.withCodecOrigin)
			e.OPTIONS(codecPath+"/:door"+operation, preflight, s.withDoor, s.withCodecOrigin)
		}
	}
}

// translation is a use case that makes one document of payloads from another.
type translation func(ctx context.Context, namespace string, document []byte) ([]byte, error)

// translate hands the body to a use case and answers what that gives. Neither is
// logged.
func (s *Server) translate(fn translation) echo.HandlerFunc {
	return func(c echo.Context) error {
		raw, err := io.ReadAll(io.LimitReader(c.Request().Body, maxPayloads+1))
		if err != nil {
			return orchestrator.Wrapf(orchestrator.CodeInvalid, err, "the request body could not be read to its end")
		}
		if len(raw) > maxPayloads {
			return orchestrator.Errorf(orchestrator.CodeTooLarge, "the payloads are larger than %d MiB", maxPayloads>>20)
		}
		out, err := fn(c.Request().Context(), c.Request().Header.Get("X-Namespace"), raw)
		if err != nil {
			return err
		}
		return c.JSONBlob(http.StatusOK, out)
	}
}

// preflight answers the question a browser asks before it sends a request to
// another origin; withCodecOrigin has set the headers.
func preflight(c echo.Context) error {
	h := c.Response().Header()
	h.Set(echo.HeaderAccessControlAllowMethods, http.MethodPost)
	h.Set(echo.HeaderAccessControlAllowHeaders, codecHeaders)
	h.Set(echo.HeaderAccessControlMaxAge, "600")
	return c.NoContent(http.StatusNoContent)
}

// withCodecOrigin refuses pages of other origins, and lets the Web UI read all
// answers, errors too: it repeats what it cannot read.
func (s *Server) withCodecOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Add(echo.HeaderVary, echo.HeaderOrigin)
		origin := c.Request().Header.Get(echo.HeaderOrigin)
		if origin == "" && c.Request().Method != http.MethodOptions {
			return next(c) // no browser
		}
		if !slices.Contains(s.codec.Origins, origin) {
			return orchestrator.Forbiddenf("pages of %.100q may not use the codec server (--codec-server-origin)", origin)
		}
		h.Set(echo.HeaderAccessControlAllowOrigin, origin)
		// A proxy in front may know its users by cookie; this server looks at none.
		h.Set(echo.HeaderAccessControlAllowCredentials, "true")
		return next(c)
	}
}

// withDoor lets pass who knows the way in and sits at this machine.
func (s *Server) withDoor(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		known := subtle.ConstantTimeCompare([]byte(c.Param("door")), []byte(s.codec.Door)) == 1
		if !known || !fromLoopback(c.Request()) {
			return orchestrator.NotFoundf("no operation has this path")
		}
		c.SetRequest(c.Request().WithContext(orchestrator.WithActor(c.Request().Context(), codecUser)))
		return next(c)
	}
}

func fromLoopback(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback()
}

// loggedPath is the path of a request as the log may show it: that of the codec
// server has a secret in it.
func loggedPath(r *http.Request) string {
	if strings.HasPrefix(r.URL.Path, codecPath+"/") {
		return codecPath
	}
	return r.URL.Path
}
