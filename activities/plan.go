package activities

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

// StoredPlan implements the steps of stored plans.
type StoredPlan struct {
	Service *orchestrator.Service
	// Drivers plans; it is the worker's Deployer.
	Drivers orchestrator.PlanDrivers
}

var _ workflows.StoredPlanActivities = (*StoredPlan)(nil)

func planOf(in workflows.StoredPlan) orchestrator.PlanKey {
	return orchestrator.PlanKey{EnvRef: refOf(in.Env), ID: in.ID}
}

// MakePlan has drivers plan, which takes as long as they take.
func (a *StoredPlan) MakePlan(ctx context.Context, in workflows.StoredPlan) (workflows.PlanNext, error) {
	ctx, stop := beating(ctx)
	defer stop()
	wait, err := a.Service.MakePlan(asSystem(ctx), planOf(in), a.Drivers)
	return workflows.PlanNext{Wait: wait}, classify(ctx, err)
}

// EndPlan closes a plan that failed, or whose time is over.
func (a *StoredPlan) EndPlan(ctx context.Context, in workflows.PlanEnd) (workflows.PlanNext, error) {
	ctx, stop := beating(ctx)
	defer stop()
	wait, err := a.Service.EndPlan(asSystem(ctx), planOf(in.StoredPlan), in.Why)
	return workflows.PlanNext{Wait: wait}, classify(ctx, err)
}
