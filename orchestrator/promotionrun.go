package orchestrator

import (
	"context"
	"maps"
	"slices"
	"time"
)

// Bounds of the soak time.
const (
	// failingReadings in a row end a soak time: one alone may be a pod that moves.
	failingReadings = 2
	// soakGrace is how long after the soak time a target that is not well may take
	// to become so.
	soakGrace = 5 * time.Minute
)

// PromotionNext says what a promotion waits for next.
type PromotionNext struct {
	Done   bool          // it is over
	Follow bool          // for a deployment, see FollowPromotion
	Wait   time.Duration // until the next look; with Follow: look at the latest then; 0 = no limit
}

// targetHealth is what one look at a target found.
type targetHealth struct {
	ok      bool // all of it runs, or nothing of it can be looked at by its nature
	failing bool // workloads fail
	message string
}

// FollowPromotion waits for the deployment that a promotion waits for. Only
// Slipway itself may ask.
func (s *Service) FollowPromotion(ctx context.Context, key PromotionKey) error {
	if !ActorFrom(ctx).System {
		return Forbiddenf("only Slipway itself follows promotions")
	}
	p, err := s.store.GetPromotion(ctx, key.OrgID, key.AppID, key.ID)
	if err == nil && p.followed() != "" {
		_, err = s.awaitDeployment(ctx, p.Ref(), p.followed())
	}
	if IsNotFound(err) { // the application or the target is gone; AdvancePromotion sees that
		return nil
	}
	return err
}

// followed is the deployment that a promotion waits for; "" = none.
func (p *Promotion) followed() string {
	switch p.Phase {
	case PhaseDeploy, PhaseApproval:
		return p.DeploymentID
	case PhaseRollBack:
		return p.RollBackID
	}
	return ""
}

// AdvancePromotion looks at a promotion, does what is due, and says what it waits
// for next. Doing it twice is harmless.
func (s *Service) AdvancePromotion(ctx context.Context, key PromotionKey) (PromotionNext, error) {
	if !ActorFrom(ctx).System {
		return PromotionNext{}, Forbiddenf("only Slipway itself carries out promotions")
	}
	p, err := s.store.GetPromotion(ctx, key.OrgID, key.AppID, key.ID)
	if IsNotFound(err) {
		return PromotionNext{Done: true}, nil
	}
	if err != nil || p.Terminal() {
		return PromotionNext{Done: true}, err
	}
	var health targetHealth
	if p.Phase == PhaseSoak && p.CancelRequestedAt == nil { // outside the transaction: a cluster may take its time
		if health, err = s.lookAtTarget(ctx, p.Ref()); err != nil {
			return PromotionNext{}, err
		}
	}
	seen := p.Phase
	var step PromotionNext
	err = s.inTxAgain(ctx, func(ctx context.Context) error {
		var err error
		if p, err = s.store.GetPromotion(ctx, key.OrgID, key.AppID, key.ID); err != nil {
			return err
		}
		if step = (PromotionNext{Done: true}); p.Terminal() {
			return nil
		}
		if p.Phase != seen { // another attempt was faster, and health was not looked at
			step = PromotionNext{Wait: time.Second}
			return nil
		}
		step, err = s.advance(ctx, p, health)
		return err
	})
	if IsNotFound(err) {
		return PromotionNext{Done: true}, nil
	}
	if err != nil {
		return PromotionNext{}, err
	}
	s.afterAdvance(ctx, p, seen)
	return step, nil
}

// afterAdvance hands over what was committed, and tells operators.
func (s *Service) afterAdvance(ctx context.Context, p *Promotion, before string) {
	if (p.Phase == PhaseDeploy || p.Phase == PhaseApproval) && p.Message != "" { // late
		s.handCancel(ctx, p.Ref(), p.DeploymentID)
	}
	if p.Phase == before {
		return
	}
	s.log.InfoContext(ctx, "promotion", "environment", p.Ref().String(), "id", p.ID, "status", p.Status, "phase", p.Phase)
	if p.Phase == PhaseRollBack {
		s.handOver(ctx, p.Ref(), QueueItem{Kind: QueueDeployment, ID: p.RollBackID, Policy: QueuePolicyQueue})
	}
	if p.Terminal() {
		s.observe("promotion", p.Status)
	}
	s.outbox.flush(ctx, p.OrgID, p.AppID)
}

