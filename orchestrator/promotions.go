package orchestrator

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slipway-dev/slipway/engine/deployset"
)

// Bounds of promotions.
const (
	maxSoak           = 7 * 24 * time.Hour
	minDeadline       = time.Minute
	maxDeadline       = 7 * 24 * time.Hour
	defaultDeadline   = 24 * time.Hour
	maxPromotedParts  = 500
	promotionsKept    = 90 * 24 * time.Hour // how long those that ended are remembered
	promotionsAuditAs = "promotion"
)

// PromotionRequest asks for a promotion.
type PromotionRequest struct {
	FromEnvID      string // its newest deployment that succeeded is promoted
	FromDeployID   string // or this one, of any environment of the application
	ToEnvID        string
	Workloads      []string      // empty = all
	Soak           time.Duration // 0 to 7 days
	RollBack       bool
	Deadline       time.Duration // for its deployment, waiting included; 0 = 24 hours; 1 minute to 7 days
	Comment        string        // "" = says where it comes from
	FreezeOverride string        // see DeploymentRequest
	DryRun         bool          // answer what would change and start nothing
}

// PromotionPlan is a promotion and what it changes.
type PromotionPlan struct {
	Promotion Promotion // without id when it was a dry run
	Diff      deployset.Delta
}

// CreatePromotion compares the source with the target, and accepts the promotion
// and its deployment in one transaction; from then on a workflow carries it out.
// There is one promotion to an environment at a time. It needs a viewer of the
// application, who can read the source, and a deployer of the target.
func (s *Service) CreatePromotion(ctx context.Context, org, app string, req PromotionRequest) (*PromotionPlan, error) {
	if _, err := s.readApp(ctx, org, app, RoleViewer); err != nil {
		return nil, err
	}
	if req.ToEnvID == "" {
		return nil, Invalidf("to_env: name the environment to promote to")
	}
	target := EnvRef{OrgID: org, AppID: app, EnvID: req.ToEnvID}
	if err := s.requireEnvDeployer(ctx, target); err != nil {
		return nil, asInvalid(err, "to_env")
	}
	if err := checkPromotion(&req); err != nil {
		return nil, err
	}
	if req.DryRun {
		env, err := s.store.GetEnvironment(ctx, target)
		if err != nil {
			return nil, asInvalid(err, "to_env")
		}
		plan, _, err := s.planPromotion(ctx, env, req)
		return plan, err
	}
	if err := s.workflows.Ready(ctx); err != nil {
		return nil, err
	}
	var plan *PromotionPlan
	var policy QueuePolicy
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		env, err := s.store.LockEnvironment(ctx, target)
		if err != nil {
			return err
		}
		policy = env.QueuePolicy
		plan, err = s.acceptPromotion(ctx, env, req)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.handOver(ctx, target, QueueItem{Kind: QueueDeployment, ID: plan.Promotion.DeploymentID, Policy: policy})
	s.tellPromotion(ctx, &plan.Promotion)
	s.outbox.flush(ctx, org, app)
	return plan, nil
}

// checkPromotion validates a request and completes it.
func checkPromotion(req *PromotionRequest) error {
	if (req.FromEnvID == "") == (req.FromDeployID == "") {
		return Invalidf("from_env and from_deploy_id: give exactly one of them")
	}
	if req.FromEnvID == req.ToEnvID {
		return Invalidf("to_env: an environment is not promoted to itself; use slipway deploy again")
	}
	if req.Soak < 0 || req.Soak > maxSoak {
		return Invalidf("soak_seconds: expected 0 to %d, got %d", int(maxSoak.Seconds()), int(req.Soak.Seconds()))
	}
	if req.Deadline == 0 {
		req.Deadline = defaultDeadline
	}
	if req.Deadline < minDeadline || req.Deadline > maxDeadline {
		return Invalidf("deadline_seconds: expected %d to %d, got %d", int(minDeadline.Seconds()), int(maxDeadline.Seconds()), int(req.Deadline.Seconds()))
	}
	if utf8.RuneCountInString(req.Comment) > maxText {
		return Invalidf("comment: more than %d characters", maxText)
	}
	if len(req.Workloads) > maxPromotedParts {
		return Invalidf("workloads: at most %d, got %d", maxPromotedParts, len(req.Workloads))
	}
	slices.Sort(req.Workloads)
	req.Workloads = slices.Compact(req.Workloads)
	return nil
}

