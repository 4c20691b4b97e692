package orchestrator

import (
	"context"
	"time"
)

// GetDriftSettings returns how an environment is looked at for drift; without
// settings of its own, only on demand.
func (s *Service) GetDriftSettings(ctx context.Context, ref EnvRef) (*DriftSettingsView, error) {
	if err := s.requireEnvReader(ctx, ref); err != nil {
		return nil, err
	}
	return s.viewDriftSettings(ctx, ref)
}

func (s *Service) viewDriftSettings(ctx context.Context, ref EnvRef) (*DriftSettingsView, error) {
	settings, err := s.driftSettings(ctx, ref)
	if err != nil {
		return nil, err
	}
	inherited, err := s.inheritedIgnores(ctx, ref)
	if err != nil {
		return nil, err
	}
	return &DriftSettingsView{DriftSettings: *settings, Inherited: inherited}, nil
}

func (s *Service) driftSettings(ctx context.Context, ref EnvRef) (*DriftSettings, error) {
	settings, err := s.store.GetDriftSettings(ctx, ref)
	if IsNotFound(err) {
		return &DriftSettings{OrgID: ref.OrgID, AppID: ref.AppID, EnvID: ref.EnvID, Every: DefaultDriftInterval}, nil
	}
	return settings, err
}

// DriftSettingsRequest says how an environment shall be looked at for drift.
type DriftSettingsRequest struct {
	Enabled  bool
	Every    time.Duration // 0 = DefaultDriftInterval
	Redeploy bool
	Ignore   []IgnoredField
}

// SetDriftSettings replaces the settings and brings the schedule in line with
// them; what the workflow engine misses, the Reconciler does.
func (s *Service) SetDriftSettings(ctx context.Context, ref EnvRef, req DriftSettingsRequest) (*DriftSettingsView, error) {
	if _, err := s.requireOperator(ctx, ref); err != nil {
		return nil, err
	}
	if err := req.check(); err != nil {
		return nil, err
	}
	var settings *DriftSettings
	schedule := ScheduleID(ScheduleDrift, ref.AppID, ref.EnvID)
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		env, err := s.store.LockEnvironment(ctx, ref)
		if err != nil {
			return err
		}
		if env.Status == StatusDeleting {
			return Conflictf("environment %q is being deleted", ref.EnvID)
		}
		if settings, err = s.driftSettings(ctx, ref); err != nil {
			return err
		}
		before := settings.state()
		settings.Enabled, settings.Every, settings.Redeploy, settings.Ignore = req.Enabled, req.Every, req.Redeploy, req.Ignore
		settings.UpdatedAt, settings.UpdatedBy = s.now(), ActorFrom(ctx).UserID
		if err := stale(s.store.PutDriftSettings(ctx, settings)); err != nil {
			return err
		}
		if err := s.touchSchedules(ctx, ref.OrgID, schedule); err != nil {
			return err
		}
		return s.audit(ctx, updated(ref.OrgID, "drift-settings", EnvObject(ref)+"/drift/settings", before, settings.state()))
	})
	if err != nil {
		return nil, err
	}
	s.tellSchedules(ctx, ref.OrgID, schedule)
	return s.viewDriftSettings(ctx, ref)
}

func (s *DriftSettings) state() map[string]any {
	return map[string]any{"enabled": s.Enabled, "every": s.Every.String(), "redeploy": s.Redeploy, "ignore": s.Ignore}
}

func (q *DriftSettingsRequest) check() error {
	if q.Every == 0 {
		q.Every = DefaultDriftInterval
	}
	if q.Every < MinDriftInterval || q.Every > MaxDriftInterval {
		return Invalidf("every: expected %s to %s, got %s", MinDriftInterval, MaxDriftInterval, q.Every)
	}
	return checkIgnored(q.Ignore)
}
