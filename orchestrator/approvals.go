package orchestrator

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/slipway-dev/slipway/engine/policy"
)

// DecisionRequest is what somebody says to a deployment that waits.
type DecisionRequest struct {
	Decision string // approve | reject
	// Node is the resource whose plan is meant; "" = what waits, which must be one
	// plan only then.
	Node string
	// Fingerprint is that of the plan that was looked at; "" = whatever waits.
	Fingerprint string
	Comment     string
}

// GateView is a gate with what was said to it.
type GateView struct {
	Gate
	Approvals []GateApproval
	Missing   []int // how many more people each requirement needs
	// Mine says that an approval by the one who asks would count.
	Mine bool
}

// ReasonNotCounted is the error code of an approval that no policy would count.
const ReasonNotCounted = "APPROVAL-NOT-COUNTED"

func (s *Service) gatekeeper() gatekeeper {
	return gatekeeper{store: s.store, now: s.now, closer: closer{store: s.store, now: s.now}, defaults: s.drivers.Defaults}
}

// rolesAt are the roles that the actor has where a gate's deployment goes.
func rolesAt(a Actor, g *Gate) []string {
	var roles []string
	for _, object := range []string{OrgObject(g.OrgID), AppObject(g.OrgID, g.AppID), EnvTypeObject(g.OrgID, g.Input.Env.Type)} {
		if role := a.Roles[object]; role != "" && !slices.Contains(roles, role) {
			roles = append(roles, role)
		}
	}
	return roles
}

// mayDecide reports whether the actor can say yes to some requirement of a gate,
// proposer or not: by role, or, where a policy names none, because it may deploy.
func mayDecide(a Actor, g *Gate) bool {
	if a.Type == UserTypeService {
		return false
	}
	deploys := a.can(PermAppDeploy, onApp(g.OrgID, g.AppID)) && a.can(PermDeploy, onEnvType(g.OrgID, g.Input.Env.Type))
	roles := rolesAt(a, g)
	return slices.ContainsFunc(g.Requirements, func(r GateRequirement) bool {
		if len(r.Roles) == 0 {
			return deploys
		}
		return slices.ContainsFunc(roles, func(role string) bool { return slices.Contains(r.Roles, role) })
	})
}

// refuseDecider says why somebody cannot decide about a gate.
func refuseDecider(a Actor, g *Gate) error {
	if a.Type == UserTypeService {
		return Forbiddenf("approvals are given by people; %s is a service user", a.UserID)
	}
	var needs []string
	for _, r := range g.Requirements {
		roles := "whoever may deploy to the environment"
		if len(r.Roles) > 0 {
			roles = strings.Join(r.Roles, " or ")
		}
		needs = append(needs, "policy "+r.Rule+" asks for "+roles)
	}
	return Forbiddenf("deployment %s waits for others: %s", g.DeploymentID, strings.Join(needs, "; "))
}

// DecideDeployment approves or rejects what waits of a deployment. An approval
// counts for the plan that was shown: when the world has moved since, it is void,
// the deployment ends, and the error says why. Saying the same again is harmless.
func (s *Service) DecideDeployment(ctx context.Context, ref EnvRef, id string, req DecisionRequest) (*GateView, error) {
	if err := s.requireApp(ctx, ref.OrgID, ref.AppID, RoleViewer); err != nil {
		return nil, err
	}
	if req.Decision != DecisionApprove && req.Decision != DecisionReject {
		return nil, Invalidf("decision: expected %s or %s, got %q", DecisionApprove, DecisionReject, shorten(req.Decision))
	}
	if utf8.RuneCountInString(req.Comment) > maxText {
		return nil, Invalidf("comment: more than %d characters", maxText)
	}
	var view *GateView
	var refusal error
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		refusal = nil
		env, err := s.store.LockEnvironment(ctx, ref)
		if err != nil {
			return err
		}
		d, err := s.store.GetDeployment(ctx, ref, id)
		if err != nil {
			return err
		}
		g, err := s.gateToDecide(ctx, d, req)
		if err != nil {
			return err
		}
		view, refusal, err = s.decide(ctx, env, d, g, req)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.afterDecision(ctx, view)
	return view, refusal
}

