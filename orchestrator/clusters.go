package orchestrator

import (
	"context"
	"fmt"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/objectdiff"
)

// Cluster changes and compares what runs where Slipway delivers objects itself.
// A delivery whose target is a cluster implements it; one to a Git repository
// does not. Errors have codes like those of Delivery.
type Cluster interface {
	// Controllers reads the Deployments, StatefulSets and DaemonSets among the
	// entries that are there and are this environment's.
	Controllers(ctx context.Context, t Target, entries []InventoryEntry) ([]Controller, error)
	// SetReplicas scales one controller and leaves the field to nobody, so that
	// the next delivery may set it. Doing it again changes nothing.
	SetReplicas(ctx context.Context, t Target, c Controller, replicas int) error
	// Restart has all pods of a controller replaced, once for each value of at.
	Restart(ctx context.Context, t Target, c Controller, at string) error
	// Compare asks the cluster what delivering the objects would change, and
	// changes nothing. The answer has only objects that are not the same.
	Compare(ctx context.Context, r CompareRequest) ([]ObjectComparison, error)
}

// Controller is what runs the pods of a workload.
type Controller struct {
	APIVersion string
	Kind       string // Deployment | StatefulSet | DaemonSet
	Namespace  string
	Name       string
	Workload   string // id of the workload it belongs to; "" = a resource brought it
	Replicas   int    // wanted now
	Autoscaler string // the HorizontalPodAutoscaler that decides about replicas; "" = none
}

// ID identifies a controller in an environment.
func (c Controller) ID() string { return c.Kind + "/" + c.Namespace + "/" + c.Name }

// Scalable tells whether it has replicas: a DaemonSet has a pod on each node.
func (c Controller) Scalable() bool { return c.Kind != "DaemonSet" }

// String names a controller as people do.
func (c Controller) String() string { return fmt.Sprintf("%s %q", c.Kind, c.Name) }

// object is enough of the controller to be watched.
func (c Controller) object() manifest.Object {
	metadata := map[string]any{"name": c.Name}
	if c.Namespace != "" {
		metadata["namespace"] = c.Namespace
	}
	return manifest.Object{From: c.Workload, Tree: map[string]any{"apiVersion": c.APIVersion, "kind": c.Kind, "metadata": metadata}}
}

// CompareRequest says what to compare with what is there.
type CompareRequest struct {
	Target
	Objects []manifest.Object
	// Secrets are values that must not be shown, beside those in Objects.
	Secrets []string
}

// States of an object that a delivery would change.
const (
	ObjectChanged = "changed"
	ObjectMissing = "missing" // it is not there, and would be made
	ObjectUnknown = "unknown" // the cluster refuses to say; Message has why
)

// ObjectComparison is an object that is not as it would be delivered.
type ObjectComparison struct {
	From       string
	APIVersion string
	Kind       string
	Namespace  string
	Name       string
	State      string
	Message    string
	Autoscaled bool // replicas are decided by a HorizontalPodAutoscaler
	// IgnoredPaths are JSON pointers that an annotation of the object in the cluster excludes from drift.
	IgnoredPaths []string
	Changes      []objectdiff.Change // before: as it is; after: as it would be
}

// AnnotationIgnoreDrift lists, divided by commas, the JSON pointers of an object that a scan for drift does not look at.
const AnnotationIgnoreDrift = manifest.AnnotationIgnoreDrift