// advance runs inside a transaction.
func (s *Service) advance(ctx context.Context, p *Promotion, health targetHealth) (PromotionNext, error) {
	env, err := s.store.LockEnvironment(ctx, p.Ref())
	if err != nil && !IsNotFound(err) {
		return PromotionNext{}, err
	}
	if err != nil || !env.CreatedAt.Equal(p.EnvCreatedAt) {
		p.finish(s.now(), p.unsuccessful(), "the environment is gone")
		return PromotionNext{Done: true}, stale(s.store.UpdatePromotion(ctx, p))
	}
	var step PromotionNext
	switch p.Phase {
	case PhaseSoak:
		step, err = s.advanceSoak(ctx, env, p, health)
	case PhaseRollBack:
		step, err = s.advanceRollBack(ctx, p)
	default:
		step, err = s.advanceDeploy(ctx, env, p)
	}
	if err != nil {
		return step, err
	}
	return step, stale(s.store.UpdatePromotion(ctx, p))
}

func (s *Service) advanceDeploy(ctx context.Context, env *Environment, p *Promotion) (PromotionNext, error) {
	d, err := s.store.GetDeployment(ctx, p.Ref(), p.DeploymentID)
	if err != nil {
		return PromotionNext{}, err
	}
	now := s.now()
	late := !now.Before(p.Deadline)
	if !d.Status.Terminal() && late && p.Message == "" {
		p.Message = "deployment " + d.ID + " was not over in time, by " + p.Deadline.Format(time.RFC3339)
		p.note(now, p.Message+"; it is cancelled")
		if err := s.requestCancel(ctx, d); err != nil { // the reconciler passes it on when it runs
			return PromotionNext{}, err
		}
	}
	switch {
	case !d.Status.Terminal() && late:
		return PromotionNext{Follow: true}, nil
	case !d.Status.Terminal():
		return PromotionNext{Follow: true, Wait: p.Deadline.Sub(now)}, nil
	case d.Outcome != OutcomeSucceeded:
		return s.takeBack(ctx, env, p, d, "deployment "+d.ID+" ended as "+string(d.Outcome))
	case p.CancelRequestedAt != nil:
		return s.takeBack(ctx, env, p, d, "")
	}
	p.Message = "" // it may have succeeded although it was late
	if p.Soak == 0 {
		p.finish(now, PromotionSucceeded, "deployment "+d.ID+" succeeded")
		return PromotionNext{Done: true}, nil
	}
	until := now.Add(p.Soak)
	p.SoakUntil = &until
	p.enter(now, PhaseSoak, "deployment "+d.ID+" succeeded; the target has to stay healthy until "+until.Format(time.RFC3339))
	return PromotionNext{Wait: p.checkEvery()}, nil
}

