package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/slipway-dev/slipway/internal/api"
)

const (
	// idleLimit is after how long a silent stream counts as dead; servers send a comment several times as often.
	idleLimit = 60 * time.Second
	// lostLimit is how long a server may be out of reach before following ends with an error.
	lostLimit = 2 * time.Minute
	maxPause  = 5 * time.Second
)

// FollowDeployment calls fn with each event of a deployment after the position, in order and each once, until the
// deployment is over; then it returns the deployment. It connects again, where it left off, when the stream breaks, and
// gives up when the server is out of reach for two minutes. An error of fn ends it.
func (c *Client) FollowDeployment(ctx context.Context, s Scope, id string, after int64, fn func(api.DeploymentEvent) error) (api.Deployment, error) {
	lost := time.Time{}
	pause := c.pause
	for {
		before := after
		err := c.streamEvents(ctx, s, id, &after, fn)
		if err != nil && !transient(err) {
			return api.Deployment{}, err
		}
		d, getErr := c.Deployment(ctx, s, id)
		if getErr != nil && !transient(getErr) {
			return d, getErr
		}
		if getErr == nil && d.Terminal() {
			err := c.catchUp(ctx, s, id, &after, fn)
			if err == nil || !transient(err) {
				return d, err
			}
			getErr = err
		}
		if after > before || getErr == nil {
			lost, pause = time.Time{}, max(c.pause, pause/2)
		}
		if getErr != nil && lost.IsZero() {
			lost = time.Now()
			c.notify(fmt.Sprintf("%v; connecting again", getErr))
		}
		if getErr != nil && time.Since(lost) > lostLimit {
			return d, fmt.Errorf("lost the server for %s while following deployment %s, which goes on: %w", lostLimit, id, getErr)
		}
		if err := sleep(ctx, pause); err != nil {
			return d, err
		}
		pause = min(2*pause, maxPause)
	}
}

// catchUp delivers the events that came between the end of the stream and the end of the deployment.
func (c *Client) catchUp(ctx context.Context, s Scope, id string, after *int64, fn func(api.DeploymentEvent) error) error {
	for {
		events, err := c.DeploymentEvents(ctx, s, id, *after)
		if err != nil || len(events) == 0 {
			return err
		}
		for _, e := range events {
			*after = e.Seq
			if err := fn(e); err != nil {
				return err
			}
		}
	}
}

// streamEvents reads one connection's worth of events and moves after along. It returns nil at the end of the stream.
func (c *Client) streamEvents(ctx context.Context, s Scope, id string, after *int64, fn func(api.DeploymentEvent) error) error {
	position := strconv.FormatInt(*after, 10)
	err := c.frames(ctx, s.EnvPath("deploys", id, "events"), &position, func(f Frame) error {
		var e api.DeploymentEvent
		if err := json.Unmarshal(f.Data, &e); err != nil {
			return fmt.Errorf("deployment %s: an event cannot be read: %w", id, err)
		}
		if e.Seq <= *after {
			return nil // told before
		}
		*after = e.Seq
		if err := fn(e); err != nil {
			return err
		}
		if e.Type == api.EventDeploymentStatus && (e.Status == api.StatusSucceeded || e.Status == api.StatusFailed) {
			return errFollowed
		}
		return nil
	})
	if errors.Is(err, errFollowed) {
		return nil
	}
	return err
}

// streamError tells the caller's own end from that of the connection, a silent one included.
func (c *Client) streamError(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return &ConnectionError{URL: c.URL(), Cause: err}
}

// wakefulReader calls read after each read that brought something.
type wakefulReader struct {
	io.Reader
	read func()
}

func (r *wakefulReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if n > 0 {
		r.read()
	}
	return n, err
}
