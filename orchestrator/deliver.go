package orchestrator

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// DeliverResult tells the workflow what comes next.
type DeliverResult struct {
	Watch bool          // there is a rollout to watch
	More  bool          // there is another stage to deliver
	Limit time.Duration // longest time that a deploy condition of this stage gives; 0 = none does
}

// clusterID is the graph id of the resource that says where an environment runs.
const clusterID = "k8s-cluster"

// Deliver brings the rendered objects to the environment's target, all at once.
func (d *Deployer) Deliver(ctx context.Context, key DeploymentKey) (DeliverResult, error) {
	return d.deliver(ctx, key, nil)
}

// DeliverStage brings the objects of one stage to the environment's target. A
// target that cannot tell when they are ready, such as a repository, gets all at
// once.
func (d *Deployer) DeliverStage(ctx context.Context, key DeploymentKey, n int) (DeliverResult, error) {
	return d.deliver(ctx, key, &n)
}

// deliver delivers one stage, or all with nil. What is intended is written to the
// inventory first, so that nothing that may have been made is ever forgotten;
// entries that are gone are dropped after the last stage.
func (d *Deployer) deliver(ctx context.Context, key DeploymentKey, stage *int) (DeliverResult, error) {
	dep, err := d.enterPhase(ctx, key, "deliver")
	if err != nil {
		return DeliverResult{}, err
	}
	run, err := d.loadRun(ctx, key)
	if err != nil {
		return DeliverResult{}, err
	}
	request, delivery, err := d.deliveryRequest(ctx, run)
	if err != nil {
		return DeliverResult{}, d.deliveryFailure(ctx, key, err)
	}
	kind, url, err := delivery.Identify(request.Target)
	if err != nil {
		return DeliverResult{}, d.deliveryFailure(ctx, key, err)
	}
	next, err := d.stageRequest(ctx, dep, &request, delivery, kind, stage)
	if err != nil {
		return DeliverResult{}, d.deliveryFailure(ctx, key, err)
	}
	others := countKept(request.Objects)
	if request.Previous, err = d.inventoryAt(ctx, key.EnvRef, url); err != nil {
		return DeliverResult{}, err
	}
	if err := d.keepData(ctx, run, &request); err != nil {
		return DeliverResult{}, err
	}
	if err := holdPaused(ctx, d.store, key.EnvRef, request.Objects); err != nil {
		return DeliverResult{}, err
	}
	intended := inventoryOf(request, url, d.now())
	if err := d.store.PutInventory(ctx, intended); err != nil {
		return DeliverResult{}, err
	}
	result, err := delivery.Deliver(ctx, request)
	if err != nil {
		return DeliverResult{}, d.deliveryFailure(ctx, key, err)
	}
	if err := d.isBack(ctx, key); err != nil {
		return DeliverResult{}, err
	}
	next.Watch = next.Watch && result.Watch
	return next, d.delivered(ctx, key, request.Partial, oneDelivery{
		DeliveryResult: result, kind: kind, target: url, objects: len(request.Objects) - others, intended: intended,
	})
}

// oneDelivery is what one delivery did.
type oneDelivery struct {
	DeliveryResult
	kind, target string
	objects      int
	intended     []InventoryEntry
}

// delivered records what a delivery did; partial says that another stage follows.
func (d *Deployer) delivered(ctx context.Context, key DeploymentKey, partial bool, did oneDelivery) error {
	if !partial {
		if err := d.dropStale(ctx, key, did.target, append(did.intended, did.Kept...)); err != nil {
			return err
		}
	}
	d.observe("delivery", did.kind, "succeeded")
	where := did.kind + " " + did.URL
	if did.Revision != "" {
		where += ": " + did.Revision
	}
	d.logLine(ctx, key.OrgID, key.ID, "", "info", fmt.Sprintf("delivered %d objects to %s (%d written, %d removed)",
		did.objects, where, did.Written, did.Removed))
	_, err := d.change(ctx, key, func(ctx context.Context, dep *Deployment) error {
		dep.TargetKind, dep.TargetURL, dep.TargetRevision = did.kind, did.URL, did.Revision
		if partial {
			return nil
		}
		return d.closer.event(ctx, dep, "deployment.delivered", did.kind, did.Revision)
	})
	return err
}

