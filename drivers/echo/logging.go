package echo

import (
	"context"

	"github.com/slipway-dev/slipway/drivers"
)

// Logging says where the logs of an environment are kept. It hands on what the
// definition says, like Echo, and changes nothing about how containers log.
type Logging struct {
	Echo
	id, description string
}

// LoggingDrivers are the kinds of places for logs that published definitions name.
func LoggingDrivers() []Logging {
	return []Logging{
		{id: "humanitec/logging-k8s", description: "Says that logs are read from the cluster."},
		{id: "humanitec/logging-gcp", description: "Says that logs are read from Google Cloud Logging."},
	}
}

// Descriptor describes the driver.
func (l Logging) Descriptor() drivers.Descriptor {
	d := l.Echo.Descriptor()
	d.ID, d.Aliases, d.ResourceType, d.Description = l.id, nil, "logging", l.description
	return d
}

// Provision copies inputs to outputs.
func (l Logging) Provision(ctx context.Context, r drivers.Request) (drivers.Result, error) {
	return l.Echo.Provision(ctx, r)
}
