package server

import (
	"time"

	"github.com/slipway-dev/slipway/engine/policy"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// gateRoutes are the operations of policies and approvals.
func gateRoutes() []Route {
	const list, item = orgPath + "/policies", orgPath + "/policies/{policyId}"
	mine := []Query{{Name: "mine", Type: "boolean", Doc: "Only what an approval by the one who asks would help"}}
	return append(tagged("Policies", []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listPolicies", Summary: "List the policies of an organization"}, listPolicies),
		answer(Route{Method: "GET", Path: item, OperationID: "getPolicy", Summary: "Get a policy"}, getPolicy),
		accept(Route{Method: "PUT", Path: item, OperationID: "putPolicy", Summary: "Make a policy, or replace what it says"}, putPolicy),
		answer(Route{Method: "DELETE", Path: item, OperationID: "deletePolicy", Summary: "Delete a policy; what waits because of it goes on waiting"}, deletePolicy),
		accept(Route{Method: "POST", Path: envPath + "/policies/test", OperationID: "testPolicies", BodyOptional: true,
			Summary: "Say what policies would say about a deployment, and deploy nothing"}, testPolicies),
	}), tagged("Approvals", []Route{
		answer(Route{Method: "GET", Path: orgPath + "/deployment-approvals", OperationID: "listApprovals", Query: mine,
			Summary: "List the deployments that wait for people, oldest first"}, listApprovals),
		answer(Route{Method: "GET", Path: appPath + "/deployment-approvals", OperationID: "listApplicationApprovals", Query: mine,
			Summary: "List the deployments of an Application that wait for people, oldest first"}, listApprovals),
		answer(Route{Method: "GET", Path: deployPath + "/approvals", OperationID: "listDeploymentApprovals",
			Summary: "List what policies asked about a deployment, and what people said"}, listDeploymentApprovals),
		accept(Route{Method: "POST", Path: deployPath + "/approvals", OperationID: "decideDeployment",
			Summary: "Approve or reject a deployment that waits for people"}, decideDeployment),
		accept(Route{Method: "POST", Path: appPath + "/promotions/{promotionId}/approvals", OperationID: "decidePromotion",
			Summary: "Approve or reject the deployment of a promotion that waits for people"}, decidePromotion),
	})...)
}

func listPolicies(c *Call) ([]api.Policy, error) {
	return asList(wirePolicy)(c.Service.ListPolicies(c.Context(), c.Org()))
}

func getPolicy(c *Call) (api.Policy, error) {
	return as(wirePolicy)(c.Service.GetPolicy(c.Context(), c.Org(), c.Param("policyId")))
}

func putPolicy(c *Call, in api.PolicyRule) (api.Policy, error) {
	p, err := policyFrom(c.Param("policyId"), in)
	if err != nil {
		return api.Policy{}, err
	}
	p.OrgID = c.Org()
	return as(wirePolicy)(c.Service.PutPolicy(c.Context(), p))
}

func deletePolicy(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeletePolicy(c.Context(), c.Org(), c.Param("policyId"))
}

func policyFrom(id string, in api.PolicyRule) (orchestrator.Policy, error) {
	p := orchestrator.Policy{
		ID: id, When: in.When, Effect: in.Effect, Message: in.Message, Approvals: in.Approvals, Roles: in.Roles, ExcludeProposer: in.ExcludeProposer,
	}
	if in.Deadline == "" {
		return p, nil
	}
	var err error
	p.Deadline, err = orchestrator.ParseSpan("deadline", in.Deadline)
	return p, err
}

func wirePolicy(p orchestrator.Policy) api.Policy {
	out := api.Policy{
		ID: p.ID, PolicyRule: api.PolicyRule{
			When: p.When, Effect: p.Effect, Message: p.Message, Approvals: p.Approvals, Roles: p.Roles, ExcludeProposer: p.ExcludeProposer,
		},
		CreatedAt: api.NewTime(p.CreatedAt), CreatedBy: p.CreatedBy, UpdatedAt: api.NewTime(p.UpdatedAt), UpdatedBy: p.UpdatedBy,
	}
	if p.Deadline > 0 {
		out.Deadline = p.Deadline.String()
	}
	return out
}

func testPolicies(c *Call, in api.TestPoliciesRequest) (api.PolicyTest, error) {
	drafts, err := draftPolicies(in.Policies)
	if err != nil {
		return api.PolicyTest{}, err
	}
	return as(wirePolicyTest)(c.Service.TestPolicies(c.Context(), c.Env(), orchestrator.DeploymentRequest{
		DeltaID: in.DeltaID, SetID: in.SetID, ValueSetVersionID: deref(in.ValueSetVersionID),
	}, drafts))
}

func wirePolicyTest(t orchestrator.PolicyTest) api.PolicyTest {
	return api.PolicyTest{PlannedPolicies: wireDecision(t.Decision), Problems: orEmptyList(t.Plan.Problems), Input: wirePolicyInput(t.Input)}
}

