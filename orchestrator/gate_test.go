package orchestrator_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/policy"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

// guarded is a platform with policies, people, and a clock that the test moves.
type guarded struct {
	*platform
	now time.Time
}

func withPolicies(t *testing.T, policies ...orchestrator.Policy) *guarded {
	t.Helper()
	g := &guarded{now: time.Now().UTC()}
	g.platform = newPlatformWith(t, func(o *orchestrator.Options, d *orchestrator.DeployerOptions) {
		o.Now = func() time.Time { return g.now }
		d.Now = o.Now
	})
	g.define("pg-def", "postgres", "", m{"host": "h"})
	g.define("redis-def", "redis", "", m{"host": "r"})
	g.deploy(nil, m{"db": m{"type": "postgres"}, "cache": m{"type": "redis"}}).ok()
	for _, p := range policies {
		p.OrgID = "acme"
		_, err := g.service.PutPolicy(g.ctx, p)
		require.NoError(t, err)
	}
	return g
}

// person is somebody who may deploy everywhere, unless roles say otherwise.
func person(t *testing.T, id string, roles map[string]string) context.Context {
	t.Helper()
	if roles == nil {
		roles = map[string]string{orchestrator.OrgObject("acme"): orchestrator.RoleMember,
			orchestrator.AppObject("acme", "shop"):            orchestrator.RoleDeveloper,
			orchestrator.EnvTypeObject("acme", "development"): orchestrator.RoleDeployer}
	}
	return orchestrator.WithActor(t.Context(), orchestrator.Actor{UserID: id, Type: orchestrator.UserTypePerson, Roles: roles})
}

// noLoss asks two others about the loss of a database.
var noLoss = orchestrator.Policy{
	ID: "no-loss", When: `plan.destroyed.exists(r, r.type == "postgres") && env.type == "development"`, Effect: policy.EffectApprove,
	Message: "a database would be lost", Approvals: 2, ExcludeProposer: true, Deadline: 2 * time.Hour,
}

// propose replaces the database, as somebody, and plans that.
func (g *guarded) propose(by string) (*orchestrator.Deployment, orchestrator.DeploymentKey) {
	g.t.Helper()
	g.create(more(resource.Criteria{AppID: "shop"}))
	return g.request(by, orchestrator.DeploymentRequest{})
}

func (g *guarded) request(by string, req orchestrator.DeploymentRequest) (*orchestrator.Deployment, orchestrator.DeploymentKey) {
	g.t.Helper()
	d, err := g.service.CreateDeployment(person(g.t, by, nil), g.env, req)
	require.NoError(g.t, err)
	key := orchestrator.DeploymentKey{EnvRef: g.env, ID: d.ID}
	planned, err := g.deployer.Plan(g.ctx, key)
	require.NoError(g.t, err)
	require.True(g.t, planned.Gate)
	return d, key
}

func (g *guarded) look(key orchestrator.DeploymentKey) orchestrator.GateAnswer {
	g.t.Helper()
	answer, err := g.deployer.Gate(g.ctx, key)
	require.NoError(g.t, err)
	return answer
}

func (g *guarded) decide(ctx context.Context, id, decision string) (*orchestrator.GateView, error) {
	return g.service.DecideDeployment(ctx, g.env, id, orchestrator.DecisionRequest{Decision: decision})
}

func (g *guarded) finish(key orchestrator.DeploymentKey, outcome orchestrator.GateState) *orchestrator.Deployment {
	g.t.Helper()
	_, err := g.deployer.Finish(g.ctx, key, orchestrator.FinishInput{Outcome: orchestrator.Outcome(outcome)})
	require.NoError(g.t, err)
	d, err := g.store.GetDeployment(g.ctx, g.env, key.ID)
	require.NoError(g.t, err)
	return d
}

