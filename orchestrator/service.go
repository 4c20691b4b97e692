package orchestrator

import (
	"context"
	"log/slog"
	"time"

	"github.com/slipway-dev/slipway/drivers"
)

// Service holds the use cases. Every exported method authorizes its caller
// (the Actor in the context) before it reads or changes anything.
type Service struct {
	store     Store
	workflows Workflows
	keeper    Keeper
	drivers   DriverCatalogue
	registry  *drivers.Registry // with which definitions are tested
	questions Questions
	payloads  PayloadCodec
	now       func() time.Time
	log       *slog.Logger
	deployIDs *idClock
	secrets   secretSource
	charts    ChartRenderer

	background Background
	pipelines  PipelineWorkflows
	web        PipelineWeb
	window     time.Duration // in which pushes are collected
	observe    func(event string, labels ...string)
	outbox     outbox
	live       *live
	logs       map[string]ContainerLogs // by cluster_type
	clusters   map[string]Cluster       // by cluster_type
	leftovers  map[string]Clusters      // by cluster_type
	drift      DriftWorkflows
	schedules  Schedules
	failures   scheduleFailureCache
	retention  RetentionWorkflows

	// queueLimit bounds the unfinished deployments of an environment; 0 = no bound.
	queueLimit int
}

// Options are the parts a Service is built from; the first four are required.
type Options struct {
	Store     Store
	Workflows Workflows
	Keeper    Keeper
	Drivers   DriverCatalogue
	Registry  *drivers.Registry // of the drivers with which definitions are tested; nil has none
	Questions Questions         // nil when nothing runs that could ask
	Payloads  PayloadCodec      // nil when payloads are not to be read
	Now       func() time.Time  // default time.Now
	Log       *slog.Logger      // default slog.Default()
	Secrets   SecretBackend     // nil when no secret store outside Slipway can be reached
	Charts    ChartRenderer     // nil when charts cannot be uploaded
	// BuiltinStore is the id of the built-in secret store; default BuiltinSecretStore.
	BuiltinStore string

	Background Background // nil leaves webhooks and automation to the Reconciler
	// Pipelines starts and steers runs of pipelines; nil leaves them to the Reconciler.
	Pipelines PipelineWorkflows
	// Web makes the HTTP requests of steps of pipelines; nil makes none.
	Web              PipelineWeb
	AutomationWindow time.Duration // default DefaultAutomationWindow
	// Logs read what containers write, by cluster_type; nil reads none.
	Logs map[string]ContainerLogs
	// Clusters are asked what runs and what differs, by cluster_type; nil asks none.
	Clusters map[string]Cluster
	// Leftovers look for what was left behind, by cluster_type; nil looks nowhere.
	Leftovers map[string]Clusters
	Drift     DriftWorkflows     // nil when no scans for drift are started
	Schedules Schedules          // nil leaves the schedules to other servers
	Retention RetentionWorkflows // nil when no rounds of retention are started
	// Observe counts what happens, for metrics: ("automation", outcome).
	Observe func(event string, labels ...string)

	// QueueLimit is how many deployments of one environment may wait and run;
	// a further one is a conflict. 0 = any number.
	QueueLimit int
}

