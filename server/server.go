package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/slipway-dev/slipway/orchestrator"
)

// Options are the parts a Server is built from; only Service is required.
type Options struct {
	Service *orchestrator.Service
	Log     *slog.Logger // default slog.Default()
	Version string       // shown in the OpenAPI document; default "dev"
	// Registry is what /metrics shows; default a registry of the server's own.
	Registry *prometheus.Registry
	// Heartbeat is how often an idle event stream says that it is alive;
	// default 15 s.
	Heartbeat time.Duration
	// TrustedProxies are the networks of proxies in front of the server, whose
	// X-Forwarded-For names the client; without any the peer is the client.
	TrustedProxies []netip.Prefix
	// SignIn lets people sign in with an identity provider; nil = with tokens only.
	SignIn *SignIn
	// Timeout is how long a request may take before it is answered with 503, and one read for an event stream before the
	// stream ends; default 1 min.
	Timeout time.Duration
	// RequestRate is how many requests a second one user may send, ten seconds of them at once; addresses without a known
	// token may send a tenth of it. 0 = any number.
	RequestRate float64
	// StreamsPerUser is how many event streams one user may have open; 0 = any number.
	StreamsPerUser int
	// UI is the Web UI; nil for none.
	UI *UI
	// Codec shows payloads to Temporal's Web UI and CLI; nil for not at all.
	Codec *CodecServer
}

// Server answers the HTTP API.
type Server struct {
	service   *orchestrator.Service
	log       *slog.Logger
	version   string
	registry  *prometheus.Registry
	metrics   *metrics
	heartbeat time.Duration
	proxies   []netip.Prefix
	timeout   time.Duration
	codec     *CodecServer
	limits    *limits // nil bounds nobody
	streams   *streamLimit
	signIn    *provider // nil = with tokens only
	// crossOrigin tells pages of other origins.
	crossOrigin *http.CrossOriginProtection
	echo        *echo.Echo
	http        *http.Server
	document    func() []byte // the OpenAPI document

	stop     chan struct{} // closed at shutdown; ends event streams
	stopOnce sync.Once
}

// New builds a Server; it does not listen yet.
func New(o Options) *Server {
	s := &Server{
		service: o.Service, log: o.Log, version: o.Version, registry: o.Registry,
		heartbeat: o.Heartbeat, proxies: o.TrustedProxies, timeout: o.Timeout, codec: o.Codec, limits: newLimits(o.RequestRate), streams: newStreamLimit(o.StreamsPerUser), stop: make(chan struct{}),
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	if s.version == "" {
		s.version = "dev"
	}
	if s.registry == nil {
		s.registry = prometheus.NewRegistry()
	}
	if s.heartbeat == 0 {
		s.heartbeat = 15 * time.Second
	}
	if s.timeout == 0 {
		s.timeout = time.Minute
	}
	s.metrics = newMetrics(s.registry)
	s.crossOrigin = http.NewCrossOriginProtection()
	if o.SignIn != nil {
		s.signIn = newProvider(*o.SignIn)
		if err := s.crossOrigin.AddTrustedOrigin(o.SignIn.PublicURL); err != nil {
			s.log.Error("the public address is no origin, changes with session cookies will be refused", slog.Any("error", err))
		}
	}
	s.echo = s.router()
	s.uiRoutes(s.echo, o.UI)
	s.http = &http.Server{
		Handler:           s.echo,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       2 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	return s
}

// router registers the middleware and every route.
func (s *Server) router() *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.handleError
	e.IPExtractor = clientAddress(s.proxies)
	e.Use(s.withDeadline, withRequestID, withSecurityHeaders, s.withAccessLog, s.withRecovery)

	routes := Routes()
	for _, r := range routes {
		middleware := []echo.MiddlewareFunc{withErrorShape(r)} // a bad token is answered in it too
		if r.Open {
			middleware = append(middleware, s.withStrangerLimit)
		} else {
			middleware = append(middleware, s.withAuthentication)
		}
		e.Add(r.Method, r.echoPath(), s.serve(r), middleware...)
	}
	s.document = sync.OnceValue(func() []byte { return s.writeDocument(routes) }) // most processes are never asked for it
	s.openRoutes(e)
	s.loginOpenRoutes(e)
	s.codecRoutes(e)
	return e
}

func (s *Server) writeDocument(routes []Route) []byte {
	document, err := openAPI(routes, s.version)
	if err != nil { // impossible: routes and types are part of the binary
		s.log.Error("the OpenAPI document is missing", slog.Any("error", err))
	}
	return document
}

// serve adapts a route's handler to Echo.
func (s *Server) serve(r Route) echo.HandlerFunc {
	return func(c echo.Context) error {
		withOrigin(r, c)
		call, err := newCall(s, c)
		if err != nil {
			return err
		}
		return r.handler(call)
	}
}

// Handler answers requests without a listener, for tests and for embedding.
func (s *Server) Handler() http.Handler { return s.echo }

// Start listens on the address and serves until Shutdown; then it returns nil.
func (s *Server) Start(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("listening on %s: %w", address, err)
	}
	return s.Serve(listener)
}

// Serve serves on a listener until Shutdown; then it returns nil.
func (s *Server) Serve(listener net.Listener) error {
	s.log.Info("serving the API", slog.String("address", listener.Addr().String()))
	if err := s.http.Serve(listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving on %s: %w", listener.Addr(), err)
	}
	return nil
}

// Shutdown ends event streams, lets other requests finish until ctx ends, and
// stops listening.
func (s *Server) Shutdown(ctx context.Context) error {
	s.stopOnce.Do(func() { close(s.stop) })
	if err := s.http.Shutdown(ctx); err != nil {
		return fmt.Errorf("shutting down the API server: %w", err)
	}
	return nil
}
