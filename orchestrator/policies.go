package orchestrator

import (
	"context"
	"log/slog"
	"reflect"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/engine/policy"
)

func policyPath(org, id string) string { return OrgObject(org) + "/policies/" + id }

// allRoles are the roles that policies may name.
func allRoles() string { return strings.Join(slices.Concat(orgRoles, appRoles, envTypeRoles), ", ") }

// ListPolicies lists the policies of an organization by id. Everybody in it may
// see what deployments are judged by.
func (s *Service) ListPolicies(ctx context.Context, org string) ([]Policy, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	return s.store.ListPolicies(ctx, org)
}

// GetPolicy returns a policy.
func (s *Service) GetPolicy(ctx context.Context, org, id string) (*Policy, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	return s.store.GetPolicy(ctx, org, id)
}

// PutPolicy makes a policy, or replaces what it says. It is compiled first; the
// error names the field, and within a condition the position. Deployments that
// wait already are not judged again.
func (s *Service) PutPolicy(ctx context.Context, p Policy) (*Policy, error) {
	if err := s.requireOrgPerm(ctx, p.OrgID, PermPoliciesWrite); err != nil {
		return nil, err
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	by := ActorFrom(ctx).UserID
	err := s.audited(ctx, func(ctx context.Context) (Change, error) {
		p.CreatedAt, p.CreatedBy, p.UpdatedAt, p.UpdatedBy = s.now(), by, s.now(), by
		old, err := s.store.GetPolicy(ctx, p.OrgID, p.ID)
		if IsNotFound(err) {
			there, err := s.store.ListPolicies(ctx, p.OrgID)
			if err != nil {
				return Change{}, err
			}
			if len(there) >= maxPolicies {
				return Change{}, Conflictf("organization %q has %d policies already; remove some", p.OrgID, len(there))
			}
			return created(p.OrgID, "policy", policyPath(p.OrgID, p.ID), p), s.store.CreatePolicy(ctx, &p)
		}
		if err != nil {
			return Change{}, err
		}
		p.CreatedAt, p.CreatedBy, p.Version = old.CreatedAt, old.CreatedBy, old.Version
		if reflect.DeepEqual(p.rule(), old.rule()) && p.Deadline == old.Deadline {
			p = *old
			return updated(p.OrgID, "policy", policyPath(p.OrgID, p.ID), old, p), nil
		}
		return updated(p.OrgID, "policy", policyPath(p.OrgID, p.ID), old, p), stale(s.store.UpdatePolicy(ctx, &p))
	})
	return &p, err
}

// DeletePolicy removes a policy. What waits because of it goes on waiting.
func (s *Service) DeletePolicy(ctx context.Context, org, id string) error {
	if err := s.requireOrgPerm(ctx, org, PermPoliciesWrite); err != nil {
		return err
	}
	return s.audited(ctx, func(ctx context.Context) (Change, error) {
		p, err := s.store.GetPolicy(ctx, org, id)
		if err != nil {
			return Change{}, err
		}
		return deleted(org, "policy", policyPath(org, id), p), s.store.DeletePolicy(ctx, org, id)
	})
}

// decideAhead is what the policies would say about a plan.
func (s *Service) decideAhead(ctx context.Context, env *Environment, proposer string, plan *DeploymentPlan, nodes []NodePlan) (policy.Decision, error) {
	policies, err := s.store.ListPolicies(ctx, env.OrgID)
	if err != nil || len(policies) == 0 {
		return policy.Decision{}, err
	}
	in := policyInput(env, proposer, plan)
	addDriverPlans(&in.Plan, nodes, plan)
	return policy.Decide(ctx, rulesOf(policies), in)
}

// PolicyTest is what policies would say about a deployment, and to what.
type PolicyTest struct {
	Decision policy.Decision
	Input    policy.Input
	Plan     *DeploymentPlan
}

// TestPolicies evaluates policies against the plan of a deployment, and deploys
// nothing. drafts are evaluated instead of those that are stored; nil = the
// stored ones.
func (s *Service) TestPolicies(ctx context.Context, ref EnvRef, req DeploymentRequest, drafts []Policy) (*PolicyTest, error) {
	for i := range drafts {
		drafts[i].OrgID = ref.OrgID
		if err := drafts[i].check(); err != nil {
			return nil, err
		}
	}
	plan, err := s.PlanDeployment(ctx, ref, req)
	if err != nil {
		return nil, err
	}
	env, err := s.store.GetEnvironment(ctx, ref)
	if err != nil {
		return nil, err
	}
	out := &PolicyTest{Plan: plan, Input: policyInput(env, ActorFrom(ctx).UserID, plan)}
	if drafts == nil {
		out.Decision = plan.Policies
		return out, nil
	}
	out.Decision, err = policy.Decide(ctx, rulesOf(drafts), out.Input)
	s.log.DebugContext(ctx, "policies tested", slog.String("environment", EnvObject(ref)), slog.Int("policies", len(drafts)))
	return out, err
}
