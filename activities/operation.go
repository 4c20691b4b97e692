package activities

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

// Operation implements the steps of an operation.
type Operation struct {
	Deployer *orchestrator.Deployer
}

var _ workflows.OperationActivities = (*Operation)(nil)

// ApplyOperation changes what runs.
func (a *Operation) ApplyOperation(ctx context.Context, in workflows.Operation) (workflows.OperationApplied, error) {
	ctx, stop := beating(ctx)
	defer stop()
	r, err := a.Deployer.ApplyOperation(ctx, refOf(in.Env), in.ID)
	return workflows.OperationApplied{Over: r.Over, Watch: r.Watch}, classify(ctx, err)
}

// WatchOperation waits until what was changed is ready.
func (a *Operation) WatchOperation(ctx context.Context, in workflows.Operation) error {
	ctx, stop := beating(ctx)
	defer stop()
	return classify(ctx, a.Deployer.WatchOperation(ctx, refOf(in.Env), in.ID))
}

// FinishOperation gives the operation its terminal status.
func (a *Operation) FinishOperation(ctx context.Context, in workflows.OperationEnd) error {
	ctx, stop := beating(ctx)
	defer stop()
	return classify(ctx, a.Deployer.FinishOperation(ctx, refOf(in.Env), in.ID, orchestrator.OperationStatus(in.Outcome), in.Failure))
}
