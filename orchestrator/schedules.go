package orchestrator

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Schedules are kept by the workflow engine. An implementation answers
// CodeUnavailable when it cannot be reached.
type Schedules interface {
	// PutSchedule makes a schedule, or brings the one that is there in line; doing it again changes nothing.
	PutSchedule(ctx context.Context, s Schedule) error
	// DeleteSchedule ends one; it is no error when there is none.
	DeleteSchedule(ctx context.Context, org, id string) error
	// ScheduleState is CodeNotFound when there is none.
	ScheduleState(ctx context.Context, org, id string) (*ScheduleState, error)
	// ScheduleStates lists those of an organization by id, as of a moment ago.
	ScheduleStates(ctx context.Context, org string) (map[string]ScheduleState, error)
	// ScheduleRuns lists the newest runs with what became of them, newest first.
	ScheduleRuns(ctx context.Context, org, id string) ([]ScheduleRun, error)
	// ScheduleFailures lists schedules of an organization whose newest run that is over
	// did not succeed, newest first; more says that there may be further ones.
	ScheduleFailures(ctx context.Context, org string) (failures []ScheduleFailure, more bool, err error)
	// TriggerSchedule has it happen now.
	TriggerSchedule(ctx context.Context, org, id string) error
}

type noSchedules struct{}

func (noSchedules) PutSchedule(context.Context, Schedule) error { return nil }

func (noSchedules) DeleteSchedule(context.Context, string, string) error { return nil }

func (noSchedules) ScheduleState(context.Context, string, string) (*ScheduleState, error) {
	return nil, errNoSchedules()
}

func (noSchedules) ScheduleStates(context.Context, string) (map[string]ScheduleState, error) {
	return nil, errNoSchedules()
}

func (noSchedules) ScheduleRuns(context.Context, string, string) ([]ScheduleRun, error) {
	return nil, errNoSchedules()
}

func (noSchedules) ScheduleFailures(context.Context, string) ([]ScheduleFailure, bool, error) {
	return nil, false, errNoSchedules()
}

func (noSchedules) TriggerSchedule(context.Context, string, string) error { return errNoSchedules() }

func errNoSchedules() error { return Errorf(CodeUnavailable, "this server keeps no schedules") }

// scheduleOf is what a schedule is to be by the records; nil when there is to be none.
func (s *Service) scheduleOf(ctx context.Context, org, id string) (*Schedule, error) {
	kind, parts := scheduleParts(id)
	var found *Schedule
	var err error
	switch {
	case id == ScheduleCleanUp:
		found = cleanUpSchedule(org)
	case id == ScheduleRetention:
		found, err = s.retentionSchedule(ctx, org)
	case kind == ScheduleDrift && len(parts) == 2:
		found, err = s.driftSchedule(ctx, EnvRef{OrgID: org, AppID: parts[0], EnvID: parts[1]})
	case kind == SchedulePipeline && len(parts) == 3:
		found, err = s.pipelineSchedule(ctx, org, parts[0], parts[1], parts[2])
	case kind == ScheduleDeployment && len(parts) == 3:
		var o *ScheduledDeployment
		o, err = s.store.GetScheduledDeployment(ctx, EnvRef{OrgID: org, AppID: parts[0], EnvID: parts[1]}, parts[2])
		if IsNotFound(err) {
			return nil, nil
		}
		if err == nil {
			found = o.schedule()
		}
	default:
		return nil, nil
	}
	if err != nil || found == nil {
		return nil, err
	}
	record, err := s.store.GetScheduleRecord(ctx, org, id)
	if err == nil {
		found.Paused, found.Note = record.Paused, record.Note
	}
	if IsNotFound(err) {
		err = nil
	}
	return found, err
}

