package orchestrator

import (
	"context"
	"log/slog"
	"time"

	"github.com/slipway-dev/slipway/drivers"
)

// Deployer carries out what workflows order: it plans, provisions, renders,
// delivers and finishes deployments, and tears environments down. Each step is
// idempotent: repeated after a crash it finds what it has committed and goes on
// from there. It acts as Slipway itself; the use case that accepted the work
// authorized it.
type Deployer struct {
	store     Store
	keeper    Keeper
	drivers   *drivers.Registry
	remote    RemoteDrivers
	targets   map[string]Delivery
	redactor  func(secrets ...string) func(string) string
	now       func() time.Time
	log       *slog.Logger
	observe   func(event string, labels ...string)
	secrets   secretSource
	charts    ChartRenderer
	tokens    RegistryTokens
	pipelines PipelineWorkflows
	planGate  PlanGate
	closer    closer
	outbox    outbox

	startShownAfter time.Duration // see the constant; another one in tests
}

// DeployerOptions are the parts a Deployer is built from; all but Remote, Now, Log
// and Observe are required.
type DeployerOptions struct {
	Store   Store
	Keeper  Keeper
	Drivers *drivers.Registry
	// Remote calls drivers that organizations registered by address; nil calls none.
	Remote RemoteDrivers
	// Secrets reads secret stores outside Slipway; nil reads none.
	Secrets SecretBackend
	// Charts renders the charts of workload profiles; nil renders none.
	Charts ChartRenderer
	// RegistryTokens exchanges keys of registries; nil exchanges none.
	RegistryTokens RegistryTokens
	// BuiltinStore is the id of the built-in secret store; default BuiltinSecretStore.
	BuiltinStore string
	// Targets are the ways to deliver, by cluster_type ("git", ...).
	Targets map[string]Delivery
	// Redactor returns a function that removes the given values from text.
	Redactor func(secrets ...string) func(string) string
	Now      func() time.Time
	Log      *slog.Logger
	// Observe counts what happens, for metrics: ("deployment", outcome),
	// ("node", driver, status), ("delivery", kind, status).
	Observe func(event string, labels ...string)
	// Background starts webhook deliveries; nil leaves them to the Reconciler.
	Background Background
	// Pipelines is told when a deployment of a pipeline has ended; nil = nobody.
	Pipelines PipelineWorkflows
	// PlanGate decides about plans of nodes that were deferred; nil asks the policies.
	PlanGate PlanGate
}

// NewDeployer builds a Deployer.
func NewDeployer(o DeployerOptions) *Deployer {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Observe == nil {
		o.Observe = func(string, ...string) {}
	}
	if o.Background == nil {
		o.Background = noBackground{}
	}
	now := func() time.Time { return o.Now().UTC() }
	d := &Deployer{
		store: o.Store, keeper: o.Keeper, drivers: o.Drivers, remote: o.Remote, targets: o.Targets,
		redactor: o.Redactor, now: now, log: o.Log, observe: o.Observe,
		charts:    o.Charts,
		tokens:    o.RegistryTokens,
		pipelines: o.Pipelines,
		planGate:  o.PlanGate,
		secrets:   newSecretSource(o.Store, o.Keeper, o.Secrets, o.BuiltinStore),
		closer:    closer{store: o.Store, now: now},
		outbox:    outbox{store: o.Store, background: o.Background, now: now, log: o.Log},

		startShownAfter: startShownAfter,
	}
	if d.planGate == nil {
		d.planGate = policyGate{d}
	}
	return d
}

// DeploymentKey names a deployment.
type DeploymentKey struct {
	EnvRef
	ID string
}

// change reads the deployment under the environment's lock, lets fn change it
// and writes it back, all in one transaction.
func (d *Deployer) change(ctx context.Context, key DeploymentKey, fn func(ctx context.Context, dep *Deployment) error) (*Deployment, error) {
	var dep *Deployment
	err := d.store.InTx(ctx, func(ctx context.Context) error {
		if _, err := d.store.LockEnvironment(ctx, key.EnvRef); err != nil {
			return err
		}
		var err error
		if dep, err = d.store.GetDeployment(ctx, key.EnvRef, key.ID); err != nil {
			return err
		}
		if err := fn(ctx, dep); err != nil {
			return err
		}
		return d.store.UpdateDeployment(ctx, dep)
	})
	return dep, err
}

// enterPhase records that the deployment reached a phase.
func (d *Deployer) enterPhase(ctx context.Context, key DeploymentKey, phase string) (*Deployment, error) {
	return d.change(ctx, key, func(ctx context.Context, dep *Deployment) error {
		if dep.Phase == phase {
			return nil
		}
		dep.Phase = phase
		return d.closer.event(ctx, dep, "deployment.phase", phase, "")
	})
}

// fail records why a deployment fails and returns the error that ends it. The
// causes are stored here, so that they survive whatever happens to the answer.
func (d *Deployer) fail(ctx context.Context, key DeploymentKey, errs []DeploymentError) error {
	if err := d.store.SetDeploymentErrors(ctx, key.OrgID, key.ID, errs); err != nil {
		return err
	}
	return &StepError{Summary: errs[0].Summary, Count: len(errs)}
}

// StepError says that a step found out that the deployment cannot succeed; the
// causes are recorded with the deployment. Repeating the step is of no use.
type StepError struct {
	Summary string
	Count   int
}

// Error returns the first cause.
func (e *StepError) Error() string { return e.Summary }
