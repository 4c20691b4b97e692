package client

import (
	"context"
	"net/url"
	"strconv"

	"github.com/slipway-dev/slipway/internal/api"
)

// CreateDeployment asks for a deployment.
func (c *Client) CreateDeployment(ctx context.Context, s Scope, in api.CreateDeploymentRequest) (api.Deployment, error) {
	return Do[api.Deployment](ctx, c, "POST", s.EnvPath("deploys"), in)
}

// Deployment reads a deployment.
func (c *Client) Deployment(ctx context.Context, s Scope, id string) (api.Deployment, error) {
	return Do[api.Deployment](ctx, c, "GET", s.EnvPath("deploys", id), nil)
}

// Deployments lists the deployments of an Environment, newest first.
func (c *Client) Deployments(ctx context.Context, s Scope) ([]api.Deployment, error) {
	return Do[[]api.Deployment](ctx, c, "GET", s.EnvPath("deploys"), nil)
}

// CancelDeployment asks for the end of a deployment.
func (c *Client) CancelDeployment(ctx context.Context, s Scope, id string) (api.Deployment, error) {
	return Do[api.Deployment](ctx, c, "POST", s.EnvPath("deploys", id, "cancel"), nil)
}

// DeploymentErrors lists why a deployment failed.
func (c *Client) DeploymentErrors(ctx context.Context, s Scope, id string) ([]api.DeploymentError, error) {
	return Do[[]api.DeploymentError](ctx, c, "GET", s.EnvPath("deploys", id, "errors"), nil)
}

// DeploymentEvents lists the events after a position, a page at a time.
func (c *Client) DeploymentEvents(ctx context.Context, s Scope, id string, after int64) ([]api.DeploymentEvent, error) {
	query := "?after=" + strconv.FormatInt(after, 10)
	return Do[[]api.DeploymentEvent](ctx, c, "GET", s.EnvPath("deploys", id, "events")+query, nil)
}

// Nodes lists the resources that a deployment provisions, in order.
func (c *Client) Nodes(ctx context.Context, s Scope, id string) ([]api.Node, error) {
	return Do[[]api.Node](ctx, c, "GET", s.EnvPath("deploys", id, "nodes"), nil)
}

// LogQuery selects log lines.
type LogQuery struct {
	// Node is a resource key; all when empty.
	Node string
	// After is the position after which to start.
	After int64
	// Limit is the number of lines at most; the server's default when 0.
	Limit int
}

// Logs lists what drivers and steps of a deployment wrote, oldest first.
func (c *Client) Logs(ctx context.Context, s Scope, id string, q LogQuery) ([]api.LogLine, error) {
	query := url.Values{}
	if q.Node != "" {
		query.Set("node", q.Node)
	}
	if q.After > 0 {
		query.Set("after", strconv.FormatInt(q.After, 10))
	}
	if q.Limit > 0 {
		query.Set("limit", strconv.Itoa(q.Limit))
	}
	return Do[[]api.LogLine](ctx, c, "GET", s.EnvPath("deploys", id, "logs")+"?"+query.Encode(), nil)
}

// Queue reads what runs and waits in an Environment.
func (c *Client) Queue(ctx context.Context, s Scope) (api.Queue, error) {
	return Do[api.Queue](ctx, c, "GET", s.EnvPath("queue"), nil)
}

// SetQueuePolicy says what happens to a deployment while another one is unfinished.
func (c *Client) SetQueuePolicy(ctx context.Context, s Scope, policy string) error {
	_, err := Do[None](ctx, c, "PUT", s.EnvPath("queue", "policy"), api.QueuePolicy{Policy: policy})
	return err
}