func TestDeploymentWaitsForPeople(t *testing.T) {
	t.Parallel()
	g := withPolicies(t, noLoss)
	d, key := g.propose("ann")
	_, err := g.deployer.Advance(g.ctx, key)
	require.ErrorContains(t, err, "is not approved (open)", "whatever a workflow thinks")
	answer := g.look(key)
	require.Equal(t, orchestrator.GateWaiting, answer.State)
	require.Equal(t, g.now.Add(2*time.Hour), answer.Until)
	require.Positive(t, answer.Wait)
	require.Contains(t, answer.Message, "2 approvals, not by who asked for it (policy no-loss: a database would be lost)")
	require.Equal(t, answer, g.look(key), "asking again is harmless")

	_, err = g.decide(person(t, "ann", nil), d.ID, "approve")
	require.ErrorContains(t, err, "your approval would not count")
	_, err = g.decide(person(t, "eve", map[string]string{orchestrator.OrgObject("acme"): orchestrator.RoleMember, orchestrator.AppObject("acme", "shop"): orchestrator.RoleViewer}), d.ID, "approve")
	require.Equal(t, orchestrator.CodeForbidden, orchestrator.CodeOf(err))
	_, err = g.decide(person(t, "mal", map[string]string{}), d.ID, "approve")
	require.Equal(t, orchestrator.CodeNotFound, orchestrator.CodeOf(err))
	robot := orchestrator.ActorFrom(person(t, "s-1", nil))
	robot.Type = orchestrator.UserTypeService
	_, err = g.decide(orchestrator.WithActor(t.Context(), robot), d.ID, "approve")
	require.ErrorContains(t, err, "approvals are given by people")

	view, err := g.decide(person(t, "ben", nil), d.ID, "approve")
	require.NoError(t, err)
	require.Equal(t, []int{1}, view.Missing)
	require.Equal(t, orchestrator.GateWaiting, view.State)
	view, err = g.decide(person(t, "ben", nil), d.ID, "approve")
	require.NoError(t, err, "the same again is harmless")
	require.Equal(t, []int{1}, view.Missing)
	for who, mine := range map[string]int{"ann": 0, "ben": 0, "cy": 1} {
		waiting, err := g.service.ListWaitingApprovals(person(t, who, nil), "acme", "", true)
		require.NoError(t, err)
		require.Len(t, waiting, mine, "what waits for %s", who)
	}
	view, err = g.decide(person(t, "cy", nil), d.ID, "approve")
	require.NoError(t, err)
	require.Equal(t, orchestrator.GatePassed, view.State)
	require.Equal(t, "approved by ben and cy", view.Message)
	require.Equal(t, orchestrator.GatePassed, g.look(key).State)
	current, err := g.store.GetDeployment(g.ctx, g.env, d.ID)
	require.NoError(t, err)
	g.follow(current).ok()
}

// TestAPassedGateCostsNobody: policies that do not hold let a deployment through at once.
func TestPoliciesThatDoNotHold(t *testing.T) {
	t.Parallel()
	g := withPolicies(t, noLoss)
	_, key := g.request("ann", orchestrator.DeploymentRequest{})
	require.Equal(t, orchestrator.GatePassed, g.look(key).State)
	_, err := g.deployer.Advance(g.ctx, key)
	require.NoError(t, err)
}

