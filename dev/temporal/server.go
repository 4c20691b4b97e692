package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"time"

	uiserver "github.com/temporalio/ui-server/v2/server"
	uiconfig "github.com/temporalio/ui-server/v2/server/config"
	uioptions "github.com/temporalio/ui-server/v2/server/server_options"
	"go.temporal.io/server/common/authorization"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/membership/static"
	"go.temporal.io/server/common/primitives"
	"go.temporal.io/server/temporal"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"go.temporal.io/api/workflowservice/v1"
)

const (
	readyTimeout = 30 * time.Second
	stopTimeout  = 10 * time.Second

	frontendHealthName = "temporal.api.workflowservice.v1.WorkflowService"
)

// server is the running Temporal with its Web UI and a connection to its own frontend.
type server struct {
	opts     *options
	temporal temporal.Server
	ui       *uiserver.Server // nil when headless
	conn     *grpc.ClientConn
}

// startServer returns when all services have been started; use waitReady for the moment from which they answer.
func startServer(opts *options) (*server, error) {
	if err := prepareDatabase(opts); err != nil {
		return nil, err
	}
	ports, err := freePorts(3)
	if err != nil {
		return nil, err
	}
	cfg := serverConfig(opts, ports)
	logger := log.NewZapLogger(log.BuildZapLogger(log.Config{Level: opts.logLevel, Format: "console"}))
	claims, err := authorization.GetClaimMapperFromConfig(&cfg.Global.Authorization, logger)
	if err != nil {
		return nil, fmt.Errorf("make the claim mapper: %w", err)
	}
	srv, err := temporal.NewServer(
		temporal.WithConfig(cfg),
		temporal.ForServices(temporal.DefaultServices),
		temporal.WithStaticHosts(staticHosts(opts, ports)),
		temporal.WithLogger(logger),
		temporal.WithDynamicConfigClient(dynamicConfig()),
		temporal.WithAuthorizer(authorization.NewNoopAuthorizer()),
		temporal.WithClaimMapper(func(*config.Config) authorization.ClaimMapper { return claims }),
	)
	if err != nil {
		return nil, fmt.Errorf("set up the Temporal server: %w", err)
	}
	conn, err := grpc.NewClient(opts.frontendAddress(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, fmt.Errorf("set up the connection to the frontend: %w", err)
	}
	if err := srv.Start(); err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("start the Temporal server: %w", err)
	}
	s := &server{opts: opts, temporal: srv, conn: conn}
	if !opts.headless {
		s.ui = newUI(opts)
		go func() { _ = s.ui.Start() }()
	}
	return s, nil
}

func staticHosts(opts *options, ports []int) map[primitives.ServiceName]static.Hosts {
	local := func(port int) static.Hosts { return static.SingleLocalHost(fmt.Sprintf("127.0.0.1:%d", port)) }
	return map[primitives.ServiceName]static.Hosts{
		primitives.FrontendService: static.SingleLocalHost(opts.frontendAddress()),
		primitives.HistoryService:  local(ports[0]),
		primitives.MatchingService: local(ports[1]),
		primitives.WorkerService:   local(ports[2]),
	}
}

func newUI(opts *options) *uiserver.Server {
	return uiserver.NewServer(uioptions.WithConfigProvider(&uiconfig.Config{
		Host:                opts.ip,
		Port:                opts.uiPort,
		TemporalGRPCAddress: opts.frontendAddress(),
		DefaultNamespace:    opts.namespaces[0],
		EnableUI:            true,
		Codec:               uiconfig.Codec{Endpoint: opts.uiCodecEndpoint},
		// The UI is served without TLS here; a browser would drop a cookie that is marked secure.
		CORS:             uiconfig.CORS{CookieInsecure: true},
		DisableNewsFetch: true,
		HideLogs:         true,
	}))
}

// waitReady returns nil once the frontend serves, knows every namespace, and the Web UI answers.
func (s *server) waitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	var last error
	for {
		if last = s.check(ctx); last == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server was started but did not become ready: %w", last)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (s *server) check(ctx context.Context) error {
	health, err := healthpb.NewHealthClient(s.conn).Check(ctx, &healthpb.HealthCheckRequest{Service: frontendHealthName})
	if err != nil {
		return fmt.Errorf("ask the frontend for its health: %w", err)
	}
	if health.GetStatus() != healthpb.HealthCheckResponse_SERVING {
		return fmt.Errorf("the frontend is %s", health.GetStatus())
	}
	client := workflowservice.NewWorkflowServiceClient(s.conn)
	for _, name := range s.opts.namespaces {
		if _, err := client.DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: name}); err != nil {
			return fmt.Errorf("describe namespace %s: %w", name, err)
		}
	}
	if s.ui == nil {
		return nil
	}
	return checkUI(ctx, "http://"+s.opts.uiAddress()+"/healthz")
}

func checkUI(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return fmt.Errorf("ask the Web UI: %w", err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("ask the Web UI: %w", err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the Web UI answers %s", res.Status)
	}
	return nil
}

// stop ends the Web UI, then the services in their order. A service that does not end in time is left to the end of the process:
// the database needs no farewell.
func (s *server) stop() {
	_ = s.conn.Close()
	if s.ui != nil {
		s.ui.Stop()
	}
	done := make(chan error, 1)
	go func() { done <- s.temporal.Stop() }()
	select {
	case err := <-done:
		if err != nil {
			fmt.Fprintln(os.Stderr, "temporal: stop: "+err.Error())
		}
	case <-time.After(stopTimeout):
		fmt.Fprintf(os.Stderr, "temporal: stop: not all services ended within %s\n", stopTimeout)
	}
}