// afterDecision wakes what waits, and tells operators.
func (s *Service) afterDecision(ctx context.Context, view *GateView) {
	key := view.Key()
	wake, cancel := context.WithTimeout(context.WithoutCancel(ctx), startTimeout)
	defer cancel()
	if err := s.background.WakeDeployment(wake, key); err != nil {
		s.log.Warn("a decision did not reach the workflow; it looks by itself later", "deployment", key.ID, "error", err)
	}
	s.outbox.flush(ctx, key.OrgID, key.AppID)
	if view.State != GateWaiting {
		s.observe("gate", string(view.State))
	}
	s.log.InfoContext(ctx, "decision about a deployment", slog.String("deployment", key.ID), slog.String("environment", key.EnvRef.String()),
		slog.String("by", ActorFrom(ctx).UserID), slog.String("state", string(view.State)))
}

// gateToDecide finds the gate that a decision is about.
func (s *Service) gateToDecide(ctx context.Context, d *Deployment, req DecisionRequest) (*Gate, error) {
	gates, err := s.store.ListGates(ctx, d.OrgID, d.ID)
	if err != nil {
		return nil, err
	}
	var waiting []*Gate
	var nodes []string
	for i := range gates {
		g := &gates[i]
		if g.State != GateWaiting || req.Node != "" && g.Node != req.Node {
			continue
		}
		waiting, nodes = append(waiting, g), append(nodes, g.Node)
	}
	switch {
	case len(waiting) == 1:
		return waiting[0], nil
	case len(waiting) > 1:
		return nil, Conflictf("several plans of deployment %s wait; say which node is meant: %s", d.ID, strings.Join(nodes, ", "))
	case d.Status.Terminal():
		return nil, Conflictf("deployment %s is over: it %s", d.ID, d.Outcome)
	case req.Node != "":
		return nil, Conflictf("the plan of %q in deployment %s does not wait for an approval", shorten(req.Node), d.ID)
	}
	return nil, Conflictf("deployment %s does not wait for an approval", d.ID)
}

// decide runs inside the transaction that holds the environment. refusal is what
// the one who decides is told although the transaction is to be committed.
func (s *Service) decide(ctx context.Context, env *Environment, d *Deployment, g *Gate, req DecisionRequest) (view *GateView, refusal, err error) {
	actor := ActorFrom(ctx)
	given, err := s.store.ListGateApprovals(ctx, d.OrgID, d.ID)
	if err != nil {
		return nil, nil, err
	}
	if !mayDecide(actor, g) {
		return nil, nil, refuseDecider(actor, g)
	}
	if d.CancelRequestedAt != nil {
		return nil, nil, Conflictf("deployment %s is being cancelled", d.ID)
	}
	k, before := s.gatekeeper(), gateSnapshot(g, given)
	var moved []string
	if req.Decision == DecisionApprove {
		if moved, err = k.moved(ctx, env, d, g); err != nil {
			return nil, nil, err
		}
	}
	if req.Fingerprint != "" && req.Fingerprint != g.Fingerprint {
		stale := Conflictf("deployment %s waits with another plan than the one that was looked at; look at it again", d.ID)
		stale.Reason = ReasonPlanStale
		return nil, nil, stale
	}
	switch {
	case req.Decision == DecisionReject:
		given, err = s.reject(ctx, k, d, g, given, req)
	case len(moved) > 0:
		stale := Conflictf("%s", voidText(moved))
		stale.Reason, stale.Details = ReasonPlanStale, map[string]any{"moved": moved}
		refusal, err = stale, k.void(ctx, d, g, given, moved)
	case !s.now().Before(*g.Until):
		refusal, err = Conflictf("the time to approve deployment %s was over at %s", d.ID, g.Until.Format(timeText)), k.expire(ctx, d, g, given)
	default:
		given, err = s.approve(ctx, k, env, d, g, given, req)
	}
	if err != nil {
		return nil, nil, err
	}
	view = s.viewGate(actor, g, given)
	action := req.Decision
	if refusal != nil {
		action = "void"
	}
	return view, refusal, s.audit(ctx, Change{
		Org: d.OrgID, Action: action, Type: "deployment-approval", Object: deploymentObjectPath(d) + "/approvals",
		Before: before, After: gateSnapshot(g, given),
	})
}

