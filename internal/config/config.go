// Package config holds the settings of the server side: each has a flag, an
// environment variable and a default, declared in one place. A flag wins over
// the environment.
package config

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// Config is every setting of `slipway dev`, `server`, `worker` and `migrate`.
type Config struct {
	Home               string
	Addr               string
	DatabaseURL        string
	TemporalAddress    string
	TemporalNamespace  string
	TemporalPort       int
	TemporalUIPort     int
	Keyset             string
	AgeRecipients      []string
	GitURL             string
	GitBranch          string
	Domain             string
	LogLevel           string
	LogFormat          string
	Activities         int
	HeavyActivities    int
	Offline            bool
	Source             string
	ReconcileEvery     time.Duration
	DeploymentDeadline time.Duration
	RolloutDeadline    time.Duration
	RolloutPatience    time.Duration // 0: as the delivery has it
	QueueLimit         int
	MetricsAddr        string
	Cluster            string
	ClusterPort        int
	Kubeconfig         string
	CloudIdentity      string
	CloudIdentities    []string
	Terraform          string
	TerraformMirror    string
	TerraformLocal     bool
	TerraformHosts     string
	DriverNetworks     []string
	DriverCAFile       string
	DriverRequest      time.Duration
	DriverPatience     time.Duration
	DriverDeadline     time.Duration
	WebhookNetworks    []string
	WebhookCAFile      string
	AutomationWindow   time.Duration
	StoreNetworks      []string
	StoreCAFile        string
	StoreTimeout       time.Duration
	StoreKubernetes    string
	BuiltinStore       string
	RequestTimeout     time.Duration
	RequestRate        int
	StreamsPerUser     int
	WorkerVersioning   bool
	WorkerBuildID      string
	CodecOrigins       []string
	Heartbeat          time.Duration
	RunnerLease        time.Duration
	Runners
	People
}

// setting declares one setting.
type setting struct {
	flag     string
	env      []string // the first that is set wins
	fallback string
	usage    string
	set      func(*Config, string) error
	get      func(Config) string
}

func text(flag, env, fallback, usage string, field func(*Config) *string) setting {
	return setting{flag, strings.Split(env, " "), fallback, usage,
		func(c *Config, s string) error { *field(c) = s; return nil },
		func(c Config) string { return *field(&c) }}
}

func number(flag, env string, fallback int, usage string, field func(*Config) *int) setting {
	return setting{flag, strings.Split(env, " "), strconv.Itoa(fallback), usage,
		func(c *Config, s string) error {
			n, err := strconv.Atoi(s)
			if err != nil || n < 0 {
				return fmt.Errorf("expected a whole number, got %q", s)
			}
			*field(c) = n
			return nil
		},
		func(c Config) string { return strconv.Itoa(*field(&c)) }}
}

func duration(flag, env, fallback, usage string, least time.Duration, field func(*Config) *time.Duration) setting {
	return setting{flag, strings.Split(env, " "), fallback, usage,
		func(c *Config, s string) error {
			d, err := time.ParseDuration(s)
			if err != nil || d < least {
				return fmt.Errorf("expected a duration of at least %s, got %q", least, s)
			}
			*field(c) = d
			return nil
		},
		func(c Config) string { return field(&c).String() }}
}

// longestRollout leaves the activity that watches a rollout, which may take an
// hour an attempt, time to say how it ended.
const longestRollout = 55 * time.Minute

func rolloutDeadline(flag, env, fallback, usage string, least time.Duration, field func(*Config) *time.Duration) setting {
	s := duration(flag, env, fallback, usage, least, field)
	set := s.set
	s.set = func(c *Config, text string) error {
		if d, err := time.ParseDuration(text); err == nil && d > longestRollout {
			return fmt.Errorf("expected a duration of at most %s, got %q", longestRollout, text)
		}
		return set(c, text)
	}
	return s
}

