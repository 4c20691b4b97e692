package client

import (
	"context"

	"github.com/slipway-dev/slipway/internal/api"
)

// CurrentUser reads the profile that the token belongs to.
func (c *Client) CurrentUser(ctx context.Context) (api.CurrentUser, error) {
	return Do[api.CurrentUser](ctx, c, "GET", "/current-user", nil)
}

// Organizations lists the organizations that the user belongs to.
func (c *Client) Organizations(ctx context.Context) ([]api.Organization, error) {
	return Do[[]api.Organization](ctx, c, "GET", "/orgs", nil)
}

// Application reads an Application.
func (c *Client) Application(ctx context.Context, s Scope) (api.Application, error) {
	return Do[api.Application](ctx, c, "GET", s.AppPath(), nil)
}

// CreateApplication makes an Application.
func (c *Client) CreateApplication(ctx context.Context, s Scope, in api.CreateApplicationRequest) (api.Application, error) {
	return Do[api.Application](ctx, c, "POST", s.OrgPath("apps"), in)
}

// Environment reads an Environment.
func (c *Client) Environment(ctx context.Context, s Scope) (api.Environment, error) {
	return Do[api.Environment](ctx, c, "GET", s.EnvPath(), nil)
}

// CreateEnvironment makes an Environment.
func (c *Client) CreateEnvironment(ctx context.Context, s Scope, in api.CreateEnvironmentRequest) (api.Environment, error) {
	return Do[api.Environment](ctx, c, "POST", s.AppPath("envs"), in)
}

// EnvironmentTypes lists the Environment Types.
func (c *Client) EnvironmentTypes(ctx context.Context, s Scope) ([]api.EnvironmentType, error) {
	return Do[[]api.EnvironmentType](ctx, c, "GET", s.OrgPath("env-types"), nil)
}
