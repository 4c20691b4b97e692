package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/builtin"
	"github.com/slipway-dev/slipway/drivers/external"
	"github.com/slipway-dev/slipway/engine/redaction"
	"github.com/slipway-dev/slipway/internal/charts"
	"github.com/slipway-dev/slipway/internal/config"
	"github.com/slipway-dev/slipway/internal/delivery"
	"github.com/slipway-dev/slipway/internal/delivery/clouds"
	"github.com/slipway-dev/slipway/internal/delivery/kubernetes"
	"github.com/slipway-dev/slipway/internal/metrics"
	"github.com/slipway-dev/slipway/internal/rotation"
	"github.com/slipway-dev/slipway/internal/runner"
	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/internal/secretstore"
	"github.com/slipway-dev/slipway/internal/store"
	"github.com/slipway-dev/slipway/internal/temporal"
	"github.com/slipway-dev/slipway/internal/webhook"
	"github.com/slipway-dev/slipway/orchestrator"
)

// parts are what the server side is put together from.
type parts struct {
	cfg      config.Config
	log      *slog.Logger
	store    *store.Store
	keeper   *secrets.Keeper
	drivers  *drivers.Registry
	temporal client.Client
	metrics  *metrics.Metrics
	runs     *runner.Service
	standby  *runner.Standby // keeps a runner started ahead
	remote   *external.Client
	stores   *secretstore.Backend
	charts   *charts.Renderer
	webhooks *webhook.Client
	door     string // of the codec server; only in `slipway dev`
	engineUI string // Temporal's Web UI that `slipway dev` started

	identities clouds.Identities
}

// newLogger builds the log from the settings.
func newLogger(c config.Config, w io.Writer) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return nil, fmt.Errorf("--log-level: expected debug, info, warn or error, got %q", c.LogLevel)
	}
	options := &slog.HandlerOptions{Level: level}
	switch c.LogFormat {
	case "json":
		return slog.New(slog.NewJSONHandler(w, options)), nil
	case "text":
		return slog.New(slog.NewTextHandler(w, options)), nil
	}
	return nil, fmt.Errorf("--log-format: expected text or json, got %q", c.LogFormat)
}

// openParts opens everything that server and worker share. provide gets a
// Terraform engine when there is none; nil where nothing is to be built.
func openParts(ctx context.Context, c config.Config, log *slog.Logger, provide func(say func(string)) (string, error)) (*parts, error) {
	p := &parts{cfg: c, log: log, drivers: drivers.NewRegistry(), metrics: metrics.New()}
	if err := builtin.Register(p.drivers); err != nil {
		return nil, err
	}
	var err error
	if p.remote, err = remoteDrivers(c); err != nil {
		return nil, err
	}
	if p.stores, err = secretStores(c); err != nil {
		return nil, err
	}
	if p.charts, err = charts.New(charts.Options{}); err != nil {
		return nil, err
	}
	if p.webhooks, err = webhookClient(c); err != nil {
		return nil, err
	}
	if p.keeper, err = openKeeper(c); err != nil {
		return nil, err
	}
	if p.store, err = store.Open(ctx, store.Options{DSN: c.DatabaseURL, Log: log}); err != nil {
		return nil, err
	}
	if p.identities, err = clouds.ParseIdentities(c.CloudIdentities, p.organizations); err != nil {
		_ = p.store.Close()
		return nil, fmt.Errorf("--cloud-identities: %w", err)
	}
	p.metrics.Watch("slipway_waiting_approvals", "Plans of deployments that wait for people, in all organizations.", func() (int, error) {
		reading, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		return p.store.CountWaitingGates(reading)
	})
	if err := rotation.Check(ctx, p.store, p.keeper); err != nil {
		_ = p.store.Close()
		return nil, err
	}
	if p.runs, err = p.registerTerraform(provide); err != nil {
		_ = p.store.Close()
		return nil, err
	}
	if err := p.registerContainers(); err != nil {
		_ = p.store.Close()
		return nil, err
	}
	p.temporal, err = temporal.Connect(ctx, temporal.Options{
		Address: c.TemporalAddress, Namespace: c.TemporalNamespace, Log: log, Keeper: p.keeper,
	})
	if err != nil {
		_ = p.store.Close()
		return nil, err
	}
	return p, nil
}

// organizations counts those of the installation.
func (p *parts) organizations(ctx context.Context) (int, error) {
	all, err := p.store.AllOrganizations(ctx)
	return len(all), err
}

// remoteDrivers makes what calls drivers that organizations registered by address.
func remoteDrivers(c config.Config) (*external.Client, error) {
	networks, err := external.ParseNetworks(c.DriverNetworks)
	if err != nil {
		return nil, fmt.Errorf("--driver-networks: %w", err)
	}
	return external.New(external.Options{
		Networks: networks, CAFile: c.DriverCAFile, Request: c.DriverRequest, Patience: c.DriverPatience, Deadline: c.DriverDeadline,
	})
}

// secretStores makes what reads secret stores outside Slipway.
func secretStores(c config.Config) (*secretstore.Backend, error) {
	networks, err := external.ParseNetworks(c.StoreNetworks)
	if err != nil {
		return nil, fmt.Errorf("--secret-store-networks: %w", err)
	}
	return secretstore.New(secretstore.Options{
		Networks: networks, CAFile: c.StoreCAFile, Timeout: c.StoreTimeout, KubernetesToken: c.StoreKubernetes,
	})
}

// webhookClient makes what sends webhooks.
func webhookClient(c config.Config) (*webhook.Client, error) {
	networks, err := external.ParseNetworks(c.WebhookNetworks)
	if err != nil {
		return nil, fmt.Errorf("--webhook-networks: %w", err)
	}
	return webhook.New(webhook.Options{Networks: networks, CAFile: c.WebhookCAFile})
}

