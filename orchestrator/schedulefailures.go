package orchestrator

import (
	"context"
	"sync"
	"time"
)

// ScheduleFailure is a schedule whose newest run that is over did not succeed.
type ScheduleFailure struct {
	ID     string // of the schedule
	Status string // failed | terminated | timed out
	At     time.Time
}

// scheduleFailuresFor is how long failures are remembered: the workflow engine
// need not be asked by everybody who looks.
const scheduleFailuresFor = 20 * time.Second

// scheduleFailureCache remembers failures of schedules, by organization.
type scheduleFailureCache struct {
	mu    sync.Mutex
	found map[string]scheduleFailures
}

type scheduleFailures struct {
	at   time.Time
	list []ScheduleFailure
	more bool
}

// scheduleFailures lists schedules whose newest run failed, as of some seconds ago.
func (s *Service) scheduleFailures(ctx context.Context, org string) ([]ScheduleFailure, bool, error) {
	c := &s.failures
	c.mu.Lock()
	known, ok := c.found[org]
	c.mu.Unlock()
	if ok && s.now().Sub(known.at) < scheduleFailuresFor {
		return known.list, known.more, nil
	}
	list, more, err := s.schedules.ScheduleFailures(ctx, org)
	if err != nil {
		return nil, false, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.found == nil {
		c.found = map[string]scheduleFailures{}
	}
	c.found[org] = scheduleFailures{at: s.now(), list: list, more: more}
	return list, more, nil
}
