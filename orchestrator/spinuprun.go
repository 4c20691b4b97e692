package orchestrator

import (
	"context"
	"time"
)

// How often the records are read while something is waited for, besides when a
// change is signalled.
const followPause = 2 * time.Second

// FollowSpinUp waits for the first deployment of a request. It returns how that
// ended: an Outcome, "" when none was asked for, and OutcomeFailed when the
// environment went away. Only Slipway itself may ask.
func (s *Service) FollowSpinUp(ctx context.Context, key SpinUpKey) (Outcome, error) {
	if !ActorFrom(ctx).System {
		return "", Forbiddenf("only Slipway itself follows requests for environments")
	}
	up, err := s.store.GetSpinUp(ctx, key.OrgID, key.AppID, key.ID)
	if IsNotFound(err) {
		return OutcomeFailed, nil
	}
	if err != nil || up.Terminal() || up.DeploymentID == "" {
		return "", err
	}
	d, err := s.awaitDeployment(ctx, up.Ref(), up.DeploymentID)
	if IsNotFound(err) {
		return OutcomeFailed, nil
	}
	if err != nil {
		return "", err
	}
	return d.Outcome, nil
}

// awaitDeployment waits until a deployment is over.
func (s *Service) awaitDeployment(ctx context.Context, ref EnvRef, id string) (*Deployment, error) {
	watching, stop := context.WithCancel(ctx)
	defer stop()
	wake := s.store.Watch(watching, id)
	for {
		d, err := s.store.GetDeployment(ctx, ref, id)
		if err != nil || d.Status.Terminal() {
			return d, err
		}
		if err := pauseFor(ctx, wake); err != nil {
			return nil, err
		}
	}
}

func pauseFor(ctx context.Context, wake <-chan struct{}) error {
	timer := time.NewTimer(followPause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-wake:
	case <-timer.C:
	}
	return nil
}

// FinishSpinUp records how the first deployment of a request ended. It returns
// true when the environment is being taken down because of that; then
// AwaitRemoval ends the request. Doing it twice is harmless.
func (s *Service) FinishSpinUp(ctx context.Context, key SpinUpKey, outcome Outcome) (removing bool, err error) {
	if !ActorFrom(ctx).System {
		return false, Forbiddenf("only Slipway itself ends requests for environments")
	}
	var up *SpinUp
	err = s.inTxAgain(ctx, func(ctx context.Context) error {
		var err error
		if up, err = s.store.GetSpinUp(ctx, key.OrgID, key.AppID, key.ID); err != nil || up.Terminal() || up.Phase == PhaseTeardown {
			return err
		}
		s.conclude(up, outcome)
		return stale(s.store.UpdateSpinUp(ctx, up))
	})
	if IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if up.Phase != PhaseTeardown {
		s.observe("spin-up", up.Status)
		s.log.InfoContext(ctx, "a request for an environment is over", "environment", up.Ref().String(), "id", up.ID, "status", up.Status)
		return false, nil
	}
	_, err = s.takeDownIf(ctx, up.Ref(), false, func(_ context.Context, env *Environment) (bool, error) {
		return env.CreatedAt.Equal(up.EnvCreatedAt), nil
	})
	if IsNotFound(err) {
		err = nil
	}
	return true, err
}

// conclude decides what the end of the first deployment means for a request.
func (s *Service) conclude(up *SpinUp, outcome Outcome) {
	now := s.now()
	switch {
	case outcome == "" || outcome == OutcomeSucceeded:
		up.finish(now, SpinUpSucceeded, "the environment is ready")
		return
	case outcome == OutcomeCancelled && up.CancelRequestedAt != nil:
		up.Message = "cancelled on request"
	default:
		up.Message = "deployment " + up.DeploymentID + " ended as " + string(outcome)
	}
	if up.OnFailure == OnFailureTeardown {
		up.Phase = PhaseTeardown
		up.note(now, up.Message+"; the environment is taken down")
		return
	}
	up.finish(now, failedStatus(up), up.Message+"; the environment is kept")
}

func failedStatus(up *SpinUp) string {
	if up.CancelRequestedAt != nil {
		return SpinUpCancelled
	}
	return SpinUpFailed
}

// AwaitRemoval waits until the environment of a request is gone and ends the request.
func (s *Service) AwaitRemoval(ctx context.Context, key SpinUpKey) error {
	if !ActorFrom(ctx).System {
		return Forbiddenf("only Slipway itself ends requests for environments")
	}
	for {
		up, err := s.store.GetSpinUp(ctx, key.OrgID, key.AppID, key.ID)
		if IsNotFound(err) {
			return nil
		}
		if err != nil || up.Terminal() {
			return err
		}
		env, err := s.store.GetEnvironment(ctx, up.Ref())
		if err != nil && !IsNotFound(err) {
			return err
		}
		if err != nil || !env.CreatedAt.Equal(up.EnvCreatedAt) {
			up.finish(s.now(), failedStatus(up), "the environment is gone")
			s.observe("spin-up", up.Status)
			return s.store.UpdateSpinUp(ctx, up)
		}
		if err := pauseFor(ctx, nil); err != nil {
			return err
		}
	}
}

// spinUps starts the workflows of requests that were committed and not handed
// over, or whose workflow may be gone.
func (r *Reconciler) spinUps(ctx context.Context) error {
	if r.background == nil {
		return nil
	}
	now := r.now()
	open, err := r.store.UnfinishedSpinUps(ctx, now.Add(-reconcileGrace), now.Add(-toldAgain), reconcileBatch)
	if err != nil {
		return err
	}
	for i := range open {
		if err := giveSpinUp(ctx, r.store, r.background, now, &open[i]); err != nil {
			return err
		}
	}
	return nil
}
