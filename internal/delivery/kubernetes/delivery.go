package kubernetes

import (
	"context"
	"sync"
	"time"

	"github.com/slipway-dev/slipway/orchestrator"
)

// FieldManager is the name under which everything is applied.
const FieldManager = "slipway"

// Delivery delivers to Kubernetes clusters. It is safe for concurrent use.
type Delivery struct {
	options Options

	mu       sync.Mutex
	clusters map[string]*cluster // by a hash of address and credentials
}

// Options are the settings of a server for all clusters.
type Options struct {
	// Kubeconfig is the path of a kubeconfig for clusters whose definition gives no cluster_data; "" means the cluster that
	// the server itself runs in.
	Kubeconfig string
	// ServiceAccount is the folder with token and ca.crt for the cluster that the server runs in; default is where Kubernetes
	// mounts it, /var/run/secrets/kubernetes.io/serviceaccount.
	ServiceAccount string
	// TokenSources exchange cloud credentials, by cluster type: gke, eks, aks.
	TokenSources map[string]TokenSource
	// Concurrency bounds the requests that one delivery has under way; default 8.
	Concurrency int
	// QPS bounds the requests a second to one cluster; default 500, bursts may be twice that; the API server has its own fairness.
	QPS float32
	// Deadline is how long a rollout may take; default 10 minutes.
	Deadline time.Duration
	// Patience is how long a pod may show a failure that rarely passes by itself (an image that cannot be pulled, a crash loop,
	// a quota) before the rollout is given up; default 45 seconds. A pod without a node has eight times as long: an autoscaler may
	// bring one.
	Patience time.Duration
	// RemoveTimeout is how long deleted objects and namespaces may take to be gone; default 2 minutes.
	RemoveTimeout time.Duration
	// TerminatingTimeout is how long a delivery waits for the end of an earlier namespace of the same name; default 30 seconds.
	TerminatingTimeout time.Duration
}

var (
	_ orchestrator.Delivery = (*Delivery)(nil)
	_ orchestrator.Watcher  = (*Delivery)(nil)
)

// New builds the delivery for clusters of the types k8s, gke, eks and aks.
func New(o Options) *Delivery {
	if o.ServiceAccount == "" {
		o.ServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount"
	}
	if o.Concurrency <= 0 {
		o.Concurrency = 8
	}
	if o.QPS <= 0 {
		o.QPS = 500
	}
	if o.Deadline <= 0 {
		o.Deadline = 10 * time.Minute
	}
	if o.Patience <= 0 {
		o.Patience = 45 * time.Second
	}
	if o.RemoveTimeout <= 0 {
		o.RemoveTimeout = 2 * time.Minute
	}
	if o.TerminatingTimeout <= 0 {
		o.TerminatingTimeout = 30 * time.Second
	}
	return &Delivery{options: o, clusters: map[string]*cluster{}}
}

// Identify names the API server.
func (d *Delivery) Identify(t orchestrator.Target) (kind, url string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), requestTimeout)
	defer cancel()
	config, err := d.restConfig(ctx, t)
	if err != nil {
		return "", "", err
	}
	return "kubernetes", config.Host, nil
}

// Deliver applies the objects in stages and then deletes what the inventory of the environment says was brought before and is not
// wanted any more. A refusal has
// orchestrator.CodeInvalid or CodeForbidden; a cluster that cannot be reached has CodeUnavailable, and repeating is safe.
func (d *Delivery) Deliver(ctx context.Context, r orchestrator.DeliveryRequest) (orchestrator.DeliveryResult, error) {
	c, err := d.cluster(ctx, r.Target)
	if err != nil {
		return orchestrator.DeliveryResult{}, err
	}
	b, err := newBatch(c, r)
	if err != nil {
		return orchestrator.DeliveryResult{}, err
	}
	written, err := b.apply(ctx)
	if err != nil {
		return orchestrator.DeliveryResult{}, b.explain(err)
	}
	if r.Partial {
		return orchestrator.DeliveryResult{URL: c.url, Written: written, Watch: true}, nil
	}
	removed, kept, err := b.prune(ctx)
	if err != nil {
		return orchestrator.DeliveryResult{}, b.explain(err)
	}
	return orchestrator.DeliveryResult{URL: c.url, Written: written, Removed: removed, Kept: kept, Watch: true}, nil
}

// Remove deletes everything that the inventory says was applied for the environment and that is still its own, what needs others
// first, then the namespaces that were made for it, and returns when all is gone.
func (d *Delivery) Remove(ctx context.Context, r orchestrator.DeliveryRequest) (orchestrator.DeliveryResult, error) {
	c, err := d.cluster(ctx, r.Target)
	if err != nil {
		return orchestrator.DeliveryResult{}, err
	}
	r.Objects = nil
	b, err := newBatch(c, r)
	if err != nil {
		return orchestrator.DeliveryResult{}, err
	}
	removed, err := b.removeAll(ctx)
	if err != nil {
		return orchestrator.DeliveryResult{}, b.explain(err)
	}
	return orchestrator.DeliveryResult{URL: c.url, Removed: removed}, nil
}

// Watch returns nil when every object is ready, or an error that names the object, and where there is one the pod and the reason.
func (d *Delivery) Watch(ctx context.Context, r orchestrator.DeliveryRequest) error {
	c, err := d.cluster(ctx, r.Target)
	if err != nil {
		return err
	}
	b, err := newBatch(c, r)
	if err != nil {
		return err
	}
	return b.explain(b.watch(ctx))
}
