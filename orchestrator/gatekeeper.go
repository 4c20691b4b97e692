package orchestrator

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/policy"
)

// gatekeeper changes gates. Use cases and the deployer share it, so that there is
// one way in which a gate passes or ends. Its methods run inside a transaction
// that holds the environment.
type gatekeeper struct {
	store    Store
	now      func() time.Time
	closer   closer
	defaults func(driver string) map[string]any // see DriverCatalogue.Defaults
}

// judge applies what the policies decided about a gate that is open.
func (k gatekeeper) judge(ctx context.Context, d *Deployment, g *Gate, decision policy.Decision, policies []Policy) error {
	if decision.Denied() {
		var errs []DeploymentError
		for _, denial := range decision.Denials {
			errs = append(errs, gateError(g, GateDenied, denial.Message, fmt.Sprintf("policy %s does not allow this deployment: %s", denial.Rule, denial.Message)))
		}
		return k.refuse(ctx, d, g, GateDenied, errs)
	}
	if len(decision.Requirements) == 0 {
		return k.pass(ctx, d, g, "no policy asks for an approval")
	}
	if promotion, err := promotionTakenBack(ctx, k.store, d); err != nil {
		return err
	} else if promotion != nil {
		return k.pass(ctx, d, g, "no approval is needed: it takes promotion "+promotion.ID+" back to what ran before")
	}
	deadlines := map[string]time.Duration{}
	for i := range policies {
		deadlines[policies[i].ID] = policies[i].Deadline
	}
	g.Requirements = nil
	for _, r := range decision.Requirements {
		wait := deadlines[r.Rule]
		if wait == 0 {
			wait = DefaultApprovalDeadline
		}
		g.Requirements = append(g.Requirements, GateRequirement{
			Rule: r.Rule, Message: r.Message, Approvals: r.Approvals, Roles: r.Roles, ExcludeProposer: r.ExcludeProposer, Until: k.now().Add(wait),
		})
	}
	until, _ := g.deadline(nil)
	g.State, g.Until, g.Message = GateWaiting, &until, "waiting for "+g.wants(nil)
	if err := k.save(ctx, d, g, g.Message+"; until "+until.Format(time.RFC3339)); err != nil {
		return err
	}
	return k.closer.announceWaiting(ctx, d, g)
}

// pass lets the plan be carried out.
func (k gatekeeper) pass(ctx context.Context, d *Deployment, g *Gate, message string) error {
	g.end(k.now(), GatePassed, message)
	return k.save(ctx, d, g, message)
}

// refuse ends a gate, and with it the deployment, whose workflow asks here what
// became of it. The causes are stored at once, so that they survive whatever
// happens to the answer.
func (k gatekeeper) refuse(ctx context.Context, d *Deployment, g *Gate, state GateState, errs []DeploymentError) error {
	g.end(k.now(), state, errs[0].Message)
	if g.Node == "" {
		if err := k.store.SetDeploymentErrors(ctx, d.OrgID, d.ID, errs); err != nil {
			return err
		}
	}
	return k.save(ctx, d, g, errs[0].Message)
}

// save writes a gate in its new state, and tells those who look.
func (k gatekeeper) save(ctx context.Context, d *Deployment, g *Gate, message string) error {
	if err := stale(k.store.UpdateGate(ctx, g)); err != nil {
		return err
	}
	if g.Node == "" {
		d.Gate = g.State
		if err := stale(k.store.UpdateDeployment(ctx, d)); err != nil {
			return err
		}
	}
	if err := k.say(ctx, g, message); err != nil {
		return err
	}
	return k.tellPromotion(ctx, d, g, message)
}

// say adds an event to the deployment's stream.
func (k gatekeeper) say(ctx context.Context, g *Gate, message string) error {
	return k.store.AppendEvents(ctx, &Event{
		OrgID: g.OrgID, AppID: g.AppID, EnvID: g.EnvID, DeploymentID: g.DeploymentID,
		At: k.now(), Type: "deployment.gate", Node: g.Node, Status: string(g.State), Message: message,
	})
}