// TestDeploymentsThatNobodyAgreesTo end with their own outcome, and are no base.
func TestDeploymentsThatNobodyAgreesTo(t *testing.T) {
	t.Parallel()
	denial := orchestrator.Policy{ID: "never", When: `plan.replaced.size() > 0`, Effect: policy.EffectDeny, Message: "databases are not replaced here"}
	cases := map[string]struct {
		policy orchestrator.Policy
		end    func(g *guarded, d *orchestrator.Deployment, key orchestrator.DeploymentKey)
		state  orchestrator.GateState
		says   string
	}{
		"denied": {denial, func(*guarded, *orchestrator.Deployment, orchestrator.DeploymentKey) {}, orchestrator.GateDenied, "policy never does not allow this deployment: databases are not replaced here"},
		"rejected": {noLoss, func(g *guarded, d *orchestrator.Deployment, _ orchestrator.DeploymentKey) {
			view, err := g.service.DecideDeployment(person(g.t, "ben", nil), g.env, d.ID, orchestrator.DecisionRequest{Decision: "reject", Comment: "not today"})
			require.NoError(g.t, err)
			require.Equal(g.t, orchestrator.GateRejected, view.State)
		}, orchestrator.GateRejected, "rejected by ben: not today"},
		"expired": {noLoss, func(g *guarded, d *orchestrator.Deployment, _ orchestrator.DeploymentKey) {
			_, err := g.decide(person(g.t, "ben", nil), d.ID, "approve")
			require.NoError(g.t, err)
			g.now = g.now.Add(2 * time.Hour)
		}, orchestrator.GateExpired, "missing 1 approval, not by who asked for it (policy no-loss"},
		"expired as somebody approves": {noLoss, func(g *guarded, d *orchestrator.Deployment, _ orchestrator.DeploymentKey) {
			g.now = g.now.Add(3 * time.Hour)
			_, err := g.decide(person(g.t, "ben", nil), d.ID, "approve")
			require.ErrorContains(g.t, err, "the time to approve")
		}, orchestrator.GateExpired, "not approved in time"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := withPolicies(t, tc.policy)
			before, err := g.store.GetEnvironment(g.ctx, g.env)
			require.NoError(t, err)
			d, key := g.propose("ann")
			g.look(key)
			tc.end(g, d, key)
			require.Equal(t, tc.state, g.look(key).State)
			over := g.finish(key, tc.state)
			require.Equal(t, orchestrator.DeploymentFailed, over.Status)
			require.Equal(t, orchestrator.Outcome(tc.state), over.Outcome)
			errs, err := g.store.ListDeploymentErrors(g.ctx, "acme", d.ID)
			require.NoError(t, err)
			require.Len(t, errs, 1)
			require.Contains(t, errs[0].Message, tc.says)
			after, err := g.store.GetEnvironment(g.ctx, g.env)
			require.NoError(t, err)
			require.Equal(t, before.FromDeployID, after.FromDeployID, "what nobody agreed to is no base of the next deployment")
			_, err = g.decide(person(t, "cy", nil), d.ID, "approve")
			require.ErrorContains(t, err, "is over")
			waiting, err := g.service.ListWaitingApprovals(g.ctx, "acme", "shop", false)
			require.NoError(t, err)
			require.Empty(t, waiting)
		})
	}
}

