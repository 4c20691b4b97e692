package orchestrator

import (
	"context"
	"errors"
	"time"
)

// scheduleRecord reads the record of a schedule, or makes an empty one.
func (s *Service) scheduleRecord(ctx context.Context, org, id string) (*ScheduleRecord, error) {
	record, err := s.store.GetScheduleRecord(ctx, org, id)
	if IsNotFound(err) {
		return &ScheduleRecord{OrgID: org, ID: id}, nil
	}
	return record, err
}

// putUnsynced stores a record that the workflow engine has to hear of.
func (s *Service) putUnsynced(ctx context.Context, record *ScheduleRecord) error {
	record.ChangedAt, record.ChangedBy, record.SyncedAt = s.now(), ActorFrom(ctx).UserID, nil
	return stale(s.store.PutScheduleRecord(ctx, record))
}

// touchSchedules notes, in the transaction that changes what schedules follow
// from, that the workflow engine has to hear of it. tellSchedules after the
// commit does so; what fails then is done by the Reconciler.
func (s *Service) touchSchedules(ctx context.Context, org string, ids ...string) error {
	for _, id := range ids {
		record, err := s.scheduleRecord(ctx, org, id)
		if err != nil {
			return err
		}
		if err := s.putUnsynced(ctx, record); err != nil {
			return err
		}
	}
	return nil
}

// scheduleTimeout bounds one call about a schedule.
const scheduleTimeout = 5 * time.Second

// tellSchedules brings the workflow engine in line without failing the request.
func (s *Service) tellSchedules(ctx context.Context, org string, ids ...string) {
	ctx = context.WithoutCancel(ctx)
	for _, id := range ids {
		if err := s.syncSchedule(ctx, org, id); err != nil {
			s.log.Warn("a schedule could not be changed; the reconciler will repeat it", "org", org, "schedule", id, "error", err)
			return // the others would fail likewise
		}
	}
}

// syncSchedule makes one schedule of the workflow engine as it is to be. When
// the record changes meanwhile it does so again: the last word is the record's.
func (s *Service) syncSchedule(ctx context.Context, org, id string) error {
	for range raceAttempts {
		record, err := s.scheduleRecord(ctx, org, id)
		if err != nil {
			return err
		}
		if err := s.syncOnce(ctx, record); err != nil {
			return err
		}
		after, err := s.scheduleRecord(ctx, org, id)
		if err != nil || after.Version == record.Version {
			return err
		}
	}
	return nil // it stays unsynced, and the next round goes on
}

func (s *Service) syncOnce(ctx context.Context, record *ScheduleRecord) error {
	want, err := s.scheduleOf(ctx, record.OrgID, record.ID)
	if err != nil {
		return err
	}
	call, cancel := context.WithTimeout(ctx, scheduleTimeout)
	defer cancel()
	if want == nil {
		if err := s.schedules.DeleteSchedule(call, record.OrgID, record.ID); err != nil || record.Version == 0 {
			return err
		}
		err := unlessRaced(s.store.DeleteScheduleRecord(ctx, record))
		record.Version = 0
		return err
	}
	want.Paused, want.Note = record.Paused, record.Note
	if err := s.schedules.PutSchedule(call, *want); err != nil || record.Version == 0 || record.SyncedAt != nil {
		return err
	}
	now := s.now()
	record.SyncedAt = &now
	return unlessRaced(s.store.PutScheduleRecord(ctx, record))
}

// unlessRaced forgives that a record was changed meanwhile: whoever did that
// left it to be told, too.
func unlessRaced(err error) error {
	if IsConflict(err) || IsNotFound(err) {
		return nil
	}
	return err
}

// WithSchedules makes the reconciler keep the schedules.
func (r *Reconciler) WithSchedules(s *Service) *Reconciler {
	r.service, r.keepSchedules = s, true
	return r
}

// schedulesEvery is how often all schedules are compared with the records: a
// Temporal that lost them gets them back.
const schedulesEvery = 10 * time.Minute

// schedules tells the workflow engine of what it has yet to hear of, and now
// and then compares everything.
func (r *Reconciler) schedules(ctx context.Context) error {
	if !r.keepSchedules {
		return nil
	}
	ctx = WithActor(ctx, SystemActor)
	changed, err := r.store.UnsyncedSchedules(ctx, reconcileBatch)
	if err != nil {
		return err
	}
	for _, c := range changed {
		if err := r.service.syncSchedule(ctx, c.OrgID, c.ID); err != nil {
			return err
		}
	}
	if r.now().Sub(r.scheduled) < schedulesEvery {
		return nil
	}
	if err := r.service.SyncSchedules(ctx); err != nil {
		return err
	}
	r.scheduled = r.now()
	return nil
}

// SyncSchedules compares all schedules of the workflow engine with the records:
// what is missing or different there is made, and what is too much is ended. A
// pause by hand in the workflow engine, or its end, is taken over. Only Slipway
// itself may ask for it.
func (s *Service) SyncSchedules(ctx context.Context) error {
	if err := requireSystem(ctx, "keeps the schedules"); err != nil {
		return err
	}
	orgs, err := s.store.AllOrganizations(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, org := range orgs {
		failed = append(failed, s.syncOrganization(ctx, org.ID))
	}
	return errors.Join(failed...)
}

func (s *Service) syncOrganization(ctx context.Context, org string) error {
	wanted, err := s.schedulesOf(ctx, org)
	if err != nil {
		return err
	}
	states, err := s.schedules.ScheduleStates(ctx, org)
	if err != nil {
		return err
	}
	records, err := s.store.ListScheduleRecords(ctx, org)
	if err != nil {
		return err
	}
	byID := map[string]bool{}
	for i := range wanted {
		byID[wanted[i].ID] = true
		if err := s.takeOverPause(ctx, &wanted[i], records); err != nil {
			return err
		}
		if err := s.syncSchedule(ctx, org, wanted[i].ID); err != nil {
			return err
		}
	}
	for id := range states {
		if !byID[id] {
			s.log.InfoContext(ctx, "ending a schedule that nothing in the records asks for", "org", org, "schedule", id)
			if err := s.syncSchedule(ctx, org, id); err != nil {
				return err
			}
		}
	}
	for _, r := range records {
		if !byID[r.ID] {
			if err := s.syncSchedule(ctx, org, r.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// takeOverPause records that somebody paused or resumed a schedule in the
// workflow engine, such as in its Web UI, after it had heard what is recorded.
func (s *Service) takeOverPause(ctx context.Context, want *Schedule, records []ScheduleRecord) error {
	record := &ScheduleRecord{OrgID: want.OrgID, ID: want.ID}
	for i := range records {
		if records[i].ID == want.ID {
			record = &records[i]
		}
	}
	if record.Version > 0 && record.SyncedAt == nil {
		return nil // what is recorded is newer
	}
	state, err := s.schedules.ScheduleState(ctx, want.OrgID, want.ID)
	if IsNotFound(err) {
		return nil // it is made anew, as it was
	}
	if err != nil || state.Paused == record.Paused {
		return err
	}
	s.log.InfoContext(ctx, "a schedule was paused or resumed in the workflow engine", "org", want.OrgID, "schedule", want.ID, "paused", state.Paused, "note", state.Note)
	now := s.now()
	record.Paused, record.Note, record.ChangedAt, record.ChangedBy, record.SyncedAt = state.Paused, state.Note, now, SystemActor.UserID, &now
	return unlessRaced(s.store.PutScheduleRecord(ctx, record))
}