// deliveryRequest finds the target of the environment and what belongs there.
func (d *Deployer) deliveryRequest(ctx context.Context, run *deploymentRun) (DeliveryRequest, Delivery, error) {
	target, err := d.targetOf(run)
	if err != nil {
		return DeliveryRequest{}, nil, err
	}
	delivery, ok := d.targets[target.Type]
	if !ok {
		return DeliveryRequest{}, nil, Invalidf("cluster_type %q of resource %s cannot be delivered to by this server; it can deliver to %s",
			target.Type, clusterID, strings.Join(sortedNames(d.targets), ", "))
	}
	objects, err := d.loadObjects(ctx, run.key)
	if err != nil {
		return DeliveryRequest{}, nil, err
	}
	return DeliveryRequest{
		Target: target, DeploymentID: run.dep.ID, SetID: run.dep.SetID, Author: d.authorName(ctx, run.dep.CreatedBy),
		Comment: run.dep.Comment, At: run.dep.CreatedAt, Objects: objects, Public: run.publicValues(), Fingerprint: d.fingerprint(run.key.EnvRef),
		Secrets: d.secretValues(ctx, run),
		Log:     func(level, text string) { d.logLine(ctx, run.dep.OrgID, run.dep.ID, "", level, text) },
	}, delivery, nil
}

// secretValues are the secret outputs of all resources and the secret Shared
// Values: what a workload may print although it stands nowhere by itself. One
// that cannot be opened was not given to a workload either.
func (d *Deployer) secretValues(ctx context.Context, run *deploymentRun) []string {
	var out []string
	for i := range run.nodes {
		if sealed, err := run.sealed(d, &run.nodes[i]); err == nil {
			out = append(out, stringLeaves(sealed.Secrets)...)
		}
	}
	for _, v := range run.values.Values {
		if !v.IsSecret {
			continue
		}
		if text, err := run.reveal(ctx, d, v.SecretStore, v.SecretKey, v.SecretVer); err == nil {
			out = append(out, text)
		}
	}
	return out
}

// publicValues are the plain outputs of all resources and the plain Shared Values.
func (r *deploymentRun) publicValues() []string {
	var out []string
	for i := range r.nodes {
		out = append(out, stringLeaves(r.nodes[i].Values)...)
	}
	for _, v := range r.values.Values {
		if !v.IsSecret {
			out = append(out, v.Value)
		}
	}
	return out
}

// fingerprint recognizes equal secrets of one environment across deployments.
func (d *Deployer) fingerprint(ref EnvRef) func([]byte) string {
	return func(data []byte) string {
		return hex.EncodeToString(d.keeper.MAC("fingerprint|"+ref.String(), data))
	}
}

// authorName is how a person is named in a commit.
func (d *Deployer) authorName(ctx context.Context, userID string) string {
	if u, err := d.store.GetUser(ctx, userID); err == nil && u.Name != "" {
		return u.Name
	}
	return userID
}

// targetOf reads where to deliver from the outputs of the k8s-cluster resource.
func (d *Deployer) targetOf(run *deploymentRun) (Target, error) {
	for i := range run.nodes {
		n := &run.nodes[i]
		if n.Key.Type != "k8s-cluster" || n.Key.ID != clusterID {
			continue
		}
		sealed, err := run.sealed(d, n)
		if err != nil {
			return Target{}, err
		}
		kind, _ := n.Values["cluster_type"].(string)
		return Target{
			Env: run.key.EnvRef, Type: kind, Values: n.Values, Namespace: run.namespace(),
			Credentials: mapAt(sealed.Secrets, "credentials"),
		}, nil
	}
	return Target{}, Invalidf("the environment has no resource %s, so there is no place to deliver to", clusterID)
}

func mapAt(m map[string]any, key string) map[string]any {
	child, _ := m[key].(map[string]any)
	return child
}

