package orchestrator

import (
	"context"
	"time"

	"github.com/slipway-dev/slipway/engine/manifest"
)

// Delivery brings rendered objects to one kind of target.
type Delivery interface {
	// Identify names the target, without credentials, for the inventory and
	// for people: a repository path, a cluster.
	Identify(t Target) (kind, url string, err error)
	// Deliver makes the target hold exactly the given objects (and what others
	// put there). Delivering the same deployment again changes nothing.
	Deliver(ctx context.Context, r DeliveryRequest) (DeliveryResult, error)
	// Remove takes everything away that Slipway brought for the environment.
	Remove(ctx context.Context, r DeliveryRequest) (DeliveryResult, error)
}

// Target is the cluster of an environment: what its k8s-cluster resource gave.
type Target struct {
	Env         EnvRef
	Type        string         // cluster_type
	Values      map[string]any // outputs of the k8s-cluster resource
	Credentials map[string]any // its secret outputs
	Namespace   string
}

// DeliveryRequest is what to deliver, for whom and why.
type DeliveryRequest struct {
	Target
	DeploymentID string
	SetID        string
	Author       string // user id or name
	Comment      string
	At           time.Time // of the deployment, so that a repeated delivery is the same
	Objects      []manifest.Object
	// Previous is what the inventory says was brought to this target before, or
	// may have been: what is among it and not among Objects has to go. Remove gets
	// the whole inventory of the environment.
	Previous []InventoryEntry
	// Partial says that more of this deployment follows: nothing is taken away yet.
	Partial bool
	// Since is when what is watched was delivered; the times of deploy conditions run from there. Zero means now.
	Since time.Time
	// Public are values that are known to be no secret, although a Secret may
	// repeat them: plain outputs of resources and plain Shared Values.
	Public []string
	// Secrets are values that must not appear in errors and logs, beside those in
	// Objects and Credentials.
	Secrets []string
	// Log writes to the log of the deployment, level info, warn or error. It may be
	// nil. What it is given must hold no secrets.
	Log func(level, text string)
	// Fingerprint recognizes equal secret content without revealing it.
	Fingerprint func(data []byte) string
}

// DeliveryResult is what a delivery did.
type DeliveryResult struct {
	Revision string // a commit, for git
	URL      string // without credentials
	Written  int
	Removed  int
	// Kept are entries of Previous that are not wanted and still there, such as
	// namespaces, which go with the environment: the inventory does not forget them.
	Kept  []InventoryEntry
	Watch bool // the target can tell when the objects are ready
}
