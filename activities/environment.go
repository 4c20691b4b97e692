package activities

import (
	"context"
	"errors"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

// Environment implements the steps of an environment's queue and teardown.
type Environment struct {
	Deployer *orchestrator.Deployer
	Client   client.Client
	// Deadline is what deployments that are read from the records get; 0 = the workflow's default.
	Deadline time.Duration
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
	var ended *temporal.WorkflowExecutionError
	if err == nil || errors.As(err, &gone) || errors.As(err, &ended) {
		return nil // how it ended is recorded elsewhere
	}
	if ctx.Err() != nil {
		return classify(ctx, ctx.Err())
	}
	// Temporal is away: whether the workflow still runs is not known, and nothing else may begin before it has ended.
	return classify(ctx, err)
}

// WaitingDeployments lists what waits behind the items that a queue holds.
func (a *Environment) WaitingDeployments(ctx context.Context, in workflows.Waiting) (workflows.WaitingResult, error) {
	ctx, stop := beating(ctx)
	defer stop()
	items, more, err := a.Deployer.Waiting(ctx, refOf(in.Env), in.After, in.Limit)
	if err != nil {
		return workflows.WaitingResult{}, classify(ctx, err)
	}
	result := workflows.WaitingResult{Items: make([]workflows.Item, 0, len(items)), More: more}
	for _, i := range items {
		result.Items = append(result.Items, workflows.Item{
			Kind: i.Kind, ID: i.ID, Policy: string(i.Policy), Follow: i.Follow, Deadline: workflows.DeadlineSeconds(a.Deadline),
		})
	}
	return result, nil
}
