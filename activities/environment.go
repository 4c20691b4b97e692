package activities

import (
	"context"
	"errors"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

// Environment implements the steps of an environment's queue and teardown.
type Environment struct {
	Deployer *orchestrator.Deployer
	Client   client.Client
}

var _ workflows.EnvironmentActivities = (*Environment)(nil)

// TearDownEnvironment removes all that was made for an environment.
func (a *Environment) TearDownEnvironment(ctx context.Context, in workflows.Env) (workflows.TeardownResult, error) {
	ctx, stop := beating(ctx)
	defer stop()
	r, err := a.Deployer.Teardown(ctx, refOf(in))
	if err != nil && ctx.Err() == nil {
		return workflows.TeardownResult{}, err // always repeated: what was made must go
	}
	return workflows.TeardownResult{Done: r.Done}, classify(ctx, err)
}

// DestroyResource carries out one order to destroy a resource.
func (a *Environment) DestroyResource(ctx context.Context, in workflows.Resource) error {
	ctx, stop := beating(ctx)
	defer stop()
	return classify(ctx, a.Deployer.DestroyResource(ctx, refOf(in.Env), in.ID))
}

// FollowWorkflow waits for a workflow that somebody else started.
func (a *Environment) FollowWorkflow(ctx context.Context, in workflows.Follow) error {
	ctx, stop := beating(ctx)
	defer stop()
	err := a.Client.GetWorkflow(ctx, in.WorkflowID, "").Get(ctx, nil)
	var gone *serviceerror.NotFound
	if errors.As(err, &gone) {
		return nil
	}
	if ctx.Err() != nil {
		return classify(ctx, ctx.Err())
	}
	return nil // how it ended is recorded elsewhere
}
