package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/slipway-dev/slipway/internal/config"
	"github.com/slipway-dev/slipway/internal/store"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/server"
	"github.com/slipway-dev/slipway/ui"
	"github.com/slipway-dev/slipway/worker"
)

// temporalPatience is how long server and worker wait for Temporal to come up
// before they give up; what supervises them starts them again.
const temporalPatience = time.Minute

// errNoTemporal says what is to be set.
var errNoTemporal = errors.New("no Temporal: set --temporal-address or TEMPORAL_ADDRESS to host:port of a Temporal server")

// renewEvery is how often it is looked for tokens in clusters that end soon.
const renewEvery = 5 * time.Minute

// stopTimeout bounds an orderly end of the server.
const stopTimeout = 10 * time.Second

func serverCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "server", Short: "Serve the HTTP API", GroupID: "server", Args: cobra.NoArgs,
		Long: "Serves the HTTP API on a migrated database. Run any number of them; they keep no state.",
	}
	settings := config.Bind(cmd.Flags(), append(config.PeopleSettings(), "home", "addr", "database-url", "temporal-address", "temporal-namespace", "keyset",
		"automation-window", "kubeconfig", "cloud-identity-file", "cloud-identities", "deployment-deadline", "queue-limit", "request-timeout", "request-rate", "codec-server-origin", "log-level", "log-format")...)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return withParts(cmd.Context(), settings, func(ctx context.Context, p *parts) error {
			listener, err := listen(p.cfg.Addr)
			if err != nil {
				return err
			}
			return serveAPI(ctx, p, p.service(), listener)
		})
	}
	return cmd
}

func workerCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "worker", Short: "Run workflows and activities", GroupID: "server", Args: cobra.NoArgs,
		Long: "Polls Temporal for deployments and carries them out. Run as many as the load needs.",
	}
	settings := config.Bind(cmd.Flags(), append(config.RunnerSettings(), "home", "database-url", "temporal-address", "temporal-namespace", "keyset", "age-recipients",
		"kubeconfig", "cloud-identity-file", "cloud-identities", "terraform", "terraform-mirror", "terraform-local-sources", "terraform-known-hosts", "activities", "heavy-activities", "reconcile-every", "heartbeat-timeout", "runner-lease", "driver-networks", "driver-ca-file", "driver-request-timeout", "driver-patience", "driver-deadline",
		"webhook-networks", "webhook-ca-file", "deployment-deadline", "rollout-deadline", "rollout-patience", "worker-versioning", "worker-build-id", "metrics-addr", "log-level", "log-format")...)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return withParts(cmd.Context(), settings, func(ctx context.Context, p *parts) error {
			group, ctx := errgroup.WithContext(ctx)
			group.Go(func() error { return serveMetrics(ctx, p) })
			group.Go(func() error { return runWorker(ctx, p) })
			return group.Wait()
		})
	}
	cmd.AddCommand(workerVersionsCommand(), workerPromoteCommand())
	return cmd
}

func migrateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "migrate", Short: "Bring the database up to date and make what a new installation needs", GroupID: "server", Args: cobra.NoArgs,
		Long: "Migrates the schema, makes the keyset when there is none, and seeds an empty database with an organization,\n" +
			"an administrator (its token is SLIPWAY_ADMIN_TOKEN, or a new one that is printed once) and the built-in types.",
	}
	settings := config.Bind(cmd.Flags(), "home", "database-url", "keyset", "age-recipients", "git-url", "git-branch", "domain", "log-level", "log-format")
	org := cmd.Flags().String("org", envOr("SLIPWAY_SEED_ORG", "demo"), "organization to seed (SLIPWAY_SEED_ORG)")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, err := settings()
		if err != nil {
			return err
		}
		log, err := newLogger(c, os.Stderr)
		if err != nil {
			return err
		}
		if c, err = prepareHome(c); err != nil {
			return err
		}
		if err := store.Migrate(cmd.Context(), c.DatabaseURL, log); err != nil {
			return err
		}
		return seedInstallation(cmd, c, log, *org)
	}
	return cmd
}

