package orchestrator

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/drivers"
)

// AdvanceResult tells the workflow what to do next.
type AdvanceResult struct {
	Heavy  []int // ordinals of ready nodes that want an activity of their own, at most MaxHeavy
	Done   bool  // no node is left that could still run
	Failed bool  // at least one node failed; with Done the deployment fails
}

// MaxHeavy bounds how many heavy nodes one Advance hands out.
const MaxHeavy = 50

// Advance runs every in-process node that is ready, as deep as they go, and
// names the heavy nodes that are ready now. Nodes that are committed already
// are not run again. A failed node does not stop the branches that do not
// depend on it.
func (d *Deployer) Advance(ctx context.Context, key DeploymentKey) (AdvanceResult, error) {
	run, err := d.loadRun(ctx, key)
	if err != nil {
		return AdvanceResult{}, err
	}
	if err := errAtGate(run.dep); err != nil {
		return AdvanceResult{}, err
	}
	for {
		progressed := false
		for i := range run.nodes {
			if err := ctx.Err(); err != nil {
				return AdvanceResult{}, err
			}
			n := &run.nodes[i]
			if !n.due() || !run.settled(n) {
				continue
			}
			if blocker := run.failedDependency(n); blocker != nil {
				if err := d.skipNode(ctx, n, "skipped: "+blocker.Key.String()+" did not succeed"); err != nil {
					return AdvanceResult{}, err
				}
				progressed = true
				continue
			}
			if n.Heavy {
				continue
			}
			if err := d.runNode(ctx, run, n); err != nil {
				return AdvanceResult{}, err
			}
			progressed = true
		}
		if !progressed {
			return run.advanceResult(), nil
		}
	}
}

// ProvisionNode runs one heavy node. One whose plan waits for an approval is not
// run: wait says when to call again.
func (d *Deployer) ProvisionNode(ctx context.Context, key DeploymentKey, ordinal int) (wait time.Duration, err error) {
	run, err := d.loadRun(ctx, key)
	if err != nil {
		return 0, err
	}
	if err := errAtGate(run.dep); err != nil {
		return 0, err
	}
	if ordinal < 0 || ordinal >= len(run.nodes) {
		return 0, fmt.Errorf("deployment %s has no node %d", key.ID, ordinal)
	}
	n := &run.nodes[ordinal]
	if n.Status != NodePending && n.Status != NodeRunning {
		return 0, nil
	}
	if wait, err = d.passes(ctx, run, n); err != nil || wait > 0 || n.Status == NodeFailed {
		return wait, err
	}
	return 0, d.runNode(ctx, run, n)
}

// runNode is the one way a driver is called: inputs resolved, secrets revealed
// for this call only, the outcome committed before anything else happens. It
// returns an error only when the step itself should be repeated; a node that
// failed is recorded and returns nil.
func (d *Deployer) runNode(ctx context.Context, run *deploymentRun, n *Node) error {
	if err := d.markRunning(ctx, run, n); err != nil {
		return err
	}
	start := d.recordIfSlow(ctx, n)
	defer start.settle(n) // should the driver panic
	call, err := d.prepare(ctx, run, n)
	if err != nil {
		start.settle(n)
		return d.nodeFailure(ctx, run, n, err, nil)
	}
	if n.Heavy {
		if err := d.store.InTx(ctx, func(ctx context.Context) error { return d.keepTrace(ctx, run, n, call) }); err != nil {
			return err
		}
	}
	result, err := d.call(ctx, n, call)
	if err == nil {
		err = d.checkOutputs(ctx, run, n, call, result)
	}
	start.settle(n)
	if err != nil {
		return d.nodeFailure(ctx, run, n, err, call)
	}
	return d.commitNode(ctx, run, n, call, result)
}

// driverCall is everything one call of a driver needs.
type driverCall struct {
	driver   drivers.Driver
	request  drivers.Request
	resource *ActiveResource
	secrets  []string // values to remove from whatever the driver says
}

// prepare resolves the inputs of a node and finds its driver.
func (d *Deployer) prepare(ctx context.Context, run *deploymentRun, n *Node) (*driverCall, error) {
	res, err := d.store.FindActiveResource(ctx, run.key.EnvRef, n.GUResID)
	if err != nil {
		return nil, err
	}
	return d.prepareFor(ctx, run, n, res)
}

