package orchestrator

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/slipway-dev/slipway/engine/deployset"
)

// closer ends deployments. Use cases and the deployer share it, so that there
// is one way in which a deployment reaches its one terminal status. Its methods
// run inside a transaction that holds the environment (LockEnvironment).
type closer struct {
	store Store
	now   func() time.Time
}

// close gives d its terminal status, records why, and keeps the promise about
// the base: when d ends before it changed anything, those that wait behind it
// are computed anew without it.
func (c closer) close(ctx context.Context, d *Deployment, outcome Outcome, errs []DeploymentError) error {
	at := c.now()
	if outcome == OutcomeFailed && d.Gate.refused() {
		outcome = Outcome(d.Gate)
	}
	d.Status, d.Outcome = DeploymentFailed, outcome
	if outcome == OutcomeSucceeded {
		d.Status = DeploymentSucceeded
	}
	d.StatusChangedAt, d.FinishedAt = at, &at
	if err := c.closeGates(ctx, d, outcome); err != nil {
		return err
	}
	if err := c.store.UpdateDeployment(ctx, d); err != nil {
		return err
	}
	if len(errs) > 0 {
		if err := c.store.SetDeploymentErrors(ctx, d.OrgID, d.ID, errs); err != nil {
			return err
		}
	}
	message := ""
	if outcome != OutcomeSucceeded {
		message = string(outcome)
	}
	if len(errs) > 0 {
		message = errs[0].Summary
	}
	if err := c.event(ctx, d, "deployment.status", string(d.Status), message); err != nil {
		return err
	}
	if d.Changed || outcome == OutcomeSucceeded || outcome == OutcomeSuperseded {
		return nil
	}
	return c.withdraw(ctx, d)
}

// withdraw takes a deployment that changed nothing out of the base of those
// behind it. A cancelled one also stops being the base of the next request, and so
// does one whose plan was void or refused: nobody has agreed to what it would have done. A
// failed one stays it, because its owner wants to repair or repeat it.
func (c closer) withdraw(ctx context.Context, d *Deployment) error {
	env, err := c.store.GetEnvironment(ctx, d.Ref())
	if err != nil {
		return err
	}
	void := d.PlanFingerprint != "" && d.GraphID == "" || d.Gate.refused()
	if (void || d.Outcome == OutcomeCancelled) && env.FromDeployID == d.ID {
		env.FromDeployID = d.FromID
		if err := c.store.UpdateEnvironment(ctx, env); err != nil {
			return err
		}
	}
	return c.rebaseFollowers(ctx, d)
}

// newerThan lists the deployments of the environment that were accepted after d, newest first.
func (c closer) newerThan(ctx context.Context, d *Deployment) ([]Deployment, error) {
	var newer []Deployment
	err := eachDeployment(ctx, c.store, d.Ref(), func(o *Deployment) (bool, error) {
		if o.ID > d.ID {
			newer = append(newer, *o)
		}
		return o.ID > d.ID, nil
	})
	return newer, err
}

// rebaseFollowers computes anew what was built on a withdrawn deployment and
// has not started: those that wait, and those that were superseded, because
// what superseded them is built on them.
func (c closer) rebaseFollowers(ctx context.Context, withdrawn *Deployment) error {
	newer, err := c.newerThan(ctx, withdrawn)
	if err != nil {
		return err
	}
	moved := map[string]bool{}
	for _, listed := range slices.Backward(newer) {
		if listed.StartedAt != nil {
			continue
		}
		next, err := c.store.GetDeployment(ctx, listed.Ref(), listed.ID) // it may have ended since
		if err != nil {
			return err
		}
		if next.Status.Terminal() && next.Outcome != OutcomeSuperseded || next.FromID != withdrawn.ID && !moved[next.FromID] {
			continue
		}
		if next.FromID == withdrawn.ID {
			next.FromID = withdrawn.FromID
		}
		if err := c.rebase(ctx, next); err != nil {
			return err
		}
		moved[next.ID] = true
	}
	return nil
}

// rebase computes the set of a deployment that has not started anew. A delta
// that no longer fits ends its deployment.
func (c closer) rebase(ctx context.Context, d *Deployment) error {
	setID, err := c.rebasedSet(ctx, d)
	if err != nil && CodeOf(err) != CodeInvalid {
		return err
	}
	if err == nil {
		d.SetID = setID
	}
	if err == nil || d.Status.Terminal() {
		if err := c.store.UpdateDeployment(ctx, d); err != nil || d.Status.Terminal() {
			return err
		}
		return c.event(ctx, d, eventDeploymentBase, string(d.Status), "starts from "+orNone(d.FromID)+", because what it was to start from was withdrawn")
	}
	return c.close(ctx, d, OutcomeFailed, []DeploymentError{{
		Scope: "deployment", Code: "DEP-REBASE", ErrorType: "delta",
		Summary: "the delta no longer fits after a deployment before it was withdrawn",
		Message: err.Error(),
	}})
}