func (s *Service) advanceSoak(ctx context.Context, env *Environment, p *Promotion, health targetHealth) (PromotionNext, error) {
	d, err := s.store.GetDeployment(ctx, p.Ref(), p.DeploymentID)
	if err != nil {
		return PromotionNext{}, err
	}
	now := s.now()
	if env.LastDeployID != p.DeploymentID {
		p.finish(now, p.unsuccessful(), "deployment "+env.LastDeployID+" followed before the soak time was over; nothing is rolled back")
		return PromotionNext{Done: true}, nil
	}
	if p.CancelRequestedAt != nil {
		return s.takeBack(ctx, env, p, d, "")
	}
	if p.Failing++; !health.failing {
		p.Failing = 0
	}
	over := !now.Before(*p.SoakUntil)
	switch {
	case p.Failing >= failingReadings:
		return s.takeBack(ctx, env, p, d, "the target did not stay healthy: "+health.message)
	case p.Failing == 1:
		p.note(now, "workloads fail: "+health.message)
	case over && health.ok:
		p.finish(now, PromotionSucceeded, "the target stayed healthy")
		return PromotionNext{Done: true}, nil
	case over && !now.Before(p.SoakUntil.Add(soakGrace)):
		return s.takeBack(ctx, env, p, d, "the target was not healthy at the end of the soak time: "+health.message)
	}
	wait := p.checkEvery()
	if left := p.SoakUntil.Sub(now); left > 0 {
		wait = min(wait, left)
	}
	return PromotionNext{Wait: wait}, nil
}

// lookAtTarget asks the cluster. A target without one, or one in which nothing
// that was delivered runs, is as healthy as its deployment's success says. A
// cluster that does not answer tells nothing: neither well nor failing.
func (s *Service) lookAtTarget(ctx context.Context, ref EnvRef) (targetHealth, error) {
	at, _, err := s.runtimeAt(ctx, ref)
	if err != nil && !IsNotFound(err) {
		return targetHealth{}, err
	}
	if at == nil {
		return targetHealth{ok: true}, nil
	}
	found, err := s.readRuntime(ctx, ref)
	if err != nil {
		return targetHealth{}, err
	}
	return judge(found), nil
}

// judge says how well an environment is that was asked.
func judge(found *EnvRuntime) targetHealth {
	empty := len(found.Modules) == 0 && len(found.Others) == 0
	if found.Status.Class() == "Success" || empty && found.Status == RuntimeStopped && !found.Paused {
		return targetHealth{ok: true}
	}
	out := targetHealth{
		failing: found.Status == RuntimeFailed || found.Status == RuntimePartiallySucceeded,
		message: "it is " + string(found.Status),
	}
	if found.Message != "" {
		out.message = found.Message
		return out
	}
	for _, id := range slices.Sorted(maps.Keys(found.Modules)) {
		m := found.Modules[id]
		if m.Status.Class() == "Success" || m.Status == RuntimeStopped {
			continue
		}
		out.message = "workload " + id + " is " + string(m.Status)
		if m.Message != "" {
			out.message += ": " + m.Message
		}
		break
	}
	return out
}

// takeBack begins the roll-back of a promotion that did not succeed, or ends it
// when none was asked for or none is possible, which the last event says.
func (s *Service) takeBack(ctx context.Context, env *Environment, p *Promotion, d *Deployment, why string) (PromotionNext, error) {
	now := s.now()
	switch {
	case p.CancelRequestedAt != nil:
		p.Message = "cancelled on request"
	case p.Message == "":
		p.Message = why
	}
	end := func(because string) (PromotionNext, error) {
		p.finish(now, p.unsuccessful(), p.Message+"; "+because)
		return PromotionNext{Done: true}, nil
	}
	switch {
	case !p.RollBack:
		return end("no roll-back was asked for")
	case d.StartedAt == nil || d.Outcome != OutcomeSucceeded && !d.Changed:
		return end("nothing was changed, so nothing is rolled back")
	case env.LastDeployID != d.ID:
		return end("deployment " + env.LastDeployID + " followed, so nothing is rolled back")
	}
	before, err := s.deployedBefore(ctx, p.Ref(), d.ID)
	if err != nil {
		return PromotionNext{}, err
	}
	if before == nil {
		return end("nothing was deployed before that could be rolled back to")
	}
	back, refusal, err := s.acceptRollBack(ctx, env, p, before)
	if err != nil {
		return PromotionNext{}, err
	}
	if refusal != nil {
		return end("it could not be rolled back: " + refusal.Error())
	}
	p.RollBackID = back.ID
	p.enter(now, PhaseRollBack, p.Message+"; deployment "+back.ID+" brings back what deployment "+before.ID+" had brought")
	return PromotionNext{Follow: true}, nil
}