// prepareFor is prepare for a resource that was read, or that is not there yet.
func (d *Deployer) prepareFor(ctx context.Context, run *deploymentRun, n *Node, res *ActiveResource) (*driverCall, error) {
	planned, err := run.spec(n)
	if err != nil {
		return nil, err
	}
	scope := &scope{ctx: ctx, d: d, run: run, node: n, planned: planned}
	inputs, err := scope.inputs()
	if err != nil {
		return nil, err
	}
	if err := d.checkInputs(ctx, run, n, planned, inputs); err != nil {
		return nil, err
	}
	call := &driverCall{resource: res, driver: emptyDriver{}}
	call.request = drivers.Request{
		GUResID: n.GUResID, Type: n.Key.Type, Class: n.Key.Class, ID: n.Key.ID, Resource: inputs,
		OrgID: n.OrgID, AppID: n.AppID, EnvID: n.EnvID, EnvType: run.env.TypeID, DeploymentID: n.DeploymentID, PlanID: n.PlanID,
	}
	sealed, err := d.openResource(res)
	if err != nil {
		return nil, err
	}
	call.request.Cookie = d.cookieFor(res, sealed, n.DriverType)
	if planned.Definition == nil {
		return call, nil
	}
	target, err := d.resolveDriver(ctx, n.OrgID, planned.Definition.DriverType)
	if err != nil {
		return nil, err
	}
	if len(target.way) == 0 { // what registered drivers make is theirs to say: the reference binds no type to them
		if err := checkDriverMakes(target.descriptor, planned.Definition.DriverType, n.Key.Type); err != nil {
			return nil, err
		}
	}
	if err := d.asPlanned(n, planned.Definition.DriverType, target); err != nil {
		return nil, err
	}
	call.driver = target.driver
	if call.request.Values, err = scope.plain(planned.Definition.Values, "driver_inputs.values"); err != nil {
		return nil, err
	}
	if n.DriverAccount, err = scope.account(planned.Definition.DriverAccount); err != nil {
		return nil, err
	}
	secrets, err := scope.secrets(planned.Definition.SecretRefs)
	if err != nil {
		return nil, err
	}
	if secrets, err = scope.withConfigSecrets(secrets); err != nil {
		return nil, err
	}
	credentials, err := d.account(ctx, n.OrgID, n.DriverAccount, target)
	if err != nil {
		return nil, err
	}
	secrets = withAccount(secrets, credentials)
	call.request.Secrets = secrets
	if call.request, err = target.expand(ctx, call.request); err != nil {
		return nil, err
	}
	call.request.Secrets = withAccount(call.request.Secrets, credentials) // not every template passes it on
	if call.request.Secrets, err = scope.withConfigSecrets(call.request.Secrets); err != nil {
		return nil, err
	}
	call.secrets = append(stringLeaves(secrets), stringLeaves(call.request.Secrets)...)
	return call, nil
}

// asPlanned refuses to go on with another driver than the plan names: what is
// planned is what runs. The plan has decided, by the driver, which resource the node
// is, and by its kind, where it is called; neither holds for another one.
func (d *Deployer) asPlanned(n *Node, named string, now *resolvedDriver) error {
	heavy := now.descriptor.Kind == drivers.Heavy
	if d.sameDriver(n.DriverType, now.id) && (n.Heavy || !heavy) {
		return nil
	}
	return &drivers.Error{Code: drivers.CodeChanged, Permanent: true, Message: fmt.Sprintf(
		"driver %s was changed while the deployment was under way: it was planned with %s, and %s would do the work now; "+
			"nothing was called; deploy again", named, n.DriverType, now.id)}
}

// checkDriverMakes refuses a driver that makes resources of another type: its
// outputs would not be what those who depend on the resource expect. An
// organization's own type counts as the built-in one of its name.
func checkDriverMakes(d drivers.Descriptor, driver, resourceType string) error {
	if d.ResourceType == drivers.AnyType || d.ResourceType == "" {
		return nil
	}
	if baseType(resourceType) == baseType(d.ResourceType) {
		return nil
	}
	return drivers.Invalid("driver %s makes resources of type %s, and the definition is of type %s; use another driver or another type",
		driver, d.ResourceType, resourceType)
}

// baseType is a resource type without the organization that overrides it.
func baseType(id string) string { return id[strings.LastIndex(id, "/")+1:] }

// hidden are the values that nothing said about the call may show.
func (c *driverCall) hidden() []string {
	return append(slices.Clone(c.secrets), c.request.Cookie)
}

// call runs the driver with a log that shows no secrets.
func (d *Deployer) call(ctx context.Context, n *Node, call *driverCall) (drivers.Result, error) {
	redact := d.redactor(call.hidden()...)
	call.request.Log = func(line string) {
		d.logLine(ctx, n.OrgID, n.DeploymentID, n.Key.String(), "info", redact(line))
	}
	call.request.Keep = func(cookie string) error { return d.keepCookie(ctx, call.resource, n.DriverType, call.request, cookie) }
	result, err := call.driver.Provision(ctx, call.request.Clone())
	if err != nil {
		return drivers.Result{}, err
	}
	return result, checkResult(result, call.secrets)
}

