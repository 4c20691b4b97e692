package orchestrator

import (
	"context"
	"log/slog"
	"time"

	"github.com/slipway-dev/slipway/engine/manifest"
)

// MakePlan has drivers plan, and records what the plan shows. It says how long
// the plan can be deployed, 0 when nothing follows. Only Slipway itself may ask
// for it. What it has begun it goes on with when it is repeated.
func (s *Service) MakePlan(ctx context.Context, key PlanKey, ask PlanDrivers) (time.Duration, error) {
	if !ActorFrom(ctx).System {
		return 0, Forbiddenf("only Slipway itself makes plans")
	}
	p, err := s.store.GetDeploymentPlan(ctx, key.EnvRef, key.ID)
	if IsNotFound(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if p.Terminal() {
		return 0, nil
	}
	if p.Status == PlanReady {
		return s.planLeft(p), nil
	}
	env, err := s.store.GetEnvironment(ctx, key.EnvRef)
	if err != nil {
		return 0, err
	}
	start := s.now()
	content, failure, err := s.contentOf(ctx, env, p, ask)
	if err != nil {
		return 0, err
	}
	return s.planMade(ctx, key, content, failure, s.now().Sub(start))
}

func (s *Service) planLeft(p *StoredPlan) time.Duration {
	return max(time.Second, p.ExpiresAt.Sub(s.now()))
}

// contentOf makes all that a plan shows. failure says why it is no plan after all.
func (s *Service) contentOf(ctx context.Context, env *Environment, p *StoredPlan, ask PlanDrivers) (content PlanContent, failure string, err error) {
	foretold, view, err := s.foretell(ctx, env, p.Request())
	if err != nil {
		return content, "", err
	}
	before, err := p.Shown()
	if err != nil {
		return content, "", err
	}
	content.Plan = *foretold
	if len(foretold.Problems) > 0 {
		return content, "", nil
	}
	ahead, err := ask.PlanAhead(ctx, PlanInput{
		Env: env, Set: view.set, SetID: foretold.SetID, Values: view.values, Graph: view.graph, Kept: foretold.kept(), Known: before.Nodes, ScanID: p.ID,
	}, func(nodes []NodePlan) error {
		return s.planProgress(ctx, p, PlanContent{Plan: *foretold, Nodes: nodes})
	})
	if err != nil {
		return content, "", err
	}
	content.Nodes = ahead.Nodes
	if content.Plan.Policies, err = s.decideAhead(ctx, env, p.CreatedBy, &content.Plan, ahead.Nodes); err != nil {
		return content, "", err
	}
	if moved, err := s.movedMeanwhile(ctx, p, foretold.Fingerprint); err != nil || moved != "" {
		return content, moved, err
	}
	if len(ahead.Problems) > 0 {
		content.Plan.Problems, content.Plan.Fingerprint = append(content.Plan.Problems, ahead.Problems...), ""
		return content, "", nil
	}
	content.Manifests, err = s.manifestsAhead(ctx, env, ahead)
	return content, "", err
}

// planProgress records what is known so far, so that it can be looked at.
func (s *Service) planProgress(ctx context.Context, p *StoredPlan, content PlanContent) error {
	now, err := s.store.GetDeploymentPlan(ctx, p.Ref(), p.ID)
	if err != nil {
		return err
	}
	if err := now.show(content); err != nil {
		return err
	}
	if err := s.store.UpdateDeploymentPlan(ctx, now); err != nil && !IsConflict(err) {
		return err
	}
	return nil
}

// movedMeanwhile says what has moved while drivers planned: they have looked at
// something that is not there any more.
func (s *Service) movedMeanwhile(ctx context.Context, p *StoredPlan, fingerprint string) (string, error) {
	env, err := s.store.GetEnvironment(ctx, p.Ref())
	if err != nil {
		return "", err
	}
	waiting, err := s.store.UnfinishedDeployments(ctx, p.Ref())
	if err != nil {
		return "", err
	}
	if len(waiting) > 0 {
		return "while it was made deployment " + waiting[0].ID + " of the environment was accepted; plan again", nil
	}
	view, err := s.lookAhead(ctx, env, p.Request())
	if err != nil {
		return "", err
	}
	if view.graph == nil || len(view.problems) > 0 {
		return "while it was made the deployment has become impossible: " + view.problems[0], nil
	}
	if moved := view.world().moved(fingerprint); len(moved) > 0 {
		return "while it was made, " + moved[0] + "; plan again", nil
	}
	return "", nil
}

// manifestsAhead compares what would be delivered with what was, and with what is
// there where the target can be asked.
func (s *Service) manifestsAhead(ctx context.Context, env *Environment, ahead *PlannedAhead) (*ManifestPlan, error) {
	entries, err := s.store.ListInventory(ctx, env.Ref())
	if err != nil {
		return nil, err
	}
	var before []manifest.Object
	from := newestDelivered(entries)
	if from != "" {
		before, err = openObjects(ctx, s.store, s.keeper, DeploymentKey{EnvRef: env.Ref(), ID: from})
		if IsNotFound(err) {
			from, err = "", nil
			ahead.Notes = append(ahead.Notes, "what was delivered last is not known any more, so all objects are shown as added")
		}
		if err != nil {
			return nil, err
		}
	}
	if ahead.Objects == nil {
		return &ManifestPlan{FromID: from, Objects: []PlannedObject{}, Notes: ahead.Notes}, nil
	}
	out := planObjects(before, ahead)
	out.FromID = from
	return out, s.compareLive(ctx, env, ahead, out)
}

// compareLive asks the cluster about the objects that are fully known. One that
// does not answer is no reason for having no plan.
func (s *Service) compareLive(ctx context.Context, env *Environment, ahead *PlannedAhead, out *ManifestPlan) error {
	if ahead.Target == nil || s.clusters[ahead.Target.Type] == nil {
		return nil
	}
	var known []manifest.Object
	for _, o := range ahead.Objects {
		if len(ahead.Unknown[o.Ref()]) == 0 {
			known = append(known, o)
		}
	}
	if len(known) == 0 {
		return nil
	}
	hidden, err := s.hiddenValues(ctx, env.Ref(), ahead.Hidden)
	if err != nil {
		return err
	}
	if err := holdPaused(ctx, s.store, env.Ref(), known); err != nil {
		return err
	}
	found, err := s.clusters[ahead.Target.Type].Compare(ctx, CompareRequest{Target: *ahead.Target, Objects: known, Secrets: hidden})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		out.Notes = append(out.Notes, "the cluster could not be asked: "+err.Error())
		return nil //nolint:nilerr // the plan says so
	}
	out.Live, out.LiveChecked = found, len(known)
	return nil
}

