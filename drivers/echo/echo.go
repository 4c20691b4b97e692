// Package echo holds the drivers that make nothing: they hand back what the
// definition says. They never look at a cluster, a cloud or the clock.
package echo

import (
	"context"

	"github.com/slipway-dev/slipway/drivers"
)

// Echo returns the definition's values as output values and its secrets as
// output secrets, unchanged and without manifests. It is how existing
// infrastructure is made known, and how shared configuration is written down.
type Echo struct{}

// Descriptor describes Echo under its current and its old id.
func (Echo) Descriptor() drivers.Descriptor {
	return drivers.Descriptor{
		ID:           "humanitec/echo",
		Aliases:      []string{"humanitec/static"},
		ResourceType: drivers.AnyType,
		Kind:         drivers.InProcess,
		Description:  "Returns the values and secrets of the definition as the outputs of the resource.",
		InputsSchema: drivers.ParseSchema(`{
			"type": "object",
			"properties": {"values": {"type": "object"}, "secrets": {"type": "object"}}
		}`),
	}
}

// Provision copies inputs to outputs.
func (Echo) Provision(ctx context.Context, r drivers.Request) (drivers.Result, error) {
	if err := ctx.Err(); err != nil {
		return drivers.Result{}, drivers.Interrupted("the echo driver", err)
	}
	return drivers.Result{
		Values:  orEmpty(drivers.CloneMap(r.Values)),
		Secrets: orEmpty(drivers.CloneMap(r.Secrets)),
		Cookie:  r.Cookie,
	}, nil
}

// Destroy has nothing to remove.
func (Echo) Destroy(ctx context.Context, _ drivers.Request) error {
	if err := ctx.Err(); err != nil {
		return drivers.Interrupted("the echo driver", err)
	}
	return nil
}

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}
