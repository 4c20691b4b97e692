package runner

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/internal/secrets"
)

const (
	flushEvery  = 200 * time.Millisecond
	maxWaiting  = 20_000 // events kept while the database is away
	tailLines   = 100
	longestLine = 16 << 10
)

// eventSink stores events in batches. Losing some never stops the work.
type eventSink struct {
	job      *job
	redactor *secrets.Redactor

	mu      sync.Mutex
	waiting []record.Event
	recent  []string
	stop    chan struct{}
	stopped chan struct{}
}

func newEventSink(j *job) *eventSink {
	s := &eventSink{job: j, redactor: secrets.NewRedactor(), stop: make(chan struct{}), stopped: make(chan struct{})}
	go func() {
		defer close(s.stopped)
		tick := time.NewTicker(flushEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				s.flush(j.lease.ctx)
			case <-s.stop:
				s.flush(j.lease.ctx)
				return
			}
		}
	}()
	return s
}

// hide sets the values that no event may show.
func (s *eventSink) hide(values []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.redactor = secrets.NewRedactor(values...)
}

func (s *eventSink) redact(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.redactor.String(text)
}

// add takes one event; its message may have several lines.
func (s *eventSink) add(e record.Event) {
	e.OrgID, e.RunID = s.job.run.OrgID, s.job.run.ID
	if e.At.IsZero() {
		e.At = time.Now()
	}
	e.Message = s.redact(e.Message) // before it is cut: half a secret would not be found
	if len(e.Message) > longestLine {
		e.Message = e.Message[:longestLine] + " (cut)"
	}
	e.Message = strings.ToValidUTF8(strings.ReplaceAll(e.Message, "\x00", ""), "?")
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) < maxWaiting {
		s.waiting = append(s.waiting, e)
	}
	s.recent = append(s.recent, e.Message)
	s.recent = s.recent[max(0, len(s.recent)-tailLines):]
}

// say adds a line of our own.
func (s *eventSink) say(level, text string) {
	s.add(record.Event{Level: level, Type: "log", Message: text})
}

// tail is the end of the log.
func (s *eventSink) tail() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.recent, "\n")
}

func (s *eventSink) flush(ctx context.Context) {
	s.mu.Lock()
	batch := s.waiting
	s.waiting = nil
	s.mu.Unlock()
	if len(batch) == 0 || ctx.Err() != nil {
		return
	}
	if err := s.job.store.AppendRunEvents(ctx, s.job.run, batch); err != nil {
		s.job.log.Warn("events could not be stored", "error", err)
		s.mu.Lock()
		s.waiting = append(batch, s.waiting...)
		s.mu.Unlock()
	}
}

// close stores what is left.
func (s *eventSink) close() {
	close(s.stop)
	<-s.stopped
}