func wireDecision(d policy.Decision) api.PlannedPolicies {
	out := api.PlannedPolicies{Verdict: "allowed", Denials: []api.PolicyDenial{}, Requirements: []api.PolicyRequirement{}}
	for _, r := range d.Requirements {
		out.Verdict = "approval"
		out.Requirements = append(out.Requirements, api.PolicyRequirement{
			Policy: r.Rule, Message: r.Message, Approvals: r.Approvals, Missing: r.Approvals, Roles: orEmptyList(r.Roles), ExcludeProposer: r.ExcludeProposer,
		})
	}
	for _, denial := range d.Denials {
		out.Verdict = "denied"
		out.Denials = append(out.Denials, api.PolicyDenial{Policy: denial.Rule, Message: denial.Message, Broken: denial.Broken})
	}
	return out
}

func wirePolicyPlan(p policy.Plan) api.PolicyPlan {
	resources := func(list []policy.Resource) []api.PolicyResource {
		return convert(list, func(r policy.Resource) api.PolicyResource { return api.PolicyResource(r) })
	}
	return api.PolicyPlan{
		Created: resources(p.Created), Changed: resources(p.Changed), Replaced: resources(p.Replaced), Destroyed: resources(p.Destroyed),
		Removed: resources(p.Removed), Values: orEmptyList(p.Values),
		Workloads: api.PolicyWorkloads{Added: orEmptyList(p.Workloads.Added), Changed: orEmptyList(p.Workloads.Changed), Removed: orEmptyList(p.Workloads.Removed)},
	}
}

func listApprovals(c *Call) ([]api.DeploymentApproval, error) {
	mine, err := c.QueryBool("mine")
	if err != nil {
		return nil, err
	}
	return asList(wireGate)(c.Service.ListWaitingApprovals(c.Context(), c.Org(), c.App(), mine))
}

func listDeploymentApprovals(c *Call) ([]api.DeploymentApproval, error) {
	return asList(wireGate)(c.Service.ListDeploymentGates(c.Context(), c.Env(), c.Param("deployId")))
}

func decisionOf(in api.DecideRequest) orchestrator.DecisionRequest {
	return orchestrator.DecisionRequest{Decision: in.Decision, Node: in.Node, Fingerprint: in.Fingerprint, Comment: in.Comment}
}

func decideDeployment(c *Call, in api.DecideRequest) (api.DeploymentApproval, error) {
	return as(wireGate)(c.Service.DecideDeployment(c.Context(), c.Env(), c.Param("deployId"), decisionOf(in)))
}

func decidePromotion(c *Call, in api.DecideRequest) (api.DeploymentApproval, error) {
	return as(wireGate)(c.Service.DecidePromotion(c.Context(), c.promotion(), decisionOf(in)))
}

func wireGate(g orchestrator.GateView) api.DeploymentApproval {
	out := api.DeploymentApproval{
		DeploymentID: g.DeploymentID, App: g.AppID, Env: g.EnvID, EnvType: g.Input.Env.Type, Node: g.Node, Status: string(g.State), Message: g.Message,
		Proposer: g.Input.Proposer.ID, Summary: g.Summary, Fingerprint: g.Fingerprint, Plan: wirePolicyPlan(g.Input.Plan),
		Requirements: []api.PolicyRequirement{}, Decisions: []api.ApprovalDecision{}, Mine: g.Mine,
		CreatedAt: api.NewTime(g.CreatedAt), Until: api.NewTimePtr(g.Until), EndedAt: api.NewTimePtr(g.EndedAt),
	}
	for i, r := range g.Requirements {
		out.Requirements = append(out.Requirements, api.PolicyRequirement{
			Policy: r.Rule, Message: r.Message, Approvals: r.Approvals, Missing: g.Missing[i], Roles: orEmptyList(r.Roles),
			ExcludeProposer: r.ExcludeProposer, Until: newTime(r.Until),
		})
	}
	for _, a := range g.Approvals {
		out.Decisions = append(out.Decisions, api.ApprovalDecision{
			ID: a.ID, Decision: a.Decision, By: a.By, Roles: orEmptyList(a.Roles), Comment: a.Comment, Void: a.Void, At: api.NewTime(a.CreatedAt),
		})
	}
	return out
}

func newTime(t time.Time) *api.Time { return api.NewTimePtr(&t) }

// withWaiting completes deployments that are under way with what they wait for.
func (c *Call) withWaiting(list []orchestrator.Deployment) ([]api.Deployment, error) {
	out := convert(list, wireDeployment)
	asked := false
	var waiting map[string][]orchestrator.GateView
	for i := range list {
		if list[i].Status.Terminal() || list[i].Gate == "" {
			continue
		}
		if !asked {
			var err error
			if waiting, err = c.Service.WaitingIn(c.Context(), list[i].Ref()); err != nil {
				return nil, err
			}
			asked = true
		}
		for _, g := range waiting[list[i].ID] {
			out[i].WaitingFor = append(out[i].WaitingFor, wireWaiting(g))
		}
	}
	return out, nil
}

func (c *Call) withWaitingOne(d *orchestrator.Deployment, err error) (api.Deployment, error) {
	if err != nil {
		return api.Deployment{}, err
	}
	list, err := c.withWaiting([]orchestrator.Deployment{*d})
	if err != nil {
		return api.Deployment{}, err
	}
	return list[0], nil
}

func wireWaiting(g orchestrator.GateView) api.WaitingFor {
	gate := wireGate(g)
	return api.WaitingFor{Node: gate.Node, Message: gate.Message, Until: gate.Until, Requirements: gate.Requirements, Decisions: gate.Decisions, Mine: gate.Mine}
}