func rolloutPatience(flag, env, usage string) setting {
	const least = time.Second
	return setting{flag, []string{env}, "", usage,
		func(c *Config, s string) error {
			if s == "" {
				c.RolloutPatience = 0
				return nil
			}
			d, err := time.ParseDuration(s)
			if err != nil || d < least {
				return fmt.Errorf("expected a duration of at least %s, got %q", least, s)
			}
			c.RolloutPatience = d
			return nil
		},
		func(c Config) string {
			if c.RolloutPatience == 0 {
				return ""
			}
			return c.RolloutPatience.String()
		}}
}

// settings is the one list of all settings; docs/reference/settings.md is checked against it.
var settings = []setting{
	text("home", "SLIPWAY_HOME", ".slipway", "folder for all state of `slipway dev`", func(c *Config) *string { return &c.Home }),
	text("addr", "SLIPWAY_ADDR", "127.0.0.1:8080", "address the API listens on", func(c *Config) *string { return &c.Addr }),
	text("database-url", "SLIPWAY_DATABASE_URL DATABASE_URL", "", "postgres://... or the path of an SQLite file (default <home>/slipway.db)", func(c *Config) *string { return &c.DatabaseURL }),
	text("temporal-address", "SLIPWAY_TEMPORAL_ADDRESS TEMPORAL_ADDRESS", "", "host:port of a Temporal server; empty lets `slipway dev` start one", func(c *Config) *string { return &c.TemporalAddress }),
	text("temporal-namespace", "SLIPWAY_TEMPORAL_NAMESPACE TEMPORAL_NAMESPACE", "default", "Temporal namespace, registered when missing", func(c *Config) *string { return &c.TemporalNamespace }),
	number("temporal-port", "SLIPWAY_TEMPORAL_PORT", 7233, "port of the Temporal that `slipway dev` starts", func(c *Config) *int { return &c.TemporalPort }),
	number("temporal-ui-port", "SLIPWAY_TEMPORAL_UI_PORT", 8233, "port of its Web UI", func(c *Config) *int { return &c.TemporalUIPort }),
	text("keyset", "SLIPWAY_KEYSET", "", "file with the encryption keys (default <home>/keyset.json); made by `slipway dev` and `slipway migrate` when missing", func(c *Config) *string { return &c.Keyset }),
	{"age-recipients", []string{"SLIPWAY_AGE_RECIPIENTS"}, "", "age public keys, comma separated, that open Secrets in Git targets",
		func(c *Config, s string) error {
			c.AgeRecipients = strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
			return nil
		},
		func(c Config) string { return strings.Join(c.AgeRecipients, ",") }},
	text("git-url", "SLIPWAY_GIT_URL", "", "repository of the starter cluster definition (default <home>/deployments.git)", func(c *Config) *string { return &c.GitURL }),
	text("git-branch", "SLIPWAY_GIT_BRANCH", "main", "its branch", func(c *Config) *string { return &c.GitBranch }),
	text("domain", "SLIPWAY_DOMAIN", "localhost", "domain below which the starter dns definition makes host names", func(c *Config) *string { return &c.Domain }),
	text("log-level", "SLIPWAY_LOG_LEVEL", "info", "debug | info | warn | error", func(c *Config) *string { return &c.LogLevel }),
	text("log-format", "SLIPWAY_LOG_FORMAT", "text", "text | json", func(c *Config) *string { return &c.LogFormat }),
	number("activities", "SLIPWAY_ACTIVITIES", 50, "light activities a worker runs at once", func(c *Config) *int { return &c.Activities }),
	number("heavy-activities", "SLIPWAY_HEAVY_ACTIVITIES", 10, "heavy nodes a worker runs at once", func(c *Config) *int { return &c.HeavyActivities }),
	text("cluster", "SLIPWAY_CLUSTER", "", "`dev` lets `slipway dev` start a Kubernetes control plane with simulated nodes and deploy to it", func(c *Config) *string { return &c.Cluster }),
	number("cluster-port", "SLIPWAY_CLUSTER_PORT", 6443, "port of the API server that --cluster dev starts", func(c *Config) *int { return &c.ClusterPort }),
	text("kubeconfig", "SLIPWAY_KUBECONFIG", "", "kubeconfig of the cluster that definitions without cluster_data mean; empty means the cluster the server runs in", func(c *Config) *string { return &c.Kubeconfig }),
	text("cloud-identity-file", "SLIPWAY_CLOUD_IDENTITY_FILE", "", "file with an OIDC token of this server that clouds trust: for accounts of the types gcp-identity, aws-role and azure-identity", func(c *Config) *string { return &c.CloudIdentity }),
	{"cloud-identities", []string{"SLIPWAY_CLOUD_IDENTITIES"}, "", "what organizations may become by this server's own identity in clouds, comma separated ORG=NAME, where NAME is the ARN of a role, a Google service account or audience, or TENANT/CLIENT of Azure, and * stands for anything; empty allows one organization everything and several nothing",
		func(c *Config, s string) error {
			c.CloudIdentities = strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
			return nil
		},
		func(c Config) string { return strings.Join(c.CloudIdentities, ",") }},
	text("terraform", "SLIPWAY_TERRAFORM", "", "Terraform or OpenTofu binary; empty looks for terraform, then tofu, on PATH (`slipway dev` builds OpenTofu when a resource needs what is not there)", func(c *Config) *string { return &c.Terraform }),
	text("terraform-mirror", "SLIPWAY_TERRAFORM_MIRROR", "", "filesystem mirror of Terraform providers; empty uses the registries", func(c *Config) *string { return &c.TerraformMirror }),
	{"terraform-local-sources", []string{"SLIPWAY_TERRAFORM_LOCAL_SOURCES"}, "false", "allow Terraform definitions to name repositories on this machine by their path",
		func(c *Config, s string) (err error) { c.TerraformLocal, err = strconv.ParseBool(s); return err },
		func(c Config) string { return strconv.FormatBool(c.TerraformLocal) }},
	text("terraform-known-hosts", "SLIPWAY_TERRAFORM_KNOWN_HOSTS", "", "file with lines of ssh-keyscan: the hosts from which Terraform definitions may take their source over ssh", func(c *Config) *string { return &c.TerraformHosts }),
	{"driver-networks", []string{"SLIPWAY_DRIVER_NETWORKS"}, "", "CIDRs, addresses and host names, comma separated, inside your network that registered drivers may be called at; `slipway dev` adds loopback",
		func(c *Config, s string) error {
			c.DriverNetworks = strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
			return nil
		},
		func(c Config) string { return strings.Join(c.DriverNetworks, ",") }},
	text("driver-ca-file", "SLIPWAY_DRIVER_CA_FILE", "", "further certificate authorities for registered drivers, a PEM file", func(c *Config) *string { return &c.DriverCAFile }),
	duration("driver-request-timeout", "SLIPWAY_DRIVER_REQUEST_TIMEOUT", "1m", "how long one request to a registered driver may take", time.Millisecond, func(c *Config) *time.Duration { return &c.DriverRequest }),
	duration("driver-patience", "SLIPWAY_DRIVER_PATIENCE", "2m", "how long a registered driver may fail without a break before its resource fails", time.Millisecond, func(c *Config) *time.Duration { return &c.DriverPatience }),
	duration("driver-deadline", "SLIPWAY_DRIVER_DEADLINE", "1h", "how long a registered driver may take for one resource, its 202 answers included", time.Millisecond, func(c *Config) *time.Duration { return &c.DriverDeadline }),
	{"secret-store-networks", []string{"SLIPWAY_SECRET_STORE_NETWORKS"}, "", "CIDRs, addresses and host names, comma separated, inside your network that secret stores may be at; `slipway dev` adds loopback",
		func(c *Config, s string) error {
			c.StoreNetworks = strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
			return nil
		},
		func(c Config) string { return strings.Join(c.StoreNetworks, ",") }},
	text("secret-store-ca-file", "SLIPWAY_SECRET_STORE_CA_FILE", "", "further certificate authorities for secret stores, a PEM file", func(c *Config) *string { return &c.StoreCAFile }),
	duration("secret-store-timeout", "SLIPWAY_SECRET_STORE_TIMEOUT", "15s", "how long reading or writing one secret of a secret store may take", time.Millisecond, func(c *Config) *time.Duration { return &c.StoreTimeout }),
	text("secret-store-kubernetes-token", "SLIPWAY_SECRET_STORE_KUBERNETES_TOKEN", "", "file with the service account token that roles of the Kubernetes auth method of a vault sign in with; every vault that an organization names gets to see it; empty allows none", func(c *Config) *string { return &c.StoreKubernetes }),
	text("builtin-secret-store", "SLIPWAY_BUILTIN_SECRET_STORE", "humanitec", "id of the built-in secret store; set it before first use, and the same for servers and workers", func(c *Config) *string { return &c.BuiltinStore }),
	{"webhook-networks", []string{"SLIPWAY_WEBHOOK_NETWORKS"}, "", "CIDRs, addresses and host names, comma separated, inside your network that webhooks may be sent to, by plain http too; `slipway dev` adds loopback",
		func(c *Config, s string) error {
			c.WebhookNetworks = strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
			return nil
		},
		func(c Config) string { return strings.Join(c.WebhookNetworks, ",") }},
	text("webhook-ca-file", "SLIPWAY_WEBHOOK_CA_FILE", "", "further certificate authorities for receivers of webhooks, a PEM file", func(c *Config) *string { return &c.WebhookCAFile }),
	duration("automation-window", "SLIPWAY_AUTOMATION_WINDOW", "10s", "how long pushed images are collected before they become one deployment", 100*time.Millisecond, func(c *Config) *time.Duration { return &c.AutomationWindow }),
	{"worker-versioning", []string{"SLIPWAY_WORKER_VERSIONING"}, "false", "make the worker one version of Temporal's Worker Deployment `slipway`; `slipway dev` ignores it",
		func(c *Config, s string) (err error) { c.WorkerVersioning, err = strconv.ParseBool(s); return err },
		func(c Config) string { return strconv.FormatBool(c.WorkerVersioning) }},
	text("worker-build-id", "SLIPWAY_WORKER_BUILD_ID", "", "name of that version (default the version of the binary)", func(c *Config) *string { return &c.WorkerBuildID }),
	number("request-rate", "SLIPWAY_REQUEST_RATE", 100, "requests a second that one user may send, ten seconds of them at once; addresses without a known token may send a tenth of it, 0 bounds nobody", func(c *Config) *int { return &c.RequestRate }),
	number("streams-per-user", "SLIPWAY_STREAMS_PER_USER", 100, "event streams that one user may have open at one server; a further one is answered with 429, 0 bounds nobody", func(c *Config) *int { return &c.StreamsPerUser }),
	duration("request-timeout", "SLIPWAY_REQUEST_TIMEOUT", "1m", "how long the API works on one request before it answers 503; event streams may go on for ever", 100*time.Millisecond, func(c *Config) *time.Duration { return &c.RequestTimeout }),
	{"codec-server-origin", []string{"SLIPWAY_CODEC_SERVER_ORIGIN"}, "", "origin of the Temporal Web UI (https://temporal.example.com; several with commas) for which `slipway server` decrypts payloads at /temporal/codec; empty turns that off, `slipway dev` adds its own Web UI",
		func(c *Config, s string) (err error) { c.CodecOrigins, err = origins(s); return err },
		func(c Config) string { return strings.Join(c.CodecOrigins, ",") }},
	text("metrics-addr", "SLIPWAY_METRICS_ADDR", "", "address on which `slipway worker` serves /metrics; empty serves none", func(c *Config) *string { return &c.MetricsAddr }),
	{"offline", []string{"SLIPWAY_OFFLINE"}, "false", "never fetch a Temporal release or modules; use what is there or build it",
		func(c *Config, s string) (err error) { c.Offline, err = strconv.ParseBool(s); return err },
		func(c Config) string { return strconv.FormatBool(c.Offline) }},
	text("source", "SLIPWAY_SOURCE", ".", "source tree to build Temporal, Kubernetes and OpenTofu from where they are not there", func(c *Config) *string { return &c.Source }),
	duration("reconcile-every", "SLIPWAY_RECONCILE_EVERY", "10s", "how often records and workflows are compared", 100*time.Millisecond, func(c *Config) *time.Duration { return &c.ReconcileEvery }),
	duration("deployment-deadline", "SLIPWAY_DEPLOYMENT_DEADLINE", "6h", "how long one deployment may take in all before it is stopped", time.Second, func(c *Config) *time.Duration { return &c.DeploymentDeadline }),
	rolloutPatience("rollout-patience", "SLIPWAY_ROLLOUT_PATIENCE", "how long a pod may fail in a way that rarely passes by itself (an image that cannot be pulled, a crash loop) before its deployment is given up; empty means 45s, and 5s with the simulated nodes of `--cluster dev`"),
	rolloutDeadline("rollout-deadline", "SLIPWAY_ROLLOUT_DEADLINE", "10m", "how long workloads may take to become ready on Kubernetes, at most 55m", time.Second, func(c *Config) *time.Duration { return &c.RolloutDeadline }),
	number("queue-limit", "SLIPWAY_QUEUE_LIMIT", 1000, "unfinished deployments that one environment may have; a further one is refused, 0 refuses none", func(c *Config) *int { return &c.QueueLimit }),
	duration("heartbeat-timeout", "SLIPWAY_HEARTBEAT_TIMEOUT", "15s", "how long after the last sign of life of a worker another one takes its work over", 2*time.Second, func(c *Config) *time.Duration { return &c.Heartbeat }),
	duration("runner-lease", "SLIPWAY_RUNNER_LEASE", "30s", "how long after the last sign of life of a Terraform runner it counts as dead (a third more for clocks that differ)", 2*time.Second, func(c *Config) *time.Duration { return &c.RunnerLease }),
}

