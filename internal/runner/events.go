package runner

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/slipway-dev/slipway/engine/redaction"
	"github.com/slipway-dev/slipway/internal/runner/record"
)

const (
	flushEvery = 200 * time.Millisecond
	maxWaiting = 20_000 // events kept while the database is away
	tailLines  = 100
	// maxBatch and maxBatchSize (bytes) bound what one transaction stores.
	maxBatch     = 500
	maxBatchSize = 256 << 10
	longestLine  = 16 << 10
	// maxKept bounds the text of a run's log, in bytes. What says what becomes of the resource (warnings, errors, changes) has
	// maxTelling more than what is printed meanwhile.
	maxKept    = 8 << 20
	maxTelling = 1 << 20
)

// eventSink stores events in batches. Losing some never stops the work.
type eventSink struct {
	job      *job
	redactor *redaction.Redactor

	mu      sync.Mutex
	waiting []record.Event
	recent  []string
	kept    int // bytes
	dropped struct{ lines, bytes int }
	stop    chan struct{}
	stopped chan struct{}
}

func newEventSink(j *job) *eventSink {
	s := &eventSink{job: j, redactor: redaction.New(), stop: make(chan struct{}), stopped: make(chan struct{})}
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
	s.redactor = redaction.New(values...)
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
	s.keep(e)
	s.recent = append(s.recent, e.Message)
	s.recent = s.recent[max(0, len(s.recent)-tailLines):]
}

// keep takes one event for the log, if there is room for it. s.mu is held.
func (s *eventSink) keep(e record.Event) {
	tells := e.Level == "warn" || e.Level == "error" || e.Type != "log" && e.Type != "provision_progress" && e.Type != "init"
	most := maxKept
	if tells {
		most += maxTelling
	}
	if !tells && s.dropped.lines > 0 || s.kept+len(e.Message) > most || len(s.waiting) >= maxWaiting {
		if s.dropped.lines == 0 {
			s.mark(fmt.Sprintf("the log is truncated here: a run keeps %d MiB of it; from now on only warnings, errors and changes are kept", maxKept>>20))
		}
		s.dropped.lines++
		s.dropped.bytes += len(e.Message)
		return
	}
	s.kept += len(e.Message)
	s.waiting = append(s.waiting, e)
}

// mark adds a line of our own about the log, for which there is always room.
func (s *eventSink) mark(text string) {
	s.waiting = append(s.waiting, record.Event{
		OrgID: s.job.run.OrgID, RunID: s.job.run.ID, At: time.Now(), Level: "warn", Type: "log", Message: text,
	})
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

// flush stores what waits, in transactions small enough for the renewal of the lease to get in between.
func (s *eventSink) flush(ctx context.Context) {
	for ctx.Err() == nil {
		batch := s.take()
		if len(batch) == 0 {
			return
		}
		if err := s.job.store.AppendRunEvents(ctx, s.job.run, batch); err != nil {
			s.job.log.Warn("events could not be stored", "error", err)
			s.mu.Lock()
			s.waiting = append(batch, s.waiting...)
			s.mu.Unlock()
			return
		}
	}
}

// take removes the first events that wait, as many as one transaction shall store.
func (s *eventSink) take() []record.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	size, n := 0, 0
	for n < len(s.waiting) && n < maxBatch && size < maxBatchSize {
		size += len(s.waiting[n].Message)
		n++
	}
	batch := s.waiting[:n:n]
	s.waiting = s.waiting[n:]
	return batch
}

// close stores what is left.
func (s *eventSink) close() {
	s.mu.Lock()
	if s.dropped.lines > 0 {
		s.mark(fmt.Sprintf("the log was truncated: %d lines (%d bytes) are not kept", s.dropped.lines, s.dropped.bytes))
	}
	s.mu.Unlock()
	close(s.stop)
	<-s.stopped
}
