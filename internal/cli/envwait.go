package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// requestPoll is how often a request for an environment is looked at.
const requestPoll = time.Second

// followRequest says what happens to a request until it is over, and returns an error with the exit code.
func (a *app) followRequest(ctx context.Context, c *client.Client, s client.Scope, up api.EnvironmentRequest, timeout time.Duration) error {
	follow := ctx
	if timeout > 0 {
		var cancel context.CancelFunc
		follow, cancel = context.WithTimeoutCause(ctx, timeout, errWaitedEnough)
		defer cancel()
	}
	seen, id := int64(0), up.ID
	for {
		for _, e := range up.Events {
			if e.Seq > seen {
				seen = e.Seq
				a.say("%s  %s", clock(e.At.Time), e.Message)
			}
		}
		if up.FinishedAt != nil {
			break
		}
		err := pause(follow, requestPoll)
		if err == nil {
			up, err = client.Do[api.EnvironmentRequest](follow, c, http.MethodGet, s.AppPath("env-requests", id), nil)
		}
		if err != nil {
			return a.requestGoesOn(s, id, timeout, err)
		}
	}
	if err := a.showObject(up, func() error { return nil }); err != nil {
		return err
	}
	switch up.Status {
	case "succeeded":
		return nil
	case "cancelled":
		return &codedError{exitCancelled, fmt.Errorf("request %s: cancelled", up.ID), true}
	}
	return &codedError{exitFailed, fmt.Errorf("request %s: %s", up.ID, up.Message), true}
}

// pause waits, or returns why ctx ended.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// requestGoesOn explains that the wait ended before the request did.
func (a *app) requestGoesOn(s client.Scope, id string, timeout time.Duration, cause error) error {
	goesOn := fmt.Sprintf("request %s goes on; look with: slipway env requests --app %s; stop it with: slipway env cancel %s --app %s", id, s.App, id, s.App)
	if errors.Is(cause, errWaitedEnough) {
		return &codedError{exitTimeout, fmt.Errorf("not over after %s; %s", timeout, goesOn), false}
	}
	if errors.Is(cause, context.Canceled) {
		a.note("detached: " + goesOn)
		return &codedError{exitInterrupted, cause, true}
	}
	return fmt.Errorf("%w; %s", cause, goesOn)
}
