package activities

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

// Drift implements the steps of a scan for drift.
type Drift struct {
	Service *orchestrator.Service
}

var _ workflows.DriftActivities = (*Drift)(nil)

// ScanDrift looks at what was deployed to an environment.
func (a *Drift) ScanDrift(ctx context.Context, in workflows.DriftScan) (workflows.DriftResult, error) {
	ctx, stop := beating(ctx)
	defer stop()
	r, err := a.Service.ScanDrift(orchestrator.WithActor(ctx, orchestrator.SystemActor), refOf(in.Env), in.ID)
	return workflows.DriftResult{Status: string(r.Status), RedeployID: r.RedeployID}, classify(ctx, err)
}

// FailDriftScan records why a scan came to nothing.
func (a *Drift) FailDriftScan(ctx context.Context, in workflows.DriftFailure) error {
	ctx, stop := beating(ctx)
	defer stop()
	return classify(ctx, a.Service.FailDriftScan(orchestrator.WithActor(ctx, orchestrator.SystemActor), refOf(in.Env), in.ID, in.Why))
}