// planPromotion finds what is promoted and what that makes of the target. The
// set is not stored.
func (s *Service) planPromotion(ctx context.Context, env *Environment, req PromotionRequest) (*PromotionPlan, deployset.Set, error) {
	none := deployset.Set{}
	from, err := s.promotedDeployment(ctx, env.Ref(), req)
	if err != nil {
		return nil, none, err
	}
	source, err := s.store.GetSet(ctx, env.OrgID, env.AppID, from.SetID)
	if err != nil {
		return nil, none, err
	}
	baseID, err := s.promotionBase(ctx, env.Ref())
	if err != nil {
		return nil, none, err
	}
	base, err := s.store.GetSet(ctx, env.OrgID, env.AppID, baseID)
	if err != nil {
		return nil, none, err
	}
	set, err := promotedSet(source, base, req.Workloads)
	if err != nil {
		return nil, none, err
	}
	now := s.now()
	p := Promotion{
		OrgID: env.OrgID, AppID: env.AppID, FromEnvID: req.FromEnvID, FromDeployID: from.ID, EnvID: env.ID, EnvCreatedAt: env.CreatedAt,
		Workloads: req.Workloads, BaseSetID: baseID, SetID: set.ID(), Comment: req.Comment, FreezeOverride: req.FreezeOverride,
		Soak: req.Soak, RollBack: req.RollBack, Deadline: now.Add(req.Deadline), Status: PromotionInProgress, Phase: PhaseApproval,
		CreatedAt: now, CreatedBy: ActorFrom(ctx).UserID,
	}
	if p.Comment == "" {
		p.Comment = fmt.Sprintf("Promotion of deployment %s from %s", from.ID, from.EnvID)
	}
	return &PromotionPlan{Promotion: p, Diff: deployset.Diff(set, base)}, set, nil
}

// promotedDeployment is the deployment that a request names; it must have succeeded.
func (s *Service) promotedDeployment(ctx context.Context, target EnvRef, req PromotionRequest) (*Deployment, error) {
	if req.FromDeployID != "" {
		d, err := s.store.FindDeploymentInApp(ctx, target.OrgID, target.AppID, req.FromDeployID)
		if err != nil {
			return nil, asInvalid(err, "from_deploy_id")
		}
		if d.Outcome != OutcomeSucceeded {
			return nil, Conflictf("deployment %s did not succeed, so it is not promoted; name one that did", d.ID)
		}
		return d, nil
	}
	from := EnvRef{OrgID: target.OrgID, AppID: target.AppID, EnvID: req.FromEnvID}
	if _, err := s.store.GetEnvironment(ctx, from); err != nil {
		return nil, asInvalid(err, "from_env")
	}
	d, err := s.lastSucceeded(ctx, from)
	if err != nil {
		return nil, err
	}
	if d == nil {
		return nil, Conflictf("no deployment of environment %q has succeeded yet, so there is nothing to promote", from.EnvID)
	}
	return d, nil
}

// lastSucceeded is the newest deployment of an environment that succeeded; nil when none did.
func (s *Service) lastSucceeded(ctx context.Context, ref EnvRef) (*Deployment, error) {
	all, err := s.store.LastSucceeded(ctx, ref.OrgID, ref.AppID)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].EnvID == ref.EnvID {
			return &all[i], nil
		}
	}
	return nil, nil
}

// promotionBase is the set that a target will have when what waits is over: that
// of the newest unfinished deployment, else of the newest one that succeeded.
func (s *Service) promotionBase(ctx context.Context, target EnvRef) (string, error) {
	waiting, err := s.store.UnfinishedDeployments(ctx, target)
	if err != nil {
		return "", err
	}
	if len(waiting) > 0 {
		return waiting[len(waiting)-1].SetID, nil
	}
	d, err := s.lastSucceeded(ctx, target)
	if err != nil || d == nil {
		return deployset.ZeroID, err
	}
	return d.SetID, nil
}

