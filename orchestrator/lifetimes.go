package orchestrator

import (
	"context"
	"time"
)

// LifetimeView is what ends an environment, with when that is as things are.
type LifetimeView struct {
	Lifetime
	EndsAt *time.Time // nil = it does not end by itself
	Reason string     // EndExpired | EndIdle; "" = it does not
}

// LifetimeChange changes what ends an environment; nil keeps what is there.
type LifetimeChange struct {
	TTL        *time.Duration // from now on; 0 = no end by time
	ExtendBy   *time.Duration // beyond the end that is set, or from now
	WarnBefore *time.Duration
	IdleAfter  *time.Duration
	Protected  *bool
}

// minSpan is the shortest life: shorter ones are mistakes.
const minSpan = time.Second

func (c LifetimeChange) check() error {
	if c.TTL != nil && c.ExtendBy != nil {
		return Invalidf("ttl and extend_by: both are given; use one")
	}
	for field, d := range map[string]*time.Duration{"ttl": c.TTL, "extend_by": c.ExtendBy, "warn_before": c.WarnBefore, "idle_after": c.IdleAfter} {
		if d != nil && (*d < 0 || *d > maxSpan || *d > 0 && *d < minSpan) {
			return Invalidf("%s: expected a time span from 1s to 10 years, got %s", field, *d)
		}
	}
	if c.ExtendBy != nil && *c.ExtendBy == 0 {
		return Invalidf("extend_by: expected a time span longer than 0")
	}
	return nil
}

// apply changes l.
func (c LifetimeChange) apply(l *Lifetime, now time.Time) {
	switch {
	case c.TTL != nil && *c.TTL == 0:
		l.ExpiresAt = nil
	case c.TTL != nil:
		at := now.Add(*c.TTL)
		l.ExpiresAt = &at
	case c.ExtendBy != nil:
		from := now
		if l.ExpiresAt != nil {
			from = laterOf(now, *l.ExpiresAt)
		}
		at := from.Add(*c.ExtendBy)
		l.ExpiresAt = &at
	}
	if c.WarnBefore != nil {
		l.WarnBefore = *c.WarnBefore
	}
	if c.IdleAfter != nil {
		if *c.IdleAfter > 0 {
			l.IdleSince = now
		}
		l.IdleAfter = *c.IdleAfter
	}
	if c.Protected != nil {
		l.Protected = *c.Protected
	}
}

// GetLifetime says what ends an environment; an empty one when nothing does.
func (s *Service) GetLifetime(ctx context.Context, ref EnvRef) (*LifetimeView, error) {
	if err := s.requireApp(ctx, ref.OrgID, ref.AppID, RoleViewer); err != nil {
		return nil, err
	}
	env, err := s.store.GetEnvironment(ctx, ref)
	if err != nil {
		return nil, err
	}
	l, err := s.store.GetLifetime(ctx, ref)
	if IsNotFound(err) {
		return &LifetimeView{Lifetime: Lifetime{OrgID: ref.OrgID, AppID: ref.AppID, EnvID: ref.EnvID}}, nil
	}
	if err != nil {
		return nil, err
	}
	return s.viewLifetime(ctx, env, l)
}

func (s *Service) viewLifetime(ctx context.Context, env *Environment, l *Lifetime) (*LifetimeView, error) {
	at, why, err := s.endOf(ctx, env, l)
	view := &LifetimeView{Lifetime: *l, EndsAt: at}
	if at != nil {
		view.Reason = why
	}
	return view, err
}

// endOf is when and why an environment ends, as things are.
func (s *Service) endOf(ctx context.Context, env *Environment, l *Lifetime) (at *time.Time, why string, err error) {
	used, busy := env.CreatedAt, false
	if l.IdleAfter > 0 && env.LastDeployID != "" {
		last, err := s.store.GetDeployment(ctx, env.Ref(), env.LastDeployID)
		if err != nil {
			return nil, "", err
		}
		used, busy = last.StatusChangedAt, !last.Status.Terminal()
	}
	at, why = l.end(used, busy, s.now())
	return at, why, nil
}

// ChangeLifetime sets what ends an environment. Whoever may delete the
// environment may have it deleted.
func (s *Service) ChangeLifetime(ctx context.Context, ref EnvRef, change LifetimeChange) (*LifetimeView, error) {
	if err := s.requireEnvDeployer(ctx, ref); err != nil {
		return nil, err
	}
	if err := change.check(); err != nil {
		return nil, err
	}
	var view *LifetimeView
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		env, err := s.store.LockEnvironment(ctx, ref)
		if err != nil {
			return err
		}
		if env.Status == StatusDeleting {
			return Conflictf("environment %q is being deleted", ref.EnvID)
		}
		before, after, err := s.storeLifetime(ctx, env, change)
		if err != nil {
			return err
		}
		if view, err = s.viewLifetime(ctx, env, after); err != nil {
			return err
		}
		return s.audit(ctx, updated(ref.OrgID, "environment-lifetime", EnvObject(ref)+"/lifetime", before, after))
	})
	if err != nil {
		return nil, err
	}
	s.watchLifetime(ctx, ref)
	return view, nil
}

