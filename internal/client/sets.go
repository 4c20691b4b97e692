package client

import (
	"context"

	"github.com/slipway-dev/slipway/internal/api"
)

// ConvertScore turns a Score file into a module and shared resources; nothing is stored.
func (c *Client) ConvertScore(ctx context.Context, s Scope, in api.ConvertScoreRequest) (api.ConvertedScore, error) {
	return Do[api.ConvertedScore](ctx, c, "POST", s.OrgPath("artefact-versions", "convert-score"), in)
}

// CreateDelta stores a Delta and answers its id.
func (c *Client) CreateDelta(ctx context.Context, s Scope, in api.DeltaRequest) (string, error) {
	created, err := Do[api.CreatedDelta](ctx, c, "POST", s.AppPath("deltas"), in)
	return created.ID, err
}

// Set reads a Deployment Set.
func (c *Client) Set(ctx context.Context, s Scope, id string) (api.Set, error) {
	return Do[api.Set](ctx, c, "GET", s.AppPath("sets", id), nil)
}

// DiffSets reads the Delta that turns the source set into the target.
func (c *Client) DiffSets(ctx context.Context, s Scope, target, source string) (api.PlainDelta, error) {
	return Do[api.PlainDelta](ctx, c, "GET", s.AppPath("sets", target, "diff", source), nil)
}

// Graph reads a stored resource graph.
func (c *Client) Graph(ctx context.Context, s Scope, id string) (api.DependencyGraph, error) {
	return Do[api.DependencyGraph](ctx, c, "GET", s.EnvPath("resources", "graphs", id), nil)
}

// ActiveResources lists what exists in an Environment, at the end what other
// resources have replaced.
func (c *Client) ActiveResources(ctx context.Context, s Scope) ([]api.ActiveResource, error) {
	active, err := Do[[]api.ActiveResource](ctx, c, "GET", s.EnvPath("resources"), nil)
	if err != nil {
		return nil, err
	}
	leaving, err := Do[[]api.ActiveResource](ctx, c, "GET", s.EnvPath("resources")+"?scheduled_deletion=true", nil)
	for _, r := range leaving {
		if r.Retired {
			active = append(active, r)
		}
	}
	return active, err
}
