package orchestrator

import (
	"context"
	"errors"
)

// GetPlanNow returns a stored plan, and of one that could be deployed what has
// changed since it was made, so that its deployment would be refused; nil when
// nothing has. A change that no version names (a secret in another store, an
// account, an output) shows only when it is deployed.
func (s *Service) GetPlanNow(ctx context.Context, ref EnvRef, id string) (*StoredPlan, []string, error) {
	p, err := s.GetPlan(ctx, ref, id)
	if err != nil || p.Status != PlanReady {
		return p, nil, err
	}
	content, err := p.Shown()
	if err != nil {
		return nil, nil, err
	}
	env, err := s.store.GetEnvironment(ctx, ref)
	if err != nil {
		return nil, nil, err
	}
	waiting, err := s.store.UnfinishedDeployments(ctx, ref)
	if err != nil {
		return nil, nil, err
	}
	if content.Plan.Fingerprint == "" {
		return p, nil, nil // it would fail, and says why
	}
	drivers, err := movedDriverPlans(ctx, s.store, ref.OrgID, content.Nodes)
	if err != nil {
		return nil, nil, err
	}
	req := p.Request()
	req.Plan = content.Plan.Fingerprint
	moved, err := movedOf(s.refuseStale(ctx, env, waiting, req))
	return p, append(drivers, moved...), err
}

// movedOf takes out of a refusal what has moved. What was asked for with the plan
// may be gone or archived by now: that is a change, too.
func movedOf(err error) ([]string, error) {
	var domain *Error
	if err == nil || !errors.As(err, &domain) {
		return nil, err
	}
	if moved, ok := domain.Details["moved"].([]string); ok {
		return moved, nil
	}
	switch domain.Code {
	case CodeInvalid, CodeNotFound, CodeConflict:
		return []string{domain.Message}, nil
	}
	return nil, err
}