// promotedSet is the source, or the base with some workloads as the source has
// them: those that it lacks are removed. Shared resources that the base lacks
// come along; those that it has stay.
func promotedSet(source, base deployset.Set, workloads []string) (deployset.Set, error) {
	if len(workloads) == 0 {
		return source, nil
	}
	out := deployset.Set{Modules: filled(base.Modules), Shared: filled(base.Shared), Workloads: filled(base.Workloads)}
	for _, id := range workloads {
		module, here := source.Modules[id]
		if !slices.Contains(workloadIDs(source), id) && !slices.Contains(workloadIDs(base), id) {
			return out, Invalidf("workloads: neither the source nor the target has %q; the source has %s",
				shorten(id), strings.Join(workloadIDs(source), ", "))
		}
		delete(out.Modules, id)
		delete(out.Workloads, id)
		if here {
			out.Modules[id] = module
		}
		if w, has := source.Workloads[id]; has {
			out.Workloads[id] = w
		}
	}
	for id, resource := range source.Shared {
		if _, has := out.Shared[id]; !has {
			out.Shared[id] = resource
		}
	}
	return out, nil
}

// filled is a copy that can be written to.
func filled[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return maps.Clone(m)
}

// acceptPromotion runs inside the transaction that holds the target.
func (s *Service) acceptPromotion(ctx context.Context, env *Environment, req PromotionRequest) (*PromotionPlan, error) {
	open, err := s.store.OpenPromotions(ctx, env.Ref())
	if err != nil {
		return nil, err
	}
	if len(open) > 0 {
		return nil, Conflictf("promotion %s to environment %q is in progress; wait for it, or cancel it", open[0].ID, env.ID)
	}
	plan, set, err := s.planPromotion(ctx, env, req)
	if err != nil {
		return nil, err
	}
	p := &plan.Promotion
	if _, err := s.admit(ctx, env, req.FreezeOverride); err != nil {
		return nil, err
	}
	if p.SetID, err = s.store.PutSet(ctx, env.OrgID, env.AppID, set); err != nil {
		return nil, err
	}
	p.ID = newUUID()
	p.note(p.CreatedAt, "accepted")
	d, err := s.acceptDeployment(ctx, env, DeploymentRequest{SetID: p.SetID, Comment: p.Comment, FreezeOverride: req.FreezeOverride})
	if err != nil {
		return nil, err
	}
	p.DeploymentID = d.ID
	p.enter(p.CreatedAt, PhaseDeploy, "deployment "+d.ID+" of "+env.ID+" was accepted")
	if err := s.store.CreatePromotion(ctx, p); err != nil {
		return nil, err
	}
	if err := s.store.DeletePromotions(ctx, env.OrgID, env.AppID, s.now().Add(-promotionsKept)); err != nil {
		return nil, err
	}
	return plan, s.audit(ctx, created(env.OrgID, promotionsAuditAs, promotionObject(p), promotionState(p)))
}

func promotionObject(p *Promotion) string { return AppObject(p.OrgID, p.AppID) + "/promotions/" + p.ID }

func promotionState(p *Promotion) map[string]any {
	return map[string]any{
		"id": p.ID, "from_env": p.FromEnvID, "from_deploy_id": p.FromDeployID, "to_env": p.EnvID, "workloads": p.Workloads, "set_id": p.SetID,
		"deployment_id": p.DeploymentID, "roll_back_deployment_id": p.RollBackID, "soak_seconds": int(p.Soak.Seconds()), "roll_back_on_failure": p.RollBack,
		"freeze_override": p.FreezeOverride, "status": p.Status, "phase": p.Phase,
	}
}

