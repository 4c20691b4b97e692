package server

import (
	"github.com/slipway-dev/slipway/engine/policy"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func policyCheckRoutes() []Route {
	return tagged("Policies", []Route{
		accept(Route{Method: "POST", Path: orgPath + "/policies/test", OperationID: "checkPolicies",
			Summary: "Check policies, and say what they say about an example or a stored plan"}, checkPolicies),
	})
}

func checkPolicies(c *Call, in api.CheckPoliciesRequest) (api.PolicyCheck, error) {
	drafts, err := draftPolicies(in.Policies)
	if err != nil {
		return api.PolicyCheck{}, err
	}
	request := orchestrator.PolicyCheck{Drafts: drafts}
	if in.Plan != nil {
		request.Env, request.PlanID = orchestrator.EnvRef{AppID: in.Plan.AppID, EnvID: in.Plan.EnvID}, in.Plan.PlanID
		if request.PlanID == "" {
			return api.PolicyCheck{}, invalidBody("plan.plan_id is missing: the id of the stored plan to judge")
		}
	}
	if in.Input != nil {
		input := policyInputFrom(*in.Input)
		request.Input = &input
	}
	return as(wirePolicyCheck)(c.Service.CheckPolicies(c.Context(), c.Org(), request))
}

func draftPolicies(in []api.DraftPolicy) ([]orchestrator.Policy, error) {
	var out []orchestrator.Policy
	for _, draft := range in {
		p, err := policyFrom(draft.ID, draft.PolicyRule)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

func wirePolicyCheck(r orchestrator.PolicyCheckResult) api.PolicyCheck {
	out := api.PolicyCheck{
		PlannedPolicies: wireDecision(r.Decision),
		Problems:        convert(r.Problems, func(p orchestrator.PolicyProblem) api.PolicyProblem { return api.PolicyProblem(p) }),
	}
	if r.Input != nil {
		input := wirePolicyInput(*r.Input)
		out.Input = &input
	}
	return out
}

func wirePolicyInput(in policy.Input) api.PolicyInput {
	return api.PolicyInput{
		Plan:     wirePolicyPlan(in.Plan),
		Env:      api.PolicyEnv{ID: in.Env.ID, Type: in.Env.Type, App: in.Env.App, Org: in.Env.Org},
		Proposer: api.PolicyProposer{ID: in.Proposer.ID},
	}
}

func policyInputFrom(in api.PolicyInput) policy.Input {
	resources := func(list []api.PolicyResource) []policy.Resource {
		return convert(list, func(r api.PolicyResource) policy.Resource { return policy.Resource(r) })
	}
	p := in.Plan
	return policy.Input{
		Env:      policy.Environment{ID: in.Env.ID, Type: in.Env.Type, App: in.Env.App, Org: in.Env.Org},
		Proposer: policy.Proposer{ID: in.Proposer.ID},
		Plan: policy.Plan{
			Created: resources(p.Created), Changed: resources(p.Changed), Replaced: resources(p.Replaced), Destroyed: resources(p.Destroyed), Removed: resources(p.Removed),
			Values: p.Values, Workloads: policy.Workloads{Added: p.Workloads.Added, Changed: p.Workloads.Changed, Removed: p.Workloads.Removed},
		},
	}
}
