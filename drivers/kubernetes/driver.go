// Package kubernetes holds the drivers that shape one well-known Kubernetes
// object from a few values: an autoscaler, an ingress, a volume. They compute
// manifests; they never talk to a cluster.
package kubernetes

import (
	"context"

	"github.com/slipway-dev/slipway/drivers"
)

// Driver shapes the manifests of one resource type.
type Driver struct {
	descriptor drivers.Descriptor
	shape      func(r drivers.Request) (drivers.Result, error)
}

// All returns the drivers of this package.
func All() []*Driver {
	return []*Driver{autoscaler(), ingress(), volumeClaim(), volumeNFS()}
}

// Descriptor describes the driver.
func (d *Driver) Descriptor() drivers.Descriptor { return d.descriptor }

// Provision shapes the manifests.
func (d *Driver) Provision(ctx context.Context, r drivers.Request) (drivers.Result, error) {
	if err := ctx.Err(); err != nil {
		return drivers.Result{}, drivers.Interrupted("driver "+d.descriptor.ID, err)
	}
	result, err := d.shape(r.Clone())
	if err != nil {
		return drivers.Result{}, err
	}
	result.Cookie = r.Cookie
	if result.Secrets == nil {
		result.Secrets = map[string]any{}
	}
	return result, nil
}

// Destroy has nothing to remove: the objects go with the delivery.
func (d *Driver) Destroy(ctx context.Context, _ drivers.Request) error {
	if err := ctx.Err(); err != nil {
		return drivers.Interrupted("driver "+d.descriptor.ID, err)
	}
	return nil
}

// first returns the first value that is there.
func first(values ...any) any {
	for _, v := range values {
		if v != nil {
			return v
		}
	}
	return nil
}

func str(v any) string {
	s, _ := v.(string)
	return s
}
