package workflows

import (
	"context"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// DriftType is the name of the workflow of a scan for drift.
const DriftType = "Drift"

// Names of the activities of a scan.
const (
	ScanDriftActivity = "ScanDrift"
	FailDriftActivity = "FailDriftScan"
	// ScanResourcesActivity is heavy: drivers look at what they have made.
	ScanResourcesActivity = "ScanResources"
)

// DriftInput starts a scan.
type DriftInput struct {
	Env
	ScanID string `json:"scan_id,omitempty"` // "" = one of the schedule: named by its run
}

// DriftScan names a scan of an environment.
type DriftScan struct {
	Env
	ID string `json:"id"`
	// Split says that the workflow schedules ScanResources when ScanDrift asks for it.
	Split bool `json:"split,omitempty"`
}

// DriftFailure says why a scan came to nothing.
type DriftFailure struct {
	DriftScan
	Why string `json:"why"`
}

// DriftResult is how a scan ended.
type DriftResult struct {
	Status     string `json:"status"` // clean | drifted | failed
	RedeployID string `json:"redeploy_id,omitempty"`
	// Resources asks for ScanResources: nothing was looked at yet.
	Resources bool `json:"resources,omitempty"`
}

// DriftActivities are the steps of a scan.
type DriftActivities interface {
	ScanDrift(ctx context.Context, in DriftScan) (DriftResult, error)
	ScanResources(ctx context.Context, in DriftScan) (DriftResult, error)
	FailDriftScan(ctx context.Context, in DriftFailure) error
}

// DriftWorkflowID is the id of a scan on demand.
func DriftWorkflowID(env Env, scan string) string { return "drift:" + env.String() + ":" + scan }

// DriftScheduleID is the id of the schedule of an environment, and the beginning
// of the ids of its scans.
func DriftScheduleID(env Env) string {
	return ScheduleID(Scheduled{Org: env.Org, ID: "drift." + env.App + "." + env.Env})
}

// RunDrift scans an environment. It waits, within bounds, until nothing changes
// the environment, and changes nothing itself: what brings things right is a
// deployment, which goes through the queue. A scan that cannot be done is
// recorded as failed.
func RunDrift(ctx workflow.Context, in DriftInput) (DriftResult, error) {
	scan := DriftScan{Env: in.Env, ID: in.ScanID}
	if scan.ID == "" {
		scan.ID = workflow.GetInfo(ctx).WorkflowExecution.RunID
	}
	setStatus(ctx, "scanning "+in.Env.String())
	if workflow.GetVersion(ctx, "drift-resources", workflow.DefaultVersion, 1) >= 1 {
		scan.Split = true
	}
	var result DriftResult
	err := workflow.ExecuteActivity(scanning(ctx, TaskQueue, 15*time.Minute, time.Hour, "scan "+in.Env.String()), ScanDriftActivity, scan).Get(ctx, &result)
	if err == nil && result.Resources {
		setStatus(ctx, "scanning resources of "+in.Env.String())
		look := scanning(ctx, HeavyTaskQueue, time.Hour, 2*time.Hour, "scan resources of "+in.Env.String())
		result = DriftResult{}
		err = workflow.ExecuteActivity(look, ScanResourcesActivity, scan).Get(ctx, &result)
	}
	if err == nil {
		setStatus(ctx, result.Status)
		return result, nil
	}
	why := shorten(cause(err))
	if temporal.IsCanceledError(err) {
		why = "cancelled"
	}
	clean, release := workflow.NewDisconnectedContext(ctx)
	defer release()
	failing := persistent(clean, time.Minute, 24*time.Hour, "record the failure")
	if err := workflow.ExecuteActivity(failing, FailDriftActivity, DriftFailure{DriftScan: scan, Why: why}).Get(clean, nil); err != nil {
		return DriftResult{}, err
	}
	setStatus(ctx, "failed")
	return DriftResult{Status: "failed"}, nil
}

// scanning gives the options of a step that waits for deployments, too.
func scanning(ctx workflow.Context, queue string, limit, total time.Duration, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue: queue, StartToCloseTimeout: limit, ScheduleToCloseTimeout: total, HeartbeatTimeout: HeartbeatTimeout,
		WaitForCancellation: true, Summary: summary,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: time.Second, BackoffCoefficient: 1.5, MaximumInterval: 30 * time.Second,
			NonRetryableErrorTypes: []string{ErrStepFailed, ErrPermanent},
		},
	})
}
