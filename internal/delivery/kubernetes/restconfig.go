package kubernetes

import (
	"context"

	"k8s.io/client-go/rest"

	"github.com/slipway-dev/slipway/orchestrator"
)

// RESTConfig says how to reach a cluster, for those who run something in it beside what is delivered. Rules and errors are those of a delivery.
func (d *Delivery) RESTConfig(ctx context.Context, t orchestrator.Target) (*rest.Config, error) {
	return d.restConfig(ctx, t)
}