// openKeeper reads the keyset from the file, or from the variable itself when
// it holds JSON.
func openKeeper(c config.Config) (*secrets.Keeper, error) {
	if strings.HasPrefix(strings.TrimSpace(os.Getenv("SLIPWAY_KEYSET_JSON")), "{") {
		return secrets.FromJSON([]byte(os.Getenv("SLIPWAY_KEYSET_JSON")))
	}
	return secrets.Open(c.Keyset)
}

// ensureKeyset makes the keyset when there is none.
func ensureKeyset(c config.Config) error {
	if os.Getenv("SLIPWAY_KEYSET_JSON") != "" {
		return nil
	}
	if _, err := os.Stat(c.Keyset); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(c.Keyset), 0o700); err != nil {
		return fmt.Errorf("make the folder of the keyset: %w", err)
	}
	_, err := secrets.Create(c.Keyset)
	return err
}

// Close releases what was opened.
func (p *parts) Close() {
	p.standby.Close()
	p.temporal.Close()
	if err := p.store.Close(); err != nil {
		p.log.Warn("closing the database", "error", err)
	}
}

// starter hands work to Temporal.
func (p *parts) starter() *temporal.Starter {
	return temporal.NewStarter(p.temporal).WithDeadline(p.cfg.DeploymentDeadline)
}

// clouds exchanges credentials of clouds for tokens of their clusters. The keys of AWS have the names that AWS gave them.
func (p *parts) clouds() map[string]kubernetes.TokenSource {
	return clouds.Sources(clouds.Options{
		IdentityFile: p.cfg.CloudIdentity, Identities: p.identities, AWSAccessKeyID: os.Getenv("AWS_ACCESS_KEY_ID"),
		AWSSecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"), AWSSessionToken: os.Getenv("AWS_SESSION_TOKEN"),
	})
}

// service builds the use cases.
func (p *parts) service() *orchestrator.Service {
	cluster := kubernetes.New(kubernetes.Options{Kubeconfig: p.cfg.Kubeconfig, TokenSources: p.clouds()})
	return orchestrator.New(orchestrator.Options{
		Store: p.store, Workflows: p.starter(), Keeper: p.keeper, QueueLimit: p.cfg.QueueLimit,
		Pipelines: p.starter(), Web: p.webhooks,
		Background: p.starter(), AutomationWindow: p.cfg.AutomationWindow, Observe: p.metrics.Observe,
		Logs:      map[string]orchestrator.ContainerLogs{"k8s": cluster, "gke": cluster, "eks": cluster, "aks": cluster},
		Clusters:  map[string]orchestrator.Cluster{"k8s": cluster, "gke": cluster, "eks": cluster, "aks": cluster},
		Leftovers: map[string]orchestrator.Clusters{"k8s": cluster, "gke": cluster, "eks": cluster, "aks": cluster},
		Drivers:   catalogue{p.drivers}, Registry: p.drivers, Questions: questions{p.runs}, Log: p.log,
		Drift: p.starter(), Schedules: p.starter(), Retention: p.starter(),
		Secrets: p.stores, Charts: p.charts, BuiltinStore: p.cfg.BuiltinStore,
		Payloads: temporal.NewDocumentCodec(p.keeper, p.cfg.TemporalNamespace),
	})
}

// deployer builds what the workers run.
func (p *parts) deployer() *orchestrator.Deployer {
	cluster := kubernetes.New(kubernetes.Options{Kubeconfig: p.cfg.Kubeconfig, TokenSources: p.clouds(), Deadline: p.cfg.RolloutDeadline, Patience: p.cfg.RolloutPatience})
	return orchestrator.NewDeployer(orchestrator.DeployerOptions{
		Store: p.store, Keeper: p.keeper, Drivers: p.drivers, Remote: p.remote, Log: p.log, Observe: p.metrics.Observe,
		Secrets: p.stores, Charts: p.charts, BuiltinStore: p.cfg.BuiltinStore,
		Background: p.starter(), Pipelines: p.starter(), RegistryTokens: clouds.NewRegistries(clouds.Options{}),
		Targets: map[string]orchestrator.Delivery{
			"git": delivery.NewGit(delivery.GitOptions{
				CacheDir: filepath.Join(p.cfg.Home, "cache"), AgeRecipients: p.cfg.AgeRecipients,
			}),
			"k8s": cluster, "gke": cluster, "eks": cluster, "aks": cluster,
		},
		Redactor: func(values ...string) func(string) string { return redaction.New(values...).String },
	})
}

// sender builds what sends webhooks.
func (p *parts) sender() *orchestrator.WebhookSender {
	return orchestrator.NewWebhookSender(orchestrator.WebhookSenderOptions{
		Store: p.store, Keeper: p.keeper, Transport: p.webhooks, Log: p.log, Observe: p.metrics.Observe,
	})
}

// catalogue shows the driver registry to the use cases.
type catalogue struct{ registry *drivers.Registry }

func (c catalogue) Known(id string) bool { return c.registry.Known(id) }

func (c catalogue) Defaults(id string) map[string]any {
	_, d, _ := c.registry.Get(id)
	return d.Defaults
}

func (c catalogue) List() []orchestrator.DriverInfo {
	available := map[string]bool{}
	for _, d := range c.registry.List() {
		available[d.ID] = true
	}
	var out []orchestrator.DriverInfo
	for _, d := range c.registry.Catalogue() {
		out = append(out, orchestrator.DriverInfo{
			ID: d.ID, Aliases: d.Aliases, Type: d.ResourceType, Description: d.Description, AccountTypes: d.AccountTypes,
			InputsSchema: d.InputsSchema, Available: available[d.ID],
		})
	}
	return out
}
