package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/slipway-dev/slipway/orchestrator"
)

// eventStream writes server-sent events.
type eventStream struct {
	w  http.ResponseWriter
	rc *http.ResponseController
}

// writeTimeout bounds one write: a client that stops reading must not hold a
// goroutine for ever.
const writeTimeout = 30 * time.Second

func (c *Call) startEventStream() *eventStream {
	h := c.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // proxies must not wait for more
	c.echo.Response().WriteHeader(http.StatusOK)
	c.liftDeadline()
	stream := &eventStream{w: c.echo.Response(), rc: http.NewResponseController(c.echo.Response().Writer)}
	// The server's time limit for reading a request would end the stream.
	_ = stream.rc.SetReadDeadline(time.Time{})
	return stream
}

// event sends one event; seq is where a client resumes.
func (s *eventStream) event(seq int64, name string, data any) error {
	return s.named(strconv.FormatInt(seq, 10), name, data)
}

// named sends one event; id is where a client resumes, "" = where it did before.
func (s *eventStream) named(id, name string, data any) error {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(data); err != nil {
		return fmt.Errorf("encoding an event: %w", err)
	}
	if id != "" {
		id = "id: " + id + "\n"
	}
	return s.write(fmt.Sprintf("%sevent: %s\ndata: %s\n", id, name, body.Bytes()))
}

// comment keeps the connection alive; clients ignore it.
func (s *eventStream) comment(text string) error { return s.write(": " + text + "\n\n") }

func (s *eventStream) write(text string) error {
	// Not every writer knows deadlines (those of tests do not); then none applies.
	_ = s.rc.SetWriteDeadline(time.Now().Add(writeTimeout))
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.rc.Flush()
}

// resumePosition is after which event a client wants to go on: the header that
// browsers send by themselves, or the query parameter after.
func (c *Call) resumePosition() (int64, error) {
	if id := c.Request().Header.Get("Last-Event-ID"); id != "" {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil || n < 0 {
			return 0, orchestrator.Invalidf("header Last-Event-ID: %q is no event id", id)
		}
		return n, nil
	}
	return c.QueryInt("after", 0)
}

// follow calls more until it reports the end, each time that wake has a value
// and at every heartbeat at the latest, which also finds what no signal told. The
// caller has opened the stream.
func (c *Call) follow(s *eventStream, wake <-chan struct{}, more func(ctx context.Context) (bool, error)) error {
	ctx := c.Context()
	beat := time.NewTicker(c.server.heartbeat)
	defer beat.Stop()
	for {
		done, err := c.within(ctx, more)
		if err != nil || done {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-c.server.stop:
			return s.comment("the server is shutting down; reconnect")
		case _, open := <-wake:
			if !open {
				wake = nil
			}
		case <-beat.C:
			if err := s.comment("alive"); err != nil {
				return err
			}
			// Roles and tokens may be taken away while a stream goes on.
			var err error
			if ctx, err = c.Service.Renewed(c.Context()); err != nil {
				return err
			}
		}
	}
}
