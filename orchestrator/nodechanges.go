package orchestrator

import (
	"context"
	"time"

	"github.com/slipway-dev/slipway/drivers"
)

// NodeChanges is what a driver was about to do for one resource of a deployment
// when it carried the deployment out. A driver that begins anew plans anew, so a
// resource may have several.
type NodeChanges struct {
	OrgID        string
	DeploymentID string
	Node         string // key of the resource
	RunID        string
	At           time.Time
	Summary      string
	Counts       map[string]int   // all changes by action
	Changes      []drivers.Change // the first of them, without values
}

// NodeChangesStore keeps what drivers were about to do.
type NodeChangesStore interface {
	// ListNodeChanges lists those of a deployment, oldest first.
	ListNodeChanges(ctx context.Context, org, deploymentID string) ([]NodeChanges, error)
}

// ListDeploymentChanges lists what drivers that plan, such as Terraform, were
// about to change in a deployment, oldest first. What is not in the list has not
// got that far, or has a driver that does not plan.
func (s *Service) ListDeploymentChanges(ctx context.Context, ref EnvRef, id string) ([]NodeChanges, error) {
	d, err := s.GetDeployment(ctx, ref, id)
	if err != nil {
		return nil, err
	}
	return s.store.ListNodeChanges(ctx, ref.OrgID, d.ID)
}