// TestApprovalsAreVoidWhenTheWorldMoved moves each part of it after the first of two approvals.
func TestApprovalsAreVoidWhenTheWorldMoved(t *testing.T) {
	t.Parallel()
	const definitions, resources = "definitions, their matching, or what resources ask for have changed", "resources of the environment have changed"
	cases := map[string]struct {
		move func(g *guarded)
		says string
	}{
		"definition": {func(g *guarded) {
			_, err := g.service.PatchDefinition(g.ctx, "acme", "redis-def", orchestrator.DefinitionPatch{DriverInputs: &orchestrator.DriverInputsRequest{Values: m{"host": "other"}}})
			require.NoError(g.t, err)
		}, definitions},
		"matching": {func(g *guarded) {
			r := definition("redis-new", "redis", "", m{"host": "n"})
			r.Criteria = []resource.Criteria{{AppID: "shop"}}
			g.create(r)
		}, definitions},
		"definition deleted": {func(g *guarded) { require.NoError(g.t, g.service.DeleteDefinition(g.ctx, "acme", "redis-def", true)) }, "it has become impossible"},
		"value":              {func(g *guarded) { g.setValue("X", "1") }, "shared values have changed"},
		"base": {func(g *guarded) {
			all, err := g.store.ListDeployments(g.ctx, g.env, 0)
			require.NoError(g.t, err)
			require.NoError(g.t, g.service.RebaseEnvironment(g.ctx, g.env, all[len(all)-1].ID))
		}, "the base of the deployment is another one"},
		"resource": {func(g *guarded) {
			r := g.resource("redis")
			r.Status = orchestrator.ResourcePending
			require.NoError(g.t, g.store.UpdateActiveResource(g.ctx, r))
		}, resources},
		"pinned version": {func(g *guarded) {
			r := g.resource("redis")
			r.TargetDefVersionID = r.DefVersionID
			require.NoError(g.t, g.store.UpdateActiveResource(g.ctx, r))
		}, resources},
		"resource deleted": {func(g *guarded) {
			r := g.resource("redis")
			r.Status, r.Deletions = orchestrator.ResourceDeleting, 1
			require.NoError(g.t, g.store.UpdateActiveResource(g.ctx, r))
		}, resources},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := withPolicies(t, noLoss)
			d, key := g.propose("ann")
			g.look(key)
			_, err := g.decide(person(t, "ben", nil), d.ID, "approve")
			require.NoError(t, err)
			tc.move(g)
			_, err = g.decide(person(t, "cy", nil), d.ID, "approve")
			require.Equal(t, orchestrator.CodeConflict, orchestrator.CodeOf(err))
			require.ErrorContains(t, err, "the approval is void, and nothing was done: since the deployment was planned, ")
			require.ErrorContains(t, err, tc.says)
			require.Equal(t, orchestrator.GateVoid, g.look(key).State, "the workflow finds the same")
			gates, err := g.service.ListDeploymentGates(g.ctx, g.env, d.ID)
			require.NoError(t, err)
			require.Len(t, gates[0].Approvals, 1)
			require.Contains(t, gates[0].Approvals[0].Void, tc.says)
			over := g.finish(key, orchestrator.GateVoid)
			require.Equal(t, orchestrator.OutcomeVoid, over.Outcome)
			errs, err := g.store.ListDeploymentErrors(g.ctx, "acme", d.ID)
			require.NoError(t, err)
			require.Equal(t, orchestrator.ReasonPlanStale, errs[0].Code)
			_, err = g.deployer.Advance(g.ctx, key)
			require.Error(t, err, "it is never carried out")
		})
	}
	t.Run("without anybody asking", func(t *testing.T) {
		t.Parallel()
		g := withPolicies(t, noLoss)
		_, key := g.propose("ann")
		g.look(key)
		g.setValue("X", "1")
		require.Equal(t, orchestrator.GateVoid, g.look(key).State)
	})
	t.Run("a value that a deployment has fixed", func(t *testing.T) {
		t.Parallel()
		g := withPolicies(t, noLoss)
		g.setValue("X", "1")
		versions, err := g.store.ListValueSetVersions(g.ctx, "acme", "shop", "", 1)
		require.NoError(t, err)
		g.create(more(resource.Criteria{AppID: "shop"}))
		_, key := g.request("ann", orchestrator.DeploymentRequest{ValueSetVersionID: versions[0].ID})
		g.look(key)
		g.setValue("Y", "1")
		require.Equal(t, orchestrator.GateWaiting, g.look(key).State)
	})
}

// resource is the active resource of a type.
func (g *guarded) resource(resType string) *orchestrator.ActiveResource {
	g.t.Helper()
	all, err := g.store.ListActiveResources(g.ctx, g.env)
	require.NoError(g.t, err)
	for i := range all {
		if all[i].Key.Type == resType {
			return &all[i]
		}
	}
	g.t.Fatalf("no resource of type %s", resType)
	return nil
}

func TestApprovalsByRole(t *testing.T) {
	t.Parallel()
	byOwners := noLoss
	byOwners.Approvals, byOwners.Roles = 1, []string{orchestrator.RoleOwner, orchestrator.RoleAdministrator}
	g := withPolicies(t, byOwners)
	d, key := g.propose("ann")
	g.look(key)
	_, err := g.decide(person(t, "ben", nil), d.ID, "approve")
	require.ErrorContains(t, err, "policy no-loss asks for owner or administrator")
	owner := person(t, "cy", map[string]string{orchestrator.OrgObject("acme"): orchestrator.RoleMember, orchestrator.AppObject("acme", "shop"): orchestrator.RoleOwner})
	view, err := g.decide(owner, d.ID, "approve")
	require.NoError(t, err, "to approve one needs no more than the role")
	require.Equal(t, orchestrator.GatePassed, view.State)
	require.Equal(t, []string{orchestrator.RoleMember, orchestrator.RoleOwner}, view.Approvals[0].Roles)
}

