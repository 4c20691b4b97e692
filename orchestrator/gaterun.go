package orchestrator

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/policy"
	"github.com/slipway-dev/slipway/engine/resource"
)

// GateAnswer says whether a plan may be carried out.
type GateAnswer struct {
	State   GateState
	Until   time.Time     // with GateWaiting: it ends then
	Wait    time.Duration // with GateWaiting: until the next look; a wake-up that got lost costs that much
	Message string        // what it waits for, or why it ended
}

func (d *Deployer) gatekeeper() gatekeeper {
	return gatekeeper{store: d.store, now: d.now, closer: d.closer, defaults: d.builtInDefaults}
}

// gateFor describes a deployment that is about to be planned to the policies of
// its organization; nil when there are none. It has to be called before the
// deployment reserves anything.
func (d *Deployer) gateFor(ctx context.Context, key DeploymentKey, env *Environment, g *graph.Graph, values *ValueSetVersion, held *heldPlan) (*Gate, error) {
	policies, err := d.store.ListPolicies(ctx, key.OrgID)
	if err != nil || len(policies) == 0 {
		return nil, err
	}
	dep, err := d.store.GetDeployment(ctx, key.EnvRef, key.ID)
	if err != nil {
		return nil, err
	}
	set, err := d.store.GetSet(ctx, dep.OrgID, dep.AppID, dep.SetID)
	if err != nil {
		return nil, err
	}
	book, err := loadRegisteredDrivers(ctx, d.store, key.OrgID)
	if err != nil {
		return nil, err
	}
	view := &lookAhead{env: env, set: set, values: values, graph: g, made: d.madeBy(book)}
	if view.resources, err = everything(ctx, d.store, key.EnvRef); err != nil {
		return nil, err
	}
	if view.places, err = placesOf(ctx, d.store, key.EnvRef, view.resources); err != nil {
		return nil, err
	}
	plan := &DeploymentPlan{}
	if err := view.describe(ctx, d.store, key.ID, plan); err != nil {
		return nil, err
	}
	proposer, err := proposerOf(ctx, d.store, dep)
	if err != nil {
		return nil, err
	}
	in := policyInput(env, proposer, plan)
	addDriverPlans(&in.Plan, held.list(), plan)
	return &Gate{
		OrgID: key.OrgID, AppID: key.AppID, EnvID: key.EnvID, DeploymentID: key.ID, State: GateOpen, CreatedAt: d.now(),
		ValuesGiven: dep.ValueSetVersionID != "" && dep.ValueSetVersionID != zeroUUID,
		Input:       in, Summary: plan.summary(),
	}, nil
}

// madeBy is Service.madeBy for a deployment under way.
func (d *Deployer) madeBy(book registeredDrivers) madeByDefinition {
	return func(r *ActiveResource, def *resource.Definition) bool {
		to := sideOf(def)
		_, does, err := book.follow(to.DriverType)
		if err != nil {
			does = to.DriverType
		}
		return r.DefID == to.DefID && d.sameDriver(r.DriverType, does)
	}
}

// storeGate stores the question, with what the plan that was just stored depends on.
func (d *Deployer) storeGate(ctx context.Context, gate *Gate, g *graph.Graph, values *ValueSetVersion) error {
	dep, err := d.store.GetDeployment(ctx, gate.Ref(), gate.DeploymentID)
	if err != nil {
		return err
	}
	resources, err := everything(ctx, d.store, gate.Ref())
	if err != nil {
		return err
	}
	gate.Fingerprint = worldOf(dep.FromID, dep.SetID, values, g, resources).fingerprint()
	return d.store.CreateGate(ctx, gate)
}

// Gate asks the policies whether the plan of a deployment may be carried out, and
// answers from the records when that is decided or waits for people. Asking again
// is harmless.
func (d *Deployer) Gate(ctx context.Context, key DeploymentKey) (GateAnswer, error) {
	return d.lookAtGate(ctx, key, "")
}