// deployedBefore is the newest deployment before another one that succeeded; nil when there is none.
func (s *Service) deployedBefore(ctx context.Context, ref EnvRef, id string) (*Deployment, error) {
	var before *Deployment
	err := eachDeployment(ctx, s.store, ref, func(d *Deployment) (bool, error) {
		if d.ID < id && d.Outcome == OutcomeSucceeded { // ids are times
			before = d
		}
		return before == nil, nil
	})
	return before, err
}

// acceptRollBack accepts the deployment that brings back what was there, or says
// why the target does not take it, in which case nothing was written.
func (s *Service) acceptRollBack(ctx context.Context, env *Environment, p *Promotion, before *Deployment) (back *Deployment, refusal, err error) {
	_, err = s.admit(ctx, env, p.FreezeOverride)
	if err == nil && before.ValueSetVersionID != "" {
		_, err = s.valueSetFor(ctx, env.Ref(), before.ValueSetVersionID)
	}
	if code := CodeOf(err); err != nil && (code == CodeConflict || code == CodeInvalid || code == CodeNotFound) {
		return nil, err, nil
	}
	if err != nil {
		return nil, nil, err
	}
	back, err = s.acceptDeployment(ctx, env, DeploymentRequest{
		SetID: before.SetID, ValueSetVersionID: before.ValueSetVersionID, FreezeOverride: p.FreezeOverride,
		Comment: "Roll-back of promotion " + p.ID + " to deployment " + before.ID,
	})
	if err != nil {
		return nil, nil, stale(err)
	}
	return back, nil, s.audit(ctx, Change{Org: p.OrgID, Action: "deploy", Type: "deployment", Object: deploymentObjectPath(back), After: deploymentState(back)})
}

func (s *Service) advanceRollBack(ctx context.Context, p *Promotion) (PromotionNext, error) {
	d, err := s.store.GetDeployment(ctx, p.Ref(), p.RollBackID)
	if err != nil {
		return PromotionNext{}, err
	}
	if !d.Status.Terminal() {
		return PromotionNext{Follow: true}, nil
	}
	how := "rolled back by deployment " + d.ID
	if d.Outcome != OutcomeSucceeded {
		how = "its roll-back, deployment " + d.ID + ", ended as " + string(d.Outcome)
		p.Message += "; " + how
	}
	p.finish(s.now(), p.unsuccessful(), how)
	return PromotionNext{Done: true}, nil
}

// AbandonPromotion ends a promotion whose workflow was cancelled by hand or could
// not go on. Its deployments go on. Doing it twice is harmless.
func (s *Service) AbandonPromotion(ctx context.Context, key PromotionKey) error {
	if !ActorFrom(ctx).System {
		return Forbiddenf("only Slipway itself ends promotions")
	}
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		p, err := s.store.GetPromotion(ctx, key.OrgID, key.AppID, key.ID)
		if err != nil || p.Terminal() {
			return err
		}
		p.finish(s.now(), p.unsuccessful(), "its workflow was ended; deployments go on")
		s.observe("promotion", p.Status)
		return stale(s.store.UpdatePromotion(ctx, p))
	})
	if IsNotFound(err) {
		return nil
	}
	return err
}

// promotions starts the workflows of promotions that were committed and not
// handed over, or whose workflow may be gone.
func (r *Reconciler) promotions(ctx context.Context) error {
	if r.background == nil {
		return nil
	}
	now := r.now()
	open, err := r.store.UnfinishedPromotions(ctx, now.Add(-reconcileGrace), now.Add(-toldAgain), reconcileBatch)
	if err != nil {
		return err
	}
	for i := range open {
		if err := givePromotion(ctx, r.store, r.background, now, &open[i]); err != nil {
			return err
		}
	}
	return nil
}