func TestPoliciesAreChecked(t *testing.T) {
	t.Parallel()
	g := withPolicies(t)
	with := func(change func(p *orchestrator.Policy)) orchestrator.Policy {
		p := noLoss
		p.OrgID = "acme"
		change(&p)
		return p
	}
	cases := map[string]struct {
		policy orchestrator.Policy
		says   string
	}{
		"position":        {with(func(p *orchestrator.Policy) { p.When = "true &&\n  plan.destoyed.size() > 0" }), "2:7"},
		"role":            {with(func(p *orchestrator.Policy) { p.Roles = []string{"boss"} }), `roles: "boss" is no role`},
		"id":              {with(func(p *orchestrator.Policy) { p.ID = "No Loss" }), "id: "},
		"short deadline":  {with(func(p *orchestrator.Policy) { p.Deadline = time.Second }), "deadline: expected 1m0s to 168h0m0s"},
		"waiting denials": {with(func(p *orchestrator.Policy) { p.Effect, p.Approvals, p.ExcludeProposer = policy.EffectDeny, 0, false }), "waits for nobody"},
	}
	for name, tc := range cases {
		_, err := g.service.PutPolicy(g.ctx, tc.policy)
		require.Equal(t, orchestrator.CodeInvalid, orchestrator.CodeOf(err), name)
		require.ErrorContains(t, err, tc.says, name)
	}
	simple, err := g.service.PutPolicy(g.ctx, orchestrator.Policy{OrgID: "acme", ID: "ask", When: "true", Effect: policy.EffectApprove})
	require.NoError(t, err)
	require.Equal(t, 1, simple.Approvals)
	require.Equal(t, orchestrator.DefaultApprovalDeadline, simple.Deadline)
	_, err = g.service.PutPolicy(person(t, "ann", nil), orchestrator.Policy{OrgID: "acme", ID: "ask", When: "true", Effect: policy.EffectDeny})
	require.Equal(t, orchestrator.CodeForbidden, orchestrator.CodeOf(err))
	require.Equal(t, orchestrator.CodeForbidden, orchestrator.CodeOf(g.service.DeletePolicy(person(t, "ann", nil), "acme", "ask")))
}

func TestPoliciesAreTried(t *testing.T) {
	t.Parallel()
	g := withPolicies(t, noLoss)
	g.create(more(resource.Criteria{AppID: "shop"}))
	got, err := g.service.TestPolicies(person(t, "ann", nil), g.env, orchestrator.DeploymentRequest{}, nil)
	require.NoError(t, err)
	require.Equal(t, []policy.Requirement{{Rule: "no-loss", Message: noLoss.Message, Approvals: 2, ExcludeProposer: true}}, got.Decision.Requirements)
	require.Equal(t, "ann", got.Input.Proposer.ID)
	require.Equal(t, []policy.Resource{{Type: "postgres", Class: "default", ID: "shared.db", Def: "pg-def", Driver: "humanitec/echo"}}, got.Input.Plan.Destroyed)
	got, err = g.service.TestPolicies(g.ctx, g.env, orchestrator.DeploymentRequest{}, []orchestrator.Policy{{ID: "draft", When: `env.id == "development"`, Effect: policy.EffectDeny}})
	require.NoError(t, err)
	require.True(t, got.Decision.Denied())
	require.Empty(t, got.Decision.Requirements, "drafts are judged alone")
	deployments, err := g.store.ListDeployments(g.ctx, g.env, 0)
	require.NoError(t, err)
	require.Len(t, deployments, 1)
}

// TestARefusedChangeIsAskedAboutAgain: what was denied never was there, so the next deployment of the same set is judged as a change.
func TestARefusedChangeIsAskedAboutAgain(t *testing.T) {
	t.Parallel()
	g := withPolicies(t, orchestrator.Policy{ID: "keep-api", When: `"api" in plan.workloads.removed || plan.removed.exists(r, r.type == "redis")`, Effect: policy.EffectDeny})
	id, err := g.store.PutSet(g.ctx, "acme", "shop", g.set(nil, m{"db": m{"type": "postgres"}}))
	require.NoError(t, err)
	for range 2 {
		_, key := g.request("ann", orchestrator.DeploymentRequest{SetID: id})
		require.Equal(t, orchestrator.GateDenied, g.look(key).State)
		g.finish(key, orchestrator.GateDenied)
	}
}

