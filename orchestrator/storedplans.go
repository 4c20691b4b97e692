package orchestrator

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

const (
	// planLife is how long a stored plan can be deployed.
	planLife = 24 * time.Hour
	// plansKept is how long plans that nothing follows are remembered.
	plansKept = 30 * 24 * time.Hour
	// plansAtOnce bounds the plans of one environment that are being made.
	plansAtOnce = 5
	// plansShown is how many plans are listed.
	plansShown = 50

	plansAuditAs = "plan"
)

// PlanKey names a stored plan.
type PlanKey struct {
	EnvRef
	ID string
}

// Key names the plan.
func (p StoredPlan) Key() PlanKey { return PlanKey{p.Ref(), p.ID} }

// CreatePlan accepts a plan for which drivers are asked, which takes as long as
// they take: a workflow makes it. As drivers use credentials for that, it takes
// the right to deploy. While a deployment is unfinished nobody can say what the
// next one would do, so that is a conflict.
func (s *Service) CreatePlan(ctx context.Context, ref EnvRef, req DeploymentRequest) (*StoredPlan, error) {
	if err := s.requireEnvDeployer(ctx, ref); err != nil {
		return nil, err
	}
	if err := s.workflows.Ready(ctx); err != nil {
		return nil, err
	}
	p := &StoredPlan{
		OrgID: ref.OrgID, AppID: ref.AppID, EnvID: ref.EnvID, ID: newUUID(), DeltaID: req.DeltaID, SetID: req.SetID,
		ValueSetVersionID: req.ValueSetVersionID, Status: PlanMaking, CreatedBy: ActorFrom(ctx).UserID,
	}
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		env, err := s.store.LockEnvironment(ctx, ref)
		if err != nil {
			return err
		}
		if err := s.admitPlan(ctx, env); err != nil {
			return err
		}
		if _, err := s.setAhead(ctx, env, req); err != nil { // what is asked for must exist
			return err
		}
		if _, err := s.valuesAhead(ctx, ref, req.ValueSetVersionID); err != nil {
			return err
		}
		p.CreatedAt = s.now()
		if err := s.store.CreateDeploymentPlan(ctx, p); err != nil {
			return err
		}
		if err := s.store.DeleteDeploymentPlans(ctx, ref, s.now().Add(-plansKept)); err != nil {
			return err
		}
		return s.audit(ctx, created(ref.OrgID, plansAuditAs, planObject(p), planState(p)))
	})
	if err != nil {
		return nil, err
	}
	s.tellPlan(ctx, p)
	return p, nil
}

func (s *Service) admitPlan(ctx context.Context, env *Environment) error {
	if env.Status == StatusDeleting {
		return Conflictf("environment %q is being deleted", env.ID)
	}
	waiting, err := s.store.UnfinishedDeployments(ctx, env.Ref())
	if err != nil {
		return err
	}
	if len(waiting) > 0 {
		return Conflictf("deployment %s of environment %q is %s; wait for its end, as what the next one would do depends on it",
			waiting[0].ID, env.ID, waiting[0].Status)
	}
	plans, err := s.store.ListDeploymentPlans(ctx, env.Ref(), 0)
	if err != nil {
		return err
	}
	making := 0
	for i := range plans {
		if plans[i].Status == PlanMaking {
			making++
		}
	}
	if making >= plansAtOnce {
		return Conflictf("%d plans of environment %q are being made; wait for one, or cancel one", making, env.ID)
	}
	return nil
}

func planObject(p *StoredPlan) string { return EnvObject(p.Ref()) + "/plans/" + p.ID }

func planState(p *StoredPlan) map[string]any {
	return map[string]any{
		"id": p.ID, "delta_id": p.DeltaID, "set_id": p.SetID, "value_set_version_id": p.ValueSetVersionID, "status": string(p.Status),
	}
}

// tellPlan hands a plan over, without failing the request.
func (s *Service) tellPlan(ctx context.Context, p *StoredPlan) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), startTimeout)
	defer cancel()
	if err := givePlan(ctx, s.store, s.background, s.now(), p); err != nil {
		s.log.Warn("hand-over of a plan failed; the reconciler will repeat it", "environment", p.Ref().String(), "id", p.ID, "error", err)
	}
}

// givePlan starts the workflow of a plan, or has it cancelled, and remembers that.
func givePlan(ctx context.Context, store Store, background Background, now time.Time, p *StoredPlan) error {
	if err := background.MakePlan(ctx, p.Key()); err != nil {
		return err
	}
	if p.CancelRequestedAt != nil {
		if err := background.CancelPlan(ctx, p.Key()); err != nil {
			return err
		}
	}
	given := *p
	given.HandedOverAt = &now
	// A conflict means that the workflow was faster.
	if err := store.UpdateDeploymentPlan(ctx, &given); err != nil && !IsConflict(err) && !IsNotFound(err) {
		return err
	}
	return nil
}