// seedInstallation seeds what a new installation needs and prints the
// administrator's token when it had to make one.
func seedInstallation(cmd *cobra.Command, c config.Config, log *slog.Logger, org string) error {
	db, err := store.Open(cmd.Context(), store.Options{DSN: c.DatabaseURL, Log: log})
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	keeper, err := openKeeper(c)
	if err != nil {
		return err
	}
	service := orchestrator.New(orchestrator.Options{Store: db, Keeper: keeper, Log: log})
	token := os.Getenv("SLIPWAY_ADMIN_TOKEN")
	made := false
	if _, err := db.GetOrganization(cmd.Context(), org); orchestrator.IsNotFound(err) && token == "" {
		if token, err = newToken(); err != nil {
			return err
		}
		made = true
	}
	if err := seed(cmd.Context(), service, c, org, token); err != nil {
		return err
	}
	if made {
		fmt.Fprintf(cmd.OutOrStdout(), "administrator token of organization %s (shown once): %s\n", org, token)
	}
	return nil
}

func envOr(name, fallback string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return fallback
}

// withParts reads the settings, opens the parts and closes them afterwards.
func withParts(ctx context.Context, settings func() (config.Config, error), fn func(context.Context, *parts) error) error {
	c, err := settings()
	if err != nil {
		return err
	}
	log, err := newLogger(c, os.Stderr)
	if err != nil {
		return err
	}
	if c.TemporalAddress == "" {
		return errNoTemporal
	}
	open, cancel := context.WithTimeout(ctx, temporalPatience)
	defer cancel()
	p, err := openParts(open, c, log, nil)
	if err != nil {
		return err
	}
	defer p.Close()
	return fn(ctx, p)
}

// listen takes the address, or says who might have it.
func listen(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w; stop what uses it, or choose another with --addr", addr, errors.Unwrap(err))
	}
	return l, nil
}

// serveAPI serves until ctx ends, then lets requests finish.
func serveAPI(ctx context.Context, p *parts, service *orchestrator.Service, l net.Listener) error {
	people, err := signIn(p)
	if err != nil {
		return err
	}
	api := server.New(server.Options{
		Service: service, Log: p.log, Version: version, Registry: p.metrics.Registry, SignIn: people, TrustedProxies: p.cfg.TrustedProxies,
		UI:    &server.UI{Files: ui.Files(), TemporalURL: p.temporalUI()},
		Codec: p.codecServer(), Timeout: p.cfg.RequestTimeout, RequestRate: float64(p.cfg.RequestRate), StreamsPerUser: p.cfg.StreamsPerUser,
	})
	prune, stopPruning := context.WithCancel(ctx)
	defer stopPruning()
	go pruneAuditLog(prune, p, service)
	failed := make(chan error, 1)
	go func() { failed <- api.Serve(l) }()
	p.log.Info("serving the API", "address", l.Addr().String())
	select {
	case err := <-failed:
		return fmt.Errorf("serving the API: %w", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	return api.Shutdown(stop)
}

// serveMetrics serves what a worker counts, when it is asked to.
func serveMetrics(ctx context.Context, p *parts) error {
	if p.cfg.MetricsAddr == "" {
		return nil
	}
	l, err := listen(p.cfg.MetricsAddr)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", p.metrics.Handler())
	s := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = s.Close() })
	defer stop()
	if err := s.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving metrics: %w", err)
	}
	return nil
}

// runWorker polls until ctx ends.
func runWorker(ctx context.Context, p *parts) error {
	build, err := buildID(p.cfg)
	if err != nil {
		return err
	}
	deployer := p.deployer()
	w := worker.New(worker.Options{
		Client: p.temporal, Deployer: deployer, Service: p.service(), Webhooks: p.sender(),
		Activities: p.cfg.Activities, Heavy: p.cfg.HeavyActivities,
		Deadline: p.cfg.DeploymentDeadline, BuildID: build, Heartbeat: p.cfg.Heartbeat,
	})
	if err := w.Start(); err != nil {
		return err
	}
	defer w.Stop()
	p.log.Info("working", "namespace", p.cfg.TemporalNamespace, "build_id", build)
	var renewing sync.WaitGroup
	renewing.Go(func() { deployer.KeepPullSecrets(ctx, renewEvery) })
	defer renewing.Wait()
	starter, service := p.starter(), p.service()
	orchestrator.NewReconciler(p.store, starter, nil, p.log).WithBackground(starter).WithPipelines(starter, service).WithSchedules(service).Run(ctx, p.cfg.ReconcileEvery)
	return nil
}