// timeText is how times are told to people.
const timeText = "2006-01-02T15:04:05Z07:00"

func gateSnapshot(g *Gate, given []GateApproval) map[string]any {
	var by []string
	for _, a := range g.counting(given) {
		by = append(by, a.By)
	}
	return map[string]any{"node": g.Node, "state": string(g.State), "fingerprint": g.Fingerprint, "approved_by": by, "message": g.Message}
}

// approve counts an approval; with the last one that is missing the gate passes.
func (s *Service) approve(ctx context.Context, k gatekeeper, env *Environment, d *Deployment, g *Gate, given []GateApproval, req DecisionRequest) ([]GateApproval, error) {
	actor := ActorFrom(ctx)
	by := policy.Approval{By: actor.UserID, Roles: rolesAt(actor, g)}
	if slices.ContainsFunc(g.counting(given), func(a policy.Approval) bool { return a.By == by.By }) {
		return given, nil
	}
	if !g.helps(given, by) {
		e := Forbiddenf("your approval would not count: deployment %s needs %s", d.ID, g.wants(given))
		e.Reason = ReasonNotCounted
		return given, e
	}
	if d.FreezeOverride == "" { // a window may have opened while it waited
		if err := s.checkFreeze(ctx, env, ""); err != nil {
			return given, err
		}
	}
	a := s.said(ctx, g, req)
	if err := s.store.CreateGateApproval(ctx, &a); err != nil {
		return given, err
	}
	given = append(given, a)
	until, open := g.deadline(given)
	if !open {
		return given, k.pass(ctx, d, g, "approved by "+strings.Join(approvers(g, given), " and "))
	}
	g.Until, g.Message = &until, "waiting for "+g.wants(given)
	return given, k.save(ctx, d, g, "approved by "+a.By+"; "+g.Message)
}

func approvers(g *Gate, given []GateApproval) []string {
	var out []string
	for _, a := range g.counting(given) {
		out = append(out, a.By)
	}
	return out
}

func (s *Service) said(ctx context.Context, g *Gate, req DecisionRequest) GateApproval {
	actor := ActorFrom(ctx)
	return GateApproval{
		OrgID: g.OrgID, DeploymentID: g.DeploymentID, ID: newUUID(), Node: g.Node, Decision: req.Decision, By: actor.UserID,
		Roles: rolesAt(actor, g), Comment: req.Comment, Fingerprint: g.Fingerprint, CreatedAt: s.now(),
	}
}

// reject ends the deployment.
func (s *Service) reject(ctx context.Context, k gatekeeper, d *Deployment, g *Gate, given []GateApproval, req DecisionRequest) ([]GateApproval, error) {
	a := s.said(ctx, g, req)
	if err := s.store.CreateGateApproval(ctx, &a); err != nil {
		return given, err
	}
	message := "rejected by " + a.By
	if req.Comment != "" {
		message += ": " + req.Comment
	}
	return append(given, a), k.refuse(ctx, d, g, GateRejected, []DeploymentError{gateError(g, GateRejected, message, message)})
}

