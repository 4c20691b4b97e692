package echo

import (
	"context"

	"github.com/slipway-dev/slipway/drivers"
)

// Agent names an agent that sits beside a private cluster. The output secret
// url is an address that only the delivery side understands: agent://<id>.
type Agent struct{}

// Descriptor describes Agent.
func (Agent) Descriptor() drivers.Descriptor {
	return drivers.Descriptor{
		ID:           "humanitec/agent",
		ResourceType: "agent",
		Kind:         drivers.InProcess,
		Description:  "Points a cluster at the agent through which it is reached.",
		InputsSchema: drivers.ParseSchema(`{
			"type": "object",
			"properties": {"values": {
				"type": "object",
				"properties": {"id": {"type": "string", "minLength": 1}},
				"required": ["id"]
			}},
			"required": ["values"]
		}`),
	}
}

// Provision turns values.id into the output secret url.
func (Agent) Provision(ctx context.Context, r drivers.Request) (drivers.Result, error) {
	if err := ctx.Err(); err != nil {
		return drivers.Result{}, drivers.Interrupted("the agent driver", err)
	}
	id, ok := r.Values["id"].(string)
	if !ok || id == "" {
		return drivers.Result{}, drivers.Invalid("driver input values.id is missing; give the id of the agent")
	}
	return drivers.Result{
		Values:  map[string]any{},
		Secrets: map[string]any{"url": "agent://" + id},
		Cookie:  r.Cookie,
	}, nil
}

// Destroy has nothing to remove.
func (Agent) Destroy(ctx context.Context, _ drivers.Request) error {
	if err := ctx.Err(); err != nil {
		return drivers.Interrupted("the agent driver", err)
	}
	return nil
}
