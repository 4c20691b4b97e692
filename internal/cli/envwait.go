package cli

import (
	"context"
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
	seen := int64(0)
	up, err := await(ctx, a, up, awaited[api.EnvironmentRequest]{
		read: func(ctx context.Context) (api.EnvironmentRequest, error) {
			return client.Do[api.EnvironmentRequest](ctx, c, http.MethodGet, s.AppPath("env-requests", up.ID), nil)
		},
		over: func(up api.EnvironmentRequest) bool { return up.FinishedAt != nil },
		each: func(up api.EnvironmentRequest) {
			for _, e := range up.Events {
				if e.Seq > seen {
					seen = e.Seq
					a.say("%s  %s", clock(e.At.Time), e.Message)
				}
			}
		},
		every: requestPoll, limit: timeout,
		goesOn: fmt.Sprintf("request %s goes on; look with: slipway env requests --app %s; stop it with: slipway env cancel %s --app %s", up.ID, s.App, up.ID, s.App),
	})
	if err != nil {
		return err
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