func (d *Deployer) lookAtGate(ctx context.Context, key DeploymentKey, node string) (GateAnswer, error) {
	seen, err := d.store.GetGate(ctx, key.OrgID, key.ID, node)
	if IsNotFound(err) {
		return GateAnswer{State: GatePassed}, nil
	}
	if err != nil {
		return GateAnswer{}, err
	}
	var policies []Policy
	var decision policy.Decision
	if seen.State == GateOpen { // outside the transaction, which holds the environment
		if policies, err = d.store.ListPolicies(ctx, key.OrgID); err != nil {
			return GateAnswer{}, err
		}
		if decision, err = policy.Decide(ctx, rulesOf(policies), seen.Input); err != nil {
			return GateAnswer{}, err
		}
	}
	var g *Gate
	k := d.gatekeeper()
	err = d.store.InTx(ctx, func(ctx context.Context) error {
		env, err := d.store.LockEnvironment(ctx, key.EnvRef)
		if err != nil {
			return err
		}
		dep, err := d.store.GetDeployment(ctx, key.EnvRef, key.ID)
		if err != nil {
			return err
		}
		if g, err = d.store.GetGate(ctx, key.OrgID, key.ID, node); err != nil {
			return err
		}
		switch {
		case dep.Status.Terminal():
			g.State = GateWithdrawn // closer has written so
			return nil
		case g.State == GateOpen && seen.State == GateOpen && g.Fingerprint == seen.Fingerprint:
			return k.judge(ctx, dep, g, decision, policies)
		case g.State == GateWaiting:
			return k.look(ctx, env, dep, g)
		}
		return nil
	})
	if err != nil {
		return GateAnswer{}, err
	}
	d.outbox.flush(ctx, key.OrgID, key.AppID)
	if g.State != seen.State {
		d.observe("gate", string(g.State))
		d.log.InfoContext(ctx, "gate", slog.String("deployment", key.ID), slog.String("environment", key.EnvRef.String()), slog.String("node", node),
			slog.String("state", string(g.State)), slog.String("message", g.Message))
	}
	return g.answer(d.now()), nil
}

// look ends a gate whose time is over or whose plan is no longer true.
func (k gatekeeper) look(ctx context.Context, env *Environment, d *Deployment, g *Gate) error {
	given, err := k.store.ListGateApprovals(ctx, g.OrgID, g.DeploymentID)
	if err != nil {
		return err
	}
	moved, err := k.moved(ctx, env, d, g)
	if err != nil {
		return err
	}
	if len(moved) > 0 {
		return k.void(ctx, d, g, given, moved)
	}
	if !k.now().Before(*g.Until) {
		return k.expire(ctx, d, g, given)
	}
	return nil
}

// looksAtMost bounds how often a deployment that waits looks by itself whether it
// still has to, however long it may wait.
const looksAtMost = 500

func (g *Gate) answer(now time.Time) GateAnswer {
	a := GateAnswer{State: g.State, Message: g.Message}
	if g.State == GateOpen { // somebody else was faster; look again
		a.State, a.Wait = GateWaiting, time.Second
	}
	if g.State == GateWaiting {
		a.Until = *g.Until
		left := a.Until.Sub(now)
		a.Wait = max(time.Second, min(left, max(time.Minute, a.Until.Sub(g.CreatedAt)/looksAtMost)))
	}
	return a
}

// errAtGate refuses to carry out a plan that nobody has agreed to, whatever the
// workflow thinks: one of an earlier build knows no gates.
func errAtGate(d *Deployment) error {
	if d.Gate == "" || d.Gate == GatePassed {
		return nil
	}
	return &StepError{Count: 1, Summary: fmt.Sprintf("deployment %s is not approved (%s), so nothing is done; a worker of an earlier release "+
		"does not know how to wait: deploy again", d.ID, d.Gate)}
}