func TestCancelAndSupersedeWhileItWaits(t *testing.T) {
	t.Parallel()
	t.Run("cancel", func(t *testing.T) {
		t.Parallel()
		g := withPolicies(t, noLoss)
		d, key := g.propose("ann")
		g.look(key)
		_, err := g.service.CancelDeployment(g.ctx, g.env, d.ID)
		require.NoError(t, err)
		_, err = g.decide(person(t, "ben", nil), d.ID, "approve")
		require.ErrorContains(t, err, "is being cancelled")
		over := g.finish(key, orchestrator.GateState(orchestrator.OutcomeCancelled))
		require.Equal(t, orchestrator.GateWithdrawn, over.Gate)
		require.Equal(t, orchestrator.GateWithdrawn, g.look(key).State)
	})
	t.Run("supersede", func(t *testing.T) {
		t.Parallel()
		g := withPolicies(t, noLoss)
		require.NoError(t, g.service.SetQueuePolicy(g.ctx, g.env, orchestrator.QueuePolicySupersede))
		d, key := g.propose("ann")
		g.look(key)
		next, err := g.service.CreateDeployment(person(t, "ben", nil), g.env, orchestrator.DeploymentRequest{})
		require.NoError(t, err)
		require.Equal(t, orchestrator.GateWithdrawn, g.look(key).State, "its workflow ends without Finish")
		over, err := g.store.GetDeployment(g.ctx, g.env, d.ID)
		require.NoError(t, err)
		require.Equal(t, orchestrator.OutcomeSuperseded, over.Outcome)
		nodes, err := g.store.ListNodes(g.ctx, "acme", d.ID)
		require.NoError(t, err)
		for _, n := range nodes {
			require.Equal(t, orchestrator.NodeSkipped, n.Status)
		}
		key.ID = next.ID
		_, err = g.deployer.Plan(g.ctx, key)
		require.NoError(t, err)
		require.Equal(t, orchestrator.GateWaiting, g.look(key).State, "it contains what was superseded, and asks anew")
	})
}

// TestNodesAreGatedByTheirOwnPlans: what was deferred is judged when its plan exists.
func TestNodesAreGatedByTheirOwnPlans(t *testing.T) {
	t.Parallel()
	one := noLoss
	one.Approvals = 1
	g := withPolicies(t, one)
	d, key := g.request("ann", orchestrator.DeploymentRequest{})
	require.Equal(t, orchestrator.GatePassed, g.look(key).State)
	ask := orchestrator.NodeGate{Fingerprint: "plan-1", Summary: "1 to destroy",
		Plan: policy.Plan{Destroyed: []policy.Resource{{Type: "postgres", Class: "default", ID: "shared.db"}}}}
	gate := func() orchestrator.GateAnswer {
		answer, err := g.deployer.GateNode(g.ctx, key, 0, ask)
		require.NoError(t, err)
		return answer
	}
	require.Equal(t, orchestrator.GateWaiting, gate().State)
	waiting, err := g.service.WaitingIn(g.ctx, g.env)
	require.NoError(t, err)
	require.Len(t, waiting[d.ID], 1)
	node := waiting[d.ID][0].Node
	_, err = g.decide(person(t, "ben", nil), d.ID, "approve")
	require.NoError(t, err, "there is only one")
	require.Equal(t, orchestrator.GatePassed, gate().State)
	ask.Fingerprint = "plan-2"
	require.Equal(t, orchestrator.GateWaiting, gate().State, "another plan is asked about anew")
	gates, err := g.service.ListDeploymentGates(g.ctx, g.env, d.ID)
	require.NoError(t, err)
	require.Equal(t, node, gates[1].Node)
	require.Contains(t, gates[1].Approvals[0].Void, "is another one now")
	_, err = g.decide(person(t, "ben", nil), d.ID, "reject")
	require.NoError(t, err)
	require.Equal(t, orchestrator.GateRejected, gate().State)
	ask.Plan = policy.Plan{}
	answer, err := g.deployer.GateNode(g.ctx, key, 1, ask)
	require.NoError(t, err)
	require.Equal(t, orchestrator.GatePassed, answer.State)
}
