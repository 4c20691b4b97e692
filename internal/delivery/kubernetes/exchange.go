package kubernetes

import (
	"context"

	"k8s.io/client-go/rest"

	"github.com/slipway-dev/slipway/orchestrator"
)

// TokenSource exchanges the credentials of a cloud for those of one of its clusters.
type TokenSource interface {
	// Access finds the cluster that the outputs of a k8s-cluster resource describe (for gke name, zone and project_id; for eks name and
	// region; for aks name, resource_group and subscription_id) and gets a token for it with the resource's credentials. Whoever
	// implements it keeps tokens as long as they are good. Errors are those of package orchestrator and hold no credentials.
	Access(ctx context.Context, t orchestrator.Target) (Access, error)
}

// Access is the way into a cluster.
type Access struct {
	Server string // URL of the API server
	CA     []byte // PEM of the authorities that have signed its certificate
	Token  string
}

// exchanged reaches a cluster of a cloud, whose definition gives cloud credentials.
func (d *Delivery) exchanged(ctx context.Context, t orchestrator.Target) (*rest.Config, error) {
	source, ok := d.options.TokenSources[t.Type]
	if !ok {
		return nil, orchestrator.Invalidf("resource k8s-cluster: the cloud credentials of clusters of type %s are not exchanged yet: "+
			"give values.cluster_data with server and certificate-authority-data, and secrets.credentials with a token or a client certificate", t.Type)
	}
	access, err := source.Access(ctx, t)
	if err != nil {
		return nil, err
	}
	config := &rest.Config{Host: access.Server, BearerToken: access.Token}
	config.CAData = access.CA
	return config, nil
}