// schedulesOf lists what is to be in an organization, by id.
func (s *Service) schedulesOf(ctx context.Context, org string) ([]Schedule, error) {
	out := []Schedule{*cleanUpSchedule(org)}
	retention, err := s.retentionSchedule(ctx, org)
	if err != nil {
		return nil, err
	}
	if retention != nil {
		out = append(out, *retention)
	}
	drift, err := s.store.ListDriftSettings(ctx, org)
	if err != nil {
		return nil, err
	}
	for i := range drift {
		if found := drift[i].schedule(); found != nil {
			out = append(out, *found)
		}
	}
	pipelines, err := s.pipelineSchedulesIn(ctx, org)
	if err != nil {
		return nil, err
	}
	out = append(out, pipelines...)
	orders, err := s.store.ListScheduledDeployments(ctx, EnvRef{OrgID: org})
	if err != nil {
		return nil, err
	}
	for i := range orders {
		if found := orders[i].schedule(); found != nil {
			out = append(out, *found)
		}
	}
	records, err := s.store.ListScheduleRecords(ctx, org)
	if err != nil {
		return nil, err
	}
	for _, r := range records {
		for i := range out {
			if out[i].ID == r.ID {
				out[i].Paused, out[i].Note = r.Paused, r.Note
			}
		}
	}
	slices.SortFunc(out, func(a, b Schedule) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

func cleanUpSchedule(org string) *Schedule {
	return &Schedule{
		OrgID: org, ID: ScheduleCleanUp, Kind: ScheduleCleanUp, Every: cleanUpEvery, CatchUp: soonCatchUp,
		What: "end environments of " + org + " whose time is over, should their own timers not have done it",
	}
}

func (s *Service) driftSchedule(ctx context.Context, ref EnvRef) (*Schedule, error) {
	settings, err := s.store.GetDriftSettings(ctx, ref)
	if IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return settings.schedule(), nil
}

// schedule is that of scans; nil when they are on demand only. Environments have
// phases of their own, so that not all are scanned at once.
func (s *DriftSettings) schedule() *Schedule {
	if !s.Enabled {
		return nil
	}
	return &Schedule{
		OrgID: s.OrgID, ID: ScheduleID(ScheduleDrift, s.AppID, s.EnvID), Kind: ScheduleDrift, AppID: s.AppID, EnvID: s.EnvID,
		Every: s.Every, Spread: min(s.Every/10, soonCatchUp), CatchUp: soonCatchUp, What: "scan environment " + s.Ref().String() + " for drift",
	}
}

// requireSchedule finds a schedule and asks whether it may be changed.
func (s *Service) requireSchedule(ctx context.Context, org, id string) (*Schedule, error) {
	found, err := s.readableSchedule(ctx, org, id)
	if err != nil {
		return nil, err
	}
	switch found.Kind {
	case ScheduleDrift:
		_, err = s.requireOperator(ctx, EnvRef{OrgID: org, AppID: found.AppID, EnvID: found.EnvID})
	case SchedulePipeline:
		err = s.requireAppPerm(ctx, org, found.AppID, PermPipelinesWrite)
	case ScheduleDeployment:
		err = s.requireEnvDeployer(ctx, EnvRef{OrgID: org, AppID: found.AppID, EnvID: found.EnvID})
	default:
		err = s.requireOrgPerm(ctx, org, PermPlatformWrite)
	}
	return found, err
}

// readableSchedule finds a schedule that the one who asks may see.
func (s *Service) readableSchedule(ctx context.Context, org, id string) (*Schedule, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	found, err := s.scheduleOf(ctx, org, id)
	if err != nil {
		return nil, err
	}
	if found == nil || found.AppID != "" && !s.may(ctx, PermAppRead, onApp(org, found.AppID)) {
		return nil, NotFoundf("schedule %q does not exist", shorten(id))
	}
	return found, nil
}

// ScheduleFilter restricts a list of schedules; empty parts mean all.
type ScheduleFilter struct {
	Kind  string
	AppID string
	EnvID string
}

func (f ScheduleFilter) keeps(s Schedule) bool {
	return (f.Kind == "" || f.Kind == s.Kind) && (f.AppID == "" || f.AppID == s.AppID) && (f.EnvID == "" || f.EnvID == s.EnvID)
}

// ListSchedules lists the schedules of an organization that the one who asks
// may see, by id, with what the workflow engine knows of them. When it is away
// they are listed all the same.
func (s *Service) ListSchedules(ctx context.Context, org string, f ScheduleFilter) ([]ScheduleView, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	all, err := s.schedulesOf(ctx, org)
	if err != nil {
		return nil, err
	}
	states, err := s.schedules.ScheduleStates(ctx, org)
	if err != nil && CodeOf(err) != CodeUnavailable {
		return nil, err
	}
	out := []ScheduleView{}
	for _, item := range all {
		if !f.keeps(item) || item.AppID != "" && !s.may(ctx, PermAppRead, onApp(org, item.AppID)) {
			continue
		}
		state, known := states[item.ID]
		out = append(out, ScheduleView{Schedule: item, Known: known && state.Paused == item.Paused, State: state})
	}
	return out, nil
}

// GetSchedule returns one schedule with what the workflow engine knows of it.
func (s *Service) GetSchedule(ctx context.Context, org, id string) (*ScheduleView, error) {
	found, err := s.readableSchedule(ctx, org, id)
	if err != nil {
		return nil, err
	}
	return s.viewSchedule(ctx, found)
}

func (s *Service) viewSchedule(ctx context.Context, found *Schedule) (*ScheduleView, error) {
	state, err := s.schedules.ScheduleState(ctx, found.OrgID, found.ID)
	if IsNotFound(err) || CodeOf(err) == CodeUnavailable {
		return &ScheduleView{Schedule: *found}, nil
	}
	if err != nil {
		return nil, err
	}
	return &ScheduleView{Schedule: *found, Known: state.Paused == found.Paused, State: *state}, nil
}

// ScheduleRuns lists the newest runs of a schedule, newest first.
func (s *Service) ScheduleRuns(ctx context.Context, org, id string) ([]ScheduleRun, error) {
	found, err := s.readableSchedule(ctx, org, id)
	if err != nil {
		return nil, err
	}
	runs, err := s.schedules.ScheduleRuns(ctx, found.OrgID, found.ID)
	if IsNotFound(err) {
		return []ScheduleRun{}, nil
	}
	return runs, err
}

// maxScheduleNote bounds what is said about a pause.
const maxScheduleNote = 500

// PauseSchedule pauses or resumes a schedule; note says why. It is recorded
// first: when the workflow engine is away it hears of it later.
func (s *Service) PauseSchedule(ctx context.Context, org, id string, paused bool, note string) (*ScheduleView, error) {
	found, err := s.requireSchedule(ctx, org, id)
	if err != nil {
		return nil, err
	}
	if len(note) > maxScheduleNote {
		return nil, Invalidf("note: at most %d bytes, got %d", maxScheduleNote, len(note))
	}
	err = s.inTxAgain(ctx, func(ctx context.Context) error {
		record, err := s.scheduleRecord(ctx, org, id)
		if err != nil {
			return err
		}
		before := map[string]any{"paused": record.Paused, "note": record.Note}
		record.Paused, record.Note = paused, note
		if err := s.putUnsynced(ctx, record); err != nil {
			return err
		}
		return s.audit(ctx, updated(org, "schedule", scheduleObject(org, id), before, map[string]any{"paused": paused, "note": note}))
	})
	if err != nil {
		return nil, err
	}
	s.tellSchedules(ctx, org, id)
	found.Paused, found.Note = paused, note
	return s.viewSchedule(ctx, found)
}

func scheduleObject(org, id string) string { return OrgObject(org) + "/schedules/" + id }

// TriggerSchedule has a schedule happen now, also when it is paused.
func (s *Service) TriggerSchedule(ctx context.Context, org, id string) (*ScheduleView, error) {
	found, err := s.requireSchedule(ctx, org, id)
	if err != nil {
		return nil, err
	}
	if err := s.syncSchedule(ctx, org, id); err != nil { // it may not be there yet
		return nil, err
	}
	view, err := s.viewSchedule(ctx, found)
	if err != nil {
		return nil, err
	}
	if view.State.Running > 0 && !found.Buffer {
		return nil, Conflictf("schedule %q runs right now; wait until that is over", id)
	}
	if err := s.schedules.TriggerSchedule(ctx, org, id); err != nil {
		return nil, err
	}
	err = s.audited(ctx, func(context.Context) (Change, error) {
		return Change{Org: org, Action: "trigger", Type: "schedule", Object: scheduleObject(org, id), After: map[string]any{"id": id}}, nil
	})
	s.log.InfoContext(ctx, "a schedule was triggered", "org", org, "schedule", id, "by", ActorFrom(ctx).UserID)
	return view, err
}

// RunScheduled does what is due by a schedule, for kinds that need no workflow
// of their own, and says what that was. Only Slipway itself may ask for it.
// Doing it twice for one time does it once.
func (s *Service) RunScheduled(ctx context.Context, org, id string, due time.Time) (string, error) {
	if err := requireSystem(ctx, "does what is due by a schedule"); err != nil {
		return "", err
	}
	found, err := s.scheduleOf(ctx, org, id)
	if err != nil {
		return "", err
	}
	if found == nil {
		// Its record is gone, and the workflow engine was not told.
		return "there is no such schedule any more", s.schedules.DeleteSchedule(ctx, org, id)
	}
	switch found.Kind {
	case ScheduleCleanUp:
		n, err := s.endDueEnvironments(ctx, org)
		return "ended " + strconv.Itoa(n) + " environments", err
	case SchedulePipeline:
		return s.runScheduledPipeline(ctx, found, due)
	case ScheduleDeployment:
		return s.runOrder(ctx, EnvRef{OrgID: org, AppID: found.AppID, EnvID: found.EnvID}, found.OrderID, due)
	default:
		return "", Invalidf("schedules of kind %q have a workflow of their own", found.Kind)
	}
}

// endDueEnvironments ends environments whose end has come. Each has a timer
// that does so; this looks whether all did.
func (s *Service) endDueEnvironments(ctx context.Context, org string) (int, error) {
	all, err := s.store.DueLifetimesIn(ctx, org)
	if err != nil {
		return 0, err
	}
	n := 0
	var failed error
	for i := range all {
		over, err := s.endIfDue(ctx, all[i].Ref())
		if err != nil {
			s.log.WarnContext(ctx, "an environment whose time may be over was not looked at", "environment", all[i].Ref().String(), "error", err)
			failed = err
			continue
		}
		if over {
			n++
		}
	}
	return n, failed
}

// endIfDue leaves alone what is not due, so that warnings and times stay with the timer.
func (s *Service) endIfDue(ctx context.Context, ref EnvRef) (bool, error) {
	env, err := s.store.GetEnvironment(ctx, ref)
	if IsNotFound(err) || err == nil && env.Status == StatusDeleting {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	l, err := s.store.GetLifetime(ctx, ref)
	if IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	at, _, err := s.endOf(ctx, env, l)
	if err != nil || at == nil || at.Add(reconcileGrace).After(s.now()) {
		return false, err
	}
	step, err := s.CheckLifetime(ctx, ref)
	return step.Over, err
}
