package orchestrator

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// RetentionWorkflows starts rounds of retention. An implementation answers
// CodeUnavailable when the workflow engine cannot be reached.
type RetentionWorkflows interface {
	// StartRetention starts a round that is recorded.
	StartRetention(ctx context.Context, org, id string) error
}

type noRetentionWorkflows struct{}

func (noRetentionWorkflows) StartRetention(context.Context, string, string) error {
	return Errorf(CodeUnavailable, "this server starts no rounds of retention")
}

// GetRetention says what of the records of an organization is kept for how long.
func (s *Service) GetRetention(ctx context.Context, org string) (*RetentionSettings, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	return s.retentionOf(ctx, org)
}

func (s *Service) retentionOf(ctx context.Context, org string) (*RetentionSettings, error) {
	settings, err := s.store.GetRetentionSettings(ctx, org)
	if IsNotFound(err) {
		return defaultRetention(org), nil
	}
	if err == nil {
		settings.Rules = retentionRules(settings.Rules)
	}
	return settings, err
}

func (s *Service) retentionSchedule(ctx context.Context, org string) (*Schedule, error) {
	settings, err := s.retentionOf(ctx, org)
	if err != nil || !settings.Enabled {
		return nil, err
	}
	return &Schedule{
		OrgID: org, ID: ScheduleRetention, Kind: ScheduleRetention, Cron: settings.Cron, TimeZone: settings.TimeZone,
		Spread: soonCatchUp, CatchUp: retentionCatchUp, What: "delete old records of " + org,
	}, nil
}

// RetentionRequest says what shall be kept. Rules that are not named stay as they are.
type RetentionRequest struct {
	Enabled  *bool
	Cron     string
	TimeZone string
	Rules    map[string]RetentionRule
}

// SetRetention changes what is kept for how long, and the schedule with it.
func (s *Service) SetRetention(ctx context.Context, org string, req RetentionRequest) (*RetentionSettings, error) {
	if err := s.requireOrgPerm(ctx, org, PermPlatformWrite); err != nil {
		return nil, err
	}
	var settings *RetentionSettings
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		var err error
		if settings, err = s.retentionOf(ctx, org); err != nil {
			return err
		}
		before := settings.state()
		if err := settings.change(req); err != nil {
			return err
		}
		settings.UpdatedAt, settings.UpdatedBy = s.now(), ActorFrom(ctx).UserID
		if err := stale(s.store.PutRetentionSettings(ctx, settings)); err != nil {
			return err
		}
		if err := s.touchSchedules(ctx, org, ScheduleRetention); err != nil {
			return err
		}
		return s.audit(ctx, updated(org, "retention-settings", OrgObject(org)+"/retention", before, settings.state()))
	})
	if err != nil {
		return nil, err
	}
	s.tellSchedules(ctx, org, ScheduleRetention)
	return settings, nil
}

func (r *RetentionSettings) change(req RetentionRequest) error {
	if req.Enabled != nil {
		r.Enabled = *req.Enabled
	}
	if req.Cron != "" {
		r.Cron = req.Cron
	}
	if req.TimeZone != "" {
		r.TimeZone = req.TimeZone
	}
	for name, rule := range req.Rules {
		r.Rules[name] = rule
	}
	return r.check()
}

func (r *RetentionSettings) state() map[string]any {
	rules := map[string]any{}
	for name, rule := range r.Rules {
		rules[name] = map[string]any{"for": rule.For.String(), "newest": rule.Newest}
	}
	return map[string]any{"enabled": r.Enabled, "cron": r.Cron, "time_zone": r.TimeZone, "rules": rules}
}

const (
	// retentionShown is how many rounds are listed.
	retentionShown = 50
	// retentionRunsKept is how long rounds are remembered.
	retentionRunsKept = 180 * retentionDay
	// retentionLost is after how long a round that has not ended is given up: its workflow is gone.
	retentionLost = 13 * time.Hour
	// retentionBatch keeps the transactions short in which records go.
	retentionBatch = 500
)

// ListRetentionRuns lists the newest rounds, newest first.
func (s *Service) ListRetentionRuns(ctx context.Context, org string) ([]RetentionRun, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	return s.store.ListRetentionRuns(ctx, org, retentionShown)
}

// GetRetentionRun returns one round.
func (s *Service) GetRetentionRun(ctx context.Context, org, id string) (*RetentionRun, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	return s.store.GetRetentionRun(ctx, org, id)
}

// RequestRetention starts a round now. A dry one counts what would go and
// deletes nothing. A round of the same sort that runs already is answered instead.
func (s *Service) RequestRetention(ctx context.Context, org string, dry bool) (*RetentionRun, error) {
	if err := s.requireOrgPerm(ctx, org, PermPlatformWrite); err != nil {
		return nil, err
	}
	if err := s.workflows.Ready(ctx); err != nil {
		return nil, err
	}
	var run *RetentionRun
	fresh := false
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		var err error
		if run, err = s.runningRetention(ctx, org, dry); err != nil {
			return err
		}
		if fresh = run == nil; fresh {
			if run, err = s.newRetention(ctx, org, newUUID(), "request", dry); err != nil {
				return err
			}
		}
		return s.audit(ctx, Change{Org: org, Action: "retain", Type: "retention-run", Object: OrgObject(org) + "/retention/runs/" + run.ID, After: map[string]any{"dry_run": dry}})
	})
	if err != nil || !fresh {
		return run, err
	}
	if err := s.retention.StartRetention(ctx, org, run.ID); err != nil {
		return nil, errors.Join(err, s.endRetention(context.WithoutCancel(ctx), run, RetentionFailed, "the round could not be started"))
	}
	return run, nil
}

