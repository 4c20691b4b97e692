package client

import (
	"context"

	"github.com/slipway-dev/slipway/internal/api"
)

// LevelPath is a path below the level that Shared Values are set on: the Environment, or the Application when the scope
// has none.
func (s Scope) LevelPath(segments ...string) string {
	if s.Env == "" {
		return s.AppPath(segments...)
	}
	return s.EnvPath(segments...)
}

// Values lists the Shared Values of a level; those of an Environment include what it inherits.
func (c *Client) Values(ctx context.Context, s Scope) ([]api.Value, error) {
	return Do[[]api.Value](ctx, c, "GET", s.LevelPath("values"), nil)
}

// CreateValue sets a new Shared Value.
func (c *Client) CreateValue(ctx context.Context, s Scope, in api.CreateValueRequest) (api.Value, error) {
	return Do[api.Value](ctx, c, "POST", s.LevelPath("values"), in)
}

// PatchValue changes a Shared Value.
func (c *Client) PatchValue(ctx context.Context, s Scope, key string, in api.PatchValueRequest) (api.Value, error) {
	return Do[api.Value](ctx, c, "PATCH", s.LevelPath("values", key), in)
}
