package orchestrator

import (
	"context"
	"errors"
	"strings"

	"github.com/slipway-dev/slipway/engine/policy"
)

// PolicyCheck asks what policies say about an example. At most one of Input and PlanID is given.
type PolicyCheck struct {
	Drafts []Policy      // evaluated instead of those that are stored; nil = the stored ones
	Input  *policy.Input // an example of what conditions see; env.org is filled in
	Env    EnvRef        // of the plan; OrgID does not count
	PlanID string        // a stored plan to judge, with what its drivers have planned
}

// PolicyCheckResult is what came of it. With problems nothing was evaluated.
type PolicyCheckResult struct {
	Problems []PolicyProblem
	Decision policy.Decision
	// Input is what the conditions saw; nil when there was nothing to judge.
	Input *policy.Input
}

// PolicyProblem is one thing that is wrong with a draft.
type PolicyProblem struct {
	Policy       string
	Field        string // of the policy; "" when it is about none
	Message      string
	Line, Column int // within the field, from 1; 0 when it is about all of it
}

// CheckPolicies compiles policies, evaluates them against an example or a stored
// plan when one is given, and changes nothing. What is wrong with a draft is part
// of the answer. Everybody in the organization may ask, about plans that they may read.
func (s *Service) CheckPolicies(ctx context.Context, org string, req PolicyCheck) (*PolicyCheckResult, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	if req.Input != nil && req.PlanID != "" {
		return nil, Invalidf("give either input, an example, or plan, a stored plan")
	}
	if len(req.Drafts) > maxPolicies {
		return nil, Invalidf("policies: at most %d at a time, these are %d", maxPolicies, len(req.Drafts))
	}
	out := &PolicyCheckResult{}
	for i := range req.Drafts {
		req.Drafts[i].OrgID = org
		out.Problems = append(out.Problems, draftProblems(&req.Drafts[i])...)
	}
	var err error
	if out.Input, err = s.checkedInput(ctx, org, req); err != nil || out.Input == nil || len(out.Problems) > 0 {
		return out, err
	}
	policies := req.Drafts
	if policies == nil {
		if policies, err = s.store.ListPolicies(ctx, org); err != nil {
			return nil, err
		}
	}
	out.Decision, err = policy.Decide(ctx, rulesOf(policies), *out.Input)
	return out, err
}

// checkedInput is what the conditions are to see; nil when nothing is to be judged.
func (s *Service) checkedInput(ctx context.Context, org string, req PolicyCheck) (*policy.Input, error) {
	if req.PlanID == "" {
		if req.Input == nil {
			return nil, nil
		}
		in := *req.Input
		in.Env.Org = org
		if in.Proposer.ID == "" {
			in.Proposer.ID = ActorFrom(ctx).UserID
		}
		return &in, nil
	}
	ref := EnvRef{OrgID: org, AppID: req.Env.AppID, EnvID: req.Env.EnvID}
	plan, err := s.GetPlan(ctx, ref, req.PlanID)
	if err != nil {
		return nil, err
	}
	content, err := plan.Shown()
	if err != nil {
		return nil, err
	}
	if len(plan.Content) == 0 {
		return nil, Conflictf("plan %s shows nothing yet: it is %s", plan.ID, plan.Status)
	}
	env, err := s.store.GetEnvironment(ctx, ref)
	if err != nil {
		return nil, err
	}
	in := policyInput(env, plan.CreatedBy, &content.Plan)
	addDriverPlans(&in.Plan, content.Nodes, &content.Plan)
	return &in, nil
}

// draftProblems lists what is wrong with a draft, each place in its condition by itself.
func draftProblems(p *Policy) []PolicyProblem {
	err := p.check()
	if err == nil {
		return nil
	}
	var wrong *policy.RuleError
	if errors.As(policy.Check(p.rule()), &wrong) && len(wrong.Issues) > 0 {
		out := make([]PolicyProblem, 0, len(wrong.Issues))
		for _, issue := range wrong.Issues {
			out = append(out, PolicyProblem{Policy: p.ID, Field: wrong.Field, Message: issue.Message, Line: issue.Line, Column: issue.Column})
		}
		return out
	}
	message := err.Error()
	var domain *Error
	if errors.As(err, &domain) {
		message = domain.Message
	}
	field, rest, named := strings.Cut(message, ": ")
	if !named || strings.ContainsAny(field, " \"") {
		field, rest = "", message
	}
	return []PolicyProblem{{Policy: p.ID, Field: field, Message: rest}}
}
