package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Frame is one server-sent event. Data is JSON.
type Frame struct {
	ID   string
	Type string
	Data json.RawMessage
}

// endOfStream is the type of the last event of what is over.
const endOfStream = "end"

// errFollowed ends the reading of a stream whose last event has come.
var errFollowed = errors.New("it is over")

// Follow calls fn with each event of the stream at a path, the last one, whose
// type is "end", included, until that has come, ctx ends, the server refuses, or
// fn fails. When the connection breaks it connects again and goes on where it
// was, and gives up when the server is out of reach for two minutes.
func (c *Client) Follow(ctx context.Context, path string, fn func(Frame) error) error {
	lost, pause, position := time.Time{}, c.pause, ""
	for {
		before := position
		err := c.frames(ctx, path, &position, fn)
		switch {
		case errors.Is(err, errFollowed):
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && !transient(err):
			return err
		}
		if err == nil || position != before {
			lost, pause = time.Time{}, c.pause
		}
		if err != nil && lost.IsZero() {
			lost = time.Now()
			c.notify(fmt.Sprintf("%v; connecting again", err))
		}
		if err != nil && time.Since(lost) > lostLimit {
			return fmt.Errorf("lost the server for %s: %w", lostLimit, err)
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
		pause = min(2*pause, maxPause)
	}
}

// frames reads one connection's worth of events and moves the position along.
func (c *Client) frames(ctx context.Context, path string, position *string, fn func(Frame) error) error {
	reading, cancel := context.WithCancel(ctx)
	defer cancel()
	req, err := c.request(reading, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "text/event-stream")
	if *position != "" {
		req.Header.Set("Last-Event-ID", *position)
	}
	idle := time.AfterFunc(idleLimit, cancel)
	defer idle.Stop()
	res, err := c.http.Do(req)
	if err != nil {
		return c.streamError(ctx, err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(io.LimitReader(res.Body, 1<<20))
		return errorOf(res.StatusCode, body)
	}
	var stopped error
	err = readFrames(&wakefulReader{res.Body, func() { idle.Reset(idleLimit) }}, func(f Frame) error {
		if f.ID != "" {
			*position = f.ID
		}
		if stopped = fn(f); stopped == nil && f.Type == endOfStream {
			stopped = errFollowed
		}
		return stopped
	})
	if stopped != nil || err == nil {
		return stopped
	}
	return c.streamError(ctx, err)
}