// checkResult refuses a result that shows a secret of the driver inputs.
func checkResult(result drivers.Result, secrets []string) error {
	if path := findSecret(result.Values, secrets, ""); path != "" {
		return &drivers.Error{Code: "RES-121", Permanent: true,
			Message: fmt.Sprintf("the output value %q contains a secret of the driver inputs; return it as a secret output", path)}
	}
	return nil
}

// markRunning records the start of a heavy node; an in-process node is usually
// done in the same moment, so its start is recorded with its end, or by
// recordIfSlow.
func (d *Deployer) markRunning(ctx context.Context, run *deploymentRun, n *Node) error {
	at := d.now()
	n.Status, n.StartedAt = NodeRunning, &at
	n.Attempt++
	if !n.Heavy && run.changed {
		return nil
	}
	return d.store.InTx(ctx, func(ctx context.Context) error {
		if !run.changed {
			_, err := d.change(ctx, run.key, func(_ context.Context, dep *Deployment) error {
				dep.Changed = true
				return nil
			})
			if err != nil {
				return err
			}
			run.changed = true
		}
		if !n.Heavy {
			return nil
		}
		return d.recordStart(ctx, n)
	})
}

// commitNode stores what the driver made: node, active resource, secrets and
// event in one transaction.
func (d *Deployer) commitNode(ctx context.Context, run *deploymentRun, n *Node, call *driverCall, result drivers.Result) error {
	at := d.now()
	n.Status, n.FinishedAt, n.Error = NodeSucceeded, &at, nil
	n.Values = orEmpty(result.Values)
	var err error
	if n.Sealed, err = d.seal(nodeAD(n), sealedNode{Secrets: result.Secrets, Manifests: result.Manifests}); err != nil {
		return err
	}
	res := *call.resource
	before, err := d.openResource(&res)
	if err != nil {
		return err
	}
	attempts := d.withoutAttempt(before, n.DriverType)
	res.Values, res.SecretRefs = n.Values, secretRefs(n, d.secrets.builtin, result.Secrets)
	res.DefID, res.DefVersionID, res.CriteriaID = n.DefID, n.DefVersionID, n.CriteriaID
	res.DriverType, res.DriverAccount, res.EnvType = n.DriverType, n.DriverAccount, run.env.TypeID
	res.Status, res.StatusMessage, res.Attempted, res.ScheduledDeletion = ResourceActive, "", true, false
	res.DeployID, res.UpdatedAt, res.DependsOn = n.DeploymentID, at, run.guresids(n.DependsOn)
	for _, a := range attempts {
		res.DependsOn = union(res.DependsOn, a.DependsOn)
	}
	res.DeletionAt = time.Time{} // Deletions goes on counting: no order is ever given twice
	res.Sealed, err = d.seal(resourceAD(&res), sealedResource{
		Secrets: result.Secrets, Manifests: dataManifests(result.Manifests), driverTrace: traceOf(call.request, result.Cookie), Attempts: attempts,
	})
	if err != nil {
		return err
	}
	var replaced *ActiveResource
	err = d.store.InTx(ctx, func(ctx context.Context) error {
		if err := d.store.UpdateNode(ctx, n); err != nil {
			return err
		}
		// It may have been pinned while its driver ran.
		now, err := d.store.FindActiveResource(ctx, run.key.EnvRef, n.GUResID)
		if err != nil {
			return err
		}
		next := res
		next.Version, next.Retired, next.TargetDefVersionID = now.Version, now.Retired, now.TargetDefVersionID
		if now.DefID != n.DefID {
			next.TargetDefVersionID = "" // a pin belongs to a definition
		}
		if replaced, err = d.settle(ctx, &next); err != nil {
			return err
		}
		return d.nodeEvent(ctx, n, "")
	})
	d.observe("node", n.DriverType, string(n.Status))
	if err == nil {
		d.sayReplaced(ctx, n, replaced)
	}
	return err
}

func (d *Deployer) nodeEvent(ctx context.Context, n *Node, message string) error {
	return d.closer.nodeEvent(ctx, n, message)
}

// logLine appends one line; a log that cannot be written never stops the work.
func (d *Deployer) logLine(ctx context.Context, org, deployment, node, level, text string) {
	err := d.store.AppendLog(ctx, &LogLine{OrgID: org, DeploymentID: deployment, Node: node, At: d.now(), Level: level, Text: text})
	if err != nil {
		d.log.WarnContext(ctx, "log line lost", "deployment", deployment, "node", node, "error", err)
	}
}

// emptyDriver serves nodes of optional implicit types that no definition meets.
type emptyDriver struct{}

func (emptyDriver) Provision(context.Context, drivers.Request) (drivers.Result, error) {
	return drivers.Result{Values: map[string]any{}}, nil
}

func (emptyDriver) Destroy(context.Context, drivers.Request) error { return nil }