// storeLifetime runs inside the transaction that holds the environment.
func (s *Service) storeLifetime(ctx context.Context, env *Environment, change LifetimeChange) (before, after *Lifetime, err error) {
	now := s.now()
	l, err := s.store.GetLifetime(ctx, env.Ref())
	fresh := IsNotFound(err)
	if err != nil && !fresh {
		return nil, nil, err
	}
	if fresh {
		l = &Lifetime{OrgID: env.OrgID, AppID: env.AppID, EnvID: env.ID}
	}
	was := *l
	change.apply(l, now)
	l.UpdatedAt, l.UpdatedBy = now, ActorFrom(ctx).UserID
	// Until a workflow has looked at it, it is due: so the reconciler finds what was not handed over.
	l.NextAt = &now
	if fresh {
		return nil, l, stale(s.store.CreateLifetime(ctx, l))
	}
	return &was, l, stale(s.store.UpdateLifetime(ctx, l))
}

// watchLifetime has the workflow engine look at what ends an environment,
// without failing the request.
func (s *Service) watchLifetime(ctx context.Context, ref EnvRef) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), startTimeout)
	defer cancel()
	if _, err := s.store.GetLifetime(ctx, ref); err != nil {
		return // nothing to look after, or the reconciler will find it
	}
	if err := s.background.WatchLifetime(ctx, ref); err != nil {
		s.log.Warn("hand-over of an environment's lifetime failed; the reconciler will repeat it", "environment", ref.String(), "error", err)
	}
}

// LifetimeStep is what CheckLifetime found.
type LifetimeStep struct {
	Over bool          // nothing is to be looked after (any more)
	Wait time.Duration // until the next look
}

// CheckLifetime does what is due for the end of an environment: it tells
// webhooks before, and removes it then, through its queue. Only Slipway itself
// may ask for it.
func (s *Service) CheckLifetime(ctx context.Context, ref EnvRef) (LifetimeStep, error) {
	if !ActorFrom(ctx).System {
		return LifetimeStep{}, Forbiddenf("only Slipway itself ends environments")
	}
	var step LifetimeStep
	due := false
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		var err error
		step, due, err = s.lookAt(ctx, ref)
		return err
	})
	if IsNotFound(err) {
		return LifetimeStep{Over: true}, nil
	}
	if err != nil {
		return step, err
	}
	s.outbox.flush(ctx, ref.OrgID, ref.AppID)
	if !due {
		return step, nil
	}
	return s.endEnvironment(ctx, ref)
}

// lookAt runs inside a transaction. due says that the environment is to end now.
func (s *Service) lookAt(ctx context.Context, ref EnvRef) (step LifetimeStep, due bool, err error) {
	env, err := s.store.LockEnvironment(ctx, ref)
	if err != nil {
		return LifetimeStep{}, false, err
	}
	l, err := s.store.GetLifetime(ctx, ref)
	if err != nil {
		return LifetimeStep{}, false, err
	}
	if env.Status == StatusDeleting {
		return LifetimeStep{Over: true}, false, s.settled(ctx, l)
	}
	end, why, err := s.endOf(ctx, env, l)
	if err != nil {
		return LifetimeStep{}, false, err
	}
	now := s.now()
	if end != nil && !end.After(now) {
		return LifetimeStep{}, true, nil
	}
	warn := l.warnAt(end)
	if warn != nil && !warn.After(now) {
		s.log.InfoContext(ctx, "an environment is about to end", "environment", ref.String(), "at", end, "reason", why)
		if err := announce(ctx, s.store, now, ref, environmentEnding, "", "", map[string]string{
			"name": env.Name, "type": env.TypeID, "ends_at": end.Format(time.RFC3339), "reason": why,
		}); err != nil {
			return LifetimeStep{}, false, err
		}
		l.WarnedFor, warn = end, nil
	}
	l.NextAt = end
	if warn != nil {
		l.NextAt = warn
	}
	if l.NextAt == nil {
		step.Over = true
	} else {
		step.Wait = l.NextAt.Sub(now)
	}
	return step, false, stale(s.store.UpdateLifetime(ctx, l))
}

// endEnvironment takes down what is due, unless that changed meanwhile.
func (s *Service) endEnvironment(ctx context.Context, ref EnvRef) (LifetimeStep, error) {
	ended, reason := false, ""
	_, err := s.takeDownIf(ctx, ref, false, func(ctx context.Context, env *Environment) (bool, error) {
		ended = false
		if env.Status == StatusDeleting {
			return false, nil
		}
		l, err := s.store.GetLifetime(ctx, ref)
		if err != nil {
			return false, err
		}
		at, why, err := s.endOf(ctx, env, l)
		if err != nil || at == nil || at.After(s.now()) {
			return false, err
		}
		reason, ended = why, true
		return true, s.settled(ctx, l)
	})
	if IsNotFound(err) {
		return LifetimeStep{Over: true}, nil
	}
	if err != nil {
		return LifetimeStep{}, err
	}
	if !ended {
		return LifetimeStep{Wait: minSpan}, nil // extended at the last moment
	}
	s.observe("lifetime", reason)
	s.log.InfoContext(ctx, "an environment ended and is taken down", "environment", ref.String(), "reason", reason)
	return LifetimeStep{Over: true}, nil
}

// settled records that nothing is to be looked at any more.
func (s *Service) settled(ctx context.Context, l *Lifetime) error {
	if l.NextAt == nil {
		return nil
	}
	l.NextAt = nil
	return stale(s.store.UpdateLifetime(ctx, l))
}

// lifetimes starts what looks after environments that are due, as when Temporal
// was away or a workflow was ended by hand.
func (r *Reconciler) lifetimes(ctx context.Context) error {
	if r.background == nil {
		return nil
	}
	due, err := r.store.DueLifetimes(ctx, r.now().Add(-reconcileGrace), reconcileBatch)
	if err != nil {
		return err
	}
	for _, l := range due {
		if err := r.background.WatchLifetime(ctx, l.Ref()); err != nil {
			return err
		}
	}
	return nil
}
