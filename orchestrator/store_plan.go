package orchestrator

import (
	"context"
	"time"
)

// DeploymentPlanStore keeps plans of deployments, and tells of the plans that
// drivers keep for them.
type DeploymentPlanStore interface {
	// CreateDeploymentPlan stores a plan; its environment must exist.
	CreateDeploymentPlan(ctx context.Context, p *StoredPlan) error
	GetDeploymentPlan(ctx context.Context, ref EnvRef, id string) (*StoredPlan, error)
	// ListDeploymentPlans lists those of an environment newest first; limit 0 = all.
	ListDeploymentPlans(ctx context.Context, ref EnvRef, limit int) ([]StoredPlan, error)
	UpdateDeploymentPlan(ctx context.Context, p *StoredPlan) error
	// UnfinishedDeploymentPlans lists those of all organizations from before a time
	// that no workflow was told of, or not since the time told, oldest first, at most
	// limit; only for the system itself.
	UnfinishedDeploymentPlans(ctx context.Context, before, told time.Time, limit int) ([]StoredPlan, error)
	// DeleteDeploymentPlans forgets those of an environment that finished before a time.
	DeleteDeploymentPlans(ctx context.Context, ref EnvRef, before time.Time) error

	// DriverPlans tells of the plans that are kept under these ids; an id that is not
	// kept is left out.
	DriverPlans(ctx context.Context, org string, ids []string) ([]DriverPlan, error)
	// ForgetDriverPlans drops plans of which nothing was applied, and what is left of
	// planning resources that were never made.
	ForgetDriverPlans(ctx context.Context, org string, ids, guresids []string) error
}

// DriverPlan is a plan that a driver keeps to be applied as it is, and the state
// of its resource.
type DriverPlan struct {
	ID      string
	GUResID string
	Open    bool // nothing of it was applied
	// Then is the state that it was made on, Now the one there is; "" is none.
	Then, Now StateMark
}

// StateMark names one state of a resource.
type StateMark struct {
	Lineage string
	Serial  int64
}