// viewGate completes a gate for the one who asks.
func (s *Service) viewGate(a Actor, g *Gate, all []GateApproval) *GateView {
	view := &GateView{Gate: *g, Approvals: []GateApproval{}, Missing: g.missing(all)}
	for _, said := range all {
		if said.Node == g.Node {
			view.Approvals = append(view.Approvals, said)
		}
	}
	view.Mine = g.State == GateWaiting && mayDecide(a, g) && g.helps(all, policy.Approval{By: a.UserID, Roles: rolesAt(a, g)})
	return view
}

// ListDeploymentGates lists what policies asked about a deployment, and what was
// said: the whole plan first, then nodes.
func (s *Service) ListDeploymentGates(ctx context.Context, ref EnvRef, id string) ([]GateView, error) {
	d, err := s.GetDeployment(ctx, ref, id)
	if err != nil {
		return nil, err
	}
	gates, err := s.store.ListGates(ctx, d.OrgID, d.ID)
	if err != nil {
		return nil, err
	}
	given, err := s.store.ListGateApprovals(ctx, d.OrgID, d.ID)
	if err != nil {
		return nil, err
	}
	out := []GateView{}
	for i := range gates {
		out = append(out, *s.viewGate(ActorFrom(ctx), &gates[i], given))
	}
	return out, nil
}

// ListWaitingApprovals lists what waits for people, oldest first, in the
// applications that the one who asks may see; app "" = in all of them. With mine
// only what the approval of the one who asks would help.
func (s *Service) ListWaitingApprovals(ctx context.Context, org, app string, mine bool) ([]GateView, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	if app != "" {
		if _, err := s.readApp(ctx, org, app, RoleViewer); err != nil {
			return nil, err
		}
	}
	gates, err := s.store.WaitingGates(ctx, org, app, "")
	if err != nil {
		return nil, err
	}
	gates = slices.DeleteFunc(gates, func(g Gate) bool { return !s.may(ctx, PermAppRead, onApp(org, g.AppID)) })
	said, err := s.saidTo(ctx, org, gates)
	if err != nil {
		return nil, err
	}
	out := []GateView{}
	for i := range gates {
		g := &gates[i]
		if view := s.viewGate(ActorFrom(ctx), g, said[g.DeploymentID]); view.Mine || !mine {
			out = append(out, *view)
		}
	}
	return out, nil
}

// saidTo is what people said to the deployments of gates, by deployment.
func (s *Service) saidTo(ctx context.Context, org string, gates []Gate) (map[string][]GateApproval, error) {
	deployments := make([]string, 0, len(gates))
	for i := range gates {
		deployments = append(deployments, gates[i].DeploymentID)
	}
	said, err := s.store.ListGateApprovalsOf(ctx, org, deployments)
	by := map[string][]GateApproval{}
	for _, a := range said {
		by[a.DeploymentID] = append(by[a.DeploymentID], a)
	}
	return by, err
}

// WaitingIn are the gates of an environment that wait for people, by deployment.
func (s *Service) WaitingIn(ctx context.Context, ref EnvRef) (map[string][]GateView, error) {
	if err := s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	gates, err := s.store.WaitingGates(ctx, ref.OrgID, ref.AppID, ref.EnvID)
	if err != nil {
		return nil, err
	}
	said, err := s.saidTo(ctx, ref.OrgID, gates)
	if err != nil {
		return nil, err
	}
	out := map[string][]GateView{}
	for i := range gates {
		g := &gates[i]
		out[g.DeploymentID] = append(out[g.DeploymentID], *s.viewGate(ActorFrom(ctx), g, said[g.DeploymentID]))
	}
	return out, nil
}

// DecidePromotion approves or rejects the deployment of a promotion.
func (s *Service) DecidePromotion(ctx context.Context, key PromotionKey, req DecisionRequest) (*GateView, error) {
	p, err := s.GetPromotion(ctx, key)
	if err != nil {
		return nil, err
	}
	id := p.DeploymentID
	if p.Phase == PhaseRollBack {
		id = p.RollBackID
	}
	return s.DecideDeployment(ctx, p.Ref(), id, req)
}