// New builds the use cases.
func New(o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Background == nil {
		o.Background = noBackground{}
	}
	if o.Pipelines == nil {
		o.Pipelines = noPipelineWorkflows{}
	}
	if o.AutomationWindow == 0 {
		o.AutomationWindow = DefaultAutomationWindow
	}
	if o.Observe == nil {
		o.Observe = func(string, ...string) {}
	}
	if o.Registry == nil {
		o.Registry = drivers.NewRegistry()
	}
	if o.Drift == nil {
		o.Drift = noDriftWorkflows{}
	}
	if o.Schedules == nil {
		o.Schedules = noSchedules{}
	}
	if o.Retention == nil {
		o.Retention = noRetentionWorkflows{}
	}
	now := func() time.Time { return o.Now().UTC() }
	return &Service{
		store: o.Store, workflows: o.Workflows, keeper: o.Keeper, drivers: o.Drivers, questions: o.Questions, payloads: o.Payloads,
		charts: o.Charts, registry: o.Registry,
		secrets: newSecretSource(o.Store, o.Keeper, o.Secrets, o.BuiltinStore),
		now:     now, log: o.Log, deployIDs: &idClock{}, background: o.Background, window: o.AutomationWindow, pipelines: o.Pipelines, web: o.Web, observe: o.Observe,
		outbox:     outbox{store: o.Store, background: o.Background, now: now, log: o.Log},
		queueLimit: o.QueueLimit,
		live:       newLive(o.Log),
		logs:       o.Logs,
		clusters:   o.Clusters, leftovers: o.Leftovers,
		drift: o.Drift, schedules: o.Schedules, retention: o.Retention,
	}
}

// Workflows starts and steers the durable workflows. An implementation answers
// CodeUnavailable when the workflow engine cannot be reached.
type Workflows interface {
	// Ready reports whether the engine can be reached at all; use cases ask
	// before they commit, so that its absence is a 503 with nothing written.
	Ready(ctx context.Context) error
	// Enqueue puts work into the queue of an environment, in the given order,
	// starting the queue when it is not running. What is marked Again is put in
	// only when the queue is started. Enqueueing the same work again is harmless.
	Enqueue(ctx context.Context, env EnvRef, items ...QueueItem) error
	// Cancel asks for the end of a piece of work, queued or running. It is no
	// error when the work is unknown or over.
	Cancel(ctx context.Context, env EnvRef, item QueueItem) error
	// State reports what became of the workflow of a piece of work.
	State(ctx context.Context, env EnvRef, item QueueItem) (WorkflowState, error)
}

// WorkflowState is what the workflow engine knows of a piece of work.
type WorkflowState string

// The workflow states.
const (
	WorkflowUnknown WorkflowState = "unknown" // never started, or forgotten
	WorkflowQueued  WorkflowState = "queued"
	WorkflowRunning WorkflowState = "running"
	WorkflowClosed  WorkflowState = "closed"
)

// QueueItem is one piece of work in the queue of an environment.
type QueueItem struct {
	Kind   string      // QueueDeployment | QueueResource | QueueOperation | QueueTeardown
	ID     string      // deployment id, GUResID/n; for a teardown an id of its own
	Policy QueuePolicy // how it behaves towards those that wait
	// Again marks what the queue knows unless it has to be started anew: only
	// then it is put in.
	Again bool
	// Follow marks what has begun: a new queue waits for its end and never
	// starts it.
	Follow bool
}

// Kinds of queue items.
const (
	QueueDeployment = "deployment"
	QueueTeardown   = "teardown"
)

// Keeper encrypts what is secret before it is stored. Associated data binds a
// ciphertext to the row it belongs to.
type Keeper interface {
	Encrypt(plaintext, associatedData []byte) ([]byte, error)
	Decrypt(ciphertext, associatedData []byte) ([]byte, error)
	// MAC is a keyed digest: equal data is recognized without being revealed.
	MAC(purpose string, data []byte) []byte
}

// DriverCatalogue says which drivers this server can run.
type DriverCatalogue interface {
	// Known reports whether a driver id is valid at all, available or not.
	Known(id string) bool
	// List describes the built-in drivers.
	List() []DriverInfo
	// Defaults are the values a driver takes where a definition gives none; they
	// may hold placeholders, so they belong into the graph.
	Defaults(id string) map[string]any
}

// DriverInfo describes a built-in driver.
type DriverInfo struct {
	ID           string // humanitec/echo
	Aliases      []string
	Type         string // resource type it produces, "*" = any
	Description  string
	AccountTypes []string
	InputsSchema map[string]any
	Available    bool // runs in this server; otherwise only its definitions are accepted
}