// planMade records a plan that is complete.
func (s *Service) planMade(ctx context.Context, key PlanKey, content PlanContent, failure string, took time.Duration) (time.Duration, error) {
	var p *StoredPlan
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		var err error
		if p, err = s.store.GetDeploymentPlan(ctx, key.EnvRef, key.ID); err != nil || p.Terminal() {
			return err
		}
		if err := p.show(content); err != nil {
			return err
		}
		at := s.now()
		until := at.Add(planLife)
		p.MadeAt = &at
		switch {
		case p.CancelRequestedAt != nil:
			s.closePlan(p, PlanCancelled, "it was cancelled while it was made")
		case failure != "":
			s.closePlan(p, PlanFailed, failure)
		default:
			p.Status, p.ExpiresAt = PlanReady, &until
		}
		return stale(s.store.UpdateDeploymentPlan(ctx, p))
	})
	if IsNotFound(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if p.Terminal() {
		return 0, s.forgetDriverPlans(ctx, p)
	}
	s.observe("plan", string(p.Status))
	s.log.InfoContext(ctx, "plan made", slog.String("environment", p.Ref().String()), slog.String("plan", p.ID),
		slog.Int("nodes", len(content.Nodes)), slog.Int("problems", len(content.Plan.Problems)), slog.Duration("took", took))
	return s.planLeft(p), nil
}

// EndPlan closes a plan: one whose making came to nothing, with the reason, and
// one whose time is over. It returns how long to wait, 0 when nothing follows.
func (s *Service) EndPlan(ctx context.Context, key PlanKey, why string) (time.Duration, error) {
	if !ActorFrom(ctx).System {
		return 0, Forbiddenf("only Slipway itself ends plans")
	}
	var p *StoredPlan
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		var err error
		if p, err = s.store.GetDeploymentPlan(ctx, key.EnvRef, key.ID); err != nil || p.Terminal() {
			return err
		}
		switch {
		case p.CancelRequestedAt != nil:
			s.closePlan(p, PlanCancelled, "it was cancelled")
		case p.Status == PlanMaking:
			s.closePlan(p, PlanFailed, why)
		case s.now().Before(*p.ExpiresAt):
			return nil
		default:
			s.closePlan(p, PlanExpired, "it was not deployed in time")
		}
		return stale(s.store.UpdateDeploymentPlan(ctx, p))
	})
	if IsNotFound(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if !p.Terminal() {
		return s.planLeft(p), nil
	}
	return 0, s.forgetDriverPlans(ctx, p)
}

// forgetDriverPlans drops what drivers keep for a plan that is not deployed any
// more. What a deployment that was accepted with it still applies stays.
func (s *Service) forgetDriverPlans(ctx context.Context, p *StoredPlan) error {
	if p.DeploymentID != "" {
		d, err := s.store.GetDeployment(ctx, p.Ref(), p.DeploymentID)
		if err != nil && !IsNotFound(err) {
			return err
		}
		if err == nil && !d.Status.Terminal() {
			return nil // drivers drop theirs by their own time
		}
	}
	return dropDriverPlans(ctx, s.store, p)
}

// dropDriverPlans drops what drivers keep for a plan, and what is left of planning
// resources that were never made.
func dropDriverPlans(ctx context.Context, store Store, p *StoredPlan) error {
	content, err := p.Shown()
	if err != nil {
		return err
	}
	var ids, never []string
	for _, n := range content.Nodes {
		if n.PlanID != "" {
			ids = append(ids, n.PlanID)
		}
		if n.New {
			never = append(never, n.GUResID)
		}
	}
	if len(ids)+len(never) == 0 {
		return nil
	}
	return store.ForgetDriverPlans(ctx, p.OrgID, ids, never)
}

// dropAllDriverPlans does that for all plans of an environment that goes.
func dropAllDriverPlans(ctx context.Context, store Store, ref EnvRef) error {
	plans, err := store.ListDeploymentPlans(ctx, ref, 0)
	if err != nil {
		return err
	}
	for i := range plans {
		if err := dropDriverPlans(ctx, store, &plans[i]); err != nil {
			return err
		}
	}
	return nil
}