// tellPromotion has the promotion that asked for the deployment show that it waits.
func (k gatekeeper) tellPromotion(ctx context.Context, d *Deployment, g *Gate, message string) error {
	open, err := k.store.OpenPromotions(ctx, d.Ref())
	if err != nil {
		return err
	}
	for i := range open {
		p := &open[i]
		if p.DeploymentID != d.ID {
			continue
		}
		switch {
		case g.State == GateWaiting && (p.Phase == PhaseDeploy || p.Phase == PhaseApproval):
			p.enter(k.now(), PhaseApproval, "deployment "+d.ID+" is "+message)
		case g.State == GatePassed && p.Phase == PhaseApproval:
			p.enter(k.now(), PhaseDeploy, message)
		default:
			continue
		}
		if err := stale(k.store.UpdatePromotion(ctx, p)); err != nil {
			return err
		}
	}
	return nil
}

// gateError is a cause of a deployment that a gate ended.
func gateError(g *Gate, state GateState, summary, message string) DeploymentError {
	e := DeploymentError{Scope: "deployment", Code: "GATE-" + strings.ToUpper(string(state)), ErrorType: "policy", Summary: firstLine(summary), Message: message}
	if g.Node != "" {
		e.Scope, e.ObjectID = "resource", g.Node
	}
	return e
}

// expire ends a gate for which not enough people agreed in time.
func (k gatekeeper) expire(ctx context.Context, d *Deployment, g *Gate, given []GateApproval) error {
	message := fmt.Sprintf("not approved in time, by %s: missing %s; deploy again to ask again", g.Until.Format(time.RFC3339), g.wants(given))
	return k.refuse(ctx, d, g, GateExpired, []DeploymentError{gateError(g, GateExpired, "not approved in time", message)})
}

// void ends a gate whose plan is no longer what would be done, and with it the
// approvals that were given.
func (k gatekeeper) void(ctx context.Context, d *Deployment, g *Gate, given []GateApproval, moved []string) error {
	why := strings.Join(moved, ", and ")
	for i := range given {
		a := &given[i]
		if a.Node != g.Node || a.Void != "" {
			continue
		}
		a.Void = why
		if err := stale(k.store.UpdateGateApproval(ctx, a)); err != nil {
			return err
		}
	}
	e := gateError(g, GateVoid, "the approval is void: "+why, voidText(moved))
	e.Code = ReasonPlanStale
	return k.refuse(ctx, d, g, GateVoid, []DeploymentError{e})
}

func voidText(moved []string) string {
	return fmt.Sprintf("the approval is void, and nothing was done: since the deployment was planned, %s; deploy again to have the new plan approved",
		strings.Join(moved, ", and "))
}

// worldNow describes what the deployment would be planned from now.
func (k gatekeeper) worldNow(ctx context.Context, env *Environment, d *Deployment, g *Gate) (*planWorld, error) {
	set, err := k.store.GetSet(ctx, d.OrgID, d.AppID, d.SetID)
	if err != nil {
		return nil, err
	}
	book, err := loadRegisteredDrivers(ctx, k.store, env.OrgID)
	if err != nil {
		return nil, err
	}
	in, err := GraphInput(ctx, k.store, env, book.defaults(k.defaults))
	if err != nil {
		return nil, err
	}
	in.Set = set
	built, err := graph.Build(in)
	if err != nil {
		return nil, nil //nolint:nilerr,nilnil // it has become impossible, which is for moved to say
	}
	values, err := latestValueSet(ctx, k.store, d.Ref())
	if err == nil && g.ValuesGiven {
		values, err = findValueSet(ctx, k.store, d.Ref(), d.ValueSetVersionID)
	}
	if err != nil {
		return nil, err
	}
	resources, err := everything(ctx, k.store, d.Ref())
	if err != nil {
		return nil, err
	}
	w := worldOf(d.FromID, d.SetID, values, built, resources)
	return &w, nil
}

// moved says what is no longer as it was when the deployment was planned. Its base
// has moved, too, when somebody has set another one for the environment: what is
// deployed next was not to be built on this.
func (k gatekeeper) moved(ctx context.Context, env *Environment, d *Deployment, g *Gate) ([]string, error) {
	if g.Node != "" { // its plan has a fingerprint of its own
		return nil, nil
	}
	w, err := k.worldNow(ctx, env, d, g)
	if err != nil {
		return nil, err
	}
	if w == nil {
		return []string{"it has become impossible: definitions, their matching, or what resources ask for have changed"}, nil
	}
	moved := w.moved(g.Fingerprint)
	if next, err := k.store.GetDeployment(ctx, d.Ref(), env.FromDeployID); IsNotFound(err) || err == nil && next.ID < d.ID {
		moved = append([]string{worldParts[0]}, moved...)
	} else if err != nil {
		return nil, err
	}
	return moved, nil
}