// tellPromotion hands a promotion over, without failing the request.
func (s *Service) tellPromotion(ctx context.Context, p *Promotion) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), startTimeout)
	defer cancel()
	if err := givePromotion(ctx, s.store, s.background, s.now(), p); err != nil {
		s.log.Warn("hand-over of a promotion failed; the reconciler will repeat it", "environment", p.Ref().String(), "id", p.ID, "error", err)
	}
}

// givePromotion starts or wakes the workflow of a promotion and remembers that.
func givePromotion(ctx context.Context, store Store, background Background, now time.Time, p *Promotion) error {
	if err := background.CarryOutPromotion(ctx, p.Key()); err != nil {
		return err
	}
	given := *p
	given.HandedOverAt = &now
	// A conflict means that the workflow was faster.
	if err := store.UpdatePromotion(ctx, &given); err != nil && !IsConflict(err) && !IsNotFound(err) {
		return err
	}
	return nil
}

// GetPromotion returns a promotion.
func (s *Service) GetPromotion(ctx context.Context, key PromotionKey) (*Promotion, error) {
	if _, err := s.readApp(ctx, key.OrgID, key.AppID, RoleViewer); err != nil {
		return nil, err
	}
	return s.store.GetPromotion(ctx, key.OrgID, key.AppID, key.ID)
}

// ListPromotions lists the promotions of an application, newest first.
func (s *Service) ListPromotions(ctx context.Context, org, app string, limit int) ([]Promotion, error) {
	if _, err := s.readApp(ctx, org, app, RoleViewer); err != nil {
		return nil, err
	}
	return s.store.ListPromotions(ctx, org, app, limit)
}

// CancelPromotion asks for the end of a promotion: its deployment is cancelled,
// or its soak time ends, and what ran before is deployed again when the promotion
// says so for a failure. Asking again is harmless. One that is over is a
// conflict, and so is one that is being rolled back: the roll-back is a
// deployment that can be cancelled itself.
func (s *Service) CancelPromotion(ctx context.Context, key PromotionKey) (*Promotion, error) {
	if err := s.requireAppPerm(ctx, key.OrgID, key.AppID, PermAppDeploy); err != nil {
		return nil, err
	}
	p, err := s.GetPromotion(ctx, key)
	if err != nil {
		return nil, err
	}
	if err := cancellable(p); err != nil {
		return nil, err
	}
	if err := s.requireEnvDeployer(ctx, p.Ref()); err != nil {
		return nil, err
	}
	err = s.inTxAgain(ctx, func(ctx context.Context) error {
		var err error
		if _, err = s.store.LockEnvironment(ctx, p.Ref()); err != nil {
			return err
		}
		if p, err = s.store.GetPromotion(ctx, key.OrgID, key.AppID, key.ID); err != nil {
			return err
		}
		if err := cancellable(p); err != nil {
			return err
		}
		before := promotionState(p)
		if p.CancelRequestedAt == nil {
			at := s.now()
			p.CancelRequestedAt = &at
			p.note(at, "cancel requested")
		}
		if err := s.cancelUnlessOver(ctx, p.Ref(), p.DeploymentID); err != nil {
			return err
		}
		if err := stale(s.store.UpdatePromotion(ctx, p)); err != nil {
			return err
		}
		return s.audit(ctx, Change{Org: key.OrgID, Action: "cancel", Type: promotionsAuditAs, Object: promotionObject(p), Before: before, After: promotionState(p)})
	})
	if err != nil {
		return nil, err
	}
	if p.Phase == PhaseDeploy || p.Phase == PhaseApproval {
		s.handCancel(ctx, p.Ref(), p.DeploymentID)
	}
	s.tellPromotion(ctx, p)
	s.outbox.flush(ctx, key.OrgID, key.AppID)
	return p, nil
}

func cancellable(p *Promotion) error {
	switch {
	case p.Terminal():
		return Conflictf("promotion %s to environment %q is over: it %s", p.ID, p.EnvID, p.Status)
	case p.Phase == PhaseRollBack:
		return Conflictf("promotion %s is being rolled back; to stop that, cancel deployment %s of environment %q", p.ID, p.RollBackID, p.EnvID)
	}
	return nil
}
