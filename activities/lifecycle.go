package activities

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

// Lifecycle implements the steps of how environments come and go.
type Lifecycle struct {
	Service *orchestrator.Service
}

var _ workflows.LifecycleActivities = (*Lifecycle)(nil)

func asSystem(ctx context.Context) context.Context {
	return orchestrator.WithActor(ctx, orchestrator.SystemActor)
}

func spinUpOf(in workflows.SpinUp) orchestrator.SpinUpKey {
	return orchestrator.SpinUpKey{OrgID: in.Org, AppID: in.App, ID: in.ID}
}

// CheckLifetime does what is due for the end of an environment.
func (a *Lifecycle) CheckLifetime(ctx context.Context, in workflows.Env) (workflows.LifetimeStep, error) {
	ctx, stop := beating(ctx)
	defer stop()
	step, err := a.Service.CheckLifetime(asSystem(ctx), refOf(in))
	return workflows.LifetimeStep{Over: step.Over, Wait: step.Wait}, classify(ctx, err)
}

// FollowSpinUp waits for the first deployment of a request.
func (a *Lifecycle) FollowSpinUp(ctx context.Context, in workflows.SpinUp) (workflows.SpinUpEnd, error) {
	ctx, stop := beating(ctx)
	defer stop()
	outcome, err := a.Service.FollowSpinUp(asSystem(ctx), spinUpOf(in))
	return workflows.SpinUpEnd{SpinUp: in, Outcome: string(outcome)}, classify(ctx, err)
}

// FinishSpinUp records how that ended.
func (a *Lifecycle) FinishSpinUp(ctx context.Context, in workflows.SpinUpEnd) (workflows.SpinUpResult, error) {
	ctx, stop := beating(ctx)
	defer stop()
	removing, err := a.Service.FinishSpinUp(asSystem(ctx), spinUpOf(in.SpinUp), orchestrator.Outcome(in.Outcome))
	return workflows.SpinUpResult{Removing: removing}, classify(ctx, err)
}

// AwaitRemoval waits until the environment of a request is gone.
func (a *Lifecycle) AwaitRemoval(ctx context.Context, in workflows.SpinUp) error {
	ctx, stop := beating(ctx)
	defer stop()
	return classify(ctx, a.Service.AwaitRemoval(asSystem(ctx), spinUpOf(in)))
}
