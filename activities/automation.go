package activities

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

// Automation implements the steps of automation.
type Automation struct {
	Service *orchestrator.Service
}

var _ workflows.AutomationActivities = (*Automation)(nil)

// ApplyPushes deploys the images that were pushed to an environment.
func (a *Automation) ApplyPushes(ctx context.Context, in workflows.Env) (workflows.Pushes, error) {
	ctx, stop := beating(ctx)
	defer stop()
	r, err := a.Service.ApplyPushes(orchestrator.WithActor(ctx, orchestrator.SystemActor), refOf(in))
	return workflows.Pushes{DeploymentID: r.DeploymentID, Held: r.Held, Pushes: r.Pushes}, classify(ctx, err)
}