// runningRetention is the round that runs, nil when none does.
func (s *Service) runningRetention(ctx context.Context, org string, dry bool) (*RetentionRun, error) {
	all, err := s.store.ListRetentionRuns(ctx, org, retentionShown)
	if err != nil {
		return nil, err
	}
	for i := range all {
		run := &all[i]
		if run.Status != RetentionRunning {
			continue
		}
		if s.now().Sub(run.CreatedAt) >= retentionLost {
			if err := s.endRetention(ctx, run, RetentionFailed, "its workflow ended without a result"); err != nil {
				return nil, err
			}
			continue
		}
		if run.DryRun == dry {
			return run, nil
		}
	}
	return nil, nil
}

func (s *Service) newRetention(ctx context.Context, org, id, cause string, dry bool) (*RetentionRun, error) {
	if err := s.store.DeleteRetentionRuns(ctx, org, s.now().Add(-retentionRunsKept)); err != nil {
		return nil, err
	}
	run := &RetentionRun{OrgID: org, ID: id, Cause: cause, DryRun: dry, Status: RetentionRunning, CreatedAt: s.now(), CreatedBy: ActorFrom(ctx).UserID}
	return run, s.store.CreateRetentionRun(ctx, run)
}

// Retain carries out a round from where it is, and says how it ended. Only
// Slipway itself may ask for it. A round that is not recorded yet is one of the
// schedule.
func (s *Service) Retain(ctx context.Context, org, id string) (*RetentionRun, error) {
	if err := requireSystem(ctx, "deletes old records"); err != nil {
		return nil, err
	}
	run, err := s.store.GetRetentionRun(ctx, org, id)
	if IsNotFound(err) {
		run, err = s.newRetention(ctx, org, id, "schedule", false)
	}
	if err != nil || run.Status != RetentionRunning {
		return run, err
	}
	settings, err := s.retentionOf(ctx, org)
	if err != nil {
		return nil, err
	}
	for _, kind := range retentionKinds {
		rule, ok := settings.Rules[kind.name]
		if !ok {
			rule = kind.normal
		}
		if rule.For == 0 {
			continue
		}
		if err := s.retainKind(ctx, run, kind.name, rule); err != nil {
			return nil, err
		}
	}
	return run, s.endRetention(ctx, run, RetentionSucceeded, "")
}

// retainKind goes through the records of one kind. What it has deleted is
// recorded after each batch, so that the progress can be seen.
func (s *Service) retainKind(ctx context.Context, run *RetentionRun, kind string, rule RetentionRule) error {
	at := len(run.Results)
	for i := range run.Results {
		if run.Results[i].Kind == kind {
			at = i
		}
	}
	if at == len(run.Results) {
		// The age counts from the beginning of the round, however often it is taken up again.
		run.Results = append(run.Results, RetentionResult{Kind: kind, Before: run.CreatedAt.Add(-rule.For)})
	}
	result := &run.Results[at]
	if result.Done {
		return nil
	}
	if run.DryRun {
		result.Found = 0 // it counts anew; what was deleted is not found again
	}
	run.Phase = kind
	q := RetentionQuery{
		OrgID: run.OrgID, Kind: kind, Before: result.Before, Newest: rule.Newest, Now: run.CreatedAt, DryRun: run.DryRun, Limit: retentionBatch,
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		step, err := s.store.Expired(ctx, q)
		if err != nil {
			return err
		}
		q.Cursor = step.Cursor
		result.Found += step.Found
		result.Done = step.Done
		if !run.DryRun && step.Found > 0 {
			s.count("retention", step.Found, kind)
		}
		if step.Found == 0 && !step.Done {
			continue
		}
		if err := s.store.UpdateRetentionRun(ctx, run); err != nil || step.Done {
			return err
		}
	}
}

// count counts many of one sort.
func (s *Service) count(event string, n int, labels ...string) {
	for range n {
		s.observe(event, labels...)
	}
}

// FailRetention records why a round came to nothing. Only Slipway itself may ask for it.
func (s *Service) FailRetention(ctx context.Context, org, id, why string) error {
	if err := requireSystem(ctx, "ends rounds of retention"); err != nil {
		return err
	}
	run, err := s.store.GetRetentionRun(ctx, org, id)
	if IsNotFound(err) {
		return nil
	}
	if err != nil || run.Status != RetentionRunning {
		return err
	}
	return s.endRetention(ctx, run, RetentionFailed, why)
}

func (s *Service) endRetention(ctx context.Context, run *RetentionRun, status, message string) error {
	at := s.now()
	run.Status, run.Phase, run.Message, run.FinishedAt = status, "", message, &at
	if err := s.store.UpdateRetentionRun(ctx, run); err != nil {
		return err
	}
	total := 0
	for _, r := range run.Results {
		total += r.Found
	}
	s.observe("retention-run", status)
	s.log.InfoContext(ctx, "a round of retention ended", slog.String("org", run.OrgID), slog.String("run", run.ID), slog.String("status", status),
		slog.Bool("dry_run", run.DryRun), slog.Int("records", total), slog.String("message", message))
	return nil
}