func (c closer) rebasedSet(ctx context.Context, d *Deployment) (string, error) {
	if d.SetGiven {
		return d.SetID, nil
	}
	base := deployset.ZeroID
	if d.FromID != "" {
		from, err := c.store.FindDeploymentInApp(ctx, d.OrgID, d.AppID, d.FromID)
		if err != nil {
			return "", err
		}
		base = from.SetID
	}
	if d.DeltaID == "" {
		return base, nil
	}
	return applyStoredDelta(ctx, c.store, d.OrgID, d.AppID, d.DeltaID, base)
}

// closeGates ends what still waits for people.
func (c closer) closeGates(ctx context.Context, d *Deployment, outcome Outcome) error {
	if d.Gate == "" {
		return nil
	}
	gates, err := c.store.ListGates(ctx, d.OrgID, d.ID)
	if err != nil {
		return err
	}
	for i := range gates {
		if !gates[i].State.pending() {
			continue
		}
		gates[i].end(c.now(), GateWithdrawn, "the deployment ended first: "+string(outcome))
		if err := c.store.UpdateGate(ctx, &gates[i]); err != nil {
			return err
		}
	}
	if d.Gate.pending() {
		d.Gate = GateWithdrawn
	}
	return nil
}

// supersede ends those that wait in favour of a newer deployment, whose set
// already contains what they wanted.
func (c closer) supersede(ctx context.Context, waiting []Deployment, by string) error {
	for i := range waiting {
		d := &waiting[i]
		if d.StartedAt != nil && (!d.Gate.pending() || d.Changed) {
			continue
		}
		if d.StartedAt != nil { // it waits for people; its workflow finds that it has ended
			d.Phase = "done"
			if err := c.skipOpenNodes(ctx, DeploymentKey{EnvRef: d.Ref(), ID: d.ID}); err != nil {
				return err
			}
		}
		err := c.close(ctx, d, OutcomeSuperseded, []DeploymentError{{
			Scope: "deployment", Code: "DEP-SUPERSEDED", ErrorType: "superseded",
			Summary: "superseded by deployment " + by,
			Message: fmt.Sprintf("deployment %s was requested before this one started; it contains this change", by),
		}})
		if err != nil {
			return err
		}
	}
	return nil
}

// skipOpenNodes ends what never ran or whose end nobody will report.
func (c closer) skipOpenNodes(ctx context.Context, key DeploymentKey) error {
	nodes, err := c.store.ListNodes(ctx, key.OrgID, key.ID)
	if err != nil {
		return err
	}
	at := c.now()
	for i := range nodes {
		n := &nodes[i]
		if n.Status != NodePending && n.Status != NodeRunning {
			continue
		}
		n.Status, n.FinishedAt = NodeSkipped, &at
		if err := c.store.UpdateNode(ctx, n); err != nil {
			return err
		}
		if err := c.nodeEvent(ctx, n, "the deployment ended first"); err != nil {
			return err
		}
	}
	return nil
}

// nodeEvent appends one event of a node.
func (c closer) nodeEvent(ctx context.Context, n *Node, message string) error {
	return c.nodeEventAt(ctx, n, c.now(), message)
}

func (c closer) nodeEventAt(ctx context.Context, n *Node, at time.Time, message string) error {
	return c.store.AppendEvents(ctx, &Event{
		OrgID: n.OrgID, AppID: n.AppID, EnvID: n.EnvID, DeploymentID: n.DeploymentID,
		At: at, Type: "node.status", Node: n.Key.String(), Status: string(n.Status), Message: message,
	})
}

// event appends one event of the deployment; webhooks are told of a new status.
func (c closer) event(ctx context.Context, d *Deployment, kind, status, message string) error {
	err := c.store.AppendEvents(ctx, &Event{
		OrgID: d.OrgID, AppID: d.AppID, EnvID: d.EnvID, DeploymentID: d.ID,
		At: c.now(), Type: kind, Status: status, Message: message,
	})
	if err != nil || kind != "deployment.status" {
		return err
	}
	return c.announce(ctx, d)
}

func cancelledError() DeploymentError {
	return DeploymentError{
		Scope: "deployment", Code: "cancelled", ErrorType: "cancelled",
		Summary: "cancelled on request",
		Message: "the deployment was cancelled on request; what already existed was kept",
	}
}