// GetPlan returns a stored plan.
func (s *Service) GetPlan(ctx context.Context, ref EnvRef, id string) (*StoredPlan, error) {
	if err := s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	return s.store.GetDeploymentPlan(ctx, ref, id)
}

// ListPlans lists the newest stored plans of an environment, newest first.
func (s *Service) ListPlans(ctx context.Context, ref EnvRef) ([]StoredPlan, error) {
	if err := s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	return s.store.ListDeploymentPlans(ctx, ref, plansShown)
}

// CancelPlan ends the making of a plan, or discards one that was made. Asking
// again is harmless; one that nothing follows any more is a conflict.
func (s *Service) CancelPlan(ctx context.Context, ref EnvRef, id string) (*StoredPlan, error) {
	if err := s.requireEnvDeployer(ctx, ref); err != nil {
		return nil, err
	}
	if err := s.workflows.Ready(ctx); err != nil {
		return nil, err
	}
	var p *StoredPlan
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		var err error
		if p, err = s.store.GetDeploymentPlan(ctx, ref, id); err != nil {
			return err
		}
		if p.Status == PlanCancelled {
			return nil
		}
		if p.Terminal() {
			return Conflictf("plan %s is over: it is %s", p.ID, p.Status)
		}
		before := planState(p)
		if p.CancelRequestedAt == nil {
			at := s.now()
			p.CancelRequestedAt = &at
		}
		if p.Status == PlanReady {
			s.closePlan(p, PlanCancelled, "it was discarded by "+ActorFrom(ctx).UserID)
		}
		if err := stale(s.store.UpdateDeploymentPlan(ctx, p)); err != nil {
			return err
		}
		return s.audit(ctx, Change{Org: ref.OrgID, Action: "cancel", Type: plansAuditAs, Object: planObject(p), Before: before, After: planState(p)})
	})
	if err != nil {
		return nil, err
	}
	s.tellPlan(ctx, p)
	return p, nil
}

// closePlan gives a plan a status that nothing follows.
func (s *Service) closePlan(p *StoredPlan, status PlanStatus, message string) {
	at := s.now()
	p.Status, p.Message, p.FinishedAt = status, message, &at
	s.observe("plan", string(status))
	s.log.Info("plan closed", slog.String("environment", p.Ref().String()), slog.String("plan", p.ID), slog.String("status", string(status)), slog.String("message", message))
}

// isPlanID tells the id of a stored plan from a fingerprint.
func isPlanID(text string) bool {
	return !strings.HasPrefix(text, "p") && strings.Count(text, "-") == 4
}

// heldTo reads the stored plan that a request for a deployment names, and
// completes the request by it; nil when it names none. What is asked for beside
// the plan must lead to the same, which the fingerprint tells.
func (s *Service) heldTo(ctx context.Context, env *Environment, req *DeploymentRequest) (*StoredPlan, error) {
	if !isPlanID(req.Plan) {
		return nil, nil
	}
	p, err := s.store.GetDeploymentPlan(ctx, env.Ref(), req.Plan)
	if err != nil {
		return nil, asInvalid(err, "plan")
	}
	if p.Status == PlanMaking {
		return nil, Conflictf("plan %s is still being made; wait until it is ready", p.ID)
	}
	if closed := p.openForDeployment(); closed != nil {
		return nil, staleConflict(closed)
	}
	content, err := p.Shown()
	if err != nil {
		return nil, err
	}
	if content.Plan.Fingerprint == "" {
		return nil, Conflictf("plan %s says that the deployment would fail, so it is not begun", p.ID)
	}
	moved, err := movedDriverPlans(ctx, s.store, env.OrgID, content.Nodes)
	if err != nil {
		return nil, err
	}
	if len(moved) > 0 {
		return nil, staleConflict(moved)
	}
	if req.DeltaID == "" && req.SetID == "" {
		req.DeltaID, req.SetID = p.DeltaID, p.SetID
	}
	if req.ValueSetVersionID == "" {
		req.ValueSetVersionID = p.ValueSetVersionID
	}
	req.Plan = content.Plan.Fingerprint
	return p, nil
}

// plans hands over plans that no workflow was told of, now and then all of them.
func (r *Reconciler) plans(ctx context.Context) error {
	if r.background == nil {
		return nil
	}
	now := r.now()
	open, err := r.store.UnfinishedDeploymentPlans(ctx, now.Add(-reconcileGrace), now.Add(-toldAgain), reconcileBatch)
	if err != nil {
		return err
	}
	for i := range open {
		if err := givePlan(ctx, r.store, r.background, now, &open[i]); err != nil {
			return fmt.Errorf("hand over plan %s: %w", open[i].ID, err)
		}
	}
	return nil
}