// inventoryOf lists what a delivery is about to bring. That includes the
// environment's namespace, which a target may have to make.
func inventoryOf(r DeliveryRequest, target string, at time.Time) []InventoryEntry {
	out := make([]InventoryEntry, 0, len(r.Objects)+1)
	add := func(apiVersion, kind, namespace, name string) {
		out = append(out, InventoryEntry{
			OrgID: r.Env.OrgID, AppID: r.Env.AppID, EnvID: r.Env.EnvID, Target: target,
			APIVersion: apiVersion, Kind: kind, Namespace: namespace, Name: name,
			DeploymentID: r.DeploymentID, CreatedAt: at, UpdatedAt: at,
		})
	}
	declared := len(r.Objects) == 0 || r.Namespace == ""
	for _, o := range r.Objects {
		add(o.APIVersion(), o.Kind(), o.Namespace(), o.Name())
		declared = declared || (o.APIVersion() == "v1" && o.Kind() == "Namespace" && o.Name() == r.Namespace)
	}
	if !declared {
		add("v1", "Namespace", "", r.Namespace)
	}
	return out
}

// inventoryAt lists what was brought, or was to be brought, to one target.
func (d *Deployer) inventoryAt(ctx context.Context, ref EnvRef, target string) ([]InventoryEntry, error) {
	all, err := d.store.ListInventory(ctx, ref)
	return slices.DeleteFunc(all, func(e InventoryEntry) bool { return e.Target != target }), err
}

// dropStale forgets what this delivery removed from the target. Entries of
// another target stay: they are still there.
func (d *Deployer) dropStale(ctx context.Context, key DeploymentKey, target string, intended []InventoryEntry) error {
	type id struct{ target, api, kind, namespace, name string }
	wanted := map[id]bool{}
	for _, e := range intended {
		wanted[id{e.Target, e.APIVersion, e.Kind, e.Namespace, e.Name}] = true
	}
	there, err := d.inventoryAt(ctx, key.EnvRef, target)
	if err != nil {
		return err
	}
	var stale []InventoryEntry
	for _, e := range there {
		if !wanted[id{e.Target, e.APIVersion, e.Kind, e.Namespace, e.Name}] {
			stale = append(stale, e)
		}
	}
	if len(stale) == 0 {
		return nil
	}
	return d.store.DeleteInventory(ctx, stale)
}

// deliveryFailure decides whether a failed delivery is worth repeating: a
// target that cannot be reached is, a refusal is not.
func (d *Deployer) deliveryFailure(ctx context.Context, key DeploymentKey, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	switch CodeOf(err) {
	case CodeInvalid, CodeForbidden, CodeUnprocessable, CodeNotFound:
		d.observe("delivery", "unknown", "failed")
		if causes := DeploymentErrorsOf(err); len(causes) > 0 {
			return d.fail(ctx, key, causes)
		}
		return d.fail(ctx, key, []DeploymentError{{
			Scope: "deployment", Code: "DEP-DELIVERY", ErrorType: "delivery", Summary: firstLine(err.Error()), Message: err.Error(),
		}})
	}
	if failed := d.awayFor(ctx, key, err); failed != nil {
		return failed
	}
	return err
}

// awayFor records why a step is going to be repeated: it is what the deployment
// shows should its time run out before the target is back.
func (d *Deployer) awayFor(ctx context.Context, key DeploymentKey, err error) error {
	causes := DeploymentErrorsOf(err)
	if CodeOf(err) != CodeUnavailable {
		return nil
	}
	if len(causes) == 0 {
		causes = []DeploymentError{{
			Scope: "deployment", Code: "DEP-CLUSTER", ErrorType: "delivery", Summary: firstLine(err.Error()), Message: err.Error(),
		}}
	}
	return d.recordErrors(ctx, key, causes)
}

// isBack forgets what awayFor recorded.
func (d *Deployer) isBack(ctx context.Context, key DeploymentKey) error {
	return d.recordErrors(ctx, key, nil)
}