// origins reads a list of web origins, as browsers spell them.
func origins(s string) ([]string, error) {
	list := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
	for _, o := range list {
		u, err := url.Parse(o)
		if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.Scheme+"://"+u.Host != o {
			return nil, fmt.Errorf("expected an origin such as https://temporal.example.com, without a path, got %q", o)
		}
	}
	return list, nil
}

// Bind declares the named settings (all when none is named) as flags. The
// returned function reads them after parsing.
func Bind(flags *pflag.FlagSet, names ...string) func() (Config, error) {
	wanted := map[string]bool{}
	for _, n := range names {
		wanted[n] = true
	}
	raw := map[string]*string{}
	for _, s := range settings {
		if len(names) > 0 && !wanted[s.flag] {
			continue
		}
		raw[s.flag] = flags.String(s.flag, "", fmt.Sprintf("%s (%s; default %q)", s.usage, s.env[0], s.fallback))
	}
	return func() (Config, error) {
		var c Config
		for _, s := range settings {
			value, from := s.fallback, "default"
			for i := len(s.env) - 1; i >= 0; i-- {
				if v, ok := os.LookupEnv(s.env[i]); ok && v != "" {
					value, from = v, s.env[i]
				}
			}
			if p := raw[s.flag]; p != nil && flags.Changed(s.flag) {
				value, from = *p, "--"+s.flag
			}
			if err := s.set(&c, value); err != nil {
				return c, fmt.Errorf("%s: %w", from, err)
			}
		}
		return c.complete()
	}
}

// complete fills what depends on other settings.
func (c Config) complete() (Config, error) {
	home, err := filepath.Abs(c.Home)
	if err != nil {
		return c, fmt.Errorf("--home: %w", err)
	}
	c.Home = home
	if c.DatabaseURL == "" {
		c.DatabaseURL = filepath.Join(home, "slipway.db")
	}
	if c.Keyset == "" {
		c.Keyset = filepath.Join(home, "keyset.json")
	}
	if c.GitURL == "" {
		c.GitURL = filepath.Join(home, "deployments.git")
	}
	return c, nil
}

// Doc describes one setting for the reference page.
type Doc struct{ Flag, Env, Default, Usage string }

// Reference lists every setting.
func Reference() []Doc {
	out := make([]Doc, 0, len(settings))
	for _, s := range settings {
		out = append(out, Doc{"--" + s.flag, strings.Join(s.env, ", "), s.fallback, s.usage})
	}
	return out
}
