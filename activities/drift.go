package activities

import (
	"context"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

// Drift implements the steps of a scan for drift.
type Drift struct {
	Service *orchestrator.Service
	// Resources asks drivers; it is the worker's Deployer.
	Resources orchestrator.ResourceDrift
}

var _ workflows.DriftActivities = (*Drift)(nil)

// ScanDrift looks at what was deployed to an environment. Where resources can be
// looked at and the workflow can have that done, it leaves all to ScanResources.
func (a *Drift) ScanDrift(ctx context.Context, in workflows.DriftScan) (workflows.DriftResult, error) {
	ctx, stop := beating(ctx)
	defer stop()
	if in.Split {
		able, err := a.Resources.Detectable(ctx, refOf(in.Env))
		if err != nil || len(able) > 0 {
			return workflows.DriftResult{Resources: err == nil}, classify(ctx, err)
		}
	}
	r, err := a.Service.ScanDrift(orchestrator.WithActor(ctx, orchestrator.SystemActor), refOf(in.Env), in.ID)
	return workflows.DriftResult{Status: string(r.Status), RedeployID: r.RedeployID}, classify(ctx, err)
}

// ScanResources looks at what was deployed to an environment, resources included,
// which takes as long as their drivers take.
func (a *Drift) ScanResources(ctx context.Context, in workflows.DriftScan) (workflows.DriftResult, error) {
	ctx, stop := beating(ctx)
	defer stop()
	r, err := a.Service.ScanDriftWith(orchestrator.WithActor(ctx, orchestrator.SystemActor), refOf(in.Env), in.ID, a.Resources)
	return workflows.DriftResult{Status: string(r.Status), RedeployID: r.RedeployID}, classify(ctx, err)
}

// FailDriftScan records why a scan came to nothing.
func (a *Drift) FailDriftScan(ctx context.Context, in workflows.DriftFailure) error {
	ctx, stop := beating(ctx)
	defer stop()
	return classify(ctx, a.Service.FailDriftScan(orchestrator.WithActor(ctx, orchestrator.SystemActor), refOf(in.Env), in.ID, in.Why))
}
